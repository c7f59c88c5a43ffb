from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FeedError
from bot.domain.model import Feed, FeedState, FetchedFeed, ParsedFeed, Polled
from bot.domain.polling import after_failure, after_success, body_hash, jitter_of, observed, poll_url, same_site

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
FEED = Feed(outlet="Le Courrier", url="https://www.courrier.example/rss")
FRESH = FeedState(FEED, NOW)
ANSWER = FetchedFeed(FEED, NOW, b"<rss/>", etag='"1"')
EMPTY = ParsedFeed(())
DOWN = FeedError("http", "503", status=503)


def wait_after(answer: FetchedFeed, parsed: ParsedFeed | None = EMPTY, jitter: float = 0.0) -> timedelta:
    return after_success(FRESH, answer, parsed, NOW, HALF_HOUR, jitter).next_poll_at - NOW


def wait_after_failures(count: int, error: FeedError = DOWN) -> timedelta:
    state = FRESH
    for _ in range(count):
        state = after_failure(state, error, NOW, HALF_HOUR, 0.0)
    return state.next_poll_at - NOW


def polled(state: FeedState, permanent_url: str, times: int = 1) -> FeedState:
    for _ in range(times):
        state = after_success(state, replace(ANSWER, permanent_url=permanent_url), EMPTY, NOW, HALF_HOUR, 0.0)
    return state


def test_a_success_remembers_what_the_next_question_needs_and_forgets_the_trouble():
    troubled = replace(FRESH, failures=3, error="dns", error_message="x", failing_since=NOW, new_at=NOW)

    state = after_success(troubled, replace(ANSWER, last_modified="hier"), EMPTY, NOW, HALF_HOUR, 0.0)

    assert state == replace(
        FRESH,
        etag='"1"',
        last_modified="hier",
        body_hash=body_hash(b"<rss/>"),
        polled_at=NOW,
        succeeded_at=NOW,
        new_at=NOW,
        next_poll_at=NOW + HALF_HOUR,
    )


def test_nothing_new_keeps_the_fingerprint_of_the_last_body():
    known = replace(FRESH, body_hash="known")

    state = after_success(known, replace(ANSWER, body=None), None, NOW, HALF_HOUR, 0.0)

    assert (state.body_hash, state.etag, state.succeeded_at) == ("known", '"1"', NOW)


@pytest.mark.parametrize(
    ("answer", "ttl", "wait"),
    [
        (ANSWER, None, HALF_HOUR),
        (replace(ANSWER, etag=""), None, timedelta(hours=1)),
        (replace(ANSWER, etag="", last_modified="hier"), None, HALF_HOUR),
        (replace(ANSWER, wait=timedelta(minutes=5)), None, HALF_HOUR),
        (replace(ANSWER, wait=timedelta(days=30)), None, timedelta(days=7)),
        (ANSWER, timedelta(minutes=5), HALF_HOUR),
        (ANSWER, timedelta(days=30), timedelta(days=1)),
    ],
    ids=["our interval", "no validators", "one is enough", "a short wish", "a week at most", "short ttl", "long ttl"],
)
def test_the_longest_of_the_wishes_decides(answer, ttl, wait):
    got = wait_after(answer, ParsedFeed((), ttl=ttl), jitter=-1.0)

    assert got == (wait if wait > timedelta(hours=2) else wait * 0.9)


def test_what_the_server_asked_for_is_never_made_shorter():
    wish = replace(ANSWER, wait=timedelta(hours=2))

    assert wait_after(wish, jitter=-1.0) == timedelta(hours=2)
    assert wait_after(wish, jitter=1.0) == timedelta(hours=2.2)


def test_failures_double_the_wait_up_to_a_day():
    minutes = [wait_after_failures(count).total_seconds() / 60 for count in (1, 2, 3, 6, 7, 50, 5000)]

    assert minutes == [30, 60, 120, 960, 1440, 1440, 1440]


def test_a_busy_server_is_left_alone_for_as_long_as_it_says():
    busy = FeedError("http", "429", status=429, retry_after=timedelta(hours=5))

    assert wait_after_failures(1, busy) >= timedelta(hours=5)


def test_a_failure_is_kept_with_its_beginning_and_loses_nothing_known():
    known = replace(FRESH, etag='"1"', body_hash="known", succeeded_at=NOW)
    first = after_failure(known, DOWN, NOW, HALF_HOUR, 0.0)

    second = after_failure(first, FeedError("dns", "unknown"), NOW + HALF_HOUR, HALF_HOUR, 0.0)

    assert (second.failures, second.error, second.error_message) == (2, "dns", "unknown")
    assert (second.failing_since, second.polled_at) == (NOW, NOW + HALF_HOUR)
    assert (second.etag, second.body_hash, second.succeeded_at, second.disabled) == ('"1"', "known", NOW, "")


def failed(state: FeedState, days: float, error: FeedError) -> FeedState:
    return after_failure(state, error, NOW + timedelta(days=days), HALF_HOUR, 0.0)


MISSING = FeedError("http", "404", status=404)


def test_a_feed_that_is_not_found_for_ten_days_is_disabled():
    first = failed(FRESH, 0, MISSING)

    assert failed(first, 9.9, MISSING).disabled == ""
    assert failed(first, 10, MISSING).disabled == "missing"


