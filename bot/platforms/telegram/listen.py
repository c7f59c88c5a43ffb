"""Long polling: updates in, confirmed once they were dealt with, until somebody stops us.

Updates of one chat are taken in order, those of different chats side by side. The next request confirms what came
before, so it waits for the answers under way, though not longer than PATIENCE: a crash repeats a quick command rather
than forgetting it, and a slow one delays nobody.

Telegram's refusals end nothing but the very first start with a token that it does not know: a captive portal, a second
program with our token or an hour without network are waited out, ever more slowly, and shown as `trouble`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Update
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.domain.errors import ConfigError, StoreError
from bot.platforms.telegram.answer import Answerer
from bot.platforms.telegram.failures import is_token_refused, wait_of
from bot.platforms.telegram.menus import Signboard
from bot.platforms.telegram.wire import Raw, Wire

log = logging.getLogger(__name__)

PATIENCE = timedelta(milliseconds=100)  # for answers under way before the next request: others are waiting
GRACE = timedelta(seconds=10)  # … and before we end
MOST_AT_ONCE = 200  # answers under way; with more, nothing further is asked for
ALARM = 3  # failures in a row before the owner is told

_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(seconds=30)
_TOKEN_WAIT = timedelta(minutes=1)
_LONGEST_TOKEN_WAIT = timedelta(minutes=10)
_CONFLICT_WAIT = timedelta(seconds=5)

T = TypeVar("T")


@dataclass(slots=True)
class Listener:
    """One bot's ear: who we are once Telegram has said so, and what stands between us and it ("" when nothing does)."""

    wire: Wire
    signboard: Signboard | None = None
    trouble: str = ""
    username: str = ""
    bot_id: int = 0
    _failures: int = 0
    _wait: timedelta = _FIRST_WAIT
    _tails: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, answerer: Answerer, stop: asyncio.Event) -> None:
        """Take updates until stopped. ConfigError if Telegram does not know the token of a bot that never worked."""
        if not await self.introduce(answerer, stop):
            return
        offset = 0
        try:
            await self.unless(stop, self._prepare())
            while not stop.is_set():
                updates = await self._ask(offset, answerer, stop)
                for raw in updates:
                    self.begin(raw, answerer)
                    offset = raw["update_id"] + 1
                if updates:
                    await self._settled(stop)
        finally:
            await self.finish()
        if offset:
            await self._confirm(offset)

    async def introduce(self, answerer: Answerer, stop: asyncio.Event) -> bool:
        """Learn our own name; False when stopped before Telegram said it."""
        while not stop.is_set() and not self.username:
            try:
                me = await self.unless(stop, self.wire.bot.get_me())
            except TelegramError as error:
                if is_token_refused(error):
                    raise ConfigError(
                        "TELEGRAM_BOT_TOKEN", "Telegram does not know this token", "copy the one that @BotFather gave"
                    ) from None
                await self.unless(stop, answerer.clock.pause(self.failed(error)))
            else:
                if me is not None:
                    self.worked()
                    self.bot_id, self.username = me.id, me.username or ""
        return bool(self.username)

    def begin(self, raw: Raw, answerer: Answerer) -> None:
        """Start to deal with one update, after the earlier ones of its chat."""
        try:
            update = Update.de_json(dict(raw), self.wire.bot)
        except Exception as error:  # noqa: BLE001 (whatever the library makes of an object that it does not know)
            # Not its content: it may be anybody's words.
            log.warning("update %s cannot be read: %s", raw.get("update_id"), type(error).__name__)
            return
        chat = update.effective_chat.id if update.effective_chat else 0
        task = asyncio.ensure_future(self._after(self._tails.get(chat), answerer.take(update, self.username)))
        self._tails[chat] = task
        self._busy.add(task)
        task.add_done_callback(lambda done: self._forget(chat, done))

    @property
    def crowded(self) -> bool:
        """Whether so many answers are under way that nothing further is to be taken."""
        return len(self._busy) > MOST_AT_ONCE

    async def finish(self) -> None:
        """Let the answers under way end, within GRACE."""
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=GRACE.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _after(self, before: asyncio.Task[None] | None, taking: Coroutine[Any, Any, None]) -> None:
        try:
            if before is not None:
                await asyncio.wait({before})
        except asyncio.CancelledError:
            taking.close()
            raise
        await taking

    def _forget(self, chat: int, done: asyncio.Task[None]) -> None:
        self._busy.discard(done)
        if self._tails.get(chat) is done:
            del self._tails[chat]

    # --- the loop ------------------------------------------------------------------------------------------------

    async def _prepare(self) -> None:
        """A webhook of earlier days would keep updates from us; menus are set if they have changed."""
        try:
            await self.wire.bot.delete_webhook()
        except TelegramError as error:
            log.warning("a webhook of earlier days could not be taken down now: %s", type(error).__name__)
        await self.put_up_menus()

    async def put_up_menus(self) -> None:
        """Set the menus of commands if they have changed; in vain, it is tried at the next start."""
        try:
            if self.signboard and await self.signboard.put_up(self.wire, self.bot_id):
                log.info("the menus of commands were set")
        except (TelegramError, StoreError) as error:
            log.warning("the menus of commands could not be set now: %s", type(error).__name__)

    async def _ask(self, offset: int, answerer: Answerer, stop: asyncio.Event) -> Sequence[Raw]:
        try:
            updates = await self.unless(stop, self.wire.updates(offset))
        except TelegramError as error:
            await self.unless(stop, answerer.clock.pause(self.failed(error)))
            return ()
        if updates is None:  # stopped: nothing is known
            return ()
        self.worked()
        return updates

    async def _settled(self, stop: asyncio.Event) -> None:
        if self._busy:
            await self.unless(stop, asyncio.wait(set(self._busy), timeout=PATIENCE.total_seconds()))
        while self.crowded and not stop.is_set():
            some = asyncio.wait(set(self._busy), return_when=asyncio.FIRST_COMPLETED)
            await self.unless(stop, some)

    async def _confirm(self, offset: int) -> None:
        """Tell Telegram what was dealt with, so that the next start does not do it again."""
        try:
            await asyncio.wait_for(self.wire.updates(offset, wait=0), GRACE.total_seconds())
        except (TelegramError, TimeoutError) as error:
            log.warning("the last updates could not be confirmed: %s", type(error).__name__)

    async def unless(self, stop: asyncio.Event, doing: Awaitable[T]) -> T | None:
        """The result, or None as soon as we are stopped."""
        task, stopped = asyncio.ensure_future(doing), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            stopped.cancel()
            task.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    # --- trouble -------------------------------------------------------------------------------------------------

    def worked(self) -> None:
        """Telegram answered: whatever stood between is over."""
        if self.trouble:
            log.warning("Telegram answers again")
        self.trouble, self._failures, self._wait = "", 0, _FIRST_WAIT

    def failed(self, error: TelegramError) -> timedelta:
        """How long to wait now; from the third failure in a row on, the owner is told once."""
        self._failures += 1
        if is_token_refused(error):
            wait, trouble = self._grown(_TOKEN_WAIT, _LONGEST_TOKEN_WAIT), "Telegram refuses TELEGRAM_BOT_TOKEN"
        elif isinstance(error, RetryAfter):
            return wait_of(error)
        elif isinstance(error, Conflict):
            wait = _CONFLICT_WAIT
            trouble = "another program receives updates with the same TELEGRAM_BOT_TOKEN"
        else:
            wait, trouble = self._grown(_FIRST_WAIT, _LONGEST_WAIT), f"no answer from Telegram ({type(error).__name__})"
        if self._failures >= ALARM or is_token_refused(error):
            if self.trouble != trouble:
                log.error("%s", trouble)
            self.trouble = trouble
        return wait

    def _grown(self, first: timedelta, longest: timedelta) -> timedelta:
        wait = max(first, min(self._wait, longest))
        self._wait = min(wait * 2, longest)
        return wait
