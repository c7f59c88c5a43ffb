"""A backup is one sound file or none; what is restored was looked at first."""

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.domain.errors import StoreError
from bot.storage import back_up, compact, inspect, open_store, restore
from tests.contract.news import COURRIER, DAY, HOUR, NOW, entry, poll, stored, subscribed

MONTH = 30 * DAY


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "verbatim.db"


@pytest.fixture
async def url(path):
    url = f"sqlite:///{path}"
    async with await open_store(url, now=NOW) as store:
        await subscribed(store, "17")
    return url


@pytest.fixture
def file(tmp_path):
    return tmp_path / "all.db"


def chats(path):
    with closing(sqlite3.connect(path)) as connection:
        return [chat for (chat,) in connection.execute("SELECT chat FROM subscription ORDER BY chat")]


def beside(path):
    return sorted(one.name for one in path.parent.iterdir() if one.name != f"{path.name}.lock")


async def test_a_backup_is_one_file_that_only_its_owner_reads(url, file):
    held = await back_up(url, file)

    assert held.rows["subscription"] == 1
    assert chats(file) == ["17"]
    assert beside(file) == ["all.db", "data"]
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_backup_holds_what_a_running_bot_has_just_written(url, file):
    async with await open_store(url, now=NOW, worker=True) as worker:
        await subscribed(worker, "18")
        await back_up(url, file)

    assert chats(file) == ["17", "18"]


async def test_a_backup_made_while_others_write_is_one_moment(url, file):
    """Rows and counts come from one snapshot: the verification would refuse anything else."""
    stop = threading.Event()

    def write():
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                connection.execute("INSERT INTO invitation (token, made_at) VALUES (?, '2026-11-22')", (str(number),))

    writing = asyncio.create_task(asyncio.to_thread(write))
    try:
        for _ in range(5):
            held = await back_up(url, file, force=True)
            assert (await inspect(file)).rows == held.rows
    finally:
        stop.set()
        await writing


async def test_an_existing_file_is_replaced_only_by_force(url, file):
    file.write_text("holiday pictures")

    with pytest.raises(StoreError, match="exists already; name another file, or say --force"):
        await back_up(url, file)
    assert file.read_text() == "holiday pictures"
    await back_up(url, file, force=True)
    assert chats(file) == ["17"]


async def test_the_database_itself_is_no_place_for_its_backup(url, path):
    with pytest.raises(StoreError, match="this is the database itself"):
        await back_up(url, path, force=True)
    with pytest.raises(StoreError, match="this is the database itself"):
        await restore(url, path, now=NOW, folder=path.parent)

    assert chats(path) == ["17"]


@pytest.mark.parametrize("where", ["a folder", "nowhere"])
async def test_a_place_that_takes_no_file_is_named(url, tmp_path, where):
    target = tmp_path if where == "a folder" else tmp_path / "missing" / "all.db"

    with pytest.raises(StoreError, match="is a folder" if where == "a folder" else "no such file or directory"):
        await back_up(url, target)


async def test_there_is_nothing_to_back_up_before_the_first_start(tmp_path, file):
    with pytest.raises(StoreError, match="there is no database yet"):
        await back_up(f"sqlite:///{tmp_path}/verbatim.db", file)

    assert list(tmp_path.iterdir()) == []


async def test_a_damaged_database_gives_no_backup(url, path, file):
    damage(path)

    with pytest.raises(StoreError, match=r"damaged|malformed"):
        await back_up(url, file)
    assert not file.exists()


def damage(path):
    """Overwrite pages in the middle, as a bad disk does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8 * 4096] = b"\xa5" * (8 * 4096)
    path.write_bytes(bytes(content))


# --- back ------------------------------------------------------------------------------------------------------------


async def test_what_was_destroyed_is_back_and_the_ruin_is_kept(url, path, file):
    await back_up(url, file)
    path.write_bytes(b"nothing of any use")

    done = await restore(url, file, now=NOW, folder=path.parent)

    assert chats(path) == ["17"]
    assert done.aside.read_bytes() == b"nothing of any use"


async def test_changes_that_are_not_in_the_file_yet_do_not_meet_the_restored_one(url, path, file):
    """SQLite keeps the latest changes beside the file, for as long as anybody has it open."""
    await back_up(url, file)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("INSERT INTO invitation (token, made_at) VALUES ('late', '2026-11-22')")
        reader.commit()
        assert path.with_name("verbatim.db-wal").stat().st_size > 0

        done = await restore(url, file, now=NOW, folder=path.parent)

        assert beside(path) == ["verbatim.db", done.aside.name]
        with closing(sqlite3.connect(path)) as restored, closing(sqlite3.connect(done.aside)) as before:
            assert restored.execute("SELECT count(*) FROM invitation").fetchone() == (0,)
            assert before.execute("SELECT token FROM invitation").fetchone() == ("late",)


async def test_a_backup_goes_where_no_database_was(url, tmp_path, file):
    await back_up(url, file)

    done = await restore(f"sqlite:///{tmp_path}/elsewhere/verbatim.db", file, now=NOW, folder=tmp_path)

    assert done.aside is None
    assert chats(tmp_path / "elsewhere" / "verbatim.db") == ["17"]


@pytest.mark.parametrize("what", ["missing", "text", "foreign", "damaged", "cut"])
async def test_what_is_no_sound_backup_changes_nothing(url, path, file, what):
    await back_up(url, file)
    if what == "missing":
        file.unlink()
    elif what == "text":
        file.write_text("not a database, at any rate" * 50)
    elif what == "foreign":
        file.unlink()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE invoices (x)")
    elif what == "damaged":
        damage(file)
    else:
        file.write_bytes(file.read_bytes()[:-8192])

    with pytest.raises(
        StoreError, match=r"^\S+all.db: (there is no such file|this is no database|the file is damaged)"
    ):
        await restore(url, file, now=NOW, folder=path.parent)
    assert chats(path) == ["17"]
    assert beside(path) == ["verbatim.db"]


async def test_a_backup_of_a_newer_program_is_refused(url, path, file):
    await back_up(url, file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE verbatim_schema SET version_num = '9999'")
        connection.commit()

    with pytest.raises(StoreError, match="made by a newer Verbatim"):
        await restore(url, file, now=NOW, folder=path.parent)
    assert chats(path) == ["17"]
    assert beside(path) == ["verbatim.db"]


# --- room ------------------------------------------------------------------------------------------------------------


async def test_room_of_rows_that_went_is_given_back_where_it_is_worth_it(url, path):
    async with await open_store(url, now=NOW) as store:
        await stored(store, range(400), summary="Un long résumé. " * 60)
        assert await compact(url) == 0
        await poll(store, COURRIER, [entry(900)], NOW + HOUR)
        await store.prune(NOW + 2 * MONTH, MONTH, MONTH)
    before = path.stat().st_size
    freed = await compact(url)

    assert freed > 300_000
    assert path.stat().st_size == before - freed
    assert chats(path) == ["17"]