def test_that_a_server_cannot_be_reached_does_not_make_a_feed_found_but_another_answer_does():
    first = failed(FRESH, 0, MISSING)

    assert failed(failed(first, 5, FeedError("dns", "x")), 10, MISSING).disabled == "missing"
    assert failed(failed(first, 5, DOWN), 10, MISSING).disabled == ""
    assert failed(polled(first, ""), 10, MISSING).missing_since == NOW + timedelta(days=10)


def test_what_a_document_asks_for_holds_when_it_is_unchanged():
    asked = ParsedFeed((), ttl=timedelta(hours=3), skip_hours=(11, 12), skip_days=(5,))
    first = after_success(FRESH, ANSWER, asked, NOW, HALF_HOUR, -1.0)

    again = after_success(first, replace(ANSWER, body=None), None, NOW, HALF_HOUR, -1.0)

    assert again.next_poll_at == first.next_poll_at == NOW + timedelta(hours=5)
    assert (again.ttl_minutes, again.skip_hours, again.skip_days) == (180, (11, 12), (5,))


def test_a_feed_that_brings_much_is_asked_sooner_and_one_that_brings_nothing_later():
    busy = after_success(replace(FRESH, rate=500.0, new_at=NOW), ANSWER, EMPTY, NOW, HALF_HOUR, 0.0)
    quiet = after_success(replace(FRESH, rate=1.0), ANSWER, EMPTY, NOW, HALF_HOUR, 0.0)

    assert (busy.next_poll_at - NOW, quiet.next_poll_at - NOW) == (timedelta(minutes=11.52), timedelta(hours=3))


def test_what_a_poll_brought_is_observed_unless_it_failed_or_was_the_first():
    state = replace(FRESH, rate=10.0)

    assert observed(Polled(state), None, 3, NOW) == replace(state, new_at=NOW)
    assert observed(Polled(replace(state, error="dns")), NOW, 0, NOW).rate == 10.0
    assert observed(Polled(state), NOW - timedelta(days=3), 0, NOW).rate == pytest.approx(10 / 2.718, rel=0.01)


def test_a_feed_that_is_gone_is_disabled_at_once():
    assert after_failure(FRESH, FeedError("gone", "410", status=410), NOW, HALF_HOUR, 0.0).disabled == "gone"


def test_a_permanent_move_is_believed_when_it_has_held_for_three_polls():
    new = "https://courrier.example/feed"

    asked = [poll_url(polled(FRESH, new, times)) for times in range(5)]

    assert asked == [FEED.url, FEED.url, FEED.url, new, new]


def test_a_move_that_does_not_hold_or_leaves_the_site_is_forgotten():
    twice = polled(FRESH, "https://courrier.example/feed", 2)

    assert polled(twice, "").moved_seen == 0
    assert polled(twice, "https://courrier.example/other").moved_seen == 1
    assert poll_url(polled(FRESH, "https://hijacked.example/feed", 5)) == FEED.url


def test_a_settled_move_stays_until_its_address_fails_again_and_again():
    moved = polled(FRESH, "https://courrier.example/feed", 3)

    failing = [moved]
    for _ in range(3):
        failing.append(after_failure(failing[-1], DOWN, NOW, HALF_HOUR, 0.0))

    assert poll_url(polled(moved, "", 3)) == "https://courrier.example/feed"
    assert [poll_url(state) == FEED.url for state in failing] == [False, False, False, True]


def test_a_feed_gone_from_where_it_moved_to_is_first_asked_for_at_home():
    moved = polled(FRESH, "https://courrier.example/feed", 3)

    assert after_failure(moved, FeedError("gone", "410", status=410), NOW, HALF_HOUR, 0.0).disabled == ""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("http://www.a.example/rss", "https://www.a.example/rss", True),
        ("https://www.a.example/rss", "https://a.example/feed", True),
        ("https://rss.a.example/x", "https://www.a.example/x", True),
        ("https://www.a.example/x", "https://rss.a.example/x", True),
        ("https://www.a.example/rss", "http://www.a.example/rss", False),
        ("https://one.host.example/rss", "https://two.host.example/rss", False),
        ("https://a.example/rss", "https://ba.example/rss", False),
        ("https://a.example/rss", "https://example/rss", False),
        ("https://a.example/rss", "", False),
    ],
)
def test_the_same_site_is_told_by_its_name(old, new, same):
    assert same_site(old, new) is same


@given(st.text(min_size=1))
def test_jitter_is_the_same_for_a_feed_for_ever_and_within_bounds(url):
    feed = Feed(outlet="x", url=url)

    assert -1 <= jitter_of(feed) <= 1
    assert jitter_of(feed) == jitter_of(replace(feed, outlet="y"))


def test_jitter_spreads_feeds_evenly():
    values = sorted(jitter_of(Feed(outlet="", url=f"https://{n}.example/rss")) for n in range(1000))

    assert all(abs(value - (n / 500 - 1)) < 0.1 for n, value in enumerate(values))


@given(
    st.floats(-1, 1),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(minutes=10), timedelta(days=3)),
    st.booleans(),
)
def test_no_feed_is_asked_too_soon_or_forgotten(jitter, wait, ttl, interval, conditional):
    answer = replace(ANSWER, etag='"1"' if conditional else "", wait=wait)

    state = after_success(FRESH, answer, ParsedFeed((), ttl=ttl), NOW, interval, jitter)

    assert timedelta(minutes=9) <= state.next_poll_at - NOW <= timedelta(days=7) * 1.1
    assert state.next_poll_at - NOW >= min(wait, timedelta(days=7))
    assert state.next_poll_at - NOW >= min(ttl, timedelta(days=1))
