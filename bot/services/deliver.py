"""Use case: queued messages are sent; what fails is decided here, and nothing vanishes.

Sending claims one message, sends it and records what happened. A kill between sending and recording leaves a message
`sending`, which the reaper finds and decides about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.errors import ChatGone, DeliveryError, MaybeSent, Refused, SlowDown
from bot.domain.model import MessageState, OutgoingMessage
from bot.ports import Platform, Store

LEASE = timedelta(seconds=90)  # longer than any platform's read timeout: else two workers would send one message
_MOST_ATTEMPTS = 12
_IN_ONE_DRAIN = 500
_AMBIGUOUS_RETRY = timedelta(seconds=45)

OnAmbiguous = Literal["retry", "drop"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message after a failure."""

    state: MessageState
    due: datetime
    ambiguous: bool = False


def fate(error: DeliveryError, message: OutgoingMessage, now: datetime, on_ambiguous: OnAmbiguous) -> Fate:
    """What to do about a failed delivery: again later, once more although it may have arrived, or never.

    A missing morning digest is worse than a repeated one: what may have arrived is tried once more unless the owner
    chose `drop`; after that it stays `unknown`, counted and shown.
    """
    if isinstance(error, ChatGone | Refused):
        return Fate("dead", now)
    if isinstance(error, SlowDown):
        return Fate("pending", now + error.retry_after)
    if isinstance(error, MaybeSent):
        if on_ambiguous == "retry" and message.ambiguous == 0:
            return Fate("pending", now + _AMBIGUOUS_RETRY, ambiguous=True)
        return Fate("unknown", now, ambiguous=True)
    if message.attempts >= _MOST_ATTEMPTS:
        return Fate("dead", now)
    return Fate("pending", now + min(timedelta(seconds=5 * 2**message.attempts), timedelta(hours=1)))


async def drain(
    store: Store, platforms: Mapping[str, Platform], now: datetime, on_ambiguous: OnAmbiguous = "retry"
) -> int:
    """Send what is due; how many messages arrived."""
    sent = 0
    for _ in range(_IN_ONE_DRAIN):
        message = await store.claim_message(tuple(platforms), now, LEASE)
        if message is None:
            break
        try:
            receipt = await platforms[message.chat.platform].send(message, now)
        except DeliveryError as error:
            await _settle(store, message, error, now, on_ambiguous)
        else:
            sent += await store.mark_sent(message, receipt)
    return sent


async def reap(store: Store, now: datetime, on_ambiguous: OnAmbiguous = "retry") -> Sequence[OutgoingMessage]:
    """Decide about messages whose sender disappeared before it could say what happened."""
    lost = await store.expired(now)
    for message in lost:
        await _settle(store, message, MaybeSent("the program ended while it was being sent"), now, on_ambiguous)
    return lost


async def _settle(
    store: Store, message: OutgoingMessage, error: DeliveryError, now: datetime, on_ambiguous: OnAmbiguous
) -> None:
    decided = fate(error, message, now, on_ambiguous)
    await store.mark_failed(message, decided.state, str(error), due=decided.due, ambiguous=decided.ambiguous)
