"""The outbox: a message is written before it is sent, claimed by one worker, and its end is recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Row, Update, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Button, Chat, MessageState, OutgoingMessage, Receipt
from bot.storage import outages
from bot.storage.columns import Words
from bot.storage.tables import outbox

_DECIDING = timedelta(minutes=1)  # how long whoever was told of a lost message may take to decide about it
# Written into the SQL: an index of pending messages only is of no use to a statement that asks for a parameter.
PENDING, SENDING = (literal_column(f"'{state}'", Words) for state in ("pending", "sending"))
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
    outbox.c.buttons,
)


async def claim(
    connection: AsyncConnection, owner: str, platforms: Sequence[str], now: datetime, lease: timedelta
) -> OutgoingMessage | None:
    """Take the next message that is due; what another process is taking at this moment is passed over."""
    due = (
        select(outbox.c.id)
        .where(outbox.c.state == PENDING, outbox.c.due_at <= now, outbox.c.platform.in_(platforms), ~is_behind())
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
    """Record the receipt, if the claim still holds: we may write there."""
    ended = _end(message, [owner]).values(
        state="sent", message_id=receipt.message_id, sent_at=receipt.sent_at, error="", owner=None, lease_until=None
    )
    if (await connection.execute(ended)).rowcount != 1:
        return False
    await outages.release(connection, message.chat)
    return True


async def mark_failed(
    connection: AsyncConnection,
    owners: Sequence[str],
    message: OutgoingMessage,
    outcome: dict[str, Any],
    *,
    ambiguous: bool = False,
    untold: bool = False,
) -> bool:
    """Record state, error and due date, if the claim still holds; a dead part takes the later ones with it."""
    ended = _end(message, owners).values(
        ambiguous=outbox.c.ambiguous + int(ambiguous), owner=None, lease_until=None, **outcome
    )
    row = (await connection.execute(ended.returning(outbox.c.run_id))).first()
    if row is None:
        return False
    if outcome["state"] != "pending":  # the message that would have found out is no more: the next one will
        await outages.release(connection, message.chat)
    if outcome["state"] == "dead" and row.run_id is not None:
        later = and_(outbox.c.run_id == row.run_id, outbox.c.state == "pending")  # earlier parts are not any more
        reason = f"part {message.part} was not delivered: {outcome['error']}"
        await connection.execute(update(outbox).where(later).values(state="dead", error=reason))
        if untold:
            await outages.give_back(connection, [row.run_id])
    return True


async def put_back(connection: AsyncConnection, owner: str, message: OutgoingMessage, due: datetime) -> bool:
    """Let it wait, if the claim still holds: what was not tried counts no attempt."""
    waiting = _end(message, [owner]).values(
        state="pending", due_at=due, attempts=outbox.c.attempts - 1, owner=None, lease_until=None
    )
    return (await connection.execute(waiting)).rowcount == 1


async def expired(connection: AsyncConnection, owner: str, now: datetime) -> tuple[OutgoingMessage, ...]:
    """Take over the messages whose sender disappeared."""
    lost = await connection.execute(
        update(outbox)
        .where(outbox.c.state == SENDING, outbox.c.lease_until <= now)
        .values(owner=owner, lease_until=now + _DECIDING)
        .returning(*_RETURNED)
    )
    return tuple(sorted((_message(row) for row in lost), key=lambda message: message.id))


async def sent_since(connection: AsyncConnection, moment: datetime) -> tuple[tuple[Chat, datetime], ...]:
    """What was sent since then: to whom and when, in that order."""
    query = select(outbox.c.platform, outbox.c.chat, outbox.c.sent_at)
    sent = query.where(outbox.c.state == "sent", outbox.c.sent_at >= moment).order_by(outbox.c.sent_at)
    return tuple((Chat(row.platform, row.chat), row.sent_at) for row in await connection.execute(sent))


async def counts(connection: AsyncConnection) -> dict[MessageState, int]:
    """How many messages are in each state."""
    rows = await connection.execute(select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state))
    known = {row.state: row.number for row in rows}
    return {state: known.get(state, 0) for state in get_args(MessageState)}


def is_behind() -> ColumnElement[bool]:
    """Whether a message of the chat is being sent, or an earlier one of the same thread has not been sent."""
    other = outbox.alias("other")
    earlier = and_(other.c.thread == outbox.c.thread, other.c.state == PENDING, other.c.id < outbox.c.id)
    same_chat = and_(other.c.platform == outbox.c.platform, other.c.chat == outbox.c.chat)
    # Said although it follows from the next line: it lets the databases use the index of unsent messages.
    unsent = other.c.state.in_((PENDING, SENDING))
    return exists().where(same_chat, unsent, or_(other.c.state == SENDING, earlier))


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
        buttons=tuple(tuple(Button(*button) for button in buttons) for buttons in row.buttons),
    )
