from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RuleError
from bot.domain.model import Article, Feed
from bot.domain.rulelang import parse_rule
from bot.domain.survey import Surveyor
from bot.domain.vocabulary import Vocabulary
from tests.builders import NOW

COURRIER, RADIO = Feed("Le Courrier", "https://courrier.example/rss"), Feed("Radio Nord", "https://radio.example/rss")


def surveyed(rule, *titles, feed=COURRIER):
    surveyor = Surveyor(parse_rule(rule))
    surveyor.look([Article(title, feed=feed, published_at=NOW - timedelta(hours=n)) for n, title in enumerate(titles)])
    return surveyor.result()


def test_what_a_rule_finds_is_counted_by_outlet():
    surveyor = Surveyor(parse_rule("neige -ski"))
    surveyor.look([Article("La neige tombe", feed=COURRIER), Article("La neige et le ski", feed=COURRIER)])
    surveyor.look([Article("Neige : la route est rouverte", feed=RADIO), Article("Le bal", feed=RADIO)])
    found = surveyor.result()

    assert (found.read, found.found) == (4, 2)
    assert found.outlets == (("Le Courrier", 1), ("Radio Nord", 1))
    assert {article.title for article in found.examples} == {"La neige tombe", "Neige : la route est rouverte"}


def test_examples_are_the_latest():
    found = surveyed("neige", *(f"Neige {n}" for n in range(9)))

    assert [article.title for article in found.examples] == [f"Neige {n}" for n in range(5)]


@pytest.mark.parametrize(("snowy", "others", "warned"), [(12, 8, True), (11, 9, False), (19, 0, False)])
def test_an_outlet_is_flooded_from_three_fifths_of_twenty_articles(snowy, others, warned):
    titles = [*(f"Neige {n}" for n in range(snowy)), *(f"Soleil {n}" for n in range(others))]

    assert bool(surveyed("neige", *titles).flooded) is warned


def test_a_term_that_occurs_raises_no_doubt():
    assert surveyed("neige, ski", "La neige", "Le ski").doubts == ()


def test_exclusions_are_not_asked_about():
    assert surveyed("neige -zzyzx", "La neige").doubts == ()


def test_a_term_of_the_title_only_is_not_unseen_where_texts_have_it():
    surveyor = Surveyor(parse_rule("titre:neige"))
    surveyor.look([Article("Le temps", summary="De la neige.")])

    assert surveyor.result().doubts == ()


def test_an_unseen_word_is_offered_as_others_write_it():
    found = surveyed("pont et Zelinsky -bal", *["Zelensky et le pont"] * 3, "Un pont")

    (doubt,) = found.doubts
    assert (doubt.kind, doubt.terms) == ("unseen", ("Zelinsky",))
    assert [(variant.word, variant.articles, variant.rule) for variant in doubt.variants] == [
        ("Zelensky", 3, "pont et Zelensky sauf bal")
    ]


def test_an_unseen_word_of_a_phrase_is_put_right_in_its_phrase():
    found = surveyed("marché de noell", *["Le marché de Noël"] * 2)

    assert found.doubts[0].variants[0].rule == "marché de Noël"


def test_words_that_occur_apart_are_offered_together_and_singly():
    found = surveyed("neige route", "La route sous la neige", "La neige", "La route")

    (doubt,) = found.doubts
    assert doubt.kind == "apart"
    assert [(v.meant, v.rule, v.articles) for v in doubt.variants] == [
        ("both", "neige et route", 1),
        ("either", "neige, route", 3),
    ]


def test_two_terms_are_doubted_where_they_meet_in_one_of_twenty_or_less():
    often = ["Neige et route"] * 2 + ["Neige"] * 20 + ["Route"] * 20
    seldom = ["Neige et route"] + ["Neige"] * 30 + ["Route"] * 30

    assert surveyed("neige et route", *often).doubts == ()
    (doubt,) = surveyed("neige et route", *seldom).doubts
    assert (doubt.kind, doubt.articles) == ("rarely", 1)
    assert [(v.meant, v.articles) for v in doubt.variants] == [("either", 61), ("keep", 1)]


def test_a_condition_is_no_term_that_could_be_rare():
    assert surveyed("neige et source:le courrier", "La neige").doubts == ()


def test_where_nothing_was_looked_at_nothing_is_doubted():
    assert surveyed("zelinsky").doubts == ()


def test_a_word_is_shown_with_the_accents_and_capitals_it_mostly_has():
    known = Vocabulary(["Le maire Évrard parle", "Évrard se tait", "ÉVRARD VOTE", "la neige", "la neige"])

    assert known.near("evrart") == [("Évrard", 3)]
    assert known.near("niege") == [("neige", 2)]


@pytest.mark.parametrize("typed", ["niege", "Neije", "nege", "neigge"])
def test_a_letter_wrong_missing_doubled_or_swapped_is_recognised(typed):
    assert Vocabulary(["la neige", "de la neige"]).near(typed) == [("neige", 2)]


@pytest.mark.parametrize("typed", ["nei", "neiges", "fromage", "2024", ""])
def test_short_words_inflections_and_strangers_are_not_corrected(typed):
    assert Vocabulary(["la neige", "de la neige"]).near(typed) == []


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4))
def test_no_rule_and_no_text_breaks_a_survey(typed, texts):
    try:
        rule = parse_rule(typed)
    except RuleError:
        rule = parse_rule("neige et niege, neigge route")
    surveyor = Surveyor(rule)
    surveyor.look([Article(text, summary=text, feed=COURRIER) for text in texts])
    found = surveyor.result()

    assert found.read == len(texts)
    for doubt in found.doubts:
        for variant in doubt.variants:
            assert variant.meant == "keep" or parse_rule(variant.rule)
