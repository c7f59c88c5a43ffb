"""Feeds: which are polled, which are due, what is remembered between polls."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Feed, FeedState
from bot.storage.engine import chunks, insert
from bot.storage.tables import feed

CONFIGURED = tuple(field.name for field in fields(Feed))
REMEMBERED = tuple(field.name for field in fields(FeedState) if field.name not in {"feed", "id"})
_STATE_COLUMNS = tuple(feed.c[name] for name in ("id", *CONFIGURED, *REMEMBERED))


async def sync(connection: AsyncConnection, feeds: Sequence[Feed], now: datetime) -> None:
    """Make these feeds the active ones. All are locked in the order that polls lock them: neither waits for ever."""
    await connection.execute(select(feed.c.id).order_by(feed.c.id).with_for_update())
    await connection.execute(update(feed).where(feed.c.active).values(active=False))
    rows = [{name: getattr(one, name) for name in CONFIGURED} | {"active": True, "next_poll_at": now} for one in feeds]
    statement = insert(connection, feed)
    configured = {name: statement.excluded[name] for name in (*CONFIGURED, "active") if name != "url"}
    for some in chunks(rows):
        await connection.execute(
            statement.on_conflict_do_update(index_elements=[feed.c.url], set_=configured), list(some)
        )


async def claim(
    connection: AsyncConnection, owner: str, now: datetime, lease: timedelta, limit: int
) -> tuple[FeedState, ...]:
    """Take due feeds that nobody holds; what another process is taking at this moment is passed over."""
    due = (
        select(feed.c.id)
        .where(feed.c.active, feed.c.disabled == "", feed.c.next_poll_at <= now)
        .where(or_(feed.c.lease_until.is_(None), feed.c.lease_until <= now))
        .order_by(feed.c.next_poll_at, feed.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = await connection.execute(
        update(feed)
        .where(feed.c.id.in_(select(due.c.id)))
        .values(owner=owner, lease_until=now + lease)
        .returning(*_STATE_COLUMNS)
    )
    states = (state_of(row) for row in claimed.mappings())
    return tuple(sorted(states, key=lambda state: (state.next_poll_at, state.id)))


async def hurry(connection: AsyncConnection, errors: Sequence[str], now: datetime) -> None:
    """Let feeds be due whose last failure was of one of these kinds."""
    failed = (feed.c.active, feed.c.error.in_(errors), feed.c.next_poll_at > now)
    await connection.execute(update(feed).where(*failed).values(next_poll_at=now))


async def states(connection: AsyncConnection) -> tuple[FeedState, ...]:
    """Every active feed, by outlet and section."""
    rows = await connection.execute(select(*_STATE_COLUMNS).where(feed.c.active))
    found = (state_of(row) for row in rows.mappings())
    return tuple(sorted(found, key=lambda state: (state.feed.outlet, state.feed.section, state.feed.url)))


async def by_id(connection: AsyncConnection, ids: set[int]) -> dict[int, Feed]:
    """Feeds as configured, by id."""
    found: dict[int, Feed] = {}
    for some in chunks(sorted(ids)):
        columns = (feed.c.id, *(feed.c[name] for name in CONFIGURED))
        rows = await connection.execute(select(*columns).where(feed.c.id.in_(some)))
        found |= {row["id"]: feed_of(row) for row in rows.mappings()}
    return found


def feed_of(row: RowMapping) -> Feed:
    """The feed of a row that holds all its columns."""
    return Feed(**{name: row[name] for name in CONFIGURED})


def state_of(row: RowMapping) -> FeedState:
    """The state of a row that holds all its columns."""
    return FeedState(feed=feed_of(row), id=row["id"], **{name: row[name] for name in REMEMBERED})


def row_of(state: FeedState) -> dict[str, Any]:
    """What is remembered of a feed, as columns."""
    return {name: getattr(state, name) for name in REMEMBERED}
