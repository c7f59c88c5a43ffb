"""The one place where what a database library raises becomes a StoreError: one clear line, by code and not by text."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import Timeout
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from bot.domain.errors import StoreError
from bot.storage.address import Address

_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; put a backup in its place",
    sqlite3.SQLITE_NOTADB: "this file is no SQLite database; name another one in DATABASE_URL",
    sqlite3.SQLITE_BUSY: "another program has kept the database locked for too long",
    sqlite3.SQLITE_LOCKED: "another program has kept the database locked for too long",
    sqlite3.SQLITE_READONLY: "the file cannot be written; give this user the right to write it and its folder",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; is its folder there, and may this user write into it?",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
}
# The first two signs of an SQLSTATE are its class.
_POSTGRESQL = {
    "53100": "the server's disk is full",
    "53300": "the server takes no more connections",
    "28": "the server refuses user or password; look at DATABASE_URL",
    "3D": "there is no such database on the server; create it first",
    "42501": "this user may not do that in the database",
    "25006": "the server takes no changes (it is read-only)",
    "57P": "the server ended the connection: it is stopping or starting",
    "08": "the connection was lost",
}


class Collision(StoreError):
    """A constraint refused a row: somebody else was faster, or a row that it refers to is gone."""


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Whatever goes wrong with the database inside becomes a StoreError that names the database and says what to do."""
    try:
        yield
    except IntegrityError as error:
        raise Collision(f"{address}: {_line(address, error.orig)}") from error
    except DBAPIError as error:
        raise StoreError(f"{address}: {_reason(address, error.orig)}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{address}: {_reason(address, error)}") from error
    except Timeout as error:
        raise StoreError(f"{address}: another program has kept the database locked for too long") from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(f"{address}: {_line(address, error)}") from error


def _reason(address: Address, error: BaseException | None) -> str:
    """What happened, by the database's own code; in the library's words where we have none of our own."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and code & 0xFF in _SQLITE:
        return _SQLITE[code & 0xFF]
    state = getattr(error, "sqlstate", None) or ""
    for prefix, reason in _POSTGRESQL.items():
        if state.startswith(prefix):
            return reason
    return _line(address, error)


def _line(address: Address, error: BaseException | None) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: {error.filename}" if error.filename else error.strerror.lower()
    lines = (line.strip() for line in str(error).splitlines())
    return address.hidden(next((line for line in lines if line), type(error).__name__))[:300]
