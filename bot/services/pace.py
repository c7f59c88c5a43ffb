"""When a message may go out without hitting a limit: over all, per chat, per group. Decides only; nobody waits here.

The limits are windows that slide, so that no second (or minute, for a group) ever holds more than it may, wherever one
begins to count. A platform's own « too many » holds only the chat that it was said of. Two chats that hear it within a
second were not each too loud: everything is halved for a minute.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.model import Chat

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
GROUP_A_MINUTE = 18
TOGETHER = timedelta(seconds=1)  # two chats slowed down within this time: the limit is not one chat's own
HALVED_FOR = timedelta(minutes=1)
_SWEEP_AT = 4096  # chats remembered before those that are long quiet are forgotten


@dataclass(slots=True)
class _Chat:
    sent: deque[datetime] = field(default_factory=lambda: deque(maxlen=GROUP_A_MINUTE))
    held_until: datetime | None = None


@dataclass(slots=True)
class Pacer:
    """Remembers what was sent, for as long as a limit looks back. `rate` is messages a second over all chats."""

    rate: int
    _all: deque[datetime] = field(init=False)
    _chats: dict[str, _Chat] = field(default_factory=dict, init=False)
    _slowed: tuple[str, datetime] | None = field(default=None, init=False)
    _halved_until: datetime | None = field(default=None, init=False)
    _held_until: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._all = deque(maxlen=max(self.rate, 1))

    def next_at(self, chat: str, now: datetime) -> datetime:
        """The earliest moment, `now` or later, at which this chat may be sent a message."""
        return max(self.room_at(now), self.chat_at(chat, now))

    def room_at(self, now: datetime) -> datetime:
        """The earliest moment at which anybody at all may be sent a message."""
        rate = max(1, self.rate // self._share(now))
        return max(now, _free_at(self._all, rate, SECOND, now), self._held_until or now)

    def chat_at(self, chat: str, now: datetime) -> datetime:
        """The earliest moment that this chat's own limits allow."""
        known = self._chats.get(chat)
        if known is None:
            return now
        share = self._share(now)
        moments = [now, known.held_until or now, _free_at(known.sent, 1, SECOND * share, now)]
        if chat.startswith("-"):
            moments.append(_free_at(known.sent, GROUP_A_MINUTE // share, MINUTE, now))
        return max(moments)

    def sent(self, chat: str, now: datetime) -> None:
        """A message was given to the platform: count it, whatever becomes of it."""
        self._all.append(now)
        if chat not in self._chats and len(self._chats) >= _SWEEP_AT:
            self._sweep(now)
        self._chats.setdefault(chat, _Chat()).sent.append(now)

    def slowed(self, chat: str, retry_after: timedelta, now: datetime) -> None:
        """The platform said « too many » of this chat; "" where it said so of no chat in particular: all are held."""
        if chat:
            known = self._chats.setdefault(chat, _Chat())
            known.held_until = max(now + retry_after, known.held_until or now)
        else:
            self._held_until = max(now + retry_after, self._held_until or now)
        before, self._slowed = self._slowed, (chat, now)
        shared = before is not None and before[0] != chat and now - before[1] <= TOGETHER
        if shared or not chat:
            self._halved_until = now + HALVED_FOR

    def _share(self, now: datetime) -> int:
        return 2 if self._halved_until is not None and now < self._halved_until else 1

    def _sweep(self, now: datetime) -> None:
        self._chats = {
            name: chat
            for name, chat in self._chats.items()
            if (chat.sent and now - chat.sent[-1] < MINUTE) or (chat.held_until and chat.held_until > now)
        }


def remember(pacers: Mapping[str, Pacer], sent: Iterable[tuple[Chat, datetime]], now: datetime) -> None:
    """Let the pacers of this start, by platform, know what was sent before it, in that order."""
    for chat, at in sent:
        if chat.platform in pacers:
            pacers[chat.platform].sent(chat.id, min(at, now))


def _free_at(sent: deque[datetime], most: int, window: timedelta, now: datetime) -> datetime:
    """When one more makes no more than `most` within any `window`."""
    return now if len(sent) < most else sent[-most] + window
