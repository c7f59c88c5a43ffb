"""The local chat wired to the desk: the person at the page is the owner, and speaks for the one chat there is."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import LOCAL_CHAT, App
from bot.domain.commands import COMMANDS
from bot.domain.errors import VerbatimError
from bot.domain.model import Subscription
from bot.domain.talk import Incoming, Place, Reply, Said, Sender, Upload
from bot.domain.texts import Texts
from bot.feeds.canonical import canonical
from bot.platforms.local import LocalPlatform
from bot.platforms.local.bubble import Look, bubble
from bot.platforms.local.chat_page import LONGEST, Link, chat_page
from bot.platforms.local.replies import Shown, render_reply
from bot.platforms.local.talk import News, Talk
from bot.services.compose import DAY, brief_of
from bot.services.desk import Desk
from bot.web.chat import ChatDoor, NotTaken

log = logging.getLogger(__name__)

PERSON = "1"
PATIENCE = timedelta(seconds=5)  # then a page gets a sign of life, and what another process said
MOST_WAITING = 30  # words and presses that wait for their answer
_NAMES = frozenset(name for spec in COMMANDS if spec.served for name in (spec.name, spec.french))


@dataclass(slots=True)
class LocalConversation:
    """The chat of the page. What comes is answered in its order."""

    app: App
    talk: Talk
    desk: Desk
    links: Sequence[tuple[str, str]] = ()  # other pages: address, key of its name
    _entry: asyncio.Lock = field(default_factory=asyncio.Lock)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    @property
    def door(self) -> ChatDoor:
        """The chat as its routes see it."""
        return ChatDoor(self.page, self.say, self.press, self.news, self.file)

    async def page(self) -> str:
        """The page with all that was said."""
        look = await self._look()
        links = [Link(address, look.texts(key)) for address, key in self.links]
        return chat_page(await self.talk.news(0), look, links)

    async def news(self, version: int) -> AsyncIterator[tuple[int, Mapping[str, object]] | None]:
        """What is beyond a version, as it comes; None where nothing does for a while. Ends when the talk is closed."""
        while not self.talk.closed:
            news = await self.talk.awaited(version, PATIENCE)
            version = news.version
            yield (version, _told(news, await self._look())) if news.messages else None

    async def say(self, words: str, language: str, file: tuple[str, bytes] | None = None) -> str:
        """Answer what was typed, or the file that was sent with it. Raises NotTaken."""
        async with AsyncExitStack() as stack:
            async with self._entry:  # what came first is said and answered first
                texts, now = (await self._look()).texts, self.app.clock.now()
                if len(words) > LONGEST:
                    raise NotTaken(413, texts("chat.too_long"))
                stack.enter_context(self._queued(texts))
                shown = "\n".join(part for part in (f"📎 {file[0]}" if file else "", words) if part)
                await self.talk.say(Said(shown, now, mine=True))
            upload = _upload(*file) if file else None
            sender = Sender(PERSON, language=language)
            return await self._answer(Incoming(_PLACE, sender, now, text=words, file=upload), 0)

    async def file(self, message: int) -> tuple[str, bytes] | None:
        """The file that came with a message: its name and what it holds; None where there is none."""
        said = await self.app.store.said(message)
        return (said.file.name, said.file.content) if said and said.file else None

    async def press(self, message: int, data: str, language: str) -> str:
        """Answer a press; the toast, "" where the answer is in the conversation. Raises NotTaken."""
        texts = (await self._look()).texts
        if await self.app.store.said(message) is None:
            return texts("access.stale")
        sender, now = Sender(PERSON, language=language), self.app.clock.now()
        with self._queued(texts):
            return await self._answer(Incoming(_PLACE, sender, now, press=data, message_id=str(message)), message)

    @contextmanager
    def _queued(self, texts: Texts) -> Iterator[None]:
        if self._waiting >= MOST_WAITING:
            raise NotTaken(429, texts("chat.busy"))
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _answer(self, incoming: Incoming, pressed: int) -> str:
        async with self._turn:
            try:
                replies = await self.desk.hear(incoming, self.app.clock.now())
            except VerbatimError as error:
                log.error("desk: %s", error)  # noqa: TRY400 (one clear line is what the owner needs)
                replies = (Reply(lines=((await self._look()).texts("desk.trouble"),)),)
            except Exception:
                # A bug in one answer must not leave the person without one; it is a bug, so it is shown whole.
                log.exception("an answer failed")
                replies = (Reply(lines=((await self._look()).texts("desk.trouble"),)),)
            knowledge = self.app.knowledge
            return await self._show([render_reply(r, knowledge.texts, knowledge.names) for r in replies], pressed)

    async def _show(self, answers: Sequence[Shown], pressed: int) -> str:
        """Put the answers into the conversation, the first that edits in place of the message pressed; the toast."""
        for shown in answers:
            for number, body in enumerate(shown.bodies, start=1):
                rows = shown.rows if number == len(shown.bodies) else ()
                now = self.app.clock.now()
                last = number == len(shown.bodies)
                if shown.edits and pressed and await self.talk.edit(pressed, body, rows, now):
                    pressed = 0
                else:
                    await self.talk.say(Said(body, now, rows=rows, file=shown.file if last else None))
        return next((shown.toast for shown in answers if shown.toast), "")

    async def _look(self) -> Look:
        chosen = await self.app.store.subscription(LOCAL_CHAT)
        texts = self.app.knowledge.texts[chosen.language if chosen else "fr"]
        return Look(texts, chosen.timezone if chosen else self.app.settings.timezone, _NAMES)


_PLACE = Place(LOCAL_CHAT)


def open_local(app: App, links: Sequence[tuple[str, str]] = ()) -> LocalConversation | None:
    """The chat of this app; None where it has none. Its person is the owner: the page asked for the token."""
    platform = app.platforms.get("local")
    if not isinstance(platform, LocalPlatform) or platform.talk is None:
        return None
    settings, alone = app.settings, set(app.platforms) == {"local"}
    desk = Desk(
        store=app.store,
        newsdesk=app.newsdesk,
        topics=app.knowledge.catalog.topics,
        texts=app.knowledge.texts,
        is_admin=_always,
        make_token=lambda: secrets.token_urlsafe(16),
        rules=lambda: app.rulebook.rules,
        canonical=canonical,
        access="open" if alone else settings.access,  # invitations are for the other platforms
        owners=frozenset({*settings.owner_ids, f"{LOCAL_CHAT.platform}:{PERSON}"}),
        timezone=settings.timezone,
        max_topics=settings.max_topics_per_chat,
        scout=app.scout,
        link=lambda _platform, token: _telegram_link(app, token),
    )
    return LocalConversation(app, platform.talk, desk, links)


async def greet(app: App, subscription: Subscription, now: datetime) -> None:
    """A digest at the start: on the day's first one in the chat too, later only in the terminal, as the chat has it."""
    begun = now.astimezone(ZoneInfo(subscription.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    first = await app.store.take_turn(LOCAL_CHAT, "greeting", now, now - begun)
    platform = app.platforms.get("local")
    if first and not subscription.resting:
        await app.newsdesk.compose_now(subscription, now)
        await app.post.drain()
    elif isinstance(platform, LocalPlatform):
        digest = await app.newsdesk.widest(brief_of(subscription, subscription.last_digest_at or now - DAY, now))
        with suppress(OSError):  # nobody reads the terminal
            for body in platform.render(digest):
                await platform.print(body)


def _telegram_link(app: App, token: str) -> str:
    """What an invitation opens, once the bot knows its name on Telegram."""
    name = getattr(app.platforms.get("telegram"), "username", "")
    return f"https://t.me/{name}?start={token}" if name else ""


def _upload(name: str, content: bytes) -> Upload:
    async def read() -> bytes:
        return content

    return Upload(name, len(content), read)


async def _always(_place: Place, _sender: Sender) -> bool:
    return True


def _told(news: News, look: Look) -> Mapping[str, object]:
    return {
        "version": news.version,
        "first": news.first,
        "language": look.texts.language,
        "messages": [bubble(said, look) for said in news.messages],
    }
