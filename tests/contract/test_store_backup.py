"""Everything in one file and back, of both databases, and from the one into the other."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from bot.domain.chats import Dialogue, KnownChat
from bot.domain.errors import StoreError
from bot.domain.model import Chat
from bot.storage import back_up, open_store, restore
from bot.storage.address import parse_address
from bot.storage.engine import blocking_engine
from bot.storage.migrate import migrate
from bot.storage.tables import REVISION
from bot.storage.transfer import TABLES, clear
from tests.contract.news import HOUR, NOW, analysed, messages, run, statement, stored, subscribed


async def filled(store):
    """Rows in every table that is hard to carry: JSON, times, flags, signs, ids that were used up."""
    anna = Chat("telegram", "7")
    await store.save_chat(KnownChat(anna, kind="private", title="Anna « 100 % » d’Sarlange 🌻", admitted=True))
    await store.save_dialogue(anna, "7", Dialogue("new", "quelques\nmots", NOW + HOUR))
    await store.add_own_topic(anna, "drones", "drone*, shahed -loisir", 5)
    gone = await store.add_own_topic(anna, "ports", "port", 5)
    await store.drop_own_topic(anna, gone.id)
    await store.owner_token("o_secretsecret", NOW)
    subscription = await subscribed(store, "7", "12")
    articles = await stored(store, [1, 2, 3])
    for article in articles:
        await analysed(store, article, "ports", text="Le texte ligature œ.", statements=(statement(), statement("x")))
    await store.enqueue(run(subscription), messages(subscription, "a", 2), told=[one.id for one in articles])
    await store.take_turn(anna, "digest", NOW, HOUR)


def everything(url):
    """All rows of all tables, in order."""
    engine = blocking_engine(parse_address(url))
    with engine.connect() as connection:
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in TABLES}
    engine.dispose()
    return rows


def empty(url):
    engine = blocking_engine(parse_address(url))
    with engine.begin() as connection:
        clear(connection)
    engine.dispose()


async def saved(url, tmp_path):
    async with await open_store(url, now=NOW) as store:
        await filled(store)
        before = everything(url)
        held = await back_up(url, tmp_path / "all.db")  # beside a store that is open
    return before, held


async def test_every_table_is_carried(database_url):
    path = parse_address(database_url).path
    if path is None:
        pytest.skip("the tables are the same")
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert {table.name for table in TABLES} == names - {"sqlite_sequence", "verbatim_schema"}


async def test_a_backup_restored_brings_everything_back(database_url, tmp_path):
    before, held = await saved(database_url, tmp_path)
    empty(database_url)

    done = await restore(database_url, tmp_path / "all.db", now=NOW, folder=tmp_path)

    assert everything(database_url) == before
    assert {name for name, rows in held.rows.items() if rows} >= {"article", "statement", "outbox", "told", "own_topic"}
    assert (done.contents, held.revision) == (held, REVISION)
    assert sum(held.rows.values()) == sum(map(len, before.values())) + 1  # and the revision


async def test_what_was_there_before_can_be_restored_too(database_url, tmp_path):
    await saved(database_url, tmp_path)
    async with await open_store(database_url, now=NOW) as store:
        await subscribed(store, "of the evening")
    evening = everything(database_url)
    done = await restore(database_url, tmp_path / "all.db", now=NOW, folder=tmp_path)

    assert everything(database_url) != evening
    assert "before-restore-20261122-070000" in done.aside.name
    await restore(database_url, done.aside, now=NOW + HOUR, folder=tmp_path)
    assert everything(database_url) == evening


async def test_one_moves_from_sqlite_to_postgresql_and_back_by_a_backup(sqlite_url, postgresql_url, tmp_path):
    before, _ = await saved(sqlite_url, tmp_path)
    await restore(postgresql_url, tmp_path / "all.db", now=NOW, folder=tmp_path)
    assert everything(postgresql_url) == before

    await back_up(postgresql_url, tmp_path / "back.db")
    await restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "back.db", now=NOW, folder=tmp_path)
    assert everything(f"sqlite:///{tmp_path}/new.db") == before


async def test_numbers_that_were_given_once_are_not_given_again_after_a_move(sqlite_url, postgresql_url, tmp_path):
    """Ids stand in buttons under old messages, and in the names of topics."""
    async with await open_store(sqlite_url, now=NOW) as store:
        for number in ("1", "2", "3"):
            known = await store.save_chat(KnownChat(Chat("telegram", number)))
        await store.forget_chat(known.chat)
    await back_up(sqlite_url, tmp_path / "all.db")
    await restore(postgresql_url, tmp_path / "all.db", now=NOW, folder=tmp_path)
    async with await open_store(postgresql_url, now=NOW) as store:
        fourth = await store.save_chat(KnownChat(Chat("telegram", "4")))
        await store.forget_chat(fourth.chat)
    await back_up(postgresql_url, tmp_path / "back.db")
    url = f"sqlite:///{tmp_path}/new.db"
    await restore(url, tmp_path / "back.db", now=NOW, folder=tmp_path)

    async with await open_store(url, now=NOW) as store:
        fifth = await store.save_chat(KnownChat(Chat("telegram", "5")))
    assert [known.id, fourth.id, fifth.id] == [3, 4, 5]


async def test_nothing_is_restored_under_a_running_bot(database_url, tmp_path):
    before, _ = await saved(database_url, tmp_path)

    async with await open_store(database_url, now=NOW, worker=True) as worker:
        await worker.stats()
        with pytest.raises(StoreError, match=r"another (worker|Verbatim) is"):
            await restore(database_url, tmp_path / "all.db", now=NOW, folder=tmp_path)

    assert everything(database_url).keys() == before.keys()
    assert everything(database_url)["subscription"] == before["subscription"]
    assert sorted(path.name for path in tmp_path.iterdir() if "restore" in path.name) == []


async def test_postgresql_at_another_revision_is_not_backed_up_halfway(postgresql, tmp_path):
    url = postgresql.address(postgresql.create())

    with pytest.raises(StoreError, match="run `verbatim db upgrade`"):
        await back_up(url, tmp_path / "all.db")
    assert list(tmp_path.iterdir()) == []
    migrate(parse_address(url))
    await back_up(url, tmp_path / "all.db")
    assert (tmp_path / "all.db").stat().st_mode & 0o777 == 0o600
