from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Chat
from bot.domain.talk import ChannelSeen, ChatEvent, Place
from tests.builders import NOW
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import ANNA, BORIS, GROUP, HOME

CHANNEL = Chat("telegram", "-200")
BORIS_HOME = Place(Chat("telegram", "8"))


@pytest.fixture
def closed(town):
    town.options["access"] = "invite"
    return town


@pytest.fixture
async def owner(closed):
    """Anna, who opened the owner's link."""
    anna = closed.at()
    return await anna.say(f"/start {await closed.desk.owner_link_token(NOW)}")


async def invited(owner):
    await owner.say("/invite")
    return owner.text.rpartition(" ")[2]


# --- strangers -------------------------------------------------------------------------------------------------------


async def test_who_was_not_invited_gets_one_polite_line_a_day_and_nothing_is_kept_of_them(closed, store):
    boris = closed.at(BORIS_HOME, BORIS)
    assert "il faut une invitation" in (await boris.say("/start")).text
    for text in ("/digest", "bonjour", "/topics add a: b"):
        assert not (await boris.say(text)).replies
    assert "invitation" in (await boris.later(days=1).say("hello")).text
    await boris.press_data("t:1:otan")
    assert "invitation" in boris.toast

    assert await store.chat(BORIS_HOME.chat) is None
    assert await store.subscriptions() == ()


async def test_a_group_that_was_not_invited_is_answered_only_where_it_asks(closed):
    closed.admins.add((GROUP.chat.id, BORIS.id))
    talk = closed.at(GROUP, BORIS)
    assert not (await talk.say("bonjour")).replies
    assert "invitation" in (await talk.say("/start")).text


# --- the owner -------------------------------------------------------------------------------------------------------


async def test_the_first_opener_of_the_owners_link_owns_the_bot_and_no_second(closed, owner):
    assert "ce bot est à vous" in owner.text
    assert "Continuer" in owner.labels
    assert await closed.desk.owner_link_token(NOW) == ""
    await owner.say("/status")
    assert "État du bot" in owner.text


async def test_the_owners_link_is_good_once(closed):
    token = await closed.desk.owner_link_token(NOW)
    assert token == await closed.desk.owner_link_token(NOW + timedelta(days=1))
    boris = closed.at(BORIS_HOME, BORIS)
    await closed.at().say(f"/start {token}")
    await boris.say(f"/start {token}")
    assert "déjà servi" in boris.text
    await boris.say("/status")

    assert "État" not in boris.text


async def test_the_owners_link_is_not_used_up_in_a_group(closed):
    token = await closed.desk.owner_link_token(NOW)
    closed.admins.add((GROUP.chat.id, ANNA.id))
    await closed.at(GROUP).say(f"/start {token}")

    assert await closed.desk.owner_link_token(NOW) == token


async def test_a_configured_owner_needs_no_link_but_the_local_chat_is_no_owner_of_the_bot(closed):
    closed.options["owners"] = frozenset({"local:1"})
    assert await closed.desk.owner_link_token(NOW)
    closed.options["owners"] = frozenset({"telegram:7", "local:1"})
    assert await closed.desk.owner_link_token(NOW) == ""

    assert "Continuer" in (await closed.at().say("/start")).labels


@pytest.mark.usefixtures("owner")
async def test_an_owner_lets_in_the_group_where_they_start(closed):
    closed.admins.add((GROUP.chat.id, ANNA.id))
    await closed.at(GROUP).say("/start")

    assert "/digest" in (await closed.at(GROUP, BORIS).say("/start")).text


# --- invitations -----------------------------------------------------------------------------------------------------


async def test_an_invitation_lets_one_chat_in(closed, owner):
    token = await invited(owner)
    boris = closed.at(BORIS_HOME, BORIS)
    await boris.say(f"/start {token}")
    assert "Bienvenue" in boris.text
    await boris.press("Continuer")
    await boris.press("Paris")
    await boris.press("8 h")
    assert (await boris.subscription()).subscribed

    other = closed.at(Place(Chat("telegram", "9")), replace(BORIS, id="9"))
    assert "déjà servi" in (await other.say(f"/start {token}")).text
    assert "invitation" in (await other.say("/start")).text


