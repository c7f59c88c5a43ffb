"""A refresh of 1,000 loopback feeds, each under an address of its own, as ratios: `python -m benchmarks.feeds [FEEDS]`.

Per-host gap 0: every feed has a host of its own (127.x.y.z), so there is nobody to spare. Floors and peers, on the same
feeds in the same run: bare httpx GETs with the same validators and as many at once; bare `feedparser.parse` of the same
documents; the `reader` library. Ours is the real poller with parsing in a worker and storing in SQLite.
"""

import asyncio
import gc
import importlib
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import feedparser
import httpx

from benchmarks.feed_server import START, document
from benchmarks.table import Measurement, at_least, at_most, heading
from benchmarks.watch import Figures, block, watched
from bot.domain.model import Feed, Polled
from bot.feeds.fetch import FetchPolicy, HttpFetcher
from bot.feeds.parse import parse_document
from bot.feeds.worker import Workers
from bot.services.poll import Poller
from bot.storage import SqlStore, open_store

ITEMS, FRESH = 30, 2  # in a document, and of them new when it has changed
ROUNDS = 3
AT_ONCE = FetchPolicy().in_flight
HOUR = timedelta(hours=1)


def address(number: int, port: int) -> str:
    """Of feed `number`: a host of its own."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/{number}"


def measurements(count: int = 1_000) -> Iterator[Measurement]:
    """All of it, with so many feeds."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(ITEMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        try:
            with tempfile.TemporaryDirectory() as folder:
                ours = asyncio.run(_measure(count, port, Path(folder)))
            yield from _told(ours, count)
            yield from _parsed(ours, count)
            yield from _beside_reader(ours, count, port)
        finally:
            server.terminate()


@dataclass(frozen=True, slots=True)
class Ours:
    """The best round of each, and what bare GETs took. `changed` counts the parser's CPU too."""

    first: Figures
    unchanged: Figures
    bare: Figures
    changed: Figures
    calm: Figures  # of the calmest rounds of both the one with the longer block
    worst: Figures  # of all rounds
    megabytes: int


async def _measure(count: int, port: int, folder: Path) -> Ours:
    """Fetch, parse and store: the first time, unchanged, changed; and bare GETs in turn with the unchanged."""
    async with await open_store(f"sqlite:///{folder / 'bench.db'}", now=START, worker=True) as store:
        await store.sync_feeds([Feed(f"Média {n}", address(n, port)) for n in range(count)], START)
        refresh = _Refresh(store)
        gc.collect()
        gc.freeze()  # as the running bot does
        first = await refresh.all()
        unchanged, bare, changed = [], [], []
        for turn in range(ROUNDS):
            unchanged.append(await refresh.all())
            bare.append(await _bare(count, port, f'"{turn}"'))
            await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/turn")
            changed.append(await refresh.all())
        assert refresh.new == count * (ITEMS + FRESH * ROUNDS)
    calm = (min(rounds, key=lambda one: one.block) for rounds in (unchanged, changed))  # others block us, too
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    longest = max(calm, key=lambda one: one.block)
    worst = max((first, *unchanged, *changed), key=lambda one: one.block)
    return Ours(first, _best(unchanged), _best(bare), _best(changed), longest, worst, peak)


def _best(rounds: Sequence[Figures]) -> Figures:
    return min(rounds, key=lambda one: one.wall)


def _told(ours: Ours, count: int) -> Iterator[Measurement]:
    unchanged, bare, changed = ours.unchanged, ours.bare, ours.changed
    what = f"refresh of {count:,} feeds on {count:,} hosts, per-host gap 0"
    yield Measurement("poll_first", f"{what}, the first time: {ITEMS} new articles each", ours.first.wall, "s")
    says = f"{what}, unchanged, best of {ROUNDS} (by CPU {unchanged.cpu / bare.cpu:.2f} times the GETs)"
    gets = f"bare httpx GETs with the same validators, {AT_ONCE} at once ({bare.wall:.2f} s)"
    yield Measurement("poll_304", says, unchanged.wall, "s", gets, unchanged.wall / bare.wall, at_most(1.3))
    yield Measurement("poll_changed", f"{what}, {FRESH} new articles each, best of {ROUNDS}", changed.wall, "s")
    yield block("poll_block", f"{what}, unchanged and changed, the calmest of {ROUNDS} rounds each", ours.calm)
    yield block("poll_block_worst", f"{what}, the worst of all rounds, the first poll too", ours.worst)
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    yield Measurement("poll_rss", f"{what}: most memory, the parser's {child} MB apart", ours.megabytes, "MB")


