"""/settings, /sources, /subscribe, /unsubscribe, /pause, /resume, /privacy, /forget, /help, /status, /invite."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import COMMANDS
from bot.domain.model import Chat
from bot.services.compose import Newsdesk
from tests.builders import NOW
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import ANNA, BORIS, GROUP, HOME, KINDS

# --- settings --------------------------------------------------------------------------------------------------------


async def test_settings_are_changed_by_taps(anna):
    await anna.say("/réglages")
    for label in ("Détaillé", "Aperçu", "Rien de nouveau", "Son", "English"):
        await anna.press(label)

    chosen = await anna.subscription()
    assert (chosen.density, chosen.previews, chosen.tell_empty, chosen.sound) == ("détaillé", True, True, False)
    assert chosen.language == "en"
    assert anna.text.startswith("Settings")


@pytest.mark.parametrize(
    ("said", "field", "expected"),
    [("titres", "density", "titres"), ("English", "language", "en"), ("Détaillé", "density", "détaillé")],
)
async def test_settings_are_changed_in_one_line(anna, said, field, expected):
    await anna.say(f"/settings {said}")

    assert getattr(await anna.subscription(), field) == expected


async def test_a_setting_pressed_twice_is_set_once(anna):
    await anna.press_data("g:d:d")
    await anna.press_data("g:d:d")

    assert anna.toast == "C’est déjà le cas."


# --- sources ---------------------------------------------------------------------------------------------------------


async def test_outlets_are_listed_by_country_and_switched(anna):
    await anna.say("/sources")
    assert "🇫🇷 France 1/1 | 🇧🇪 Belgique 1/1 | 🇨🇭 Suisse 1/1" in anna.labels
    await anna.press("Belgique")
    await anna.press("Radio Nord")
    assert "▫️ Radio Nord" in anna.labels
    assert (await anna.subscription()).without_outlets == ("Radio Nord",)
    await anna.press("Pays")
    assert "Belgique 0/1" in anna.labels
    await anna.press("Belgique")
    await anna.press("Radio Nord")

    assert (await anna.subscription()).without_outlets == ()


async def test_an_outlet_that_is_no_more_is_said(anna):
    await anna.press_data("o:0:999")
    assert anna.toast == "Ce média n’est plus lu."
    await anna.press_data("o:c:XX:0")
    assert "ne sert plus" in anna.toast


# --- subscribing -----------------------------------------------------------------------------------------------------


async def test_unsubscribing_keeps_every_choice(anna):
    await subscribed(anna)
    before = await anna.subscription()
    await anna.say("/stop")
    assert (await anna.subscription()) == replace(before, subscribed=False, next_due_at=before.next_due_at)
    await anna.say("/stop")
    assert "pas abonné" in anna.text
    await anna.say("/abonnement")

    assert await anna.subscription() == before


async def test_subscribing_again_is_a_tap_away(anna):
    await subscribed(anna)
    await anna.say("/désabonner")
    await anna.press("Se réabonner")
    assert (await anna.subscription()).subscribed
    await anna.press_data("a:s")

    assert anna.toast == "C’est déjà fait."


async def test_subscribing_without_topics_begins_at_the_beginning_and_with_one_does_it(anna):
    await anna.say("/subscribe")
    assert "Quels thèmes" in anna.text
    assert not (await anna.subscription()).subscribed
    await anna.say("/subscribe ukraine")

    chosen = await anna.subscription()
    assert chosen.subscribed
    assert "ukraine" in chosen.topics


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("/pause", None),
        ("/pause 3j", NOW + timedelta(days=3)),
        ("/pause 2 semaines", NOW + timedelta(days=14)),
        ("/pause 12h", NOW + timedelta(hours=12)),
        ("/pause 999999 mois", NOW + timedelta(days=366)),
    ],
)
async def test_a_pause_is_as_long_as_said(anna, said, until):
    await subscribed(anna)
    await anna.say(said)

    chosen = await anna.subscription()
    assert (chosen.paused, chosen.paused_until, chosen.resting) == (True, until, True)


async def test_a_pause_that_was_not_understood_pauses_nothing_and_offers_lengths(anna):
    await subscribed(anna)
    await anna.say("/pause bientôt")
    assert not (await anna.subscription()).paused
    await anna.press("3 jours")
    assert (await anna.subscription()).paused_until == NOW + timedelta(days=3)
    await anna.press("Reprendre")
    assert not (await anna.subscription()).resting
    await anna.press_data("a:r")

    assert anna.toast == "Rien n’est en pause."


@pytest.mark.parametrize("said", ["/resume", "/reprendre"])
async def test_resume_ends_a_pause(anna, said):
    await subscribed(anna)
    await anna.say("/pause 3j")
    await anna.say(said)

    assert "C’est reparti" in anna.text
    assert not (await anna.subscription()).resting


async def test_a_member_cannot_end_a_groups_pause(group, member):
    await subscribed(group)
    await group.say("/pause")
    await member.say("/resume")

    assert "Seuls les administrateurs" in member.text
    assert (await group.subscription()).paused


async def test_a_pause_ends_by_itself_and_goes_on_from_there(anna, store):
    await subscribed(anna)
    chosen = await anna.subscription()
    await store.save_subscription(replace(chosen, last_digest_at=NOW))
    await anna.say("/pause 3j")
    desk = Newsdesk(store, KINDS, {})
    await desk.compose_due(NOW + timedelta(days=2))
    assert (await anna.subscription()).paused

    after = NOW + timedelta(days=3, minutes=1)
    await desk.compose_due(after)

    resumed = await anna.subscription()
    assert not resumed.resting
    assert resumed.paused_until is None
    assert resumed.next_due_at > after
    assert resumed.last_digest_at == after - timedelta(days=1)


@pytest.mark.usefixtures("news")
async def test_nothing_is_composed_for_who_is_not_subscribed(anna, store):
    await anna.say("/topics on otan")

    assert await Newsdesk(store, KINDS, {}).compose_due(NOW + timedelta(days=1, minutes=1)) == 0


# --- privacy ---------------------------------------------------------------------------------------------------------


async def test_everything_is_erased_after_one_more_question(anna, store):
    await subscribed(anna)
    await anna.say("/topics add drones: drone*")
    await anna.press("Enregistrer")
    await anna.say("/effacer")
    assert await anna.subscription() is not None
    await anna.press("Tout effacer")
    assert anna.text == "Tout est effacé."

    assert await store.subscriptions() == ()
    assert await store.own_topics() == ()
    assert await store.chat(HOME.chat) is None
    await anna.press_data("f:y")
    assert "rien n’a été effacé" in anna.toast


async def test_an_old_button_erases_nothing(anna):
    await subscribed(anna)
    await anna.say("/forget")
    late = anna.later(hours=2)
    await late.press_data("f:y")
    assert "a expiré" in late.toast
    await anna.say("/forget")
    await anna.press("Annuler")
    await anna.press_data("f:y")

    assert "a expiré" in anna.toast
    assert await anna.subscription() is not None


async def test_a_group_is_erased_by_the_admin_who_asked_and_was_asked(group, member, town):
    await subscribed(group)
    await group.say("/forget")
    await member.press_data("f:y")
    assert member.toast == "Réservé aux administrateurs."
    town.admins.add((GROUP.chat.id, BORIS.id))
    await member.press_data("f:y")
    assert "a expiré" in member.toast
    await group.press("Tout effacer")

    assert await group.subscription() is None


async def test_what_is_stored_is_said(anna):
    await anna.say("/confidentialité")

    assert "Gardé :" in anna.text
    assert "/effacer" in anna.text


# --- help and owners -------------------------------------------------------------------------------------------------


async def test_help_lists_what_this_person_may_do(anna, member, town):
    await anna.say("/aide")
    assert "/themes — " in anna.text
    assert "/etat" not in anna.text
    await member.say("/help")
    assert "/themes" not in member.text
    assert "/digest" in member.text
    town.options["owners"] = frozenset({"telegram:7"})
    await anna.say("/help")

    assert "/etat" in anna.text


async def test_owners_see_how_the_bot_is_and_others_do_not(anna, town):
    await anna.say("/status")
    assert "réservée" in anna.text
    town.options["owners"] = frozenset({"telegram:7"})
    await subscribed(anna)
    await anna.say("/état")

    assert "Flux : 3, de 3 médias" in anna.text
    assert "Abonnements actifs : 1 sur 1" in anna.text


@pytest.mark.parametrize("said", ["aide", "Thèmes", "stop", "AIDE ", "médias"])
async def test_in_private_a_commands_bare_name_is_enough(anna, said):
    await anna.say(said)

    assert "Je n’attends pas" not in anna.text


async def test_other_words_in_private_are_answered_with_the_menus(anna):
    await anna.say("bonjour, que sais-tu faire ?")

    assert "je ne garde pas ce message" in anna.text
    await anna.press("Thèmes")
    assert "OTAN" in anna.labels


@pytest.mark.usefixtures("group")
async def test_words_in_a_group_are_none_of_our_business(member):
    for text in ("aide", "bonjour", "/digest@AnotherBot", "/nothing_like_it", "😀" * 4096):
        assert not (await member.say(text)).replies


async def test_a_slip_of_the_finger_is_answered_with_what_was_meant(anna, member):
    assert "Vouliez-vous dire /topics ?" in (await anna.say("/topcis")).text
    assert "Vouliez-vous dire /digest ?" in (await member.say("/digset")).text
    assert "/aide" in (await anna.say("/xyzzy")).text


async def test_a_command_that_comes_later_says_so(anna):
    for spec in COMMANDS:
        if not spec.served:
            await anna.say(f"/{spec.french} x")
            assert anna.text == f"/{spec.french} n’existe pas encore dans cette version."


async def test_a_press_without_a_chat_of_ours_is_answered(town):
    stranger = town.at(replace(HOME, chat=Chat("telegram", "99")), replace(ANNA, id="99"))
    await stranger.press_data("t")

    assert "OTAN" in stranger.labels


@pytest.mark.usefixtures("news")
async def test_previews_and_sound_go_with_every_message(anna, store):
    await subscribed(anna)
    await anna.press_data("g:p:1")
    await anna.press_data("g:s:0")
    chosen = await anna.subscription()
    due = chosen.next_due_at + timedelta(minutes=1)
    await store.save_subscription(replace(chosen, last_digest_at=NOW - timedelta(days=3)))
    assert await Newsdesk(store, KINDS, {"telegram": Paper()}).compose_due(due) == 1

    message = await store.claim_message(["telegram"], due, timedelta(minutes=1))
    assert (message.previews, message.sound) == (True, False)
    assert message.body == "OTAN · Ukraine"


class Paper:
    """A platform whose messages are the names of their topics."""

    name = "telegram"

    def render(self, digest):
        return (" · ".join({"otan": "OTAN", "ukraine": "Ukraine"}[topic] for topic in digest.topics),)
