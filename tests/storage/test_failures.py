import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import StoreError
from bot.storage import open_store
from bot.storage.address import parse_address
from bot.storage.failures import explained
from tests.contract.news import COURRIER, NOW, entry, poll, stored, subscribed


@pytest.fixture
def path(tmp_path):
    return tmp_path / "verbatim.db"


@pytest.fixture
async def store(path):
    async with await open_store(f"sqlite:///{path}", now=NOW) as opened:
        yield opened


async def refused(action):
    with pytest.raises(StoreError) as caught:
        await action
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_a_full_disk_is_said_and_what_was_stored_before_is_there(store, path):
    await stored(store, [1])
    async with store.database.write() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    line = await refused(poll(store, COURRIER, [entry(1), *(entry(n, summary="x" * 5000) for n in range(2, 50))]))

    assert line == f"{path}: the disk is full; free some space"
    assert (await store.stats())["articles"] == 1


async def test_a_damaged_file_is_said(path):
    async with await open_store(f"sqlite:///{path}", now=NOW) as store:
        await stored(store, range(200))
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = b"\xa5" * (len(damaged) - 4096)
    path.write_bytes(damaged)

    async def use():
        async with await open_store(f"sqlite:///{path}", now=NOW) as store:
            await store.unanalysed("v1", NOW, 500)

    assert "the file is damaged" in await refused(use())


async def test_a_file_that_is_no_database_is_said_and_left_as_it_is(path):
    path.write_text("Ce n’est pas une base de données. " * 100)

    assert "this file is no SQLite database" in await refused(open_store(f"sqlite:///{path}", now=NOW))
    assert path.read_text().startswith("Ce n’est pas")


async def test_a_folder_that_cannot_be_made_is_said(path):
    path.write_text("a file where a folder should be")

    line = await refused(open_store(f"sqlite:///{path}/verbatim.db", now=NOW, worker=True))

    assert str(path) in line


async def test_a_folder_in_place_of_the_file_is_said(path):
    path.mkdir()

    assert "cannot be opened" in await refused(open_store(f"sqlite:///{path}", now=NOW))


@pytest.mark.parametrize("password", ["s3same", "s3s%40me"])
async def test_a_server_that_cannot_be_reached_is_one_line_without_the_password(password):
    line = await refused(open_store(f"postgres://ana:{password}@127.0.0.1:1/news?sslmode=prefer", now=NOW))

    assert line.startswith("PostgreSQL 127.0.0.1:1/news: ")
    assert "refused" in line
    assert "s3s" not in line


def test_a_password_in_the_words_of_a_library_is_not_passed_on():
    address = parse_address("postgres://ana:s3same@db.example/news")

    with pytest.raises(StoreError, match=r"could not use ana:\*\*\*@db\.example$"), explained(address):
        raise SQLAlchemyError("could not use ana:s3same@db.example\n(and more)")


async def test_an_option_that_postgresql_does_not_know_is_one_line_without_the_password():
    line = await refused(open_store("postgres://ana:s3same@127.0.0.1:1/news?no_such_option=1", now=NOW))

    assert "no_such_option" in line
    assert "s3same" not in line


def test_a_file_that_may_not_be_written_is_said(path):
    sqlite3.connect(path).close()
    address = parse_address(f"sqlite:///{path}")

    with (
        pytest.raises(StoreError, match="cannot be written"),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
        explained(address),
    ):
        connection.execute("CREATE TABLE x (y)")


def test_a_file_that_another_program_keeps_locked_is_said(path):
    address = parse_address(f"sqlite:///{path}")
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as second,
    ):
        holder.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="kept the database locked for too long"), explained(address):
            second.execute("BEGIN IMMEDIATE")


async def test_a_store_that_was_closed_says_so(path):
    store = await open_store(f"sqlite:///{path}", now=NOW)
    await store.close()

    assert "was closed" in await refused(store.subscriptions())
    assert "was closed" in await refused(subscribed(store))


async def test_a_transaction_that_was_cancelled_leaves_nothing_and_blocks_nobody(store):
    saved = await subscribed(store)
    started = asyncio.Event()

    async def endless():
        async with store.database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM subscription")
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(endless())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await store.subscriptions() == (saved,)
    assert (await subscribed(store, "2")).id > saved.id


async def test_many_that_wait_to_write_do_not_keep_anybody_from_reading(store):
    async with store.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM outbox")
        waiting = [asyncio.create_task(subscribed(store, str(number))) for number in range(20)]
        async with asyncio.timeout(10):
            for _ in range(20):
                assert await store.subscriptions() == ()

    assert len({one.id for one in await asyncio.gather(*waiting)}) == 20


async def test_callers_that_write_at_once_take_turns(store):
    saved = await asyncio.gather(*(subscribed(store, str(number)) for number in range(50)))

    assert len({one.id for one in saved}) == 50
