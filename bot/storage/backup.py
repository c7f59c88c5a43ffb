"""Everything in one file, made beside a running bot, and back.

The file is a SQLite database whichever one it was made of, with the same tables: so it can be looked into by any tool,
and a bot moves from SQLite to PostgreSQL, or back, by a backup of the one restored into the other.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Connection, Engine, text

from bot.domain.errors import StoreError
from bot.storage import transfer
from bot.storage.address import Address, parse_address
from bot.storage.copies import Contents, look, pour, put, verify, whole
from bot.storage.engine import blocking_engine
from bot.storage.failures import explained
from bot.storage.lock import worker_lock
from bot.storage.migrate import migrate, revision
from bot.storage.tables import REVISION, VERSION_TABLE

_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file belongs to that file only


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where what stood there before is now (None: nothing did)."""

    contents: Contents
    aside: Path | None


async def back_up(database_url: str, file: Path, *, force: bool = False) -> Contents:
    """Write everything to a file and verify it; what is in it. StoreError, and no file, when anything is wrong.

    A file that exists is replaced only with `force`.
    """
    return await asyncio.to_thread(_back_up, parse_address(database_url), file, force=force)


async def restore(database_url: str, file: Path, *, now: datetime, folder: Path) -> Restored:
    """Put a verified file in the place of everything, after a copy of what is there: beside a SQLite file, in `folder`
    for PostgreSQL. StoreError, and nothing changed, when the file is not sound or a bot is running.
    """
    return await asyncio.to_thread(_restore, parse_address(database_url), file, now, folder)


async def inspect(file: Path) -> Contents:
    """What a backup holds; StoreError when it is none that can be restored."""
    return await asyncio.to_thread(_inspect, file)


def _back_up(address: Address, file: Path, *, force: bool) -> Contents:
    with explained(_file(file)):
        if file.is_dir():
            raise StoreError(f"{file}: this is a folder; name a file in it")
        if file.exists() and address.path and file.samefile(address.path):
            raise StoreError(f"{file}: this is the database itself; name another file")
        if file.exists() and not force:
            raise StoreError(f"{file}: exists already; name another file, or say --force")
        with whole(file) as partial:
            held = _pour(address, partial)
            verify(partial, held)
        return held


def _pour(address: Address, partial: Path) -> Contents:
    with explained(address):
        if address.path is None:
            return _pour_postgresql(address, partial)
        if not address.path.is_file():
            raise StoreError(f"{address}: there is no database yet")
        held = pour(address.path, partial)
    if not held.revision:
        raise StoreError(f"{address}: not a database of Verbatim")
    return held


def _pour_postgresql(address: Address, partial: Path) -> Contents:
    file = _file(partial)
    migrate(file, worker=True)
    with _connected(address) as source, _connected(file) as target:
        source.execution_options(isolation_level="REPEATABLE READ")  # one snapshot, whatever others write meanwhile
        known = revision(source, address)
        if known != REVISION:
            made = known or "no"
            raise StoreError(f"{address}: its tables have {made} revision, not {REVISION}; run `verbatim db upgrade`")
        with target.begin():
            transfer.transfer(source, target)
        return Contents(REVISION, dict(sorted((transfer.count(source) | {VERSION_TABLE: 1}).items())))


# --- back ------------------------------------------------------------------------------------------------------------


def _inspect(file: Path) -> Contents:
    with explained(_file(file)):
        return look(file)


def _restore(address: Address, file: Path, now: datetime, folder: Path) -> Restored:
    contents = _inspect(file)
    stamp = f"before-restore-{now:%Y%m%d-%H%M%S}.bak"
    with explained(address):
        if address.path:
            return Restored(contents, _into_file(address, address.path, file, stamp))
        folder.mkdir(parents=True, exist_ok=True)
        return Restored(contents, _into_postgresql(address, file, folder / f"verbatim.{stamp}"))


def _into_file(address: Address, path: Path, file: Path, stamp: str) -> Path | None:
    if path.exists() and file.samefile(path):
        raise StoreError(f"{file}: this is the database itself; name a backup of it")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = worker_lock(address)
    try:
        with _brought_up(file, path.parent) as ready:
            aside = _put_aside(path, path.with_name(f"{path.name}.{stamp}"))
            put(ready, path)
        return aside
    finally:
        if lock:
            lock.release()


def _put_aside(path: Path, aside: Path) -> Path | None:
    """A copy of what is there, or the thing itself where it is damaged. What SQLite keeps beside a file goes with it:
    it must not meet another one.
    """
    if not path.exists():
        _drop_beside(path)
        return None
    try:
        with whole(aside) as partial:
            pour(path, partial)
    except (sqlite3.Error, OSError):
        for suffix in ("", *_BESIDE):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))
    else:
        _drop_beside(path)
    return aside


def _drop_beside(path: Path) -> None:
    for suffix in _BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _into_postgresql(address: Address, file: Path, aside: Path) -> Path | None:
    before, _ = migrate(address)
    with (
        _brought_up(file, aside.parent) as ready,
        _connected(_file(ready)) as source,
        _connected(address) as target,
        target.begin(),
    ):
        _refuse_company(address, target)
        if before:
            with whole(aside) as partial:
                verify(partial, _pour_postgresql(address, partial))
        transfer.clear(target)
        transfer.transfer(source, target)
        if transfer.count(target) != transfer.count(source):
            raise StoreError(f"{address}: not all rows of {file} arrived; nothing was changed")
    return aside if before else None


def _refuse_company(address: Address, connection: Connection) -> None:
    """Tables are not emptied under somebody who works with them."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'verbatim'"
        " AND pid <> pg_backend_pid()"
    )
    if connection.execute(others).scalar_one():
        raise StoreError(f"{address}: another Verbatim is using this database; stop it first")


@contextmanager
def _brought_up(file: Path, folder: Path) -> Iterator[Path]:
    """A copy of the backup in this folder, with the tables of this version; gone with the block if nobody took it."""
    with TemporaryDirectory(prefix=".verbatim-restore-", dir=folder) as place:
        copy = Path(place) / "verbatim.db"
        verify(copy, pour(file, copy))
        migrate(_file(copy), worker=True)
        yield copy


# --- databases -------------------------------------------------------------------------------------------------------


def _file(path: Path) -> Address:
    """The SQLite database in this file."""
    return Address(URL.create("sqlite+aiosqlite", database=str(path)), path)


@contextmanager
def _connected(address: Address) -> Iterator[Connection]:
    engine: Engine = blocking_engine(address)
    try:
        with closing(engine.connect()) as connection:
            yield connection
    finally:
        engine.dispose()