class _Refresh:
    """Every feed once, a day after the last time; each time with connections and a parser of its own."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.now, self.new = store, START, 0

    async def all(self) -> Figures:
        """How it went, the parser's CPU included."""
        self.now += timedelta(days=1)
        before = _children()
        fetcher = HttpFetcher(FetchPolicy(), Workers(1), resolver=_itself)
        figures = await watched(lambda: self._poll(Poller(self.store, fetcher, HOUR / 2)))
        await fetcher.close()
        return replace(figures, cpu=figures.cpu + _children() - before)

    async def _poll(self, poller: Poller) -> None:
        while outcomes := await poller.poll_due(self.now):
            assert not any(polled.state.error for polled in outcomes), next(filter(_failed, outcomes)).state
            self.new += sum(polled.new for polled in outcomes)


def _failed(polled: Polled) -> bool:
    return bool(polled.state.error)


def _children() -> float:
    """CPU of the processes of ours that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _itself(host: str, _port: int) -> tuple[str, ...]:
    return (host,)


async def _bare(count: int, port: int, etag: str) -> Figures:
    places = asyncio.Semaphore(AT_ONCE)

    async def get(client: httpx.AsyncClient, number: int) -> None:
        async with places:
            answer = await client.get(address(number, port), headers={"If-None-Match": etag})
            assert answer.status_code == httpx.codes.NOT_MODIFIED

    async def all_of_them(client: httpx.AsyncClient) -> None:
        await asyncio.gather(*(get(client, number) for number in range(count)))

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        return await watched(lambda: all_of_them(client))


def _parsed(ours: Ours, count: int) -> Iterator[Measurement]:
    """CPU of changed feeds, and of our parser alone, ÷ bare feedparser.parse of the same documents."""
    documents = [document(n, 0, ITEMS) for n in range(40)]

    def mine() -> None:
        for body in documents:
            parse_document(body, content_type="application/rss+xml", url="https://a.example/", timezone="Europe/Paris")

    def bare() -> None:
        for body in documents:
            feedparser.parse(io.BytesIO(body))

    parsed, floor = (min(_cpu(work) for _ in range(5)) / len(documents) * 1000 for work in (mine, bare))
    whole = ours.changed.cpu / count * 1000
    beside = f"bare feedparser.parse of the same documents ({floor:.1f} ms)"
    remark = (
        f"Of it, parsing takes {parsed:.1f} ms; the rest asks, and stores {ITEMS} articles of which {FRESH} are new."
    )
    says = f"CPU of a changed feed of {ITEMS} items: asked, parsed and stored, {FRESH} new articles"
    yield Measurement("poll_200", says, whole, "ms", beside, whole / floor, at_most(1.15), remark)
    says = f"CPU of parsing a document of {ITEMS} items"
    yield Measurement("poll_parse", says, parsed, "ms", beside, parsed / floor, at_most(1.15))


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _beside_reader(ours: Ours, count: int, port: int) -> Iterator[Measurement]:
    """The same by the reader library, whose parser runs in threads."""
    # Its copy of feedparser still asks for the name that this library had before it was feedparser's own.
    sys.modules.setdefault("sgmllib", importlib.import_module("feedparser_sgmllib"))
    from reader import make_reader

    with tempfile.TemporaryDirectory() as folder:
        library = make_reader(str(Path(folder) / "reader.db"))
        for number in range(count):
            library.add_feed(address(number, port))

        def refresh() -> float:
            start = time.perf_counter()
            library.update_feeds(scheduled=False, workers=AT_ONCE)
            return time.perf_counter() - start

        refresh()
        unchanged = min(refresh() for _ in range(ROUNDS))
        changed = []
        for _ in range(ROUNDS):
            httpx.get(f"http://127.0.0.1:{port}/turn")
            changed.append(refresh())
    floor = f"Bare httpx GETs are no more than {unchanged / ours.bare.wall:.1f} times as fast as the reader library."
    for name, theirs, mine, least, remark in (
        ("reader_304", unchanged, ours.unchanged.wall, 3, floor),
        ("reader_200", min(changed), ours.changed.wall, 1, ""),
    ):
        says = f"the reader library with {AT_ONCE} threads, {'unchanged' if least > 1 else 'changed'}, ÷ ours"
        yield Measurement(name, says, theirs, "s", f"ours ({mine:.2f} s)", theirs / mine, at_least(least), remark)


if __name__ == "__main__":
    print(heading())
    for each in measurements(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000):
        print(each.line)
