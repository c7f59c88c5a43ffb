from dataclasses import replace
from datetime import timedelta

from bot.domain.chats import KnownChat, notice_key
from bot.domain.model import Button, Chat, OutgoingMessage, Receipt, Run, Subscription
from tests.contract.news import DAY, HOUR, LEASE, MINUTE, NOW, messages, queue, stored, subscribed

GROUP, ADMIN = Chat("local", "-1"), Chat("local", "7")
RECEIPT = Receipt("42", NOW)


def notice(kind="closed", *about):
    return OutgoingMessage(notice_key(GROUP, kind, *about), ADMIN, "…")


async def take(store, now=NOW):
    return await store.claim_message(["local"], now, LEASE)


async def told_run(store, subscription, articles, day="2026-11-22", *, parts=1, until=NOW, since=NOW - DAY):
    """A scheduled digest of these articles."""
    made = Run(subscription.id, day, "08:00", due_at=until, until=until, since=since)
    told = [article.id for article in articles]
    await store.enqueue(made, messages(subscription, day, parts), told=told, next_due_at=until + DAY)


# --- what was not read is told again ---------------------------------------------------------------------------------


async def test_what_a_lost_chat_was_to_read_is_dead_and_told_by_its_next_digest(store):
    subscription = replace(await subscribed(store), last_digest_at=NOW - 3 * DAY)
    await store.save_subscription(subscription)
    articles = await stored(store, [1, 2, 3])
    await told_run(store, subscription, articles[:1], "2026-11-20", until=NOW - 2 * DAY, since=NOW - 3 * DAY)
    await store.mark_sent(await take(store), RECEIPT)
    await told_run(store, subscription, articles[1:2], "2026-11-21", until=NOW - DAY, since=NOW - 2 * DAY)
    await told_run(store, subscription, articles[2:], "2026-11-22", parts=2, since=NOW - DAY)

    await store.suspend(subscription.chat, NOW)

    assert await store.told(subscription.id, NOW - 9 * DAY) == {articles[0].id}
    (kept,) = await store.subscriptions()
    assert (kept.suspended_at, kept.last_digest_at) == (NOW, NOW - 2 * DAY)
    assert await store.outbox() == {"pending": 0, "sending": 0, "sent": 1, "unknown": 0, "dead": 3}


async def test_a_message_that_never_got_there_is_told_again_only_where_that_is_asked(store):
    subscription, other = await subscribed(store), await subscribed(store, "2")
    articles = await stored(store, [1])
    for one in (subscription, other):
        await told_run(store, one, articles)
    for _ in range(2):
        message = await take(store)
        untold = message.chat == subscription.chat
        assert await store.mark_failed(message, "dead", "in vain", due=NOW, untold=untold)

    assert await store.told(subscription.id, NOW - DAY) == frozenset()
    assert await store.told(other.id, NOW - DAY) == {articles[0].id}
    last = {one.id: one.last_digest_at for one in await store.subscriptions()}
    assert last == {subscription.id: NOW - DAY, other.id: NOW}


async def test_a_digest_of_which_a_part_was_read_is_not_told_again(store):
    subscription = await subscribed(store)
    articles = await stored(store, [1])
    await told_run(store, subscription, articles, parts=3)
    await store.mark_sent(await take(store), RECEIPT)

    assert await store.mark_failed(await take(store), "dead", "blocked", due=NOW, untold=True)

    assert await store.told(subscription.id, NOW - DAY) == {articles[0].id}
    assert (await store.outbox())["dead"] == 2


# --- held ------------------------------------------------------------------------------------------------------------


async def test_a_closed_thread_rests_alone_and_its_notice_is_queued_once(store):
    thread, other = await subscribed(store, "-1", "5"), await subscribed(store, "-1", "6")
    await queue(store, thread)

    assert await store.hold(thread.chat, "closed", notice(), NOW)
    assert not await store.hold(thread.chat, "closed", notice("closed", "again"), NOW)

    assert {one.id: (one.held, one.resting) for one in await store.subscriptions()} == {
        thread.id: ("closed", True),
        other.id: ("", False),
    }
    assert (await store.outbox())["pending"] == 2


async def test_where_rights_were_taken_the_whole_chat_rests_until_anything_arrives(store):
    group, thread = await subscribed(store, "-1"), await subscribed(store, "-1", "5")
    await store.hold(thread.chat, "rights", None, NOW)
    assert {one.held for one in await store.subscriptions()} == {"rights"}

    await queue(store, group)
    await store.mark_failed(await take(store), "pending", "no rights", due=NOW + DAY)
    assert {one.held for one in await store.subscriptions()} == {"rights"}
    await store.mark_sent(await take(store, NOW + DAY), RECEIPT)

    assert {one.held for one in await store.subscriptions()} == {""}
    assert await store.hold(thread.chat, "rights", notice(), NOW + DAY)  # the next outage is one of its own


