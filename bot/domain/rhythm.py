"""How often a feed is worth asking: by what it was seen to bring, and outside the hours that it asks to be spared.

Requirements: nothing is lost (a busy feed shows an article for a few hours only), news is fresh, and a server that has
nothing new is left alone. Theory: our own interval is right for most feeds. Where one poll would bring many articles at
once it is shortened, where a feed is quiet for days it is lengthened; between the two it is kept, since an article that
waits is worse than a question answered by « unchanged ». A silence longer than usual counts like a slower feed: nights
and holidays cost few questions.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import exp

from bot.domain.model import Entry

FASTEST = timedelta(minutes=10)
SLOWEST = timedelta(hours=24)
WITHOUT_VALIDATORS = timedelta(minutes=60)  # every answer is a whole document: ask half as often
BROUGHT, BROUGHT_WHOLE = 4, 8  # new articles that one poll of a busy feed may bring; whole: of one without validators
A_GAP = 8  # polls of a quiet feed in the time between two of its articles
MEMORY = timedelta(days=3)  # what was seen so long ago counts a third as much: nights and week-ends even out
UNKNOWN = 24.0  # articles a day before anything was seen: our own interval holds
SLOWEST_RATE = 1 / 366
FEW = 3  # dates that tell a rate
SHORT = timedelta(hours=1)  # dates that all lie within it tell when the document was made, not when the articles were
A_DAY, A_WEEK = 24, 24 * 7  # hours


def interval_of(base: timedelta, rate: float | None, quiet: timedelta, *, conditional: bool) -> timedelta:
    """Our own wish: how long to wait. `quiet` is how long ago the last new article came."""
    usual = base if conditional else max(base, WITHOUT_VALIDATORS)
    if rate is None:
        return usual
    gap = max(timedelta(days=1) / max(rate, SLOWEST_RATE), quiet / 2)
    busy = gap * (BROUGHT if conditional else BROUGHT_WHOLE)
    if busy < usual:
        return max(busy, FASTEST)
    return min(max(usual, gap / A_GAP), SLOWEST)


def rate_of(entries: Sequence[Entry], now: datetime) -> float | None:
    """New articles a day, as the dates of a first document tell; None where they do not.

    Only the newer half counts: many feeds keep a few very old items at their end.
    """
    dates = sorted({entry.published for entry in entries if entry.published and entry.published <= now}, reverse=True)
    newer = dates[: max(FEW, len(dates) // 2)]
    if len(newer) < FEW or newer[0] - newer[-1] < SHORT:
        return None
    return len(newer) / ((now - newer[-1]) / timedelta(days=1))


def rate_after(rate: float | None, elapsed: timedelta, new: int) -> float:
    """The rate once a poll has brought `new` articles, so long after the poll before it."""
    kept = exp(-max(elapsed, timedelta()) / MEMORY)
    return (UNKNOWN if rate is None else rate) * kept + new / (MEMORY / timedelta(days=1))


def outside(moment: datetime, hours: Collection[int], days: Collection[int]) -> datetime:
    """The first moment from this one on, in steps of an hour, that lies in none of these hours (UTC) and days.

    Wishes that leave no hour at all are none.
    """
    for later in range(A_WEEK + A_DAY):
        candidate = moment + timedelta(hours=later)
        if candidate.hour not in hours and candidate.weekday() not in days:
            return candidate
    return moment
