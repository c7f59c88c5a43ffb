"""All rows of one database into another, SQLite or PostgreSQL, and the numbers that were given out already."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, func, insert, select, text

from bot.storage import chat_tables

_AT_ONCE = 1000
# Rows that refer to others come after them.
TABLES = tuple(chat_tables.chat.metadata.sorted_tables)


def count(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in TABLES
    }


def transfer(source: Connection, target: Connection) -> None:
    """Copy every row into tables that are empty; ids that were used up stay so."""
    for table in TABLES:
        rows = source.execute(select(table), execution_options={"yield_per": _AT_ONCE})
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])
    _give_numbers(target, _numbers(source))


def clear(connection: Connection) -> None:
    """Empty all tables."""
    for table in reversed(TABLES):
        connection.execute(table.delete())


# --- numbers ---------------------------------------------------------------------------------------------------------


def _numbered() -> tuple[Table, ...]:
    """The tables whose rows the database numbers by itself."""
    return tuple(table for table in TABLES if table.autoincrement_column is not None)


def _numbers(connection: Connection) -> Mapping[str, int]:
    """The highest number that each table has given to a row, also to one that is gone."""
    highest = {
        table.name: int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())
        for table in _numbered()
    }
    given = _given_by_sqlite(connection) if connection.dialect.name == "sqlite" else _given_by_postgresql(connection)
    return {name: max(number, given.get(name, 0)) for name, number in highest.items()}


def _given_by_sqlite(connection: Connection) -> dict[str, int]:
    return {
        str(name): int(number) for name, number in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
    }


def _given_by_postgresql(connection: Connection) -> dict[str, int]:
    asked = text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:table, 'id') AS regclass))")
    return {
        table.name: int(connection.execute(asked, {"table": table.name}).scalar_one() or 0) for table in _numbered()
    }


def _give_numbers(connection: Connection, numbers: Mapping[str, int]) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence"))
        for table in _numbered():
            if table.dialect_options["sqlite"]["autoincrement"]:  # SQLite keeps such numbers for these only
                kept = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")
                connection.execute(kept, {"name": table.name, "number": numbers[table.name]})
        return
    for name, number in numbers.items():
        asked = text("SELECT setval(CAST(pg_get_serial_sequence(:name, 'id') AS regclass), :number, :used)")
        connection.execute(asked, {"name": name, "number": max(number, 1), "used": number > 0})
