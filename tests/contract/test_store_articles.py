from dataclasses import replace

import pytest

from bot.domain.model import Candidate
from tests.contract.news import (
    COURRIER,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    RADIO,
    about,
    analysed,
    entry,
    poll,
    statement,
    stored,
)


async def test_articles_to_analyse_come_newest_first_and_no_more_than_asked_for(store):
    await stored(store, range(5))

    found = await store.unanalysed("v1", NOW - DAY, 3)

    assert [article.title for article in found] == [entry(number).title for number in range(3)]


async def test_only_articles_seen_since_then_are_to_be_analysed(store):
    await stored(store, [1])

    assert len(await store.unanalysed("v1", NOW, 10)) == 1
    assert await store.unanalysed("v1", NOW + MINUTE, 10) == ()


async def test_an_analysed_article_is_analysed_again_under_other_rules_only(store):
    (article,) = await stored(store, [1])
    await analysed(store, article)

    assert await store.unanalysed("v1", NOW - DAY, 10) == ()
    assert await store.unanalysed("v0", NOW - DAY, 10) == (article,)
    assert await store.unanalysed("v2", NOW - DAY, 10) == (article,)


async def test_an_article_edited_while_it_was_being_analysed_stays_to_be_analysed(store):
    (article,) = await stored(store, [1])
    await poll(store, COURRIER, [entry(1, summary="Tout autre chose.")])

    await analysed(store, article, "ports")

    assert [again.summary for again in await store.unanalysed("v1", NOW - DAY, 10)] == ["Tout autre chose."]


async def test_all_that_was_found_in_an_article_comes_back_as_it_was(store):
    (article,) = await stored(store, [1])
    said = (
        statement(),
        statement("les grues « attendront »", kind="mixed", polarity="denied", place="title", shown=False),
    )
    found = await analysed(store, article, "ports", "vaubrun", text="La maire a annoncé…", statements=said)

    assert await store.candidates(["ports"], NOW - DAY, NOW) == (found,)


async def test_a_second_analysis_replaces_the_first(store):
    (article,) = await stored(store, [1])
    await analysed(store, article, "ports", text="Un texte.", statements=(statement("avant"),))

    found = Candidate(article, about("vaubrun"), (statement("après"),))
    await store.save_analysis(found, "v2", NOW)

    assert await store.candidates(["ports"], NOW - DAY, NOW) == ()
    assert await store.candidates(["vaubrun"], NOW - DAY, NOW) == (found,)


async def test_the_same_analysis_stored_twice_happens_once(store):
    (article,) = await stored(store, [1])
    found = Candidate(article, about("ports"), (statement(),))
    await store.save_analysis(found, "v1", NOW)
    await store.save_analysis(found, "v1", NOW)

    assert await store.candidates(["ports"], NOW - DAY, NOW) == (found,)


async def test_candidates_lie_after_the_start_and_up_to_the_end(store):
    for article in await stored(store, range(4)):
        await analysed(store, article, "ports")

    found = await store.candidates(["ports"], NOW - 3 * MINUTE, NOW - MINUTE)

    assert [one.article.published_at for one in found] == [NOW - MINUTE, NOW - 2 * MINUTE]


async def test_an_article_about_several_of_the_topics_comes_once_with_all_its_matches(store):
    first, second, third = await stored(store, [1, 2, 3])
    await analysed(store, first, "grues", "ports", "vaubrun")
    await analysed(store, second, "vaubrun")
    await analysed(store, third, "opéra")

    found = await store.candidates(["ports", "vaubrun", "grues"], NOW - DAY, NOW)

    assert [(one.article.id, len(one.matches)) for one in found] == [(first.id, 3), (second.id, 1)]


@pytest.mark.parametrize("topics", [[], ["nobody follows this"]])
async def test_no_topic_no_candidate(store, topics):
    for article in await stored(store, [1]):
        await analysed(store, article, "ports")

    assert await store.candidates(topics, NOW - DAY, NOW) == ()
    assert await store.latest_match(topics) is None


async def test_many_candidates_keep_their_order_and_their_own_statements(store):
    for article in await stored(store, range(250)):
        await analysed(store, article, "ports", statements=(statement(article.title),))

    found = await store.candidates(["ports"], NOW - DAY, NOW)

    assert [one.article.title for one in found] == [entry(number).title for number in range(250)]
    assert all(one.statements[0].text == one.article.title for one in found)


async def test_the_latest_match_is_the_date_of_the_latest_article_about_a_topic(store):
    first, second = await stored(store, [1, 2])
    await analysed(store, first, "opéra")
    await analysed(store, second, "ports")

    assert await store.latest_match(["ports"]) == NOW - 2 * MINUTE
    assert await store.latest_match(["ports", "opéra"]) == NOW - MINUTE


async def test_pages_are_wanted_until_the_next_analysis(store):
    first, second = await stored(store, [1, 2])
    for article in (first, second):
        await store.save_analysis(Candidate(article), "v1", NOW, wants_page=True)
    assert await store.wanted_pages(NOW - DAY, 10) == (first, second)
    assert await store.wanted_pages(NOW - DAY, 1) == (first,)
    assert await store.wanted_pages(NOW + MINUTE, 10) == ()

    read = replace(first, text="Le texte de la page.")
    await store.save_analysis(Candidate(read), "v1", NOW)

    assert await store.wanted_pages(NOW - DAY, 10) == (second,)
    assert read in await store.unanalysed("v2", NOW - DAY, 10)


async def test_an_article_deleted_meanwhile_is_let_go(store):
    (article,) = await stored(store, [1])

    await store.save_analysis(Candidate(replace(article, id=article.id + 999), about("ports")), "v1", NOW)

    assert (await store.stats())["matches"] == 0


async def test_articles_bring_the_feed_they_were_first_seen_in(store):
    await store.sync_feeds([COURRIER, RADIO], NOW)
    await poll(store, COURRIER, [entry(1)])
    await poll(store, RADIO, [entry(2)], NOW + HOUR)

    assert [article.feed for article in await store.unanalysed("v1", NOW, 10)] == [COURRIER, RADIO]
