import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import RuleError
from bot.domain.matcher import Matcher
from bot.domain.model import Article, Feed
from bot.domain.rulelang import parse_rule
from bot.domain.topics import match_topics, mentions

RULES = sorted((Path(__file__).parents[1] / "cases" / "rules").glob("*.toml"))
NAIVE = [case for path in RULES for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]
GAZETTE = Feed("La Gazette", "https://gazette.example/rss", country="BE")


def article(text: str) -> Article:
    title, _, summary = text.partition(" | ")
    return Article(title, summary=summary) if summary else Article("", text=text)


def holds(rule: str, text: str, feed: Feed = GAZETTE) -> bool:
    return bool(match_topics(Article("", text=text, feed=feed), Matcher({"r": parse_rule(rule)})))


@pytest.mark.parametrize("case", NAIVE, ids=[case["why"] for case in NAIVE])
def test_a_naive_rule_does_what_was_meant(case):
    matcher = Matcher({"r": parse_rule(case["rule"])})

    assert [text for text in case["yes"] if not match_topics(article(text), matcher)] == []
    assert [text for text in case["no"] if match_topics(article(text), matcher)] == []


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("blessé", "des blessées", True),
        ("blessée", "un blessé", True),
        ("blessé", "il se blesse", False),
        ("étranger", "une étrangère", True),
        ("A400M", "un A-400 M", True),
        ("A400M", "un 400m haies", False),
        ("AU", "un sommet de l'AU", True),
        ("AU", "au Mali", False),
        ("guerre ukrain*", "la guerre ukrainienne", True),
        ("J.D. Vance", "JD Vance", True),
        ("JD Vance", "J.D. Vance", True),
        ('"pour ou contre"', "Pour ou contre ?", True),
        ('"pour ou contre"', "pour et contre", False),
        ("troupes ~3 ukraine", "troupes un deux trois quatre Ukraine", False),
    ],
)
def test_terms_are_found_as_they_were_typed(rule, text, expected):
    assert holds(rule, text) is expected


def test_an_outlet_is_known_by_its_name_with_or_without_article_and_by_its_host():
    assert holds("source:gazette et otan", "otan")
    assert holds("source:la gazette et otan", "otan")
    assert holds("source:gazette.example et otan", "otan")
    assert not holds("source:la gazette du soir et otan", "otan")
    assert not holds("source:gaz et otan", "otan")


def test_a_country_is_that_of_the_outlet():
    assert holds("pays:Belgique otan", "otan")
    assert not holds("pays:CH otan", "otan")
    assert holds("pays:BE", "n'importe quoi")


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("Les troupes partent", "L’Ukraine attend.", True),
        ("Les troupes partent", "Un deux trois quatre cinq six sept huit neuf l’Ukraine attend.", False),
        ("L’Ukraine attend un deux trois quatre cinq six sept huit", "Les troupes partent.", False),
    ],
)
def test_words_are_near_across_the_end_of_a_title(title, summary, expected):
    matcher = Matcher({"r": parse_rule("troupes ~8 ukraine")})

    assert bool(match_topics(Article(title, summary=summary), matcher)) is expected


def test_the_end_of_a_summary_is_not_near_the_page():
    matcher = Matcher({"r": parse_rule("troupes ~8 ukraine")})

    assert match_topics(Article("x", summary="Les troupes", text="L’Ukraine attend."), matcher) == ()


def test_evidence_points_at_the_original_characters():
    text = "Au cœur de l’Otan, les États-Unis hésitent."

    (match,) = match_topics(Article("", text=text), Matcher({"r": parse_rule("otan, etats unis, coeur")}))

    assert [text[e.start : e.end] for e in match.evidence] == ["cœur", "Otan", "États-Unis"]
    assert {e.place for e in match.evidence} == {"text"}


