"""When the outlets of a story published: one axis for all stories of a digest, and the hours to read it by."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Article, Digest, Story

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_SHORTEST = 2 * _HOUR  # a minute between two outlets must not look like half a day
_HOUR_STEPS = (1, 2, 3, 6, 12)
_MOST_HOURS = 6  # names of hours are short …
_MOST_DAYS = 3  # … those of days are not


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour or a midnight of the axis; `place` is 0 at its start, 1 at its end."""

    at: datetime
    place: float
    midnight: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """From the first article shown to the end of the digest, in the chat's zone."""

    start: datetime
    end: datetime
    zone: str

    def place(self, at: datetime) -> float:
        """Where a moment stands: 0 is the start, 1 the end; what lies outside is put there."""
        return min(1.0, max(0.0, (at - self.start) / (self.end - self.start)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """A few round moments of the zone, every one within the axis."""
        step = self._step()
        moment = self._midnight(self.start)
        found: dict[datetime, Tick] = {}
        while (at := moment.astimezone(UTC)) <= self.end:
            if at >= self.start:
                # An hour that a change of clocks leaves out falls on the next one: it stands there once.
                found.setdefault(at, Tick(at, self.place(at), midnight=not at.astimezone(moment.tzinfo).hour))
            moment += step  # on the wall clock of the zone
        return tuple(found.values())

    def _step(self) -> timedelta:
        span = self.end - self.start
        for hours in _HOUR_STEPS:
            if span <= _MOST_HOURS * hours * _HOUR:
                return hours * _HOUR
        return max(1, math.ceil(span / (_MOST_DAYS * _DAY))) * _DAY

    def _midnight(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def axis_of(digest: Digest) -> Axis:
    """The axis that all stories of a digest share, so that an hour stands at one place on the whole page."""
    moments = [at for story in digest.stories for a in tellers(story) if (at := a.published_at)]
    end = max((digest.until, *moments))
    return Axis(min((end - _SHORTEST, *moments)), end, digest.timezone)


def tellers(story: Story) -> tuple[Article, ...]:
    """An article of each outlet, most representative first."""
    first: dict[str, Article] = {}
    for article in story.articles:
        first.setdefault(article.outlet, article)
    return tuple(first.values())


def by_hour(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles in the order in which they came out, those without a date last."""
    return tuple(sorted(articles, key=lambda article: (article.published_at or _LAST, article.outlet)))
