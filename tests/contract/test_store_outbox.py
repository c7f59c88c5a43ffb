from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.model import MessageState, Receipt
from tests.contract.news import HOUR, LEASE, MINUTE, NOW, messages, queue, run, subscribed

RECEIPT = Receipt("42", NOW)


async def take(store, now=NOW):
    return await store.claim_message(["local"], now, LEASE)


async def test_a_message_is_claimed_sent_and_recorded(store):
    subscription = await subscribed(store, "17", "3")
    await queue(store, subscription)

    message = await take(store)

    (queued,) = messages(subscription, "2026-11-22")
    assert message == replace(queued, id=message.id, attempts=1)
    assert await store.outbox() == {"pending": 0, "sending": 1, "sent": 0, "unknown": 0, "dead": 0}
    assert await store.mark_sent(message, RECEIPT)
    assert (await store.outbox())["sent"] == 1
    assert await take(store) is None


async def test_every_state_is_counted_also_in_an_empty_outbox(store):
    assert await store.outbox() == dict.fromkeys(get_args(MessageState), 0)


async def test_only_messages_of_the_platforms_asked_for_are_claimed(store):
    await queue(store, await subscribed(store))

    assert await store.claim_message(["telegram", "discord"], NOW, LEASE) is None
    assert await store.claim_message([], NOW, LEASE) is None


async def test_parts_of_a_chat_are_sent_in_order_one_in_flight(store):
    await queue(store, await subscribed(store), parts=3)
    parts = []

    while message := await take(store):
        assert await take(store) is None  # the next part waits for this one
        parts.append(message.part)
        await store.mark_sent(message, RECEIPT)

    assert parts == [1, 2, 3]


async def test_a_part_that_has_to_wait_holds_the_later_ones_of_its_chat_and_no_others(store):
    await queue(store, await subscribed(store, "1"), parts=2)
    await queue(store, await subscribed(store, "2"))
    first = await take(store)

    assert await store.mark_failed(first, "pending", "asked to wait", due=NOW + HOUR)

    assert (await take(store)).chat.id == "2"
    assert await take(store) is None
    again = await take(store, NOW + HOUR)
    assert (again.id, again.attempts, again.ambiguous) == (first.id, 2, 0)


async def test_threads_of_a_chat_take_turns_and_a_held_one_does_not_hold_the_others(store):
    await queue(store, await subscribed(store, "1", "a"))
    await queue(store, await subscribed(store, "1", "b"))

    first = await take(store)
    assert await take(store) is None
    await store.mark_failed(first, "pending", "the thread is closed", due=NOW + HOUR)

    assert (await take(store)).chat.thread == "b"


async def test_a_doubtful_attempt_is_counted(store):
    await queue(store, await subscribed(store))

    await store.mark_failed(await take(store), "pending", "the answer was lost", due=NOW, ambiguous=True)

    again = await take(store)
    assert (again.attempts, again.ambiguous) == (2, 1)


async def test_a_dead_part_takes_the_later_parts_of_its_run_and_nothing_else(store):
    subscription = await subscribed(store)
    await queue(store, subscription, "2026-11-21", parts=3)
    await queue(store, subscription, "2026-11-22", parts=1)
    await store.mark_sent(await take(store), RECEIPT)

    assert await store.mark_failed(await take(store), "dead", "blocked", due=NOW)

    assert await store.outbox() == {"pending": 1, "sending": 0, "sent": 1, "unknown": 0, "dead": 2}
    assert "2026-11-22" in (await take(store)).key


async def test_after_an_unknown_part_the_next_one_goes_on(store):
    await queue(store, await subscribed(store), parts=2)

    await store.mark_failed(await take(store), "unknown", "the answer was lost", due=NOW, ambiguous=True)

    assert (await take(store)).part == 2
    assert (await store.outbox())["unknown"] == 1


async def test_a_message_whose_sender_disappeared_is_shown_once_and_can_be_decided_about(store, another_store):
    await queue(store, await subscribed(store))
    claimed = await take(store)
    await store.close()
    later = await another_store()

    assert await later.expired(NOW + LEASE - MINUTE / 2) == ()
    (lost,) = await later.expired(NOW + LEASE)

    assert lost == claimed
    assert await later.expired(NOW + LEASE) == ()
    assert await later.mark_failed(lost, "pending", "ended", due=NOW + LEASE, ambiguous=True)
    assert not await later.mark_failed(lost, "pending", "ended", due=NOW + LEASE, ambiguous=True)
    assert (await take(later, NOW + LEASE)).attempts == 2


async def test_whoever_was_to_decide_about_a_lost_message_and_disappeared_too_is_replaced(store):
    await queue(store, await subscribed(store))
    await take(store)
    await store.expired(NOW + LEASE)

    assert len(await store.expired(NOW + LEASE + HOUR)) == 1


@pytest.mark.parametrize("same_process", [True, False])
async def test_a_lost_claim_cannot_record(store, another_store, same_process):
    reaper = store if same_process else await another_store()
    await queue(store, await subscribed(store))
    late = await take(store)
    (lost,) = await reaper.expired(NOW + LEASE)

    assert not await store.mark_sent(late, RECEIPT)
    assert await reaper.mark_failed(lost, "pending", "ended", due=NOW + LEASE)

    again = await take(reaper, NOW + LEASE)
    assert not await store.mark_sent(late, RECEIPT)
    assert not await store.mark_failed(late, "dead", "late", due=NOW)
    assert await reaper.mark_sent(again, RECEIPT)


async def test_a_message_recorded_once_cannot_be_recorded_again(store):
    await queue(store, await subscribed(store))
    message = await take(store)
    assert await store.mark_sent(message, RECEIPT)

    assert not await store.mark_sent(message, Receipt("43", NOW))
    assert not await store.mark_failed(message, "pending", "late", due=NOW)


ENDS = st.sampled_from(["sent", "pending", "unknown", "lost", "dead"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queued=st.lists(st.integers(1, 3), min_size=1, max_size=5), ends=st.lists(ENDS, max_size=12))
async def test_whatever_happens_each_chat_gets_its_messages_in_order(another_store, queued, ends):
    store = await another_store()
    known = len(await store.subscriptions())
    subscriptions = [await subscribed(store, str(known + number)) for number in range(3)]
    for number, chat in enumerate(queued):
        subscription = subscriptions[chat - 1]
        assert await store.enqueue(run(subscription, str(number)), messages(subscription, str(number), parts=2))
    sent = {}

    now = NOW
    for end in [*ends, *["sent"] * 40]:
        now += 2 * LEASE
        for lost in await store.expired(now):
            await store.mark_failed(lost, "pending", "lost", due=now)
        message = await take(store, now)
        if message is None:
            break
        if end == "sent":
            await store.mark_sent(message, RECEIPT)
            sent.setdefault(message.chat.id, []).append(message.id)
        elif end != "lost":
            await store.mark_failed(message, end, "as drawn", due=now)

    assert all(ids == sorted(set(ids)) for ids in sent.values())
    assert (await store.outbox())["pending"] == 0


async def test_a_message_that_waits_for_its_turn_has_not_been_tried(store):
    await queue(store, await subscribed(store))
    first = await take(store)

    assert await store.put_back(first, NOW)
    assert not await store.put_back(first, NOW)  # the claim is over
    again = await take(store)

    assert (again.id, again.attempts) == (first.id, first.attempts) == (first.id, 1)
