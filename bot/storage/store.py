"""The store: every method of the port is one transaction, handed to the part that knows its tables."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from filelock import FileLock

from bot.domain.editions import Edition
from bot.domain.figures import Asked, Figures
from bot.domain.model import (
    Article,
    Candidate,
    Chat,
    OutgoingMessage,
    Run,
    Subscription,
)
from bot.storage import articles, editions, figures, lookup, outbox, subscriptions, upkeep
from bot.storage.address import Address, parse_address
from bot.storage.alerts import AlertStore
from bot.storage.chat_store import ChatStore
from bot.storage.editions import EditionStore
from bot.storage.engine import Database
from bot.storage.failures import explained
from bot.storage.feed_store import FeedStore
from bot.storage.lock import worker_lock
from bot.storage.migrate import migrate
from bot.storage.note_store import NoteStore
from bot.storage.outbox_store import OutboxStore
from bot.storage.talk import TalkStore


async def open_store(database_url: str, *, now: datetime, worker: bool = False) -> "SqlStore":
    """The store at an address, brought up to date; created where there is none.

    With `worker` on SQLite this process is the file's only worker until the store is closed, hence takes over what a
    dead one had claimed. Without it the store may be used beside a worker. Raises StoreError.
    """
    address = parse_address(database_url)
    lock = await asyncio.to_thread(_prepare, address, worker=worker)
    store = SqlStore(Database(address), lock)
    try:
        if lock:
            async with store.database.write() as connection:
                await upkeep.release_predecessor(connection, now)
    except BaseException:
        await store.close()
        raise
    return store


def _prepare(address: Address, *, worker: bool) -> FileLock | None:
    with explained(address):
        if worker and address.path:
            address.path.parent.mkdir(parents=True, exist_ok=True)
        lock = worker_lock(address) if worker else None
        try:
            migrate(address, worker=worker)
        except BaseException:
            if lock:
                lock.release()
            raise
        return lock


class SqlStore(FeedStore, ChatStore, OutboxStore, NoteStore, TalkStore, AlertStore, EditionStore):
    """All that outlives the process, in SQLite or PostgreSQL. Every method raises StoreError and nothing else."""

    def __init__(self, database: Database, lock: FileLock | None = None) -> None:
        self.database = database
        self._lock = lock
        self._owner, self._reaper = uuid4().hex, uuid4().hex

    async def __aenter__(self) -> Self:
        """The store itself; it is closed at the end of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()

    # --- articles ----------------------------------------------------------------------------------------------------

    async def unanalysed(self, version: str, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles that were not analysed under this version of the rules, newest first."""
        async with self.database.read() as connection:
            return await articles.unanalysed(connection, version, since, limit)

    async def save_analysis(self, found: Candidate, version: str, now: datetime, *, wants_page: bool = False) -> None:
        """Replace what was found in an article; see the port."""
        async with self.database.write(patient=True) as connection:
            await articles.save_analysis(connection, found, version, now, wants_page=wants_page)

    async def wanted_pages(self, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles whose page is still to be read, newest first."""
        async with self.database.read() as connection:
            return await articles.wanted_pages(connection, since, limit)

    async def candidates(
        self, topics: Sequence[str], since: datetime, until: datetime, chat: Chat | None = None
    ) -> tuple[Candidate, ...]:
        """Articles about any of the topics that a chat may read, published after `since` and until `until`."""
        async with self.database.read() as connection:
            return await articles.candidates(connection, topics, since, until, chat)

    async def recent_articles(
        self, since: datetime, limit: int, chat: Chat | None = None, *, before: int = 0
    ) -> tuple[Article, ...]:
        """Articles that a chat may read, the latest stored first, without their pages."""
        async with self.database.read() as connection:
            return await lookup.recent_articles(connection, since, limit, chat, before)

    async def latest_match(self, topics: Sequence[str]) -> datetime | None:
        """When the latest article about any of the topics was published; None where there is none."""
        async with self.database.read() as connection:
            return await articles.latest_match(connection, topics)

    # --- subscriptions and runs --------------------------------------------------------------------------------------

    async def save_subscription(self, subscription: Subscription) -> Subscription:
        """Insert or update; with its id."""
        async with self.database.write() as connection:
            return replace(subscription, id=await subscriptions.save(connection, subscription))

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """All of them, paused ones too."""
        async with self.database.read() as connection:
            return await subscriptions.all_of(connection)

    async def told(self, subscription: int, since: datetime) -> frozenset[int]:
        """Ids of the articles that runs of this subscription have decided about since then."""
        async with self.database.read() as connection:
            return await subscriptions.articles_told(connection, subscription, since)

    async def enqueue(
        self,
        run: Run,
        messages: Sequence[OutgoingMessage],
        *,
        told: Sequence[int] = (),
        next_due_at: datetime | None = None,
        edition: Edition | None = None,
    ) -> bool:
        """Queue a run with its messages, once; False when it exists already."""
        async with self.database.write() as connection:
            queued = await subscriptions.enqueue(connection, run, messages, told, next_due_at)
            if queued and edition:
                await editions.save(connection, edition)
            return queued

    # --- upkeep ------------------------------------------------------------------------------------------------------

    async def prune(self, now: datetime, articles: timedelta, statements: timedelta) -> Mapping[str, int]:
        """Delete what is older than its retention; how many rows of what."""
        async with self.database.write() as connection:
            return await upkeep.prune(connection, now, articles, statements)

    async def stats(self) -> Mapping[str, int]:
        """Rows of each kind, and messages by state."""
        async with self.database.read() as connection:
            messages = await outbox.counts(connection)
            return await upkeep.stats(connection) | {str(state): number for state, number in messages.items()}

    async def figures(self, wanted: Asked) -> Figures:
        """How everything is, at one moment."""
        async with self.database.read() as connection:
            return await figures.figures(connection, wanted)

    async def waiting_since(self, platforms: Sequence[str], now: datetime) -> datetime | None:
        """Since when the oldest message waits that nothing explains; None where there is none."""
        async with self.database.read() as connection:
            return await figures.waiting_since(connection, platforms, now)

    async def close(self) -> None:
        """Close all connections and let another worker in."""
        await self.database.close()
        if self._lock:
            self._lock.release()
            self._lock = None
