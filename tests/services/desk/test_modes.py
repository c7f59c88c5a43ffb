"""/schedule topic by topic, quiet hours, and topics in threads of their own."""

from dataclasses import replace

import pytest

from bot.domain.modes import mode_of
from tests.builders import NOW
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import ANNA, BORIS, GROUP

FORUM = replace(GROUP, kind="supergroup")
THREAD = replace(FORUM, chat=replace(FORUM.chat, thread="7"))


@pytest.fixture
async def forum(town, group):  # noqa: ARG001 (Anna administers it)
    """The group as a whole; subscribed to OTAN and Ukraine at 8 h."""
    return await subscribed(town.at(FORUM))


@pytest.fixture
def thread(town, forum):  # noqa: ARG001 (it is a thread of that group)
    return town.at(THREAD)


def modes(settings):
    return {topic: mode_of(settings, topic) for topic in settings.topics}


# --- by topic ----------------------------------------------------------------------------------------------------


async def test_a_topic_alerts_and_is_muted_by_taps(anna):
    await subscribed(anna)
    await anna.say("/schedule")
    await anna.press("Par thème")
    await anna.press("Ukraine")
    await anna.press("Alerte")
    assert "🔔 🌻 Ukraine" in anna.labels
    await anna.press("OTAN")
    await anna.press("Muet")

    assert modes(await anna.subscription()) == {"otan": "muted", "ukraine": "alert"}
    assert "🔇 🛡️ OTAN | 🔔 🌻 Ukraine" in anna.labels
    await anna.press("← Horaire")
    assert "📌 🔇 🛡️ OTAN · 🔔 🌻 Ukraine" in anna.text
    await anna.press_data("h:m:otan:d")
    assert modes(await anna.subscription())["otan"] == "digest"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/schedule ukraine alerte", {"otan": "digest", "ukraine": "alert"}),
        ("/horaire otan muet", {"otan": "muted", "ukraine": "digest"}),
        ("/schedule mute nato", {"otan": "muted", "ukraine": "digest"}),
        ("/horaire Ukraine : en alerte", {"otan": "digest", "ukraine": "alert"}),
        ("/horaire alertes otan et ukraine", {"otan": "alert", "ukraine": "alert"}),
        ("/horaire défense alerte", {"otan": "digest", "ukraine": "digest", "defense-europe": "alert"}),
    ],
)
async def test_a_mode_is_set_in_one_line(anna, line, expected):
    await subscribed(anna)
    await anna.say(line)

    assert modes(await anna.subscription()) == expected


async def test_a_mode_is_taken_back_in_one_line(anna):
    await subscribed(anna)
    for line in ("ukraine alerte", "ukraine digest", "otan muet", "otan revue"):
        await anna.say(f"/schedule {line}")

    assert modes(await anna.subscription()) == {"otan": "digest", "ukraine": "digest"}
    assert (await anna.subscription()).alerts == (await anna.subscription()).muted == ()


async def test_a_topic_alerts_from_the_moment_it_was_said(anna):
    await subscribed(anna)
    await anna.say("/schedule ukraine alerte")
    assert (await anna.subscription()).alerts == (("ukraine", int(NOW.timestamp())),)
    await anna.say("/stop")
    later = anna.later(hours=5)
    await later.say("/abonnement")

    assert (await anna.subscription()).alerts == (("ukraine", int(later.now.timestamp())),)


async def test_a_mode_of_a_topic_that_is_not_there_is_answered_and_changes_nothing(anna):
    await subscribed(anna)
    before = await anna.subscription()
    await anna.say("/schedule ukrane alerte")
    assert "Vouliez-vous dire « Ukraine » ?" in anna.text
    await anna.say("/schedule défense muet")
    assert "n’est déjà plus suivi" in anna.text
    for data in ("h:m:gone", "h:m:gone:a", "h:m:defense-europe:a", "h:m:otan:x", "h:m:otan:t", "h:m:otan:a:a", "h:q:5"):
        await anna.press_data(data)
        assert anna.toast

    assert await anna.subscription() == before


async def test_the_same_mode_twice_is_set_once(anna):
    await subscribed(anna)
    await anna.press_data("h:m:otan:m")
    await anna.press_data("h:m:otan:m")

    assert anna.toast == "C’est déjà le cas."
    assert (await anna.subscription()).muted == ("otan",)


