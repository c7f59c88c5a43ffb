from dataclasses import replace

from bot.domain.model import Candidate, Polled, Receipt
from tests.contract.news import (
    COURRIER,
    DAY,
    HOUR,
    LEASE,
    NOW,
    RADIO,
    about,
    analysed,
    entry,
    messages,
    poll,
    run,
    state_of,
    statement,
    stored,
    subscribed,
)

MONTH, YEAR = 30 * DAY, 365 * DAY


async def test_an_empty_store_has_figures_of_everything(store):
    assert await store.stats() == {
        "feeds": 0,
        "articles": 0,
        "pages": 0,
        "matches": 0,
        "statements": 0,
        "subscriptions": 0,
        "runs": 0,
        "told": 0,
        "pending": 0,
        "sending": 0,
        "sent": 0,
        "unknown": 0,
        "dead": 0,
    }


async def test_nothing_that_is_young_enough_goes(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1])
    await analysed(store, article, "ports", text="Le texte.", statements=(statement(),))
    await store.enqueue(run(subscription), messages(subscription, "a"), told=[article.id])
    before = await store.stats()

    gone = await store.prune(NOW + 7 * DAY, MONTH, YEAR)

    assert set(gone.values()) == {0}
    assert await store.stats() == before


async def test_page_texts_go_after_seven_days_and_statements_stay(store):
    (article,) = await stored(store, [1])
    said = (statement(), statement("le port dort", place="title"))
    await analysed(store, article, "ports", text="Le texte.", statements=said)

    gone = await store.prune(NOW + 8 * DAY, MONTH, YEAR)

    assert gone["pages"] == 1
    (candidate,) = await store.candidates(["ports"], NOW - DAY, NOW)
    assert (candidate.article.text, candidate.statements) == ("", said)


async def test_a_new_analysis_of_an_article_whose_page_text_is_gone_keeps_what_was_said_on_the_page(store):
    (article,) = await stored(store, [1])
    said = (statement(), statement("le port dort", place="title"))
    await analysed(store, article, "ports", text="Le texte.", statements=said)
    await store.prune(NOW + 8 * DAY, MONTH, YEAR)

    await store.save_analysis(Candidate(article, about("ports"), (statement("rien", place="summary"),)), "v2", NOW)

    (candidate,) = await store.candidates(["ports"], NOW - DAY, NOW)
    assert [one.text for one in candidate.statements] == ["le port rouvrira lundi", "rien"]


async def test_an_article_goes_when_no_feed_has_shown_it_for_so_long_and_its_statements_stay(store):
    first, second = await stored(store, [1, 2])
    for article in (first, second):
        await analysed(store, article, "ports", statements=(statement(article.title),))
    await poll(store, COURRIER, [entry(2)], NOW + DAY)  # the first has left the feed
    await poll(store, COURRIER, [entry(2)], NOW + 2 * DAY)

    assert (await store.prune(NOW + MONTH + HOUR, MONTH, YEAR))["articles"] == 0
    assert (await store.prune(NOW + MONTH + DAY + HOUR, MONTH, YEAR))["articles"] == 1
    assert [article.title for article in await store.unanalysed("v2", NOW, 10)] == [second.title]
    assert (await store.stats())["statements"] == 2
    assert (await store.prune(NOW + MONTH + 2 * DAY + HOUR, MONTH, YEAR))["articles"] == 1  # the feed is silent since


async def test_a_feed_that_never_changes_keeps_its_articles_as_long_as_it_answers(store):
    await stored(store, [1])
    unchanged = replace(await state_of(store, COURRIER), succeeded_at=NOW + 89 * DAY)
    await store.save_poll(Polled(unchanged, unchanged=True), NOW + 89 * DAY)

    gone = await store.prune(NOW + 90 * DAY, MONTH, YEAR)

    assert gone["articles"] == 0
    assert (await poll(store, COURRIER, [entry(1), entry(2)], NOW + 90 * DAY)).new == 1


async def test_an_article_that_came_back_into_its_feed_is_shown_again(store):
    await stored(store, [1, 2])
    await poll(store, COURRIER, [entry(2)], NOW + DAY)
    await poll(store, COURRIER, [entry(1), entry(2)], NOW + 2 * DAY)
    await poll(store, COURRIER, [entry(1), entry(2)], NOW + 60 * DAY)

    assert (await store.prune(NOW + 61 * DAY, MONTH, YEAR))["articles"] == 0


async def test_an_article_one_feed_still_shows_stays_although_another_dropped_it(store):
    await store.sync_feeds([COURRIER, replace(RADIO, outlet=COURRIER.outlet)], NOW)
    await poll(store, COURRIER, [entry(1)])
    await poll(store, RADIO, [entry(1)])
    await poll(store, COURRIER, [entry(2)], NOW + DAY)
    await poll(store, RADIO, [entry(1)], NOW + 60 * DAY)

    await store.prune(NOW + 61 * DAY, MONTH, YEAR)

    assert [article.title for article in await store.unanalysed("v1", NOW, 10)] == [entry(1).title]


async def test_statements_go_after_their_own_retention(store):
    (article,) = await stored(store, [1])
    await analysed(store, article, statements=(statement(),))

    assert (await store.prune(NOW + YEAR, MONTH, YEAR))["statements"] == 0
    assert (await store.prune(NOW + YEAR + HOUR, MONTH, YEAR))["statements"] == 1


async def test_what_an_unsent_message_needs_stays_until_it_is_sent(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1])
    await store.enqueue(run(subscription), messages(subscription, "a"), told=[article.id])

    gone = await store.prune(NOW + YEAR, MONTH, YEAR)

    assert set(gone.values()) == {0}
    await store.mark_sent(await store.claim_message(["local"], NOW, LEASE), Receipt("1", NOW))
    gone = await store.prune(NOW + YEAR, MONTH, YEAR)
    assert (gone["articles"], gone["messages"], gone["runs"]) == (1, 1, 1)


async def test_what_was_told_is_remembered_as_long_as_the_article_is_there(store):
    subscription = await subscribed(store)
    (article,) = await stored(store, [1])
    await store.enqueue(run(subscription), (), told=[article.id])
    await poll(store, COURRIER, [entry(1)], NOW + YEAR)

    await store.prune(NOW + YEAR, MONTH, YEAR)

    assert await store.told(subscription.id, NOW - DAY) == {article.id}
