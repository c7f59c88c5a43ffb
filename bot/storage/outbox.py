"""The outbox: a message is written before it is sent, claimed by one worker, and its end is recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Row, Update, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Chat, MessageState, OutgoingMessage, Receipt
from bot.storage.columns import Words
from bot.storage.tables import outbox

_DECIDING = timedelta(minutes=1)  # how long whoever was told of a lost message may take to decide about it
# Written into the SQL: an index of pending messages only is of no use to a statement that asks for a parameter.
_PENDING, _SENDING = (literal_column(f"'{state}'", Words) for state in ("pending", "sending"))
_RETURNED = (
    outbox.c.id,
    outbox.c.key,
    outbox.c.platform,
    outbox.c.chat,
    outbox.c.thread,
    outbox.c.body,
    outbox.c.part,
    outbox.c.parts,
    outbox.c.attempts,
    outbox.c.ambiguous,
    outbox.c.previews,
    outbox.c.sound,
)


async def claim(
    connection: AsyncConnection, owner: str, platforms: Sequence[str], now: datetime, lease: timedelta
) -> OutgoingMessage | None:
    """Take the next message that is due; what another process is taking at this moment is passed over."""
    due = (
        select(outbox.c.id)
        .where(outbox.c.state == _PENDING, outbox.c.due_at <= now, outbox.c.platform.in_(platforms), ~_behind())
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = await connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)))
        .values(state="sending", owner=owner, lease_until=now + lease, attempts=outbox.c.attempts + 1)
        .returning(*_RETURNED)
    )
    row = claimed.first()
    return _message(row) if row else None


async def mark_sent(connection: AsyncConnection, owner: str, message: OutgoingMessage, receipt: Receipt) -> bool:
    """Record the receipt, if the claim still holds."""
    ended = _end(message, [owner]).values(
        state="sent", message_id=receipt.message_id, sent_at=receipt.sent_at, error="", owner=None, lease_until=None
    )
    return (await connection.execute(ended)).rowcount == 1


async def mark_failed(
    connection: AsyncConnection,
    owners: Sequence[str],
    message: OutgoingMessage,
    outcome: dict[str, Any],
    *,
    ambiguous: bool,
) -> bool:
    """Record state, error and due date, if the claim still holds; a dead part takes the later ones with it."""
    ended = _end(message, owners).values(
        ambiguous=outbox.c.ambiguous + int(ambiguous), owner=None, lease_until=None, **outcome
    )
    run_id = (await connection.execute(ended.returning(outbox.c.run_id))).scalar_one_or_none()
    if run_id is not None and outcome["state"] == "dead":
        later = and_(outbox.c.run_id == run_id, outbox.c.state == "pending")  # earlier parts are not pending any more
        reason = f"part {message.part} was not delivered: {outcome['error']}"
        await connection.execute(update(outbox).where(later).values(state="dead", error=reason))
    return run_id is not None


async def expired(connection: AsyncConnection, owner: str, now: datetime) -> tuple[OutgoingMessage, ...]:
    """Take over the messages whose sender disappeared."""
    lost = await connection.execute(
        update(outbox)
        .where(outbox.c.state == _SENDING, outbox.c.lease_until <= now)
        .values(owner=owner, lease_until=now + _DECIDING)
        .returning(*_RETURNED)
    )
    return tuple(sorted((_message(row) for row in lost), key=lambda message: message.id))


async def counts(connection: AsyncConnection) -> dict[MessageState, int]:
    """How many messages are in each state."""
    rows = await connection.execute(select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state))
    known = {row.state: row.number for row in rows}
    return {state: known.get(state, 0) for state in get_args(MessageState)}


def _behind() -> ColumnElement[bool]:
    """Whether a message of the chat is being sent, or an earlier one of the same thread has not been sent."""
    other = outbox.alias("other")
    earlier = and_(other.c.thread == outbox.c.thread, other.c.state == _PENDING, other.c.id < outbox.c.id)
    same_chat = and_(other.c.platform == outbox.c.platform, other.c.chat == outbox.c.chat)
    # Said although it follows from the next line: it lets the databases use the index of unsent messages.
    unsent = other.c.state.in_((_PENDING, _SENDING))
    return exists().where(same_chat, unsent, or_(other.c.state == _SENDING, earlier))


def _end(message: OutgoingMessage, owners: Sequence[str]) -> Update:
    """The row of a claimed message, if that very claim still holds: each claim counts one attempt."""
    return update(outbox).where(
        outbox.c.id == message.id,
        outbox.c.state == "sending",
        outbox.c.attempts == message.attempts,
        outbox.c.owner.in_(owners),
    )


def _message(row: Row[Any]) -> OutgoingMessage:
    return OutgoingMessage(
        key=row.key,
        chat=Chat(row.platform, row.chat, row.thread),
        body=row.body,
        part=row.part,
        parts=row.parts,
        id=row.id,
        attempts=row.attempts,
        ambiguous=row.ambiguous,
        previews=row.previews,
        sound=row.sound,
    )
