from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, select
from sqlalchemy.exc import StatementError

from bot.storage.columns import Instant, Tuples, Words, storable

KEPT = Table("kept", MetaData(), Column("at", Instant), Column("words", Words), Column("nested", Tuples))


@pytest.fixture
def roundtrip():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        KEPT.create(connection)

        def write_and_read(**values):
            connection.execute(KEPT.delete())
            connection.execute(KEPT.insert().values(**values))
            return connection.execute(select(KEPT)).one()

        yield write_and_read
    engine.dispose()


def test_a_date_comes_back_in_utc_to_the_microsecond(roundtrip):
    montreal = datetime(2026, 11, 22, 3, 0, 0, 123_456, tzinfo=timezone(-5 * timedelta(hours=1)))

    at = roundtrip(at=montreal).at

    assert at == montreal
    assert at.tzinfo is UTC


def test_a_date_without_a_zone_is_refused(roundtrip):
    with pytest.raises(StatementError, match="without a zone"):
        roundtrip(at=datetime(2026, 11, 22, 3, 0))  # noqa: DTZ001 what is tested


def test_nested_tuples_come_back_as_tuples(roundtrip):
    nested = ((1, 2), (3, ("a", ())), "é")

    assert roundtrip(nested=nested).nested == nested


def test_nothing_comes_back_as_nothing(roundtrip):
    assert tuple(roundtrip(at=None, words=None)[:2]) == (None, None)


@given(st.text(st.characters()))
def test_any_text_can_be_stored_and_keeps_its_length(text):
    kept = storable(text)

    assert len(kept) == len(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert all(a == b for a, b in zip(kept, text, strict=True) if b != "\0" and not 0xD800 <= ord(b) <= 0xDFFF)
