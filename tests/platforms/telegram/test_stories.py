"""The buttons under a digest on Telegram: the real desk, store, adapter and library, and the double over HTTP."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.chats import KnownChat
from bot.domain.model import Chat, Subscription
from bot.services.compose import Newsdesk
from bot.services.deliver import Post
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, statement
from tests.platforms.telegram.conftest import TEXTS, listening
from tests.services.desk.test_stories import BRIDGE, LEAD, SAID, many, tell
from tests.services.desk.town import KINDS, Town


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as opened:
        await opened.sync_feeds([COURRIER, RADIO], NOW - timedelta(days=2))
        await tell(opened, 1, BRIDGE, COURRIER, statement(SAID), hours=3, summary=LEAD)
        await tell(opened, 2, "Le pont de Sarlange rouvre aux convois de l’Otan", RADIO, hours=2, summary=LEAD)
        yield opened


@pytest.fixture
def town(store, platform):
    town = Town(store)
    town.options["is_admin"] = platform.is_admin
    return town


@asynccontextmanager
async def running(town, platform, now=NOW):
    """The desk answers what the platform hears, until the block ends."""

    class Core:
        async def hear(self, incoming):
            return await town.desk.hear(incoming, now)

        async def on_event(self, event):
            await town.desk.on_event(event, now)

    async with listening(platform, Core()) as core:
        yield core


async def delivered(store, platform, chat, now=NOW, **fields):
    """The digest that is due in a chat, sent by schedule."""
    due = Subscription(Chat("telegram", str(chat)), ("otan",), next_due_at=now, last_digest_at=now - timedelta(days=1))
    await store.save_subscription(replace(due, **fields))
    platforms = {"telegram": platform}
    assert await Newsdesk(store, KINDS, platforms, texts=TEXTS).compose_due(now) == 1
    await Post(store, platforms, lambda: now, None, {}).drain()


async def met(double, platform, town, name):
    """A person who spoke to the bot, and was answered."""
    person = double.user(name)
    async with running(town, platform):
        await person.says(person.private, "/cancel")
        await double.next_message(person, 0)
    return person


async def pressed(double, person, message, label="", **tampered):
    """What is said at the press."""
    press = await person.presses(message, label, **tampered)
    await double.until(lambda: press.answered)
    return press.text


async def test_the_buttons_of_a_sent_digest_open_a_story_which_then_is_changed_in_place(double, platform, town, store):
    alice = await met(double, platform, town, "Alice")
    await delivered(store, platform, alice.id)
    digest = double.messages(alice)[-1]
    assert digest.button_texts == ["🔎 Détails"]
    async with running(town, platform):
        before = len(double.messages(alice))
        press = await alice.presses(digest, "🔎 Détails")
        story = await double.next_message(alice, before)
        assert "Anna Lutz a annoncé que" in story.text
        assert "Radio Nord, 6" in story.text
        await alice.presses(story, "❓ Pourquoi\u00a0?")
        await double.until(lambda: "Poids" in double.messages(alice)[-1].text)
        await alice.presses(double.messages(alice)[-1], "← Détails")
        await double.until(lambda: "Anna Lutz a annoncé que" in double.messages(alice)[-1].text)

    assert press.answered
    assert double.messages(alice)[before - 1].text == digest.text
    assert len(double.messages(alice)) == before + 1
    assert (double.refused, double.complaints) == ([], [])


async def test_a_late_press_a_second_one_and_one_of_a_members_are_each_answered(double, platform, town, store):
    alice, bob = double.user("Alice"), double.user("Bob")
    group = double.with_bot(double.supergroup("Les Vaubrunois", alice, bob))
    await delivered(store, platform, group.id)
    digest = double.messages(group)[-1]
    async with running(town, platform):
        await pressed(double, bob, digest, "🔎 Détails")
        story = await double.next_message(group, 1)
        for label in [text for text in story.button_texts if "Moins" in text or "Plus rien" in text]:
            assert "administrateurs" in await pressed(double, bob, story, label)
        hide = next(text for text in story.button_texts if "Plus rien" in text)
        data = next(button.data for row in story.buttons for button in row if button.text == hide)
        assert "C’est noté" in await pressed(double, alice, story, hide)
        await double.until(lambda: any("Remettre cet événement" in text for text in story.button_texts))
        assert "déjà le cas" in await pressed(double, alice, story, data=data)
        await store.prune(NOW + timedelta(days=60), timedelta(days=30), timedelta(days=365))
        assert "n’est plus gardée" in await pressed(double, alice, digest, "🔎 Détails")

    assert (await store.subscription(Chat("telegram", str(group.id)))).hidden
    assert (double.refused, double.complaints) == ([], [])


async def test_data_of_another_chats_digest_does_nothing_here(double, platform, town, store):
    alice = await met(double, platform, town, "Alice")
    bob = await met(double, platform, town, "Bob")
    for person in (alice, bob):
        await delivered(store, platform, person.id)
    theirs = double.messages(alice)[-1].buttons[0][0].data
    async with running(town, platform):
        for data in (theirs, theirs.replace("s:", "l:") + ":1:s"):
            assert "n’est plus gardée" in await pressed(double, bob, double.messages(bob)[-1], data=data)

    assert [subscription.hidden for subscription in await store.subscriptions()] == [(), ()]


async def test_long_digests_carry_their_buttons_under_the_last_part_and_the_rest_on_pages(
    double, platform, town, store
):
    alice = await met(double, platform, town, "Alice")
    await many(store, 40)
    await delivered(store, platform, alice.id, density="titres")
    (_, digest) = double.messages(alice)
    assert [len(row) for row in digest.buttons] == [8, 7, 1]
    assert digest.button_texts[-1] == "+26 autres"
    async with running(town, platform):
        await pressed(double, alice, digest, "+26 autres")
        rest = await double.next_message(alice, 2)
        await pressed(double, alice, rest, "31–41 →")
        await double.until(lambda: "41. " in double.messages(alice)[-1].text)

    assert (double.refused, double.complaints) == ([], [])


async def test_a_channel_has_no_buttons(double, platform, store):
    alice = double.user("Alice")
    channel = double.with_bot(double.channel("Le fil", alice), admin=True)
    await store.save_chat(KnownChat(Chat("telegram", str(channel.id)), kind="channel"))
    await delivered(store, platform, channel.id)

    (digest,) = double.messages(channel)
    assert not digest.buttons
