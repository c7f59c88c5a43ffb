from dataclasses import replace

import pytest

from bot.domain.chats import Dialogue, KnownChat, OwnTopic
from bot.domain.errors import StoreError
from bot.domain.model import Chat, Subscription
from tests.contract.news import DAY, HOUR, LEASE, MINUTE, NOW, analysed, queue, stored, subscribed

HERE, THERE = Chat("local", "1"), Chat("local", "-1001")


async def known(store, chat=HERE, **fields):
    return await store.save_chat(KnownChat(chat, **fields))


async def own(store, chat=HERE, name="Drones", rule="drone*"):
    return await store.add_own_topic(chat, name, rule, 30)


# --- chats -----------------------------------------------------------------------------------------------------------


async def test_a_chat_comes_back_as_it_was_saved_and_keeps_its_id(store):
    first = await known(store, kind="group", title="Les Vaubrunois", admitted=True, admin="7")
    again = await store.save_chat(replace(first, title="Les Sarlangeois"))

    assert again == replace(first, title="Les Sarlangeois")
    assert first.id > 0
    assert await store.chat(HERE) == await store.chat(replace(HERE, thread="5")) == again
    assert await store.chat_numbered(first.id) == again
    assert await store.chat(THERE) is None
    assert await store.chat_numbered(first.id + 1) is None


async def test_a_person_finds_the_channels_that_they_configure_and_no_others(store):
    channel = await known(store, THERE, kind="channel", admin="7")
    await known(store, Chat("local", "-1002"), kind="channel", admin="8")
    await known(store, Chat("other", "-1003"), kind="channel", admin="7")
    await known(store, Chat("local", "-1004"), kind="group", admin="7")

    assert await store.channels_of("local", "7") == (channel,)


# --- subscriptions ---------------------------------------------------------------------------------------------------


async def test_a_subscription_is_edited_as_it_stands_and_made_where_there_is_none(store):
    made = await store.edit_subscription(HERE, lambda stored: stored or Subscription(HERE, ("ports",)))
    edited = await store.edit_subscription(HERE, lambda stored: replace(stored, topics=(*stored.topics, "opéra")))

    assert edited == replace(made, topics=("ports", "opéra"))
    assert await store.subscription(HERE) == edited
    assert await store.subscription(replace(HERE, thread="5")) is None


async def test_what_a_chat_chose_comes_back(store):
    wanted = Subscription(
        replace(HERE, thread="5"),
        ("ports",),
        paused=True,
        paused_until=NOW + DAY,
        subscribed=False,
        suspended_at=NOW,
        previews=True,
        sound=False,
        without_outlets=("Le Courrier",),
    )

    saved = await store.edit_subscription(wanted.chat, lambda _: wanted)

    assert await store.subscription(wanted.chat) == replace(wanted, id=saved.id)


async def test_a_change_by_id_does_not_bring_back_what_was_erased(store):
    subscription = await subscribed(store)
    await store.change_subscription(subscription.id, lambda stored: replace(stored, next_due_at=NOW + DAY))
    assert await store.subscriptions() == (replace(subscription, next_due_at=NOW + DAY),)

    await store.forget_chat(subscription.chat)
    await store.change_subscription(subscription.id, lambda stored: stored)

    assert await store.subscriptions() == ()


async def test_a_chat_out_of_reach_rests_with_all_its_threads_and_keeps_its_choices(store):
    subscription, thread, other = (
        await subscribed(store),
        await subscribed(store, thread="7"),
        await subscribed(store, "2"),
    )

    await store.suspend(subscription.chat, NOW)
    await store.suspend(subscription.chat, NOW + HOUR)

    suspended = {"suspended_at": NOW}
    assert await store.subscriptions() == (replace(subscription, **suspended), replace(thread, **suspended), other)

    await store.revive(subscription.chat)
    await store.revive(other.chat)

    back = {"next_due_at": None}
    assert await store.subscriptions() == (replace(subscription, **back), replace(thread, **back), other)


# --- own topics ------------------------------------------------------------------------------------------------------


async def test_own_topics_come_back_in_the_order_written_and_by_name(store):
    first, second = await known(store), await known(store, THERE)
    drones, grues = await own(store), await own(store, name="Grues", rule="grue, -oiseau")
    other = await own(store, THERE)

    assert drones == OwnTopic(f"c{first.id}-1", "Drones", "drone*")
    assert other.id == f"c{second.id}-1"
    assert await store.own_topics(HERE) == (drones, grues)
    assert await store.own_topics() == (drones, grues, other)
    assert await store.own_topic_names([grues.id, "ports", other.id]) == {grues.id: "Grues", other.id: "Drones"}


