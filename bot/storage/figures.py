"""Figures for the owner: each a question that an index answers, or one about tables that stay small.

Percentiles and days are worked out by the database, so that a busy month costs no more rows here than a quiet one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, case, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.figures import HITS, LATEST, RECENT, Asked, ChatCondition, Edition, Figures, Lag, Step
from bot.domain.model import Chat, MessageState
from bot.storage import feeds, outbox
from bot.storage.chat_tables import chat, own_topic
from bot.storage.columns import Instant
from bot.storage.tables import article, run, statement, subscription, told, topic_match
from bot.storage.tables import outbox as message

_UNSENT = message.c.state.in_((outbox.PENDING, outbox.SENDING))


async def figures(connection: AsyncConnection, wanted: Asked) -> Figures:
    """All figures at one moment."""
    yesterday = wanted.now - RECENT
    own, hits = await _hits(connection, wanted)
    return Figures(
        at=wanted.now,
        feeds=await feeds.states(connection),
        articles=await _count(connection, select(func.count()).select_from(article)),
        statements=await _count(connection, select(func.count()).select_from(statement)),
        fresh_articles=await _count(connection, select(func.count()).where(article.c.seen_at >= yesterday)),
        days=wanted.days,
        articles_a_day=await _by_day(connection, article.c.seen_at, wanted),
        statements_a_day=await _by_day(connection, statement.c.published_at, wanted),
        lags={step: await _lag(connection, *spent) for step, spent in _steps(yesterday).items()},
        outbox=await outbox.counts(connection),
        unsent_since=await _unsent_since(connection),
        editions=await _editions(connection),
        chats=await _chats(connection),
        hits=hits,
        own_hits=own,
        own_topics=await _count(connection, select(func.count()).select_from(own_topic)),
        bytes=await _bytes(connection),
    )


async def waiting_since(connection: AsyncConnection, platforms: Sequence[str], now: datetime) -> datetime | None:
    """Since when the oldest message of these platforms waits although nothing explains it.

    What is to be tried later (a back-off, a hold, a limit) is not due; what stands behind an earlier message of its
    chat waits for that one; and one that somebody is sending is explained until the claim has run out.
    """
    due = select(func.min(message.c.due_at)).where(
        message.c.state == outbox.PENDING,
        message.c.due_at <= now,
        message.c.platform.in_(platforms),
        ~outbox.is_behind(),
    )
    lost = select(func.min(message.c.lease_until)).where(
        message.c.state == outbox.SENDING, message.c.platform.in_(platforms), message.c.lease_until <= now
    )
    found = [(await connection.execute(query)).scalar() for query in (due, lost)]
    return min((moment for moment in found if moment), default=None)


# --- counts ----------------------------------------------------------------------------------------------------------


async def _count(connection: AsyncConnection, query: Select[Any]) -> int:
    return int((await connection.execute(query)).scalar_one())


async def _by_day(connection: AsyncConnection, date: ColumnElement[datetime], wanted: Asked) -> tuple[int, ...]:
    """How many rows each of the days has: a range of the date's index for each, so days may be 23 or 25 hours long."""
    ends = (*wanted.days[1:], wanted.now + timedelta(days=1))
    days = zip(wanted.days, ends, strict=True)
    counts = [select(func.count()).where(date >= start, date < end).scalar_subquery() for start, end in days]
    if not counts:
        return ()
    named = (count.label(f"day_{number}") for number, count in enumerate(counts))
    return tuple((await connection.execute(select(*named))).one())


async def _hits(connection: AsyncConnection, wanted: Asked) -> tuple[int, dict[str, int]]:
    """Articles of the last 7 days: about topics that chats wrote, all together, and about each of the topics asked."""
    since = (topic_match.c.published_at > wanted.now - HITS, topic_match.c.published_at <= wanted.now)
    theirs = select(func.count()).join_from(own_topic, topic_match, topic_match.c.topic == own_topic.c.topic)
    counts = [theirs.where(*since)]
    counts += [select(func.count()).where(topic_match.c.topic == topic, *since) for topic in wanted.topics]
    named = (count.scalar_subquery().label(f"topic_{number}") for number, count in enumerate(counts))
    own, *found = (await connection.execute(select(*named))).one()
    return own, dict(zip(wanted.topics, found, strict=True))


async def _chats(connection: AsyncConnection) -> Mapping[tuple[str, ChatCondition], int]:
    how = case(
        (subscription.c.suspended_at.is_not(None), "unreachable"),
        (~subscription.c.subscribed, "unsubscribed"),
        (subscription.c.held != "", "held"),
        (subscription.c.paused, "paused"),
        else_="active",
    ).label("how")
    grouped = select(subscription.c.platform, how, func.count().label("number")).group_by(subscription.c.platform, how)
    return {(row.platform, row.how): row.number for row in await connection.execute(grouped)}