async def test_a_message_in_another_thread_does_not_end_that_a_thread_is_closed(store):
    thread, other = await subscribed(store, "-1", "5"), await subscribed(store, "-1", "6")
    await store.hold(thread.chat, "closed", None, NOW)
    await queue(store, other)
    await store.mark_sent(await take(store), RECEIPT)

    assert (await store.subscription(thread.chat)).held == "closed"


async def test_a_held_message_that_ends_lets_digests_be_composed_again(store):
    thread = await subscribed(store, "-1", "5")
    await queue(store, thread)
    await store.hold(thread.chat, "closed", None, NOW)
    await store.mark_failed(await take(store), "dead", "refused", due=NOW)

    assert (await store.subscription(thread.chat)).held == ""


async def test_a_chat_that_comes_back_gets_what_was_held_at_once(store):
    thread = await subscribed(store, "-1", "5")
    await queue(store, thread)
    await store.hold(thread.chat, "rights", None, NOW)
    await store.mark_failed(await take(store), "pending", "no rights", due=NOW + DAY)
    assert await take(store) is None

    await store.revive(GROUP)

    assert (await store.subscription(thread.chat)).held == ""
    assert (await take(store)).chat == thread.chat


async def test_a_chat_without_subscription_is_not_held(store):
    assert not await store.hold(GROUP, "rights", notice(), NOW)
    assert (await store.outbox())["pending"] == 0


# --- a lost thread ---------------------------------------------------------------------------------------------------


async def test_a_lost_threads_digests_go_to_the_chat_itself_and_the_notice_is_queued_once(store):
    thread, other = await subscribed(store, "-1", "5"), await subscribed(store, "-1", "6")
    await queue(store, thread, parts=2)
    await queue(store, other)
    flying = await take(store)

    for _ in range(2):
        await store.lose_thread(thread.chat, notice("thread_gone", "5"), NOW)
    assert await store.mark_failed(flying, "pending", "gone", due=NOW)

    chats = []
    while message := await take(store):
        chats.append((str(message.chat), message.part))
        await store.mark_sent(message, RECEIPT)
    assert sorted(chats) == [("local:-1", 1), ("local:-1", 2), ("local:-1/6", 1), ("local:7", 1)]
    assert chats.index(("local:-1", 1)) < chats.index(("local:-1", 2))
    assert {one.id: str(one.chat) for one in await store.subscriptions()} == {
        thread.id: "local:-1",
        other.id: "local:-1/6",
    }


async def test_where_the_chat_reads_already_the_lost_threads_subscription_ends(store):
    thread, group = await subscribed(store, "-1", "5"), await subscribed(store, "-1")
    await queue(store, thread)

    await store.lose_thread(thread.chat, None, NOW)

    assert {one.id: one.subscribed for one in await store.subscriptions()} == {thread.id: False, group.id: True}
    assert (await take(store)).chat == GROUP


async def test_a_lost_thread_takes_the_place_of_a_draft_and_nothing_queued_is_lost(store):
    draft = await store.save_subscription(Subscription(GROUP, ("ports",), subscribed=False))
    thread = await subscribed(store, "-1", "5")
    await queue(store, draft)
    await queue(store, thread)

    await store.lose_thread(thread.chat, None, NOW)

    assert (await store.subscription(GROUP)).id == thread.id
    assert (await store.subscription(thread.chat)).id == draft.id
    assert (await store.outbox())["pending"] == 2


# --- probes ----------------------------------------------------------------------------------------------------------


async def test_a_suspended_chat_is_looked_after_a_day_later_by_one_process(store, another_store):
    subscription, thread = await subscribed(store), await subscribed(store, thread="5")
    await subscribed(store, "2")
    await store.suspend(subscription.chat, NOW)
    other = await another_store()

    assert await store.claim_probes(["local"], NOW + DAY - MINUTE, HOUR) == {}
    assert await store.claim_probes(["telegram"], NOW + DAY, HOUR) == {}
    assert await store.claim_probes(["local"], NOW + DAY, HOUR) in (
        {subscription.chat: NOW, thread.chat: NOW},
        {subscription.chat: NOW},
    )
    assert await other.claim_probes(["local"], NOW + DAY, HOUR) == {}
    assert subscription.chat in await other.claim_probes(["local"], NOW + DAY + HOUR, HOUR)


