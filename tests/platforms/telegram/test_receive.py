"""Updates as the double emits them → what the core hears, and what goes no further."""

import pytest
from telegram import Update

from bot.domain.talk import ChannelSeen, ChatEvent, Incoming
from bot.platforms.telegram.receive import read_update
from bot.platforms.telegram.wire import open_wire
from tests.platforms.telegram.conftest import NOW


@pytest.fixture
async def wire(double):
    wire = open_wire(double.token, double.address)
    yield wire
    await wire.close()


@pytest.fixture
def heard(wire):
    """All that the core hears of what has happened since the last time."""

    async def heard():
        raws = await wire.updates(0, wait=0)
        if raws:
            await wire.updates(raws[-1]["update_id"] + 1, wait=0)
        return [one for raw in raws for one in read_update(Update.de_json(raw, wire.bot), "verbatim_bot", NOW)]

    return heard


@pytest.fixture
def alice(double):
    return double.user("Alice", last_name="Meyer", language="fr")


async def test_in_private_everything_is_heard_with_who_and_where(alice, heard):
    said = await alice.says(alice.private, "/thèmes ")
    await alice.says(alice.private, "guerre en ukraine")

    first, second = await heard()
    assert (first.text, second.text, first.message_id) == ("/thèmes", "guerre en ukraine", str(said.id))
    assert (str(first.place.chat), first.place.kind) == (f"telegram:{alice.id}", "private")
    assert (first.sender.id, first.sender.name, first.sender.language) == (str(alice.id), "Alice Meyer", "fr")
    assert not first.sender.anonymous
    assert first.at.tzinfo is not None


async def test_a_file_is_heard_in_private_with_its_caption(alice, heard):
    await alice.sends_file(alice.private, "verbatim.json", b"{}")
    await alice.sends_file(alice.private, "verbatim.json", b"{...}", caption="/import")

    assert [(one.text, one.file.name, one.file.size) for one in await heard()] == [
        ("", "verbatim.json", 2),
        ("/import", "verbatim.json", 5),
    ]


@pytest.mark.parametrize("make", ["group", "supergroup"])
async def test_in_a_group_only_our_commands_are_heard(double, alice, heard, make):
    group = double.with_bot(getattr(double, make)("Rédaction", alice), admin=make == "supergroup")
    for text in (
        "salut",
        "/digest",
        "/Thèmes",
        "/digest@Verbatim_Bot 24h",
        "/digest@autre_bot",
        "/meteo",
        "/meteo@verbatim_bot",
        "voir /digest",
        "@verbatim_bot ?",
    ):
        await alice.says(group, text)

    texts = [one.text for one in await heard()]
    expected = ["/digest", "/Thèmes", "/digest@Verbatim_Bot 24h", "/meteo@verbatim_bot"]
    assert texts == (expected if make == "supergroup" else [text for text in expected if text != "/Thèmes"])


async def test_edited_messages_are_not_heard_again(alice, heard):
    said = await alice.says(alice.private, "/subscribe")
    await heard()
    await alice.edits(said, "/unsubscribe")

    assert await heard() == []


async def test_an_anonymous_administrator_is_the_group_and_a_channel_in_it_is_not(double, alice, heard):
    channel = double.channel("Le Fil", alice)
    group = double.with_bot(double.supergroup("Rédaction", alice))
    await alice.says(group, "/topics", anonymous=True)
    await alice.says(group, "/topics", as_channel=channel)

    one, other = (one.sender for one in await heard())
    assert (one.id, one.name, one.anonymous) == (str(group.id), "Rédaction", True)
    assert (other.id, other.anonymous) == (str(channel.id), False)


async def test_only_a_real_thread_is_a_thread(double, alice, heard):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    plain = await alice.says(forum, "/digest")
    await alice.says(forum, "/digest", thread=thread.id)
    await alice.says(forum, "/digest", reply_to=plain)

    assert [one.place.chat.thread for one in await heard()] == ["", str(thread.id), ""]


