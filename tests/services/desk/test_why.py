"""/why: stage by stage, for a story of the last digest or for the article of a link."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.matcher import Matcher
from bot.domain.model import Chat, Feed, Polled
from bot.domain.rulelang import parse_rule
from bot.domain.talk import Place
from bot.feeds.canonical import canonical
from bot.services.analyse import analyse
from bot.services.compose import Newsdesk
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, entry
from tests.services.desk.test_start import subscribed
from tests.services.desk.test_stories import BRIDGE, LEAD, many, tell
from tests.services.desk.town import KINDS, RULES, TEXTS, TOPICS

LINK = "https://courrier.example/articles/1"
SPEECH = "La maire de Sarlange, Anna Lutz, a annoncé lundi que l’Otan ne fermerait plus le pont pendant l’hiver."


class Paper:
    """A platform that writes headlines."""

    name = "telegram"

    def render(self, digest):
        return ("\n".join(story.headline for story in digest.stories),)


@pytest.fixture
async def reader(town, anna, store):
    """Anna, who reads OTAN and Ukraine, and had a digest with one story of two outlets."""
    town.options["canonical"] = canonical
    await subscribed(anna)
    await published(store, 1, BRIDGE, COURRIER, summary=f"{LEAD} {SPEECH}", hours=3)
    await published(store, 2, "Le pont de Sarlange rouvre aux convois de l’Otan", RADIO, summary=LEAD, hours=2)
    return await anna.say("/digest")


async def published(store, number, title, feed=COURRIER, *, summary="", hours=1.0):
    """An article, analysed with the rules in force."""
    found = await store.stored_articles([await tell(store, number, title, feed, summary=summary, hours=hours)])
    await store.save_analysis(analyse(found[0].article, RULES), "v1", NOW)


def stage(talk, begins):
    return next((line for line in talk.text.split("\n") if line.startswith(begins)), "")


# --- what it is about ------------------------------------------------------------------------------------------------


async def test_without_a_number_the_last_digest_is_listed_and_each_number_says_why(reader):
    await reader.say("/pourquoi")
    assert "Revue du dimanche 22 novembre, 8 h" in reader.text
    assert "Touchez un numéro" in reader.text
    await reader.press("1")

    assert reader.replies[0].edits
    assert reader.text.startswith("Pourquoi ? ")
    await reader.press("← Détails")
    assert "Pourquoi ?" in reader.labels


@pytest.mark.parametrize("said", ["/why 1", "/pourquoi n° 1", "/pourquoi #1", "/why 1.", f"/why {LINK}"])
async def test_a_number_or_a_link_says_it_stage_by_stage(reader, said):
    await reader.say(said)

    for mark in ("📥", "📌", "🗂", "🔗", "🗞", "💬"):
        assert stage(reader, mark), mark
    assert "montré le dimanche 22 novembre, 8 h, numéro 1" in stage(reader, "🗞")


async def test_a_link_is_known_with_its_trackers_its_fragment_and_without_https(reader):
    for link in (f"{LINK}?utm_source=x&xtor=RSS-1", f"{LINK}#:~:text=pont", LINK.removeprefix("https://")):
        await reader.say(f"/why {link}")
        assert BRIDGE in reader.text, link


async def test_the_words_their_place_and_their_weight_are_named(reader):
    await reader.say(f"/why {LINK}")

    assert "« Otan » (titre)" in stage(reader, "📌 🛡️ OTAN")
    assert "« Otan » (chapô, 2 fois)" in stage(reader, "📌 🛡️ OTAN")
    assert "Poids 5,5, il en faut 2." in stage(reader, "📌 🛡️ OTAN")
    assert stage(reader, "📌 Thèmes") == "📌 Thèmes : aucun mot de : 🌻 Ukraine."


async def test_a_rule_that_nearly_held_says_what_was_missing(reader, store):
    await reader.say("/topics add convois: convoi et (drone, missile)")
    await reader.press("Enregistrer")
    rules = RULES
    own = (await store.own_topics(reader.place.chat))[0]
    reader.town.options["rules"] = lambda: with_rule(rules, own)
    await reader.say(f"/why {LINK}")

    assert "« convois » (chapô)" in stage(reader, "📌 convois")
    assert "ne suffit pas à la règle" in stage(reader, "📌 convois")
    assert "Règle : convoi et (drone, missile)" in stage(reader, "📌 convois")


def with_rule(rules, own):
    return replace(rules, matcher=Matcher({t.id: t.rule for t in TOPICS} | {own.id: parse_rule(own.rule)}))


async def test_an_excluded_word_and_a_mention_in_passing_are_told_apart(reader, store):
    await reader.say("/topics add ponts: pont -convoi")
    await reader.press("Enregistrer")
    own = (await store.own_topics(reader.place.chat))[0]
    reader.town.options["rules"] = lambda: with_rule(RULES, own)
    text = (
        "Le marché de Vaubrun rouvre. " + "Les étals sont pleins de pommes. " * 60 + "Otan. " + "Fin du marché. " * 20
    )
    await published(store, 7, "Le marché de Vaubrun rouvre", summary=text)
    await reader.say(f"/why {LINK}")
    assert "« convois » (chapô) l’exclut" in stage(reader, "📌 ponts")
    await reader.say("/why https://courrier.example/articles/7")

    assert "mentionné sans être le sujet" in stage(reader, "📌 🛡️ OTAN")


# --- kind, group, statements ------------------------------------------------------------------------------------------


async def test_an_opinion_is_said_to_be_left_out(reader, store):
    await published(store, 3, "Tribune : pourquoi l’Otan doit changer")
    await reader.say("/why https://courrier.example/articles/3")

    assert "opinion" in stage(reader, "🗂")
    assert "laissé de côté" in stage(reader, "🗂")


async def test_the_outlets_of_its_group_are_named_with_what_ties_them(reader):
    await reader.say(f"/why {LINK}")
    assert "avec Radio Nord : " in stage(reader, "🔗")
    assert "mêmes faits" in stage(reader, "🔗") or "titre presque identique" in stage(reader, "🔗")


async def test_the_other_articles_of_a_story_can_be_asked_about(reader):
    await reader.say("/why 1")
    first = reader.text.split("\n")[0]
    other = next(button for button in reader.buttons if button.label in {"Le Courrier", "Radio Nord"})
    await reader.press_data(other.data)

    assert reader.text.startswith("Pourquoi ? ")
    assert reader.text.split("\n")[0] != first


async def test_a_statement_shows_speaker_and_cue_in_bold_and_its_content_in_italics_in_place(reader):
    await reader.say(f"/why {LINK}")
    (line,) = [line for line in reader.replies[0].marked if line[0].text == "   • "]

    styled = [(piece.text.replace("\u00a0", " "), piece.style) for piece in line[2:]]
    assert ("a annoncé", "b") in styled
    assert any("ne fermerait plus le pont" in text for text, style in styled if style == "i")
    assert "".join(text for text, _ in styled[:-1]) in SPEECH
    assert "trouvées : 1 ; assez sûres pour une revue : 1" in stage(reader, "💬")
    assert "montrable, sûr à" in styled[-1][0]


async def test_a_person_left_out_is_said_to_be(reader):
    await reader.say("/why 1")
    await reader.press("← Détails")
    await reader.press("Moins de Anna Lutz")
    await reader.say(f"/why {LINK}")

    assert "moins de cette personne" in reader.text


# --- what becomes of it ----------------------------------------------------------------------------------------------


async def test_what_was_chosen_here_is_said(reader):
    await reader.say("/sources off Le Courrier")
    await reader.say("/why 1")
    await reader.press("← Détails")
    await reader.press("Plus rien sur cet événement")
    await reader.say("/pause")
    await reader.say(f"/why {LINK}")

    for words in ("Le Courrier est laissé de côté", "cet événement est écarté", "l’envoi est en pause"):
        assert words in reader.text


async def test_what_is_still_to_come_names_the_next_digest(reader, store):
    await published(store, 4, "L’Otan ouvre un chantier à Vaubrun", OBSERVATEUR, hours=0.5)
    await reader.say("/why https://observateur.example/articles/4")
    assert "prévu pour le lundi 23 novembre, 8 h" in stage(reader, "🗞")
    await reader.say("/unsubscribe")
    await reader.say("/why https://observateur.example/articles/4")

    assert "aucun envoi n’est prévu" in stage(reader, "🗞")


async def test_the_scheduled_run_that_told_it_is_named_and_what_it_left_out(reader, store):
    await published(store, 3, "Tribune : pourquoi l’Otan doit changer")
    await store.save_subscription(replace(await reader.subscription(), last_digest_at=NOW - timedelta(days=1)))
    due = NOW + timedelta(days=1)
    desk = Newsdesk(store, KINDS, {"telegram": Paper()}, texts=TEXTS)
    assert await desk.compose_due(due) == 1
    (message,) = [await store.claim_message(["telegram"], due, timedelta(minutes=1))]
    later = reader.later(days=1, minutes=5)
    await later.say(f"/why {LINK}")
    assert "montré le lundi 23 novembre, 8 h, numéro 1" in stage(later, "🗞")
    assert "en cours d’envoi" in stage(later, "🗞")
    await later.say("/why https://courrier.example/articles/3")
    assert "examiné pour la revue du lundi 23 novembre, 8 h" in stage(later, "🗞")
    await later.press_data(message.buttons[0][0].data)

    assert later.text.startswith("1. ")


async def test_what_had_no_room_is_said_to_stand_under_the_rest(reader, store):
    await many(store, 20)
    reader = reader.later(minutes=2)
    await reader.say("/digest otan")
    await reader.press("autres")
    await reader.press("12")
    await reader.press("Pourquoi ?")

    assert "au numéro 12, sous « autres »" in stage(reader, "🗞")


# --- what it cannot answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/why 99", "n’a pas d’événement 99 : elle en compte 1"),
        ("/why 0", "n’a pas d’événement 0"),
        ("/why pont de Sarlange", "Écrivez /pourquoi 3"),
        ("/why https://nulle-part.example/rien", "Je n’ai pas cet article"),
        ("/why http://[::1", "Je n’ai pas cet article"),
    ],
)
async def test_what_cannot_be_answered_is_one_line(reader, said, answer):
    await reader.say(said)

    assert answer in reader.text
    assert len(reader.text.split("\n")) == 1


async def test_where_no_digest_was_made_there_is_nothing_to_ask_about(anna):
    assert "Aucune revue n’a encore été faite" in (await anna.say("/why")).text


async def test_members_of_a_group_may_ask(reader, group, member):  # noqa: ARG001 (the news)
    await subscribed(group)
    await member.say("/why 1")

    assert "📌" in member.text


async def test_in_english_all_of_it_is_english(reader):
    await reader.say("/settings en")
    await reader.say(f"/why {LINK}")

    assert "Weight 5.5, 2 are needed." in reader.text
    assert "“Otan” (title)" in reader.text
    assert "shown on Sunday 22 November" in reader.text.replace(",", "")
    assert not any(word in reader.text for word in ("montr", "titre", "mêmes", "Poids"))


async def test_the_article_of_another_chats_own_feed_is_nobody_elses(reader, store, town):
    own = Feed("Le Quai", "https://quai.example/rss", trusted=False)
    await store.add_chat_feed(reader.place.chat, own, "7", 5, NOW)
    (state,) = await store.chat_feeds(reader.place.chat)
    url = "https://quai.example/articles/9"
    item = entry(9, title="L’Otan sur le quai", url=url, link=url)
    await store.save_poll(Polled(state, (item,)), NOW)
    stranger = town.at(Place(Chat("telegram", "99")))
    await reader.say(f"/why {url}")
    assert "Le Quai" in stage(reader, "📥")
    await stranger.say(f"/why {url}")

    assert "Je n’ai pas cet article" in stranger.text
