"""Which outlets have fallen silent: readers are told, so that « nothing new » is not taken for « nothing heard »."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.model import FeedState

SILENT_AFTER = timedelta(hours=6)


def silent_outlets(states: Iterable[FeedState], now: datetime) -> tuple[int, int]:
    """How many outlets have not answered for more than six hours, of how many; one feed that answers is enough."""
    silent: dict[str, bool] = {}
    for state in states:
        failing = bool(state.disabled) or (state.failing_since is not None and now - state.failing_since > SILENT_AFTER)
        silent[state.feed.outlet] = silent.get(state.feed.outlet, True) and failing
    return sum(silent.values()), len(silent)
