"""Connections and transactions: what differs between the two databases, below the SQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import StoreError
from bot.storage.address import Address
from bot.storage.failures import explained

_BUSY_SECONDS = 30
_T = TypeVar("_T")
# Rows in one statement: small enough that preparing them never holds the event loop.
CHUNK = 200


class Database:
    """Transactions on one database. Everything that goes wrong inside them is a StoreError."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with explained(address):
            self.engine = _engine(address)
        # On SQLite one writer at a time is the rule; queueing here is fair and costs no busy loop in the file.
        self._turn = asyncio.Lock() if address.path else None
        self._line = asyncio.Lock()  # of those who are in no hurry
        options = {"immediate": True} if address.path else {}
        self._writing = self.engine.execution_options(**options)
        # One snapshot for reads that need several statements; SQLite's are so by themselves.
        self._reading = (
            self.engine if address.path else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._closed = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view of the database."""
        self._check_open()
        with explained(self.address):
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, patient: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it happens, or nothing.

        The patient come one by one, so that a person's word waits for one of them and not for sixty feeds.
        """
        self._check_open()
        with explained(self.address):
            async with AsyncExitStack() as stack:
                if self._turn:
                    if patient:
                        await stack.enter_async_context(self._line)
                    await stack.enter_async_context(self._turn)
                yield await stack.enter_async_context(self._writing.begin())

    async def close(self) -> None:
        """Close all connections."""
        self._closed = True
        with explained(self.address):
            await self.engine.dispose()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"{self.address}: the store was closed")


def blocking_engine(address: Address) -> Engine:
    """For migrations, which run in a thread of their own."""
    url = address.url.set(drivername="sqlite") if address.path else address.url
    engine = create_engine(url, poolclass=NullPool, connect_args=_arguments(address))
    if address.path:
        _own_transactions(engine)
    return engine


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which both databases write the same way."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The values in pieces that one statement takes at a time."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _engine(address: Address) -> AsyncEngine:
    options: dict[str, Any] = {
        "connect_args": _arguments(address),
        "pool_size": 4,
        "max_overflow": 4,
        "insertmanyvalues_page_size": CHUNK,
        "pool_pre_ping": address.path is None,  # a server that was restarted is met again, not reported
    }
    engine = create_async_engine(address.url, **options)
    if address.path:
        _own_transactions(engine.sync_engine)
        event.listen(engine.sync_engine, "connect", _durable)
    return engine


def _arguments(address: Address) -> dict[str, Any]:
    """What drivers are asked for, unless the address itself says it."""
    if address.path:
        return {"timeout": _BUSY_SECONDS}
    # Without prepared statements the poolers that hosts put in front of PostgreSQL work too.
    wanted = {"connect_timeout": "10", "application_name": "verbatim", "prepare_threshold": None}
    return {name: value for name, value in wanted.items() if name not in address.url.query}


def _own_transactions(engine: Engine) -> None:
    """Begin transactions ourselves: the driver would begin too late, and never as the writer that we are."""
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could be refused half-way: writers say so at once.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _durable(connection: Any, _record: object) -> None:
    """WAL lets others read meanwhile; FULL keeps `sent` through a power cut, else a message would be sent twice."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
