"""What is to be told at once: who wants to know, what was seen, and what was decided about already."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import Sighting
from bot.domain.model import Chat, Run, Subscription
from bot.storage import subscriptions
from bot.storage.engine import Database, chunks, insert
from bot.storage.tables import article, feed, run, subscription, told, topic_match

_ALERT = "alert-%"


class AlertStore:
    """The store's methods about alerts and threads: each one transaction, as in store.py."""

    database: Database

    async def alerting(self) -> tuple[Subscription, ...]:
        """Those with topics that alert, and those of threads that took topics."""
        async with self.database.read() as connection:
            return await subscriptions.where(connection, or_(_alerts(), _filled(subscription.c.taken)))

    async def threads_of(self, chat: Chat) -> tuple[Subscription, ...]:
        """The subscriptions of a chat's threads."""
        here = (subscription.c.platform == chat.platform, subscription.c.chat == chat.id, subscription.c.thread != "")
        async with self.database.read() as connection:
            return await subscriptions.where(connection, and_(*here))

    async def sightings(self, topics: Sequence[str], since: datetime, age: timedelta) -> tuple[Sighting, ...]:
        """Articles about these topics seen after `since`, at most so old by then; none of a first poll."""
        async with self.database.read() as connection:
            return await _sightings(connection, topics, since, age)

    async def decided(self, articles: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Subscription → those of these articles that it was told or that were left to its digest; alerting ones."""
        async with self.database.read() as connection:
            return await _decided(connection, articles)

    async def alerts_since(self, number: int, moment: datetime) -> int:
        """How many alerts a subscription had since then."""
        mine = and_(run.c.subscription_id == number, run.c.slot.like(_ALERT), run.c.until > moment)
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(run).where(mine))).scalar_one())

    async def leave_to_digest(self, run_: Run, articles: Sequence[int]) -> None:
        """Remember that alerts passed these articles over: they are decided about, and not told."""
        async with self.database.write() as connection:
            await _leave(connection, run_, articles)


def _filled(column: ColumnElement[object]) -> ColumnElement[bool]:
    return cast(column, Text) != "[]"


def _alerts() -> ColumnElement[bool]:
    return _filled(subscription.c.alerts)


async def _sightings(
    connection: AsyncConnection, topics: Sequence[str], since: datetime, age: timedelta
) -> tuple[Sighting, ...]:
    columns = (topic_match.c.article_id, topic_match.c.topic, article.c.seen_at, article.c.published_at)
    # The date of a match stands in an index; when its article was seen does not.
    recent = (topic_match.c.topic.in_(topics), topic_match.c.published_at > since - age)
    query = select(*columns).join_from(topic_match, article, article.c.id == topic_match.c.article_id)
    query = query.join(feed, feed.c.id == article.c.feed_id).where(feed.c.shared)  # alerts are of the owner's feeds
    rows = await connection.execute(query.where(*recent, article.c.seen_at > since, ~article.c.from_first_poll))
    found = (Sighting(row.article_id, row.topic, row.seen_at, row.published_at) for row in rows)
    return tuple(one for one in found if one.seen_at - one.published_at < age)


async def _decided(connection: AsyncConnection, articles: Sequence[int]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    query = select(told.c.subscription_id, told.c.article_id).join_from(told, subscription).where(_alerts())
    for some in chunks(articles):
        for number, one in await connection.execute(query.where(told.c.article_id.in_(some))):
            found.setdefault(number, set()).add(one)
    return {number: frozenset(ids) for number, ids in found.items()}


async def _leave(connection: AsyncConnection, wanted: Run, articles: Sequence[int]) -> None:
    run_id = await subscriptions.insert_run(connection, wanted)
    if run_id is None:
        return
    for some in chunks(sorted(set(articles))):
        columns = (literal(wanted.subscription), article.c.id, literal(run_id), true())
        there = select(*columns).where(article.c.id.in_(some))
        names = ["subscription_id", "article_id", "run_id", "passed"]
        # What was told meanwhile stays told.
        await connection.execute(insert(connection, told).from_select(names, there).on_conflict_do_nothing())
