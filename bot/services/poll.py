"""Use case: feeds that are due are asked, parsed and stored; one bad feed never delays or stops another.

The fetcher keeps its manners by itself (one request at a time per host, few in all), so all due feeds are begun at
once. Whatever goes wrong with a feed becomes its state (what, since when, when to try again), never an exception.

A round may be told for how long to wait: what is slower goes on by itself, and a later round returns its outcome. So a
host whose feeds all time out, one after the other, keeps nobody's news waiting.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import FeedError
from bot.domain.model import Dropped, FeedState, Polled
from bot.domain.polling import after_failure, after_success, body_hash, jitter_of, observed
from bot.ports import Fetcher, Store

LEASE = timedelta(minutes=10)  # a feed that was being polled at a kill is due again after this
_AT_ONCE = 200

Watcher = Callable[[Polled], None]


class Poller:
    """Asks feeds when they are due."""

    def __init__(self, store: Store, fetcher: Fetcher, interval: timedelta) -> None:
        self._store, self._fetcher, self._interval = store, fetcher, interval
        self.outcomes = Counter(answered=0, unchanged=0, failed=0)  # of this process's polls
        self._quiet: list[FeedState] = []  # after polls that brought nothing, to be stored together
        self._storing = asyncio.Lock()
        self._asking: dict[int, asyncio.Task[Polled]] = {}  # by feed: what is under way, and what no round has returned

    async def poll_due(
        self, now: datetime, watch: Watcher = lambda _: None, patience: timedelta | None = None
    ) -> tuple[Polled, ...]:
        """Poll what is due; each outcome is shown to `watch` as it comes.

        Returns all of them; with `patience` those that have come by then, from this round and from earlier ones.
        """
        for state in await self._store.claim_feeds(now, LEASE, _AT_ONCE):
            if state.id not in self._asking:
                self._asking[state.id] = asyncio.create_task(self._poll(state, now, watch))
        if self._asking:
            seconds = patience.total_seconds() if patience else None
            try:
                await asyncio.wait(self._asking.values(), timeout=seconds)
            except asyncio.CancelledError:
                await self.close()
                raise
        done = [number for number, task in self._asking.items() if task.done()]
        tasks = [self._asking.pop(number) for number in done]
        return tuple(await asyncio.gather(*tasks))

    async def close(self) -> None:
        """Nothing is asked any more when this returns; what was under way is due again after its lease."""
        tasks = list(self._asking.values())
        self._asking.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll(self, state: FeedState, now: datetime, watch: Watcher) -> Polled:
        polled = await self._ask(state, now)
        if polled.unchanged or polled.state.error:
            polled = replace(polled, state=observed(polled, state.succeeded_at, 0, now))
            await self._store_quietly(polled.state, now)
        else:
            polled = await self._store.save_poll(polled, now)
        self.outcomes["failed" if polled.state.error else "unchanged" if polled.unchanged else "answered"] += 1
        watch(polled)
        return polled

    async def _store_quietly(self, state: FeedState, now: datetime) -> None:
        """Store what came of a poll without news: who had to wait finds its own stored with others'."""
        self._quiet.append(state)
        async with self._storing:
            states, self._quiet = self._quiet, []
            if states:
                await self._store.save_states(states, now)

    async def _ask(self, state: FeedState, now: datetime) -> Polled:
        jitter = jitter_of(state.feed)
        try:
            fetched = await self._fetcher.fetch(state, now)
            if fetched.body is None or body_hash(fetched.body) == state.body_hash:
                return Polled(after_success(state, fetched, None, now, self._interval, jitter), unchanged=True)
            parsed = await self._fetcher.parse(fetched)
        except FeedError as error:
            return Polled(after_failure(state, error, now, self._interval, jitter))
        after = after_success(state, fetched, parsed, now, self._interval, jitter)
        # An item that is cut off in the middle may bear half an address: the next poll brings it whole.
        whole = tuple(entry for entry in parsed.entries if entry.whole)
        cut = tuple(Dropped("cut-off", entry.id) for entry in parsed.entries if not entry.whole)
        return Polled(after, whole, (*parsed.dropped, *cut))
