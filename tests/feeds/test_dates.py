from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822, with the zones that feedparser takes for UTC
        ("Sun, 22 Nov 2026 08:30:00 +0100", "2026-11-22T07:30"),
        ("Sun, 22 Nov 2026 08:30:00 CET", "2026-11-22T07:30"),
        ("Wed, 22 Jul 2026 08:30:00 CEST", "2026-07-22T06:30"),
        ("Sun, 22 Nov 2026 08:30:00 GMT", "2026-11-22T08:30"),
        ("Sun, 22 Nov 2026 08:30:00 -0000", "2026-11-22T08:30"),
        ("Sun, 22 Nov 2026 08:30 HNE", "2026-11-22T13:30"),
        ("Sun,22 Nov 2026 8:30:00Z", "2026-11-22T08:30"),
        ("Mon Nov 23 2026 08:00:00 GMT+0100 (CET)", "2026-11-23T07:00"),
        # French
        ("dim., 22 nov. 2026 08:30:00 +0100", "2026-11-22T07:30"),
        ("Lun, 02 Déc 2024 09:00:00 GMT", "2024-12-02T09:00"),
        ("22 février 2026", "2026-02-21T23:00"),
        ("mar. 7 avr. 2026 10:00:00 +0200", "2026-04-07T08:00"),
        ("1er août 2026 à 8h", "2026-08-01T06:00"),
        ("22 novembre 2026 à 8 h 30", "2026-11-22T07:30"),
        # Figures
        ("02/08/2026 10:15", "2026-08-02T08:15"),
        ("22.11.2026 20h05", "2026-11-22T19:05"),
        ("8/22/2026 10:15 PM", "2026-08-22T20:15"),
        # ISO 8601, in pubDate too
        ("2026-11-22T08:30:00Z", "2026-11-22T08:30"),
        ("2026-11-22T08:30:00.123+01:00", "2026-11-22T07:30"),
        ("2026-08-01T10:00:00-0400", "2026-08-01T14:00"),
        ("2026-11-22 08:30", "2026-11-22T07:30"),
        ("2026-07-22", "2026-07-21T22:00"),
        ("20261122T083000Z", "2026-11-22T08:30"),
        # Epochs
        ("1785657600", "2026-08-02T08:00"),
        ("1785657600000", "2026-08-02T08:00"),
        # The edges of the clock
        ("Sun, 22 Nov 2026 24:00:00 +0000", "2026-11-23T00:00"),
        ("Sun, 25 Oct 2026 02:30:00", "2026-10-25T00:30"),
    ],
)
def test_a_date_is_read_as_its_writer_meant_it(text, expected):
    moment = read_date(text, "Europe/Paris")

    assert moment == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_date_without_zone_is_in_the_feeds_own():
    assert read_date("2026-07-22 08:00", "America/Toronto") == datetime(2026, 7, 22, 12, tzinfo=UTC)
    assert read_date("2026-07-22 08:00", "No/Such_Zone") == datetime(2026, 7, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "n/a", "hier", "0000-00-00", "0000-00-00 00:00:00", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "Sun, 31 Feb 2026",
     "2026-13-01", "Sun, 22 Nov 2026 99:99:99 GMT", "22 Nov 2026 23 Nov 2026", "x" * 5_000,
     "2026-11-22T08:00:00+99:99"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert read_date(text, "Europe/Paris") is None


@given(st.text(max_size=60) | st.text("0123456789-/:TZ +.,hJanveoût", max_size=40))
def test_no_text_makes_it_fail(text):
    moment = read_date(text, "Europe/Paris")

    assert moment is None or moment.tzinfo == UTC


@given(st.datetimes(datetime(1996, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_every_moment_is_found_again_in_the_two_usual_forms(moment):
    whole = moment.replace(microsecond=0)

    assert read_date(whole.strftime("%a, %d %b %Y %H:%M:%S +0000"), "Europe/Paris") == whole
    assert read_date(whole.isoformat(), "Europe/Paris") == whole