async def test_the_order_of_own_topics_holds_beyond_nine(store):
    await known(store)
    made = [await own(store, name=f"n{number}") for number in range(12)]

    assert list(await store.own_topics(HERE)) == made


async def test_a_chat_has_only_so_many_own_topics_and_must_be_known(store):
    with pytest.raises(StoreError):
        await own(store)

    await known(store)
    assert await store.add_own_topic(HERE, "a", "a", 1) is not None
    assert await store.add_own_topic(HERE, "b", "b", 1) is None


async def test_an_own_topic_is_changed_and_deleted_only_by_its_chat(store):
    await known(store)
    await known(store, THERE)
    drones = await own(store)
    changed = replace(drones, name="Engins", rule="engin*")

    assert not await store.change_own_topic(THERE, changed)
    assert not await store.drop_own_topic(THERE, drones.id)
    assert await store.own_topics(HERE) == (drones,)
    assert await store.change_own_topic(HERE, changed)
    assert await store.own_topics(HERE) == (changed,)


async def test_a_deleted_topic_goes_with_what_it_found_and_its_id_is_not_given_again(store):
    await known(store)
    drones = await own(store)
    for thread in ("", "7"):
        chat = replace(HERE, thread=thread)
        await store.save_subscription(Subscription(chat, ("ports", drones.id)))
    (article,) = await stored(store, [1])
    await analysed(store, article, drones.id, "ports")

    assert await store.drop_own_topic(HERE, drones.id)
    assert not await store.drop_own_topic(HERE, drones.id)

    assert {subscription.topics for subscription in await store.subscriptions()} == {("ports",)}
    assert await store.candidates([drones.id], NOW - DAY, NOW) == ()
    assert len(await store.candidates(["ports"], NOW - DAY, NOW)) == 1
    assert (await own(store)).id != drones.id


# --- dialogues, turns, invitations -----------------------------------------------------------------------------------


async def test_a_dialogue_is_of_one_person_in_one_thread_and_ends(store):
    waiting = Dialogue("topic", "drones", NOW + HOUR)
    assert not await store.save_dialogue(HERE, "7", waiting)

    assert await store.dialogue(HERE, "7", NOW) == waiting
    assert await store.dialogue(HERE, "8", NOW) is None
    assert await store.dialogue(replace(HERE, thread="5"), "7", NOW) is None
    assert await store.dialogue(HERE, "7", NOW + HOUR) is None

    later = replace(waiting, step="city")
    assert await store.save_dialogue(HERE, "7", later)
    assert await store.dialogue(HERE, "7", NOW) == later
    assert await store.save_dialogue(HERE, "7", None)
    assert not await store.save_dialogue(HERE, "7", None)


async def test_a_turn_comes_once_in_its_time_for_each_chat_and_thing(store):
    assert await store.take_turn(HERE, "digest", NOW, MINUTE)
    assert not await store.take_turn(replace(HERE, thread="5"), "digest", NOW + MINUTE / 2, MINUTE)
    assert await store.take_turn(HERE, "refusal", NOW, DAY)
    assert await store.take_turn(THERE, "digest", NOW, MINUTE)
    assert await store.take_turn(HERE, "digest", NOW + MINUTE, MINUTE)


async def test_what_is_over_is_pruned(store):
    await store.save_dialogue(HERE, "7", Dialogue("topic", "", NOW))
    await store.take_turn(HERE, "refusal", NOW, DAY)

    await store.prune(NOW + 3 * DAY, DAY, DAY)

    assert not await store.save_dialogue(HERE, "7", None)


async def test_a_token_is_good_once(store):
    await store.invite("i_abc", "invite", NOW)

    assert await store.use_token("i_xyz", HERE) is None
    assert await store.use_token("i_abc", HERE) == "invite"
    assert await store.use_token("i_abc", HERE) is None
    assert await store.owners() == frozenset()


async def test_the_owners_token_stays_the_same_until_it_makes_an_owner(store, another_store):
    assert await store.owner_token("o_first", NOW) == "o_first"
    assert await (await another_store()).owner_token("o_second", NOW + DAY) == "o_first"

    assert await store.use_token("o_first", HERE) == "owner"

    assert await store.owners() == {"local:1"}
    assert await store.owner_token("o_third", NOW) == "o_third"


