"""The store's methods about the outbox: each one transaction, as in store.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.model import Chat, MessageState, OutgoingMessage, Receipt
from bot.storage import outbox
from bot.storage.engine import Database
from bot.storage.failures import Collision

_RACES = 5  # how often somebody else may be faster in the same chat before the next beat has to do


class OutboxStore:
    """Messages on their way; the port says what each method means."""

    database: Database
    # Claims are this object's. What it takes over from the dead it may decide about, but no longer send.
    _owner: str
    _reaper: str

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
        self,
        message: OutgoingMessage,
        state: MessageState,
        error: str,
        *,
        due: datetime,
        ambiguous: bool = False,
        untold: bool = False,
    ) -> bool:
        """Put a claimed message to `pending`, `unknown` or `dead`; False if the claim was lost meanwhile."""
        outcome = {"state": state, "error": error, "due_at": due}
        owners = (self._owner, self._reaper)
        async with self.database.write() as connection:
            return await outbox.mark_failed(connection, owners, message, outcome, ambiguous=ambiguous, untold=untold)

    async def put_back(self, message: OutgoingMessage, due: datetime) -> bool:
        """Put a claimed message that was not tried to `pending`; False if the claim was lost meanwhile."""
        async with self.database.write() as connection:
            return await outbox.put_back(connection, self._owner, message, due)

    async def expired(self, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Messages whose claim ran out while they were being sent, claimed anew to be decided about."""
        async with self.database.write() as connection:
            return await outbox.expired(connection, self._reaper, now)

    async def sent_since(self, moment: datetime) -> tuple[tuple[Chat, datetime], ...]:
        """What was sent since then: to whom and when, in that order."""
        async with self.database.read() as connection:
            return await outbox.sent_since(connection, moment)

    async def outbox(self) -> Mapping[MessageState, int]:
        """How many messages are in each state; every state is a key."""
        async with self.database.read() as connection:
            return await outbox.counts(connection)
