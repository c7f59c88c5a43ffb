from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Entry, Polled
from tests.contract.news import (
    COURRIER,
    COURRIER_EUROPE,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    RADIO,
    analysed,
    entry,
    poll,
    state_of,
    stored,
)


@pytest.fixture
async def store(store):
    await store.sync_feeds([COURRIER, COURRIER_EUROPE, RADIO], NOW)
    return store


async def articles(store):
    return await store.unanalysed("none", NOW - 400 * DAY, 1000)


async def test_entries_become_articles_with_their_own_words_and_dates(store):
    polled = await poll(store, COURRIER, [entry(1), entry(2)])

    assert (polled.new, polled.updated, polled.state.new_at) == (2, 0, NOW)
    first, second = await articles(store)
    assert (first.title, first.summary, first.url, first.link) == (
        entry(1).title,
        entry(1).summary,
        entry(1).url,
        entry(1).link,
    )
    assert (first.published_at, first.seen_at, first.feed) == (NOW - MINUTE, NOW, COURRIER)
    assert second.published_at < first.published_at


async def test_the_same_poll_stored_twice_happens_once(store):
    await poll(store, COURRIER, [entry(1), entry(2)])

    again = await poll(store, COURRIER, [entry(1), entry(2)], NOW + HOUR)

    assert (again.new, again.updated, again.state.new_at) == (0, 0, NOW)
    assert len(await articles(store)) == 2


async def test_only_what_the_first_successful_poll_brings_is_marked_so(store):
    failed = replace(await state_of(store, COURRIER), error="timeout", failures=1)
    await store.save_poll(Polled(failed), NOW)
    await poll(store, COURRIER, [entry(1)], NOW + HOUR)
    await poll(store, COURRIER, [entry(1), entry(2)], NOW + 2 * HOUR)

    assert {a.title: a.from_first_poll for a in await articles(store)} == {entry(1).title: True, entry(2).title: False}


@pytest.mark.parametrize(
    ("published", "believed"),
    [
        (NOW - 900 * DAY, NOW - 900 * DAY),
        (NOW + 15 * MINUTE, NOW + 15 * MINUTE),
        (NOW + 15 * MINUTE + timedelta(seconds=1), NOW),
        (None, NOW),
    ],
    ids=["however old", "a clock that is fast", "in the future", "no date"],
)
async def test_a_date_is_believed_unless_it_is_missing_or_in_the_future(store, published, believed):
    await poll(store, COURRIER, [entry(1, published=published)])

    assert [article.published_at for article in await articles(store)] == [believed]


async def test_an_edited_item_updates_its_article_and_is_to_be_analysed_again(store):
    (article,) = await stored(store, [1])
    await analysed(store, article, "ports")
    assert await store.unanalysed("v1", NOW - DAY, 10) == ()

    polled = await poll(store, COURRIER, [entry(1, title="Autre titre", published=NOW + HOUR)], NOW + HOUR)

    assert (polled.new, polled.updated) == (0, 1)
    (edited,) = await store.unanalysed("v1", NOW - DAY, 10)
    assert (edited.id, edited.title) == (article.id, "Autre titre")
    assert (edited.published_at, edited.seen_at) == (article.published_at, NOW)


async def test_another_tracker_in_the_link_is_no_edit(store):
    (article,) = await stored(store, [1])
    await analysed(store, article, "ports")

    polled = await poll(store, COURRIER, [entry(1, link="https://courrier.example/articles/1?t=2")], NOW + HOUR)

    assert polled.updated == 0
    assert await store.unanalysed("v1", NOW - DAY, 10) == ()
    (candidate,) = await store.candidates(["ports"], NOW - DAY, NOW)
    assert candidate.article.link == "https://courrier.example/articles/1?t=2"


async def test_a_new_id_for_a_known_address_is_not_a_new_article(store):
    await poll(store, COURRIER, [entry(1)])

    polled = await poll(store, COURRIER, [entry(1, id="another id")], NOW + HOUR)

    assert (polled.new, polled.updated) == (0, 0)


async def test_a_new_address_for_a_known_id_is_the_same_article(store):
    await poll(store, COURRIER, [entry(1)])

    polled = await poll(store, COURRIER, [entry(1, url="https://courrier.example/moved")], NOW + HOUR)

    assert (polled.new, polled.updated) == (0, 1)
    assert [article.url for article in await articles(store)] == ["https://courrier.example/moved"]
    assert (await poll(store, COURRIER_EUROPE, [entry(9, url="https://courrier.example/moved")], NOW + HOUR)).new == 0


