"""What python-telegram-bot raises → DeliveryError, by cause: certainly not sent, or perhaps arrived.

BadRequest and TimedOut are NetworkErrors to the library, so the narrow ones are asked first. Whether a network failure
came before or after the request left is told only by `__cause__`. A refusal whose body is no JSON (`__cause__` is set)
is not Telegram's word: a captive portal or a proxy stands between, and the chat is not to blame. Telegram has no error
codes but its English sentences; they are read here and nowhere else.
"""

from collections.abc import Callable
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.domain.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    MaybeSent,
    NotAllowed,
    NotSent,
    Refused,
    SlowDown,
    ThreadGone,
)

UNTOLD_WAIT = timedelta(seconds=30)  # a 429 that does not say how long

_LONGEST = 300  # of what is stored and logged: a proxy's error page may stand in it whole

_NEVER_LEFT = (
    httpx.PoolTimeout,
    httpx.ConnectTimeout,
    httpx.ConnectError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    RuntimeError,  # the client is closed: we are going down
)
_CLOSED = ("topic_closed", "topic closed", "topic is closed")
_RIGHTS = (
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "need administrator rights",
    "user_restricted",
)
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_id_invalid", "topic was deleted")
_NOT_FOUND = ("chat not found", "peer_id_invalid")  # also said while a server is confused: see ChatGone.sure
_NO_CHAT = ("user not found", "was deactivated", "was deleted", "is deactivated")
_MEANINGS: tuple[tuple[tuple[str, ...], Callable[[str], DeliveryError]], ...] = (
    (_CLOSED, lambda said: NotAllowed(said, "closed")),
    (_RIGHTS, NotAllowed),
    (_NO_THREAD, ThreadGone),
    (_NOT_FOUND, lambda said: ChatGone(said, sure=False)),
    (_NO_CHAT, ChatGone),
)
_ENTITIES = ("can't parse entities", "can't parse message text", "entities_too_long", "entity_bounds_invalid")
_UNCHANGED = ("message is not modified",)
_UNEDITABLE = (
    "message can't be edited",
    "message to edit not found",
    "message_id_invalid",
    "message is not found",
    "there is no text in the message to edit",
)


def delivery_error(error: TelegramError, secret: str = "") -> DeliveryError:
    """Ours for theirs; `secret` is taken out of its text."""
    text = (error.message.replace(secret, "[secret]") if secret else error.message)[:_LONGEST]
    if isinstance(error, ChatMigrated):
        return ChatMoved(str(error.new_chat_id))
    if isinstance(error, RetryAfter):
        return SlowDown(wait_of(error))
    if isinstance(error, Forbidden | BadRequest | InvalidToken | Conflict):
        return NotSent(text) if error.__cause__ is not None else _refusal(error, text)
    if isinstance(error, NetworkError):
        return _network(error, text)
    return MaybeSent(text)


def wait_of(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone; at least a second."""
    given = error.retry_after
    return max(given if isinstance(given, timedelta) else timedelta(seconds=given), timedelta(seconds=1))


def is_token_refused(error: TelegramError) -> bool:
    """Whether Telegram itself says that the token is none of its own."""
    return isinstance(error, InvalidToken) and error.__cause__ is None


def is_about_entities(error: TelegramError) -> bool:
    """Whether the message would be taken without its markup."""
    return isinstance(error, BadRequest) and _says(error.message, _ENTITIES)


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message shows that already."""
    return isinstance(error, BadRequest) and _says(error.message, _UNCHANGED)


def is_uneditable(error: TelegramError) -> bool:
    """Whether an edit was refused because the message is too old or gone."""
    return isinstance(error, BadRequest) and _says(error.message, _UNEDITABLE)


def _refusal(error: TelegramError, text: str) -> DeliveryError:
    if isinstance(error, InvalidToken | Conflict):
        return NotSent(text)
    for words, kind in _MEANINGS:
        if _says(text, words):
            return kind(text)
    return ChatGone(text) if isinstance(error, Forbidden) else Refused(text)


def _network(error: NetworkError, text: str) -> DeliveryError:
    if isinstance(error.__cause__, _NEVER_LEFT):
        return NotSent(text)
    if text.lower().startswith("too many requests"):
        return SlowDown(UNTOLD_WAIT)
    return MaybeSent(text)


def _says(text: str, words: tuple[str, ...]) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in words)
