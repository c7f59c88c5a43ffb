"""The event loop goes on while the store works: it is what keeps buttons quick while feeds come in."""

import asyncio
import gc
from time import perf_counter

import pytest

from bot.storage import open_store
from tests.contract.news import COURRIER, DAY, NOW, analysed, entry, poll, statement, stored

LONGEST = 0.05


async def longest_block(work):
    """How long the loop was held at a time while `work` ran, in seconds."""
    longest, last, done = 0.0, perf_counter(), False

    def beat():
        nonlocal longest, last
        now = perf_counter()
        longest, last = max(longest, now - last), now
        if not done:
            loop.call_soon(beat)

    loop = asyncio.get_running_loop()
    loop.call_soon(beat)
    try:
        await work
    finally:
        done = True
    return longest


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as opened:
        yield opened


async def quickest(*works):
    """The least of several measurements: a machine that others use too can only make them longer."""
    return min([await longest_block(work) for work in works])


async def test_storing_polls_of_a_thousand_entries_holds_the_loop_only_for_moments(store):
    await stored(store, [1])
    gc.collect()
    polls = [[entry(n) for n in range(k * 1000, k * 1000 + 1000)] for k in range(1, 4)]

    assert await quickest(*(poll(store, COURRIER, entries) for entries in polls)) < LONGEST
    assert (await store.stats())["articles"] == 3001


async def test_hundreds_of_candidates_hold_the_loop_only_for_moments(store):
    for article in await stored(store, range(500)):
        await analysed(store, article, "ports", "vaubrun", statements=(statement(), statement("x")))
    gc.collect()

    assert await quickest(*(store.candidates(["ports"], NOW - DAY, NOW) for _ in range(3))) < LONGEST