async def test_a_topic_left_and_followed_again_is_in_the_digest(anna):
    await subscribed(anna)
    await anna.say("/schedule otan muet")
    await anna.say("/topics off otan")
    await anna.say("/topics on otan")

    assert modes(await anna.subscription()) == {"otan": "digest", "ukraine": "digest"}


@pytest.mark.usefixtures("news")
async def test_a_digest_on_demand_leaves_out_what_is_muted_unless_it_is_named(anna):
    await subscribed(anna)
    await anna.say("/schedule otan muet")
    await anna.later(minutes=5).say("/digest 7j")
    now = await anna.later(minutes=10).say("/digest 7j")
    assert [story.headline for story in now.digest.stories] == ["En Ukraine, le pont de Vaubrun rouvre"]
    named = await anna.later(minutes=15).say("/digest otan 7j")

    assert [story.headline for story in named.digest.stories] == ["L’Otan réunit ses ministres à Sarlange"]


async def test_a_member_changes_no_mode(group, member):
    await subscribed(group)
    before = await group.subscription()
    await member.say("/schedule otan muet")
    assert "Seuls les administrateurs" in member.text
    for data in ("h:m:otan:m", "h:q:1320:420", "h:m"):
        await member.press_data(data)
        assert member.toast == "Réservé aux administrateurs."

    assert await group.subscription() == before


async def test_modes_and_quiet_hours_are_said_in_english(anna):
    await subscribed(anna)
    await anna.say("/settings en")
    await anna.say("/schedule nato alert")
    assert "🔔 🛡️ NATO" in anna.labels
    await anna.say("/schedule quiet 10pm-7am")

    assert "Quiet from 22:00 to 7:00: alerts wait." in anna.text


# --- quiet hours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "quiet"),
    [
        ("calme 22h-7h", (1320, 420)),
        ("silence de 22 h à 7 h", (1320, 420)),
        ("quiet 10pm-7am", (1320, 420)),
        ("heures calmes : 22h30–6h45", (1350, 405)),
        ("quiet hours from 11 pm to midnight", (1380, 0)),
        ("13h-14h calme 13h-14h", (780, 840)),
    ],
)
async def test_quiet_hours_are_set_in_words(anna, line, quiet):
    await subscribed(anna)
    await anna.say(f"/schedule {line}")

    assert (await anna.subscription()).quiet == quiet


async def test_quiet_hours_and_a_schedule_fit_in_one_line(anna):
    await subscribed(anna)
    await anna.say("/schedule 9h calme 22h-7h")
    chosen = await anna.subscription()
    assert (chosen.times, chosen.quiet) == ((540,), (1320, 420))
    await anna.say("/horaire sans silence")

    chosen = await anna.subscription()
    assert (chosen.times, chosen.quiet) == ((540,), ())


async def test_quiet_hours_are_set_by_taps(anna):
    await subscribed(anna)
    await anna.say("/schedule")
    await anna.press("Heures calmes")
    await anna.press("de 22 h à 7 h")
    assert (await anna.subscription()).quiet == (1320, 420)
    assert "🌙 Calme de 22 h à 7 h" in anna.text
    await anna.press_data("h:q:1320:420")
    assert anna.toast == "C’est déjà le cas."
    await anna.press("Jamais")

    assert (await anna.subscription()).quiet == ()


@pytest.mark.parametrize("line", ["calme", "calme 22h", "silence 22h-22h", "quiet 25h-7h", "calme bientôt", "calme 😀"])
async def test_quiet_hours_that_were_not_understood_change_nothing_and_show_how(anna, line):
    await subscribed(anna)
    before = await anna.subscription()
    await anna.say(f"/schedule {line}")

    assert "/horaire calme 22h30-6h45" in anna.text
    assert await anna.subscription() == before


# --- threads -----------------------------------------------------------------------------------------------------


