"""What a digest prints of every kind, polarity and frame, read again as a reader would read it."""

import re

import pytest

from bot.domain.statements import extract_text
from bot.domain.telling import tell

WHO = "le ministre Paul Amar"
INDIRECT, MIXED, QUOTED = "le pont tiendra", "le pont « tiendra tout l'hiver »", "Le pont tiendra tout l'hiver"
SOURCES = [
    # frame, polarity, kind, the sentence of the source
    ("clause", "affirmed", "indirect", f"{WHO} a affirmé que {INDIRECT}"),
    ("clause", "affirmed", "mixed", f"{WHO} a affirmé que {MIXED}"),
    ("clause", "denied", "indirect", f"{WHO} dément que {INDIRECT}"),
    ("clause", "denied", "mixed", f"{WHO} dément que {MIXED}"),
    ("clause", "hearsay", "indirect", f"{WHO} aurait affirmé que {INDIRECT}"),
    ("clause", "hearsay", "mixed", f"{WHO} aurait affirmé que {MIXED}"),
    ("clause", "question", "indirect", f"{WHO} s'est demandé si {INDIRECT}"),
    ("clause", "question", "mixed", f"{WHO} s'est demandé si {MIXED}"),
    ("infinitive", "affirmed", "indirect", f"{WHO} affirme avoir réparé le pont"),
    ("infinitive", "affirmed", "mixed", f"{WHO} affirme avoir « réparé tout le pont »"),
    ("infinitive", "denied", "indirect", f"{WHO} nie avoir fermé le pont"),
    ("infinitive", "denied", "mixed", f"{WHO} nie avoir « fermé tout le pont »"),
    ("infinitive", "hearsay", "indirect", f"{WHO} aurait affirmé avoir réparé le pont"),
    ("infinitive", "hearsay", "mixed", f"{WHO} aurait affirmé avoir « réparé tout le pont »"),
    ("incise", "affirmed", "indirect", f"Le pont tiendra, a affirmé {WHO}"),
    ("incise", "affirmed", "mixed", f"Le pont « tiendra tout l'hiver » malgré le gel, a affirmé {WHO}"),
    ("incise", "hearsay", "indirect", f"Le pont tiendra, aurait affirmé {WHO}"),
    ("incise", "denied", "indirect", f"Le pont tiendra, ce que dément {WHO}"),
    ("incise", "denied", "mixed", f"Le pont « tiendra tout l'hiver » malgré le gel, ce que dément {WHO}"),
    ("quote", "affirmed", "direct", f"« {QUOTED} », a affirmé {WHO}"),
    ("quote", "affirmed", "direct", f"{WHO} a affirmé : « {QUOTED} »"),
    ("quote", "hearsay", "direct", f"« {QUOTED} », aurait affirmé {WHO}"),
    ("quote", "denied", "direct", f"« {QUOTED} », a démenti {WHO}"),
    ("quote", "question", "direct", f"« Le pont tiendra-t-il tout l'hiver ? », s'est interrogé {WHO}"),
    ("according-to", "affirmed", "according-to", f"Selon {WHO}, {INDIRECT}"),
    ("according-to", "affirmed", "according-to", f"Selon {WHO}, {MIXED}"),
    ("according-to", "affirmed", "indirect", f"Comme l'a rappelé {WHO}, {INDIRECT}"),
    ("according-to", "affirmed", "mixed", f"Comme l'a rappelé {WHO}, {MIXED}"),
]
SIGNS = {
    "affirmed": r"affirm|rappelé|Selon|:",
    "denied": r"\b(?:dément|nie|démenti)\b",
    "hearsay": r"\baurait\b",
    "question": r"\b(?:demandé|interrogé)\b",
}


def told(sentence, rules, place="text"):
    """The statement of the sentence and the line that a digest shows of it."""
    text = sentence[0].upper() + sentence[1:]
    (one,) = extract_text(text if place == "title" else f"{text}.", rules, place=place)
    return one, tell(one, one.text)


@pytest.mark.parametrize(("frame", "polarity", "kind", "sentence"), SOURCES)
def test_what_is_told_says_what_the_source_said(frame, polarity, kind, sentence, rules):
    one, line = told(sentence, rules)

    assert (one.frame, one.polarity, one.kind, one.speaker) == (frame, polarity, kind, "Paul Amar")
    (again,) = extract_text(f"{line}.", rules)
    assert (again.speaker, again.polarity) == (one.speaker, one.polarity)
    assert bare(again.text) == bare(one.text)


@pytest.mark.parametrize(("frame", "polarity", "kind", "sentence"), SOURCES)
def test_a_colon_with_marks_stands_only_before_words_of_a_quote(frame, polarity, kind, sentence, rules):
    _, line = told(sentence, rules)

    assert (re.search(r":\s«", line) is not None) == (frame == "quote" and polarity == "affirmed")
    if kind in {"indirect", "according-to"} and "«" not in sentence:
        assert not re.search("[«»:]", line)


@pytest.mark.parametrize(("polarity", "sentence"), [(polarity, sentence) for _, polarity, _, sentence in SOURCES])
def test_a_denial_a_rumour_and_a_question_read_as_such(polarity, sentence, rules):
    _, line = told(sentence, rules)

    assert re.search(SIGNS[polarity], line)
    assert all(not re.search(sign, line) for other, sign in SIGNS.items() if other not in {"affirmed", polarity})


def test_a_title_signed_in_brackets_stays_signed_in_brackets(rules):
    one, line = told("Les frappes « sont un vrai choix » (Paul Amar)", rules, "title")

    assert (one.kind, line) == ("mixed", "Les frappes « sont un vrai choix » (Paul Amar)")


def test_whose_spokesman_he_is_is_not_said_where_only_the_source_knows(rules):
    text = "Le port ferme. La porte-parole de son syndicat, Anna Lutz, a déclaré que rien n'était décidé."

    (one,) = extract_text(text, rules)

    assert tell(one, one.text) == "Anna Lutz a déclaré que rien n'était décidé"


def bare(text):
    return re.sub(r"[\W_]+", " ", text).strip().lower()
