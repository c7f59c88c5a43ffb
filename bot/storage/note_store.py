"""The store's methods about what belongs to no chat: notes, and leases between processes."""

from datetime import datetime, timedelta

from bot.storage import notes
from bot.storage.engine import Database


class NoteStore:
    """What outlives a start; the port says what each method means."""

    database: Database
    _owner: str  # this process, to the others

    async def recall(self, name: str) -> str:
        """What was noted under this name, "" where nothing was."""
        async with self.database.read() as connection:
            return await notes.recall(connection, name)

    async def note(self, name: str, value: str) -> None:
        """Note it, in place of what was noted."""
        async with self.database.write() as connection:
            await notes.write(connection, name, value)

    async def lease(self, name: str, now: datetime, length: timedelta) -> bool:
        """Whether this process may do the thing of that name until `now + length`, as no other may."""
        async with self.database.write() as connection:
            return await notes.lease(connection, self._owner, name, now, length)

    async def release(self, name: str, now: datetime) -> None:
        """Let another process have it at once."""
        async with self.database.write() as connection:
            await notes.release(connection, self._owner, name, now)
