from dataclasses import replace

import pytest

from bot.domain.model import Chat
from bot.domain.talk import Place
from tests.builders import NOW
from tests.services.desk.town import ANNA, BORIS, GROUP


async def subscribed(talk):
    await talk.say("/start")
    await talk.press("Continuer")
    await talk.press("Paris")
    return await talk.press("8 h")


@pytest.mark.usefixtures("news")
async def test_three_taps_lead_from_start_to_a_subscription_and_a_first_digest(anna):
    await anna.say("/start")
    await anna.press("Continuer")
    assert anna.text == "Il est 8 h à Paris. Chez vous ?"
    await anna.press("Bruxelles")
    await anna.press("7 h")

    chosen = await anna.subscription()
    assert (chosen.subscribed, chosen.topics, chosen.times) == (True, ("otan", "ukraine"), (420,))
    assert chosen.timezone == "Europe/Brussels"
    assert chosen.next_due_at > NOW
    menu, first = anna.replies
    assert menu.edits
    assert "Tous les jours à 7 h (Bruxelles)" in anna.text
    assert "Prochaine revue : lundi 23 novembre, 7 h." in anna.text
    assert [story.headline for story in first.digest.stories] == ["L’Otan réunit ses ministres à Sarlange"]


async def test_topics_are_switched_before_anything_else_is_asked(anna):
    await anna.say("/start")
    assert "✅ 🛡️ OTAN" in anna.labels
    await anna.press("OTAN")
    await anna.press("Ukraine")
    assert "✅" not in anna.labels
    await anna.press("Continuer")
    assert anna.toast == "Choisissez au moins un thème."
    await anna.press("Défense")
    await anna.press("Continuer")

    assert "Chez vous" in anna.text
    assert (await anna.subscription()).topics == ("defense-europe",)


async def test_nobody_is_subscribed_before_the_last_tap(anna):
    await anna.say("/start")
    await anna.press("Continuer")
    await anna.press("Paris")

    assert (await anna.subscription()).resting


async def test_a_city_that_is_not_offered_is_typed(anna):
    await anna.say("/start")
    await anna.press("Continuer")
    await anna.press("Ailleurs")
    await anna.say("Varsvie")
    assert "Je ne connais ni heure ni ville du nom de « Varsvie »" in anna.text
    await anna.say("Varsovie")
    assert "Il est 8 h à Varsovie." in anna.text
    await anna.press("19 h")

    chosen = await anna.subscription()
    assert (chosen.timezone, chosen.times, chosen.subscribed) == ("Europe/Warsaw", (1140,), True)


async def test_a_misspelt_city_is_offered_as_a_button(anna):
    await anna.say("/start")
    await anna.press("Continuer")
    await anna.press("Ailleurs")
    await anna.say("Tokio")
    await anna.press("Tokyo")

    assert (await anna.subscription()).timezone == "Asia/Tokyo"
    assert "À quelle heure" in anna.text


async def test_a_deep_link_preselects_topics_and_nothing_that_does_not_exist(anna):
    await anna.say("/start t_defense-europe_nonsense_OTAN")

    assert (await anna.subscription()).topics == ("defense-europe", "otan")


async def test_a_deep_link_changes_nothing_of_what_is_set(anna):
    await subscribed(anna)
    before = await anna.subscription()
    await anna.say("/start t_defense-europe")

    assert await anna.subscription() == before
    assert "Votre revue" in anna.text


async def test_the_last_tap_twice_subscribes_once_and_brings_one_digest(anna):
    await subscribed(anna)
    await anna.press_data("b:h:480")

    assert anna.toast == "C’est déjà fait."
    assert anna.digest is None
    await anna.press_data("b:h:1140")
    assert (await anna.subscription()).times == (1140,)
    assert anna.digest is None
    assert "24 heures" not in anna.text


async def test_a_new_desk_goes_on_where_the_old_one_stopped(town, anna):
    """Every press here meets a Desk that was made for it: Town makes a new one each time it is asked."""
    assert town.desk is not town.desk
    await anna.say("/start")
    await anna.press("Continuer")
    late = anna.later(days=90)
    late._menu = anna.buttons
    await late.press("Montréal")
    await late.press("9 h")

    assert (await late.subscription()).subscribed


async def test_english_speakers_are_answered_in_english_in_private(town):
    talk = town.at(sender=replace(ANNA, language="en-GB"))
    await talk.say("/start")
    assert "Which topics" in talk.text
    assert "NATO" in talk.labels
    await talk.press("Continue")
    await talk.press("Montréal")
    assert "It is 2:00 in Montréal." in talk.text
    await talk.press("8:00")

    assert (await talk.subscription()).language == "en"


# --- groups ----------------------------------------------------------------------------------------------------------


async def test_members_of_a_group_get_one_line_and_its_admins_the_buttons(group, member):
    await member.say("/start")
    assert len(member.replies) == 1
    assert "/digest" in member.text
    assert not member.buttons
    assert await member.subscription() is None

    await group.say("/start@VerbatimBot")
    assert "Continuer" in group.labels
    assert (await group.subscription()).density == "titres"


async def test_a_button_in_a_group_asks_who_pressed_it(group, member):
    await group.say("/start")
    before = await group.subscription()
    await member.press_data("b:0:otan")
    assert member.toast == "Réservé aux administrateurs."
    assert await group.subscription() == before

    group.town.admins.clear()
    await group.press("OTAN")
    assert group.toast == "Réservé aux administrateurs."


async def test_an_anonymous_administrator_is_one(town):
    talk = town.at(GROUP, replace(BORIS, id="1087", anonymous=True))
    await talk.say("/start")

    assert "Continuer" in talk.labels


async def test_a_thread_has_a_subscription_of_its_own(group, town):
    thread = town.at(replace(GROUP, chat=Chat("telegram", "-100", "5")))
    await subscribed(thread)

    assert (await thread.subscription()).subscribed
    assert await group.subscription() is None


async def test_a_channel_is_not_talked_to(town):
    talk = town.at(Place(Chat("telegram", "-200"), "channel"))

    assert not (await talk.say("/start")).replies
