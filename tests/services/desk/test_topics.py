from dataclasses import replace

import pytest

from bot.domain.model import Chat
from bot.domain.talk import Place
from tests.services.desk.town import ANNA, BORIS, GROUP, HOME

ELSEWHERE = Place(Chat("telegram", "8"))


async def made(talk, words="drones: drone*, shahed -loisir"):
    """The id of a topic that was written and saved."""
    await talk.say(f"/topics add {words}")
    await talk.press("Enregistrer")
    return (await talk.town.store.own_topics(talk.place.chat))[-1]


async def test_a_topic_is_followed_and_left_by_a_tap(anna):
    await anna.say("/thèmes")
    await anna.press("Ukraine")
    assert (await anna.subscription()).topics == ("ukraine",)
    assert "📌 🌻 Ukraine" in anna.text
    await anna.press("Ukraine")

    assert (await anna.subscription()).topics == ()
    assert "rien ne sera envoyé" in anna.text


async def test_the_same_press_twice_does_it_once_and_is_answered_twice(anna):
    await anna.say("/topics")
    await anna.press_data("t:1:otan")
    await anna.press_data("t:1:otan")

    assert anna.toast == "OTAN est déjà suivi."
    assert (await anna.subscription()).topics == ("otan",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("on otan", ("otan",)),
        ("suivre Défense européenne", ("defense-europe",)),
        ("otan", ("otan",)),
        ("nato", ("otan",)),
        ("défense", ("defense-europe",)),
        ("DEFENSE-EUROPE", ("defense-europe",)),
    ],
)
async def test_a_topic_is_followed_in_one_line(anna, line, expected):
    await anna.say(f"/sujets {line}")

    assert (await anna.subscription()).topics == expected


async def test_a_topic_is_left_in_one_line(anna):
    await anna.say("/topics on otan")
    await anna.say("/topics off OTAN")

    assert (await anna.subscription()).topics == ()


# --- own topics ------------------------------------------------------------------------------------------------------


async def test_a_rule_is_read_aloud_before_it_is_saved_and_followed(anna):
    await anna.say("/topics add drones: drone*, shahed -loisir")
    assert anna.text.startswith("drones\nJ’ai compris : Articles qui parlent d’un mot qui commence par « drone »")
    assert "sauf loisir" in anna.text
    assert await anna.town.store.own_topics() == ()
    await anna.press("Enregistrer")

    (topic,) = await anna.town.store.own_topics(anna.place.chat)
    assert (topic.name, topic.rule) == ("drones", "drone*, shahed -loisir")
    assert (await anna.subscription()).topics == (topic.id,)
    assert {own.id for own in await anna.town.desk.store.own_topics()} == {topic.id}


async def test_saving_twice_saves_once(anna):
    await anna.say("/themes ajouter drones: drone*")
    save = anna.buttons[0].data
    await anna.press_data(save)
    await anna.press_data(save)

    assert "remplacée ou abandonnée" in anna.toast
    assert len(await anna.town.store.own_topics()) == 1


async def test_an_older_draft_is_not_saved_by_its_button_once_a_newer_one_is_there(anna):
    await anna.say("/topics add drones: drone*")
    old = anna.buttons[0].data
    await anna.say("/topics add grues: grue")
    await anna.press_data(old)

    assert "remplacée" in anna.toast
    assert await anna.town.store.own_topics() == ()


async def test_a_draft_is_its_authors(group, town):
    town.admins.add((GROUP.chat.id, BORIS.id))
    await group.say("/topics add drones: drone*")
    boris = town.at(GROUP, BORIS)
    await boris.press_data(group.buttons[0].data)

    assert "remplacée" in boris.toast
    assert await town.store.own_topics() == ()


async def test_words_under_a_draft_are_its_better_version(anna):
    await anna.say("/topics add drones: drone*")
    await anna.say("drone*, shahed")
    assert anna.text.startswith("drones\n")
    assert "shahed" in anna.text
    await anna.press("Modifier")
    await anna.say("engins: engin*")
    await anna.press("Enregistrer")

    (topic,) = await anna.town.store.own_topics()
    assert (topic.name, topic.rule) == ("engins", "engin*")


async def test_a_topic_is_made_by_dialogue(anna):
    await anna.say("/topics")
    await anna.press("Créer")
    assert "deux-points" in anna.text
    await anna.say("Drones : drone*")
    await anna.press("Enregistrer")

    (topic,) = await anna.town.store.own_topics()
    assert (topic.name, topic.rule) == ("Drones", "drone*")
    await anna.press("Thèmes")
    assert "✅ Drones" in anna.labels


async def test_a_rule_without_a_name_is_named_after_its_first_words(anna):
    topic = await made(anna, '"coalition des volontaires", coalition')

    assert topic.name == "coalition des volontaires"


async def test_the_verb_may_be_forgotten(anna):
    await anna.say("/themes drones: drone*")

    assert "J’ai compris" in anna.text


