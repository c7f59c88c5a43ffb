"""What an update leads to: it is heard, its press is answered once and first, and the core's reply is shown.

Nothing that goes wrong here ends more than the one answer: a bug is one traceback in the log, a chat that is gone is
told to the core, and the person never sees a button that keeps turning.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from telegram import Update
from telegram.error import TelegramError

from bot.domain.errors import ChatGone, ChatMoved, DeliveryError, NotSent, SlowDown, ThreadGone, VerbatimError
from bot.domain.model import Chat
from bot.domain.talk import ChannelSeen, ChatEvent, Document, Incoming, Reply
from bot.domain.texts import Texts
from bot.platforms.telegram.markup import html_of_text
from bot.platforms.telegram.receive import PLATFORM, read_update
from bot.platforms.telegram.replies import Rows, Shown, render_reply
from bot.platforms.telegram.send import Courier
from bot.services.pace import Pacer

log = logging.getLogger(__name__)

Hear = Callable[[Incoming], Awaitable[Sequence[Reply]]]
OnEvent = Callable[[ChatEvent | ChannelSeen], Awaitable[Sequence[Reply] | None]]
Pause = Callable[[timedelta], Awaitable[None]]

AT_ONCE = timedelta(seconds=1)  # the latest that a press is answered, whatever it leads to
_SHORT_WAIT = timedelta(seconds=30)  # longer, and the person has gone on
_SOON = timedelta(seconds=1)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and how to wait; app's own."""

    now: Callable[[], datetime]
    pause: Pause


