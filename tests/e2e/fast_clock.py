"""A clock that a test sets to any moment and speed, read by the program in its own process: a file of a few numbers.

Both sides count from the machine's monotonic clock, so the program and the double agree to the microsecond.
"""

import asyncio
import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Clock

# version · simulated seconds · at this monotonic moment · speed · not beyond · version again
_FORM = struct.Struct("<qddddq")
_EVER = 1e12
_NAP = 0.02  # seconds of the machine after which a wait looks whether the speed has changed


class FastClock(Clock):
    """The moment and the speed that the file says."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _FORM.size)

    @classmethod
    def made(cls, path: Path, moment: datetime, speed: float) -> "FastClock":
        """A new file, and a clock over it."""
        path.write_bytes(bytes(_FORM.size))
        clock = cls(path)
        clock.set(moment, speed)
        return clock

    def set(self, moment: datetime, speed: float, *, until: datetime | None = None) -> None:
        """It is this moment, and time goes so many times as fast as ours; `until` is where it stands still."""
        version = int(_FORM.unpack_from(self._shared)[0]) + 1
        limit = until.timestamp() if until else _EVER
        _FORM.pack_into(self._shared, 0, version, moment.timestamp(), time.monotonic(), speed, limit, version)

    async def run(self, until: datetime, speed: float) -> None:
        """Let time pass at this speed until then; it stands still there, whatever the machine was busy with."""
        self.set(self.now(), speed, until=until)
        await self._reach(until)

    def go(self, speed: float) -> None:
        """Another speed from now on."""
        self.set(self.now(), speed)

    def seconds(self) -> float:
        """Unix time."""
        while True:
            before, simulated, at, speed, limit, after = _FORM.unpack_from(self._shared)
            if before == after:
                return min(float(simulated + (time.monotonic() - at) * speed), float(limit))

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    async def pause(self, length: timedelta) -> None:
        """Wait that long by this clock, whatever becomes of its speed."""
        await self._reach(self.now() + length)

    async def _reach(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:
            speed = float(_FORM.unpack_from(self._shared)[3])
            await asyncio.sleep(min(left / speed, _NAP))  # noqa: TID251 (a clock is what waits)
