"""Feeds that chats added: whose they are, and who may read what they bring."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Chat, Feed, FeedState
from bot.storage import chats, feeds
from bot.storage.chat_tables import chat, chat_feed
from bot.storage.engine import insert
from bot.storage.tables import article, feed


def visible(wanted: Chat | None) -> ColumnElement[bool]:
    """Whether a chat may read what a feed brings: those of the owner, and its own; None: what everybody may."""
    if wanted is None:
        return feed.c.shared
    mine = select(chat_feed.c.feed_id).join(chat, chat.c.id == chat_feed.c.chat_id).where(chats.here(chat, wanted))
    return or_(feed.c.shared, feed.c.id.in_(mine))


async def states(connection: AsyncConnection, wanted: Chat | None) -> tuple[FeedState, ...]:
    """The feeds that a chat added, or that any chat did, in the order of their names."""
    mine = select(chat_feed.c.feed_id).join(chat, chat.c.id == chat_feed.c.chat_id)
    if wanted is not None:
        mine = mine.where(chats.here(chat, wanted))
    return await feeds.states_where(connection, ~feed.c.shared & feed.c.id.in_(mine))


async def owners_of(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, tuple[Chat, ...]]:
    """Feed → the chats that added it."""
    query = select(chat_feed.c.feed_id, chat.c.platform, chat.c.chat).join(chat, chat.c.id == chat_feed.c.chat_id)
    found: dict[int, tuple[Chat, ...]] = {}
    for row in await connection.execute(query.where(chat_feed.c.feed_id.in_(ids)).order_by(chat.c.id)):
        found[row.feed_id] = (*found.get(row.feed_id, ()), Chat(row.platform, row.chat))
    return found


async def add(
    connection: AsyncConnection, wanted: Chat, new: Feed, person: str, limit: int, now: datetime
) -> FeedState | None:
    """Let a known chat have a feed, which is due now; None where it has `limit` of them already.

    One of the owner's feeds stays the owner's: its state is returned, nothing is added.
    """
    query = select(chat.c.id).where(chats.here(chat, wanted)).with_for_update()  # two at once count each other
    number = (await connection.execute(query)).scalar_one()
    configured = feed.c.shared & feed.c.active & (feed.c.url == new.url)
    if known := await feeds.states_where(connection, configured):
        return known[0]
    mine = select(func.count()).select_from(chat_feed).join(feed).where(chat_feed.c.chat_id == number)
    if (await connection.execute(mine.where(feed.c.url != new.url))).scalar_one() >= limit:
        return None
    fresh = {name: getattr(new, name) for name in feeds.CONFIGURED} | {"active": True, "shared": False}
    row = insert(connection, feed).values(**fresh, next_poll_at=now)
    # Somebody else may read it already: then it goes on as it is. One that rested, or had ended, is asked anew.
    anew = {"active": True, "shared": False, "trusted": False, "disabled": "", "missing_since": None}
    again = feed.c.active.is_(False) | (feed.c.disabled != "")
    await connection.execute(
        row.on_conflict_do_update(index_elements=[feed.c.url], set_=anew | {"next_poll_at": now}, where=again)
    )
    (state,) = await feeds.states_where(connection, feed.c.url == new.url)
    theirs = insert(connection, chat_feed).values(chat_id=number, feed_id=state.id, added_by=person)
    await connection.execute(theirs.on_conflict_do_nothing())
    return state


async def drop(connection: AsyncConnection, wanted: Chat, number: int) -> bool:
    """Take a feed from a chat; False where it had none such."""
    mine = select(chat.c.id).where(chats.here(chat, wanted)).scalar_subquery()
    gone = delete(chat_feed).where(chat_feed.c.chat_id == mine, chat_feed.c.feed_id == number)
    dropped = (await connection.execute(gone)).rowcount > 0
    await rest(connection)
    return dropped


async def rest(connection: AsyncConnection) -> None:
    """Ask no more for feeds that no chat has any more."""
    theirs = exists().where(chat_feed.c.feed_id == feed.c.id)
    await connection.execute(update(feed).where(feed.c.active, ~feed.c.shared, ~theirs).values(active=False))


async def prune(connection: AsyncConnection) -> None:
    """Forget feeds that no chat has any more, once what they brought is gone by age."""
    theirs = exists().where(chat_feed.c.feed_id == feed.c.id)
    brought = exists().where(article.c.feed_id == feed.c.id)
    await connection.execute(delete(feed).where(~feed.c.shared, ~feed.c.active, ~theirs, ~brought))


async def move(connection: AsyncConnection, old: int, new: int) -> None:
    """Give a chat what another row of the same chat has added."""
    have = select(chat_feed.c.feed_id).where(chat_feed.c.chat_id == new)
    theirs = chat_feed.c.chat_id == old
    await connection.execute(update(chat_feed).where(theirs, chat_feed.c.feed_id.not_in(have)).values(chat_id=new))
