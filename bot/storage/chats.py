"""Who a chat is, what it wrote itself, and what a dialogue in it waits for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.chats import Dialogue, Edit, KnownChat, OwnTopic
from bot.domain.model import Chat, Subscription
from bot.storage import subscriptions
from bot.storage.chat_tables import chat, dialogue, own_topic, turn
from bot.storage.engine import chunks, insert
from bot.storage.tables import subscription, topic_match


def here(table: Table, wanted: Chat) -> ColumnElement[bool]:
    """Rows of this chat, whatever the thread."""
    return (table.c.platform == wanted.platform) & (table.c.chat == wanted.id)


# --- chats -----------------------------------------------------------------------------------------------------------


async def known(connection: AsyncConnection, wanted: Chat) -> KnownChat | None:
    """The chat of that name."""
    return await _one(connection, select(chat).where(here(chat, wanted)))


async def numbered(connection: AsyncConnection, number: int) -> KnownChat | None:
    """The chat of that id."""
    return await _one(connection, select(chat).where(chat.c.id == number))


async def channels_of(connection: AsyncConnection, platform: str, person: str) -> tuple[KnownChat, ...]:
    """The channels that a person configures."""
    wanted = (chat.c.platform == platform, chat.c.admin == person, chat.c.kind == "channel")
    rows = await connection.execute(select(chat).where(*wanted).order_by(chat.c.id))
    return tuple(_known(row) for row in rows.mappings())


async def save(connection: AsyncConnection, wanted: KnownChat) -> int:
    """Insert, or update the chat of that name; its id."""
    row = {"kind": wanted.kind, "title": wanted.title, "admitted": wanted.admitted, "admin": wanted.admin}
    statement = insert(connection, chat).values(platform=wanted.chat.platform, chat=wanted.chat.id, **row)
    saved = statement.on_conflict_do_update(index_elements=[chat.c.platform, chat.c.chat], set_=row)
    return int((await connection.execute(saved.returning(chat.c.id))).scalar_one())


# --- subscriptions ---------------------------------------------------------------------------------------------------


async def edit_subscription(connection: AsyncConnection, wanted: Chat, edit: Edit) -> Subscription:
    """Store what `edit` makes of the chat's subscription as it stands; nobody comes between."""
    edited = edit(await subscriptions.of_chat(connection, wanted, edited=True))
    return replace(edited, id=await subscriptions.save(connection, edited))


async def change_subscription(
    connection: AsyncConnection, number: int, change: Callable[[Subscription], Subscription]
) -> None:
    """Store what `change` makes of the subscription of that id, if it is still there."""
    query = select(subscription.c.platform, subscription.c.chat, subscription.c.thread)
    row = (await connection.execute(query.where(subscription.c.id == number))).first()
    stored = await subscriptions.of_chat(connection, Chat(*row), edited=True) if row else None
    if stored:
        await subscriptions.save(connection, change(stored))


# --- own topics ------------------------------------------------------------------------------------------------------


async def own_topics(connection: AsyncConnection, wanted: Chat | None) -> tuple[OwnTopic, ...]:
    """The topics that a chat wrote, in the order written; of all chats without one."""
    query = select(own_topic).join(chat, chat.c.id == own_topic.c.chat_id).order_by(chat.c.id, own_topic.c.topic)
    rows = await connection.execute(query.where(here(chat, wanted)) if wanted else query)
    topics = (OwnTopic(row["topic"], row["name"], row["rule"]) for row in rows.mappings())
    return tuple(sorted(topics, key=_number))


async def own_names(connection: AsyncConnection, topics: Sequence[str]) -> dict[str, str]:
    """The names of those of these topics that chats wrote."""
    rows = await connection.execute(select(own_topic).where(own_topic.c.topic.in_(topics)))
    return {row["topic"]: row["name"] for row in rows.mappings()}


async def add_own_topic(connection: AsyncConnection, wanted: Chat, name: str, rule: str, limit: int) -> OwnTopic | None:
    """Store a topic of a known chat; None where it has as many as it may have."""
    locked = select(chat.c.id, chat.c.topics_made).where(here(chat, wanted)).with_for_update()
    row = (await connection.execute(locked)).one()
    if len(await own_topics(connection, wanted)) >= limit:
        return None
    made = row.topics_made + 1
    topic = OwnTopic(f"c{row.id}-{made}", name, rule)
    await connection.execute(update(chat).where(chat.c.id == row.id).values(topics_made=made))
    await connection.execute(own_topic.insert().values(topic=topic.id, chat_id=row.id, name=name, rule=rule))
    return topic


