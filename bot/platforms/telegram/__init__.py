"""Telegram, through python-telegram-bot. Imported only where a token is given.

    updates   wire → receive (what is meant for us) → answer (press answered, core asked) → replies → send
    digests   render (cut between stories) … outbox … send (every failure a DeliveryError, by cause: failures)

What is decided here: HTML with four tags, escaped in markup and nowhere else; no link previews; our own loop around the
library's request (why: wire); a press is answered within a second whatever it leads to.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.model import Chat, Digest, OutgoingMessage, Receipt
from bot.domain.talk import Notice, Place, Sender
from bot.domain.texts import Texts
from bot.platforms.telegram.answer import Answerer, Clock, Hear, OnEvent, Pause, Voice
from bot.platforms.telegram.hook import Hook
from bot.platforms.telegram.listen import Listener
from bot.platforms.telegram.markup import clean, html_of_text
from bot.platforms.telegram.menus import Menu, Signboard
from bot.platforms.telegram.render import render_digest
from bot.platforms.telegram.replies import keyboard
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.send import Courier
from bot.platforms.telegram.wire import OFFICIAL, Raw, open_wire
from bot.services.pace import Pacer

__all__ = ["Menu", "Signboard", "TelegramPlatform"]


@dataclass(slots=True)
class TelegramPlatform:
    """One bot on Telegram. Making one asks nothing; `listen` or the first message does."""

    token: str = field(repr=False)
    texts: Mapping[str, Texts]
    names: Mapping[str, Mapping[str, str]]  # language → topic → name
    now: Callable[[], datetime]
    pause: Pause
    api_url: str = OFFICIAL
    signboard: Signboard | None = None
    pacer: Pacer | None = None  # told of every reply: they count as messages, too
    name: str = "telegram"
    _courier: Courier = field(init=False, repr=False)
    _rights: Rights = field(init=False, repr=False)
    _listener: Listener = field(init=False, repr=False)
    _called: Answerer | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        wire = open_wire(self.token, self.api_url)
        self._courier, self._rights = Courier(wire), Rights(wire)
        self._listener = Listener(wire, self.signboard)

    @property
    def trouble(self) -> str:
        """What stands between us and Telegram, for /health; "" when nothing does."""
        return self._listener.trouble

    @property
    def username(self) -> str:
        """Our own name, for links to us; "" before Telegram has said it."""
        return self._listener.username

    def render(self, digest: Digest) -> tuple[str, ...]:
        """The digest as messages in Telegram's HTML."""
        return render_digest(digest, self.texts[digest.language], self.names[digest.language])

    def render_notice(self, notice: Notice) -> str:
        """The line in Telegram's HTML."""
        return html_of_text(self.texts[notice.language](f"notice.{notice.kind}", title=clean(notice.title)))

    async def send(self, message: OutgoingMessage, now: datetime) -> Receipt:
        """Deliver one rendered message. Raises DeliveryError and nothing else."""
        try:
            rows = keyboard(message.buttons)
        except ValueError as error:
            raise Refused(str(error)) from error
        silent, preview = not message.sound, message.previews
        sent = await self._courier.send(message.chat, message.body, rows, silent=silent, preview=preview)
        return Receipt(sent, now)

    async def reachable(self, chat: Chat) -> bool:
        """Whether the chat takes messages, without sending one. Raises DeliveryError where nobody can say."""
        return await self._courier.reaches(chat)

    async def is_admin(self, place: Place, sender: Sender) -> bool:
        """Whether this person may change the settings of this chat."""
        return await self._rights.is_admin(place, sender, self.now())

    async def listen(self, hear: Hear, on_event: OnEvent, stop: asyncio.Event) -> None:
        """Poll until `stop`; then what is under way ends, and what was taken is confirmed.

        Raises ConfigError when Telegram does not know the token of a bot that has not worked since we started.
        """
        await self._listener.listen(self._answerer(hear, on_event), stop)

    async def be_called(self, hear: Hear, on_event: OnEvent, stop: asyncio.Event, *, url: str, secret: str) -> None:
        """Instead of `listen`: have Telegram call `url` until `stop`; what it brings there goes to `take`.

        Raises ConfigError when Telegram knows no such token, or does not take the address.
        """
        answerer = self._answerer(hear, on_event)
        if await self._listener.introduce(answerer, stop):
            self._called = answerer
            await Hook(self._listener, url, secret).keep(answerer, stop)

    def take(self, update: Raw) -> bool:
        """Deal with an update that came by webhook, in its own time; False where it has to come again."""
        if self._called is None or self._listener.crowded:
            return False
        self._listener.begin(update, self._called)
        return True

    async def close(self) -> None:
        """Let answers under way end, and close all connections."""
        await self._listener.finish()
        await self._courier.wire.close()

    def _answerer(self, hear: Hear, on_event: OnEvent) -> Answerer:
        voice = Voice(self.texts, self.names, self.pacer)
        return Answerer(self._courier, voice, Clock(self.now, self.pause), hear, on_event)
