from bot.domain.chats import KnownChat
from bot.domain.model import Chat, Feed, Polled
from tests.contract.news import COURRIER, DAY, HOUR, NOW, RADIO, entry, poll, stored

OWN = Feed("La Feuille", "https://feuille.example/rss", trusted=False)


async def test_what_is_stored_is_read_page_by_page_the_latest_first(store):
    await stored(store, range(5))

    first = await store.recent_articles(NOW - DAY, 3)
    second = await store.recent_articles(NOW - DAY, 3, before=first[-1].id)

    assert [one.id for one in (*first, *second)] == sorted((one.id for one in (*first, *second)), reverse=True)
    assert {one.title for one in (*first, *second)} == {entry(number).title for number in range(5)}
    assert await store.recent_articles(NOW - DAY, 3, before=second[-1].id) == ()


async def test_only_what_was_published_since_then_is_read(store):
    old, new = entry(1, published=NOW - 3 * DAY), entry(2, published=NOW - HOUR)
    await store.sync_feeds([COURRIER], NOW)
    await poll(store, COURRIER, [old, new])

    assert [one.title for one in await store.recent_articles(NOW - DAY, 9)] == [new.title]
    assert len(await store.recent_articles(NOW - 7 * DAY, 9)) == 2


async def test_articles_come_with_their_outlet_and_the_beginning_of_a_long_summary(store):
    await store.sync_feeds([RADIO], NOW)
    await poll(store, RADIO, [entry(1, summary="neige " * 1000)])

    (found,) = await store.recent_articles(NOW - DAY, 9)

    assert (found.outlet, found.feed.country) == ("Radio Nord", "BE")
    assert found.summary.startswith("neige neige")
    assert len(found.summary) < 2000
    assert found.published_at == entry(1).published


async def test_what_a_chats_own_feed_brings_is_read_by_that_chat_alone(store):
    anna, boris = Chat("telegram", "7"), Chat("telegram", "8")
    for chat in (anna, boris):
        await store.save_chat(KnownChat(chat))
    added = await store.add_chat_feed(anna, OWN, "7", 5, NOW)
    await store.save_poll(Polled(added, (entry(1),)), NOW)

    assert len(await store.recent_articles(NOW - DAY, 9, anna)) == 1
    assert await store.recent_articles(NOW - DAY, 9, boris) == ()
    assert await store.recent_articles(NOW - DAY, 9) == ()
