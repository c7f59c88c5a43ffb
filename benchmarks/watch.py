"""How long something takes, and for how long it keeps the event loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.table import Measurement, at_most

_NAP = 0.005
_MOST = 50  # milliseconds that the loop may stand still
_CLEAN = 1.2  # a block that is so many times its step was made longer by others


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds on the clock, and of this process's CPU.

    `block`: by how much the loop was late at the most, whatever else the machine did. `step`: the CPU of the longest
    single step of the loop, which is our own doing.
    """

    wall: float
    cpu: float
    block: float
    step: float


async def watched(work: Callable[[], Awaitable[None]]) -> Figures:
    """Do it, and say how it went."""
    loop, worst = asyncio.get_running_loop(), 0.0
    wall, cpu = time.perf_counter(), time.process_time()
    with _steps() as longest:
        task = asyncio.ensure_future(work())
        while not task.done():
            before = loop.time()
            await asyncio.sleep(_NAP)  # noqa: TID251 (this is the measurement)
            worst = max(worst, loop.time() - before - _NAP)
        await task
    return Figures(time.perf_counter() - wall, time.process_time() - cpu, worst, longest[0])


def block(name: str, says: str, *rounds: Figures) -> Measurement:
    """The longest block of the loop in any of these, judged."""
    worst = max(rounds, key=lambda one: one.block)
    step = max(one.step for one in rounds) * 1000
    words = f"{says}: longest block of the event loop (CPU of its longest step: {step:.0f} ms)"
    remark = "" if worst.block * 1000 <= step * _CLEAN else _waited(step)
    return Measurement(name, words, worst.block * 1000, "ms", target=at_most(_MOST), remark=remark)


def _waited(step: float) -> str:
    """Why a block was longer than any step; what it waited for is not measured."""
    return f"The longest step took {step:.0f} ms of CPU: the rest waited for a core or for another thread of ours."


@contextmanager
def _steps() -> Iterator[list[float]]:
    """CPU seconds of the longest step of the loop meanwhile."""
    longest, plain = [0.0], asyncio.Handle._run  # noqa: SLF001 (there is no public way to time a step)

    def run(handle: asyncio.Handle) -> None:
        start = time.thread_time()
        plain(handle)
        longest[0] = max(longest[0], time.thread_time() - start)

    asyncio.Handle._run = run  # type: ignore[assignment, method-assign]  # noqa: SLF001
    try:
        yield longest
    finally:
        asyncio.Handle._run = plain  # type: ignore[method-assign]  # noqa: SLF001