async def _bytes(connection: AsyncConnection) -> int:
    if connection.dialect.name == "sqlite":
        size = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    else:
        size = text("SELECT pg_database_size(current_database())")
    return int((await connection.execute(size)).scalar_one())


# --- lags ------------------------------------------------------------------------------------------------------------


def _steps(since: datetime) -> dict[Step, tuple[Any, Any, Select[Any]]]:
    """Each step as its beginning, its end, and the rows to take both from."""
    seen = select().where(article.c.seen_at >= since, ~article.c.from_first_poll)
    sent = select().where(message.c.state == "sent", message.c.sent_at >= since)
    of_run = sent.join_from(message, run, run.c.id == message.c.run_id)
    of_told = sent.join_from(message, told, told.c.run_id == message.c.run_id)
    last_part = of_told.where(message.c.part == message.c.parts)
    return {
        "read": (article.c.published_at, article.c.seen_at, seen),
        "matched": (article.c.seen_at, article.c.analysed_at, seen.where(article.c.analysed_at.is_not(None))),
        "told": (article.c.seen_at, message.c.sent_at, last_part.join(article, article.c.id == told.c.article_id)),
        "sent": (run.c.due_at, message.c.sent_at, of_run),
    }


async def _lag(connection: AsyncConnection, begin: Any, end: Any, rows: Select[Any]) -> Lag:
    """How many cases there were, and how long it took in half and in nine tenths of them."""
    spent = rows.add_columns(_seconds(connection, begin, end).label("spent")).subquery()
    ranked = select(spent.c.spent, func.cume_dist().over(order_by=spent.c.spent).label("share")).subquery()
    points = (func.min(case((ranked.c.share >= share, ranked.c.spent))) for share in (0.5, 0.9))
    cases, half, most = (await connection.execute(select(func.count(ranked.c.spent), *points))).one()
    # A date up to 15 minutes ahead of ours is believed: it took no time then, not less than none.
    half, most = (timedelta(seconds=max(0.0, float(value or 0))) for value in (half, most))
    return Lag(cases, half, most)


def _seconds(connection: AsyncConnection, begin: Any, end: Any) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        return (func.julianday(end) - func.julianday(begin)) * 86_400
    return cast(func.extract("epoch", end - begin), Float)


# --- messages --------------------------------------------------------------------------------------------------------


async def _unsent_since(connection: AsyncConnection) -> datetime | None:
    """When the oldest unsent message was due at first; a notice belongs to no digest."""
    due = func.min(func.coalesce(run.c.due_at, message.c.due_at), type_=Instant)
    oldest = select(due).outerjoin_from(message, run, run.c.id == message.c.run_id).where(_UNSENT)
    found: datetime | None = (await connection.execute(oldest)).scalar()
    return found


async def _editions(connection: AsyncConnection) -> tuple[Edition, ...]:
    """The latest digests, with what became of their messages."""
    ours = and_(chat.c.platform == subscription.c.platform, chat.c.chat == subscription.c.chat)
    whose = (subscription.c[name] for name in ("platform", "chat", "thread"))
    columns = (run.c.id, run.c.slot, run.c.due_at, chat.c.title, *whose)
    latest = select(*columns).join_from(run, subscription).outerjoin(chat, ours).order_by(run.c.id.desc()).limit(LATEST)
    rows = (await connection.execute(latest)).all()
    ids = [row.id for row in rows]
    articles = select(told.c.run_id, func.count().label("number")).where(told.c.run_id.in_(ids)).group_by(told.c.run_id)
    decided = {row.run_id: row.number for row in await connection.execute(articles)}
    states, ended = await _messages_of(connection, ids)
    return tuple(
        Edition(
            Chat(row.platform, row.chat, row.thread),
            row.slot,
            row.due_at,
            title=row.title or "",
            articles=decided.get(row.id, 0),
            messages=states[row.id],
            sent_at=ended.get(row.id),
        )
        for row in rows
    )


async def _messages_of(
    connection: AsyncConnection, runs: Sequence[int]
) -> tuple[Mapping[int, dict[MessageState, int]], Mapping[int, datetime]]:
    """The messages of each run by state, and when its last one was sent."""
    columns = (message.c.run_id, message.c.state, func.count().label("number"), func.max(message.c.sent_at).label("at"))
    grouped = select(*columns).where(message.c.run_id.in_(runs)).group_by(message.c.run_id, message.c.state)
    states: dict[int, dict[MessageState, int]] = defaultdict(dict)
    ended: dict[int, datetime] = {}
    for row in await connection.execute(grouped):
        states[row.run_id][row.state] = row.number
        if row.at:
            ended[row.run_id] = row.at
    return states, ended
