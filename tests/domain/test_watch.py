"""When the owner's alarm goes, and when it must not."""

from datetime import timedelta

import pytest

from bot.domain.health import Watch, condition
from bot.domain.model import FeedState
from tests.builders import COURRIER, NOW, RADIO

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONG_AGO = NOW - 30 * 24 * HOUR


def feed(which=COURRIER, **state):
    known = {"next_poll_at": NOW + 20 * MINUTE, "polled_at": NOW - 10 * MINUTE, "succeeded_at": NOW - 10 * MINUTE}
    return FeedState(which, **(known | state))


def failing(since, **state):
    return feed(error="dns", failing_since=NOW - since, succeeded_at=NOW - since, **state)


def watch(started=LONG_AGO):
    return Watch(NOW, started)


def test_all_is_well_where_feeds_are_asked_and_answer():
    assert watch().polling([feed(), feed(RADIO)]) == ""


def test_feeds_that_are_due_for_long_and_that_nobody_asks_mean_that_we_are_stuck():
    stuck = [feed(next_poll_at=NOW - 16 * MINUTE, polled_at=NOW - HOUR), feed(RADIO, polled_at=NOW - HOUR)]

    assert watch().polling(stuck) == "not-asked"


def test_one_feed_that_waits_while_others_are_asked_is_no_alarm():
    assert watch().polling([feed(next_poll_at=NOW - HOUR, polled_at=NOW - 2 * HOUR), feed(RADIO)]) == ""


def test_what_was_due_while_we_were_down_is_no_fault_of_this_run():
    waiting = [feed(next_poll_at=NOW - 5 * HOUR, polled_at=NOW - 6 * HOUR, succeeded_at=NOW - 6 * HOUR)]

    assert watch(started=NOW - MINUTE).polling(waiting) == ""
    assert watch(started=NOW - HOUR).polling(waiting) == "not-asked"


def test_feeds_that_are_asked_and_do_not_answer_for_three_hours_mean_that_we_hear_nothing():
    assert watch().polling([failing(3 * HOUR + MINUTE), failing(4 * HOUR, which=RADIO)]) == "no-answer"
    assert watch().polling([failing(2 * HOUR), failing(4 * HOUR, which=RADIO)]) == ""


def test_a_long_interval_is_not_silence():
    rare = {"next_poll_at": NOW + 20 * HOUR, "polled_at": NOW - 4 * HOUR, "succeeded_at": NOW - 4 * HOUR}

    assert watch().polling([feed(**rare), feed(RADIO, **rare), failing(5 * HOUR)]) == ""


def test_a_first_start_without_network_turns_red_after_three_hours():
    never = [feed(error="dns", succeeded_at=None, failing_since=NOW - 2 * HOUR)]

    assert watch(started=NOW - 2 * HOUR).polling(never) == ""
    assert watch(started=NOW - 4 * HOUR).polling(never) == "no-answer"


@pytest.mark.parametrize("feeds", [[], [feed(disabled="gone", next_poll_at=LONG_AGO, polled_at=LONG_AGO)]])
def test_where_nothing_is_to_be_polled_nothing_is_wrong(feeds):
    assert watch().polling(feeds) == ""


def test_a_message_that_waits_for_no_reason_is_an_alarm_after_a_quarter_of_an_hour():
    assert watch().sending(None) == ""
    assert watch().sending(NOW - 14 * MINUTE) == ""
    assert watch().sending(NOW - 16 * MINUTE) == "not-sent"
    assert watch(started=NOW - MINUTE).sending(NOW - 5 * HOUR) == ""


@pytest.mark.parametrize(
    ("state", "how"),
    [
        (feed(), "well"),
        (feed(polled_at=None, succeeded_at=None), "unread"),
        (failing(HOUR), "failing"),
        (failing(7 * HOUR), "silent"),
        (failing(HOUR, disabled="gone"), "gone"),
    ],
)
def test_a_feed_is_in_one_condition(state, how):
    assert condition(state, NOW) == how
