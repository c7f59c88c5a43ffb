import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RuleError
from bot.domain.phrases import NBSP
from bot.domain.rulelang import check_limits, mistakes, parse_rule, print_rule, read_aloud
from bot.domain.rules import All, Any, Country, Except, Near, Source, Term

RULES = sorted((Path(__file__).parents[1] / "cases" / "rules").glob("*.toml"))
NAIVE = [case for path in RULES for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]


def attempt(typed):
    try:
        return None, parse_rule(typed)
    except RuleError as error:
        return error, None


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ('otan, "article 5", rutte', 'otan, "article 5", rutte'),
        ("otan\nukraine\n-football", "otan, ukraine sauf football"),
        ("- otan\n- ukraine", "otan, ukraine"),
        ("1. otan\n2) ukraine", "otan, ukraine"),
        ("otan -football\nukraine", "(otan sauf football), ukraine"),
        ("ukraine +troupes", "ukraine et troupes"),
        ("+ukraine +troupes", "ukraine et troupes"),
        ("ukraine+troupes", "ukraine et troupes"),
        ("a1 et b1, c1", "a1 et b1, c1"),
        ("(kiev ou kyiv) & (missile/drone) not football", "(kiev, kyiv) et (missile, drone) sauf football"),
        ("troupes ~ 8 ukraine", "troupes ~8 ukraine"),
        ("titre : otan", "titre:otan"),
        ("titre:(otan, ue)", "titre:otan, titre:ue"),
        ("pays:BE otan", "pays:BE et otan"),
        ("pays:Suisse, otan", "otan et pays:CH"),
        ("otan, ukraine, source:le monde", '(otan, ukraine) et source:"le monde"'),
        ("otan sauf football et rugby", "otan sauf football sauf rugby"),
        ('otan sauf foot ou "coupe du monde"', 'otan sauf foot sauf "coupe du monde"'),
        ("otan -football et rugby", "otan et rugby sauf football"),
        ("otan sauf : football", "otan sauf football"),
        ("1️⃣ otan\n2️⃣ ukraine", "otan, ukraine"),
        ("source:gazette.example otan", 'source:"gazette.example" et otan'),
        ("R&D, ukraine&troupes", "R&D, ukraine et troupes"),
        ("otan mais pas football ni rugby", "otan sauf football sauf rugby"),
        ("#otan #GuerreEnUkraine", "otan, Guerre En Ukraine"),
        ("ukraine or gaza", "ukraine, gaza"),
        ("argent, or, cuivre", "argent, or, cuivre"),
        ("prix de l' or", "prix de l' or"),
        ("Drones, missiles", "drones, missiles"),
        ("Poutine, Zelensky", "Poutine, Zelensky"),
        ("L’Otan", "L'Otan"),
        ("otan\nukraine\nsource:le monde", '(otan, ukraine) et source:"le monde"'),
        ("((otan))", "otan"),
        ('otan "article 5"', 'otan et "article 5"'),
        ("ukraino-*", "ukraino*"),
        ("otan\net ukraine", "otan et ukraine"),
    ],
)
def test_what_is_typed_has_one_normal_form(typed, normal):
    assert print_rule(parse_rule(typed)) == normal


