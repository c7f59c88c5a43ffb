"""What becomes of a chat as a whole: who was let in, where it moved, and that it is forgotten."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.chats import Purpose, notice_key
from bot.domain.model import Chat
from bot.storage import own_feeds, talk
from bot.storage.chat_tables import chat, dialogue, edition, invitation, own_topic, owner, turn
from bot.storage.chats import drop_matches, here
from bot.storage.engine import insert
from bot.storage.tables import outbox, subscription

# --- owners and invitations ------------------------------------------------------------------------------------------


async def owners(connection: AsyncConnection) -> frozenset[str]:
    """Who became owner by the link, as platform:person."""
    rows = await connection.execute(select(owner))
    return frozenset(f"{row.platform}:{row.person}" for row in rows)


async def invite(connection: AsyncConnection, token: str, purpose: Purpose, now: datetime) -> None:
    """Store a one-time token."""
    await connection.execute(invitation.insert().values(token=token, purpose=purpose, made_at=now))


async def owner_token(connection: AsyncConnection, fresh: str, now: datetime) -> str:
    """The token that makes its opener the owner, always the same until it is used."""
    query = select(invitation.c.token).where(invitation.c.purpose == "owner").order_by(invitation.c.made_at)
    known = (await connection.execute(query)).scalars().first()
    if known is None:
        await invite(connection, fresh, "owner", now)
    return str(known or fresh)


async def use(connection: AsyncConnection, token: str, person: Chat) -> Purpose | None:
    """Use a token up: what it was good for, None where it is unknown or was used. An owner's makes one."""
    used = delete(invitation).where(invitation.c.token == token).returning(invitation.c.purpose)
    purpose: Purpose | None = (await connection.execute(used)).scalar_one_or_none()
    if purpose == "owner":
        row = insert(connection, owner).values(platform=person.platform, person=person.id)
        await connection.execute(row.on_conflict_do_nothing())
    return purpose


# --- the end of a chat, and its new beginning ------------------------------------------------------------------------


async def forget(connection: AsyncConnection, wanted: Chat, person: str) -> None:
    """Delete everything of a chat, its threads too; with `person` (in private) what is known of them elsewhere."""
    mine = select(own_topic.c.topic).join(chat, chat.c.id == own_topic.c.chat_id).where(here(chat, wanted))
    await drop_matches(connection, (await connection.execute(mine)).scalars().all())
    for table in (subscription, chat, dialogue, turn, edition):
        await connection.execute(delete(table).where(here(table, wanted)))
    told = here(outbox, wanted) | outbox.c.key.startswith(notice_key(wanted), autoescape=True)
    await connection.execute(delete(outbox).where(outbox.c.run_id.is_(None), told))
    if wanted.platform == "local":
        await talk.erase(connection)
    await own_feeds.rest(connection)
    if person:
        theirs = (owner.c.platform == wanted.platform, owner.c.person == person)
        await connection.execute(delete(owner).where(*theirs))
        channels = (chat.c.platform == wanted.platform, chat.c.admin == person)
        await connection.execute(update(chat).where(*channels).values(admin=""))


async def move(connection: AsyncConnection, old: Chat, new: Chat) -> None:
    """Give everything of a chat its new id. What the new one has already yields to what was chosen in the old one."""
    await _move_subscriptions(connection, old, new)
    await _move_chat(connection, old, new)
    busy = exists().where(here(outbox, new), outbox.c.state == "sending")
    # A message in flight keeps its old id beside another in flight: its failure brings us here again.
    movable = (outbox.c.state != "sending") | ~busy
    await connection.execute(update(outbox).where(here(outbox, old), movable).values(chat=new.id))
    await connection.execute(update(edition).where(here(edition, old)).values(chat=new.id))
    for table in (dialogue, turn):
        await connection.execute(delete(table).where(here(table, old)))


async def _move_subscriptions(connection: AsyncConnection, old: Chat, new: Chat) -> None:
    rows = (await connection.execute(select(subscription).where(here(subscription, old)))).mappings().all()
    for row in rows:
        rival = select(subscription).where(here(subscription, new), subscription.c.thread == row["thread"])
        there = (await connection.execute(rival)).mappings().first()
        if there and there["subscribed"] and not row["subscribed"]:
            await connection.execute(delete(subscription).where(subscription.c.id == row["id"]))
            continue
        if there:
            await connection.execute(delete(subscription).where(subscription.c.id == there["id"]))
        moved = update(subscription).where(subscription.c.id == row["id"])
        # It can be reached again, under the new id: it was the old one that was gone.
        await connection.execute(moved.values(chat=new.id, suspended_at=None, probe_at=None))


async def _move_chat(connection: AsyncConnection, old: Chat, new: Chat) -> None:
    before = await _row(connection, old)
    if before is None:
        return
    there = await _row(connection, new)
    values = {"chat": new.id, "kind": "supergroup"}
    if there:
        await connection.execute(
            update(own_topic).where(own_topic.c.chat_id == there["id"]).values(chat_id=before["id"])
        )
        await own_feeds.move(connection, there["id"], before["id"])
        await connection.execute(delete(chat).where(chat.c.id == there["id"]))
        values |= {"admitted": before["admitted"] or there["admitted"], "title": there["title"] or before["title"]}
    await connection.execute(update(chat).where(chat.c.id == before["id"]).values(**values))


async def _row(connection: AsyncConnection, wanted: Chat) -> RowMapping | None:
    return (await connection.execute(select(chat).where(here(chat, wanted)))).mappings().first()
