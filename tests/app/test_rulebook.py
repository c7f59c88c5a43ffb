import pytest

from bot.app.rulebook import Rulebook
from bot.catalog import load_catalog
from bot.domain.chats import KnownChat
from bot.domain.matcher import Matcher
from bot.domain.model import Chat
from bot.domain.topics import match_topics
from bot.services.analyse import Rules
from bot.storage import open_store
from tests.builders import NOW, article

CATALOG = load_catalog()
CHAT = Chat("telegram", "7")


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as store:
        await store.save_chat(KnownChat(CHAT))
        yield store


def book():
    matcher = Matcher({topic.id: topic.rule for topic in CATALOG.topics})
    return Rulebook(Rules(matcher, CATALOG.languages["fr"], "v1"), CATALOG.topics)


def found(rulebook, title):
    return {match.topic for match in match_topics(article(title), rulebook.rules.matcher)}


async def test_a_topic_that_a_chat_writes_is_found_and_the_shipped_ones_still_are(store):
    rulebook = book()
    topic = await store.add_own_topic(CHAT, "ponts", "pont de Sarlange", 30)

    await rulebook.refresh(store)

    assert found(rulebook, "Le pont de Sarlange rouvre") == {topic.id}
    assert "otan" in found(rulebook, "L’Otan envoie des renforts en Pologne")


async def test_articles_are_looked_at_again_exactly_when_a_chat_has_changed_a_rule(store):
    rulebook = book()
    await rulebook.refresh(store)
    untouched = rulebook.rules
    topic = await store.add_own_topic(CHAT, "ponts", "pont de Sarlange", 30)
    await rulebook.refresh(store)
    added = rulebook.rules
    await rulebook.refresh(store)

    assert untouched.version == "v1"
    assert added.version != "v1"
    assert rulebook.rules is added
    await store.drop_own_topic(CHAT, topic.id)
    await rulebook.refresh(store)
    assert rulebook.rules.version == "v1"


async def test_a_rule_that_cannot_be_read_any_more_does_not_stop_the_others(store):
    rulebook = book()
    await store.add_own_topic(CHAT, "cassé", "(pont", 30)
    good = await store.add_own_topic(CHAT, "ponts", "pont de Sarlange", 30)

    await rulebook.refresh(store)

    assert found(rulebook, "Le pont de Sarlange rouvre") == {good.id}
