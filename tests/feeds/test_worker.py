import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import FeedError
from bot.domain.model import FetchedFeed
from bot.feeds.fetch import HttpFetcher
from bot.feeds.worker import ROOT, Workers
from tests.feeds.conftest import QUICK, state_of

LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.3)


async def failure(call) -> FeedError:
    with pytest.raises(FeedError) as raised:
        await call
    return raised.value


def alive(pid: int) -> bool:
    """Whether the process exists, be it as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_work_is_done_in_another_process_that_is_kept_for_the_next_call(workers):
    first = await workers.run("os:getpid", limit=LONG)
    second = await workers.run("os:getpid", limit=LONG)

    assert first == second != os.getpid()


async def test_nothing_is_started_before_it_is_needed():
    pool = Workers(2)

    await pool.close()

    assert (await failure(pool.run("os:getpid", limit=LONG))).kind == "worker"


@pytest.mark.parametrize("moment", [0.05, 0.1, 0.15, 0.2, 0.3, 0.4])
async def test_a_call_ended_in_the_middle_of_a_long_answer_leaves_nothing_behind(workers, moment):
    await workers.run("os:getpid", limit=LONG)  # so that what is waited for below is the answer alone

    async with asyncio.timeout(20):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(moment):
                await workers.run("builtins:bytes", 80_000_000, limit=LONG)

        assert await workers.run("os:getpid", limit=LONG)


async def test_a_call_over_its_limit_is_killed_and_the_next_gets_a_fresh_worker(workers):
    before = await workers.run("os:getpid", limit=LONG)

    error = await failure(workers.run("signal:pause", limit=SHORT))
    after = await workers.run("os:getpid", limit=LONG)

    assert error.kind == "worker"
    assert "0.3 s" in str(error)
    assert after != before
    assert not alive(before)


async def test_even_a_computation_that_never_looks_up_is_killed(workers):
    assert (await failure(workers.run("builtins:pow", 7, 10**9, limit=SHORT))).kind == "worker"
    assert await workers.run("builtins:pow", 7, 2, limit=LONG) == 49


async def test_a_worker_that_dies_hurts_only_its_own_call():
    pool = Workers(2)
    dying = failure(pool.run("os:_exit", 3, limit=LONG))

    results = await asyncio.gather(dying, *(pool.run("builtins:pow", 2, n, limit=LONG) for n in range(6)))

    assert results[0].kind == "worker"
    assert results[1:] == [1, 2, 4, 8, 16, 32]
    await pool.close()


async def test_a_worker_killed_while_idle_is_replaced_unnoticed(workers):
    before = await workers.run("os:getpid", limit=LONG)
    os.kill(before, signal.SIGKILL)
    while alive(before):
        await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(int))})

    assert await workers.run("os:getpid", limit=LONG) != before


@pytest.mark.parametrize(("name", "args"), [("builtins:int", ("x",)), ("no_such_module:f", ()), ("os:no_such", ())])
async def test_a_failure_inside_is_told_and_the_worker_goes_on(workers, name, args):
    assert (await failure(workers.run(name, *args, limit=LONG))).kind == "worker"
    assert await workers.run("builtins:pow", 2, 3, limit=LONG) == 8


async def test_our_own_errors_come_through_with_their_kind(workers):
    error = await failure(workers.run("bot.feeds.guard:checked_url", "gopher://a.example", limit=LONG))

    assert (error.kind, "gopher" in str(error)) == ("address", True)


async def test_what_a_library_prints_does_not_break_the_pipe(workers):
    assert await workers.run("builtins:print", "bonjour", limit=LONG) is None
    assert await workers.run("os:system", "echo bonjour", limit=LONG) == 0


async def test_a_cancelled_call_leaves_no_process_and_no_stale_answer(workers):
    pid = await workers.run("os:getpid", limit=LONG)
    call = asyncio.ensure_future(workers.run("signal:pause", limit=LONG))
    await asyncio.wait({call}, timeout=0.05)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    assert not alive(pid)
    assert await workers.run("builtins:pow", 2, 3, limit=LONG) == 8


async def test_an_idle_worker_ends_by_itself_and_close_ends_all():
    brief, lasting = Workers(1, idle=timedelta(seconds=0.01)), Workers(1)
    idle, kept = await asyncio.gather(
        brief.run("os:getpid", limit=LONG),
        lasting.run("os:getpid", limit=LONG),
    )
    while alive(idle):
        await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(int))})

    await lasting.close()
    await brief.close()

    assert not alive(kept)


def test_a_worker_ends_in_silence_with_its_input():
    worker = subprocess.Popen(
        [sys.executable, "-c", "import bot.feeds.serving as s; print('up', flush=True); s.main()"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert worker.stdout
    assert worker.stdout.readline() == b"up\n"

    out, err = worker.communicate(timeout=20)

    assert (worker.returncode, out, err) == (0, b"", b"")


async def test_ctrl_c_reaches_the_worker_without_effect(workers):
    pid = await workers.run("os:getpid", limit=LONG)

    os.kill(pid, signal.SIGINT)

    assert await workers.run("os:getpid", limit=LONG) == pid


async def test_the_parent_never_imports_the_heavy_libraries():
    code = (
        "import sys, bot.feeds.fetch, bot.feeds.worker\n"
        "print([name for name in ('feedparser', 'trafilatura', 'lxml') if name in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()

    assert out == b"[]\n"


async def test_parsing_a_big_feed_never_holds_up_the_loop(workers):
    items = "".join(
        f"<item><title>Titre {n}</title><link>https://a.example/{n}</link><guid>{n}</guid>"
        f"<description>&lt;p&gt;{'Odile Ferrand a annoncé la réouverture du pont.  ' * 25}&lt;/p></description></item>"
        for n in range(3_800)
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    fetched = FetchedFeed(state_of("https://a.example/rss").feed, datetime(2026, 11, 22, tzinfo=UTC), body)
    fetcher = HttpFetcher(QUICK, workers)
    await workers.run("bot.feeds.parse:canonical", "https://a.example/", limit=LONG)
    blocks: list[float] = []
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def beat(before: float) -> None:
        """CPU time of this thread between two beats: what the loop was busy with, whoever else uses the CPU."""
        blocks.append(time.thread_time() - before)
        if not done.is_set():
            loop.call_later(0.001, beat, time.thread_time())

    beat(time.thread_time())
    parsed = await fetcher.parse(fetched)
    done.set()
    await fetcher.close()

    assert len(body) > 4_900_000
    assert len(parsed.entries) == 3_800
    assert len(blocks) > 20
    assert max(blocks) < 0.05
