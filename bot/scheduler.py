"""The heartbeat, through APScheduler: poll, pages, due, drain, tend. It decides nothing: truth is in tables.

A beat that fails is one line in the log, and the next beat comes as if nothing had happened. A machine's clock may leap
(a small one without a battery starts in 1970): forwards, the library would count every beat that was missed, for
minutes and in a list; backwards, it would wait until that time comes again. Neither holds a beat up here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.domain.errors import VerbatimError

log = logging.getLogger(__name__)

Beat = Callable[[], Awaitable[object]]

_LOOK = 30.0  # seconds between two looks at whether the clock was set back


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
        self._intervals = {name: interval for name, (interval, _) in beats.items()}
        self._looking: asyncio.TimerHandle | None = None
        for name, (interval, beat) in beats.items():
            self._scheduler.add_job(self._guarded(name, beat), _Every(interval), id=name, name=name)

    def start(self) -> None:
        """Begin; the first beats come after their intervals."""
        self._scheduler.start()
        self._look()

    def hurry(self, name: str, now: datetime) -> None:
        """Let a beat come at once: there is work for it."""
        self._scheduler.modify_job(name, next_run_time=now)

    def catch_up(self, now: datetime) -> None:
        """Let those beats come at once that wait for longer than their interval: the clock was set back."""
        for job in self._scheduler.get_jobs():
            if job.next_run_time and job.next_run_time - now > self._intervals[job.id]:
                self._scheduler.modify_job(job.id, next_run_time=now)

    async def stop(self, grace: timedelta) -> None:
        """No beat begins after this; those of delivery get `grace` to finish what they hold, the others end now."""
        if self._looking:
            self._looking.cancel()
        self._scheduler.pause()
        sending = [task for name, task in self._under_way.items() if name in self._patient]
        if sending:
            await asyncio.wait(sending, timeout=grace.total_seconds())
        self._scheduler.shutdown(wait=False)
        rest = list(self._under_way.values())
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _look(self) -> None:
        self.catch_up(datetime.now(UTC))  # noqa: TID251 (the library's own clock, which is the machine's)
        self._looking = asyncio.get_running_loop().call_later(_LOOK, self._look)

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


class _Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """An interval after the last beat, or after now where that has passed already."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """As the library asks for it."""
        following = (previous_fire_time or now) + self._interval
        return following if following > now else now + self._interval
