"""The heartbeat, through APScheduler: four beats, poll, due, drain and tend. It decides nothing: truth is in tables.

A beat that fails is one line in the log, and the next beat comes as if nothing had happened.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import VerbatimError

log = logging.getLogger(__name__)

Beat = Callable[[], Awaitable[object]]


class Heartbeat:
    """Calls each beat at its interval, never twice at once, and never drops one for being late."""

    def __init__(self, beats: Mapping[str, tuple[timedelta, Beat]], *, patient: Collection[str] = ()) -> None:
        self._under_way: dict[str, asyncio.Future[object]] = {}
        self._patient = frozenset(patient)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # The library's own default drops a run that is a second late (DELIVERY.md 4.4).
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, (interval, beat) in beats.items():
            self._scheduler.add_job(
                self._guarded(name, beat), "interval", seconds=interval.total_seconds(), id=name, name=name
            )

    def start(self) -> None:
        """Begin; the first beats come after their intervals."""
        self._scheduler.start()

    def hurry(self, name: str, now: datetime) -> None:
        """Let a beat come at once: there is work for it."""
        self._scheduler.modify_job(name, next_run_time=now)

    async def stop(self, grace: timedelta) -> None:
        """No beat begins after this; those of delivery get `grace` to finish what they hold, the others end now."""
        self._scheduler.pause()
        sending = [task for name, task in self._under_way.items() if name in self._patient]
        if sending:
            await asyncio.wait(sending, timeout=grace.total_seconds())
        self._scheduler.shutdown(wait=False)
        rest = list(self._under_way.values())
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _guarded(self, name: str, beat: Beat) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            task = asyncio.ensure_future(beat())
            self._under_way[name] = task
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                log.debug("%s ended with the program", name)
            except VerbatimError as error:
                log.error("%s: %s", name, error)  # noqa: TRY400 (one clear line is what the owner needs)
            except Exception:
                # A bug in one beat must not end the others; it is a bug, so it is shown whole.
                log.exception("%s failed", name)
            finally:
                if task.done():
                    self._under_way.pop(name, None)

        return run
