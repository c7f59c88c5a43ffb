"""Parsing in processes that can be killed: feedparser and trafilatura never run on the event loop, nor for ever.

The other side of the pipes is serving.py. What is called is given by name ("module:function"), so that this process
never imports the heavy libraries; a generator's items come over one by one, so that no answer is unpickled in one long
step of the event loop.
"""

import asyncio
import contextlib
import pickle
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.errors import FeedError
from bot.feeds.serving import LENGTH

STARTING = timedelta(seconds=30)  # for the interpreter and the libraries of the first call, on a slow machine
ROOT = Path(__file__).parents[2]  # where `bot` is found, installed or not
CALLS_PER_WORKER = 500  # parsers keep caches: a fresh process now and then gives the memory back


@dataclass
class _Worker:
    """A running process; `calls` it has answered, `idle` is the timer that ends it."""

    process: asyncio.subprocess.Process
    calls: int = 0
    idle: asyncio.TimerHandle | None = None


class _DiedIdleError(Exception):
    """A worker that had served before was found dead: this call has nothing to do with it."""


class Workers:
    """At most `size` processes, started when first needed, ended when unused for `idle`."""

    def __init__(self, size: int = 1, *, idle: timedelta = timedelta(minutes=5)) -> None:
        self._free: list[_Worker] = []
        self._slots = asyncio.Semaphore(size)
        self._idle = idle.total_seconds()
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def run(self, name: str, *args: object, limit: timedelta) -> Any:
        """What "module:function" returns for `args`; of a generator, the tuple of its items.

        Raises FeedError: the function's own, or "worker" when it was over the limit, died, or failed otherwise.
        """
        async with self._slots:
            if self._closed:
                raise FeedError("worker", "the parser was asked for after it was closed")
            answer = await self._answered(name, args, limit)
        return _unwrapped(answer)

    async def close(self) -> None:
        """End all workers: none is left when this returns."""
        self._closed = True
        free, self._free = self._free, []
        await asyncio.gather(*(_end(worker) for worker in free), *self._ending)

    async def _answered(self, name: str, args: tuple[object, ...], limit: timedelta) -> tuple[str, Any]:
        while True:
            worker = await self._take()
            try:
                answer = await _call(worker, name, args, limit)
            except _DiedIdleError:
                await _kill(worker.process)  # the next one may be fresh
            except BaseException:
                await _kill(worker.process)
                raise
            else:
                await self._give_back(worker)
                return answer

    async def _take(self) -> _Worker:
        while self._free:
            worker = self._free.pop()
            if worker.idle:
                worker.idle.cancel()
            if worker.process.returncode is None:
                return worker
            await _end(worker)
        return _Worker(await _start())

    async def _give_back(self, worker: _Worker) -> None:
        worker.calls += 1
        if worker.calls >= CALLS_PER_WORKER or self._closed:
            await _end(worker)
            return
        worker.idle = asyncio.get_running_loop().call_later(self._idle, self._retire, worker)
        self._free.append(worker)

    def _retire(self, worker: _Worker) -> None:
        self._free.remove(worker)
        task = asyncio.get_running_loop().create_task(_end(worker))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


async def _start() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.feeds.serving",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        raise FeedError("worker", f"the parser process could not be started: {error}") from error


async def _call(worker: _Worker, name: str, args: tuple[object, ...], limit: timedelta) -> tuple[str, Any]:
    process, begun = worker.process, False
    try:
        async with asyncio.timeout((STARTING + limit).total_seconds()):
            await _write(process, pickle.dumps((name, args, limit.total_seconds()), pickle.HIGHEST_PROTOCOL))
            kind, value = await _read(process)
            begun = True
            if kind != "begun":
                return kind, value
            async with asyncio.timeout(limit.total_seconds()):  # the interpreter and the libraries are there
                return await _answer(process)
    except TimeoutError:
        message = f"the parser was ended: it took longer than {limit.total_seconds():g} s"
        raise FeedError("worker", message) from None
    except (asyncio.IncompleteReadError, OSError):
        if worker.calls and not begun:
            raise _DiedIdleError from None
        raise FeedError("worker", "the parser process died on this document") from None


async def _write(process: asyncio.subprocess.Process, frame: bytes) -> None:
    stdin = process.stdin
    assert stdin  # noqa: S101 - asked for in _start
    stdin.write(LENGTH.pack(len(frame)))
    stdin.write(frame)
    await stdin.drain()


async def _read(process: asyncio.subprocess.Process) -> Any:
    stdout = process.stdout
    assert stdout  # noqa: S101 - asked for in _start
    (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
    return pickle.loads(await stdout.readexactly(length))  # noqa: S301 - our own code wrote it, over a private pipe


async def _answer(process: asyncio.subprocess.Process) -> tuple[str, Any]:
    pieces: list[object] = []
    while True:
        kind, value = await _read(process)
        if kind == "piece":
            pieces.append(value)
        elif kind == "pieces-end":
            return ("value", tuple(pieces))
        else:
            return (kind, value)


def _unwrapped(answer: tuple[str, Any]) -> Any:
    kind, value = answer
    if kind == "feed-error":
        error_kind, message = value
        raise FeedError(error_kind, message)
    if kind == "failed":
        raise FeedError("worker", f"the parser failed on this document: {value}")
    return value


async def _end(worker: _Worker) -> None:
    if worker.process.stdin:
        worker.process.stdin.close()  # it ends at the end of its input
    try:
        async with asyncio.timeout(2):
            await worker.process.wait()
    except TimeoutError:
        await _kill(worker.process)


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    # Not `wait`: it would never return where more of an answer stands in the pipe than asyncio reads ahead.
    with contextlib.suppress(OSError):
        await process.communicate()
