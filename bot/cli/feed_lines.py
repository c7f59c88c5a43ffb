"""How a feed is, in a few words for the person at the terminal."""

from datetime import datetime, timedelta

from bot.domain.health import is_stale, usual_gap
from bot.domain.model import Feed, FeedState

_ENDED = {"gone": "removed by its server (410)", "missing": "not found (404) for ten days"}


def feed_lines(feed: Feed, state: FeedState | None, now: datetime) -> str:
    """A feed as listed: what it is, how it is, how often it brings something, its address."""
    name = f"{feed.outlet} · {feed.section}" if feed.section else feed.outlet
    lock = " 🔒" if feed.paywall else ""
    added = "" if feed.trusted else "  (added by a chat)"
    rhythm = _rhythm(state) if state else ""
    return f"{feed.country:3}  {feed.kind:11}  {name}{lock}{added}\n     {health(state, now)}{rhythm}\n     {feed.url}"


def health(state: FeedState | None, now: datetime) -> str:
    """Whether it works, and since when not."""
    if state is None or state.polled_at is None:
        return "never asked"
    if state.disabled:
        return f"not asked any more: {_ENDED.get(state.disabled, state.disabled)}; `verbatim feeds retry` asks again"
    if state.error and state.failing_since:
        last = f", last answer {_date(state.succeeded_at)}" if state.succeeded_at else ", never answered"
        times = f"{state.failures} time{'s' * (state.failures != 1)}"
        return f"failing since {_date(state.failing_since)} ({state.error}, {times}{last}): {state.error_message}"
    stale = f"; nothing new since {_date(state.new_at)}" if state.new_at and is_stale(state, now) else ""
    return f"ok {_date(state.polled_at)}{stale}"


def _rhythm(state: FeedState) -> str:
    gap = usual_gap(state)
    latest = f"; latest article {_date(state.new_at)}" if state.new_at else ""
    return f"{latest}, usually one in {_length(gap)}" if gap else latest


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _length(gap: timedelta) -> str:
    minutes = gap.total_seconds() / 60
    if minutes < 100:  # noqa: PLR2004 - as people count
        return f"{max(1, round(minutes))} min"
    hours = minutes / 60
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - as people count
