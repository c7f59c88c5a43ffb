"""`make bench`: every measurement as a ratio to a floor of the same run. Figures in microseconds are this machine's."""

import asyncio
import platform
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import answers
from benchmarks.match import measure, text
from bot.app import learn, open_app
from bot.domain.model import Article, Feed
from bot.domain.statements import extract_text
from bot.domain.stories import group_stories
from bot.sample.newsroom import serve_newsroom
from bot.settings import Settings

SAID = (
    "Le ministre de la Mer, Paul Amar, a déclaré que le port resterait ouvert. « Nous tiendrons », a-t-il ajouté. "
    "Selon la préfecture, trois navires attendent au large. Le trafic a repris lundi matin. "
    "La maire de Sarlange, Anna Lutz, affirme avoir demandé des renforts et précise que rien n’est décidé. "
)


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the best round."""
    return min(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def extract() -> None:
    """Statements of a 4 kB article ÷ a bare sentence split of it."""
    rules = learn(Settings()).rules.language
    article = SAID * (4000 // len(SAID))
    split = re.compile(r"(?<=[.!?])\s+")
    whole = best(lambda: extract_text(article, rules))
    bare = best(lambda: [split.split(article) for _ in range(100)]) / 100
    print(f"extract: {whole * 1000:.2f} ms a 4 kB article, {whole / bare:.0f} × a bare sentence split (target ≤ 5 ms)")


def group() -> None:
    """Time an article at 4,000 articles ÷ at 1,000."""
    kinds = learn(Settings()).kinds
    now = datetime(2026, 11, 22, tzinfo=UTC)
    lines = text().split(". ")
    cast = [
        Article(f"{lines[n % len(lines)]} {n}", published_at=now - timedelta(minutes=n % 900), id=n)
        for n in range(4000)
    ]
    small = best(lambda: group_stories(cast[:1000], kinds), 2) / 1000
    large = best(lambda: group_stories(cast, kinds), 2) / 4000
    print(f"group: {large * 1e6:.0f} µs an article at 4,000; {large / small:.2f} × that at 1,000 (target ≤ 2)")


async def loop_block() -> None:
    """The longest time for which the event loop stands still while the sample newsroom is read and told."""
    clock = datetime.now(UTC)  # noqa: TID251 (a measurement has no `now` from outside)
    newsroom = await serve_newsroom(lambda: clock)
    telling = asyncio.create_task(_read_and_tell(newsroom.feeds, clock))
    worst = await _longest_block(telling)
    await telling
    await newsroom.close()
    print(f"loop_block: {worst * 1000:.0f} ms is the longest block of the event loop (target ≤ 50 ms)")


async def _longest_block(work: asyncio.Task[None]) -> float:
    """Seconds by which the loop was late at the most until the work was done."""
    loop, nap, worst = asyncio.get_running_loop(), 0.005, 0.0
    while not work.done():
        before = loop.time()
        await asyncio.sleep(nap)  # noqa: TID251 (this is the measurement)
        worst = max(worst, loop.time() - before - nap)
    return worst


async def _read_and_tell(feeds: tuple[Feed, ...], clock: datetime) -> None:
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        async with open_app(settings, learn(settings), worker=True, feeds=feeds, database_url=database) as app:
            subscription = await app.local_subscription()
            await app.poller.poll_due(clock)
            await app.analyst.analyse_new(clock)
            await app.analyst.read_pages(clock)
            await app.newsdesk.compose_now(subscription, clock)


def main() -> None:
    """All of them, one after the other."""
    print(f"{platform.node()}, {platform.machine()}, Python {platform.python_version()}")
    texts = [text() for _ in range(30)]
    for size in (100, 1_000, 10_000, 100_000):
        measure(size, texts)
    extract()
    group()
    asyncio.run(loop_block())
    answers.report()


if __name__ == "__main__":
    main()
