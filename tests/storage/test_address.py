from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.storage.address import parse_address


def test_a_sqlite_address_names_a_file():
    assert parse_address("sqlite:////var/lib/verbatim.db").path == Path("/var/lib/verbatim.db")
    assert parse_address("sqlite:///data/verbatim.db").path == Path.cwd() / "data" / "verbatim.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_address_leads_to_one_driver(scheme):
    address = parse_address(f"{scheme}://ana:s3same@db.example:5433/news?sslmode=require")

    assert address.path is None
    assert address.url.drivername == "postgresql+psycopg"
    assert address.url.query == {"sslmode": "require"}
    assert str(address) == "PostgreSQL db.example:5433/news"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "verbatim.db",
        "mysql://ana:s3same@db.example/news",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://ana:s3same@db.example:port/news",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_name_and_never_repeated(url):
    with pytest.raises(StoreError, match="DATABASE_URL") as caught:
        parse_address(url)

    assert "s3same" not in str(caught.value)
    assert "sqlite:///path/to/file.db" in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_is_hidden_wherever_a_library_wrote_it():
    address = parse_address("postgresql://ana:s3s%40me@db.example/news?password=other")

    assert address.hidden("ana:s3s@me, other") == "ana:***, ***"
