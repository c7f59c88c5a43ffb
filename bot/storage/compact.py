"""Room on the disk: what rows that are gone still take of a SQLite file. PostgreSQL sees to that by itself."""

import asyncio
import sqlite3
from contextlib import closing

from bot.storage.address import parse_address
from bot.storage.failures import explained

_WORTH_IT = 0.2  # of the file: below that, writing all of it anew costs more than it gives
_BUSY_SECONDS = 30


async def compact(database_url: str) -> int:
    """Give back what is free of a SQLite file; how many bytes, 0 where that is not worth it. Others may go on reading;
    writers wait. Raises StoreError.
    """
    return await asyncio.to_thread(_compact, database_url)


def _compact(database_url: str) -> int:
    address = parse_address(database_url)
    with explained(address):
        if address.path is None or not address.path.is_file():
            return 0
        with closing(sqlite3.connect(address.path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            pages, free, size = (
                int(connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("page_count", "freelist_count", "page_size")
            )
            if free <= pages * _WORTH_IT:
                return 0
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # until then the file itself is as long as before
            left = int(connection.execute("PRAGMA page_count").fetchone()[0])
        return max(pages - left, 0) * size
