"""The buttons under a digest: stories in full, the rest of them, and less of an outlet, a person or a story."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Candidate, Chat, Evidence, Feed, Polled, TopicMatch
from bot.domain.talk import ChatEvent
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, entry, statement
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import ANNA, BORIS, GROUP, HOME, Town

BRIDGE = "L’Otan rouvre le pont de Sarlange à ses convois"
PORT = "À Vaubrun, l’Otan inaugure un port militaire"
LEAD = "Les convois de l’Otan passent de nouveau le pont de Sarlange, fermé depuis mars."
SAID = "le pont de Sarlange restera ouvert tout l’hiver"
MORE = "aucun convoi ne passera la nuit avant le mois de mars"


async def tell(store, number, title, feed=COURRIER, *statements, hours=1.0, summary=""):
    """An article about OTAN, with what was said in it; its id."""
    states = {state.feed.url: state for state in await store.feed_states()}
    when = NOW - timedelta(hours=hours)
    url = f"{feed.url.rsplit('/', 1)[0]}/articles/{number}"
    item = entry(number, title=title, published=when, url=url, link=url, summary=summary)
    await store.save_poll(Polled(states[feed.url], (item,)), when)
    (article,) = await store.unanalysed("v1", NOW - timedelta(days=30), 10)
    at = max(title.find("Otan"), 0)
    found = TopicMatch("otan", 0.6, (Evidence("OTAN", "title", at, at + 4),))
    await store.save_analysis(Candidate(article, (found,), statements), "v1", NOW)
    return article.id


@pytest.fixture
async def bridge(store):
    """One story that three outlets tell, with two speakers."""
    lutz = statement(SAID)
    marek = statement(MORE, speaker="Jan Marek", cue="a assuré")
    first = await tell(store, 1, BRIDGE, COURRIER, lutz, hours=3, summary=LEAD)
    await tell(store, 2, "Le pont de Sarlange rouvre aux convois de l’Otan", RADIO, lutz, marek, hours=2, summary=LEAD)
    await tell(store, 3, f"{BRIDGE}, en direct de la ville", OBSERVATEUR, hours=1, summary=LEAD)
    return first


@pytest.fixture
async def reader(anna, bridge):  # noqa: ARG001 (a fixture asks for another by its name)
    await anna.say("/settings standard")
    await anna.say("/digest otan")
    assert len(anna.digest.stories) == 1
    return anna


async def many(store, n):
    """So many stories that have nothing in common."""
    for number in range(n):
        name = f"Zor{chr(97 + number % 26)}{chr(97 + number // 26)}k"
        await tell(store, number + 10, f"{name} : l’Otan y envoie {number + 3} {name}istes", hours=1 + number / 100)


# --- a story in full -------------------------------------------------------------------------------------------------


async def test_a_story_opens_as_a_message_of_its_own_with_every_outlet_its_hour_and_all_that_was_said(reader):
    await reader.press("Détails")

    (reply,) = reader.replies
    assert not reply.edits
    assert reply.title.startswith("1. ")
    assert f"Anna Lutz a annoncé que {SAID} — Radio Nord, Le Courrier" in reader.text
    assert f"Jan Marek a assuré que {MORE} — Radio Nord" in reader.text
    hours = [line.strip() for line in reader.text.split("\n") if " h" in line and line.startswith("   ")][-3:]
    assert hours == ["Le Courrier, 5 h", "Radio Nord, 6 h", "L’Observateur 🔒, 7 h"]
    links = [piece.href for line in reply.marked for piece in line if piece.href]
    assert "https://radio.example/articles/2" in links


async def test_no_article_gives_more_than_section_7_allows(anna, store):
    texts = [f"la phrase numéro {n} porte sur {'a' * (90 + n)} et non sur autre chose" for n in range(6)]
    await tell(store, 1, BRIDGE, COURRIER, *[statement(t, speaker=f"Anna Lutz{n}") for n, t in enumerate(texts)])
    await anna.say("/digest otan")
    await anna.press("Détails")
    assert anna.text.count(" a annoncé que ") == 2

    await anna.say("/settings détaillé")
    later = await anna.later(minutes=2).say("/digest otan")
    await later.press("Détails")
    assert later.text.count(" a annoncé que ") == 3


async def test_numbers_open_their_own_stories_and_a_list_leads_back_to_them(anna, store):
    await many(store, 3)
    await anna.say("/digest otan")
    headlines = [story.headline for story in anna.digest.stories]
    assert anna.labels == "1 | 2 | 3"
    await anna.press("2")
    assert anna.text.startswith(f"2. {headlines[1]}")
    await anna.press("Événements")
    assert anna.replies[0].edits
    assert [headline in anna.text for headline in headlines] == [True] * 3
    await anna.press("3")

    assert anna.replies[0].edits
    assert anna.text.startswith(f"3. {headlines[2]}")


async def test_what_was_left_out_for_length_comes_fifteen_at_a_time(anna, store):
    await many(store, 26)
    await anna.say("/digest otan")
    assert anna.labels == "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | +18 autres"
    shown = {story.headline for story in anna.digest.stories}
    await anna.press("+18 autres")
    assert not anna.replies[0].edits
    first = anna.text.split("\n")[1:]
    assert [line.split(".")[0] for line in first] == [str(n) for n in range(9, 24)]
    assert anna.labels.endswith("23 | ← 1–8 | 24–26 →")
    assert not any(headline in anna.text for headline in shown)
    await anna.press("24–26 →")
    assert [line.split(".")[0] for line in anna.text.split("\n")[1:]] == ["24", "25", "26"]
    await anna.press("25")

    assert anna.text.startswith("25. ")
    assert len(set(first)) == 15


async def test_in_english_all_of_it_is_english(reader):
    await reader.say("/settings en")
    reader = await reader.later(minutes=2).say("/digest otan")
    await reader.press("Details")
    assert "Why?" in reader.labels
    assert "No more of this story" in reader.labels
    await reader.press("Less of Anna Lutz")
    assert "30 days" in reader.toast
    await reader.press("← Stories")

    assert "Digest of Sunday" in reader.text


async def test_an_edition_is_remembered_when_everything_else_was_built_anew(reader, store):
    (button, *_) = reader.buttons
    again = Town(store).at()
    await again.press_data(button.data)

    assert "Anna Lutz" in again.text


# --- whose buttons ---------------------------------------------------------------------------------------------------


async def test_a_button_counts_in_its_own_chat_only(reader, town):
    data = [button.data for button in reader.buttons]
    await reader.press("Détails")
    data += [button.data for button in reader.buttons]
    stranger = town.at(replace(HOME, chat=Chat("telegram", "99")), replace(BORIS, id="99"))
    for one in data:
        await stranger.press_data(one)
        assert "n’est plus gardée" in stranger.toast

    assert await stranger.subscription() is None


@pytest.mark.parametrize("press", ["s", "s:", "s:zz:1", "l", "l:zz:1:1:s", "s:zz:m", "s:zz:p:0"])
async def test_an_edition_that_is_gone_is_one_line(anna, press):
    await anna.press_data(press)

    assert "n’est plus gardée" in anna.toast


async def test_what_no_button_says_is_one_line(reader, store):
    edition = (await store.latest_editions(HOME.chat, 1))[0].id
    for rest in ("", "0", "2", "99999", "p:9", "o:7", "w:1:9", "w:x", "é", "o:1:1", "m:1", "m", "-1"):
        await reader.press_data(f"s:{edition}:{rest}")
        assert reader.toast, rest
    for rest in ("", "1", "1:1", "1:1:x", "1:2:s", "1:1:o:99", "1:1:p:zz", "9:1:s", "x:1:s"):
        await reader.press_data(f"l:{edition}:{rest}")
        assert reader.toast, rest

    assert (await reader.subscription()).hidden == ()


async def test_a_late_press_says_that_the_articles_are_gone(reader, store):
    late = reader.later(days=40)
    await store.prune(late.now, timedelta(days=30), timedelta(days=365))
    await late.press_data(reader.buttons[0].data)

    assert "n’est plus gardée" in late.toast


async def test_articles_that_went_before_their_edition_are_said_to_be_gone(reader, store):
    data = reader.buttons[0].data
    await store.prune(NOW + timedelta(days=40), timedelta(minutes=1), timedelta(days=365))
    await reader.say("/digest otan 31j")
    await reader.press_data(data)

    assert reader.toast


async def test_members_of_a_group_see_and_admins_change(group, member, bridge):  # noqa: ARG001 (the news)
    await subscribed(group)
    await member.say("/digest otan")
    await member.press("Détails")
    assert "Anna Lutz" in member.text
    before = await group.subscription()
    for label in ("Moins de Radio Nord", "Moins de Anna Lutz", "Plus rien sur cet événement"):
        found = next(button for button in member.buttons if label in button.label.replace("\u00a0", " "))
        await member.press_data(found.data)
        assert "administrateurs" in member.toast
    assert await group.subscription() == before
    await group.press_data(found.data)

    assert "C’est noté" in group.toast
    assert len((await group.subscription()).hidden) == 3


async def test_an_admin_of_a_channel_changes_it_from_the_digest_in_their_private_chat(town, anna, bridge):  # noqa: ARG001
    channel = Chat("telegram", "-200")
    town.admins.add((channel.id, ANNA.id))
    await town.desk.on_event(ChatEvent("promoted", channel, title="Le fil", chat_kind="channel", by=ANNA), NOW)
    await anna.say("/start")
    await anna.press("📣 Le fil")
    await anna.press("Continuer")
    await anna.press("Paris")
    await anna.press("8 h")
    await anna.press("Détails")
    await anna.press("Moins de Radio Nord")

    assert (await town.store.subscription(channel)).without_outlets == ("Radio Nord",)
    assert (await anna.subscription()).without_outlets == ()


# --- less of ---------------------------------------------------------------------------------------------------------


async def test_less_of_an_outlet_stands_in_sources_and_is_undone_by_the_same_button(reader):
    await reader.press("Détails")
    await reader.press("Moins de Radio Nord")
    assert "/sources" in reader.toast
    assert reader.replies[0].edits
    assert (await reader.subscription()).without_outlets == ("Radio Nord",)
    await reader.press("Remettre Radio Nord")

    assert (await reader.subscription()).without_outlets == ()


async def test_pressed_twice_it_is_done_once(reader):
    await reader.press("Détails")
    for label in ("Moins de Radio Nord", "Moins de Anna Lutz", "Plus rien sur cet événement"):
        data = next(button.data for button in reader.buttons if label in button.label.replace("\u00a0", " "))
        await reader.press_data(data)
        once = await reader.subscription()
        await reader.press_data(data)
        assert "déjà le cas" in reader.toast
        assert await reader.subscription() == once


async def test_a_person_is_not_quoted_for_a_month(reader):
    await reader.press("Détails")
    await reader.press("Moins de Anna Lutz")
    assert "Anna Lutz a annoncé" not in reader.text
    reader = await reader.later(minutes=2).say("/digest otan")
    assert [v.statement.speaker for s in reader.digest.stories for v in s.voices] == ["Jan Marek"]

    reader = await reader.later(days=30).say("/digest otan 31j")
    assert "Anna Lutz" in {v.statement.speaker for s in reader.digest.stories for v in s.voices}


async def test_settings_list_the_people_left_out_and_bring_them_back(reader):
    await reader.press("Détails")
    await reader.press("Moins de Anna Lutz")
    await reader.say("/settings")
    assert "↩︎ Anna Lutz, jusqu’au mardi 22 décembre" in reader.labels
    await reader.press("Anna Lutz")
    assert "reviennent" in reader.toast
    assert (await reader.subscription()).without_people == ()
    assert "Anna Lutz" not in reader.labels


async def test_a_story_left_out_stays_away_with_all_that_joins_it(reader, store):
    await reader.press("Détails")
    await reader.press("Plus rien sur cet événement")
    await tell(store, 4, f"{BRIDGE} dès ce soir", Feed("Radio Nord", RADIO.url), statement(MORE), hours=0.5)
    await tell(store, 5, PORT, hours=0.2)
    reader = await reader.later(minutes=2).say("/digest otan")
    assert [story.headline for story in reader.digest.stories] == [PORT]

    await reader.say("/settings")
    await reader.press("Événements écartés")
    reader = await reader.later(minutes=2).say("/digest otan")
    assert len(reader.digest.stories) == 2


async def test_group_and_private_do_not_share_what_they_leave_out(reader, group):
    await reader.press("Détails")
    await reader.press("Plus rien sur cet événement")
    await group.say("/digest otan")

    assert len(group.digest.stories) == 1
    assert GROUP.chat != HOME.chat
