from datetime import timedelta

import pytest

from bot.domain.errors import FeedError
from bot.services.poll import Poller
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, entry
from tests.fakes import PaperFetcher

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW, worker=True) as store:
        await store.sync_feeds([COURRIER, RADIO], NOW)
        yield store


def by_outlet(outcomes):
    return {polled.state.feed.outlet: polled for polled in outcomes}


async def poll(store, fetcher, now=NOW):
    return by_outlet(await Poller(store, fetcher, HALF_AN_HOUR).poll_due(now))


async def test_what_a_feed_brings_is_stored_once(store):
    fetcher = PaperFetcher({COURRIER.url: [entry(1), entry(2)]})

    first = await poll(store, fetcher)
    fetcher.feeds[COURRIER.url] = [entry(1), entry(2), entry(3)]
    later = await poll(store, fetcher, NOW + timedelta(hours=1))

    assert (first["Le Courrier"].new, later["Le Courrier"].new) == (2, 1)
    assert (await store.stats())["articles"] == 3


async def test_one_bad_feed_does_not_stop_another(store):
    fetcher = PaperFetcher({COURRIER.url: FeedError("timeout", "too slow"), RADIO.url: [entry(1)]})

    outcomes = await poll(store, fetcher)

    assert outcomes["Le Courrier"].state.error == "timeout"
    assert outcomes["Radio Nord"].new == 1


async def test_a_feed_is_not_asked_again_before_it_is_due(store):
    fetcher = PaperFetcher()
    await poll(store, fetcher)

    assert await poll(store, fetcher, NOW + timedelta(minutes=20)) == {}
    assert len(await poll(store, fetcher, NOW + timedelta(minutes=40))) == 2


async def test_failures_back_off_and_recovery_forgets_them(store):
    fetcher = PaperFetcher({COURRIER.url: FeedError("connect", "refused")})
    first = (await poll(store, fetcher))["Le Courrier"].state
    second = (await poll(store, fetcher, first.next_poll_at))["Le Courrier"].state
    fetcher.feeds[COURRIER.url] = [entry(1)]
    third = (await poll(store, fetcher, second.next_poll_at))["Le Courrier"].state

    assert second.next_poll_at - second.polled_at > first.next_poll_at - first.polled_at
    assert (second.failures, second.failing_since) == (2, NOW)
    assert (third.failures, third.error, third.failing_since) == (0, "", None)


async def test_an_unchanged_body_is_never_parsed_again(store):
    fetcher = PaperFetcher({COURRIER.url: [entry(1)]})
    await poll(store, fetcher)

    async def parse(_fetched):
        raise AssertionError("parsed an unchanged body")

    fetcher.parse = parse
    again = await poll(store, fetcher, NOW + timedelta(hours=1))

    assert again["Le Courrier"].unchanged


async def test_every_outcome_is_shown_as_it_comes(store):
    seen = []

    await Poller(store, PaperFetcher(), HALF_AN_HOUR).poll_due(NOW, seen.append)

    assert len(seen) == 2


async def test_feeds_that_an_outage_hid_are_due_at_once_when_it_is_over(store):
    fetcher = PaperFetcher({COURRIER.url: FeedError("dns", "no such host"), RADIO.url: FeedError("gone", "410")})
    await poll(store, fetcher)

    await store.hurry_feeds(("dns", "connect"), NOW + timedelta(minutes=1))
    again = await poll(store, fetcher, NOW + timedelta(minutes=1))

    assert set(again) == {"Le Courrier"}
