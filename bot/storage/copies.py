"""SQLite files as wholes: copied while others write to them, and looked at before they are trusted."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import StoreError
from bot.storage.tables import VERSION_TABLE

_PRIVATE = 0o600  # it holds what people follow, and links that make owners
_BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: the revision of its tables, and how many rows each of them has."""

    revision: str
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


def copy_file(source: Path, target: Path) -> None:
    """A copy of a database as it is at one moment, its latest changes included; complete, or not there at all."""
    with whole(target) as partial:
        seen = pour(source, partial)
        verify(partial, seen)


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A file to be written, which becomes `target` when the block ends well, and is gone where it does not."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        yield partial
        put(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def put(file: Path, target: Path) -> None:
    """Let a file take the place of another in the same folder, for good: a power cut leaves the old or the new."""
    _settle(file)
    file.replace(target)
    _settle(target.parent)


def pour(source: Path, target: Path) -> Contents:
    """Copy all pages into an empty file; what the source held at that moment, which is what must have arrived."""
    with _opened(source) as giving, _opened(target) as taking:
        # One snapshot for the counting and the copying, however much others write meanwhile.
        giving.execute("BEGIN")
        held = _contents(giving)
        giving.backup(taking)
        taking.execute("PRAGMA journal_mode=DELETE")  # one file, also for whoever opens it
    return held


def look(path: Path) -> Contents:
    """What a sound database of ours holds; StoreError for anything else, which is left as it is."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    try:
        with _opened(path) as connection:
            connection.execute("BEGIN")
            held = _contents(connection)
            if held.revision:
                _refuse_damage(path, connection)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: this is no database, or a damaged one ({error})") from error
    if not held.revision:
        raise StoreError(f"{path}: this is no database of Verbatim")
    return held


def verify(path: Path, expected: Contents) -> None:
    """StoreError unless the file is sound and holds exactly what it should."""
    with _opened(path) as connection:
        _refuse_damage(path, connection)
        held = _contents(connection)
    if held != expected:
        raise StoreError(f"{path}: the copy holds {held.total} rows, not the {expected.total} of the database")


def _refuse_damage(path: Path, connection: sqlite3.Connection) -> None:
    (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if first != "ok":
        raise StoreError(f"{path}: the file is damaged ({str(first)[:100]})")
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise StoreError(f"{path}: the file is damaged (a row of {orphan[0]} refers to nothing)")


def _contents(connection: sqlite3.Connection) -> Contents:
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [str(name) for (name,) in connection.execute(listed)]
    quoted = {name: name.replace('"', '""') for name in names}
    count = {name: f'SELECT count(*) FROM "{quoted[name]}"' for name in names}  # noqa: S608 (names of tables, quoted)
    rows = {name: int(connection.execute(count[name]).fetchone()[0]) for name in names}
    revision = ""
    if VERSION_TABLE in rows:
        found = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 (our own constant)
        revision = str(found[0]) if found else ""
    return Contents(revision, rows)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        yield connection


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
