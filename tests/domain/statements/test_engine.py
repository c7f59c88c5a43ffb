import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.model import Article
from bot.domain.statements import extract_statements, extract_text

PIECES = [
    "« ",
    " »",
    "«",
    "»",
    "“",
    "”",
    '"',
    "'",
    "’",
    ", ",
    ". ",
    " : ",
    " ; ",
    "\n",
    "\n\n",
    "… ",
    "? ",
    "(",
    ")",
    " - ",
    "— ",
    "Paul Roche",
    "M. Roche",
    "la ministre Anna Lutz",
    "Il",
    "elle",
    "ce dernier",
    "l’ONU",
    "Kiev",
    "des experts",
    " a déclaré ",
    " que ",
    " qu’",
    " a-t-il dit",
    " affirme ",
    " selon ",
    "Selon ",
    "Pour ",
    " de partir",
    " ajoutant que ",
    " et ",
    " qui ",
    "la digue tient",
    "le port est sûr",
    " se dit prêt",
    " n’a pas dit ",
    "e\u0301",
    "\u00ad",
    "\u200b",
    "\u00a0",
    "œ",
    "🙂",
]


def check(text, found):
    last = -1
    for one in found:
        assert one.spans
        assert one.text == " […] ".join(text[start:end] for start, end in one.spans)
        assert all(0 <= start < end <= len(text) for start, end in one.spans)
        assert all(a[1] <= b[0] for a, b in zip(one.spans, one.spans[1:], strict=False))
        assert one.cue == text[slice(*one.cue_span)]
        assert one.mention == text[slice(*one.mention_span)]
        assert one.speaker
        assert 0 <= one.confidence <= 1
        assert one.sentence >= 0
        assert last <= one.sentence + 50
        last = one.sentence


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40), headline=st.booleans())
def test_whatever_stands_there_the_words_are_those_of_the_text(rules, pieces, headline):
    text = "".join(pieces)

    check(text, extract_text(text, rules, place="title" if headline else "text"))


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_can_be_read(rules, text):
    check(text, extract_text(text, rules))


@pytest.mark.parametrize(
    "hostile",
    [
        "« ",
        "«»",
        '"',
        "a déclaré que ",
        "« a » dit-il, ",
        "Paul Roche ",
        "selon Paul Roche, ",
        "X, qui a dit que ",
        "Il a dit que A. ",
    ],
)
def test_the_cost_grows_with_the_length_not_with_its_square(hostile, rules):
    def cost(length):
        text = hostile * (length // len(hostile))
        tries = []
        for _ in range(3):
            begun = time.process_time()
            extract_text(text, rules)
            tries.append(time.process_time() - begun)
        return min(tries)

    small, large = cost(10_000), cost(40_000)

    assert large < 8 * small + 0.05


TITLE = "Hélène Corvat : « Le barrage tiendra cet hiver »"


def article(**fields):
    return Article(**{"title": "", "summary": "", "text": "", **fields})


def test_the_page_counts_where_it_was_read_else_the_summary(rules):
    said = "La ministre Anna Lutz a annoncé que le pont rouvrirait."

    (page,) = extract_statements(article(summary="Rien ici.", text=said), rules)
    (feed,) = extract_statements(article(summary=said), rules)

    assert (page.place, feed.place) == ("text", "summary")


def test_a_title_repeated_in_the_body_counts_once(rules):
    body = "« Le barrage tiendra cet hiver », a assuré la ministre Hélène Corvat."

    (one,) = extract_statements(article(title=TITLE, summary=body), rules)

    assert one.place == "summary"


def test_a_title_that_the_body_does_not_repeat_stays(rules):
    (one,) = extract_statements(article(title=TITLE, summary="Le niveau du lac baisse."), rules)

    assert (one.speaker, one.place) == ("Hélène Corvat", "title")


def test_a_last_name_in_the_title_is_explained_by_the_body(rules):
    found = extract_statements(
        article(title="Corvat affirme que le lac baisse", summary="Hélène Corvat a visité le barrage."), rules
    )

    assert [one.speaker for one in found] == ["Hélène Corvat"]


def test_a_role_is_explained_by_the_lead_of_an_article_whose_page_was_read(rules):
    said = "« Le fleuve est pollué », a déclaré la secrétaire générale de l'OBRIL."
    lead = "Hélène Corvat, secrétaire générale de l'OBRIL, a visité le fleuve."

    (one,) = extract_statements(article(title="Le fleuve se meurt", summary=lead, text=said), rules)

    assert (one.speaker, one.role) == ("Hélène Corvat", "secrétaire générale de l'OBRIL")


def test_invisible_signs_and_line_breaks_do_not_enter_names_and_roles(rules):
    said = "Le secrétaire de l’Ob\u00adril,\u00a0Olaf Brandt, a déclaré que l’eau manquait."

    (one,) = extract_text(said, rules)

    assert (one.speaker, one.role) == ("Olaf Brandt", "secrétaire de l’Obril")
