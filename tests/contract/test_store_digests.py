from dataclasses import replace

import pytest

from bot.domain.errors import StoreError
from bot.domain.model import Chat, OutgoingMessage, Subscription
from tests.contract.news import DAY, HOUR, LEASE, NOW, messages, queue, run, stored, subscribed


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
