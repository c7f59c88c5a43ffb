"""What digests showed, and what became of an article: for buttons under a digest, and for questions about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.editions import Edition, Telling
from bot.domain.model import Candidate, Chat
from bot.storage import articles, items, own_feeds
from bot.storage.chat_tables import edition
from bot.storage.chats import here
from bot.storage.engine import Database, chunks, insert
from bot.storage.tables import article, feed, outbox, run, told


class EditionStore:
    """The store's methods about editions: each one transaction, as in store.py."""

    database: Database

    async def save_edition(self, wanted: Edition) -> None:
        """Remember what a digest on demand showed."""
        async with self.database.write() as connection:
            await save(connection, wanted)

    async def edition(self, chat: Chat, id_: str) -> Edition | None:
        """The edition of that id in this chat."""
        async with self.database.read() as connection:
            query = select(edition).where(here(edition, chat), edition.c.token == id_)
            row = (await connection.execute(query)).mappings().first()
            return _edition(row) if row else None

    async def latest_editions(self, chat: Chat, limit: int) -> tuple[Edition, ...]:
        """What was shown in this chat and thread, the latest first."""
        async with self.database.read() as connection:
            query = select(edition).where(here(edition, chat), edition.c.thread == chat.thread)
            latest = query.order_by(edition.c.made_at.desc(), edition.c.id.desc()).limit(limit)
            return tuple(_edition(row) for row in (await connection.execute(latest)).mappings())

    async def stored_articles(self, ids: Sequence[int], chat: Chat | None = None) -> tuple[Candidate, ...]:
        """Those of these articles that a chat may read, in the order given."""
        async with self.database.read() as connection:
            return await _stored(connection, ids, chat)

    async def article_at(self, url: str, chat: Chat | None = None) -> int | None:
        """The article of that canonical address that a chat may read."""
        async with self.database.read() as connection:
            return await _article_at(connection, url, chat)

    async def tellings(self, subscription: int, numbers: Sequence[int]) -> Mapping[int, Telling]:
        """Article → the run of this subscription that decided about it."""
        async with self.database.read() as connection:
            return await _tellings(connection, subscription, numbers)


async def save(connection: AsyncConnection, wanted: Edition) -> None:
    """Keep it, once."""
    chat = {"platform": wanted.chat.platform, "chat": wanted.chat.id, "thread": wanted.chat.thread}
    shown = {name: getattr(wanted, name) for name in ("made_at", "since", "topics", "stories", "further", "alert")}
    row = insert(connection, edition).values(**chat, token=wanted.id, **shown)
    await connection.execute(row.on_conflict_do_nothing())


async def prune(connection: AsyncConnection, old: datetime) -> None:
    """Forget editions from before then: their articles are gone."""
    await connection.execute(delete(edition).where(edition.c.made_at < old))


async def _stored(connection: AsyncConnection, ids: Sequence[int], chat: Chat | None) -> tuple[Candidate, ...]:
    found: dict[int, Candidate] = {}
    for some in chunks(list(dict.fromkeys(ids))):
        readable = await connection.execute(_readable(chat).where(article.c.id.in_(some)))
        known = set(readable.scalars())
        candidates = await articles.candidates_of(connection, [number for number in some if number in known])
        found |= {one.article.id: one for one in candidates}
    return tuple(found[number] for number in dict.fromkeys(ids) if number in found)


async def _article_at(connection: AsyncConnection, url: str, chat: Chat | None) -> int | None:
    own = await own_feeds.states(connection, chat) if chat else ()
    identities = [items.identity_of(url), *(items.identity_of(url, one.feed.url) for one in own)]
    query = _readable(chat).where(article.c.identity.in_(identities)).order_by(feed.c.shared.desc(), article.c.id)
    found: int | None = (await connection.execute(query.limit(1))).scalar()
    return found


def _readable(chat: Chat | None) -> Select[Any]:
    return select(article.c.id).join(feed, feed.c.id == article.c.feed_id).where(own_feeds.visible(chat))


async def _tellings(connection: AsyncConnection, number: int, numbers: Sequence[int]) -> Mapping[int, Telling]:
    part = outbox.alias("part")
    first = select(func.min(part.c.id)).where(part.c.run_id == run.c.id).correlate(run).scalar_subquery()
    columns = (told.c.article_id, told.c.passed, run.c.slot, run.c.until, outbox.c.state, outbox.c.sent_at)
    query = select(*columns).join_from(told, run, run.c.id == told.c.run_id)
    query = query.join(outbox, outbox.c.id == first, isouter=True).where(told.c.subscription_id == number)
    found: dict[int, Telling] = {}
    for some in chunks(numbers):
        for row in await connection.execute(query.where(told.c.article_id.in_(some))):
            found[row.article_id] = Telling(row.slot, row.until, row.passed, row.state, row.sent_at)
    return found


def _edition(row: RowMapping) -> Edition:
    return Edition(
        id=row["token"],
        chat=Chat(row["platform"], row["chat"], row["thread"]),
        made_at=row["made_at"],
        since=row["since"],
        topics=row["topics"],
        stories=row["stories"],
        further=row["further"],
        alert=row["alert"],
    )