async def test_one_article_in_two_feeds_of_an_outlet_is_one(store):
    await poll(store, COURRIER, [entry(1)])

    polled = await poll(store, COURRIER_EUROPE, [entry(1, id="europe-1")])

    assert polled.new == 0
    assert [article.feed for article in await articles(store)] == [COURRIER]


async def test_two_feeds_that_word_a_headline_differently_do_not_update_it_for_ever(store):
    europe = entry(1, id="europe-1", title="Vaubrun : le port rouvre")
    await poll(store, COURRIER, [entry(1)])
    assert (await poll(store, COURRIER_EUROPE, [europe])).updated == 1

    later = [await poll(store, COURRIER, [entry(1)], NOW + HOUR)]
    later += [await poll(store, COURRIER_EUROPE, [europe], NOW + HOUR)]

    assert [polled.updated for polled in later] == [0, 0]


async def test_the_same_address_in_another_outlet_is_another_article(store):
    await poll(store, COURRIER, [entry(1)])

    assert (await poll(store, RADIO, [entry(1)])).new == 1


async def test_an_outlet_that_is_renamed_keeps_its_articles(store):
    await poll(store, COURRIER, [entry(1)])
    renamed = [replace(feed, outlet="Courrier") for feed in (COURRIER, COURRIER_EUROPE)]
    await store.sync_feeds(renamed, NOW)

    assert (await poll(store, renamed[0], [entry(1)])).new == 0
    assert (await poll(store, renamed[1], [entry(1, id="europe-1")])).new == 0


async def test_a_feed_that_renumbers_everything_brings_nothing_new(store):
    await poll(store, COURRIER, [entry(number) for number in range(10)])

    moved = [entry(n, id=f"neuf-{n}", url=f"https://new.example/{n}", published=NOW) for n in range(9)]
    polled = await poll(store, COURRIER, [entry(77, title="Nouveau"), *moved], NOW + HOUR)
    again = await poll(store, COURRIER, [entry(77, title="Nouveau"), *moved], NOW + 2 * HOUR)

    assert [(one.new, one.updated) for one in (polled, again)] == [(1, 9), (0, 0)]
    assert len(await articles(store)) == 11


async def test_a_corrected_address_is_not_a_new_article(store):
    await poll(store, COURRIER, [entry(1), entry(2)])

    polled = await poll(store, COURRIER, [entry(1, id="1b", url="https://courrier.example/1b"), entry(2)], NOW + HOUR)

    assert (polled.new, polled.updated) == (0, 1)


async def test_where_ids_number_places_addresses_tell_the_articles(store):
    def placed(*numbers):
        return [entry(number, id=f"place-{place}") for place, number in enumerate(numbers)]

    await poll(store, COURRIER, placed(3, 2, 1))
    polled = [await poll(store, COURRIER, placed(*numbers), NOW + HOUR) for numbers in [(4, 3, 2), (6, 5, 4)]]

    assert [(one.new, one.updated) for one in polled] == [(1, 0), (2, 0)]
    assert {a.title for a in await articles(store)} == {entry(n).title for n in range(1, 7)}
    assert (await poll(store, COURRIER, placed(6, 5, 4), NOW + 2 * HOUR)).new == 0


async def test_the_posts_of_a_live_page_are_one_article_with_the_words_of_the_latest(store):
    def post(number):
        return entry(1, id=f"post-{number}", title=f"EN DIRECT, le port : point {number}", summary=f"Point {number}.")

    polled = [
        await poll(store, COURRIER, [post(n) for n in range(last, 0, -1)], NOW + last * HOUR) for last in (1, 2, 2)
    ]

    assert [(one.new, one.updated) for one in polled] == [(1, 0), (0, 1), (0, 0)]
    assert [article.title for article in await articles(store)] == ["EN DIRECT, le port : point 2"]


async def test_a_feed_that_a_chat_added_never_changes_what_others_read(store):
    stranger = replace(COURRIER, url="https://elsewhere.example/rss", trusted=False)
    await store.sync_feeds([COURRIER, stranger], NOW)
    await poll(store, COURRIER, [entry(1)])

    polled = await poll(store, stranger, [entry(1, id="x", title="Tout est faux")], NOW + HOUR)

    assert (polled.new, polled.updated) == (1, 0)
    assert {(a.feed.url, a.title) for a in await articles(store)} == {
        (COURRIER.url, entry(1).title),
        (stranger.url, "Tout est faux"),
    }


