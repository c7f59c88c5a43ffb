"""Messages and edits to Telegram: every failure is a DeliveryError, and the token is in none of them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    ChatMember,
    ChatMemberRestricted,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bot.domain.errors import ChatGone, DeliveryError, MaybeSent, Refused
from bot.domain.model import Chat
from bot.domain.talk import Document
from bot.platforms.telegram.failures import delivery_error, is_about_entities, is_unchanged, is_uneditable
from bot.platforms.telegram.markup import plain
from bot.platforms.telegram.replies import Rows
from bot.platforms.telegram.wire import Wire

T = TypeVar("T")

_OUTSIDE = frozenset({ChatMember.LEFT, ChatMember.BANNED})
GENERAL = "1"  # the thread that every forum has and that nobody may name
# What the library raises when a 200 holds JSON that is no Bot API answer.
_NO_ANSWER = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Courier:
    """Sends and edits through one wire."""

    wire: Wire

    async def send(self, chat: Chat, html: str, rows: Rows = (), *, silent: bool = False, preview: bool = False) -> str:
        """Send one message; its id. Raises DeliveryError and nothing else."""
        where: dict[str, Any] = {"chat_id": _number(chat.id), "disable_notification": silent or None}
        if chat.thread and chat.thread != GENERAL:
            where["message_thread_id"] = int(chat.thread)
        return await self._translated(self._send(where, html, rows, preview=preview))

    async def give(self, chat: Chat, file: Document) -> str:
        """Send a file; the message's id. Raises DeliveryError and nothing else."""
        thread = int(chat.thread) if chat.thread and chat.thread != GENERAL else None
        return await self._translated(self._give(_number(chat.id), thread, file))

    async def reaches(self, chat: Chat) -> bool:
        """Whether the chat takes messages, so far as is known without sending one. DeliveryError where nobody knows."""
        try:
            return await self._translated(self._look(chat))
        except (ChatGone, Refused):
            return False

    async def edit(self, chat: Chat, message_id: str, html: str, rows: Rows = ()) -> bool:
        """Make a message show this; False where it cannot be edited any more. Raises DeliveryError and nothing else."""
        where: dict[str, Any] = {"chat_id": _number(chat.id), "message_id": int(message_id)}
        return await self._translated(self._edit(where, html, rows))

    async def _look(self, chat: Chat) -> bool:
        """Of a person only « typing », hardly seen, tells whether we are blocked; of the others, what we are there."""
        bot = self.wire.bot
        if not chat.id.startswith("-"):
            return await bot.send_chat_action(_number(chat.id), ChatAction.TYPING)
        me = await bot.get_chat_member(_number(chat.id), int(bot.token.partition(":")[0]))
        return me.is_member if isinstance(me, ChatMemberRestricted) else me.status not in _OUTSIDE

    async def _send(self, where: dict[str, Any], html: str, rows: Rows, *, preview: bool) -> str:
        try:
            message = await self.wire.bot.send_message(**where, **_content(html, rows, preview=preview))
        except TelegramError as error:
            if not is_about_entities(error):
                raise
            message = await self.wire.bot.send_message(**where, **_content(plain(html), rows, parse_mode=None))
        return str(message.message_id)

    async def _give(self, chat: int | str, thread: int | None, file: Document) -> str:
        content = InputFile(file.content, file.name)
        return str((await self.wire.bot.send_document(chat, content, message_thread_id=thread)).message_id)

    async def _edit(self, where: dict[str, Any], html: str, rows: Rows) -> bool:
        try:
            await self._edit_once(where, _content(html, rows))
        except TelegramError as error:
            if is_uneditable(error):
                return False
            if is_about_entities(error):
                await self._edit_once(where, _content(plain(html), rows, parse_mode=None))
            elif not is_unchanged(error):
                raise
        return True

    async def _edit_once(self, where: dict[str, Any], content: dict[str, Any]) -> Message | bool:
        return await self.wire.bot.edit_message_text(**where, **content)

    async def _translated(self, doing: Awaitable[T]) -> T:
        failure: DeliveryError
        try:
            return await doing
        except TelegramError as error:
            failure = delivery_error(error, self.wire.bot.token)
        except _NO_ANSWER as error:
            failure = MaybeSent(f"an answer that is none of the Bot API ({type(error).__name__})")
        # Outside of the handlers, so that the library's exception, which may hold the address, is not chained to ours.
        raise failure


def _content(
    html: str, rows: Rows, parse_mode: str | None = ParseMode.HTML, *, preview: bool = False
) -> dict[str, Any]:
    return {
        "text": html,
        "parse_mode": parse_mode,
        "link_preview_options": LinkPreviewOptions(is_disabled=not preview),
        "reply_markup": _markup(rows),
    }


def _markup(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.label, url=button.url or None, callback_data=button.data or None)
                for button in row
            ]
            for row in rows
        ]
    )


def _number(chat: str) -> int | str:
    """Ids are numbers; a public channel may be named « @name »."""
    return int(chat) if chat.lstrip("-").isdecimal() else chat
