import tomllib
from pathlib import Path

import pytest

from bot.cli.marked import marked_lines
from bot.cli.reading import text_article
from bot.domain.statements import compile_language, extract_statements

FRENCH = Path(__file__).parents[2] / "config" / "languages" / "fr.toml"
TEXT = """# Anna Lutz : « Le pont tiendra cet hiver »
La maire de Sarlange, Anna Lutz, a déclaré que le pont rouvrirait. « Nous tiendrons », a-t-elle ajouté.

La brume est tombée.

Le ministre Paul Amar dément que la trêve soit rompue.
"""


@pytest.fixture(scope="module")
def rules():
    return compile_language(tomllib.loads(FRENCH.read_text(encoding="utf-8")))


def shown(rules, *, styled, text=TEXT):
    article = text_article(text)
    return list(marked_lines(article, extract_statements(article, rules), styled=styled))


def test_speaker_cue_and_words_are_marked_where_they_stand(rules):
    lines = shown(rules, styled=False)

    assert lines[0] == "[Anna Lutz] {:} « ‹1: Le pont tiendra cet hiver› »"
    assert lines[3] == (
        "[La maire de Sarlange, Anna Lutz], {a déclaré} que ‹2: le pont rouvrirait›. "
        "« ‹3: Nous tiendrons› », {a-t-elle ajouté}."
    )


def test_under_each_paragraph_stands_whose_words_they_are(rules):
    lines = shown(rules, styled=False)

    assert [line.split("  ")[2:4] for line in lines if line.startswith("  ")] == [
        ["Anna Lutz", ":"],
        ["Anna Lutz (maire de Sarlange)", "a déclaré"],
        ["Anna Lutz (maire de Sarlange)", "a-t-elle ajouté"],
        ["Paul Amar (ministre)", "dément [denied]"],
    ]


def test_without_colours_what_says_nothing_is_left_out_and_no_escape_is_printed(rules):
    lines = shown(rules, styled=False)

    assert not any("brume" in line for line in lines)
    assert not any("\033" in line for line in lines)


def test_with_colours_the_whole_text_stands_there_and_only_colours_are_added(rules):
    lines = shown(rules, styled=True)

    assert any("brume" in line for line in lines)
    assert "\033[36ma déclaré\033[0m" in "".join(lines)
    assert not any(sign in "".join(lines) for sign in "‹›{}")


def test_a_text_without_statements_has_nothing_to_mark(rules):
    assert shown(rules, styled=False, text="La brume est tombée sur le port.") == []
