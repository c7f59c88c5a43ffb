"""A rule is tried on what is stored, and what was perhaps meant is offered, before anything is saved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Feed, Polled
from tests.builders import COURRIER, NOW, RADIO, entry
from tests.services.desk.town import BORIS, GROUP


async def stored(store, feed: Feed, *titles: str, hours: float = 5) -> None:
    """Articles of an outlet, as the feed gave them."""
    states = {state.feed.url: state for state in await store.feed_states()}
    when = NOW - timedelta(hours=hours)
    entries = tuple(entry(abs(hash((feed.url, title))) % 10**9, title=title, published=when) for title in titles)
    await store.save_poll(Polled(states[feed.url], entries), when)


@pytest.fixture
async def week(store):
    """Two outlets of which one writes about little else than the mayor."""
    mayor = [f"Zelensky et le pont n° {n}" for n in range(18)]
    await stored(store, COURRIER, *mayor, "La fanfare répète", "Le marché du mardi", "Les drones du maire", "La neige")
    await stored(store, RADIO, "Drones sur Vaubrun", "Un missile tombe à Sarlange", "Zelensky reçu à Vaubrun", "Le bal")
    await stored(store, RADIO, "Un drone oublié", hours=24 * 9)


@pytest.mark.usefixtures("week")
async def test_a_rule_is_tried_and_nothing_is_saved(anna):
    await anna.say("/essai drone*, missile -bal")

    assert "C’est-à-dire : Articles qui parlent d’un mot qui commence par « drone » ou missile, sauf bal." in anna.text
    assert "Ces 7 derniers jours : 3 articles de 2 médias, sur 26 articles." in anna.text
    assert "Radio Nord 2 · Le Courrier 1" in anna.text
    assert "Drones sur Vaubrun — Radio Nord" in anna.text
    assert "Un drone oublié" not in anna.text
    assert [button.url for button in anna.own_buttons if button.url]
    assert await anna.town.store.own_topics() == ()


@pytest.mark.usefixtures("week")
async def test_five_examples_are_shown_and_different_outlets_come_first(anna):
    await anna.say("/try zelensky")

    examples = [line for line in anna.text.split("\n") if " — " in line]
    assert len(examples) == 5
    assert {line.rpartition(" — ")[2] for line in examples[:2]} == {"Le Courrier", "Radio Nord"}


@pytest.mark.usefixtures("week")
async def test_what_was_tried_is_saved_as_a_topic(anna):
    await anna.say("/essayer engins: drone*")
    await anna.press("Enregistrer comme thème")
    await anna.press("Enregistrer")

    (topic,) = await anna.town.store.own_topics(anna.place.chat)
    assert (topic.name, topic.rule) == ("engins", "drone*")


@pytest.mark.usefixtures("week")
async def test_words_after_a_try_are_no_rule(anna):
    await anna.say("/try drone*")
    await anna.say("aide")

    assert "drone" not in anna.text
    assert await anna.town.store.own_topics() == ()


@pytest.mark.usefixtures("week")
async def test_a_person_tries_once_a_minute_wherever(anna, town, group):
    await anna.say("/try drone*")
    await anna.say("/try missile")
    assert "minute" in anna.text
    await group.say("/try missile")
    assert "minute" in group.text
    boris = town.at(GROUP, BORIS)
    await boris.say("/try missile")
    assert "1 article" in boris.text

    await anna.later(minutes=1).say("/try missile")


@pytest.mark.usefixtures("week")
async def test_a_mistake_costs_no_turn(anna):
    await anna.say("/try (drone")
    assert "parenthèse fermante" in anna.text
    await anna.say("/try drone*")

    assert "3 articles" not in anna.text
    assert "2 articles" in anna.text


@pytest.mark.usefixtures("week")
async def test_members_of_a_group_may_try_and_only_admins_may_save(member, group):
    await member.say("/essai drone*")
    assert "2 articles" in member.text
    assert "Enregistrer" not in member.labels
    await group.say("/essai drone*")

    assert "Enregistrer" in group.labels


async def test_without_a_rule_it_says_how(anna):
    await anna.say("/essai")

    assert "Par exemple" in anna.text


async def test_where_nothing_is_stored_it_says_so(anna):
    await anna.say("/try drone*")

    assert "Aucun article n’est encore gardé" in anna.text


@pytest.mark.usefixtures("week")
async def test_english_readers_are_answered_in_english(town):
    ann = town.at(sender=replace(BORIS, language="en"))
    await ann.say("/try drone*, missile")
    assert "The last 7 days: 3 articles of 2 outlets" in ann.text
    await ann.say("/try (drone")

    assert "the closing bracket is missing (position 1)" in ann.text
    assert "Add “)”" in ann.text


@pytest.mark.usefixtures("week")
async def test_a_name_that_nobody_writes_is_asked_about_with_the_nearest_that_is(anna):
    await anna.say("/topics add maire: Zelenski, pont")
    assert "« Zelenski » ne se trouve dans aucun article" in anna.text
    assert "Vouliez-vous dire Zelensky ? 19 articles" in anna.text
    await anna.press("Zelensky (19)")
    assert "J’ai compris : Articles qui parlent de Zelensky ou pont" in anna.text
    await anna.press("Enregistrer")

    (topic,) = await anna.town.store.own_topics()
    assert (topic.name, topic.rule) == ("maire", "(Zelensky, pont)")  # brackets: the capital is meant


@pytest.mark.usefixtures("week")
async def test_two_terms_that_rarely_meet_are_asked_about(anna):
    await anna.say("/topics add engins: drone* et missile -bal")
    assert "« drone* » et « missile » se trouvent rarement dans le même article" in anna.text
    assert "L’un ou l’autre (3)" in anna.labels
    await anna.press("L’un ou l’autre")
    assert "drone » ou missile, sauf bal" in anna.text
    assert "Les deux" not in anna.labels
    await anna.press("Enregistrer")

    assert (await anna.town.store.own_topics())[0].rule == "drone*, missile sauf bal"


@pytest.mark.usefixtures("week")
async def test_who_means_both_is_not_asked_again(anna):
    await anna.say("/topics add engins: drone* et missile")
    await anna.press("Les deux")
    assert "rarement" not in anna.text
    await anna.press("Enregistrer")

    assert (await anna.town.store.own_topics())[0].rule == "drone* et missile"


@pytest.mark.usefixtures("week")
async def test_two_terms_that_often_meet_are_not_asked_about(anna):
    await anna.say("/topics add ponts: zelensky et pont")

    assert "rarement" not in anna.text
    assert "18 articles" in anna.text


@pytest.mark.usefixtures("week")
async def test_bare_words_in_an_order_that_nobody_writes_are_taken_apart(anna):
    await anna.say("/topics add ponts: pont zelensky")
    assert "« pont zelensky », dans cet ordre, ne se trouve dans aucun article" in anna.text
    await anna.press("Les deux (18)")
    await anna.press("Enregistrer")

    assert (await anna.town.store.own_topics())[0].rule == "pont et zelensky"


@pytest.mark.usefixtures("week")
async def test_a_rule_that_finds_nearly_everything_of_an_outlet_is_warned_about(anna):
    await anna.say("/topics add maire: zelensky")
    assert "presque tous les articles de Le Courrier" in anna.text
    await anna.say("/topics add maire: source:le courrier")

    assert "presque tous" not in anna.text


@pytest.mark.usefixtures("week")
async def test_an_old_offer_does_nothing_to_a_newer_draft(anna):
    await anna.say("/topics add maire: Zelenski")
    old = next(button.data for button in anna.buttons if "Zelensky" in button.label)
    await anna.say("/topics add neige: neige")
    await anna.press_data(old)

    assert "remplacée" in anna.toast


@pytest.mark.parametrize("data", ["e", "e:s", "e:x:y", "e:s:00000000", "t:v:00000000:0", "t:v:0:-1", "t:v:0:²"])
@pytest.mark.usefixtures("week")
async def test_a_made_up_press_is_answered(anna, data):
    await anna.press_data(data)

    assert anna.toast
