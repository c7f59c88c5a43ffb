from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Digest, Feed, Story
from bot.domain.timeline import Axis, axis_of, by_hour, tellers
from tests.builders import COURRIER, NOW, RADIO, article


def digest(*stories):
    return Digest(("otan",), NOW - timedelta(days=1), NOW, "Europe/Paris", stories=stories)


def axis(hours, zone="Europe/Paris", end=NOW):
    return Axis(end - timedelta(hours=hours), end, zone)


def local_hours(line):
    return [tick.at.astimezone(ZoneInfo(line.zone)).hour for tick in line.ticks]


def test_an_axis_runs_from_the_first_article_of_all_stories_to_the_end():
    line = axis_of(digest(Story((article(hours_ago=3),)), Story((article(hours_ago=20), article(hours_ago=1)))))

    assert (line.start, line.end) == (NOW - timedelta(hours=20), NOW)


def test_minutes_between_two_outlets_do_not_look_like_half_a_day():
    line = axis_of(digest(Story((article(hours_ago=0.1), article(hours_ago=0.2)))))

    assert line.end - line.start == timedelta(hours=2)


def test_a_digest_without_stories_or_dates_has_an_axis_all_the_same():
    undated = replace(article(), published_at=None)

    assert axis_of(digest()).end == axis_of(digest(Story((undated,)))).end == NOW


def test_an_article_of_after_the_end_is_on_the_axis():
    late = NOW + timedelta(minutes=10)

    assert axis_of(digest(Story((article(published_at=late),)))).place(late) == 1


def test_a_moment_stands_where_its_hour_is():
    line = axis(10)

    assert [line.place(NOW - timedelta(hours=hours)) for hours in (10, 5, 0)] == [0, 0.5, 1]
    assert line.place(NOW - timedelta(days=9)) == 0


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(2, [6, 7, 8]), (6, [2, 3, 4, 5, 6, 7, 8]), (12, [20, 22, 0, 2, 4, 6, 8]), (30, [6, 12, 18, 0, 6])],
)
def test_ticks_are_round_hours_of_the_zone(hours, expected):
    assert local_hours(axis(hours)) == expected


def test_long_axes_have_a_few_midnights():
    ticks = axis(24 * 9).ticks

    assert [tick.midnight for tick in ticks] == [True] * 3
    assert {second.at - first.at for first, second in pairwise(ticks)} == {timedelta(days=3)}


def test_the_hour_that_a_change_of_clocks_leaves_out_is_no_tick():
    spring = axis(6, end=datetime(2026, 3, 29, 4, 0, tzinfo=UTC))  # 2 h does not exist that night

    assert local_hours(spring) == [23, 0, 1, 3, 4, 5, 6]
    assert [tick.midnight for tick in spring.ticks] == [False, True, *[False] * 5]


def test_an_hour_that_comes_twice_is_named_once():
    autumn = axis(6, end=datetime(2026, 10, 25, 4, 0, tzinfo=UTC))

    assert local_hours(autumn) == [0, 1, 2, 3, 4, 5]


@given(
    st.floats(2, 24 * 800),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (Hypothesis)
    st.sampled_from(["Europe/Paris", "America/Toronto", "America/St_Johns", "Asia/Kathmandu", "UTC"]),
)
def test_every_axis_has_few_ticks_in_order_and_none_outside(hours, end, zone):
    ticks = axis(hours, zone, end).ticks

    assert 0 < len(ticks) <= 8
    places = [tick.place for tick in ticks]
    assert places == sorted(set(places))
    assert 0 <= places[0] <= places[-1] <= 1


def test_each_outlet_tells_once_with_its_most_representative_article():
    first, second, other = article("a", id=1), article("b", id=2), article("c", feed=RADIO, id=3)

    assert tellers(Story((first, other, second))) == (first, other)


def test_outlets_stand_in_the_order_in_which_they_published():
    early, late = article(hours_ago=5), article(hours_ago=1, feed=RADIO)
    undated = replace(article(feed=Feed("Agora", "https://agora.example/rss")), published_at=None)

    assert by_hour((undated, late, early)) == (early, late, undated)
    assert by_hour((replace(late, feed=COURRIER), replace(early, feed=RADIO)))[0].outlet == "Radio Nord"
