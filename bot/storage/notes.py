"""What outlives a start and belongs to no chat: a value under a name; and leases, so that one process does a thing."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.chat_tables import note
from bot.storage.engine import insert


async def recall(connection: AsyncConnection, name: str) -> str:
    """What was noted under this name, "" where nothing was."""
    value = (await connection.execute(select(note.c.value).where(note.c.name == name))).scalar_one_or_none()
    return str(value or "")


async def write(connection: AsyncConnection, name: str, value: str) -> None:
    """Note it, in place of what was noted."""
    statement = insert(connection, note).values(name=name, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=[note.c.name], set_={"value": value}))


async def lease(connection: AsyncConnection, owner: str, name: str, now: datetime, length: timedelta) -> bool:
    """Whether this owner may do the thing of that name until `now + length`: nobody else may, or may any more."""
    mine = {"value": owner, "until": now + length}
    free = or_(note.c.value == owner, note.c.until <= now)
    statement = insert(connection, note).values(name=name, **mine)
    taken = statement.on_conflict_do_update(index_elements=[note.c.name], set_=mine, where=free)
    return (await connection.execute(taken.returning(note.c.name))).first() is not None


async def release(connection: AsyncConnection, owner: str, name: str, now: datetime) -> None:
    """Let another one have it at once."""
    mine = (note.c.name == name, note.c.value == owner)
    await connection.execute(update(note).where(*mine).values(until=now))
