"""The conversation of the local chat: what was said, in order, and what has changed since a page last looked.

A version is the moment of a change in microseconds, or one more than the latest where the clock stands still: it grows
also when everything was erased before, so that a page that was open all the time misses nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.talk import Button, Document, Said
from bot.storage.chat_tables import local_message
from bot.storage.engine import Database
from bot.storage.tables import article, feed, item, outbox, told

_MICROSECONDS = 1_000_000


class TalkStore:
    """The store's methods about the local chat: each one transaction, as in store.py."""

    database: Database

    async def keep_said(self, said: Said, most: int) -> Said:
        """Keep a message and forget the oldest beyond `most`; one whose key is known stays as it was."""
        async with self.database.write() as connection:
            return await _keep(connection, said, most)

    async def change_said(self, said: Said) -> bool:
        """Give a message another body and other buttons; False where it is not kept."""
        async with self.database.write() as connection:
            values = {"body": said.body, "rows": _plain(said), "edited": True}
            values["version"] = await _next_version(connection, said.at)
            changed = update(local_message).where(local_message.c.id == said.id).values(**values)
            return bool((await connection.execute(changed)).rowcount)

    async def said(self, number: int) -> Said | None:
        """The message of that id."""
        async with self.database.read() as connection:
            query = select(local_message).where(local_message.c.id == number)
            row = (await connection.execute(query)).mappings().first()
            return _said(row) if row else None

    async def said_since(self, version: int) -> tuple[int, tuple[Said, ...]]:
        """The smallest id that is kept, and what was said or changed after that version."""
        async with self.database.read() as connection:
            first = (await connection.execute(select(func.min(local_message.c.id)))).scalar()
            query = select(local_message).where(local_message.c.version > version).order_by(local_message.c.id)
            rows = (await connection.execute(query)).mappings()
            return int(first or 0), tuple(_said(row) for row in rows)

    async def drop_unlisted(self) -> int:
        """Delete every article that no feed that is read shows any more; how many."""
        async with self.database.write() as connection:
            shown = select(item.c.article_id).join(feed, feed.c.id == item.c.feed_id)
            listed = shown.where(item.c.left_at.is_(None), feed.c.active)
            unsent = outbox.c.state.in_(("pending", "sending"))
            wanted = select(told.c.article_id).join(outbox, outbox.c.run_id == told.c.run_id).where(unsent)
            gone = delete(article).where(article.c.id.not_in(listed), article.c.id.not_in(wanted))
            return (await connection.execute(gone)).rowcount


async def erase(connection: AsyncConnection) -> None:
    """Forget the whole conversation."""
    await connection.execute(delete(local_message))


async def _keep(connection: AsyncConnection, said: Said, most: int) -> Said:
    values = {"mine": said.mine, "body": said.body, "rows": _plain(said), "at": said.at, "edited": said.edited}
    values |= {"file_name": said.file.name, "file": said.file.content} if said.file else {}
    version = await _next_version(connection, said.at)
    if said.key:
        query = select(local_message).where(local_message.c.key == said.key)
        known = (await connection.execute(query)).mappings().first()
        if known:
            return _said(known)
    row = local_message.insert().values(version=version, key=said.key or None, **values).returning(local_message)
    kept = _said((await connection.execute(row)).mappings().one())
    oldest = select(local_message.c.id).order_by(local_message.c.id.desc()).offset(most)
    await connection.execute(delete(local_message).where(local_message.c.id.in_(oldest)))
    return kept


async def _next_version(connection: AsyncConnection, at: datetime) -> int:
    if connection.dialect.name == "postgresql":
        # Versions become visible in their order: a page must not see the later one of two first.
        await connection.execute(text("LOCK TABLE local_message IN SHARE ROW EXCLUSIVE MODE"))
    latest = (await connection.execute(select(func.max(local_message.c.version)))).scalar() or 0
    return max(int(latest) + 1, int(at.timestamp() * _MICROSECONDS))


def _plain(said: Said) -> Sequence[Sequence[Sequence[str]]]:
    return [[(button.label, button.data, button.url) for button in row] for row in said.rows]


def _said(row: RowMapping) -> Said:
    rows: tuple[Any, ...] = row["rows"]
    return Said(
        body=row["body"],
        at=row["at"],
        mine=row["mine"],
        rows=tuple(tuple(Button(*button) for button in buttons) for buttons in rows),
        key=row["key"] or "",
        id=row["id"],
        version=row["version"],
        edited=row["edited"],
        file=Document(row["file_name"], bytes(row["file"])) if row["file"] is not None else None,
    )
