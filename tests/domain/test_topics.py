import tomllib
from pathlib import Path

import pytest

from bot.domain.matcher import Matcher
from bot.domain.model import Article
from bot.domain.rulelang import parse_rule, print_rule
from bot.domain.topics import match_topics, mentions

ROOT = Path(__file__).parents[2]
TOPICS = {
    p.stem: tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "config" / "topics").glob("*.toml"))
}
CASES = {
    p.stem: tomllib.loads(p.read_text(encoding="utf-8"))
    for p in sorted((ROOT / "tests" / "cases" / "topics").glob("*.toml"))
}
SHIPPED = {
    "ukraine",
    "otan",
    "defense-europe",
    "union-europeenne",
    "russie",
    "etats-unis",
    "proche-orient",
    "nucleaire",
    "cyber",
    "energie",
}
FILLER = "La fanfare du village répète chaque mardi dans la salle des fêtes, et les voisins s’y sont habitués. "


@pytest.fixture(scope="module")
def shipped() -> Matcher:
    return Matcher({id_: parse_rule(topic["rules"]["fr"]) for id_, topic in TOPICS.items()})


def about(matcher: Matcher, article: Article) -> set[str]:
    return {match.topic for match in match_topics(article, matcher)}


def item(text: str) -> Article:
    title, _, summary = text.partition(" | ")
    return Article(title, summary=summary)


def test_the_ten_topics_are_shipped_each_with_its_names():
    assert set(TOPICS) >= SHIPPED
    assert all(topic["id"] == id_ and topic["name"]["fr"] and topic["name"]["en"] for id_, topic in TOPICS.items())


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_has_headlines_for_and_against(topic):
    enough = 25 if topic in SHIPPED else 1

    assert topic in CASES, f"write tests/cases/topics/{topic}.toml"
    assert len(CASES[topic]["for"]) >= enough
    assert len(CASES[topic]["against"]) >= (15 if topic in SHIPPED else 1)


@pytest.mark.parametrize("topic", sorted(CASES))
def test_every_headline_is_decided_as_its_case_says(topic, shipped):
    assert [text for text in CASES[topic]["for"] if topic not in about(shipped, item(text))] == []
    assert [text for text in CASES[topic]["against"] if topic in about(shipped, item(text))] == []


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_shipped_rule_survives_printing(topic):
    rule = parse_rule(TOPICS[topic]["rules"]["fr"])

    assert parse_rule(print_rule(rule)) == rule


def test_a_mention_at_the_end_of_a_long_text_is_not_aboutness(shipped):
    passing = Article("La fanfare répète", text=FILLER * 20 + "Un trompettiste revient d’Ukraine.")

    assert about(shipped, passing) == set()
    assert mentions(passing, shipped) == {"ukraine"}


def test_title_lead_and_body_weigh_in_that_order():
    matcher = Matcher({"r": parse_rule("otan")})
    in_title = Article("L’Otan s’agrandit", text=FILLER * 10)
    in_lead = Article("Un sommet", text="L’Otan se réunit. " + FILLER * 10 + "L’Otan et l’Otan, encore l’Otan.")
    in_body = Article("Un sommet", text=FILLER * 10 + "L’Otan, l’Otan.")

    (title,), (lead,) = match_topics(in_title, matcher), match_topics(in_lead, matcher)
    assert 0 < lead.score <= title.score + 0.2 < 1
    assert match_topics(in_body, matcher) == ()


def test_what_stands_behind_sur_fond_de_is_background():
    matcher = Matcher({"r": parse_rule("ukraine")})
    background = Article("Le prix du pain grimpe", summary="Une hausse sur fond de guerre en Ukraine.")
    subject = Article("Le prix du pain grimpe", summary="L’Ukraine exporte moins de blé.")

    assert match_topics(background, matcher) == ()
    assert match_topics(subject, matcher)


def test_the_surest_topic_comes_first():
    matcher = Matcher({"a": parse_rule("gaza"), "b": parse_rule("otan")})

    matches = match_topics(Article("L’Otan, l’Otan et Gaza", summary="L’Otan."), matcher)

    assert [match.topic for match in matches] == ["b", "a"]
    assert matches[0].score > matches[1].score


def test_a_word_that_two_terms_share_counts_once():
    both = Matcher({"r": parse_rule("guerre en ukraine, ukraine")})
    one = Matcher({"r": parse_rule("guerre en ukraine")})
    article = Article("La guerre en Ukraine")

    assert match_topics(article, both)[0].score == match_topics(article, one)[0].score
    assert [e.term for e in match_topics(article, both)[0].evidence] == ["guerre en ukraine"]


def test_what_somebody_comes_from_is_background_in_a_title_too():
    matcher = Matcher({"r": parse_rule("ukrainien, Kharkiv, Jérusalem")})
    origins = ["Un chauffeur d’origine ukrainienne", "La pianiste née à Kharkiv", "Incendie rue de Jérusalem"]

    assert [match_topics(Article(title), matcher) for title in origins] == [(), (), ()]
    assert match_topics(Article("L’armée ukrainienne recule"), matcher)
