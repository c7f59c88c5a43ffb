"""What chats read, which of their digests exist, and which articles those told."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, false, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StoreError
from bot.domain.model import Chat, OutgoingMessage, Run, Subscription
from bot.storage.engine import chunks, insert
from bot.storage.tables import article, outbox, run, subscription, told

_CHOSEN = tuple(field.name for field in fields(Subscription) if field.name not in {"chat", "id"})
_CHAT = (subscription.c.platform, subscription.c.chat, subscription.c.thread)


async def save(connection: AsyncConnection, wanted: Subscription) -> int:
    """Insert or update; its id."""
    row = _row_of(wanted)
    if wanted.id:
        same = update(subscription).where(subscription.c.id == wanted.id).values(**row).returning(subscription.c.id)
        if (await connection.execute(same)).first():
            return wanted.id
    statement = insert(connection, subscription).values(**row)
    saved = statement.on_conflict_do_update(index_elements=_CHAT, set_=row).returning(subscription.c.id)
    return int((await connection.execute(saved)).scalar_one())


async def all_of(connection: AsyncConnection) -> tuple[Subscription, ...]:
    """Every subscription, oldest first."""
    return await where(connection, true())


async def where(connection: AsyncConnection, wanted: ColumnElement[bool]) -> tuple[Subscription, ...]:
    """The subscriptions of which this is true, oldest first."""
    rows = await connection.execute(select(subscription).where(wanted).order_by(subscription.c.id))
    return tuple(_subscription(row) for row in rows.mappings())


async def of_chat(connection: AsyncConnection, chat: Chat, *, edited: bool = False) -> Subscription | None:
    """The subscription of exactly this chat and thread; with `edited`, nobody else may write it meanwhile."""
    query = select(subscription).where(*(column == value for column, value in zip(_CHAT, _name(chat), strict=True)))
    row = (await connection.execute(query.with_for_update() if edited else query)).mappings().first()
    return _subscription(row) if row else None


async def articles_told(connection: AsyncConnection, number: int, since: datetime) -> frozenset[int]:
    """Ids of the articles that runs of this subscription decided about since then."""
    query = select(told.c.article_id).join_from(told, run, run.c.id == told.c.run_id).where(~told.c.passed)
    rows = await connection.execute(query.where(told.c.subscription_id == number, run.c.until >= since))
    return frozenset(rows.scalars())


async def enqueue(
    connection: AsyncConnection,
    wanted: Run,
    messages: Sequence[OutgoingMessage],
    articles: Sequence[int],
    next_due_at: datetime | None,
) -> bool:
    """Write the run and all that belongs to it; False when it exists, or when others told its articles meanwhile."""
    # The lock keeps a chat's messages in the order of their ids, also when two processes queue at once.
    locked = select(subscription.c.id).where(subscription.c.id == wanted.subscription).with_for_update()
    if (await connection.execute(locked)).first() is None:
        raise StoreError(f"there is no subscription {wanted.subscription}: nothing was queued")
    told_before = await articles_told(connection, wanted.subscription, wanted.told_since) if wanted.told_since else ()
    if not frozenset(articles).isdisjoint(told_before):
        return False
    run_id = await insert_run(connection, wanted)
    if run_id is None:
        return False
    if messages:
        rows = [message_row(message, run_id, wanted.due_at) for message in messages]
        await connection.execute(outbox.insert(), rows)
    for some in chunks(sorted(set(articles))):
        await _insert_told(connection, wanted.subscription, run_id, some)
    if next_due_at is not None:
        times = {"next_due_at": next_due_at, "last_digest_at": wanted.until}
        await connection.execute(update(subscription).where(subscription.c.id == wanted.subscription).values(**times))
    return True


async def insert_run(connection: AsyncConnection, wanted: Run) -> int | None:
    """The id of the new run; None where it exists."""
    statement = insert(connection, run).values(
        subscription_id=wanted.subscription,
        local_date=wanted.local_date,
        slot=wanted.slot,
        due_at=wanted.due_at,
        until=wanted.until,
        since=wanted.since,
    )
    inserted: int | None = (
        await connection.execute(statement.on_conflict_do_nothing().returning(run.c.id))
    ).scalar_one_or_none()
    return inserted


async def _insert_told(connection: AsyncConnection, number: int, run_id: int, articles: Sequence[int]) -> None:
    """Mark articles as told by this run, also those an earlier one told; one deleted meanwhile is passed over."""
    there = select(literal(number), article.c.id, literal(run_id), false()).where(article.c.id.in_(articles))
    statement = insert(connection, told).from_select(["subscription_id", "article_id", "run_id", "passed"], there)
    changed = {"run_id": statement.excluded.run_id, "passed": statement.excluded.passed}
    again = statement.on_conflict_do_update(index_elements=[told.c.subscription_id, told.c.article_id], set_=changed)
    await connection.execute(again)


def message_row(message: OutgoingMessage, run_id: int | None, due_at: datetime) -> dict[str, Any]:
    """The row of a message that is to be sent; a notice is of no run."""
    return {
        "key": message.key,
        "run_id": run_id,
        "platform": message.chat.platform,
        "chat": message.chat.id,
        "thread": message.chat.thread,
        "part": message.part,
        "parts": message.parts,
        "body": message.body,
        "buttons": tuple(tuple(astuple(button) for button in row) for row in message.buttons),
        "previews": message.previews,
        "sound": message.sound,
        "state": "pending",
        "due_at": due_at,
    }


def _row_of(wanted: Subscription) -> dict[str, Any]:
    chat = dict(zip((column.name for column in _CHAT), _name(wanted.chat), strict=True))
    return {**chat, **{name: getattr(wanted, name) for name in _CHOSEN}}


def _name(chat: Chat) -> tuple[str, str, str]:
    return chat.platform, chat.id, chat.thread


def _subscription(row: RowMapping) -> Subscription:
    chat = Chat(row["platform"], row["chat"], row["thread"])
    return Subscription(chat=chat, id=row["id"], **{name: row[name] for name in _CHOSEN})
