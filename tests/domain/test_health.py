from datetime import timedelta

from bot.domain.health import silent_outlets
from bot.domain.model import Feed, FeedState
from tests.builders import COURRIER, NOW, RADIO

SECOND = Feed("Le Courrier", "https://courrier.example/monde")


def state(feed, *, failing_hours=None, disabled=""):
    since = None if failing_hours is None else NOW - timedelta(hours=failing_hours)
    return FeedState(feed, next_poll_at=NOW, failing_since=since, disabled=disabled)


def test_an_outlet_is_silent_after_six_hours():
    assert silent_outlets([state(COURRIER, failing_hours=6.1), state(RADIO, failing_hours=5.9)], NOW) == (1, 2)


def test_one_feed_that_answers_is_enough():
    assert silent_outlets([state(COURRIER, failing_hours=9), state(SECOND)], NOW) == (0, 1)


def test_a_feed_that_is_gone_is_silent():
    assert silent_outlets([state(COURRIER, disabled="gone")], NOW) == (1, 1)


def test_nothing_watched_is_nothing_silent():
    assert silent_outlets([], NOW) == (0, 0)
