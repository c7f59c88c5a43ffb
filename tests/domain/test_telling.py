import pytest

from bot.domain.telling import LONGEST, shorten, tell
from tests.builders import statement


def told(text="le pont rouvrira lundi", **fields):
    return tell(statement(text, **fields), text)


def test_a_clause_keeps_its_cue_and_its_que():
    assert told() == "Anna Lutz a annoncé que le pont rouvrira lundi"


def test_an_elided_que_stands_without_a_space():
    assert told("il rouvrira", connector="qu’") == "Anna Lutz a annoncé qu’il rouvrira"


def test_the_role_stands_behind_the_name():
    assert told(role="maire de Sarlange").startswith("Anna Lutz (maire de Sarlange) a annoncé que ")


def test_a_role_that_is_the_name_is_not_said_twice():
    assert told(speaker="la maire", mention="la maire", role="maire").startswith("La maire a annoncé que ")


def test_an_infinitive_follows_its_cue():
    line = told("avoir repris le village", cue="affirme", connector="", frame="infinitive")

    assert line == "Anna Lutz affirme avoir repris le village"


def test_a_participle_is_set_apart_from_the_name():
    assert told(cue="précisant") == "Anna Lutz, précisant que le pont rouvrira lundi"


def test_an_incise_with_a_pronoun_is_told_with_the_name():
    line = told("Le pont est sûr", cue="a-t-elle souligné", mention="elle", connector="", frame="incise")

    assert line == "Le pont est sûr, a souligné Anna Lutz"


@pytest.mark.parametrize(
    ("cue", "shown"), [("dit-il", "dit"), ("s’est-elle réjouie", "s’est réjouie"), ("ont-ils répété", "ont répété")]
)
def test_inverted_pronouns_make_place(cue, shown):
    assert told("C’est fini", cue=cue, mention="il", frame="incise") == f"C’est fini, {shown} Anna Lutz"


def test_quoted_words_stand_behind_a_colon():
    line = told("Nous tiendrons", kind="direct", frame="quote", connector="")

    assert line == "Anna Lutz\u00a0: «\u00a0Nous tiendrons\u00a0»"


def test_a_denied_quote_keeps_the_verb_that_denies():
    line = told("Tout est prêt", kind="direct", frame="quote", polarity="denied", cue="a démenti", connector="")

    assert line == "«\u00a0Tout est prêt\u00a0», a démenti Anna Lutz"


@pytest.mark.parametrize("polarity", ["denied", "hearsay", "question"])
def test_a_quote_whose_denying_cue_is_missing_is_not_told(polarity):
    assert told("Tout est prêt", kind="direct", frame="quote", polarity=polarity, cue="") is None


@pytest.mark.parametrize("frame", ["clause", "infinitive", "incise", "according-to"])
def test_unquoted_words_never_stand_behind_a_colon(frame):
    line = told("le pont est sûr", frame=frame, kind="indirect", cue="Selon" if frame == "according-to" else "a dit")

    assert ":" not in line
    assert "«" not in line


def test_according_to_names_the_person_behind_a_pronoun():
    line = told("le pont est sûr", cue="Selon", mention="lui", speaker="Marc Aubin", frame="according-to")

    assert line == "Selon Marc Aubin, le pont est sûr"


def test_an_article_is_small_inside_a_line_and_great_at_its_start():
    body = {"speaker": "ministère de la Mer", "mention": "Le ministère de la Mer"}

    assert told(**body).startswith("Le ministère de la Mer a annoncé")
    assert told("c’est prêt", frame="incise", **body) == "C’est prêt, a annoncé le ministère de la Mer"


def test_de_is_contracted_and_elided():
    body = {"speaker": "le préfet", "mention": "le préfet", "cue": "De l’avis de", "frame": "according-to"}

    assert told("il faut attendre", **body).startswith("De l’avis du préfet, ")
    assert told("il faut attendre", **(body | {"speaker": "Anna Lutz"})).startswith("De l’avis d’Anna Lutz, ")


def test_a_cue_that_holds_the_pronoun_itself_is_not_told():
    assert told("c’est perdu", cue="à ses yeux", frame="according-to") is None


def test_nothing_is_told_without_a_cue():
    assert told(cue="") is None


LONG = "Le pont de Sarlange restera fermé jusqu’au printemps prochain, faute de pièces et d’ouvriers. "


def test_a_short_statement_is_left_as_it_is():
    assert shorten("Le pont rouvre.") == "Le pont rouvre."


def test_a_long_statement_ends_with_a_sentence_and_a_mark():
    short = shorten(LONG * 4)

    assert short == f"{LONG * 2}{LONG.strip()}"[: len(short) - 4] + " […]"
    assert short.endswith("ouvriers. […]")
    assert len(short) <= LONGEST


def test_a_long_sentence_ends_before_a_clause_that_stands_by_itself():
    text = (
        "les longs travaux dureront tout l’hiver et sans doute une bonne partie du printemps, mais " + "le coût " * 40
    )

    assert shorten(text).endswith("du printemps […]")


def test_a_cut_never_leaves_a_quotation_open():
    text = f"le maire a parlé d’un « {LONG * 4} »"

    assert shorten(text) is None


def test_what_has_no_clause_end_is_left_out():
    assert shorten("mot " * 100) is None


def test_a_cue_that_began_the_sentence_loses_its_capital():
    assert told(cue="Estimant") == "Anna Lutz, estimant que le pont rouvrira lundi"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Le suspect a fui", "Selon Anna Lutz, le suspect a fui"),
        ("L’incendie a été volontaire", "Selon Anna Lutz, l’incendie a été volontaire"),
        ("Parmi eux figure un prêtre", "Selon Anna Lutz, parmi eux figure un prêtre"),
        ("le suspect a fui", "Selon Anna Lutz, le suspect a fui"),
        ("UNE est un sigle", "Selon Anna Lutz, UNE est un sigle"),
        ("« Tout » est perdu", "Selon Anna Lutz, « Tout » est perdu"),
    ],
)
def test_a_closed_class_word_is_small_after_the_source(text, line):
    assert told(text, cue="selon", connector="", frame="according-to") == line


@pytest.mark.parametrize(
    "text", ["Washington dispose de navires", "Le Caire dispose de navires", "Baptisé hier, il vogue"]
)
def test_a_capital_that_may_be_a_name_s_keeps_its_place_at_the_head_of_the_line(text):
    assert told(text, cue="Selon", connector="", frame="according-to") == f"{text}, selon Anna Lutz"


def test_a_name_with_an_open_apposition_is_closed_by_a_comma():
    line = told(speaker="la proche du ministre, Karl Brenner", mention="la proche du ministre, Karl Brenner")

    assert line == "La proche du ministre, Karl Brenner, a annoncé que le pont rouvrira lundi"


def test_a_line_holds_no_line_break():
    assert told("le pont\n rouvrira lundi") == "Anna Lutz a annoncé que le pont rouvrira lundi"
