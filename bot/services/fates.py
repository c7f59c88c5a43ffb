"""What becomes of a message that was not delivered. Decides only: the post acts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    MaybeSent,
    NotAllowed,
    Refused,
    SlowDown,
    ThreadGone,
)
from bot.domain.model import MessageState, OutgoingMessage

OnAmbiguous = Literal["retry", "drop"]

_HOLD = timedelta(hours=24)  # where we may not write: rights were taken, a thread was closed
_MOST_ATTEMPTS = 12
_AMBIGUOUS_RETRY = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message after a failure."""

    state: MessageState
    due: datetime
    ambiguous: bool = False
    untold: bool = False  # its stories were not read: the next digest tells them


def fate(error: DeliveryError, message: OutgoingMessage, now: datetime, on_ambiguous: OnAmbiguous) -> Fate:
    """What to do about a failed delivery: again later, once more although it may have arrived, or never.

    A missing morning digest is worse than a repeated one: what may have arrived is tried once more unless the owner
    chose `drop`; after that it stays `unknown`, counted and shown. What a platform refuses for its content counts as
    told, since the next digest, with the same story in it, would be refused as well; what never got there does not.
    """
    if isinstance(error, MaybeSent):
        if on_ambiguous == "retry" and message.ambiguous == 0:
            return Fate("pending", now + _AMBIGUOUS_RETRY, ambiguous=True)
        return Fate("unknown", now, ambiguous=True)
    wait = _wait(error, message)
    if wait is None:
        return Fate("dead", now, untold=not isinstance(error, Refused) and message.ambiguous == 0)
    return Fate("pending", now + wait)


def _wait(error: DeliveryError, message: OutgoingMessage) -> timedelta | None:
    """How long until a message that was certainly not sent is tried again; None: never."""
    match error:
        case SlowDown():
            return error.retry_after
        case ThreadGone() if message.chat.thread:
            return timedelta(0)  # it goes to the chat itself now
        case ChatMoved():
            return timedelta(0)
        case NotAllowed():
            return _HOLD
        case ChatGone() | ThreadGone() | Refused():
            return None
    return _back_off(message.attempts)


def _back_off(attempts: int) -> timedelta | None:
    return None if attempts >= _MOST_ATTEMPTS else min(timedelta(seconds=5 * 2**attempts), timedelta(hours=1))
