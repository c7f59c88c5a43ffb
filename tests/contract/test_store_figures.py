"""What the owner is shown, asked of both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.chats import KnownChat
from bot.domain.figures import Asked, Edition, Lag, asked
from bot.domain.model import Chat, Receipt
from tests.contract.news import (
    COURRIER,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    RADIO,
    analysed,
    entry,
    messages,
    poll,
    queue,
    run,
    statement,
    stored,
    subscribed,
)

TODAY = asked(NOW, ("ports", "grues"), "Europe/Paris")


async def test_an_empty_store_has_figures_too(store):
    found = await store.figures(TODAY)

    assert (found.feeds, found.articles, found.statements, found.editions) == ((), 0, 0, ())
    assert found.articles_a_day == found.statements_a_day == (0,) * 30
    assert set(found.lags) == {"read", "matched", "told", "sent"}
    assert set(found.lags.values()) == {Lag()}
    assert found.unsent_since is None
    assert found.hits == {"ports": 0, "grues": 0}
    assert found.bytes > 0


async def test_days_are_those_of_the_owners_zone(store):
    await store.sync_feeds([COURRIER], NOW)
    midnight = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)  # in Paris
    for number, moment in enumerate((midnight - MINUTE, midnight, NOW), start=1):
        await poll(store, COURRIER, [entry(n, published=None) for n in range(number)], moment)

    found = await store.figures(TODAY)

    assert found.days[-1] == midnight
    assert found.articles_a_day[-3:] == (0, 1, 2)
    assert found.fresh_articles == 3


async def test_statements_count_on_the_day_of_their_article_whenever_the_rules_changed(store):
    first, second = await stored(store, [1, 2], published=NOW - 2 * DAY)
    await analysed(store, first, "ports", statements=(statement(), statement("le port dort")))
    await analysed(store, second, statements=(statement(),))

    assert (await store.figures(TODAY)).statements_a_day[-4:] == (0, 3, 0, 0)


async def test_topics_are_counted_by_the_articles_of_a_week(store):
    articles = await stored(store, [1, 2, 3])
    for article in articles:
        await analysed(store, article, "ports")
    old = await stored(store, [9], published=NOW - 8 * DAY)
    await analysed(store, next(one for one in old if one.title.endswith("9")), "ports", "grues")

    assert (await store.figures(TODAY)).hits == {"ports": 3, "grues": 0}


async def test_topics_that_chats_wrote_are_counted_together(store):
    chat = (await store.save_chat(KnownChat(Chat("telegram", "1")))).chat
    topic = await store.add_own_topic(chat, "drones", "drone*", 30)
    (article,) = await stored(store, [1])
    await analysed(store, article, topic.id, "ports")

    found = await store.figures(TODAY)

    assert (found.own_topics, found.own_hits) == (1, 1)
    assert topic.id not in found.hits


async def test_a_lag_is_the_middle_and_the_ninth_tenth_of_the_last_day(store):
    await poll_later(store, [entry(0)], NOW - 2 * DAY)  # the first poll tells nothing: its items are of any age
    await poll_later(store, [entry(n, published=NOW - n * MINUTE) for n in range(1, 11)], NOW)

    read = (await store.figures(replace(TODAY, now=NOW + HOUR))).lags["read"]

    assert (read.cases, rounded(read.half), rounded(read.most)) == (10, 5 * MINUTE, 9 * MINUTE)


async def poll_later(store, entries, now):
    if not await store.feed_states():
        await store.sync_feeds([COURRIER], now)
    await poll(store, COURRIER, entries, now)


def rounded(length):
    return timedelta(seconds=round(length.total_seconds()))


async def test_only_the_first_analysis_counts_as_matching(store):
    await stored(store, [0], now=NOW - DAY)
    await poll(store, COURRIER, [entry(1)], NOW - 30 * MINUTE)
    (article,) = (one for one in await store.unanalysed("v1", NOW - HOUR, 10) if one.title.endswith("1"))
    await analysed(store, article, "ports")
    await store.save_analysis(await analysed(store, article, "ports"), "v2", NOW + 5 * HOUR)

    matched = (await store.figures(replace(TODAY, now=NOW + 6 * HOUR))).lags["matched"]

    assert (matched.cases, rounded(matched.half)) == (1, 30 * MINUTE)


async def test_a_date_ahead_of_ours_took_no_time(store):
    await stored(store, [0], now=NOW - DAY)
    await poll(store, COURRIER, [entry(1, published=NOW + 10 * MINUTE)], NOW)

    assert (await store.figures(TODAY)).lags["read"] == Lag(1)


async def test_delivery_is_measured_from_the_due_date_and_from_the_first_sight_of_what_is_told(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1], now=NOW - 2 * HOUR)
    await store.enqueue(run(subscription), messages(subscription, "2026-11-22"), told=[article.id])
    message = await store.claim_message(["local"], NOW, LEASE)
    await store.mark_sent(message, Receipt("m1", NOW + 3 * MINUTE))

    lags = (await store.figures(replace(TODAY, now=NOW + HOUR))).lags

    assert (lags["sent"].cases, rounded(lags["sent"].half)) == (1, 3 * MINUTE)
    assert (lags["told"].cases, rounded(lags["told"].most)) == (1, 2 * HOUR + 3 * MINUTE)
    assert (await store.figures(replace(TODAY, now=NOW + 2 * DAY))).lags["sent"] == Lag()


async def test_the_oldest_unsent_message_is_as_old_as_its_digest_however_often_it_was_tried(store):
    subscription = await subscribed(store)
    await queue(store, subscription)
    message = await store.claim_message(["local"], NOW + HOUR, LEASE)
    await store.mark_failed(message, "pending", "no answer", due=NOW + 5 * HOUR)

    found = await store.figures(TODAY)

    assert found.unsent_since == NOW
    assert (found.outbox["pending"], found.unsent) == (1, 1)


async def test_the_latest_digests_come_with_their_messages_and_titles(store):
    await store.save_chat(KnownChat(Chat("local", "7"), kind="group", title="Rédaction"))
    named, other = await subscribed(store, "7", "3"), await subscribed(store, "8")
    (article,) = await stored(store, [1])
    await store.enqueue(run(named), messages(named, "2026-11-22", parts=2), told=[article.id])
    await store.enqueue(run(other), ())
    message = await store.claim_message(["local"], NOW, LEASE)
    await store.mark_sent(message, Receipt("m1", NOW + MINUTE))

    silent, told = (await store.figures(TODAY)).editions

    assert silent == Edition(Chat("local", "8"), "08:00", NOW)
    assert (told.chat, told.title, told.articles) == (Chat("local", "7", "3"), "Rédaction", 1)
    assert (told.messages, told.sent_at) == ({"sent": 1, "pending": 1}, NOW + MINUTE)


async def test_only_so_many_digests_are_shown_the_latest_first(store):
    subscription = await subscribed(store)
    for day in range(1, 13):
        await store.enqueue(run(subscription, f"2026-11-{day:02}"), messages(subscription, str(day)))

    found = await store.figures(TODAY)

    assert len(found.editions) == 10
    assert found.outbox["pending"] == 12


async def test_chats_are_counted_by_platform_and_by_how_they_are(store):
    for number, changes in enumerate([{}, {}, {"paused": True}, {"subscribed": False}, {"suspended_at": NOW}]):
        await store.save_subscription(replace(await subscribed(store, str(number)), **changes))

    found = await store.figures(TODAY)

    assert found.chats == {
        ("local", "active"): 2,
        ("local", "paused"): 1,
        ("local", "unsubscribed"): 1,
        ("local", "unreachable"): 1,
    }
    assert found.chats_that_are("active") == 2


async def test_feeds_come_as_they_are(store):
    await store.sync_feeds([COURRIER, RADIO], NOW)

    found = await store.figures(TODAY)

    assert [state.feed for state in found.feeds] == [COURRIER, RADIO]
    assert found.conditions["unread"] == 2


# --- what waits without a reason -------------------------------------------------------------------------------------


async def test_a_message_that_is_due_and_that_nobody_takes_waits_without_a_reason(store):
    await queue(store, await subscribed(store))
    due = (await store.claim_message(["local"], NOW, LEASE)) and NOW

    assert await store.waiting_since(["local"], NOW) is None  # it is being sent
    assert await store.waiting_since(["local"], NOW + HOUR) == due + LEASE  # and nobody knows what became of it


async def test_what_is_due_on_a_platform_that_is_served_waits(store):
    await queue(store, await subscribed(store))

    assert await store.waiting_since(["local"], NOW + HOUR) == NOW
    assert await store.waiting_since(["telegram"], NOW + HOUR) is None
    assert await store.waiting_since([], NOW + HOUR) is None


@pytest.mark.parametrize("reason", ["waits for the platform's limits", "no answer", "rights were taken"])
async def test_what_is_tried_again_later_does_not_wait_without_a_reason_nor_what_stands_behind_it(store, reason):
    await queue(store, await subscribed(store), parts=2)
    message = await store.claim_message(["local"], NOW, LEASE)
    await store.mark_failed(message, "pending", reason, due=NOW + DAY)

    assert await store.waiting_since(["local"], NOW + 12 * HOUR) is None


def test_a_question_without_days_is_possible():
    assert Asked(NOW, (), ()).days == ()
