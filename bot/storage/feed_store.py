"""The store's methods about feeds: each one transaction, as in store.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.model import Chat, Feed, FeedState, OutgoingMessage, Polled
from bot.storage import feeds, own_feeds, polls
from bot.storage.engine import Database


class FeedStore:
    """Feeds, those of the owner and those that chats added; the port says what each method means."""

    database: Database
    _owner: str  # claims are this object's

    async def sync_feeds(self, wanted: Sequence[Feed], now: datetime) -> None:
        """Make the configured feeds the polled ones; see the port."""
        async with self.database.write() as connection:
            await feeds.sync(connection, wanted, now)

    async def claim_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[FeedState, ...]:
        """Feeds that are due, claimed until `now + lease`."""
        async with self.database.write() as connection:
            return await feeds.claim(connection, self._owner, now, lease, limit)

    async def hurry_feeds(self, errors: Sequence[str], now: datetime) -> None:
        """Let feeds be due now whose last failure was of one of these kinds."""
        async with self.database.write() as connection:
            await feeds.hurry(connection, errors, now)

    async def retry_feeds(self, now: datetime, url: str = "") -> int:
        """Let feeds that have ended, or fail, be due now; or just the one of this address. How many."""
        async with self.database.write() as connection:
            return await feeds.retry(connection, now, url)

    async def save_poll(self, polled: Polled, now: datetime) -> Polled:
        """Store what a poll brought and release the claim; see the port."""
        async with self.database.write(patient=True) as connection:
            return await polls.save(connection, self._owner, polled, now)

    async def save_states(self, states: Sequence[FeedState], now: datetime) -> None:
        """Store the states after polls that brought nothing, and release the claims."""
        async with self.database.write() as connection:
            await feeds.save_states(connection, self._owner, states, now)

    async def feed_states(self) -> tuple[FeedState, ...]:
        """Every active feed of the owner, in the order of outlet and section."""
        async with self.database.read() as connection:
            return await feeds.states(connection)

    async def chat_feeds(self, chat: Chat | None = None) -> tuple[FeedState, ...]:
        """The feeds that a chat added; those of all chats without one."""
        async with self.database.read() as connection:
            return await own_feeds.states(connection, chat)

    async def chats_of_feeds(self, ids: Sequence[int]) -> Mapping[int, tuple[Chat, ...]]:
        """Feed → the chats that added it."""
        async with self.database.read() as connection:
            return await own_feeds.owners_of(connection, ids)

    async def add_chat_feed(self, chat: Chat, feed: Feed, person: str, limit: int, now: datetime) -> FeedState | None:
        """Let a known chat have a feed; see the port."""
        async with self.database.write() as connection:
            return await own_feeds.add(connection, chat, feed, person, limit, now)

    async def drop_chat_feed(self, chat: Chat, number: int) -> bool:
        """Take a feed from a chat; False where it had none such."""
        async with self.database.write() as connection:
            return await own_feeds.drop(connection, chat, number)

    async def report_feeds(
        self, reported: Mapping[int, str], notices: Sequence[OutgoingMessage], now: datetime
    ) -> None:
        """Queue notices about feeds, and remember of which feeds what was told."""
        async with self.database.write() as connection:
            await feeds.report(connection, reported, notices, now)
