import asyncio
import os
import sys

import pytest

from bot.domain.errors import StoreError
from bot.domain.model import Receipt
from bot.storage import open_store
from tests.contract.news import COURRIER, HOUR, NOW, queue, subscribed

CLAIM_AND_DIE = """
import asyncio, os, sys
from datetime import datetime, timedelta
from bot.storage import open_store

async def work():
    now = datetime.fromisoformat(sys.argv[2])
    store = await open_store(sys.argv[1], now=now, worker=True)
    assert await store.claim_message(["local"], now, timedelta(hours=1))
    assert await store.claim_feeds(now, timedelta(hours=1), 10)
    os._exit(9)

asyncio.run(work())
"""


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/verbatim.db"


async def test_a_second_worker_is_refused_with_one_line(url):
    async with await open_store(url, now=NOW, worker=True):
        with pytest.raises(StoreError, match="another worker is running on this database; stop it, or use PostgreSQL"):
            await open_store(url, now=NOW, worker=True)

    async with await open_store(url, now=NOW, worker=True) as next_one:
        assert await next_one.feed_states() == ()


async def test_reading_works_beside_a_worker_also_while_it_writes(url):
    async with await open_store(url, now=NOW, worker=True) as worker, await open_store(url, now=NOW) as reader:
        await subscribed(worker)
        async with worker.database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM subscription")
            assert len(await reader.subscriptions()) == 1
        assert await reader.subscriptions() == ()


async def test_what_a_killed_worker_had_claimed_is_taken_over_at_once(url):
    async with await open_store(url, now=NOW) as store:
        await store.sync_feeds([COURRIER], NOW)
        await queue(store, await subscribed(store))
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CLAIM_AND_DIE, url, NOW.isoformat()), env=os.environ | {"PYTHONPATH": "."}
    )
    assert await killed.wait() == 9

    async with await open_store(url, now=NOW, worker=True) as store:
        (lost,) = await store.expired(NOW)
        assert (lost.attempts, (await store.outbox())["sending"]) == (1, 1)
        assert len(await store.claim_feeds(NOW, HOUR, 10)) == 1


async def test_a_reader_takes_nothing_over(url):
    async with await open_store(url, now=NOW, worker=True) as worker:
        await queue(worker, await subscribed(worker))
        claimed = await worker.claim_message(["local"], NOW, HOUR)
        async with await open_store(url, now=NOW) as reader:
            assert await reader.expired(NOW) == ()
        assert await worker.mark_sent(claimed, Receipt("1", NOW))
