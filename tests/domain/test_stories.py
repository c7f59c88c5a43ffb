"""Stories and kinds, by the cases of tests/cases/stories and a few properties."""

import random
import time
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import ConfigError
from bot.domain.model import Article, Feed, Grouped, Kind, Statement
from bot.domain.stories import compile_kinds, group_stories, kind_of, representative_order, same_words

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "stories"
NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
DATA = tomllib.loads((ROOT / "config" / "kinds" / "fr.toml").read_text("utf-8"))
RULES = compile_kinds(DATA)


def load(name: str, key: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))[key]
    return cases


SAME, DIFFERENT, KINDS = load("same", "pair"), load("different", "pair"), load("kinds", "case")


def article(outlet: str = "Le Courrier", hours: float = 0, *, dated: bool = True, **fields: Any) -> Article:
    kind: Kind = fields.pop("feed_kind", "private")
    feed = Feed(outlet=outlet, url=f"https://{outlet}.example/rss", kind=kind)
    return Article(feed=feed, published_at=NOON + timedelta(hours=hours) if dated else None, **fields)


def pair(case: dict[str, Any]) -> tuple[Article, Article]:
    return article(**case["one"]), article(hours=case.get("hours", 0), **case["two"])


def partition(articles: list[Article], grouped: tuple[Grouped, ...]) -> set[frozenset[Article]]:
    groups: dict[int, set[Article]] = {}
    for one, group in zip(articles, grouped, strict=True):
        groups.setdefault(group.story, set()).add(one)
    return {frozenset(members) for members in groups.values()}


@pytest.mark.parametrize("case", SAME, ids=lambda c: c["why"])
def test_one_event_is_one_story(case):
    first, second = group_stories(pair(case), RULES)

    assert (first.story, second.story) == (0, 0)
    assert second.why.startswith(("titres presque identiques (", "même début de texte", "mêmes faits ("))


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda c: c["why"])
def test_two_events_are_two_stories(case):
    first, second = group_stories(pair(case), RULES)

    assert (first.story, second.story) == (0, 1)


@pytest.mark.parametrize("case", KINDS, ids=lambda c: c["why"])
def test_a_kind_is_seen_by_its_signs_only(case):
    text = article(title=case["title"], summary=case.get("summary", ""), url=case.get("url", ""))

    kind, why = kind_of(text, RULES)

    assert kind == case["kind"]
    assert bool(why) == (kind != "news")


def test_the_cases_are_as_many_as_promised():
    assert (len(SAME) >= 25, len(DIFFERENT) >= 30, len(KINDS) >= 25) == (True, True, True)


def test_all_cases_in_one_batch_merge_no_strangers_and_keep_what_belongs_together():
    together = [pair(case) for case in SAME]
    apart = [pair(case) for case in DIFFERENT]
    articles = [one for both in together + apart for one in both]
    groups = partition(articles, group_stories(articles, RULES))

    strangers = [(a.title, b.title) for a, b in apart if any(a in group and b in group for group in groups)]
    kept = sum(any(a in group and b in group for group in groups) for a, b in together)
    assert (strangers, kept) == ([], len(SAME))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_articles_does_not_matter(seed):
    articles = [one for case in SAME + DIFFERENT for one in pair(case)]
    shuffled = list(articles)
    random.Random(seed).shuffle(shuffled)

    expected = partition(articles, group_stories(articles, RULES))
    assert partition(shuffled, group_stories(shuffled, RULES)) == expected


def test_a_story_is_named_by_the_first_of_its_articles_in_the_order_given():
    stranger = article(title="La Nordanie ferme sa dernière mine de charbon")
    one, other = pair(SAME[0])

    grouped = group_stories([stranger, other, one], RULES)

    assert [(group.story, group.kind) for group in grouped] == [(0, "news"), (1, "news"), (1, "news")]
    assert grouped[0].why == "seul"


def test_a_chain_of_likenesses_is_no_story():
    first = article("A", title="Le port de Brasmont bloqué par les dockers de Port-Hélène", summary="Ce lundi.")
    bridge = article("B", title="Le port de Brasmont bloqué par les dockers de Port-Hélène", summary="")
    last = article("C", title="Le port de Brasmont bloqué par les dockers de Port-Hélène", summary="Ce jeudi.")

    groups = partition([first, bridge, last], group_stories([first, bridge, last], RULES))

    assert frozenset([first, bridge, last]) not in groups
    assert not any({first, last} <= group for group in groups)


def test_many_outlets_on_one_event_are_one_story_however_many():
    title = "Séisme à Karabel : au moins {} morts, les secours cherchent des survivants"
    articles = [article(f"Média {n}", hours=n / 10, title=title.format(10 + n)) for n in range(70)]

    assert {group.story for group in group_stories(articles, RULES)} == {0}


def test_what_is_no_news_joins_no_story_and_says_its_sign():
    opinion = article(title="Tribune : la leçon de Tarnov, selon Jeanne Dumas", url="https://a.example/1")
    copy = article("Radio Nord", title="Tribune : la leçon de Tarnov, selon Jeanne Dumas")

    first, second = group_stories([opinion, copy], RULES)

    assert (first.story, second.story, second.kind) == (0, 1, "opinion")
    assert second.why == "la rubrique « tribune » est écrite en toutes lettres"


