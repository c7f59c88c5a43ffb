from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import StoreError
from bot.domain.model import Feed, FeedState, Polled
from tests.contract.news import COURRIER, COURRIER_EUROPE, DAY, HOUR, LEASE, MINUTE, NOW, RADIO, entry, poll, state_of


async def test_new_feeds_are_due_now_and_listed_by_outlet_and_section(store):
    await store.sync_feeds([RADIO, COURRIER, COURRIER_EUROPE], NOW)

    states = await store.feed_states()
    assert [state.feed for state in states] == [COURRIER_EUROPE, COURRIER, RADIO]
    assert {state.next_poll_at for state in states} == {NOW}


async def test_everything_remembered_of_a_feed_comes_back(store):
    feed = Feed(
        outlet="Cap Info",
        url="https://cap.example/f?a=1",
        section="Une",
        country="CH",
        kind="state",
        language="de",
        timezone="Europe/Zurich",
        paywall=True,
        full_text="never",
        trusted=False,
    )
    await store.sync_feeds([feed], NOW)
    polled_at = NOW + timedelta(microseconds=123_456)
    state = FeedState(
        feed=feed,
        next_poll_at=NOW + HOUR,
        id=(await state_of(store, feed)).id,
        etag='W/"été"',
        last_modified="Sun, 22 Nov 2026 07:00:00 GMT",
        body_hash="ab" * 32,
        polled_at=polled_at,
        succeeded_at=NOW - DAY,
        new_at=NOW - 2 * DAY,
        failures=3,
        error="http",
        error_message="503 Service Unavailable",
        failing_since=NOW - HOUR,
        moved_to="https://cap.example/new",
        moved_seen=2,
        disabled="gone",
    )

    await store.save_poll(Polled(state), polled_at)

    assert await state_of(store, feed) == state
    assert (await state_of(store, feed)).polled_at.utcoffset() == timedelta(0)


async def test_configuring_again_keeps_what_is_remembered_and_takes_the_new_words(store):
    await store.sync_feeds([COURRIER, RADIO], NOW)
    await poll(store, COURRIER, [entry(1)])

    await store.sync_feeds([replace(COURRIER, section="Ports", paywall=True)], NOW + DAY)

    (state,) = await store.feed_states()
    assert (state.feed.section, state.feed.paywall) == ("Ports", True)
    assert (state.next_poll_at, state.succeeded_at) == (NOW + HOUR, NOW)


async def test_a_feed_that_is_not_configured_any_more_rests_and_keeps_its_articles(store):
    await store.sync_feeds([COURRIER], NOW)
    await poll(store, COURRIER, [entry(1)])

    await store.sync_feeds([RADIO], NOW)

    assert [state.feed for state in await store.feed_states()] == [RADIO]
    assert [state.feed for state in await store.claim_feeds(NOW + DAY, LEASE, 10)] == [RADIO]
    assert [article.feed for article in await store.unanalysed("v1", NOW - DAY, 10)] == [COURRIER]


async def test_due_feeds_are_claimed_longest_overdue_first_up_to_the_limit(store):
    feeds = [replace(RADIO, url=f"https://radio.example/{number}") for number in range(4)]
    await store.sync_feeds(feeds, NOW)
    for number, feed in enumerate(feeds):
        state = replace(await state_of(store, feed), next_poll_at=NOW - number * MINUTE)
        await store.save_poll(Polled(state, unchanged=True), NOW)

    claimed = await store.claim_feeds(NOW - MINUTE, LEASE, 2)

    assert [state.feed.url[-1] for state in claimed] == ["3", "2"]
    assert [state.feed.url[-1] for state in await store.claim_feeds(NOW - MINUTE, LEASE, 9)] == ["1"]


async def test_a_claim_ends_with_its_lease_and_with_the_poll_it_was_for(store):
    await store.sync_feeds([COURRIER], NOW)
    assert len(await store.claim_feeds(NOW, LEASE, 10)) == 1

    assert await store.claim_feeds(NOW + LEASE - MINUTE / 2, LEASE, 10) == ()
    (state,) = await store.claim_feeds(NOW + LEASE, LEASE, 10)
    await store.save_poll(Polled(replace(state, next_poll_at=NOW), unchanged=True), NOW)
    assert len(await store.claim_feeds(NOW, LEASE, 10)) == 1


async def test_a_disabled_feed_is_not_polled(store):
    await store.sync_feeds([COURRIER], NOW)
    await store.save_poll(Polled(replace(await state_of(store, COURRIER), disabled="gone")), NOW)

    assert await store.claim_feeds(NOW + DAY, LEASE, 10) == ()


async def test_a_worker_that_was_too_slow_does_not_overwrite_the_state_of_the_one_that_holds_the_feed(
    store, another_store
):
    await store.sync_feeds([COURRIER], NOW)
    (slow,) = await store.claim_feeds(NOW, LEASE, 1)
    other = await another_store()
    (held,) = await other.claim_feeds(NOW + LEASE, LEASE, 1)

    late = await store.save_poll(Polled(replace(slow, etag="old"), (entry(1),)), NOW + LEASE)
    await other.save_poll(Polled(replace(held, etag="new", next_poll_at=NOW + DAY), (entry(1),)), NOW + LEASE)

    assert late.new == 1  # what it found is kept, once
    assert (await state_of(store, COURRIER)).etag == "new"
    assert (await store.stats())["articles"] == 1


async def test_a_poll_of_a_feed_that_was_never_configured_is_refused_by_name(store):
    with pytest.raises(StoreError, match=r"the feed https://courrier\.example/rss is not in the database"):
        await store.save_poll(Polled(FeedState(COURRIER, NOW), (entry(1),)), NOW)


async def test_a_feed_that_had_ended_is_due_again_when_somebody_asks_for_it(store):
    await store.sync_feeds([COURRIER, RADIO], NOW)
    for feed, ended in ((COURRIER, {"disabled": "gone", "error": "gone"}), (RADIO, {})):
        state = replace(await state_of(store, feed), polled_at=NOW, next_poll_at=NOW + DAY, **ended)
        await store.save_poll(Polled(state), NOW)

    assert await store.retry_feeds(NOW) == 1
    assert [state.feed for state in await store.claim_feeds(NOW, HOUR, 10)] == [COURRIER]
    assert (await store.retry_feeds(NOW, RADIO.url), await store.retry_feeds(NOW, "https://no.example")) == (1, 0)


async def test_the_states_of_many_polls_are_stored_together_and_none_that_another_holds(store, another_store):
    await store.sync_feeds([COURRIER, RADIO], NOW)
    mine = await store.claim_feeds(NOW, MINUTE, 10)
    later = NOW + HOUR
    other = await another_store()
    (theirs,) = await other.claim_feeds(later, HOUR, 1)

    await store.save_states([replace(state, etag='"1"', next_poll_at=later + DAY) for state in mine], later)

    kept = {state.id: state.etag for state in await store.feed_states()}
    assert kept == {state.id: "" if state.id == theirs.id else '"1"' for state in mine}
    assert await store.claim_feeds(later, HOUR, 10) == ()
