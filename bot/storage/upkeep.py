"""Retention and figures: what goes when, and how much there is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import chats, editions, own_feeds, tables
from bot.storage.chat_tables import note
from bot.storage.tables import article, feed, item, outbox, page, run, statement, told

PAGES_KEPT = timedelta(days=7)
_COUNTED = {
    "feeds": tables.feed,
    "articles": tables.article,
    "pages": tables.page,
    "matches": tables.topic_match,
    "statements": tables.statement,
    "subscriptions": tables.subscription,
    "runs": tables.run,
    "told": tables.told,
}


async def prune(
    connection: AsyncConnection, now: datetime, articles: timedelta, statements: timedelta
) -> Mapping[str, int]:
    """Delete what is older than its retention; how many rows of what."""
    old = now - articles
    read_long_ago = select(article.c.id).where(article.c.page_at < now - PAGES_KEPT)
    gone = {
        "pages": await _delete(connection, page, page.c.article_id.in_(read_long_ago)),
        "statements": await _delete(connection, statement, statement.c.found_at < now - statements),
        "articles": await _delete(connection, article, article.c.seen_at < old, ~_shown_since(old), ~_still_to_send()),
    }
    # An item that left its feed long ago, while its article lives on in another feed or under another id.
    await _delete(connection, item, item.c.left_at < old)
    finished = ~exists().where(outbox.c.run_id == run.c.id, outbox.c.state.in_(("pending", "sending")))
    forgotten = ~exists().where(told.c.run_id == run.c.id)
    done = (run.c.until < old, finished, forgotten)
    runs = select(run.c.id).where(*done)
    notices = and_(outbox.c.run_id.is_(None), outbox.c.due_at < old, outbox.c.state.not_in(("pending", "sending")))
    gone["messages"] = await _delete(connection, outbox, outbox.c.run_id.in_(runs) | notices)
    await chats.prune(connection, now)
    await editions.prune(connection, old)
    await own_feeds.prune(connection)
    gone["runs"] = await _delete(connection, run, *done)
    return gone


async def stats(connection: AsyncConnection) -> dict[str, int]:
    """Rows of each kind."""
    counts = (select(func.count()).select_from(table).scalar_subquery().label(name) for name, table in _COUNTED.items())
    row = (await connection.execute(select(*counts))).mappings().one()
    return {name: int(row[name]) for name in _COUNTED}


async def release_predecessor(connection: AsyncConnection, now: datetime) -> None:
    """End the claims of a worker that is known to be dead, so that nobody waits for its leases."""
    await connection.execute(update(feed).values(owner=None, lease_until=None).where(feed.c.lease_until.is_not(None)))
    await connection.execute(update(note).values(until=now).where(note.c.until > now))
    sending = (outbox.c.state == "sending", outbox.c.lease_until > now)
    await connection.execute(update(outbox).values(lease_until=now).where(*sending))


def _shown_since(moment: datetime) -> ColumnElement[bool]:
    """Whether a feed has shown the article since then. What it shows now it showed when it last answered."""
    last = func.coalesce(item.c.left_at, feed.c.succeeded_at)
    shown = exists().where(item.c.article_id == article.c.id, item.c.feed_id == feed.c.id, last >= moment)
    return shown.correlate(article)


def _still_to_send() -> ColumnElement[bool]:
    """Whether a message that is not sent yet tells the article."""
    unsent = outbox.c.state.in_(("pending", "sending"))
    tells = exists().where(told.c.article_id == article.c.id, outbox.c.run_id == told.c.run_id, unsent)
    return tells.correlate(article)


async def _delete(connection: AsyncConnection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return (await connection.execute(delete(table).where(*conditions))).rowcount