async def test_a_topic_is_given_to_a_thread_with_the_groups_hours_and_comes_back(forum, thread):
    await forum.say("/schedule 9h Montréal")
    await forum.say("/settings détaillé")
    await thread.say("/abonnement ukraine")
    mine, groups = await thread.subscription(), await forum.subscription()
    assert (mine.topics, mine.taken, mine.subscribed) == (("ukraine",), ("ukraine",), True)
    assert (mine.times, mine.timezone, mine.density) == ((540,), "America/Toronto", "détaillé")
    assert mine.next_due_at == groups.next_due_at
    assert "🧵 Ukraine est lu dans ce fil" in thread.text
    assert groups.topics == ("otan", "ukraine")
    await forum.say("/schedule")
    assert "📌 🛡️ OTAN · 🌻 Ukraine → dans son fil" in forum.text
    await forum.say("/topics")
    assert "Ukraine → dans son fil" in forum.text

    await thread.say("/stop")
    assert "Revient dans la revue du groupe : Ukraine." in thread.text
    await forum.say("/topics")
    assert "→ dans son fil" not in forum.text


@pytest.mark.usefixtures("news")
async def test_the_groups_digest_holds_nothing_of_a_topic_in_its_own_thread(forum, thread):
    await thread.say("/subscribe ukraine")
    group = await forum.later(minutes=5).say("/digest 7j")
    assert [story.headline for story in group.digest.stories] == ["L’Otan réunit ses ministres à Sarlange"]
    mine = await thread.later(minutes=10).say("/digest 7j")

    assert [story.headline for story in mine.digest.stories] == ["En Ukraine, le pont de Vaubrun rouvre"]


async def test_a_thread_without_a_topic_subscribes_as_any_chat_and_takes_nothing(forum, thread):
    await forum.say("/schedule 9h Montréal")
    await thread.say("/subscribe")
    assert "Quels thèmes" in thread.text
    await thread.press("Continuer")
    await thread.press("Montréal")
    await thread.press("7 h")

    mine = await thread.subscription()
    assert (mine.subscribed, mine.times, mine.taken) == (True, (420,), ())
    assert (await forum.subscription()).times == (540,)
    await forum.say("/topics")
    assert "→ dans son fil" not in forum.text


async def test_menus_of_a_thread_act_on_that_thread(forum, thread):
    await thread.say("/subscribe ukraine")
    before = await forum.subscription()
    await thread.say("/schedule")
    await thread.press("19 h")
    await thread.press("Par thème")
    await thread.press("Ukraine")
    await thread.press("Alerte")

    mine = await thread.subscription()
    assert (mine.times, modes(mine), mine.taken) == ((480, 1140), {"ukraine": "alert"}, ("ukraine",))
    assert await forum.subscription() == before


async def test_a_topic_switched_off_in_its_thread_is_the_groups_again(forum, thread):
    await thread.say("/subscribe ukraine")
    await thread.say("/topics off ukraine")
    await thread.say("/topics on ukraine")
    await forum.say("/schedule")

    assert (await thread.subscription()).taken == ()
    assert "→ dans son fil" not in forum.text


async def test_the_menu_says_how_a_topic_comes_to_a_thread(forum, thread):
    await forum.say("/schedule")
    await forum.press("Par thème")
    await forum.press("Ukraine")
    await forum.press("Dans son fil")
    assert "/abonnement Ukraine" in forum.text
    await thread.say("/abonnement Ukraine")
    await forum.press("Par thème")
    await forum.press("Ukraine")
    assert "Ukraine est lu dans son fil" in forum.text
    await forum.say("/horaire otan fil")

    assert "/abonnement OTAN" in forum.text


async def test_where_there_are_no_threads_none_is_offered(anna):
    await subscribed(anna)
    await anna.press_data("h:m:otan")
    assert "fil" not in anna.labels
    await anna.say("/schedule otan fil")

    assert "n’a pas de fils" in anna.text


async def test_a_thread_is_given_nothing_by_a_member_or_a_topic_nobody_knows(town, thread):
    member = town.at(THREAD, BORIS)
    await member.say("/subscribe ukraine")
    assert "Seuls les administrateurs" in member.text
    await thread.say("/subscribe pêche")
    assert "Je ne connais pas" in thread.text

    assert await thread.subscription() is None
    assert ANNA.id


async def test_a_forgotten_group_forgets_its_threads_and_what_they_took(forum, thread, store):
    await thread.say("/subscribe ukraine")
    await thread.say("/forget")
    await thread.press("Tout effacer")

    assert await store.subscriptions() == ()
    assert await forum.subscription() is None
