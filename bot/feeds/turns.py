"""Whose turn it is: one request at a time per host, a gap between two of them, and few in flight in all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeAlias
from weakref import WeakValueDictionary

Pause: TypeAlias = Callable[[timedelta], Awaitable[None]]

REMEMBERED = 2_000  # hosts whose last request is known; far more than are polled within a gap


class Turns:
    """Hands out turns. The queue of one host never holds up another: a place in flight is taken last."""

    def __init__(self, in_flight: int, gap: timedelta, pause: Pause | None) -> None:
        self._places = asyncio.Semaphore(in_flight)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._gap, self._pause = gap, pause
        self._left_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """The right to send one request to this host."""
        lock = self._hosts.setdefault(host, asyncio.Lock())
        async with lock:
            await self._keep_distance(host)
            async with self._places:
                try:
                    yield
                finally:
                    self._remember(host)

    async def _keep_distance(self, host: str) -> None:
        if self._pause is None or host not in self._left_at or _is_this_machine(host):
            return
        passed = timedelta(seconds=asyncio.get_running_loop().time() - self._left_at[host])
        if passed < self._gap:
            await self._pause(self._gap - passed)

    def _remember(self, host: str) -> None:
        self._left_at.pop(host, None)
        self._left_at[host] = asyncio.get_running_loop().time()
        if len(self._left_at) > REMEMBERED:
            del self._left_at[next(iter(self._left_at))]


def _is_this_machine(host: str) -> bool:
    """Nobody else is bothered there: a newsroom of one's own, or the sample."""
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())