@dataclass(frozen=True, slots=True)
class Voice:
    """What replies are written with: texts by language, names of topics by language, and the pace of the whole."""

    texts: Mapping[str, Texts]
    names: Mapping[str, Mapping[str, str]]
    pacer: Pacer | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Takes one update at a time from the loop or the webhook; any number may be under way."""

    courier: Courier
    voice: Voice
    clock: Clock
    hear: Hear
    on_event: OnEvent

    async def take(self, update: Update, username: str) -> None:
        """Do all that an update asks for; a bug in there is logged and ends here."""
        try:
            heard = read_update(update, username, self.clock.now())
            if update.callback_query:
                await self._press(update.callback_query.id, heard[0] if heard else None)
                return
            for one in heard:
                await self._hear(one)
        except VerbatimError as error:
            log.error("an update could not be answered: %s", error)  # noqa: TRY400 (one clear line is what the owner needs)
        except Exception:
            # The next update is somebody else's.
            log.exception("an update could not be answered")

    async def _hear(self, heard: Incoming | ChatEvent | ChannelSeen) -> None:
        if isinstance(heard, Incoming):
            replies, chat = await self.hear(heard), heard.place.chat
        else:
            replies, chat = await self.on_event(heard) or (), _told(heard)
        for shown in self._rendered(replies):
            await self._say(chat, shown)

    # --- presses -------------------------------------------------------------------------------------------------

    async def _press(self, query: str, heard: object) -> None:
        """Answer the press, with a toast if the core has one soon; then show the replies, the first that edits in
        place of the message pressed.
        """
        if not isinstance(heard, Incoming):
            await self._answer(query, "")
            return
        hearing = asyncio.ensure_future(self.hear(heard))
        shown: list[Shown] | None = None
        try:
            await asyncio.wait({hearing}, timeout=AT_ONCE.total_seconds())
            if hearing.done():
                shown = self._rendered(hearing.result())
        except asyncio.CancelledError:
            hearing.cancel()
            raise
        finally:
            # Also where the core failed, or we are stopped: a button must not keep turning.
            await self._answer(query, next((one.toast for one in shown or () if one.toast), ""))
        if shown is None:
            shown = [_late(one) for one in self._rendered(await hearing)]
        edited = heard.message_id
        for one in shown:
            await self._say(heard.place.chat, one, edited if one.edits else "")
            edited = "" if one.edits else edited

    def _rendered(self, replies: Sequence[Reply]) -> list[Shown]:
        return [render_reply(reply, self.voice.texts, self.voice.names) for reply in replies]

    async def _answer(self, query: str, toast: str) -> None:
        try:
            await self.courier.wire.bot.answer_callback_query(query, text=toast or None)
        except TelegramError as error:
            # Too old, pressed long before a restart, or the network: the reply itself matters more.
            log.info("a press could not be answered: %s", type(error).__name__)

    # --- replies -------------------------------------------------------------------------------------------------

    async def _say(self, chat: Chat, shown: Shown, edited: str = "") -> None:
        """Show it in this chat: the first message in place of `edited`, the keyboard under the last, then the file."""
        for number, body in enumerate(shown.bodies, start=1):
            rows = shown.rows if number == len(shown.bodies) else ()
            now_in = await self._tried(chat, partial(self._show, body, rows, edited if number == 1 else ""))
            if now_in is None:
                return
            chat = now_in
        if shown.file:
            await self._tried(chat, partial(self._give, shown.file))

    async def _show(self, body: str, rows: Rows, edited: str, chat: Chat) -> None:
        if not edited or not await self.courier.edit(chat, edited, body, rows):
            await self.courier.send(chat, body, rows)
            self._count(chat)

    async def _give(self, file: Document, chat: Chat) -> None:
        await self.courier.give(chat, file)
        self._count(chat)

    async def _tried(self, chat: Chat, sending: Callable[[Chat], Awaitable[None]]) -> Chat | None:
        """Send or edit, and once or twice more where nothing was sent; the chat it is now in, None if in vain."""
        for _ in range(_TRIES):
            try:
                await sending(chat)
            except DeliveryError as error:
                again = await self._again(chat, error)
                if again is None:
                    log.info("an answer was not delivered: %s", type(error).__name__)
                    return None
                chat = again
            else:
                return chat
        return None

    async def _again(self, chat: Chat, error: DeliveryError) -> Chat | None:
        """Where to try once more, after what the failure asks for; None where that would be wrong."""
        if isinstance(error, ChatMoved):
            await self.on_event(ChatEvent("moved", replace(chat, thread=""), error.new_chat_id))
            return Chat(PLATFORM, error.new_chat_id)
        if isinstance(error, ChatGone):
            await self.on_event(ChatEvent("gone", replace(chat, thread="")))
            return None
        if isinstance(error, SlowDown):
            return await self._slowed(chat, error)
        if isinstance(error, NotSent):
            await self.clock.pause(_SOON)
            return chat
        # A thread that is gone: its people are in the chat. All else was refused, or may have arrived.
        return replace(chat, thread="") if isinstance(error, ThreadGone) and chat.thread else None

    async def _slowed(self, chat: Chat, error: SlowDown) -> Chat | None:
        if self.voice.pacer:
            self.voice.pacer.slowed(chat.id, error.retry_after, self.clock.now())
        if error.retry_after > _SHORT_WAIT:
            return None
        await self.clock.pause(error.retry_after)
        return chat

    def _count(self, chat: Chat) -> None:
        if self.voice.pacer:
            self.voice.pacer.sent(chat.id, self.clock.now())


def _late(shown: Shown) -> Shown:
    """What can still be shown when the press is answered already: of a toast alone, its words as a message."""
    return shown if shown.bodies or not shown.toast else replace(shown, bodies=(html_of_text(shown.toast),))


def _told(heard: ChatEvent | ChannelSeen) -> Chat:
    """Where an answer to an event belongs: what happens in a channel is told to its administrator in private."""
    if isinstance(heard, ChannelSeen):
        return heard.place.chat
    if heard.chat_kind == "channel" and heard.by:
        return Chat(PLATFORM, heard.by.id)
    return Chat(PLATFORM, heard.new_id) if heard.new_id else heard.chat
