from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Chat
from tests.builders import NOW
from tests.services.desk.test_start import subscribed


@pytest.fixture
async def reader(anna, news):  # noqa: ARG001 (a fixture asks for another by its name)
    await subscribed(anna)
    return anna


def headlines(talk):
    return [story.headline for story in talk.digest.stories]


OTAN, BRIDGE = "L’Otan réunit ses ministres à Sarlange", "En Ukraine, le pont de Vaubrun rouvre"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("/digest", [OTAN]),
        ("/revue", [OTAN]),
        ("/resume", [OTAN]),
        ("/résumé", [OTAN]),
        ("/DIGEST", [OTAN]),
        ("/digest 7j", [OTAN, BRIDGE]),
        ("/digest 7 jours", [OTAN, BRIDGE]),
        ("/digest nato", [OTAN]),
        ("/digest ukraine 3j", [BRIDGE]),
        ("/digest 3d Ukraine, otan", [OTAN, BRIDGE]),
        ("/digest otan et ukraine 3j", [OTAN, BRIDGE]),
        ("/digest otan ukraine 3j", [OTAN, BRIDGE]),
        ("/digest 999999 semaines", [OTAN, BRIDGE]),
        ("/digest défense européenne", []),
    ],
)
async def test_a_digest_holds_the_topics_and_the_period_asked_for(reader, said, expected):
    await reader.say(said)

    assert sorted(headlines(reader)) == sorted(expected)


async def test_where_the_period_holds_nothing_a_longer_one_is_taken_and_says_so(reader):
    await reader.say("/digest ukraine 24h")

    assert headlines(reader) == [BRIDGE]
    assert reader.digest.widened


async def test_a_digest_on_demand_changes_nothing_of_the_plan(reader, store):
    before = await reader.subscription()
    await reader.say("/digest")

    assert await reader.subscription() == before
    assert await store.told(before.id, NOW - timedelta(days=9)) == frozenset()


async def test_a_digest_reaches_back_to_the_last_scheduled_one(reader, store):
    chosen = await reader.subscription()
    await store.save_subscription(replace(chosen, last_digest_at=NOW - timedelta(days=3)))
    await reader.say("/digest")

    assert sorted(headlines(reader)) == sorted([OTAN, BRIDGE])


async def test_one_digest_a_minute_for_a_chat(reader):
    await reader.say("/digest")
    await reader.say("/digest")
    assert "Une revue par minute" in reader.text
    await reader.press_data("d")
    assert "Une revue par minute" in reader.toast

    later = reader.later(minutes=1)
    assert headlines(await later.say("/digest")) == [OTAN]


async def test_a_mistake_does_not_cost_the_minute(reader):
    await reader.say("/digest ukrane")
    assert "Je ne connais pas le thème « ukrane »." in reader.text
    assert "Vouliez-vous dire « Ukraine » ?" in reader.text

    assert headlines(await reader.say("/digest")) == [OTAN]


@pytest.mark.usefixtures("news")
async def test_members_of_a_group_may_ask(group, member):
    await subscribed(group)
    await member.say("/digest")
    assert headlines(member) == [OTAN]
    await member.press_data("d")
    assert member.toast

    await member.later(minutes=2).say("/resume")
    assert (await group.subscription()).subscribed


async def test_a_chat_without_topics_is_led_to_them(anna):
    await anna.say("/digest")

    assert "aucun thème" in anna.text.lower()
    assert "Thèmes" in anna.labels


async def test_an_outlet_that_a_chat_left_out_is_not_in_its_digest(reader):
    await reader.say("/sources")
    await reader.press("France")
    await reader.press("Le Courrier")
    await reader.say("/digest 7j")

    assert headlines(reader) == [BRIDGE]


async def test_an_own_topic_is_named_in_its_digest(reader):
    await reader.say("/topics add drones: drone*")
    await reader.press("Enregistrer")
    await reader.say("/digest drones 7j")

    ((id_, name),) = reader.digest.own_names
    assert (reader.digest.topics, name) == ((id_,), "drones")


async def test_a_digest_of_another_chat_is_its_own(reader, town):
    other = town.at(replace(reader.place, chat=Chat("telegram", "9")))
    await other.say("/digest otan")

    assert headlines(other) == [OTAN]
    assert await other.subscription() is None
