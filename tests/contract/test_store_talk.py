"""The conversation of the local chat, in every store."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.model import Chat
from bot.domain.talk import Button, Document, Said
from tests.contract.news import COURRIER, HOUR, NOW, entry, poll, stored

ROWS = ((Button("Continuer →", "b:go"), Button("Aide", "?")), (Button("Ouvrir", url="https://journal.example/"),))
MOST = 200


async def say(store, body="Bonjour", most=MOST, **fields):
    return await store.keep_said(Said(body, fields.pop("at", NOW), **fields), most)


async def bodies(store, version=0):
    _, news = await store.said_since(version)
    return [said.body for said in news]


async def test_a_message_comes_back_as_it_was_said(store):
    file = Document("été.json", b"\0\xff{}")
    kept = await say(store, "<b>Été</b> 🗞", rows=ROWS, file=file)

    assert kept == Said("<b>Été</b> 🗞", NOW, rows=ROWS, file=file, id=kept.id, version=kept.version)
    assert await store.said(kept.id) == kept
    assert await store.said_since(0) == (kept.id, (kept,))
    assert await store.said(kept.id + 1) is None


async def test_what_was_said_or_changed_after_a_version_is_told_in_order(store):
    first, second = await say(store, "un"), await say(store, "deux", mine=True)
    await say(store, "trois")
    await store.change_said(replace(first, body="un, corrigé", rows=ROWS, at=NOW))

    assert await bodies(store) == ["un, corrigé", "deux", "trois"]
    assert await bodies(store, second.version) == ["un, corrigé", "trois"]
    changed = await store.said(first.id)
    assert (changed.edited, changed.rows, changed.at) == (True, ROWS, NOW)


async def test_versions_grow_though_the_clock_stands_still_or_goes_back(store):
    kept = [await say(store, at=NOW - timedelta(seconds=n)) for n in range(3)]

    assert [said.version for said in kept] == sorted({said.version for said in kept})


async def test_only_the_latest_messages_are_kept(store):
    kept = [await say(store, str(n), most=3) for n in range(5)]

    first, news = await store.said_since(0)
    assert first == kept[2].id
    assert [said.body for said in news] == ["2", "3", "4"]


async def test_a_message_of_the_outbox_is_kept_once(store):
    first = await say(store, "revue", key="1/2026-11-22/08:00/1")
    again = await say(store, "revue", key="1/2026-11-22/08:00/1")
    await say(store, "sans clé")
    await say(store, "sans clé")

    assert again == first
    assert await bodies(store) == ["revue", "sans clé", "sans clé"]


async def test_a_message_that_is_gone_cannot_be_changed(store):
    assert not await store.change_said(Said("x", NOW, id=99))


async def test_a_chat_that_is_forgotten_leaves_no_word_and_pages_notice(store):
    before = await say(store, "un secret")
    await store.forget_chat(Chat("telegram", "1"))
    assert await bodies(store) == ["un secret"]

    await store.forget_chat(Chat("local", "1"), "1")
    after = await say(store, "C’est effacé.", at=NOW + timedelta(seconds=1))

    assert await store.said_since(before.version) == (after.id, (after,))
    assert after.id > before.id


async def test_articles_that_no_feed_shows_any_more_can_be_dropped_and_others_stay(store):
    await stored(store, [1, 2])
    assert await store.drop_unlisted() == 0

    await poll(store, COURRIER, [entry(2)], NOW + HOUR)

    assert await store.drop_unlisted() == 1
    assert (await store.stats())["articles"] == 1