def test_a_rule_is_mentioned_by_any_of_its_terms_but_not_by_its_exclusions():
    matcher = Matcher({"a": parse_rule("otan et ukraine -football"), "b": parse_rule("gaza")})

    assert mentions(Article("L'Otan en Suède"), matcher) == {"a"}
    assert mentions(Article("Le football"), matcher) == frozenset()


def test_rules_of_everybody_do_not_meet():
    rules = {f"r{n}": parse_rule(f"mot{n}") for n in range(500)} | {
        "u": parse_rule("ukraine"),
        "x": parse_rule("Ukraine"),
    }

    matches = match_topics(Article("L'Ukraine vote"), Matcher(rules))

    assert {match.topic for match in matches} == {"u", "x"}


def test_a_matcher_without_rules_finds_nothing():
    assert match_topics(Article("Otan", text="x"), Matcher({})) == ()
    assert mentions(Article(""), Matcher({"r": parse_rule("otan")})) == frozenset()


@given(st.text(max_size=60), st.text(max_size=120))
def test_no_text_and_no_rule_breaks_matching(typed, text):
    try:
        rule = parse_rule(typed)
    except RuleError:
        rule = parse_rule("otan ~3 ukrain*, l'or")

    for match in match_topics(Article(text[:40], text=text), Matcher({"r": rule})):
        for evidence in match.evidence:
            place = text[:40] if evidence.place == "title" else text
            assert place[evidence.start : evidence.end]


@given(st.text(alphabet="oOtTaAnN.’ -é", min_size=4, max_size=12))
def test_a_word_finds_itself(word):
    try:
        rule = parse_rule(f'"{word}"')
    except RuleError:
        return

    assert match_topics(Article("", text=word), Matcher({"r": rule})) or not word.strip(" .-’")


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("otan", "otan " * 50_000),
        ("otan ~100 ukraine", "otan ukraine " * 20_000),
        ("ota*", "otan" * 50_000),
        ("a1 b1 a1 b1 a1 b1", "a1 b1 " * 20_000),
        ("(otan ~99 ukraine) ~99 gaza", "otan ukraine gaza " * 10_000),
        ("otan", "." * 200_000),
        ("otan", "U.E." * 50_000),
        ("UE", "e\u0301" * 50_000),
        ('"de la de la"', "de la " * 30_000),
        ("otan", "œ" * 100_000),
    ],
)
def test_no_text_makes_matching_slow(rule, text):
    matcher = Matcher({"r": parse_rule(rule)})

    assert isinstance(match_topics(Article("titre", text=text), matcher), tuple)


_HOSTILE = st.sampled_from(
    [
        "ka kb",
        "kb ka",
        "ka",
        "kak*",
        '"ka kb ka kb"',
        "UE",
        "U.E",
        "l'or",
        "49.3",
        "(ka ~99 kb)",
        "ka et kb",
        "ka sauf kb",
        "titre:ka",
    ]
)
_PIECES = st.sampled_from(
    ["ka ", "kb ", "kakb", ". ", "U.E. ", "l'or ", "49.3 ", "é\u0301", "œ", "\u00ad", "\n\n", "A-", "de "]
)


def _work(rule, text):
    """How many steps of Python it takes to match a text: the same on every machine, however busy."""
    matcher = Matcher({"r": rule})
    one = Article("", text=text)
    steps = 0

    def count(_frame, event, _arg):
        nonlocal steps
        steps += event in {"call", "c_call", "line"}
        return count

    sys.settrace(count)
    try:
        match_topics(one, matcher)
    finally:
        sys.settrace(None)
    return steps


@settings(max_examples=40, deadline=None)
@given(
    st.lists(_HOSTILE, min_size=1, max_size=4).map(", ".join), st.lists(_PIECES, min_size=1, max_size=5).map("".join)
)
def test_a_text_four_times_as_long_takes_at_most_so_many_times_the_work(typed, piece):
    rule = parse_rule(typed)
    once, longer = _work(rule, piece * 300), _work(rule, piece * 1200)

    assert longer <= 6 * once + 5000
