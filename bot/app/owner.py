"""What the owner and their machines are told: figures, kept for some seconds, and whether things move."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.errors import StoreError
from bot.domain.figures import Figures, asked
from bot.domain.health import Watch

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=10)  # figures: whoever reloads a page all the time costs no more than this
HEALTH_KEPT = timedelta(seconds=2)  # /health asks for no token
PATIENCE = timedelta(seconds=5)  # with a database that does not answer


@dataclass(slots=True)
class Owner:
    """The owner's view of a running app. `started` is when this run began."""

    app: App
    started: datetime
    _figures: Figures | None = None
    _health: tuple[datetime, Mapping[str, object]] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _health_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def figures(self) -> Figures:
        """The figures of this moment, or of some seconds ago. Raises StoreError."""
        async with self._turn:  # whoever comes while they are gathered waits for the same
            now = self.app.clock.now()
            if self._figures is None or now - self._figures.at >= KEPT:
                self._figures = await self._gathered(now)
            return self._figures

    async def health(self) -> Mapping[str, object]:
        """Whether things move: `status` is "ok", or "failing" where one of the checks says something else."""
        async with self._health_turn:
            now = self.app.clock.now()
            if self._health is None or now - self._health[0] >= HEALTH_KEPT:
                checks = await self._checks(now)
                well = all(found == "ok" for found in checks.values())
                self._health = now, {"status": "ok" if well else "failing", "checks": checks}
            return self._health[1]

    async def _gathered(self, now: datetime) -> Figures:
        topics = tuple(topic.id for topic in self.app.knowledge.catalog.topics)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self.app.store.figures(asked(now, topics, self.app.settings.timezone))
        except TimeoutError:
            raise StoreError("the database did not answer in time") from None

    async def _checks(self, now: datetime) -> dict[str, str]:
        app, watch = self.app, Watch(now, self.started)
        checks = {}
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                states = await app.store.feed_states()
                waiting = await app.store.waiting_since(tuple(app.platforms), now)
        except TimeoutError:
            checks["database"] = "slow"
        except StoreError as error:
            log.warning("health: %s", error)
            checks["database"] = "failing"  # the reason may hold an address: it is for the log
        else:
            checks |= {"database": "ok", "polling": watch.polling(states) or "ok"}
            checks["sending"] = watch.sending(waiting) or "ok"
        for name, platform in app.platforms.items():
            trouble = getattr(platform, "trouble", None)
            if trouble is not None:
                checks[name] = trouble or "ok"
        return checks