async def test_a_command_in_a_channel_is_heard_and_its_news_are_not(double, alice, heard):
    channel = double.with_bot(double.channel("Le Fil", alice))
    await alice.posts(channel, "Un pont rouvre")
    await alice.posts(channel, "/digest@verbatim_bot")

    (one,) = await heard()
    assert (one.text, one.place.kind, one.place.title) == ("/digest@verbatim_bot", "channel", "Le Fil")
    assert (one.sender.id, one.sender.anonymous) == (str(channel.id), True)


async def test_a_forwarded_post_shows_its_channel(double, alice, heard):
    channel = double.channel("Le Fil", alice)
    post = await alice.posts(channel, "Un pont rouvre")
    await alice.forwards(post, alice.private)

    (seen,) = await heard()
    assert isinstance(seen, ChannelSeen)
    assert (seen.channel.id, seen.title, seen.sender.id) == (str(channel.id), "Le Fil", str(alice.id))
    assert seen.place.chat.id == str(alice.id)


async def test_what_a_person_forwards_from_people_is_their_own_text(double, alice, heard):
    bob = double.user("Bob")
    said = await bob.says(bob.private, "otan, rutte")
    await heard()
    await alice.forwards(said, alice.private)

    assert [type(one) for one in await heard()] == [Incoming]


# --- presses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inaccessible", [False, True])
async def test_a_press_acts_on_the_chat_where_it_was_made(double, alice, heard, wire, inaccessible):
    group = double.with_bot(double.supergroup("Rédaction", alice))
    await wire.bot.send_message(group.id, "Thèmes")
    under = double.messages(group)[0]
    await alice.presses(under, data="t:-100999:1", inaccessible=inaccessible)

    (press,) = await heard()
    assert (press.press, press.text, press.message_id) == ("t:-100999:1", "", str(under.id))
    assert (press.place.chat.id, press.sender.id, press.at) == (str(group.id), str(alice.id), NOW)


async def test_a_press_in_a_thread_belongs_to_it(double, alice, heard, wire):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    await wire.bot.send_message(forum.id, "Thèmes", message_thread_id=thread.id)
    await alice.presses(double.messages(forum)[0], data="t:1")

    assert [one.place.chat.thread for one in await heard()] == [str(thread.id)]


# --- what becomes of us ----------------------------------------------------------------------------------------------


def kinds(events):
    assert all(isinstance(event, ChatEvent) for event in events)
    return [event.kind for event in events]


async def test_blocked_and_unblocked(alice, heard):
    await alice.says(alice.private, "/start")
    await heard()
    await alice.blocks_bot()
    await alice.unblocks_bot()

    events = await heard()
    assert kinds(events) == ["gone", "back"]
    assert {event.chat.id for event in events} == {str(alice.id)}


async def test_let_in_made_administrator_and_put_out(double, alice, heard):
    group = double.supergroup("Rédaction", alice)
    await alice.adds_bot(group)
    await alice.promotes_bot(group)
    await alice.demotes_bot(group)
    await alice.mutes_bot(group)
    await alice.kicks_bot(group)

    events = await heard()
    assert kinds(events) == ["back", "promoted", "gone"]
    assert {(e.chat.id, e.title, e.chat_kind, e.by.id) for e in events} == {
        (str(group.id), "Rédaction", "supergroup", str(alice.id))
    }


async def test_a_channel_is_learned_of_when_we_become_its_administrator(double, alice, heard):
    channel = double.channel("Le Fil", alice)
    await alice.adds_bot(channel)

    events = await heard()
    assert kinds(events) == ["back", "promoted"]
    assert (events[1].chat_kind, events[1].by.id) == ("channel", str(alice.id))


@pytest.mark.parametrize("order", ["to first", "from first", "to only", "from only"])
async def test_an_upgrade_is_told_from_either_side(double, alice, heard, order):
    group = double.with_bot(double.group("Rédaction", alice))
    new = await alice.upgrades(group, order=order)

    events = await heard()
    assert set(kinds(events)) == {"moved"}
    assert {(event.chat.id, event.new_id) for event in events} == {(str(group.id), str(new.id))}
    assert len(events) == (1 if "only" in order else 2)