# --- the whole chat --------------------------------------------------------------------------------------------------


async def test_a_forgotten_chat_leaves_nothing_and_others_keep_everything(store):
    other = await subscribed(store, "2")
    await known(store, other.chat)
    kept = await own(store, other.chat)
    await known(store)
    drones = await own(store)
    subscription, thread = await subscribed(store), await subscribed(store, thread="7")
    await queue(store, subscription)
    await queue(store, thread)
    (article,) = await stored(store, [1])
    await analysed(store, article, drones.id)
    await store.save_dialogue(HERE, "7", Dialogue("topic", "", NOW + HOUR))
    await store.take_turn(HERE, "digest", NOW, MINUTE)

    await store.forget_chat(HERE)

    assert await store.chat(HERE) is None
    assert await store.subscriptions() == (other,)
    assert await store.own_topics() == (kept,)
    assert await store.candidates([drones.id], NOW - DAY, NOW) == ()
    assert await store.dialogue(HERE, "7", NOW) is None
    assert await store.take_turn(HERE, "digest", NOW, MINUTE)
    assert await store.claim_message(["local"], NOW, LEASE) is None


async def test_a_forgotten_person_owns_nothing_any_more(store):
    await store.owner_token("o_1", NOW)
    await store.use_token("o_1", Chat("local", "7"))
    await known(store, THERE, kind="channel", admin="7", title="Le fil")

    await store.forget_chat(Chat("local", "7"), "7")

    assert await store.owners() == frozenset()
    assert await store.channels_of("local", "7") == ()
    assert (await store.chat(THERE)).title == "Le fil"


async def test_a_chat_that_moved_keeps_everything_under_its_new_id(store):
    before = await known(store, kind="group", title="Les Vaubrunois", admitted=True)
    drones = await own(store)
    subscription, thread = await subscribed(store), await subscribed(store, thread="7")
    await store.suspend(HERE, NOW)
    await queue(store, subscription)

    for _ in range(2):
        await store.move_chat(HERE, THERE)

    assert await store.chat(HERE) is None
    assert await store.chat(THERE) == replace(before, chat=THERE, kind="supergroup")
    assert await store.own_topics(THERE) == (drones,)
    moved = {one.id: one.chat for one in await store.subscriptions() if one.suspended_at is None}
    assert moved == {subscription.id: THERE, thread.id: replace(THERE, thread="7")}
    message = await store.claim_message(["local"], NOW, LEASE)
    assert message.chat == THERE


async def test_what_was_chosen_before_a_move_counts_and_nothing_written_after_it_is_lost(store):
    old = await known(store, kind="group", admitted=True)
    drones = await own(store)
    subscription = await subscribed(store)
    await known(store, THERE, kind="supergroup", title="Les Vaubrunois")
    written = await own(store, THERE, "Grues", "grue")
    await store.save_subscription(Subscription(THERE, (), subscribed=False))

    await store.move_chat(HERE, THERE)

    assert await store.chat(THERE) == replace(old, chat=THERE, kind="supergroup", title="Les Vaubrunois")
    assert set(await store.own_topics(THERE)) == {drones, written}
    (moved,) = await store.subscriptions()
    assert (moved.id, moved.topics) == (subscription.id, ("ports",))


async def test_a_subscription_made_after_a_move_is_not_lost_to_a_draft_from_before(store):
    await store.save_subscription(Subscription(HERE, (), subscribed=False))
    kept = await store.save_subscription(Subscription(THERE, ("ports",)))

    await store.move_chat(HERE, THERE)

    assert await store.subscriptions() == (kept,)


async def test_a_message_in_flight_during_a_move_follows_when_it_fails(store):
    subscription, other = await subscribed(store), await subscribed(store, "-1001", thread="9")
    await queue(store, subscription)
    await queue(store, other)
    flying, also = [await store.claim_message(["local"], NOW, LEASE) for _ in range(2)]
    assert {flying.chat.id, also.chat.id} == {"1", "-1001"}

    await store.move_chat(HERE, THERE)
    for message in (flying, also):
        assert await store.mark_failed(message, "pending", "moved", due=NOW)
    await store.move_chat(HERE, THERE)

    assert (await store.claim_message(["local"], NOW, LEASE)).chat.id == "-1001"