async def test_a_probe_is_planned_anew_or_never(store):
    chat = (await subscribed(store)).chat
    await store.suspend(chat, NOW)
    await store.plan_probe(chat, NOW + 7 * DAY)

    assert await store.claim_probes(["local"], NOW + 7 * DAY - MINUTE, HOUR) == {}
    assert await store.claim_probes(["local"], NOW + 7 * DAY, HOUR) == {chat: NOW}
    await store.plan_probe(chat, None)
    assert await store.claim_probes(["local"], NOW + 999 * DAY, HOUR) == {}


async def test_a_chat_that_came_back_is_not_looked_after(store):
    chat = (await subscribed(store)).chat
    await store.suspend(chat, NOW)
    await store.revive(chat)
    await store.plan_probe(chat, NOW)

    assert await store.claim_probes(["local"], NOW + 9 * DAY, HOUR) == {}


# --- notices ---------------------------------------------------------------------------------------------------------


async def test_a_forgotten_chat_takes_the_notices_about_it_and_to_it_along(store):
    for kept in ("-1", "-2", "-11"):
        await store.hold((await subscribed(store, kept)).chat, "rights", None, NOW)
        chat = Chat("local", kept)
        key = notice_key(chat, "thread_gone", "5")
        await store.lose_thread(replace(chat, thread="5"), OutgoingMessage(key, ADMIN, kept), NOW)

    await store.forget_chat(GROUP)
    left = []
    while message := await take(store):
        left.append(message.body)
        await store.mark_sent(message, RECEIPT)
    assert sorted(left) == ["-11", "-2"]

    await store.lose_thread(replace(GROUP, thread="5"), notice(), NOW)
    await store.forget_chat(ADMIN, ADMIN.id)
    assert sum((await store.outbox()).values()) == 0


async def test_who_set_up_a_group_is_forgotten_with_the_person(store):
    await store.save_chat(KnownChat(GROUP, kind="supergroup", admin="7"))

    await store.forget_chat(ADMIN, "7")

    assert (await store.chat(GROUP)).admin == ""


async def test_old_notices_are_pruned_once_they_ended(store):
    await store.lose_thread(replace(GROUP, thread="5"), notice("thread_gone", "5"), NOW)
    await store.lose_thread(replace(GROUP, thread="6"), notice("thread_gone", "6"), NOW)
    await store.mark_sent(await take(store), RECEIPT)

    await store.prune(NOW + 31 * DAY, timedelta(days=30), timedelta(days=365))

    assert dict(await store.outbox()) == {"pending": 1, "sending": 0, "sent": 0, "unknown": 0, "dead": 0}


# --- the outbox beside it --------------------------------------------------------------------------------------------


async def test_buttons_come_back_as_they_were_queued(store):
    subscription = await subscribed(store)
    rows = ((Button("1", "s:1"), Button("Lire « ici »", url="https://courrier.example/1")), (Button("+9", "m"),))
    (message,) = messages(subscription, "2026-11-22")
    run = Run(subscription.id, "2026-11-22", "08:00", NOW, NOW)
    await store.enqueue(run, [replace(message, buttons=rows)])

    assert (await take(store)).buttons == rows


async def test_what_was_sent_in_the_last_minute_is_known_in_its_order(store, another_store):
    for number, ago in (("1", 90), ("2", 5), ("3", 50)):
        await queue(store, await subscribed(store, number, "5"))
        await store.mark_sent(await take(store), Receipt("1", NOW - timedelta(seconds=ago)))
    await queue(store, await subscribed(store, "4"))

    assert await (await another_store()).sent_since(NOW - MINUTE) == (
        (Chat("local", "3"), NOW - timedelta(seconds=50)),
        (Chat("local", "2"), NOW - timedelta(seconds=5)),
    )


# --- notes -----------------------------------------------------------------------------------------------------------


async def test_a_note_is_kept_and_replaced(store, another_store):
    assert await store.recall("menus") == ""
    await store.note("menus", "a")
    await store.note("menus", "b")
    await store.note("other", "c")

    assert await (await another_store()).recall("menus") == "b"


async def test_a_lease_is_one_processes_until_it_ends_or_is_given_back(store, another_store):
    other = await another_store()
    assert await store.lease("poll", NOW, MINUTE)
    assert await store.lease("poll", NOW + MINUTE / 2, MINUTE)
    assert not await other.lease("poll", NOW + MINUTE, MINUTE)
    assert await other.lease("tend", NOW + MINUTE, MINUTE)

    assert await other.lease("poll", NOW + 2 * MINUTE, MINUTE)
    assert not await store.lease("poll", NOW + 2 * MINUTE, MINUTE)
    await store.release("poll", NOW + 2 * MINUTE)
    assert not await store.lease("poll", NOW + 2 * MINUTE, MINUTE)
    await other.release("poll", NOW + 2 * MINUTE)
    assert await store.lease("poll", NOW + 2 * MINUTE, MINUTE)
