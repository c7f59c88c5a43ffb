from dataclasses import replace

import pytest

from bot.domain.errors import StoreError
from bot.domain.model import Chat, OutgoingMessage, Subscription
from tests.contract.news import DAY, HOUR, LEASE, MINUTE, NOW, analysed, messages, queue, run, stored, subscribed


async def test_a_subscription_comes_back_as_it_was_saved(store):
    wanted = Subscription(
        chat=Chat("telegram", "-100123", "7"),
        topics=("ports", "vaubrun"),
        times=(450, 1140),
        weekdays=(0, 4),
        timezone="America/Montreal",
        density="détaillé",
        language="en",
        tell_empty=True,
        next_due_at=NOW + HOUR,
        last_digest_at=NOW - HOUR,
        paused=True,
    )

    saved = await store.save_subscription(wanted)

    assert saved == replace(wanted, id=saved.id)
    assert saved.id > 0
    assert await store.subscriptions() == (saved,)


async def test_a_chat_has_one_subscription_and_each_of_its_threads_another(store):
    first = await subscribed(store)
    again = await store.save_subscription(replace(first, id=0, topics=("opéra",)))
    thread = await subscribed(store, thread="7")

    assert again.id == first.id
    assert [one.topics for one in await store.subscriptions()] == [("opéra",), ("ports",)]
    assert thread.id != first.id


async def test_a_subscription_can_move_to_another_chat(store):
    first = await subscribed(store)

    moved = await store.save_subscription(replace(first, chat=Chat("local", "-1001")))

    assert await store.subscriptions() == (moved,)
    assert moved.id == first.id


async def test_a_run_is_queued_with_its_messages_its_articles_and_the_next_date(store):
    subscription = await subscribed(store)
    first, second = await stored(store, [1, 2])

    queued = await store.enqueue(
        run(subscription), messages(subscription, "a", 2), told=[first.id, second.id], next_due_at=NOW + DAY
    )

    assert queued
    assert await store.told(subscription.id, NOW - DAY) == {first.id, second.id}
    assert (await store.outbox())["pending"] == 2
    (after,) = await store.subscriptions()
    assert (after.next_due_at, after.last_digest_at) == (NOW + DAY, NOW)


async def test_the_same_run_queued_twice_happens_once(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1])
    assert await queue(store, subscription)

    again = await store.enqueue(
        run(subscription), messages(subscription, "b", 3), told=[article.id], next_due_at=NOW + DAY
    )

    assert not again
    assert (await store.outbox())["pending"] == 1
    assert await store.told(subscription.id, NOW - DAY) == frozenset()
    assert await store.subscriptions() == (subscription,)


async def test_a_run_on_demand_leaves_the_plan_and_what_was_told_as_they_are(store):
    subscription = await subscribed(store)

    assert await store.enqueue(run(subscription), messages(subscription, "a"))

    assert await store.subscriptions() == (subscription,)
    assert await store.told(subscription.id, NOW - DAY) == frozenset()


async def test_a_run_with_nothing_to_say_still_happens_once(store):
    subscription = await subscribed(store)

    assert await store.enqueue(run(subscription), (), next_due_at=NOW + DAY)
    assert not await store.enqueue(run(subscription), (), next_due_at=NOW + DAY)


async def test_told_counts_from_the_last_run_that_decided(store):
    subscription = await subscribed(store)
    first, second = await stored(store, [1, 2])
    early, late = run(subscription, "2026-11-20", NOW - 2 * DAY), run(subscription)
    await store.enqueue(early, (), told=[first.id, second.id])
    await store.enqueue(late, (), told=[second.id])

    assert await store.told(subscription.id, NOW - 3 * DAY) == {first.id, second.id}
    assert await store.told(subscription.id, NOW - DAY) == {second.id}


async def test_what_one_chat_was_told_another_was_not(store):
    subscription, other = await subscribed(store), await subscribed(store, "2")
    (article,) = await stored(store, [1])
    await store.enqueue(run(subscription), (), told=[article.id])

    assert await store.told(other.id, NOW - DAY) == frozenset()


async def test_an_article_that_is_gone_does_not_stop_a_digest(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1])

    assert await store.enqueue(run(subscription), (), told=[article.id, article.id, article.id + 999])
    assert await store.told(subscription.id, NOW - DAY) == {article.id}


async def test_a_message_that_was_queued_under_its_key_before_is_refused_with_its_whole_run(store):
    subscription = await subscribed(store)
    await store.enqueue(run(subscription), messages(subscription, "a"))

    with pytest.raises(StoreError):
        await store.enqueue(run(subscription, "2026-11-23"), messages(subscription, "a"), next_due_at=NOW + DAY)

    assert (await store.stats())["runs"] == 1
    assert await store.subscriptions() == (subscription,)