async def test_a_rule_that_cannot_be_read_is_shown_where_it_fails_and_the_question_stays_open(anna):
    await anna.say("/topics add drones: (drone, shahed")
    assert "Je ne comprends pas cette règle" in anna.text
    assert "👉" in anna.text
    await anna.say("drones: drone, shahed")
    await anna.press("Enregistrer")

    assert len(await anna.town.store.own_topics()) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("drones: " + "a" * 501, "500 caractères au plus"),
        ("x" * 41 + ": drone", "40 signes au plus"),
        ("OTAN: rutte", "existe déjà"),
        ("drones: -loisir", "il faut au moins un mot"),
        ("***", "Il manque un nom"),
    ],
)
async def test_what_cannot_be_saved_is_said(anna, words, answer):
    await anna.say(f"/topics add {words}")

    assert answer in anna.text
    assert "Enregistrer" not in anna.labels


async def test_a_topic_is_renamed_edited_and_deleted_in_one_line(anna):
    topic = await made(anna)
    await anna.say("/topics rename drones: Engins volants")
    assert "s’appelle maintenant « Engins volants »" in anna.text
    await anna.say("/topics edit engins volants: engin*")
    await anna.press("Enregistrer")
    (changed,) = await anna.town.store.own_topics()
    assert changed == replace(topic, name="Engins volants", rule="engin*")
    await anna.say("/themes supprimer Engins volants")
    await anna.press("Supprimer")

    assert await anna.town.store.own_topics() == ()
    assert (await anna.subscription()).topics == ()


async def test_a_topic_is_renamed_edited_and_deleted_by_dialogue(anna):
    topic = await made(anna)
    await anna.say("/topics")
    await anna.press("Les miens")
    await anna.press("drones")
    assert "Règle : drone*, shahed -loisir" in anna.text
    await anna.press("Renommer")
    await anna.say("Engins")
    await anna.press_data(f"t:e:{topic.id}")
    await anna.say("engin*")
    await anna.press("Enregistrer")
    assert await anna.town.store.own_topics() == (replace(topic, name="Engins", rule="engin*"),)
    await anna.press_data(f"t:d:{topic.id}")
    await anna.press("Supprimer")
    assert "« Engins » est supprimé." in anna.text
    await anna.press_data(f"t:D:{topic.id}")

    assert anna.toast == "Ce thème n’existe plus."
    assert await anna.town.store.own_topics() == ()


async def test_shipped_topics_are_followed_or_not_but_never_changed(anna):
    await anna.say("/topics rename otan: Alliance")
    assert "thème du bot" in anna.text
    await anna.press_data("t:D:otan")

    assert anna.toast == "Ce thème n’existe plus."


async def test_only_so_many_topics_of_ones_own(town, anna):
    town.options["max_topics"] = 1
    await made(anna)
    await anna.say("/topics add grues: grue")
    await anna.press("Enregistrer")

    assert "le maximum" in anna.toast
    assert len(await town.store.own_topics()) == 1


@pytest.mark.parametrize("what", ["1", "0", "o", "r", "e", "d", "D"])
async def test_another_chats_topic_is_out_of_reach_whatever_the_data_says(anna, town, what):
    topic = await made(anna)
    before = await anna.subscription()
    other = town.at(ELSEWHERE, BORIS)
    await other.press_data(f"t:{what}:{topic.id}")

    assert other.toast == "Ce thème n’existe plus."
    assert await town.store.own_topics(HOME.chat) == (topic,)
    assert await anna.subscription() == before
    assert await other.subscription() is None


async def test_nobody_but_an_admin_writes_topics_in_a_group(group, member):
    await member.say("/topics add drones: drone*")
    assert "Seuls les administrateurs" in member.text
    await member.say("drones: drone*")
    assert member.replies == ()
    for press in ("t:n", "t:1:otan", "t:y:12345678"):
        await member.press_data(press)
        assert member.toast == "Réservé aux administrateurs."

    assert await group.town.store.own_topics() == ()


async def test_who_is_no_admin_any_more_does_not_finish_a_dialogue(group):
    await group.say("/topics")
    await group.press("Créer")
    group.town.admins.clear()
    await group.say("drones: drone*")

    assert group.text == "Réservé aux administrateurs."


async def test_a_dialogue_ends_by_cancel_by_its_button_by_another_command_and_by_time(anna):
    async def asked():
        await anna.say("/topics")
        await anna.press("Créer")

    await asked()
    await anna.say("/annuler")
    assert anna.text == "Annulé."
    await anna.say("/cancel")
    assert anna.text == "Il n’y a rien à annuler."
    await asked()
    await anna.press("Annuler")
    assert anna.text == "Annulé."
    await asked()
    await anna.say("/help")
    await anna.say("drones: drone*")
    assert "Je n’attends pas de réponse" in anna.text
    await asked()
    late = anna.later(hours=2)
    await late.say("drones: drone*")
    assert "Je n’attends pas de réponse" in late.text


async def test_topics_of_a_thread_are_the_chats_and_followed_where_they_are_written(group, town):
    thread = town.at(replace(GROUP, chat=replace(GROUP.chat, thread="5")))
    topic = await made(thread)
    await group.say("/topics")

    assert "▫️ drones" in group.labels
    assert (await thread.subscription()).topics == (topic.id,)
    assert await group.subscription() is None


async def test_an_english_reader_hears_the_rule_in_english(town):
    talk = town.at(sender=replace(ANNA, language="en"))
    await talk.say("/topics add drones: drone*, shahed")

    assert "I understood: Articles about" in talk.text