@pytest.mark.parametrize(
    ("typed", "position", "part"),
    [
        ("", 0, "au moins un mot"),
        ("   \n", 0, "au moins un mot"),
        ("-football", 0, "pas seulement à exclure"),
        ("otan et", 5, "après « et »"),
        ("et otan", 0, "avant « et »"),
        ("otan, sauf", 6, "après « sauf »"),
        ("(otan", 0, "parenthèse fermante"),
        ("otan)", 4, "sans avoir été ouverte"),
        ('otan "article 5', 5, "guillemet fermant"),
        ("u*", 0, "trois lettres"),
        ("otan *", 5, "étoile"),
        ("ukr*ine", 3, "étoile"),
        ("météo: neige", 0, "pas un filtre"),
        ("tittre:otan", 0, "pas un filtre"),
        ("titre:", 0, "après « titre: »"),
        ("pays:Belgiqe", 0, "pays inconnu"),
        ("le la", 0, "trop courant"),
        ("troupes ~0 ukraine", 8, "de 1 à 100"),
        ("troupes ~8", 8, "après « ~8 »"),
        ("~8 ukraine", 0, "avant « ~8 »"),
        ("(otan et ue) ~8 ukraine", 13, "relie des mots"),
        ("()", 0, "rien à chercher"),
        ("(" * 30 + "otan" + ")" * 30, 20, "parenthèses"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where_and_what(typed, position, part):
    with pytest.raises(RuleError) as caught:
        parse_rule(typed)

    assert part in caught.value.french.problem.replace(NBSP, " ")
    assert caught.value.position == position


def test_every_mistake_is_told_in_both_languages_with_what_would_be_right():
    for code in mistakes._SAYINGS:
        values = dict.fromkeys(("sign", "n", "given", "typed", "near", "name", "text", "rest", "word", "example"), "x")
        error = mistakes.mistake(code, 3, field="titre", **values)
        for problem, suggestion in (error.french, error.english):
            assert problem
            assert suggestion
            assert "{" not in problem + suggestion
        assert error.french.problem != error.english.problem
        assert "position 4" in error.line("fr")
        assert str(error) == error.line("en")


def test_a_mistake_is_told_in_the_language_of_the_reader():
    with pytest.raises(RuleError) as caught:
        parse_rule("title:")

    assert caught.value.said("en") == ("a word is missing after “title:”", "for example title:otan")
    assert caught.value.said("fr").problem.replace(NBSP, " ") == "il manque un mot après « titre: »"


def test_what_is_repeated_of_a_rule_stays_short():
    with pytest.raises(RuleError) as caught:
        parse_rule('"' + "x" * 5000)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("typed", "suggestion"), [("tittre:otan", "titre:"), ("pays:Belgiqe", "pays:BE"), ('"pacte vert', '"pacte vert"')]
)
def test_an_error_suggests_what_would_be_right(typed, suggestion):
    with pytest.raises(RuleError) as caught:
        parse_rule(typed)

    assert suggestion in caught.value.french.suggestion


@pytest.mark.parametrize(
    ("typed", "french", "english"),
    [
        (
            "(Kiev, Kyiv) et (missile, drone) -football",
            "Articles qui parlent de Kiev ou Kyiv, avec missile ou drone, sauf football",
            "Articles about Kiev or Kyiv, with missile or drone, but not football",
        ),
        ("otan, ukraine, gaza", "Articles qui parlent d’otan, ukraine ou gaza", "Articles about otan, ukraine or gaza"),
        ("UE", "Articles qui parlent d’UE (en capitales)", "Articles about UE (in capitals)"),
        (
            "ukrain*",
            "Articles qui parlent d’un mot qui commence par « ukrain »",
            "Articles about a word that begins with “ukrain”",
        ),
        (
            "troupes ~8 ukraine",
            "Articles qui parlent de troupes et ukraine à 8 mots au plus",
            "Articles about troupes and ukraine within 8 words",
        ),
        (
            "titre:grève pays:BE",
            "Articles de médias de Belgique qui parlent de grève (dans le titre)",
            "Articles from outlets of Belgium about grève (in the title)",
        ),
        (
            "kiev, kyiv et missile",
            "Articles qui parlent de kiev, ou kyiv avec missile",
            "Articles about kiev, or kyiv with missile",
        ),
        (
            "otan -foot\nukraine et gaza",
            "Articles qui parlent d’otan sauf foot, ou ukraine avec gaza",
            "Articles about otan but not foot, or ukraine with gaza",
        ),
        (
            "otan pays:(BE, Suisse)",
            "Articles de médias de Belgique ou de Suisse qui parlent d’otan",
            "Articles from outlets of Belgium or Switzerland about otan",
        ),
        (
            "otan source:(le monde, rfi)",
            "Articles publiés par le monde ou rfi qui parlent d’otan",
            "Articles published by le monde or rfi about otan",
        ),
        ("source:le monde", "Tous les articles publiés par le monde", "All articles published by le monde"),
    ],
)
def test_a_rule_is_read_aloud_in_plain_words(typed, french, english):
    rule = parse_rule(typed)

    assert read_aloud(rule) == french
    assert read_aloud(rule, "en") == english


def test_limits_hold_for_the_rules_of_chats_only():
    long_rule = ", ".join(f"mot{n}" for n in range(51))

    check_limits("otan", parse_rule("otan"))
    with pytest.raises(RuleError, match="50 terms"):
        check_limits(long_rule, parse_rule(long_rule))
    with pytest.raises(RuleError, match="500 characters"):
        check_limits("a" * 501, parse_rule("a" * 501))


@pytest.mark.parametrize("typed", [case["rule"] for case in NAIVE])
def test_printing_and_reading_a_naive_rule_changes_nothing(typed):
    rule = parse_rule(typed)

    assert parse_rule(print_rule(rule)) == rule


_WORD = st.sampled_from(["otan", "Ukraine", "UE", "l'or", "or", "États-Unis", "49.3", "F-35", "ukrain*", "Rutte", "de"])
_SIGN = st.sampled_from(
    [" ", ", ", " et ", " ou ", "\n", " -", " sauf ", "(", ")", ' "', '" ', " ~8 ", "titre:", "source:", "pays:BE "]
)


@given(st.lists(st.one_of(_WORD, _SIGN), max_size=14).map("".join))
def test_any_rule_that_can_be_read_survives_printing(typed):
    try:
        rule = parse_rule(typed)
    except RuleError:
        return

    assert parse_rule(print_rule(rule)) == rule


_LEAF = st.one_of(
    st.sampled_from(["otan", "ukraine", "Rutte", "Mélanie Joly", "UE", "ukrain*", "guerre en ukraine"]).map(Term),
    st.sampled_from(["article 5", "RAID"]).map(lambda text: Term(text, quoted=True)),
    st.just(Term("grève", where="titre")),
)


def _joined(inner):
    several = st.lists(inner, min_size=2, max_size=3, unique=True).map(tuple)
    return st.one_of(
        several.map(lambda rules: Any(tuple(r for r in rules if not isinstance(r, Any)) or rules)),
        several.map(lambda rules: All(tuple(r for r in rules if not isinstance(r, All)) or rules)),
        st.builds(lambda rule, out: Except(rule, (out,)), inner, _LEAF),
        st.builds(lambda left, right: Near(left, right, 5), _LEAF, _LEAF),
    )


@given(st.recursive(_LEAF, _joined, max_leaves=8))
def test_a_printed_tree_is_read_as_what_it_means(rule):
    once = parse_rule(print_rule(rule)) if _normal(rule) else parse_rule("otan")

    assert parse_rule(print_rule(once)) == once


def _normal(rule):
    """Trees of one part are never built by reading."""
    match rule:
        case Any(rules) | All(rules):
            return len(rules) > 1 and all(map(_normal, rules))
        case Except(inner, out):
            return not isinstance(inner, Except) and all(map(_normal, (inner, *out)))
        case _:
            return True


@given(st.text(alphabet=string.printable + "«»“”’–é🚲", max_size=80))
def test_anything_typed_is_a_rule_or_one_clear_sentence(typed):
    error, rule = attempt(typed)

    if rule is None:
        assert 0 <= error.position <= len(typed)
        assert error.french.problem
    else:
        assert read_aloud(rule)
        assert parse_rule(print_rule(rule)) == rule


def test_conditions_are_conditions():
    assert parse_rule("source:le monde et otan") == All((Source("le monde"), Term("otan")))
    assert parse_rule("pays:Québec") == Country("CA")


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "typed",
    [
        "(" * 20000,
        "otan, " * 20000,
        '"' * 20001,
        "-" * 20000,
        "~8 " * 9000,
        "a*" * 9000,
        "'" * 20000,
        "x" * 20000,
        "x:" * 9000,
    ],
)
def test_no_input_makes_reading_slow(typed):
    error, rule = attempt(typed)

    assert rule is not None or len(str(error)) < 500
