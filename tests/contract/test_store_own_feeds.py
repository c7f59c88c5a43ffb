"""Feeds that chats added: theirs alone, counted, and never a way into what others read."""

from dataclasses import replace

import pytest

from bot.domain.chats import KnownChat
from bot.domain.model import Chat, OutgoingMessage, Polled
from tests.contract.news import COURRIER, DAY, HOUR, NOW, analysed, entry, poll, state_of

ANNA, BORIS = Chat("telegram", "7"), Chat("telegram", "8")
OWN = replace(COURRIER, outlet="Le Quai", url="https://quai.example/rss", trusted=False)
LIMIT = 2


@pytest.fixture
async def store(store):
    await store.sync_feeds([COURRIER], NOW)
    for chat in (ANNA, BORIS):
        await store.save_chat(KnownChat(chat, admitted=True))
    return store


async def add(store, chat=ANNA, feed=OWN, now=NOW):
    return await store.add_chat_feed(chat, feed, chat.id, LIMIT, now)


async def brought(store, feed=OWN, *numbers):
    """Articles of a chat's feed, about ports."""
    (state,) = [state for state in await store.chat_feeds() if state.feed.url == feed.url]
    await store.save_poll(
        replace_polled(state, [entry(n, url=f"https://quai.example/{n}", id=f"q{n}") for n in numbers]), NOW
    )
    for article in await store.unanalysed("v1", NOW - DAY, 100):
        await analysed(store, article, "ports")


def replace_polled(state, entries):
    return Polled(replace(state, succeeded_at=NOW, polled_at=NOW, next_poll_at=NOW + HOUR), tuple(entries))


async def read(store, chat):
    return [c.article.url for c in await store.candidates(["ports"], NOW - DAY, NOW, chat)]


async def test_a_feed_that_a_chat_adds_is_due_at_once_and_listed_for_that_chat_only(store):
    state = await add(store)

    assert (state.feed, state.next_poll_at) == (OWN, NOW)
    assert await store.chat_feeds(ANNA) == await store.chat_feeds() == (state,)
    assert await store.chat_feeds(BORIS) == ()
    assert [known.feed for known in await store.feed_states()] == [COURRIER]
    assert await store.chats_of_feeds([state.id, 999]) == {state.id: (ANNA,)}
    assert OWN in [due.feed for due in await store.claim_feeds(NOW, HOUR, 10)]


async def test_what_it_brings_is_for_chats_that_have_it_whatever_their_thread(store):
    await add(store)
    await brought(store, OWN, 1, 2)

    assert len(await read(store, ANNA)) == len(await read(store, replace(ANNA, thread="5"))) == 2
    assert await read(store, BORIS) == await read(store, None) == []

    await add(store, BORIS)
    assert len(await read(store, BORIS)) == 2


async def test_an_article_of_the_owners_feeds_is_read_once_though_an_own_feed_shows_it_too(store):
    await add(store)
    await brought(store, OWN, 1)
    await poll(store, COURRIER, [entry(5, url="https://quai.example/1")])
    for article in await store.unanalysed("v1", NOW - DAY, 100):
        await analysed(store, article, "ports")

    (candidate,) = await store.candidates(["ports"], NOW - DAY, NOW, ANNA)
    assert candidate.article.feed == COURRIER


async def test_a_chat_may_add_so_many_feeds_and_the_same_one_twice_is_one(store):
    feeds = [replace(OWN, url=f"https://quai.example/{n}") for n in range(3)]

    added = [await add(store, feed=feed) for feed in (feeds[0], feeds[0], feeds[1], feeds[2], feeds[1])]

    assert [state is not None for state in added] == [True, True, True, False, True]
    assert len(await store.chat_feeds(ANNA)) == LIMIT


async def test_the_address_of_an_owners_feed_stays_the_owners(store):
    state = await add(store, feed=replace(OWN, url=COURRIER.url))

    assert (state.feed, await store.chat_feeds(ANNA)) == (COURRIER, ())


async def test_a_feed_that_nobody_has_any_more_is_not_asked_and_forgotten_with_what_it_brought(store):
    state = await add(store)
    await add(store, BORIS)
    await brought(store, OWN, 1)

    assert await store.drop_chat_feed(ANNA, state.id)
    assert not await store.drop_chat_feed(ANNA, state.id)
    assert len(await store.chat_feeds()) == 1
    await store.forget_chat(BORIS)
    assert await store.chat_feeds() == ()
    assert OWN not in [due.feed for due in await store.claim_feeds(NOW + DAY, HOUR, 10)]

    await store.prune(NOW + DAY, 30 * DAY, 365 * DAY)
    assert (await store.stats())["feeds"] == 2
    await store.prune(NOW + 40 * DAY, 30 * DAY, 365 * DAY)
    assert (await store.stats())["feeds"] == 1


async def test_a_start_with_another_list_keeps_what_chats_added_as_a_strangers(store):
    await add(store)
    await store.sync_feeds([COURRIER, replace(OWN, trusted=True)], NOW)
    assert len(await store.feed_states()) == 2

    await store.sync_feeds([COURRIER], NOW)

    assert [state.feed.url for state in await store.feed_states()] == [COURRIER.url]
    assert [state.feed.trusted for state in await store.chat_feeds(ANNA)] == [False]


async def test_a_feed_that_had_ended_is_asked_again_when_a_chat_adds_it(store):
    state = await add(store)
    ended = replace(state, disabled="gone", error="gone", next_poll_at=NOW + DAY)
    await store.save_poll(replace_polled(ended, []), NOW)

    again = await add(store, BORIS, now=NOW + HOUR)

    assert (again.disabled, again.next_poll_at) == ("", NOW + HOUR)


async def test_a_group_that_becomes_a_supergroup_keeps_its_feeds(store):
    old, new = Chat("telegram", "-5"), Chat("telegram", "-1005")
    other = replace(OWN, url="https://quai.example/autre")
    for chat in (old, new):
        await store.save_chat(KnownChat(chat, kind="group", admitted=True))
        await add(store, chat)
    await add(store, new, other)

    await store.move_chat(old, new)

    assert {state.feed.url for state in await store.chat_feeds(new)} == {OWN.url, other.url}


async def test_what_was_told_of_a_feed_is_remembered_and_the_notice_queued_once(store):
    state = await state_of(store, COURRIER)
    notice = OutgoingMessage("notice/telegram:7/feeds/", ANNA, "Le Courrier ne répond plus.")

    for _ in range(2):
        await store.report_feeds({state.id: "failing"}, [notice], NOW)
    await poll(store, COURRIER, [entry(1)])

    assert (await state_of(store, COURRIER)).reported == "failing"
    message = await store.claim_message(["telegram"], NOW, HOUR)
    assert (message.body, message.chat) == (notice.body, ANNA)
    assert await store.claim_message(["telegram"], NOW, HOUR) is None
