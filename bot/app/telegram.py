"""Telegram wired to the desk. Imported only where a token is given."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App, Clock, Knowledge
from bot.app.webhook import webhook_secret
from bot.domain.commands import Audience, menu
from bot.domain.errors import ConfigError, StoreError, VerbatimError
from bot.domain.talk import ChannelSeen, ChatEvent, Incoming, Reply
from bot.feeds.canonical import canonical
from bot.platforms.telegram import Menu, Signboard, TelegramPlatform
from bot.ports import Store
from bot.services.desk import Desk
from bot.services.pace import Pacer
from bot.settings import Settings

log = logging.getLogger(__name__)
_SOON = timedelta(milliseconds=200)
_LISTENING = "telegram updates"  # who asks for them: Telegram lets only one
_TURN = timedelta(seconds=45)
_RENEWED = timedelta(seconds=15)
_MENUS = "telegram menus"  # which ones Telegram has


def telegram_platform(
    settings: Settings, knowledge: Knowledge, clock: Clock, pacer: Pacer, store: Store
) -> TelegramPlatform:
    """The platform of the token in the settings."""
    if settings.telegram_bot_token is None:
        raise ConfigError("TELEGRAM_BOT_TOKEN", "is not set", "copy it from @BotFather")
    return TelegramPlatform(
        settings.telegram_bot_token.get_secret_value(),
        knowledge.texts,
        knowledge.names,
        clock.now,
        clock.pause,
        api_url=settings.telegram_api_url,
        signboard=_signboard(knowledge, store),
        pacer=pacer,
    )


def _signboard(knowledge: Knowledge, store: Store) -> Signboard:
    """The menus of commands: French for everybody, English where the client speaks it."""

    async def recall() -> str:
        return await store.recall(_MENUS)

    async def remember(mark: str) -> None:
        await store.note(_MENUS, mark)

    everybody: tuple[Audience, ...] = ("everybody",)
    admins: tuple[Audience, ...] = ("everybody", "admins")
    menus: list[Menu] = []
    for language, texts in knowledge.texts.items():
        code = "" if language == "fr" else language
        menus.append(Menu("default", code, menu(texts, admins)))
        menus.append(Menu("groups", code, menu(texts, everybody)))
        menus.append(Menu("admins", code, menu(texts, admins)))
    return Signboard(tuple(menus), recall, remember)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The running bot: what people say goes to the desk, and its answers back."""

    app: App
    telegram: TelegramPlatform
    desk: Desk

    async def listen(self, stop: asyncio.Event) -> None:
        """Answer people until stopped; of several programs on one database, one at a time polls for what they say.

        By webhook all of them do. Raises ConfigError for a token that Telegram does not know.
        """
        if url := self.app.settings.telegram_webhook_url:
            secret = webhook_secret(self.app.settings)
            await self.telegram.be_called(self._hear, self._on_event, stop, url=url, secret=secret)
            return
        mine = False
        while not stop.is_set():
            mine = await self._takes_turn(held=mine)
            if mine:
                await self._listen_in_turn(stop)
            else:
                await _either(stop, _RENEWED)

    async def _listen_in_turn(self, stop: asyncio.Event) -> None:
        ended = asyncio.Event()
        listening = asyncio.create_task(self.telegram.listen(self._hear, self._on_event, ended))
        try:
            while not listening.done() and not stop.is_set() and await self._takes_turn(held=True):
                await _either(stop, _RENEWED, listening)
        finally:
            ended.set()
            await listening
            with suppress(StoreError):
                await self.app.store.release(_LISTENING, self.app.clock.now())

    async def _takes_turn(self, *, held: bool) -> bool:
        try:
            return await self.app.store.lease(_LISTENING, self.app.clock.now(), _TURN)
        except StoreError as error:
            log.error("%s", error)  # noqa: TRY400 (one clear line is what the owner needs)
            return held  # people are answered as soon as the database is back

    async def introduce(self, say: Callable[[str], None]) -> None:
        """Tell the owner how to reach the bot, once Telegram has told us our name."""
        while not self.telegram.username:
            await self.app.clock.pause(_SOON)
        name = self.telegram.username
        token = await self.desk.owner_link_token(self.app.clock.now())
        say(f"Telegram: https://t.me/{name}")
        if token:
            say(f"Open this link once to become the owner: https://t.me/{name}?start={token}")

    async def _hear(self, incoming: Incoming) -> Sequence[Reply]:
        try:
            return await self.desk.hear(incoming, self.app.clock.now())
        except VerbatimError as error:
            log.error("desk: %s", error)  # noqa: TRY400 (one clear line is what the owner needs)
            texts = self.app.knowledge.texts["en" if incoming.sender.language.startswith("en") else "fr"]
            return (Reply(lines=(texts("desk.trouble"),)),)

    async def _on_event(self, event: ChatEvent | ChannelSeen) -> Sequence[Reply] | None:
        now = self.app.clock.now()
        if isinstance(event, ChannelSeen):
            return await self.desk.channel_seen(event, now)
        await self.desk.on_event(event, now)
        return None


def open_conversation(app: App) -> Conversation:
    """The desk of this app on Telegram."""
    telegram, settings = app.platforms["telegram"], app.settings
    if not isinstance(telegram, TelegramPlatform):
        raise ConfigError("TELEGRAM_BOT_TOKEN", "is not set", "copy it from @BotFather")
    desk = Desk(
        store=app.store,
        newsdesk=app.newsdesk,
        topics=app.knowledge.catalog.topics,
        texts=app.knowledge.texts,
        is_admin=telegram.is_admin,
        make_token=lambda: secrets.token_urlsafe(16),
        rules=lambda: app.rulebook.rules,
        canonical=canonical,
        access=settings.access,
        owners=frozenset(settings.owner_ids),
        timezone=settings.timezone,
        max_topics=settings.max_topics_per_chat,
        scout=app.scout,
        bot_name=lambda _platform: telegram.username,
        link=lambda _platform, token: f"https://t.me/{telegram.username}?start={token}",
    )
    return Conversation(app, telegram, desk)


async def _stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def _either(stop: asyncio.Event, length: timedelta, *tasks: asyncio.Task[None]) -> None:
    """Wait so long, or until we are stopped or one of the tasks ends."""
    stopping = asyncio.create_task(_stopped(stop))
    await asyncio.wait({stopping, *tasks}, timeout=length.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