async def change_own_topic(connection: AsyncConnection, wanted: Chat, topic: OwnTopic) -> bool:
    """Store another name and rule; False where the chat has no such topic (any more)."""
    changed = update(own_topic).where(own_topic.c.topic == topic.id, _of_chat(wanted))
    return (await connection.execute(changed.values(name=topic.name, rule=topic.rule))).rowcount > 0


async def drop_own_topic(connection: AsyncConnection, wanted: Chat, topic: str) -> bool:
    """Delete a topic with all that it found; False where the chat has no such topic (any more)."""
    deleted = await connection.execute(delete(own_topic).where(own_topic.c.topic == topic, _of_chat(wanted)))
    if not deleted.rowcount:
        return False
    await drop_matches(connection, [topic])
    rows = await connection.execute(select(subscription).where(here(subscription, wanted)).with_for_update())
    for row in rows.mappings().all():
        kept = tuple(other for other in row["topics"] if other != topic)
        if kept != row["topics"]:
            await connection.execute(update(subscription).where(subscription.c.id == row["id"]).values(topics=kept))
    return True


async def drop_matches(connection: AsyncConnection, topics: Sequence[str]) -> None:
    """Delete what topics found."""
    for some in chunks(topics):
        await connection.execute(delete(topic_match).where(topic_match.c.topic.in_(some)))


def _of_chat(wanted: Chat) -> ColumnElement[bool]:
    return own_topic.c.chat_id.in_(select(chat.c.id).where(here(chat, wanted)))


# --- dialogues and turns ---------------------------------------------------------------------------------------------


async def waiting(connection: AsyncConnection, wanted: Chat, person: str, now: datetime) -> Dialogue | None:
    """What this person's next words mean here, unless too much time has passed."""
    query = select(dialogue).where(_dialogue_of(wanted, person), dialogue.c.expires_at > now)
    row = (await connection.execute(query)).mappings().first()
    return Dialogue(row["step"], row["payload"], row["expires_at"]) if row else None


async def save_dialogue(connection: AsyncConnection, wanted: Chat, person: str, new: Dialogue | None) -> bool:
    """Replace what is waited for; whether anything was before."""
    ended = await connection.execute(delete(dialogue).where(_dialogue_of(wanted, person)))
    if new:
        row = {"platform": wanted.platform, "chat": wanted.id, "thread": wanted.thread, "person": person}
        row |= {"step": new.step, "payload": new.payload}
        statement = insert(connection, dialogue).values(**row, expires_at=new.expires_at)
        # Two presses at once in two processes: one dialogue remains.
        await connection.execute(statement.on_conflict_do_nothing())
    return ended.rowcount > 0


def _dialogue_of(wanted: Chat, person: str) -> ColumnElement[bool]:
    return here(dialogue, wanted) & (dialogue.c.thread == wanted.thread) & (dialogue.c.person == person)


async def take_turn(connection: AsyncConnection, wanted: Chat, what: str, now: datetime, gap: timedelta) -> bool:
    """Whether the chat had none of it for so long; then it has it now."""
    statement = insert(connection, turn).values(platform=wanted.platform, chat=wanted.id, what=what, at=now)
    mine = statement.on_conflict_do_update(
        index_elements=[turn.c.platform, turn.c.chat, turn.c.what], set_={"at": now}, where=turn.c.at <= now - gap
    )
    return (await connection.execute(mine.returning(turn.c.at))).first() is not None


async def prune(connection: AsyncConnection, now: datetime) -> None:
    """Delete what is over: dialogues that nobody went on with, turns that hold nobody back."""
    await connection.execute(delete(dialogue).where(dialogue.c.expires_at < now))
    await connection.execute(delete(turn).where(turn.c.at < now - timedelta(days=2)))


# --- rows ------------------------------------------------------------------------------------------------------------


async def _one(connection: AsyncConnection, query: Select[tuple[object, ...]]) -> KnownChat | None:
    row = (await connection.execute(query)).mappings().first()
    return _known(row) if row else None


def _known(row: RowMapping) -> KnownChat:
    return KnownChat(
        chat=Chat(row["platform"], row["chat"]),
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        admitted=row["admitted"],
        admin=row["admin"],
    )


def _number(topic: OwnTopic) -> tuple[int, ...]:
    return tuple(int(part) for part in topic.id[1:].split("-"))
