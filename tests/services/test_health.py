"""Owners and chats are told of feeds once, over a real store."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.catalog import load_texts
from bot.domain.chats import KnownChat
from bot.domain.errors import FeedError
from bot.domain.model import Chat, Feed, Subscription
from bot.domain.phrases import NBSP
from bot.services.health import Watchman
from bot.services.poll import Poller
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, entry
from tests.fakes import PaperFetcher

TEXTS = load_texts()
OWNER, GROUP, ENGLISH = Chat("paper", "1"), Chat("paper", "-5"), Chat("paper", "9")
DOWN, GONE = FeedError("timeout", "too slow"), FeedError("gone", "410", status=410)
MISSING = FeedError("http", "404", status=404)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Paper:
    name = "paper"

    def render_notice(self, notice):
        return TEXTS[notice.language](f"notice.{notice.kind}", title=notice.title).replace(NBSP, " ")


@dataclass
class Town:
    """Feeds that are polled hour by hour, and a watchman who looks each time."""

    store: object
    fetcher: PaperFetcher = field(default_factory=PaperFetcher)
    now: object = NOW
    owners: list = field(default_factory=lambda: [OWNER])

    async def go(self, length, step=HOUR):
        """Live so long; what was told meanwhile, as (chat, words)."""
        end = self.now + length
        while self.now < end:
            self.now += step
            await self.store.hurry_feeds(("timeout", "http"), self.now)
            await Poller(self.store, self.fetcher, HOUR / 2).poll_due(self.now)
            await self.look()
        return await self.told()

    async def look(self):
        await Watchman(self.store, {"paper": Paper()}, TEXTS, self._owners, lambda _: None).look(self.now)

    async def told(self):
        messages = []
        while message := await self.store.claim_message(["paper"], self.now, HOUR):
            messages.append((message.chat, message.body))
            await self.store.mark_failed(message, "dead", "", due=self.now)
        return messages

    async def _owners(self):
        return self.owners


@pytest.fixture
async def town(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW, worker=True) as store:
        await store.sync_feeds([COURRIER, RADIO], NOW)
        town = Town(store, PaperFetcher({feed.url: [entry(1)] for feed in (COURRIER, RADIO)}))
        await town.go(HOUR)
        yield town


async def test_owners_are_told_once_after_a_day_of_trouble_and_once_at_recovery(town):
    town.fetcher.feeds[COURRIER.url] = DOWN
    first = await town.go(20 * HOUR)
    second = await town.go(30 * HOUR)
    town.fetcher.feeds[COURRIER.url] = [entry(2)]
    third = await town.go(3 * HOUR)

    assert first == []
    assert [(chat, "plus de 24 heures" in text) for chat, text in second if "Rien de nouveau" not in text] == [
        (OWNER, True)
    ]
    assert "Le Courrier (pas de réponse à temps)" in second[-1][1] + second[0][1]
    assert third == [(OWNER, "✅ Répondent de nouveau : Le Courrier.")]


async def test_feeds_that_fail_together_are_told_together(town):
    town.fetcher.feeds = dict.fromkeys((COURRIER.url, RADIO.url), DOWN)

    told = [text for _, text in await town.go(26 * HOUR) if "ne répond" in text.lower() or "Ne répondent" in text]

    assert len(told) == 1
    assert "Le Courrier" in told[0]
    assert "Radio Nord" in told[0]


async def test_an_outage_of_some_hours_is_nobodys_business(town):
    town.fetcher.feeds[COURRIER.url] = DOWN
    told = await town.go(10 * HOUR)
    town.fetcher.feeds[COURRIER.url] = [entry(2)]

    assert told + await town.go(2 * HOUR) == []


async def test_a_feed_that_is_gone_is_told_to_owners_and_to_the_chats_that_read_its_outlet(town):
    await town.store.save_subscription(Subscription(GROUP, ("otan",)))
    await town.store.save_subscription(Subscription(ENGLISH, ("otan",), language="en"))
    await town.store.save_subscription(Subscription(Chat("paper", "10"), ("otan",), without_outlets=("Le Courrier",)))
    await town.store.save_subscription(Subscription(Chat("paper", "11"), ("otan",), paused=True))
    await town.store.save_subscription(Subscription(replace(GROUP, thread="3"), ("otan",)))
    town.fetcher.feeds[COURRIER.url] = GONE

    told = await town.go(4 * HOUR)

    assert [chat for chat, _ in told] == [OWNER, GROUP, ENGLISH]
    assert "n’existent plus" in told[0][1]
    assert told[1][1] == "🛑 Ce média n’a plus de flux et n’est plus lu : Le Courrier (supprimé par le site)."
    assert told[2][1].startswith("🛑 This outlet has no feed any more")


async def test_chats_are_not_told_while_another_feed_of_the_outlet_is_left(town):
    other = Feed("Le Courrier", "https://courrier.example/europe", "Europe")
    await town.store.sync_feeds([COURRIER, RADIO, other], NOW)
    await town.store.save_subscription(Subscription(GROUP, ("otan",)))
    town.fetcher.feeds[COURRIER.url] = GONE

    assert [chat for chat, _ in await town.go(2 * HOUR)] == [OWNER]


async def test_a_feed_not_found_for_ten_days_is_told_as_failing_and_then_as_ended(town):
    town.fetcher.feeds |= {COURRIER.url: MISSING, RADIO.url: None}

    told = [text for chat, text in await town.go(11 * DAY, 6 * HOUR) if "Rien de nouveau" not in text]

    assert [text[:12] for text in told] == ["⚠️ Ne répond", "🛑 Ces flux n"]
    assert "introuvable depuis dix jours" in told[1]
    assert (await town.go(2 * DAY, 6 * HOUR)) == []


async def test_who_added_a_feed_is_told_that_it_is_gone_and_owners_are_not(town):
    own = Feed("Le Quai", "https://quai.example/rss", trusted=False)
    await town.store.save_chat(KnownChat(GROUP, admitted=True))
    await town.store.add_chat_feed(GROUP, own, "7", 20, town.now)
    town.fetcher.feeds[own.url] = GONE

    assert [chat for chat, _ in await town.go(2 * HOUR)] == [GROUP]
    assert await town.go(2 * HOUR) == []


async def test_owners_are_alarmed_once_when_nothing_new_comes_from_anywhere_for_a_day(town):
    first = await town.go(23 * HOUR)
    second = await town.go(20 * HOUR)
    town.fetcher.feeds[RADIO.url] = [entry(1), entry(2)]
    third = await town.go(10 * HOUR)

    assert (first, third) == ([], [])
    assert [(chat, text.startswith("⚠️ Rien de nouveau d’aucun média depuis dimanche 22")) for chat, text in second] == [
        (OWNER, True)
    ]


async def test_a_machine_that_slept_for_days_is_no_alarm(town):
    town.now += 3 * DAY
    await town.look()

    assert await town.told() == []


async def test_two_workers_that_look_at_once_tell_once(town):
    town.fetcher.feeds[COURRIER.url] = GONE
    await town.go(HOUR)
    await town.look()

    assert await town.told() == []
