"""Use case: feeds that are due are asked, parsed and stored; one bad feed never delays or stops another.

The fetcher keeps its manners by itself (one request at a time per host, few in all), so all due feeds are begun at
once. Whatever goes wrong with a feed becomes its state (what, since when, when to try again), never an exception.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import FeedError
from bot.domain.model import FeedState, Polled
from bot.domain.polling import after_failure, after_success, body_hash, jitter_of
from bot.ports import Fetcher, Store

LEASE = timedelta(minutes=10)  # a feed that was being polled at a kill is due again after this
_AT_ONCE = 200

Watcher = Callable[[Polled], None]


@dataclass(frozen=True, slots=True)
class Poller:
    """Asks feeds when they are due."""

    store: Store
    fetcher: Fetcher
    interval: timedelta

    async def poll_due(self, now: datetime, watch: Watcher = lambda _: None) -> tuple[Polled, ...]:
        """Poll what is due; each outcome is shown to `watch` as it comes, and all are returned."""
        states = await self.store.claim_feeds(now, LEASE, _AT_ONCE)
        return tuple(await asyncio.gather(*(self._poll(state, now, watch) for state in states)))

    async def _poll(self, state: FeedState, now: datetime, watch: Watcher) -> Polled:
        polled = await self.store.save_poll(await self._ask(state, now), now)
        watch(polled)
        return polled

    async def _ask(self, state: FeedState, now: datetime) -> Polled:
        jitter = jitter_of(state.feed)
        try:
            fetched = await self.fetcher.fetch(state, now)
            if fetched.body is None or body_hash(fetched.body) == state.body_hash:
                return Polled(after_success(state, fetched, None, now, self.interval, jitter), unchanged=True)
            parsed = await self.fetcher.parse(fetched)
        except FeedError as error:
            return Polled(after_failure(state, error, now, self.interval, jitter))
        after = after_success(state, fetched, parsed, now, self.interval, jitter)
        return Polled(after, parsed.entries, parsed.dropped)
