from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.catalog import load_texts
from bot.domain.figures import Figures, asked
from bot.domain.measures import number, size, span

FRENCH, ENGLISH = (load_texts()[language] for language in ("fr", "en"))


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (119, "1 min"),
        (3600, "1 h"),
        (3 * 3600 + 65, "3 h 01"),
        (26 * 3600, "26 h"),
        (49 * 3600, "2 j"),
        (12_345 * 86_400, "12 345 j"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit(seconds, said):
    assert plain(span(timedelta(seconds=seconds), FRENCH)) == said


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 o", "0 B"),
        (999, "999 o", "999 B"),
        (1000, "1,0 ko", "1.0 kB"),
        (4_240_000, "4,2 Mo", "4.2 MB"),
        (128_000_000, "128 Mo", "128 MB"),
        (3 * 10**15, "3000 To", "3000 TB"),
    ],
)
def test_a_size_has_two_digits_that_matter(count, french, english):
    assert (plain(size(count, FRENCH)), plain(size(count, ENGLISH))) == (french, english)


def test_thousands_are_parted_as_each_language_does():
    assert (number(12_840, FRENCH), number(12_840, ENGLISH)) == ("12\u202f840", "12,840")


def test_thirty_days_end_today_and_follow_the_clock_of_the_zone():
    now = datetime(2026, 10, 26, 12, 0, tzinfo=ZoneInfo("UTC"))  # the day after the clocks went back

    days = asked(now, (), "Europe/Paris").days

    assert len(days) == 30
    assert (days[-1].isoformat(), days[-3].isoformat()) == ("2026-10-25T23:00:00+00:00", "2026-10-23T22:00:00+00:00")
    assert days[-1] - days[-2] == timedelta(hours=25)


def test_figures_of_nothing_are_figures():
    nothing = Figures(at=datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")))

    assert (nothing.unsent, nothing.chats_that_are("active"), sum(nothing.conditions.values())) == (0, 0, 0)
