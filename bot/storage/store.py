"""The store: every method of the port is one transaction, handed to the part that knows its tables."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from filelock import FileLock

from bot.domain.model import (
    Article,
    Candidate,
    Feed,
    FeedState,
    MessageState,
    OutgoingMessage,
    Polled,
    Receipt,
    Run,
    Subscription,
)
from bot.storage import articles, feeds, outbox, polls, subscriptions, upkeep
from bot.storage.address import Address, parse_address
from bot.storage.chat_store import ChatStore
from bot.storage.engine import Database
from bot.storage.failures import Collision, explained
from bot.storage.lock import worker_lock
from bot.storage.migrate import migrate

_RACES = 5  # how often somebody else may be faster in the same chat before the next beat has to do


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


class SqlStore(ChatStore):
    """All that outlives the process, in SQLite or PostgreSQL. Every method raises StoreError and nothing else."""

    def __init__(self, database: Database, lock: FileLock | None = None) -> None:
        self.database = database
        self._lock = lock
        # Claims are this object's. What it takes over from the dead it may decide about, but no longer send.
        self._owner, self._reaper = uuid4().hex, uuid4().hex

    async def __aenter__(self) -> Self:
        """The store itself; it is closed at the end of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()

    # --- feeds -------------------------------------------------------------------------------------------------------

    async def sync_feeds(self, wanted: Sequence[Feed], now: datetime) -> None:
        """Make the configured feeds the polled ones; see the port."""
        async with self.database.write() as connection:
            await feeds.sync(connection, wanted, now)

    async def claim_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[FeedState, ...]:
        """Feeds that are due, claimed until `now + lease`."""
        async with self.database.write() as connection:
            return await feeds.claim(connection, self._owner, now, lease, limit)

    async def hurry_feeds(self, errors: Sequence[str], now: datetime) -> None:
        """Let feeds be due whose last failure was of one of these kinds."""
        async with self.database.write() as connection:
            await feeds.hurry(connection, errors, now)

    async def save_poll(self, polled: Polled, now: datetime) -> Polled:
        """Store what a poll brought and release the claim; see the port."""
        async with self.database.write() as connection:
            return await polls.save(connection, self._owner, polled, now)

    async def feed_states(self) -> tuple[FeedState, ...]:
        """Every active feed, in the order of outlet and section."""
        async with self.database.read() as connection:
            return await feeds.states(connection)

    # --- articles ----------------------------------------------------------------------------------------------------

    async def unanalysed(self, version: str, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles that were not analysed under this version of the rules, newest first."""
        async with self.database.read() as connection:
            return await articles.unanalysed(connection, version, since, limit)

    async def save_analysis(self, found: Candidate, version: str, now: datetime, *, wants_page: bool = False) -> None:
        """Replace what was found in an article; see the port."""
        async with self.database.write() as connection:
            await articles.save_analysis(connection, found, version, now, wants_page=wants_page)

    async def wanted_pages(self, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles whose page is still to be read, newest first."""
        async with self.database.read() as connection:
            return await articles.wanted_pages(connection, since, limit)

    async def candidates(self, topics: Sequence[str], since: datetime, until: datetime) -> tuple[Candidate, ...]:
        """Articles about any of the topics, published after `since` and until `until`, newest first."""
        async with self.database.read() as connection:
            return await articles.candidates(connection, topics, since, until)

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
    ) -> bool:
        """Queue a run with its messages, once; False when it exists already."""
        async with self.database.write() as connection:
            return await subscriptions.enqueue(connection, run, messages, told, next_due_at)

    # --- outbox ------------------------------------------------------------------------------------------------------

    async def claim_message(self, platforms: Sequence[str], now: datetime, lease: timedelta) -> OutgoingMessage | None:
        """The next message that is due, now `sending`; None where there is none."""
        for _ in range(_RACES):
            try:
                async with self.database.write() as connection:
                    return await outbox.claim(connection, self._owner, platforms, now, lease)
            except Collision:  # another thread of the same chat was claimed elsewhere at the same moment
                continue
        return None

    async def mark_sent(self, message: OutgoingMessage, receipt: Receipt) -> bool:
        """Record the receipt; False if the claim was lost meanwhile."""
        async with self.database.write() as connection:
            return await outbox.mark_sent(connection, self._owner, message, receipt)

    async def mark_failed(
        self, message: OutgoingMessage, state: MessageState, error: str, *, due: datetime, ambiguous: bool = False
    ) -> bool:
        """Put a claimed message to `pending`, `unknown` or `dead`; False if the claim was lost meanwhile."""
        outcome = {"state": state, "error": error, "due_at": due}
        owners = (self._owner, self._reaper)
        async with self.database.write() as connection:
            return await outbox.mark_failed(connection, owners, message, outcome, ambiguous=ambiguous)

    async def expired(self, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Messages whose claim ran out while they were being sent, claimed anew to be decided about."""
        async with self.database.write() as connection:
            return await outbox.expired(connection, self._reaper, now)

    async def outbox(self) -> Mapping[MessageState, int]:
        """How many messages are in each state; every state is a key."""
        async with self.database.read() as connection:
            return await outbox.counts(connection)

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

    async def close(self) -> None:
        """Close all connections and let another worker in."""
        await self.database.close()
        if self._lock:
            self._lock.release()
            self._lock = None
