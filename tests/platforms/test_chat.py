"""What the local chat looks like: bubbles, answers, the page; and how its talk is told to pages."""

import asyncio
import io
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import load_texts
from bot.domain.model import Chat, Digest, OutgoingMessage, Story, Voice
from bot.domain.talk import Button, Document, Piece, Reply, Said
from bot.platforms.local import LocalPlatform
from bot.platforms.local.bubble import Look, bubble
from bot.platforms.local.chat_page import Link, chat_page
from bot.platforms.local.render import render_digest
from bot.platforms.local.replies import render_reply
from bot.platforms.local.talk import MOST, News, Talk
from bot.platforms.local.terminal import Terminal
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, article, statement

TEXTS = load_texts()
NAMES = {"fr": {"otan": "OTAN"}, "en": {"otan": "NATO"}}
LOOK = Look(TEXTS["fr"], "Europe/Paris", {"start", "themes"})
ALLOWED = {"article", "div", "span", "p", "b", "i", "a", "button", "time"}
PATIENCE = timedelta(seconds=20)


class Read(HTMLParser):
    """The tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def told(body, **fields):
    return bubble(Said(body, NOW, id=7, version=9, **fields), LOOK)


def digest():
    said = statement("le pont rouvrira lundi")
    feeds = [article("Le pont rouvre", feed=feed, id=n) for n, feed in enumerate((COURRIER, RADIO), start=1)]
    story = Story(tuple(feeds), ("otan",), (Voice(said, (feeds[0],), said.text),))
    since = NOW - timedelta(days=1)
    return Digest(("otan",), since, NOW, "Europe/Paris", stories=(story,), articles=2, outlets=2, sample=True, more=3)


# --- bubbles ---------------------------------------------------------------------------------------------------------


def test_a_digest_has_the_form_that_it_has_on_paper():
    shown = told(render_digest(digest(), TEXTS["fr"], NAMES["fr"]))
    classes = re.findall(r'<p(?: class="([^"]*)")?>', shown)

    assert classes == ["badge", "head", "", "title gap", "voice", "outlets", "note gap"]
    assert '<article class="bot digest" id="m7" data-id="7" data-day="dimanche 22 novembre">' in shown
    assert '<span aria-hidden="true">🗞</span>' in shown
    assert "•" not in shown


def test_links_open_beside_the_chat_and_tell_nobody_where_from():
    links = [attrs for tag, attrs in Read(told(render_digest(digest(), TEXTS["fr"], NAMES["fr"]))).tags if tag == "a"]

    assert {link["href"] for link in links} >= {"https://courrier.example/articles/1"}
    assert {(link["target"], link["rel"]) for link in links} == {("_blank", "noopener noreferrer")}


@given(st.text(max_size=200), st.booleans())
def test_whatever_is_stored_reaches_a_browser_as_our_few_tags(body, mine):
    read = Read(told(body, mine=mine, rows=((Button(body, "x"),),)))

    assert {tag for tag, _ in read.tags} <= ALLOWED
    assert {name for _, attrs in read.tags for name in attrs if name.startswith("on") or name == "style"} == set()


@pytest.mark.parametrize(
    "nasty",
    [
        '<script>alert("x")</script>',
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="https://a.example" onclick="alert(1)">x</a>',
        "<b onmouseover=alert(1)>x</b>",
        "<svg/onload=alert(1)>",
        "<!-- x --><style>*{}</style>",
        "<b><b><b>",
    ],
)
@pytest.mark.parametrize("mine", [True, False])
def test_markup_that_is_not_ours_does_nothing(nasty, mine):
    shown = told(f"Avant {nasty} après", mine=mine)
    read = Read(shown)

    assert {tag for tag, _ in read.tags} <= ALLOWED
    assert not [value for _, attrs in read.tags for value in attrs.values() if "javascript" in (value or "")]
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert shown.count("<article") == shown.count("</article>") == 1
    if mine:
        assert nasty in read.words


def test_what_a_person_typed_is_shown_as_they_typed_it():
    shown = told("a < b & c\n<b>non</b>, voir https://a.example/x?y=1&z=2. Bien.", mine=True)

    assert "<p>a &lt; b &amp; c\n&lt;b&gt;non&lt;/b&gt;, voir " in shown
    assert '<a href="https://a.example/x?y=1&amp;z=2" target="_blank"' in shown
    assert "</a>. Bien." in shown


def test_known_commands_can_be_pressed_in_words_and_nowhere_else():
    shown = told('/start, puis /themes. Pas /inconnu, 3 €/start ni <a href="https://a.example/start">/start</a>')

    assert re.findall(r'data-say="([^"]*)"', shown) == ["/start", "/themes"]


def test_a_button_is_a_switch_where_its_label_says_so():
    rows = ((Button("✅ OTAN", "t:0:otan"), Button("▫️ Ukraine", "t:1:ukraine")), (Button("Suite", "n"),))
    rows += ((Button("Ouvrir", url="https://a.example/"), Button("Faux", "f", url="javascript:x")),)
    shown = told("Thèmes", rows=rows)

    assert '<button type="button" data-press="t:0:otan" aria-pressed="true">OTAN</button>' in shown
    assert '<button type="button" data-press="t:1:ukraine" aria-pressed="false">Ukraine</button>' in shown
    assert '<button type="button" data-press="n">Suite</button>' in shown
    assert '<a class="button" href="https://a.example/" target="_blank"' in shown
    assert "javascript" not in shown
    assert shown.count('class="row"') == 3


def test_a_file_can_be_saved():
    shown = told("Voici.", file=Document('a"b.json', b"{}"))

    assert '<p class="file"><a href="/chat/file/7" download="a&quot;b.json">a&quot;b.json</a>' in shown
    assert render_reply(Reply(file=Document("a.json", b"")), TEXTS, NAMES).bodies == ("",)


def test_a_message_says_when_and_that_it_was_changed():
    words = Read(told("Bonjour", edited=True)).words.replace("\u00a0", " ")

    assert words.startswith("Verbatim :Bonjour ")
    assert "modifié 8 h" in words
    assert Read(told("Bonjour", mine=True)).words.replace("\u00a0", " ").startswith("Vous :Bonjour")


# --- answers and the page --------------------------------------------------------------------------------------------


def test_an_answer_is_its_words_then_its_digest_with_the_buttons_under_the_last():
    rows = ((Button("Suite", "n"),),)
    shown = render_reply(Reply("A & B", ("un < deux", "trois"), digest(), rows, toast="Fait"), TEXTS, NAMES)

    assert shown.bodies[0] == "<b>A &amp; B</b>\nun &lt; deux\ntrois"
    assert "🗞 <b>OTAN — " in shown.bodies[1]
    assert (shown.rows, shown.toast, shown.edits) == (rows, "Fait", False)
    assert render_reply(Reply(toast="Fait"), TEXTS, NAMES).bodies == ()


def test_the_page_holds_what_was_said_and_no_script_or_style_of_its_own():
    news = News(9, 3, (Said("Bonjour", NOW, id=7, version=9),))
    page = chat_page(news, LOOK, [Link("/status", "État")])

    assert page.startswith('<!doctype html>\n<html lang="fr">')
    assert 'data-version="9" data-first="3"' in page
    assert '<article class="bot" id="m7"' in page
    assert '<a href="/status">État</a>' in page
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r'\son\w+="', page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_menu_lists_what_is_served_in_the_words_of_the_language(language):
    page = chat_page(News(0, 0), Look(TEXTS[language], "Europe/Paris"))
    names = re.findall(r'role="option" id="c\d+" data-name="(\w+)"', page)

    assert ("themes" in names, "topics" in names) == (language == "fr", language == "en")
    assert len(names) == len(set(names)) > 10


# --- talk ------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def talk(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/talk.db", now=NOW) as store:
        yield Talk(store)


async def test_a_page_that_waits_is_told_at_once_and_goes_on_from_there(talk):
    waiting = asyncio.create_task(talk.awaited(0, PATIENCE))
    said = await talk.say(Said("Bonjour", NOW))
    news = await waiting

    assert news == News(said.version, said.id, (said,))
    await talk.edit(said.id, "Bonsoir", (), NOW)
    (changed,) = (await talk.awaited(news.version, PATIENCE)).messages
    assert (changed.body, changed.edited) == ("Bonsoir", True)


async def test_where_nothing_comes_a_page_waits_no_longer_than_it_likes(talk):
    said = await talk.say(Said("Bonjour", NOW))

    assert await talk.awaited(said.version, timedelta(milliseconds=1)) == News(said.version, said.id)


async def test_at_the_end_nobody_waits(talk):
    waiting = asyncio.create_task(talk.awaited(0, PATIENCE))
    talk.close()

    assert (await waiting).messages == ()
    assert (await talk.awaited(0, PATIENCE)).messages == ()


async def test_a_long_conversation_keeps_its_end(talk):
    for number in range(MOST + 3):
        await talk.say(Said(str(number), NOW))

    news = await talk.news(0)
    assert [said.body for said in news.messages] == [str(number) for number in range(3, MOST + 3)]
    assert news.first == news.messages[0].id


async def test_a_digest_is_printed_and_said_once_with_its_buttons(talk):
    out = io.StringIO()
    local = LocalPlatform(out, Terminal(), TEXTS, NAMES, talk)
    rows = ((Button("1", "s:1"),),)
    message = OutgoingMessage("1/2026-11-22/08:00/1", Chat("local", "1"), "<b>Revue</b>", buttons=rows)

    await local.send(message, NOW)
    await local.send(message, NOW)  # its receipt was lost in a crash

    (said,) = (await talk.news(0)).messages
    assert (said.body, said.rows) == ("<b>Revue</b>", rows)
    assert "Revue" in out.getvalue()


async def test_a_closed_terminal_does_not_keep_a_digest_from_the_chat(talk):
    class Closed(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError(32, "Broken pipe")

    for number, out in enumerate((Closed(), None)):
        local = LocalPlatform(out, Terminal(), TEXTS, NAMES, talk)
        await local.send(OutgoingMessage(str(number), Chat("local", "1"), "Revue"), NOW)

    assert len((await talk.news(0)).messages) == 2


def test_marked_words_of_an_answer_keep_their_style_and_lead_to_the_web_only():
    line = (Piece("   • "), Piece("Anna", "b"), Piece(" <dit> ", "i"), Piece("ici", href="javascript:x"))
    shown = render_reply(Reply("x", marked=(line, (Piece("lire", href="https://a.example/"),))), TEXTS, NAMES)

    assert shown.bodies == ('<b>x</b>\n   • <b>Anna</b><i> &lt;dit&gt; </i>ici\n<a href="https://a.example/">lire</a>',)
