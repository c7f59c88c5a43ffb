"""A refresh of 1,000 loopback feeds, each under an address of its own, as ratios: `python -m benchmarks.feeds [FEEDS]`.

Per-host gap 0: every feed has a host of its own (127.x.y.z), so there is nobody to spare. Floors, on the same feeds in
the same run: bare httpx GETs with the same validators and as many at once; bare `feedparser.parse` of the same
documents; the `reader` library where it is installed. Ours includes parsing in a worker and storing in SQLite.
"""

import asyncio
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import feedparser
import httpx

from benchmarks.feed_server import START, document
from bot.domain.model import Feed, Polled
from bot.feeds.fetch import FetchPolicy, HttpFetcher
from bot.feeds.parse import parse_document
from bot.feeds.worker import Workers
from bot.services.poll import Poller
from bot.storage import SqlStore, open_store

ITEMS = 30
AT_ONCE = FetchPolicy().in_flight
HOUR = timedelta(hours=1)


def address(number: int, port: int) -> str:
    """Of feed `number`: a host of its own."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/{number}"


def main() -> None:
    """All of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    command = [sys.executable, "-m", "benchmarks.feed_server", str(ITEMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        try:
            print(f"feeds: {count} feeds of {ITEMS} items, a host each, gap 0, {AT_ONCE} at once")
            asyncio.run(measure(count, port))
            parse_ratio()
        finally:
            server.terminate()


async def measure(count: int, port: int) -> None:
    """Fetch, parse and store: the first time, changed, unchanged."""
    workers = Workers(1)
    fetcher = HttpFetcher(FetchPolicy(), workers, resolver=_itself)
    with tempfile.TemporaryDirectory() as folder:
        async with await open_store(f"sqlite:///{Path(folder) / 'bench.db'}", now=START, worker=True) as store:
            await store.sync_feeds([Feed(f"Média {n}", address(n, port)) for n in range(count)], START)
            refresh = _Refresh(store, Poller(store, fetcher, HOUR / 2))
            first, block = await _longest_block(refresh.all)
            print(f"feeds: first poll of all: {first:.2f} s; longest block of the loop {block * 1000:.0f} ms (≤ 50)")
            unchanged, block = await _longest_block(refresh.all)
            print(f"feeds: unchanged: {unchanged:.2f} s; longest block {block * 1000:.0f} ms (≤ 50)")
            bare = await timed(lambda: _bare(count, port, '"0"'))
            print(f"feeds: unchanged ÷ bare httpx GETs (304, {bare:.2f} s): {unchanged / bare:.2f} (≤ 1.3)")
            httpx.get(f"http://127.0.0.1:{port}/turn")
            changed, block = await _longest_block(refresh.all)
            print(f"feeds: changed, two new articles each: {changed:.2f} s; longest block {block * 1000:.0f} ms (≤ 50)")
            bare = await timed(lambda: _bare(count, port, ""))
            print(f"feeds: bare httpx GETs of the whole documents: {bare:.2f} s")
            assert refresh.new == count * (ITEMS + 2)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    await fetcher.close()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"feeds: peak memory {peak} MB, and {child} MB in the parser")
    await asyncio.to_thread(with_reader, count, port, unchanged, changed)


class _Refresh:
    """Rounds of the poller, an hour apart, until nothing is due."""

    def __init__(self, store: SqlStore, poller: Poller) -> None:
        self.store, self.poller, self.now, self.new = store, poller, START, 0

    async def all(self) -> None:
        """Every feed once."""
        self.now += timedelta(days=1)
        outcomes: list[Polled] = []
        while some := await self.poller.poll_due(self.now):
            outcomes += some
        assert not any(polled.state.error for polled in outcomes), next(p.state for p in outcomes if p.state.error)
        self.new += sum(polled.new for polled in outcomes)


async def _itself(host: str, _port: int) -> tuple[str, ...]:
    return (host,)


async def _bare(count: int, port: int, etag: str) -> None:
    places = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def get(number: int) -> None:
            async with places:
                await client.get(address(number, port), headers={"If-None-Match": etag} if etag else {})

        await asyncio.gather(*map(get, range(count)))


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def _longest_block(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Seconds that it took, and by how many the loop was late at the most."""
    loop, nap, worst = asyncio.get_running_loop(), 0.005, 0.0
    task = asyncio.ensure_future(timed(work))
    while not task.done():
        before = loop.time()
        await asyncio.sleep(nap)  # noqa: TID251 (this is the measurement)
        worst = max(worst, loop.time() - before - nap)
    return await task, worst


def parse_ratio() -> None:
    """CPU of our parser ÷ bare feedparser, on the same documents."""
    documents = [document(n, 0, ITEMS) for n in range(40)]

    def ours() -> None:
        for body in documents:
            parse_document(body, content_type="application/rss+xml", url="https://a.example/", timezone="Europe/Paris")

    def bare() -> None:
        for body in documents:
            feedparser.parse(io.BytesIO(body))

    mine, theirs = (min(_cpu(work) for _ in range(5)) for work in (ours, bare))
    print(
        f"feeds: CPU of parsing ÷ bare feedparser: {mine / theirs:.2f} (≤ 1.15), {mine / 40 * 1000:.1f} ms a document"
    )


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def with_reader(count: int, port: int, unchanged: float, changed: float) -> None:
    """The same by the reader library, whose parser runs in threads."""
    try:
        from reader import make_reader
    except ImportError:
        print("feeds: the reader library is not installed (pip install reader): not compared")
        return
    with tempfile.TemporaryDirectory() as folder:
        library = make_reader(str(Path(folder) / "reader.db"))
        for number in range(count):
            library.add_feed(address(number, port))
        figures = {}
        for name in ("first", "unchanged", "changed"):
            if name == "changed":
                httpx.get(f"http://127.0.0.1:{port}/turn")
            start = time.perf_counter()
            library.update_feeds(workers=AT_ONCE)
            figures[name] = time.perf_counter() - start
    print(f"feeds: reader: unchanged {figures['unchanged']:.2f} s, changed {figures['changed']:.2f} s")
    print(f"feeds: reader ÷ ours: unchanged {figures['unchanged'] / unchanged:.1f} (≥ 3), ", end="")
    print(f"changed {figures['changed'] / changed:.1f} (> 1)")


if __name__ == "__main__":
    main()