async def test_a_link_that_is_not_needed_stays_good(closed, owner):
    token = await invited(owner)
    await owner.say(f"/start {token}")

    assert "Bienvenue" in (await closed.at(BORIS_HOME, BORIS).say(f"/start {token}")).text


async def test_in_a_group_an_admin_opens_the_invitation(closed, owner):
    token = await invited(owner)
    boris = closed.at(GROUP, BORIS)
    assert "Seuls les administrateurs" in (await boris.say(f"/start {token}")).text
    closed.admins.add((GROUP.chat.id, BORIS.id))

    assert "Bienvenue" in (await boris.say(f"/start {token}")).text


async def test_the_link_of_an_invitation_is_a_button(owner):
    await owner.say("/invite")

    assert owner.buttons[0].url.startswith("https://telegram.example/VerbatimBot?start=i_")


async def test_only_owners_invite(closed, owner):
    boris = closed.at(BORIS_HOME, BORIS)
    await boris.say(f"/start {await invited(owner)}")

    assert "réservée" in (await boris.say("/invite")).text


async def test_who_came_while_everybody_was_served_stays(town):
    boris = town.at(BORIS_HOME, BORIS)
    await boris.say("/start")
    town.options["access"] = "invite"

    assert "Continuer" in (await boris.say("/start")).labels


async def test_an_owner_who_is_forgotten_owns_nothing(closed, owner):
    await owner.say("/forget")
    assert "propriétaire" in owner.text
    await owner.press("Tout effacer")

    assert await closed.desk.owner_link_token(NOW)
    assert "invitation" in (await owner.say("/start")).text


# --- events ----------------------------------------------------------------------------------------------------------


async def test_a_chat_that_went_away_keeps_everything_and_goes_on_when_it_is_back(town, anna):
    await subscribed(anna)
    before = await anna.subscription()
    await town.desk.on_event(ChatEvent("gone", HOME.chat), NOW)
    assert (await anna.subscription()) == replace(before, suspended_at=NOW)
    await town.desk.on_event(ChatEvent("back", HOME.chat), NOW)

    assert (await anna.subscription()) == replace(before, next_due_at=None)


async def test_who_speaks_to_us_is_back(town, anna):
    await subscribed(anna)
    await town.desk.on_event(ChatEvent("gone", HOME.chat), NOW)
    await anna.say("/start")

    assert not (await anna.subscription()).resting


async def test_a_group_that_moved_keeps_everything_from_whichever_side_it_is_told(town, group):
    await subscribed(group)
    await group.say("/topics add drones: drone*")
    await group.press("Enregistrer")
    before = await group.subscription()
    moved = ChatEvent("moved", GROUP.chat, new_id="-1001")
    for _ in range(2):
        await town.desk.on_event(moved, NOW)

    chat = Chat("telegram", "-1001")
    assert await town.store.subscription(chat) == replace(before, chat=chat)
    assert await group.subscription() is None
    town.admins.add(("-1001", ANNA.id))
    after = town.at(Place(chat, "supergroup", "Les Vaubrunois"))
    await after.say("/topics")
    assert "✅ drones" in after.labels


# --- channels --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def channel(town):
    """Anna made the bot an administrator of her channel."""
    town.admins.add((CHANNEL.id, ANNA.id))
    event = ChatEvent("promoted", CHANNEL, title="Le fil de Vaubrun", chat_kind="channel", by=ANNA)
    await town.desk.on_event(event, NOW)
    return CHANNEL


