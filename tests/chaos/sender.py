"""A worker to be killed: drains the outbox onto a file until nothing is left. Started by test_kills.py."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.model import Receipt
from bot.services.deliver import Post
from bot.storage import open_store


class FilePlatform:
    name = "paper"

    def __init__(self, path):
        self.path = Path(path)

    async def send(self, message, now):
        await asyncio.to_thread(self._write, f"{message.chat.id} {message.key}\n")
        return Receipt(message.key, now)

    def _write(self, line):
        with self.path.open("a", encoding="utf-8") as delivered:
            delivered.write(line)
            delivered.flush()
            os.fsync(delivered.fileno())  # delivered, and the answer still under way: the moment at which a kill hurts


async def never(_length):
    raise AssertionError("a file has no limits to wait for")


async def main(database, path, late):
    # Each life begins after the leases of the one before, as it would after a restart.
    now = datetime(2026, 11, 22, 7, 0, tzinfo=UTC) + timedelta(minutes=5 * int(late))
    platforms = {"paper": FilePlatform(path)}
    async with await open_store(database, now=now, worker=True) as store:
        await Post(store, platforms, lambda: now, never).reap()
        for minutes in (2, 4):
            await Post(store, platforms, lambda: now + timedelta(minutes=minutes), never).drain()  # noqa: B023 (used now)


asyncio.run(main(*sys.argv[1:]))