@given(st.lists(st.builds(article, title=st.text(max_size=60), summary=st.text(max_size=80)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_grouped(articles):
    grouped = group_stories(articles, RULES)

    assert len(grouped) == len(articles)
    assert all(grouped[group.story].story == group.story <= n for n, group in enumerate(grouped))


def newsroom(size: int) -> list[Article]:
    """Invented headlines over an invented vocabulary; every fourth is a copy of an earlier one by another outlet."""
    dice = random.Random(7)
    words = ["".join(dice.choices("bcdfglmnprstv", k=1) + dice.choices("aeiou", k=1)) for _ in range(60)]
    vocabulary = [a + b + c for a in words[:20] for b in words[20:40] for c in words[40:]]

    def text(length: int) -> str:
        return " ".join(vocabulary[int(8000 * dice.random() ** 3)] for _ in range(length))

    articles: list[Article] = []
    for n in range(size):
        title, lead = text(9).capitalize(), text(40)
        if n % 4 == 3:
            title, lead = articles[-2].title, articles[-2].summary
        articles.append(article(f"Média {n % 40}", hours=n * 72 / size, title=title, summary=lead))
    return articles


def test_every_copy_is_found_and_nothing_else_is_merged():
    articles = newsroom(600)
    grouped = group_stories(articles, RULES)

    merged = {n for n, group in enumerate(grouped) if group.story != n}
    assert merged == {n for n in range(600) if n % 4 == 3}


def test_two_thousand_articles_take_about_a_second_at_most_and_four_times_as_many_no_square():
    def seconds(size: int) -> float:
        articles = newsroom(size)
        start = time.process_time()
        group_stories(articles, RULES)
        return time.process_time() - start

    seconds(2000)  # forms of words are remembered
    few, many = min(seconds(500), seconds(500)), seconds(2000)

    assert many < 3.0  # 0.5 to 0.7 s on a machine that does nothing else
    assert many / few < 8  # the square would be 16


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({"sign": []}, "sign"),
        ({"sign": [{"kind": "humour", "where": "label", "words": ["x"], "why": "{}"}]}, "sign[1].kind"),
        ({"sign": [{"kind": "live", "where": "footer", "words": ["x"], "why": "{}"}]}, "sign[1].where"),
        ({"sign": [{"kind": "live", "where": "label", "words": [], "why": "{}"}]}, "sign[1].words"),
        ({"sign": [{"kind": "live", "where": "label", "words": [7], "why": "{}"}]}, "sign[1].words"),
        ({"sign": [{"kind": "live", "where": "label", "words": ["x"], "why": "parce que"}]}, "sign[1].why"),
        ({"sign": [{"kind": "live", "where": "label", "words": ["x"], "wy": "{}"}]}, "sign[1].wy"),
        ({"sign": ["live"]}, "sign[1]"),
        ({"sings": []}, "sings"),
        ({"words": 3}, "words"),
        ({"words": {"numbers": ["douze"]}}, "words.numbers"),
        ({"words": {"opposites": [["hausse"]]}}, "words.opposites[1]"),
        ({"words": {"same": 7}}, "words.same"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_value_is_named_by_its_place(change, source):
    with pytest.raises(ConfigError) as caught:
        compile_kinds({**DATA, **change})

    assert caught.value.source == source
    assert caught.value.problem
    assert caught.value.advice


def test_the_most_representative_article_is_the_one_whose_words_the_others_use():
    odd = article("A", title="Karabel, la nuit d'après", summary="Reportage dans les ruines.", hours=-3)
    first = article("B", title="Séisme à Karabel : douze morts", summary="Un séisme a frappé Karabel mardi.", hours=1)
    second = article("C", title="Séisme à Karabel : douze morts", summary="Un séisme a frappé Karabel.", hours=0)

    assert representative_order([odd, first, second])[-1] == odd
    assert representative_order([odd, first, second]) == representative_order([second, odd, first])


def test_among_equals_public_media_and_agencies_come_first_then_the_earliest():
    text = {"title": "Séisme à Karabel : douze morts", "summary": "Un séisme a frappé Karabel mardi."}
    private = article("A", hours=-2, **text)
    later = article("B", hours=-1, **text)
    public = article("C", hours=3, feed_kind="public", **text)
    state = article("D", hours=-9, feed_kind="state", **text)

    assert representative_order([state, later, private, public]) == (public, private, later, state)


def statement(text: str, speaker: str = "Mark Anders", **fields: Any) -> Statement:
    said = Statement(speaker=speaker, mention=speaker, cue="a dit", kind="direct", text=text, spans=((0, len(text)),))
    return replace(said, **fields)


SAID = statement("Nous n’irons pas à Tarnov avant l’été")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (statement("nous n'irons pas à Tarnov avant l'été"), True),
        (statement("Nous n’irons pas à Tarnov avant l’été", "Anders"), True),
        (statement("Nous n’irons pas à Tarnov avant l’été", "M. Anders"), True),
        (statement("Nous irons à Tarnov avant l’été"), False),
        (statement("Nous n’irons pas à Tarnov avant cet été"), False),
        (statement("Nous n’irons pas à Tarnov avant l’été", "Mark Sorange"), False),
        (statement("Nous n’irons pas à Tarnov avant l’été", "Julie Anders"), False),
        (statement("Nous n’irons pas à Tarnov avant l’été", polarity="denied"), False),
        (statement("Nous n’irons pas à Tarnov avant l’été", kind="indirect"), False),
        (statement("Nous n’irons pas à Tarnov avant l’été", ""), False),
    ],
    ids=[
        "typography",
        "last name",
        "title",
        "no negation",
        "one word",
        "last",
        "first",
        "denied",
        "reported",
        "nobody",
    ],
)
def test_only_the_same_words_of_the_same_speaker_are_one_statement(other, same):
    assert same_words(SAID, other) is same
    assert same_words(other, SAID) is same
