"""Who is told of trouble with a group: the person who last changed its settings."""

from dataclasses import replace

from bot.domain.model import Chat
from bot.domain.talk import Sender
from tests.builders import NOW
from tests.services.desk.town import ANNA, BORIS, GROUP

ADMIN_OF_THE_GROUP = Sender(GROUP.chat.id, "Les Vaubrunois", anonymous=True)


async def admin_of(store, chat=GROUP.chat):
    known = await store.chat(chat)
    return known.admin if known else ""


async def test_who_changes_a_groups_settings_last_is_known(town, group, store):
    await group.say("/schedule 8h")
    assert await admin_of(store) == ANNA.id

    town.admins.add((GROUP.chat.id, BORIS.id))
    await town.at(GROUP, BORIS).say("/schedule 9h")
    assert await admin_of(store) == BORIS.id


async def test_asking_changes_nothing_and_an_anonymous_admin_leaves_it_as_it_was(town, group, member, store):
    await group.say("/schedule 8h")
    await member.say("/digest otan")
    await member.say("/schedule 9h")
    await town.at(GROUP, ADMIN_OF_THE_GROUP).say("/schedule 10h")

    assert (await store.subscription(GROUP.chat)).times == (600,)
    assert await admin_of(store) == ANNA.id


async def test_of_a_private_chat_nobody_else_is_known(anna, store):
    await anna.say("/schedule 8h")

    assert await admin_of(store, anna.place.chat) == ""


async def test_a_person_who_erases_everything_is_forgotten_in_groups_too(anna, group, store):
    await group.say("/schedule 8h")
    await anna.say("/forget")
    await anna.press("effacer")

    assert await admin_of(store) == ""
    assert (await store.subscription(GROUP.chat)).times == (480,)


async def test_privacy_says_that_the_id_is_kept(anna):
    assert "l’identifiant de qui l’a réglé en dernier" in (await anna.say("/privacy")).text


async def test_who_writes_in_a_chat_that_was_not_found_can_be_reached(anna, store):
    await anna.say("/schedule 8h")
    await store.hold(anna.place.chat, "missing", None, NOW)
    await anna.say("/help")

    assert (await anna.subscription()).held == ""


async def test_a_command_in_a_closed_thread_does_not_end_that_it_is_closed(group, store):
    await group.say("/schedule 8h")
    await store.hold(replace(GROUP.chat, thread=""), "closed", None, NOW)
    await group.say("/help")

    assert (await store.subscription(Chat("telegram", GROUP.chat.id))).held == "closed"
