"""The longest time for which the event loop stands still while the sample newsroom is read and told."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.table import Measurement
from benchmarks.watch import Figures, block, watched
from bot.app import Knowledge, learn, open_app
from bot.domain.model import Feed
from bot.sample.newsroom import serve_newsroom
from bot.settings import Settings

ROUNDS = 3


def measurements() -> Iterator[Measurement]:
    """The calmest of some rounds, as others use the machine too; and what reading config/ at the start takes."""
    rounds = [asyncio.run(_round()) for _ in range(ROUNDS)]
    calmest = min(rounds, key=lambda one: one.block)
    says = f"the sample newsroom polled, read and told, config/ read before, the calmest of {ROUNDS} rounds"
    yield block("loop_block", says, calmest)
    begun = time.perf_counter()
    learn(Settings())
    took = (time.perf_counter() - begun) * 1000
    yield Measurement("loop_learn", "reading and compiling config/ at the start, before anybody is served", took, "ms")


async def _round() -> Figures:
    knowledge = learn(Settings())  # nobody is served before that is done
    clock = datetime.now(UTC)  # noqa: TID251 (a measurement has no `now` from outside)
    newsroom = await serve_newsroom(lambda: clock)
    try:
        return await watched(lambda: _read_and_tell(newsroom.feeds, knowledge, clock))
    finally:
        await newsroom.close()


async def _read_and_tell(feeds: tuple[Feed, ...], knowledge: Knowledge, clock: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        async with open_app(Settings(), knowledge, worker=True, feeds=feeds, database_url=database) as app:
            subscription = await app.local_subscription()
            await app.poller.poll_due(clock)
            await app.analyst.analyse_new(clock)
            await app.analyst.read_pages(clock)
            await app.newsdesk.compose_now(subscription, clock)
