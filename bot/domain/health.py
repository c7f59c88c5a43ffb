"""How feeds and sending are: what readers are told of silent outlets, and when the owner's alarm goes.

« Nothing new » must not be taken for « nothing heard », and a machine that watches us must not have to guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from typing import Literal

from bot.domain.model import FeedState
from bot.domain.rhythm import MEMORY

SILENT_AFTER = timedelta(hours=6)
OVERDUE = timedelta(minutes=15)  # a feed or message that was due for so long, and nobody tried: we are stuck
UNANSWERED = timedelta(hours=3)

Fault = Literal["", "not-asked", "no-answer", "not-sent"]  # what is wrong; "" where nothing is
TROUBLE = timedelta(hours=24)  # owners are told of a feed that has failed for so long
STALE, STALE_AT_LEAST = 3, timedelta(hours=24)  # usual gaps between two articles; nights and Sundays are no fault
NO_NEWS = timedelta(hours=24)  # nothing new from anywhere
WATCHED = timedelta(hours=2)  # … although feeds were asked so recently
_FOREVER = timedelta(days=3650)

FeedCondition = Literal["well", "failing", "silent", "gone", "unread"]


def silent_outlets(states: Iterable[FeedState], now: datetime) -> tuple[int, int]:
    """How many outlets have not answered for more than six hours, of how many; one feed that answers is enough."""
    silent: dict[str, bool] = {}
    for state in states:
        failing = condition(state, now) in {"silent", "gone"}
        silent[state.feed.outlet] = silent.get(state.feed.outlet, True) and failing
    return sum(silent.values()), len(silent)


def condition(state: FeedState, now: datetime) -> FeedCondition:
    """How a feed is: `failing` may pass, `silent` has lasted for more than six hours, `gone` is not asked again."""
    if state.disabled:
        return "gone"
    if state.failing_since is not None and now - state.failing_since > SILENT_AFTER:
        return "silent"
    if state.error:
        return "failing"
    return "unread" if state.polled_at is None else "well"


def usual_gap(state: FeedState) -> timedelta | None:
    """How long it usually is from one of its articles to the next; None before that is known."""
    if not state.rate or state.new_at is None or state.succeeded_at is None:
        return None
    silence = max(state.succeeded_at - state.new_at, timedelta())
    # The rate has faded while nothing came: what it was when the last article did.
    days = log(state.rate) + silence / MEMORY
    return min(timedelta(days=1) * exp(min(-days, 8.0)), _FOREVER)


def is_stale(state: FeedState, now: datetime) -> bool:
    """Whether a feed that answers has brought nothing new for three times as long as usual, a day at least."""
    usual = usual_gap(state)
    if usual is None or state.new_at is None or state.error or state.disabled:
        return False
    return now - state.new_at > max(STALE * usual, STALE_AT_LEAST)


def trouble(state: FeedState, now: datetime) -> str:
    """What owners are to know of a feed: "ended", "failing" for a day, or "" where it is well or may be so soon.

    What was told holds until it works again.
    """
    if state.disabled:
        return "ended"
    if state.failing_since is None:
        return ""
    return "failing" if now - state.failing_since >= TROUBLE else state.reported


def no_news_since(states: Iterable[FeedState], now: datetime) -> datetime | None:
    """Since when nothing new came from anywhere, where that is a day ago although feeds are asked; else None."""
    states = tuple(states)
    newest = max((state.new_at for state in states if state.new_at), default=None)
    asked = max((state.polled_at for state in states if state.polled_at), default=None)
    if newest is None or asked is None or now - asked > WATCHED:
        return None
    return newest if now - newest >= NO_NEWS else None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is well and what is not, since `started`: what piled up while we were down is no fault of this run."""

    now: datetime
    started: datetime

    def polling(self, states: Iterable[FeedState]) -> Fault:
        """What is wrong with polling: feeds are due and none is asked, or none of those asked answers."""
        polled = [state for state in states if not state.disabled]
        if not polled:
            return ""
        tried = self._latest([state.polled_at for state in polled])
        due = min(state.next_poll_at for state in polled)
        if self.now - due > OVERDUE and self.now - tried > OVERDUE:
            return "not-asked"
        answered = self._latest([state.succeeded_at for state in polled])
        failing = sum(bool(state.error) for state in polled)
        if self.now - answered > UNANSWERED and failing * 2 > len(polled):
            return "no-answer"
        return ""

    def sending(self, waiting_since: datetime | None) -> Fault:
        """What is wrong with sending, given since when the oldest message waits for no reason."""
        if waiting_since is not None and self.now - max(waiting_since, self.started) > OVERDUE:
            return "not-sent"
        return ""

    def _latest(self, moments: Sequence[datetime | None]) -> datetime:
        return max((self.started, *(moment for moment in moments if moment)))
