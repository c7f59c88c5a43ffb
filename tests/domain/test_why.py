"""What is said about an article, from what is known of it: pure, in French and English."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.catalog import load_texts
from bot.domain.editions import Edition, Telling, edition_of, rows_under
from bot.domain.less import hiding, is_off, people_off, showing, with_person, without_person
from bot.domain.model import Article, Button, Candidate, Chat, Digest, Evidence, Story, Subscription, Tie, TopicMatch
from bot.domain.topics import Weighed
from bot.domain.voices import ARTICLE_CHARACTERS
from bot.domain.why import Inquiry, explain
from tests.builders import NOW, RADIO, article, statement

TEXTS = load_texts()
FR, EN = TEXTS["fr"], TEXTS["en"]
HERE = Chat("telegram", "7")
SETTINGS = Subscription(HERE, ("otan",), id=1, subscribed=True)
OTAN = Evidence("OTAN", "title", 3, 7)
TITLE = "L’ Otan au pont de Sarlange"


def inquiry(one=None, **fields) -> Inquiry:
    found = Candidate(one or article(TITLE), (TopicMatch("otan", 0.7, (OTAN,)),))
    known: dict[str, Any] = {
        "found": found,
        "settings": SETTINGS,
        "now": NOW,
        "names": {"otan": "OTAN"},
        "rules": {},
        "weighed": (Weighed("otan", 3.0, 2.0, (OTAN,)),),
        "shown_from": 0.75,
    }
    return Inquiry(**(known | fields))


def lines(known, texts=FR):
    return ["".join(piece.text for piece in line).replace("\u00a0", " ") for line in explain(known, texts)]


def stage(known, mark, texts=FR):
    return next(line for line in lines(known, texts) if line.startswith(mark))


@pytest.mark.parametrize(
    ("weighed", "said"),
    [
        (Weighed("otan", 3.0, 2.0, (OTAN,)), "oui. « Otan » (titre). Poids 3, il en faut 2."),
        (Weighed("otan", 6.0, 3.0), "oui, par la règle sur le média. Poids 6, il en faut 3."),
        (
            Weighed("otan", 0.25, 3.0, (OTAN,)),
            "mentionné sans être le sujet. « Otan » (titre). Poids 0,25, il en faut 3.",
        ),
        (Weighed("otan", None, 2.0, (OTAN,)), "non : « Otan » (titre), ce qui ne suffit pas à la règle."),
        (
            Weighed("otan", None, 2.0, (OTAN,), (Evidence("pont", "title", 11, 15),)),
            "non : « Otan » (titre), mais « pont » (titre) l’exclut.",
        ),
    ],
)
def test_a_topic_says_what_its_rule_made_of_the_article(weighed, said):
    known = inquiry(weighed=(weighed,))
    known = replace(known, found=replace(known.found, matches=()))

    assert said in stage(known, "📌 OTAN :")


def test_what_the_page_said_is_kept_longer_than_its_text():
    known = inquiry(weighed=(Weighed("otan", None, 2.0),))

    assert "« OTAN »" in stage(known, "📌 OTAN :")
    assert "n’est plus gardé" in stage(known, "📌 OTAN :")


def test_offsets_that_no_longer_fit_fall_back_to_the_rules_own_word():
    far = Evidence("OTAN", "summary", 900, 904)

    assert "« OTAN » (chapô)" in stage(inquiry(weighed=(Weighed("otan", 3.0, 2.0, (far,)),)), "📌 OTAN :")


@pytest.mark.parametrize(
    ("tie", "said"),
    [
        (Tie("titles", "Un pont", likeness=0.934), "titre presque identique à « Un pont » (93 %)"),
        (Tie("lead", "Un pont"), "même début de texte que « Un pont »"),
        (Tie("facts", "Un pont", ("pont", "mars")), "mêmes faits que « Un pont » (pont, mars)"),
        (None, "les mêmes faits que l’ensemble"),
    ],
)
def test_a_group_names_its_outlets_and_what_ties_them(tie, said):
    known = inquiry(others=(article("Un pont", feed=RADIO, id=2),), tie=tie)

    assert stage(known, "🔗") == f"🔗 Groupe : avec Radio Nord : {said}."


EDITION = Edition("aa", HERE, NOW, NOW - timedelta(days=1), ("otan",), ((1,),), ((2,),))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"place": (EDITION, 1)}, "montré le dimanche 22 novembre, 8 h, numéro 1."),
        ({"place": (EDITION, 2)}, "sous « autres »"),
        ({"place": (replace(EDITION, alert=True), 1)}, "dans une alerte"),
        ({"place": (EDITION, 1), "telling": Telling("08:00", NOW, state="dead")}, "n’a pas pu être livré"),
        ({"telling": Telling("left-1", NOW, passed=True)}, "laissé à la prochaine revue"),
        ({"telling": Telling("known-1", NOW)}, "compté comme déjà su"),
        ({"telling": Telling("08:00", NOW)}, "examiné pour la revue"),
        ({"settings": replace(SETTINGS, subscribed=False)}, "aucun envoi n’est prévu"),
        ({"settings": replace(SETTINGS, last_digest_at=NOW)}, "trop ancien"),
        ({}, "prévu pour le lundi 23 novembre, 8 h"),
    ],
)
def test_what_became_of_it_is_one_line(fields, said):
    assert said in stage(inquiry(**fields), "🗞")


def test_what_was_published_earlier_and_seen_since_is_still_to_come():
    late = article(TITLE, hours_ago=30, seen_at=NOW - timedelta(minutes=5))
    known = inquiry(late, settings=replace(SETTINGS, last_digest_at=NOW - timedelta(hours=1)))

    assert "pas encore dit" in stage(known, "🗞")


def test_what_is_about_nothing_here_promises_no_digest():
    known = inquiry(weighed=(Weighed("otan", None, 2.0),), names={})

    assert not any(line.startswith("🗞") for line in lines(known))
    assert "aucun thème n’est lu ici" in stage(known, "📌")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (statement(), "montrable, sûr à 95 %"),
        (statement(shown=False, confidence=0.6), "sûr à 60 %, il faut 75 %"),
        (statement(shown=False, confidence=0.9), "n’est pas clair hors de son texte"),
        (statement("a" * 300), "trop long pour être coupé"),
    ],
)
def test_a_statement_says_whether_it_is_shown_or_why_not(said, verdict):
    known = inquiry()
    known = replace(known, found=replace(known.found, statements=(said,)))

    assert verdict in lines(known)[-1]


def test_a_person_left_out_is_named_as_the_reason():
    known = inquiry(settings=without_person(SETTINGS, "Anna Lutz", NOW))
    known = replace(known, found=replace(known.found, statements=(statement(),)))

    assert "moins de cette personne" in lines(known)[-1]


def test_no_more_of_an_article_is_quoted_than_anywhere():
    long = tuple(statement(f"{n} {'mot ' * 110}", speaker=f"Anna Lutz{n}", shown=False) for n in range(8))
    known = inquiry()
    known = replace(known, found=replace(known.found, statements=long))
    quoted = [piece.text for line in explain(known, FR) for piece in line if piece.style == "i"]

    assert 0 < sum(map(len, quoted)) <= ARTICLE_CHARACTERS + 10
    assert len(quoted) <= 3


def test_words_that_stand_in_the_article_count_together_too():
    text = "mot " * 400
    spans = ((0, 390), (400, 790), (800, 1190))
    long = replace(statement(text[:390]), cue="", spans=spans, place="summary")
    known = replace(inquiry(), found=Candidate(article(TITLE, summary=text), (), (long,)))
    quoted = [piece.text for line in explain(known, FR) for piece in line if piece.style == "i"]

    assert 390 < sum(map(len, quoted)) <= ARTICLE_CHARACTERS + 15


@pytest.mark.parametrize("texts", [FR, EN], ids=["fr", "en"])
def test_an_article_of_which_nothing_is_known_but_its_title_is_explained(texts):
    bare = Candidate(Article(title=""))

    assert lines(replace(inquiry(), found=bare, weighed=()), texts)


# --- less of, and the buttons ----------------------------------------------------------------------------------------


def test_a_person_is_off_for_a_month_under_any_form_of_the_name_and_can_come_back():
    off = without_person(SETTINGS, "Anna Lutz", NOW)

    assert without_person(off, "Anna Lutz", NOW + timedelta(days=1)) == off
    assert is_off(off, "A. Lutz", NOW + timedelta(days=29))
    assert not is_off(off, "Anna Lutz", NOW + timedelta(days=31))
    assert not is_off(off, "Jan Lutz", NOW)
    assert people_off(with_person(off, "Anna Lutz", NOW), NOW) == ()


def test_what_is_hidden_stays_bounded_and_the_oldest_goes_first():
    hidden = hiding(SETTINGS, range(1000))

    assert (len(hidden.hidden), hidden.hidden[-1]) == (300, 999)
    assert showing(hiding(SETTINGS, [1, 2, 3]), [1, 3]).hidden == (2,)


def digest(n, more=0) -> Digest:
    stories = tuple(Story((article(id=number),)) for number in range(1, n + more + 1))
    return Digest(("otan",), NOW, NOW, "Europe/Paris", stories=stories[:n], more=more, rest=stories[n:])


def test_every_button_under_a_digest_fits_and_the_same_digest_has_the_same_ones():
    edition = edition_of(digest(15, 200), HERE, "1/2026-11-22/08:00")
    assert edition == edition_of(digest(15, 200), HERE, "1/2026-11-22/08:00")

    def make(label, *data):
        return Button(label, ":".join(map(str, data)) + "@999999999999999")

    rows = rows_under(edition, FR, make)
    assert [len(row) for row in rows] == [8, 7, 1]
    assert rows[-1][0].label == "+150 autres"
    assert all(len(button.data.encode()) <= 64 for row in rows for button in row)
    assert rows_under(edition, None, make)[-1][0].label == "+150"


def test_an_empty_digest_has_no_edition():
    assert edition_of(digest(0), HERE, "x") is None
