"""What becomes of a chat's digests while it cannot be reached: suspended, held, or without its thread.

Three rules. What cannot be sent any more is `dead` with a reason, and what it told counts as not told, so that the next
digest tells it. What may be sent one day stays `pending`, and nothing is composed behind it. Whoever set up the chat is
told once, in the same transaction in which the outage becomes known.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Chat, Held, OutgoingMessage
from bot.domain.schedule import PROBES
from bot.storage.chats import here
from bot.storage.engine import insert
from bot.storage.subscriptions import message_row
from bot.storage.tables import outbox, run, subscription, told

_LOST = "the chat cannot be reached"
_PROBES_AT_ONCE = 50


# --- out of reach ----------------------------------------------------------------------------------------------------


async def suspend(connection: AsyncConnection, wanted: Chat, now: datetime) -> None:
    """Mark all subscriptions of a chat as out of reach since `now`; what waits for it is dead, and not told."""
    known = (here(subscription, wanted), subscription.c.suspended_at.is_(None))
    since = {"suspended_at": now, "probe_at": now + PROBES[0], "held": ""}
    await connection.execute(update(subscription).where(*known).values(**since))
    waiting = update(outbox).where(here(outbox, wanted), outbox.c.state == "pending")
    ended = await connection.execute(waiting.values(state="dead", error=_LOST).returning(outbox.c.run_id))
    await give_back(connection, ended.scalars().all())


async def revive(connection: AsyncConnection, wanted: Chat) -> None:
    """The chat can be reached again: its subscriptions are planned anew, what was held for it is due again."""
    there = (here(subscription, wanted), subscription.c.thread == outbox.c.thread)
    held = exists().where(*there, subscription.c.held != "")
    planned = select(run.c.due_at).where(run.c.id == outbox.c.run_id).scalar_subquery()
    waiting = (here(outbox, wanted), outbox.c.state == "pending", outbox.c.run_id.is_not(None), held)
    await connection.execute(update(outbox).where(*waiting).values(due_at=planned))
    known = here(subscription, wanted)
    await connection.execute(update(subscription).where(known, subscription.c.held != "").values(held=""))
    # A slot that passed meanwhile is not made up for.
    back = {"suspended_at": None, "probe_at": None, "next_due_at": None}
    lost = subscription.c.suspended_at.is_not(None)
    await connection.execute(update(subscription).where(known, lost).values(**back))


async def give_back(connection: AsyncConnection, runs: Iterable[int | None]) -> None:
    """Let the next digests tell what these runs were to tell, as far as nothing of them arrived."""
    for number in sorted({one for one in runs if one is not None}, reverse=True):
        arrived = select(outbox.c.id).where(outbox.c.run_id == number, outbox.c.state != "dead").limit(1)
        if (await connection.execute(arrived)).first():
            continue
        await connection.execute(delete(told).where(told.c.run_id == number))
        row = (await connection.execute(select(run.c.subscription_id, run.c.since).where(run.c.id == number))).one()
        if row.since is not None:
            later = and_(subscription.c.id == row.subscription_id, subscription.c.last_digest_at > row.since)
            await connection.execute(update(subscription).where(later).values(last_digest_at=row.since))


async def claim_probes(
    connection: AsyncConnection, platforms: Sequence[str], now: datetime, lease: timedelta
) -> Mapping[Chat, datetime]:
    """Suspended chats to look after now, with the moment since when; asked again after `lease` if nothing is said."""
    due = and_(subscription.c.probe_at <= now, subscription.c.platform.in_(platforms))
    first = select(subscription.c.id).where(due).order_by(subscription.c.probe_at).limit(_PROBES_AT_ONCE)
    claimed = update(subscription).where(due, subscription.c.id.in_(first)).values(probe_at=now + lease)
    found = (subscription.c.platform, subscription.c.chat, subscription.c.suspended_at)
    rows = await connection.execute(claimed.returning(*found))
    return {Chat(row.platform, row.chat): row.suspended_at for row in rows}


async def plan_probe(connection: AsyncConnection, wanted: Chat, at: datetime | None) -> None:
    """When to look after a suspended chat again; None: it must come to us."""
    lost = (here(subscription, wanted), subscription.c.suspended_at.is_not(None))
    await connection.execute(update(subscription).where(*lost).values(probe_at=at))


# --- held ------------------------------------------------------------------------------------------------------------


async def hold(
    connection: AsyncConnection, wanted: Chat, reason: Held, notice: OutgoingMessage | None, now: datetime
) -> bool:
    """Compose nothing more while we may not write there, and queue the notice; False where that was known."""
    place = here(subscription, wanted)
    if reason == "closed":
        place &= subscription.c.thread == wanted.thread
    held = update(subscription).where(place, subscription.c.held != reason).values(held=reason)
    if not (await connection.execute(held)).rowcount:
        return False
    await queue_notice(connection, notice, now)
    return True


async def release(connection: AsyncConnection, wanted: Chat) -> None:
    """Something arrived there, or will never: digests are composed again."""
    theirs = or_(subscription.c.thread == wanted.thread, subscription.c.held != "closed")
    held = (here(subscription, wanted), subscription.c.held != "", theirs)
    await connection.execute(update(subscription).where(*held).values(held=""))


# --- a lost thread ---------------------------------------------------------------------------------------------------


async def lose_thread(connection: AsyncConnection, gone: Chat, notice: OutgoingMessage | None, now: datetime) -> None:
    """What is to go to this thread goes to the chat itself from now on; where the chat reads on its own already, only
    what is written already does, and the thread's subscription ends.
    """
    unsent = outbox.c.state.in_(("pending", "sending"))
    theirs = (here(outbox, gone), outbox.c.thread == gone.thread, unsent)
    await connection.execute(update(outbox).where(*theirs).values(thread=""))
    mine, home = await _in(connection, gone, gone.thread), await _in(connection, gone, "")
    if mine is not None and home is not None and home["subscribed"]:
        await _set(connection, mine, subscribed=False, held="")
    elif mine is not None:
        # A draft of the chat itself makes room; deleted, it would take with it what it had queued.
        await _set(connection, mine, thread="\N{REPLACEMENT CHARACTER}", held="")
        if home is not None:
            await _set(connection, home, thread=gone.thread)
        await _set(connection, mine, thread="")
    await queue_notice(connection, notice, now)


async def _in(connection: AsyncConnection, wanted: Chat, thread: str) -> RowMapping | None:
    query = select(subscription).where(here(subscription, wanted), subscription.c.thread == thread)
    return (await connection.execute(query.with_for_update())).mappings().first()


async def _set(connection: AsyncConnection, row: RowMapping, **values: object) -> None:
    await connection.execute(update(subscription).where(subscription.c.id == row["id"]).values(**values))


async def queue_notice(connection: AsyncConnection, notice: OutgoingMessage | None, now: datetime) -> None:
    """Queue a notice, once: its key says what it is about."""
    if notice is not None:
        once = insert(connection, outbox).values(**message_row(notice, None, now)).on_conflict_do_nothing()
        await connection.execute(once)
