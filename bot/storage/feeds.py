"""Feeds: which are polled, which are due, what is remembered between polls."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Feed, FeedState, OutgoingMessage
from bot.storage.chat_tables import chat_feed
from bot.storage.engine import chunks, insert
from bot.storage.outages import queue_notice
from bot.storage.tables import feed

CONFIGURED = tuple(field.name for field in fields(Feed))
_OURS = {"feed", "id", "reported"}  # not for a poll to say
REMEMBERED = tuple(field.name for field in fields(FeedState) if field.name not in _OURS)
_STATE_COLUMNS = tuple(feed.c[name] for name in ("id", *CONFIGURED, *REMEMBERED, "reported"))


async def sync(connection: AsyncConnection, feeds: Sequence[Feed], now: datetime) -> None:
    """Make these feeds the active ones. All are locked in the order that polls lock them: neither waits for ever."""
    await connection.execute(select(feed.c.id).order_by(feed.c.id).with_for_update())
    await connection.execute(update(feed).where(feed.c.active).values(active=False))
    ours = {"active": True, "shared": True, "next_poll_at": now}
    rows = [{name: getattr(one, name) for name in CONFIGURED} | ours for one in feeds]
    statement = insert(connection, feed)
    configured = {name: statement.excluded[name] for name in (*CONFIGURED, "active", "shared") if name != "url"}
    for some in chunks(rows):
        await connection.execute(
            statement.on_conflict_do_update(index_elements=[feed.c.url], set_=configured), list(some)
        )
    # What chats added goes on, as theirs: also where the owner had it too until now.
    theirs = exists().where(chat_feed.c.feed_id == feed.c.id)
    kept = {"active": True, "shared": False, "trusted": False}
    await connection.execute(update(feed).where(~feed.c.active, theirs).values(**kept))


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


async def save_states(connection: AsyncConnection, owner: str, states: Sequence[FeedState], now: datetime) -> None:
    """Store what is remembered after polls that brought nothing, in the order that polls lock feeds."""
    rows = [{f"new_{name}": value for name, value in row_of(state).items()} | {"feed": state.id} for state in states]
    values = {name: bindparam(f"new_{name}", type_=feed.c[name].type) for name in REMEMBERED}
    statement = update(feed).where(feed.c.id == bindparam("feed"), held_by(owner, now))
    statement = statement.values(**values, owner=None, lease_until=None)
    await connection.execute(statement, sorted(rows, key=lambda row: row["feed"]))


def held_by(owner: str, now: datetime) -> ColumnElement[bool]:
    """Whether a feed is this worker's to write: one that was too slow keeps what it found, but not the state."""
    return or_(feed.c.owner.is_(None), feed.c.owner == owner, feed.c.lease_until.is_(None), feed.c.lease_until <= now)


async def retry(connection: AsyncConnection, now: datetime, url: str) -> int:
    """Let feeds that have ended or fail be due now, or the one of this address; how many."""
    wanted = feed.c.url == url if url else or_(feed.c.disabled != "", feed.c.error != "")
    anew = {"disabled": "", "missing_since": None, "next_poll_at": now}
    return (await connection.execute(update(feed).where(feed.c.active, wanted).values(**anew))).rowcount


async def states(connection: AsyncConnection) -> tuple[FeedState, ...]:
    """Every active feed of the owner, by outlet and section."""
    return await states_where(connection, feed.c.shared)


async def report(
    connection: AsyncConnection, reported: Mapping[int, str], notices: Sequence[OutgoingMessage], now: datetime
) -> None:
    """Queue notices about feeds, and remember of which feeds what was told."""
    for notice in notices:
        await queue_notice(connection, notice, now)
    for number, what in reported.items():
        await connection.execute(update(feed).where(feed.c.id == number).values(reported=what))


async def states_where(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[FeedState, ...]:
    """Active feeds for which this holds, by outlet and section."""
    rows = await connection.execute(select(*_STATE_COLUMNS).where(feed.c.active, condition))
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
    remembered = {name: row[name] for name in (*REMEMBERED, "reported")}
    return FeedState(feed=feed_of(row), id=row["id"], **remembered)


def row_of(state: FeedState) -> dict[str, Any]:
    """What is remembered of a feed, as columns."""
    return {name: getattr(state, name) for name in REMEMBERED}
