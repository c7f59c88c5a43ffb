from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Entry
from bot.domain.rhythm import FASTEST, SLOWEST, interval_of, outside, rate_after, rate_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # a Sunday
HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
NO_TIME = timedelta()


def dated(*hours_ago: float) -> list[Entry]:
    return [Entry(str(ago), "", "", "t", published=NOW - timedelta(hours=ago)) for ago in hours_ago]


@pytest.mark.parametrize(
    ("rate", "quiet", "conditional", "interval"),
    [
        (None, NO_TIME, True, HALF_HOUR),
        (None, NO_TIME, False, HOUR),
        (24, NO_TIME, True, HALF_HOUR),
        (24, NO_TIME, False, HOUR),
        (288, NO_TIME, True, timedelta(minutes=20)),
        (288, NO_TIME, False, timedelta(minutes=40)),
        (5000, NO_TIME, True, FASTEST),
        (1, NO_TIME, True, timedelta(hours=3)),
        (1 / 30, NO_TIME, True, SLOWEST),
        (0, NO_TIME, True, SLOWEST),
        (288, timedelta(hours=8), True, HALF_HOUR),
        (24, timedelta(days=2), True, timedelta(hours=3)),
        (24, timedelta(days=60), True, SLOWEST),
    ],
)
def test_busy_feeds_are_asked_more_often_quiet_ones_less_and_the_others_as_configured(
    rate, quiet, conditional, interval
):
    assert interval_of(HALF_HOUR, rate, quiet, conditional=conditional) == interval


@given(
    st.timedeltas(timedelta(minutes=10), DAY),
    st.none() | st.floats(0, 1e6),
    st.timedeltas(NO_TIME, timedelta(days=400)),
    st.booleans(),
)
def test_no_interval_leaves_its_bounds(base, rate, quiet, conditional):
    assert FASTEST <= interval_of(base, rate, quiet, conditional=conditional) <= SLOWEST


def test_the_dates_of_a_first_document_tell_its_rate():
    assert rate_of(dated(0, 1, 2, 3, 4, 5, 6, 7, 8, 9000), NOW) == pytest.approx(5 / (4 / 24))


@pytest.mark.parametrize(
    "hours_ago",
    [(), (1, 2), (0.1, 0.2, 0.3, 0.4), (-1, -2, -3, -4), (5, 5, 5, 5, 5)],
    ids=["no dates", "too few", "made just now", "all ahead", "all the same"],
)
def test_dates_that_tell_nothing_are_not_believed(hours_ago):
    assert rate_of(dated(*hours_ago), NOW) is None


def test_the_rate_follows_what_comes_within_days():
    rate: float | None = None
    for _ in range(10 * 48):
        rate = rate_after(rate, HALF_HOUR, 1)
    busy = rate
    for _ in range(10):
        rate = rate_after(rate, DAY, 0)

    assert busy == pytest.approx(48, rel=0.05)
    assert rate == pytest.approx(0, abs=2)


def test_a_clock_that_went_back_does_not_raise_the_rate():
    assert rate_after(10.0, -DAY, 0) == 10.0


@pytest.mark.parametrize(
    ("hours", "days", "moved"),
    [
        ((), (), NO_TIME),
        ((8, 9), (), 2 * HOUR),
        ((7, 10), (), NO_TIME),
        ((), (6,), 16 * HOUR),
        ((0, 1), (6,), 18 * HOUR),
        (tuple(range(24)), (), NO_TIME),
        ((), tuple(range(7)), NO_TIME),
    ],
    ids=["none", "two hours", "other hours", "Sundays", "and the night after", "all hours", "all days"],
)
def test_hours_and_days_that_a_feed_asks_to_be_spared_are_waited_out(hours, days, moved):
    assert outside(NOW, hours, days) == NOW + moved
