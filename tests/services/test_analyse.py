from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.errors import FeedError
from bot.domain.matcher import Matcher
from bot.domain.model import Chat, Polled, Subscription
from bot.domain.rulelang import parse_rule
from bot.services.analyse import SHORT_SUMMARY, Analyst, Rules, wants_page
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, article, entry
from tests.fakes import PaperFetcher

TITLE = "Le pont de Sarlange rouvre"
PAGE = (
    "Le pont de Sarlange rouvre lundi. La maire, Anna Lutz, a déclaré que le pont était sûr. "
    "Elle a ajouté que le péage serait supprimé."
)
LANGUAGE = load_catalog().languages["fr"]


def rules(rule="pont de Sarlange", version="v1"):
    return Rules(Matcher({"ponts": parse_rule(rule)}), LANGUAGE, version)


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW, worker=True) as store:
        await store.sync_feeds([COURRIER], NOW)
        await store.save_subscription(Subscription(Chat("paper", "1"), ("ponts",)))
        (state,) = await store.feed_states()
        await store.save_poll(Polled(state, (entry(1, title=TITLE), entry(2, title="Autre chose"))), NOW)
        yield store


async def found(store):
    candidates = await store.candidates(["ponts"], NOW - timedelta(days=1), NOW)
    return {candidate.article.title: candidate for candidate in candidates}


async def test_what_is_new_is_analysed_once_on_the_feeds_own_words(store):
    analyst = Analyst(store, PaperFetcher(), rules())

    assert [await analyst.analyse_new(NOW), await analyst.analyse_new(NOW)] == [2, 0]
    assert set(await found(store)) == {TITLE}


async def test_only_the_page_of_a_followed_article_is_read_and_only_once(store):
    fetcher = PaperFetcher(pages={entry(1).url: PAGE})
    analyst = Analyst(store, fetcher, rules())
    await analyst.analyse_new(NOW)

    assert [await analyst.read_pages(NOW), await analyst.read_pages(NOW)] == [1, 0]
    assert fetcher.asked == [entry(1).url]
    statements = (await found(store))[TITLE].statements
    assert [(s.speaker, s.text) for s in statements] == [
        ("Anna Lutz", "le pont était sûr"),
        ("Anna Lutz", "le péage serait supprimé"),
    ]


async def test_a_page_that_cannot_be_read_leaves_the_feeds_own_words(store):
    analyst = Analyst(store, PaperFetcher(pages={entry(1).url: FeedError("http", "403")}), rules())
    await analyst.analyse_new(NOW)
    await analyst.read_pages(NOW)

    assert set(await found(store)) == {TITLE}
    assert await analyst.read_pages(NOW) == 0


async def test_a_changed_rule_looks_at_the_last_days_again(store):
    await Analyst(store, PaperFetcher(), rules()).analyse_new(NOW)

    await Analyst(store, PaperFetcher(), rules("autre chose", version="v2")).analyse_new(NOW)

    assert set(await found(store)) == {"Autre chose"}


FOLLOWED = frozenset({"ponts"})


def wanted(one, followed=FOLLOWED):
    return wants_page(one, followed, rules())


def test_a_page_is_wanted_where_a_followed_term_occurs_and_the_feed_says_little():
    assert wanted(article(TITLE))
    assert not wanted(article("Autre chose"))
    assert not wanted(article(TITLE), frozenset())
    assert not wanted(article(TITLE, summary="mot " * SHORT_SUMMARY))
    assert not wanted(article(TITLE, text="déjà lu"))
    assert not wanted(article(TITLE, url=""))


def test_a_feed_says_itself_whether_its_pages_are_read():
    assert not wanted(article(TITLE, feed=replace(RADIO, full_text="never")))
    assert wanted(article(TITLE, summary="mot " * SHORT_SUMMARY, feed=replace(RADIO, full_text="always")))
