import io
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import load_texts
from bot.domain.errors import Refused
from bot.domain.model import Digest, Feed, OutgoingMessage, Story, Voice
from bot.platforms.local import LocalPlatform
from bot.platforms.local.render import render_digest
from bot.platforms.local.terminal import Terminal
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, article, statement

TEXTS = load_texts()
FR = TEXTS["fr"]
NAMES = {"otan": "OTAN", "ukraine": "Ukraine"}
NBSP = "\u00a0"


def digest(*stories, **fields):
    fields.setdefault("topics", ("otan", "ukraine"))
    return Digest(since=NOW - timedelta(days=1), until=NOW, timezone="Europe/Paris", stories=stories, **fields)


def story(title="Le pont rouvre", *voices, feeds=(COURRIER,), **fields):
    articles = tuple(article(title, feed=feed, id=n) for n, feed in enumerate(feeds, start=1))
    return Story(articles, ("otan",), voices, **fields)


def voice(text="le pont rouvrira lundi", feeds=(COURRIER,), **fields):
    said = statement(text, **fields)
    return Voice(said, tuple(article("x", feed=feed, id=n) for n, feed in enumerate(feeds, start=1)), text)


def plain(rendered):
    return Terminal().show(rendered)


def text_of(html):
    parts = []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = parts.append
    parser.feed(html)
    parser.close()
    return "".join(parts)


def test_the_head_names_topics_day_and_hour():
    rendered = plain(render_digest(digest(story(), articles=14, outlets=8), FR, NAMES))

    assert rendered.splitlines()[0] == f"🗞 OTAN · Ukraine — dimanche 22 novembre, 8{NBSP}h"
    assert rendered.splitlines()[1] == "14 articles de 8 médias, 1 événement"


def test_a_statement_stands_under_its_story_with_every_outlet_linked():
    rendered = render_digest(digest(story("Le pont rouvre", voice(feeds=(COURRIER, RADIO)))), FR, NAMES)

    assert "<b>1. Le pont rouvre</b>\n   • Anna Lutz a annoncé que le pont rouvrira lundi — " in rendered
    assert '<a href="https://courrier.example/articles/1">Le Courrier</a>, ' in rendered
    assert '<a href="https://radio.example/articles/2">Radio Nord</a>' in rendered


def test_outlets_beyond_the_third_are_counted_and_a_paywall_shows_its_lock():
    more = [Feed(name, f"https://{name}.example/rss") for name in ("Agora", "Bastion")]
    rendered = plain(render_digest(digest(story(feeds=(OBSERVATEUR, COURRIER, RADIO, *more))), FR, NAMES))

    last = rendered.splitlines()[-1]
    assert last.startswith(f"   5 médias{NBSP}: L’Observateur{NBSP}🔒 (https://")
    assert last.endswith(" +2")


@pytest.mark.parametrize(("kind", "word"), [("state", "média d’État"), ("institution", "institution")])
def test_readers_see_who_speaks_for_a_state_or_an_institution(kind, word):
    rendered = render_digest(digest(story(feeds=(replace(COURRIER, kind=kind),))), FR, NAMES)

    assert f"Le Courrier ({word})" in rendered


def test_a_sample_says_so_before_anything_else():
    rendered = plain(render_digest(digest(story(), sample=True), FR, NAMES))

    assert rendered.startswith(f"ÉCHANTILLON{NBSP}: articles inventés\n")


def test_what_is_missing_is_said():
    rendered = plain(render_digest(digest(story(), more=9, silent=2, watched=41), FR, NAMES))

    assert "+9 autres" in rendered
    assert "2 médias sur 41 ne répondent plus depuis plus de 6 heures" in rendered


def test_a_widened_period_and_a_missed_digest_are_said():
    rendered = plain(render_digest(digest(story(), widened=True, caught_up=True), FR, NAMES))

    assert "articles depuis le 21 novembre 2026" in rendered
    assert "avec ce que le digest manqué aurait dit" in rendered


def test_a_follow_up_is_marked():
    assert f"1. Suite{NBSP}: Le pont rouvre" in plain(render_digest(digest(story(follow_up=True)), FR, NAMES))


def test_titles_only_are_one_line_each():
    rendered = plain(render_digest(digest(story(), story("Le port ferme"), density="titres"), FR, NAMES))

    assert [line[:2] for line in rendered.splitlines()[3:]] == ["1.", "2."]


def test_an_empty_digest_says_that_nothing_is_new():
    assert "Rien de nouveau." in render_digest(digest(), FR, NAMES)


def test_an_english_reader_gets_english_around_french_words():
    rendered = plain(render_digest(digest(story("Le pont rouvre", voice()), articles=1, outlets=1), TEXTS["en"], NAMES))

    assert "Sunday 22 November, 8:00" in rendered
    assert "1 article from 1 outlet, 1 story" in rendered
    assert "a annoncé que le pont rouvrira lundi" in rendered


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_whatever_a_feed_says_is_text_and_never_markup(title, speaker, outlet):
    one = story(title, voice("oui", speaker=speaker, mention=speaker), feeds=(replace(COURRIER, outlet=outlet),))
    rendered = render_digest(digest(one), FR, NAMES)

    assert title in text_of(rendered).replace("\r\n", "\n") or "\r" in title
    assert outlet in text_of(rendered) or "\r" in outlet


def test_a_title_full_of_markup_is_shown_as_it_is():
    nasty = '</b><script>alert("x")</script> & <a href="javascript:x">'
    rendered = render_digest(digest(story(nasty)), FR, NAMES)

    assert text_of(rendered).count(nasty) == 1
    assert "<script" not in rendered


def test_an_address_that_is_no_web_address_is_not_linked():
    bad = Story((article("Un titre", url="javascript:alert(1)"),))

    assert "javascript" not in render_digest(digest(bad), FR, NAMES)


def test_a_terminal_gets_links_behind_the_words():
    shown = Terminal(width=80, styled=True).show('<b>Titre</b> <a href="https://a.example/1">Le Courrier</a>')

    assert "\033]8;;https://a.example/1\033\\" in shown
    assert "\033[1mTitre\033[22m" in shown


def test_a_pipe_gets_addresses_in_brackets():
    assert Terminal().show('<a href="https://a.example/1">Le Courrier</a>') == "Le Courrier (https://a.example/1)"


def test_a_feed_cannot_drive_the_terminal():
    assert "\033" not in Terminal().show("Titre \033]0;piège\007\x9b31m")


def test_long_lines_are_folded_at_words_under_their_bullet():
    shown = Terminal(width=40).show("   • " + "mot " * 30)

    assert all(len(line) <= 40 for line in shown.splitlines())
    assert {line[:5] for line in shown.splitlines()[1:]} == {"     "}


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=300), st.integers(20, 100))
def test_folding_loses_no_word(text, width):
    html = text.replace("&", "&amp;").replace("<", "&lt;")

    assert Terminal(width=width).show(html).split() == text.split()


async def test_a_digest_is_printed_and_has_a_receipt():
    out = io.StringIO()
    local = LocalPlatform(out, Terminal(), TEXTS, {"fr": NAMES})
    (body,) = local.render(digest(story()))

    receipt = await local.send(OutgoingMessage("1/2026-11-22/08:00/1", None, body), NOW)

    assert "1. Le pont rouvre" in out.getvalue()
    assert receipt.sent_at == NOW


async def test_an_output_that_nobody_reads_refuses_the_message():
    class Closed(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(Refused, match="Broken pipe"):
        await LocalPlatform(Closed(), Terminal(), TEXTS, {"fr": NAMES}).send(OutgoingMessage("k", None, "x"), NOW)
