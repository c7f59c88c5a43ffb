"""What a chat wants less of, beside outlets: a person's statements for a month, an event; all can be undone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.model import Subscription
from bot.domain.stories import same_speaker

A_MONTH = timedelta(days=30)
_MOST_PEOPLE = 50
_MOST_HIDDEN = 300  # articles: an event is over long before


def people_off(settings: Subscription, now: datetime) -> tuple[tuple[str, int], ...]:
    """Whose statements are not shown now, and until when (Unix seconds)."""
    return tuple((name, until) for name, until in settings.without_people if until > now.timestamp())


def is_off(settings: Subscription, person: str, now: datetime) -> bool:
    """Whether this person's statements are not shown now."""
    return any(same_speaker(name, person) for name, _ in people_off(settings, now))


def without_person(settings: Subscription, person: str, now: datetime) -> Subscription:
    """The settings once this person's statements are not shown for a month; as they are where that is so."""
    if is_off(settings, person, now):
        return settings
    others = with_person(settings, person, now).without_people[-_MOST_PEOPLE + 1 :]
    return replace(settings, without_people=(*others, (person, int((now + A_MONTH).timestamp()))))


def with_person(settings: Subscription, person: str, now: datetime) -> Subscription:
    """The settings once they are shown again."""
    others = ((name, until) for name, until in people_off(settings, now) if not same_speaker(name, person))
    return replace(settings, without_people=tuple(others))


def hiding(settings: Subscription, articles: Iterable[int]) -> Subscription:
    """The settings once the event of these articles is left out; of too many the oldest are forgotten."""
    return replace(settings, hidden=tuple(sorted({*settings.hidden, *articles})[-_MOST_HIDDEN:]))


def showing(settings: Subscription, articles: Iterable[int]) -> Subscription:
    """The settings once it may come back."""
    gone = set(articles)
    return replace(settings, hidden=tuple(number for number in settings.hidden if number not in gone))