async def test_what_a_feed_brings_is_observed_and_its_wishes_are_kept(store):
    await poll(store, COURRIER, [entry(1)])
    asked = {"ttl_minutes": 90, "skip_hours": (1, 2), "skip_days": (6,), "missing_since": NOW}
    state = replace(await state_of(store, COURRIER), rate=10.0, succeeded_at=NOW + DAY, **asked)

    polled = await store.save_poll(Polled(state, (entry(1), entry(2), entry(3), entry(4))), NOW + DAY)

    kept = await state_of(store, COURRIER)
    assert polled.state == kept
    assert kept.rate == pytest.approx(10 * 2.718 ** (-1 / 3) + 1, rel=0.01)
    assert {name: getattr(kept, name) for name in asked} == asked


async def test_items_without_a_link_are_known_by_their_id(store):
    items = [entry(1, url="", link=""), entry(2, url="", link="")]
    await poll(store, COURRIER, items)

    assert (await poll(store, COURRIER, items, NOW + HOUR)).new == 0
    assert (await poll(store, COURRIER_EUROPE, items, NOW + HOUR)).new == 2


async def test_of_two_items_with_one_id_or_one_address_the_first_counts(store):
    items = [entry(1), entry(1, title="même id"), entry(1, id="autre id", title="même adresse")]

    polled = [await poll(store, COURRIER, items), await poll(store, COURRIER, items, NOW + HOUR)]

    assert [(one.new, one.updated) for one in polled] == [(1, 0), (0, 0)]
    assert [article.title for article in await articles(store)] == [entry(1).title]


async def test_a_second_item_of_an_article_does_not_take_the_word_from_the_first(store):
    await poll(store, COURRIER, [entry(1)])

    polled = await poll(store, COURRIER, [entry(1), entry(1, id="direct-1", title="En direct")], NOW + HOUR)

    assert (polled.new, polled.updated) == (0, 0)


async def test_an_item_that_takes_the_address_of_another_article_leaves_it_there(store):
    await poll(store, COURRIER, [entry(1), entry(2)])

    await poll(store, COURRIER, [entry(1), entry(2, url=entry(1).url, title="Nouveau titre")], NOW + HOUR)

    assert {a.title: a.url for a in await articles(store)} == {
        entry(1).title: entry(1).url,
        "Nouveau titre": entry(2).url,
    }


async def test_an_item_that_left_its_feed_and_comes_back_is_not_new(store):
    await poll(store, COURRIER, [entry(1), entry(2)])
    await poll(store, COURRIER, [entry(2)], NOW + HOUR)

    back = await poll(store, COURRIER, [entry(1), entry(2)], NOW + 2 * HOUR)

    assert (back.new, back.updated) == (0, 0)


async def test_a_failed_poll_changes_the_state_and_nothing_else(store):
    await poll(store, COURRIER, [entry(1)])
    state = replace(await state_of(store, COURRIER), error="timeout", error_message="no answer in 30 s", failures=1)

    polled = await store.save_poll(Polled(state), NOW + HOUR)

    assert (polled.new, polled.state) == (0, state)
    assert await state_of(store, COURRIER) == state


async def test_signs_that_databases_refuse_cost_one_sign_not_the_poll(store):
    odd = Entry(
        id="\0" * 9000, url="https://courrier.example/\ud800", link="", title="a\0b\udfffc 🗞", summary="é\0" * 3
    )

    polled = [await poll(store, COURRIER, [odd]), await poll(store, COURRIER, [odd], NOW + HOUR)]

    assert [one.new for one in polled] == [1, 0]
    (article,) = await articles(store)
    assert len(article.title) == len(odd.title)
    assert article.title[0] + article.title[2] + article.title[4:] == "abc 🗞"


async def test_a_thousand_entries_and_then_a_few_more(store):
    many = [entry(number) for number in range(1000)]
    assert (await poll(store, COURRIER, many)).new == 1000

    polled = await poll(store, COURRIER, [entry(5, title="corrigé"), *many[6:], entry(1001)], NOW + HOUR)

    assert (polled.new, polled.updated) == (1, 1)
    assert (await store.stats())["articles"] == 1001
