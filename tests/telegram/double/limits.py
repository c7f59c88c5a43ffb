"""Flood limits: how many messages a second, a chat and a group, and for how long the bot is told to wait.

The real limits are not published and let short bursts pass; these are the figures that are known to be safe, counted
in sliding windows of the injected clock. Who is told to wait is refused until the wait is over.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.telegram.double.refusals import too_many

_ALL = 0  # no chat has this id


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `count` messages in any window of `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was counted."""

    at: float
    chat: int


class InFlight:
    """How many messages are being sent at one time: those whose answer is still out."""

    def __init__(self) -> None:
        self.most = 0
        self.most_in_a_chat = 0
        self._now: Counter[str] = Counter()

    @contextmanager
    def counting(self, chat: str) -> Iterator[None]:
        """Count a request while it is answered."""
        self._now[chat] += 1
        self.most = max(self.most, self._now.total())
        self.most_in_a_chat = max(self.most_in_a_chat, self._now[chat])
        try:
            yield
        finally:
            self._now[chat] -= 1


class Limits:
    """The rules, and everything that was sent under them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.overall: Rule | None = Rule(30, 1.0)
        self.per_chat: Rule | None = Rule(6, 5.0)  # 1/s with a small burst
        self.per_group: Rule | None = Rule(20, 60.0)  # every chat with a negative id
        self.sent: list[Sent] = []
        self._clock = clock
        self._recent: dict[int, deque[float]] = defaultdict(deque)
        self._closed_until: dict[int, float] = {}

    def lift(self) -> None:
        """No limits; what is sent is counted all the same."""
        self.overall = self.per_chat = self.per_group = None

    def admit(self, chat: int) -> None:
        """Count a message to a chat. Raises Refusal (429) where it is one too many."""
        now = self._clock()
        for scope in (_ALL, chat):
            wait = max((self._wait(scope, rule, now) for rule in self._rules(scope)), default=0.0)
            if wait > 0:
                self._closed_until[scope] = now + wait
                raise too_many(max(1, math.ceil(wait)))
        self.sent.append(Sent(now, chat))
        for scope in (_ALL, chat):
            self._recent[scope].append(now)

    def most(self, seconds: float, chat: int | None = None) -> int:
        """The most messages that went out in any window of so many seconds, to one chat or to all."""
        times = sorted(sent.at for sent in self.sent if chat is None or sent.chat == chat)
        window: deque[float] = deque()
        most = 0
        for at in times:
            window.append(at)
            while at - window[0] >= seconds:
                window.popleft()
            most = max(most, len(window))
        return most

    def _rules(self, scope: int) -> list[Rule]:
        rules = [self.overall] if scope == _ALL else [self.per_chat, self.per_group if scope < 0 else None]
        return [rule for rule in rules if rule is not None]

    def _wait(self, scope: int, rule: Rule, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        recent = self._recent[scope]
        longest = max(known.seconds for known in self._rules(scope))
        while recent and now - recent[0] >= longest:
            recent.popleft()
        inside = [at for at in recent if now - at < rule.seconds]
        full = inside[-rule.count] + rule.seconds - now if len(inside) >= rule.count else 0.0
        return max(full, self._closed_until.get(scope, now) - now)
