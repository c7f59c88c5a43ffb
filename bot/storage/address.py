"""DATABASE_URL, read once: which database, how to name it without its password."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import StoreError

_EXPECTED = "expected sqlite:///path/to/file.db or postgresql://user:password@host/database"
_POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}
_SQLITE = {"sqlite", "sqlite+aiosqlite"}


@dataclass(frozen=True, slots=True)
class Address:
    """A database. `path` is the SQLite file, None for PostgreSQL."""

    url: URL
    path: Path | None

    def __str__(self) -> str:
        """As shown to people: never with the password."""
        if self.path:
            return str(self.path)
        place = self.url.host or str(self.url.query.get("host", "local socket"))
        port = f":{self.url.port}" if self.url.port else ""
        return f"PostgreSQL {place}{port}/{self.url.database or ''}"

    def hidden(self, text: str) -> str:
        """The text without the password, should a library have written it there."""
        passwords = (self.url.password, self.url.query.get("password"))
        for password in passwords:
            if isinstance(password, str) and password:
                text = text.replace(password, "***")
        return text


def parse_address(database_url: str) -> Address:
    """The database that DATABASE_URL names. Raises StoreError, which never repeats what was given."""
    try:
        url = make_url(database_url.strip())
    except (ArgumentError, ValueError):
        raise StoreError(f"DATABASE_URL cannot be read: {_EXPECTED} (special signs as %XX)") from None
    if url.drivername in _SQLITE:
        if not url.database or url.database == ":memory:":
            raise StoreError("DATABASE_URL names no file: expected sqlite:///path/to/file.db")
        path = Path(url.database).expanduser().resolve()
        return Address(URL.create("sqlite+aiosqlite", database=str(path)), path)
    if url.drivername in _POSTGRESQL:
        return Address(url.set(drivername="postgresql+psycopg"), None)
    raise StoreError(f"DATABASE_URL names a database that Verbatim cannot use: {_EXPECTED}")