async def test_a_run_of_nobody_is_refused(store):
    nobody = Subscription(Chat("local", "9"), (), id=9)

    with pytest.raises(StoreError, match="there is no subscription 9"):
        await store.enqueue(run(nobody), [OutgoingMessage("k", nobody.chat, "corps")])


async def test_a_message_is_sent_when_its_run_is_due(store):
    subscription = await subscribed(store)
    await store.enqueue(replace(run(subscription), due_at=NOW + HOUR), messages(subscription, "a"))

    assert await store.claim_message(["local"], NOW, LEASE) is None
    assert await store.claim_message(["local"], NOW + HOUR, LEASE) is not None


# --- alerts and threads ----------------------------------------------------------------------------------------------


async def alerting(store, chat="1", topic="ports", **changes):
    wanted = Subscription(Chat("local", chat), (topic,), alerts=((topic, 1_795_000_000),), next_due_at=NOW)
    return await store.save_subscription(replace(wanted, **changes))


async def test_modes_quiet_hours_and_taken_topics_come_back_as_they_were_saved(store):
    saved = await alerting(
        store, chat="-100", muted=("opéra",), quiet=(1320, 420), taken=("ports",), topics=("ports", "opéra")
    )

    assert await store.subscriptions() == (saved,)
    assert (saved.alerts, saved.quiet, saved.taken) == ((("ports", 1_795_000_000),), (1320, 420), ("ports",))


async def test_those_with_alerts_and_threads_that_took_something_are_found(store):
    await subscribed(store)
    alerts = await alerting(store, "2")
    thread = await store.save_subscription(Subscription(Chat("local", "3", "7"), ("ports",), taken=("ports",)))

    assert await store.alerting() == (alerts, thread)


async def test_the_threads_of_a_chat_are_found_and_no_others(store):
    await subscribed(store)
    thread, _ = await subscribed(store, "1", "7"), await subscribed(store, "2", "7")

    assert await store.threads_of(Chat("local", "1")) == (thread,)


async def test_sightings_are_recent_articles_about_a_topic_and_none_of_a_first_poll(store):
    (first,) = await stored(store, [1], NOW - HOUR)
    await analysed(store, first, "ports")
    for article in await stored(store, [1, 2, 3]):
        await analysed(store, article, "ports", "opéra")
    await stored(store, [9], published=NOW - 7 * HOUR)
    (old,) = await store.unanalysed("v1", NOW - DAY, 10)
    await analysed(store, old, "ports")

    found = await store.sightings(["ports", "vaubrun"], NOW - 2 * HOUR, 6 * HOUR)
    assert {(one.topic, one.seen_at, one.published_at) for one in found} == {
        ("ports", NOW, NOW - 2 * MINUTE),
        ("ports", NOW, NOW - 3 * MINUTE),
    }
    assert await store.sightings(["ports"], NOW, 6 * HOUR) == ()


async def test_what_is_left_to_the_digest_is_decided_and_not_told(store):
    subscription, plain = await alerting(store), await subscribed(store, "2")
    first, second, third = await stored(store, [1, 2, 3])
    await store.enqueue(replace(run(subscription), slot="alert-1"), (), told=[first.id])
    left = replace(run(subscription), slot="left-1")
    await store.leave_to_digest(left, [first.id, second.id, second.id + 999])
    await store.leave_to_digest(left, [third.id])
    await store.enqueue(run(plain), (), told=[third.id])
    ids = [first.id, second.id, third.id]

    assert await store.decided(ids) == {subscription.id: {first.id, second.id}}
    assert await store.told(subscription.id, NOW - DAY) == {first.id}
    await store.enqueue(run(subscription), (), told=[second.id])
    assert await store.told(subscription.id, NOW - DAY) == {first.id, second.id}


async def test_alerts_of_the_last_hour_are_counted(store):
    subscription, other = await alerting(store), await alerting(store, "2")
    for minutes, slot in ((70, "alert-1"), (50, "alert-2"), (10, "alert-3"), (5, "left-4"), (4, "08:00")):
        await store.enqueue(replace(run(subscription, until=NOW - minutes * MINUTE), slot=slot), ())

    assert await store.alerts_since(subscription.id, NOW - HOUR) == 2
    assert await store.alerts_since(other.id, NOW - HOUR) == 0


async def test_a_run_whose_articles_were_told_meanwhile_is_refused_as_a_whole(store):
    subscription = await alerting(store)
    first, second = await stored(store, [1, 2])
    await store.enqueue(replace(run(subscription), slot="alert-1"), (), told=[first.id])
    digest = replace(run(subscription), told_since=NOW - DAY)

    told = [first.id, second.id]
    assert not await store.enqueue(digest, messages(subscription, "a"), told=told, next_due_at=NOW + DAY)
    assert (await store.outbox())["pending"] == 0
    assert (await store.subscriptions())[0].next_due_at == NOW
    assert await store.enqueue(digest, messages(subscription, "a"), told=[second.id], next_due_at=NOW + DAY)
