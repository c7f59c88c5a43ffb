"""Which news is told at once, and to whom.

What was seen before a topic alerted, came with a feed's first poll, or was old when it was first seen wakes nobody.
What was seen in quiet hours wakes at their end; what could not be told within LATE waits for the digest.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.digest import Brief
from bot.domain.model import Article, Digest, Story, Subscription
from bot.domain.modes import alerts_of, read_topics
from bot.domain.schedule import Span, last_quiet

AGE = timedelta(hours=6)  # between its date and the moment it was seen: older ones are no news
LATE = timedelta(hours=3)  # after it was seen, or after the quiet hours: then the digest tells it
AN_HOUR = 6  # alerts in an hour: further ones wait for the digest
_MARGIN = timedelta(minutes=30)  # before the quiet hours: what was seen then may have been analysed only in them


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article about a topic, and when it was first seen."""

    article: int
    topic: str
    seen_at: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """What one subscription wants to know at once, now that it may be told."""

    subscription: Subscription
    alerts: Mapping[str, datetime]  # topic → since when it alerts
    reading: frozenset[str]  # all topics whose stories it is told: an alert repeats none of them
    since: datetime  # what was seen earlier is not news any more
    quiet: Span | None  # its latest quiet hours, which are over


def watch_of(subscription: Subscription, elsewhere: AbstractSet[str], now: datetime) -> Watch | None:
    """What a subscription wants to know at once; None while it rests or is quiet, or where no topic alerts.

    One that was never planned has just come back: it alerts once it is, from then on.
    """
    alerts = alerts_of(subscription, elsewhere)
    quiet = last_quiet(subscription, now)
    if not alerts or subscription.resting or subscription.next_due_at is None or (quiet and quiet.holds(now)):
        return None
    since = now - LATE
    if quiet and now - quiet.end < LATE:
        since = min(since, quiet.start - _MARGIN)
    return Watch(subscription, alerts, frozenset(read_topics(subscription, elsewhere)), since, quiet)


def wakes(watch: Watch, sighting: Sighting) -> bool:
    """Whether this article is told at once, if it was not already."""
    begun = watch.alerts.get(sighting.topic)
    if begun is None or sighting.seen_at <= max(begun, watch.since):
        return False
    return sighting.seen_at - sighting.published_at < AGE


def was_held(watch: Watch, sightings: Collection[Sighting]) -> bool:
    """Whether any of them waited for the end of the quiet hours: then all come as one digest."""
    return watch.quiet is not None and any(watch.quiet.holds(sighting.seen_at) for sighting in sightings)


def alert(stories: Sequence[Story], brief: Brief) -> Digest:
    """These stories as a digest that says it is an alert."""
    articles: list[Article] = [article for story in stories for article in story.articles]
    about = {topic for story in stories for topic in story.topics}
    return Digest(
        topics=tuple(topic for topic in brief.topics if topic in about) or brief.topics,
        since=brief.since,
        until=brief.until,
        timezone=brief.timezone,
        language=brief.language,
        density=brief.density,
        stories=tuple(stories),
        articles=len(articles),
        outlets=len({article.outlet for article in articles}),
        article_ids=tuple(article.id for article in articles),
        alert=True,
    )