@pytest.mark.usefixtures("news")
async def test_a_channel_is_configured_from_the_private_chat_of_its_admin(town, anna, channel):
    await anna.say("/start")
    await anna.press("📣 Le fil de Vaubrun")
    assert "📣 Le fil de Vaubrun" in anna.text
    await anna.press("Ukraine")
    await anna.press("Continuer")
    await anna.press("Bruxelles")
    await anna.press("7 h")

    chosen = await town.store.subscription(channel)
    assert (chosen.subscribed, chosen.topics, chosen.times) == (True, ("otan",), (420,))
    assert not (await anna.subscription()).subscribed
    await anna.press("Horaire")
    await anna.press("Autre heure")
    await anna.say("20h")
    assert (await town.store.subscription(channel)).times == (1200,)


async def test_a_channels_own_topic_is_written_in_private(town, anna, channel):
    await anna.say("/start")
    await anna.press("📣")
    await anna.press_data(anna.buttons[0].data.replace("b:0:otan", "t:n"))
    await anna.say("drones: drone*")
    await anna.press("Enregistrer")

    (topic,) = await town.store.own_topics(channel)
    assert (await town.store.subscription(channel)).topics[-1] == topic.id
    assert await town.store.own_topics(HOME.chat) == ()


async def test_nobody_else_reaches_a_channel_whatever_the_data_says(town, channel):
    number = (await town.store.chat(channel)).id
    boris = town.at(BORIS_HOME, BORIS)
    for data in (f"b@{number}", f"b:1:otan@{number}", f"f:y@{number}", f"t:n@{number}"):
        await boris.press_data(data)
        assert boris.toast == "Réservé aux administrateurs."
    town.admins.add((CHANNEL.id, BORIS.id))  # an admin too, but not the one who gave it to us
    await boris.press_data(f"b:1:otan@{number}")
    assert boris.toast == "Réservé aux administrateurs."
    await boris.say("/start")
    assert "📣" not in boris.labels

    assert await town.store.subscription(channel) is None


@pytest.mark.usefixtures("channel")
async def test_who_does_not_administer_the_channel_any_more_has_lost_it(town, anna):
    await anna.say("/start")
    town.admins.clear()
    await anna.press("📣")

    assert anna.toast == "Réservé aux administrateurs."


async def test_a_button_never_names_a_group_or_a_private_chat(town, anna, group):
    await subscribed(group)
    boris = town.at(BORIS_HOME, BORIS)
    await boris.say("/start")
    for place in (GROUP, BORIS_HOME):
        number = (await town.store.chat(place.chat)).id
        await anna.press_data(f"b:0:otan@{number}")
        assert anna.toast == "Réservé aux administrateurs."


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "٣", "9" * 40, "1@2", "999"])
async def test_a_number_that_is_none_is_answered(anna, number):
    await anna.press_data(f"b:0:otan@{number}")

    assert await anna.subscription() is None or number == ""


async def test_a_forwarded_post_gives_the_channel_to_an_admin_only(town):
    seen = ChannelSeen(HOME, ANNA, NOW, CHANNEL, "Le fil")
    (refusal,) = await town.desk.channel_seen(seen, NOW)
    assert "administrateurs" in refusal.lines[0]
    town.admins.add((CHANNEL.id, ANNA.id))
    (menu,) = await town.desk.channel_seen(seen, NOW)

    assert "📣 Le fil" in menu.title
    assert await town.store.channels_of("telegram", "7")


@pytest.mark.usefixtures("owner")
async def test_a_stranger_does_not_come_in_by_a_channel(closed):
    closed.admins.add((CHANNEL.id, BORIS.id))
    event = ChatEvent("promoted", CHANNEL, title="Le fil", chat_kind="channel", by=BORIS)
    await closed.desk.on_event(event, NOW)
    number = (await closed.store.chat(CHANNEL)).id
    boris = closed.at(BORIS_HOME, BORIS)
    await boris.press_data(f"b:h:480@{number}")
    assert "invitation" in boris.toast
    (line,) = await closed.desk.channel_seen(ChannelSeen(BORIS_HOME, BORIS, NOW, CHANNEL, "Le fil"), NOW)

    assert "invitation" in line.lines[0]
    assert await closed.store.subscription(CHANNEL) is None
