import asyncio
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.domain.errors import StoreError
from bot.storage import open_store, upgrade
from bot.storage.address import parse_address
from bot.storage.engine import blocking_engine
from bot.storage.migrate import OURS, Plan, migrate
from bot.storage.tables import REVISION, VERSION_TABLE, metadata
from tests.contract.news import NOW, subscribed

READ_REVISION = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 our own constant


@pytest.fixture
def path(tmp_path):
    return tmp_path / "verbatim.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


def execute(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements]


def test_the_migrations_lead_to_the_tables_that_the_code_knows(url):
    migrate(parse_address(url))
    engine = blocking_engine(parse_address(url))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_revision_named_in_the_code_is_the_latest():
    assert ScriptDirectory(str(OURS.folder)).get_current_head() == REVISION


async def test_a_new_file_is_created_with_its_folder(tmp_path):
    path = tmp_path / "a" / "b" / "verbatim.db"

    assert await upgrade(f"sqlite:///{path}") == ("", REVISION)
    assert path.exists()
    assert await upgrade(f"sqlite:///{path}") == (REVISION, REVISION)
    assert not list(path.parent.glob("*.bak*"))


@pytest.fixture
def later(tmp_path):
    """Makes the plan of a later program, which has one more revision: the only way to meet one before it exists."""

    def with_second_revision(*statements):
        versions = tmp_path / "migrations" / "versions"
        versions.mkdir(parents=True)
        body = "".join(f"    op.execute({statement!r})\n" for statement in statements)
        for number, before, steps in ((REVISION, None, "    pass\n"), ("9000", REVISION, body)):
            (versions / f"r{number}.py").write_text(
                f"from alembic import op\nrevision = {number!r}\ndown_revision = {before!r}\ndef upgrade():\n{steps}"
            )
        return Plan(tmp_path / "migrations", "9000")

    return with_second_revision


async def test_several_databases_can_be_made_at_once_in_one_process(tmp_path):
    made = await asyncio.gather(*(upgrade(f"sqlite:///{tmp_path}/{number}.db") for number in range(6)))

    assert made == [("", REVISION)] * 6
    tables = [execute(tmp_path / f"{number}.db", "SELECT count(*) FROM sqlite_master") for number in range(6)]
    assert tables == [tables[0]] * 6


async def test_a_file_that_has_to_be_migrated_is_copied_first(path, url, later):
    async with await open_store(url, now=NOW) as store:
        await subscribed(store, "17")

    assert migrate(parse_address(url), plan=later("DROP TABLE told")) == (REVISION, "9000")

    copy = path.with_name("verbatim.db.before-9000.bak")
    assert execute(copy, "SELECT chat FROM subscription", "SELECT * FROM told", READ_REVISION) == [
        [("17",)],
        [],
        [(REVISION,)],
    ]
    assert execute(path, "SELECT chat FROM subscription", READ_REVISION) == [[("17",)], [("9000",)]]
    assert "told" not in {name for (name,) in execute(path, "SELECT name FROM sqlite_master")[0]}
    assert [one.name for one in path.parent.glob("*.bak*")] == [copy.name]


async def test_a_migration_that_fails_leaves_the_file_as_it_was(path, url, later):
    await upgrade(url)

    with pytest.raises(StoreError, match="nowhere"):
        migrate(parse_address(url), plan=later("DROP TABLE told", "DROP TABLE nowhere"))

    assert execute(path, "SELECT count(*) FROM told", READ_REVISION) == [[(0,)], [(REVISION,)]]


async def test_tables_are_not_changed_under_a_running_worker(path, url, later):
    async with await open_store(url, now=NOW, worker=True) as worker:
        with pytest.raises(StoreError, match="another worker is running"):
            migrate(parse_address(url), plan=later("DROP TABLE told"))

        assert await worker.told(1, NOW) == frozenset()
    assert not list(path.parent.glob("*.bak*"))


async def test_a_database_of_a_newer_program_is_refused(url, later):
    await upgrade(url)
    migrate(parse_address(url), plan=later("DROP TABLE told"))

    with pytest.raises(StoreError, match=f"made by a newer Verbatim .revision 9000, this one knows {REVISION}"):
        await open_store(url, now=NOW)


async def test_a_database_of_something_else_is_refused_and_left_as_it_is(path, url):
    execute(path, "CREATE TABLE invoices (x)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match=r"not a database of Verbatim \(it holds invoices\)"):
        await open_store(url, now=NOW)

    assert path.read_bytes() == before


async def test_rows_survive_opening_again(url):
    async with await open_store(url, now=NOW) as store:
        saved = await subscribed(store)

    async with await open_store(url, now=NOW) as store:
        assert await store.subscriptions() == (saved,)
