"""HTML is read as Telegram reads it: visible text, UTF-16 offsets, and its words for every mistake."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram.double.entities import Formatted, tidy
from tests.telegram.double.markup import parse_html
from tests.telegram.double.refusals import Refusal


def shown(source):
    """The visible text and (type, offset, length) of each entity."""
    body = parse_html(source)
    return body.text, [(entity.type, entity.offset, entity.length) for entity in body.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>Sarlange</b> rouvre", "Sarlange rouvre", [("bold", 0, 8)]),
        ("<strong>a</strong><em>b</em><ins>c</ins>", "abc", [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ("<B>a</b>", "a", [("bold", 0, 1)]),
        ("🙂<i>é</i>", "🙂é", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>vide", "vide", []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot; &#39; &#x27;", "<b> & \" ' '", []),
        ("&nbsp; &eacute; & &# &lt", "&nbsp; &eacute; & &# <", []),
        ("a > b", "a > b", []),
        ("<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>", "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    ],
)
def test_markup_becomes_visible_text_and_entities(source, text, entities):
    assert shown(source) == (text, entities)


def test_a_link_keeps_its_address_decoded():
    (link,) = parse_html('<a href="https://courrier.example/?a=1&amp;b=2">lire</a>').entities

    assert (link.type, link.url) == ("text_link", "https://courrier.example/?a=1&b=2")


@pytest.mark.parametrize("address", ["courrier", "javascript:alert(1)", "https://", "http://a b.fr"])
def test_a_link_that_leads_nowhere_is_dropped_and_remembered(address):
    body = parse_html(f'<a href="{address}">lire</a>')

    assert (body.text, body.entities, body.dropped) == ("lire", (), (address,))


def test_code_in_pre_is_one_entity_with_its_language():
    inside = parse_html('<pre><code class="language-python">x</code></pre>').entities
    outside = parse_html('<code class="language-python">x</code>').entities

    assert [(entity.type, entity.language) for entity in (*inside, *outside)] == [("pre", "python"), ("code", "")]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("é <p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_a_mistake_is_refused_in_telegrams_words(source, problem):
    with pytest.raises(Refusal) as refused:
        parse_html(source)

    assert (refused.value.code, refused.value.description) == (400, f"Bad Request: can't parse entities: {problem}")


@given(st.text(st.characters(codec="utf-8")))
def test_escaped_text_is_shown_as_it_was(text):
    body = parse_html(f"<b>{html.escape(text)}</b>")

    assert body.text == text
    assert [entity.length for entity in body.entities] == ([len(text.encode("utf-16-le")) // 2] if text else [])


@given(st.text("<>/&;#bia= \"'"))
def test_any_source_is_either_read_or_refused(source):
    body, words = Formatted(""), "Bad Request: can't parse entities: "
    try:
        body = parse_html(source)
    except Refusal as refused:
        words = refused.description

    assert words.startswith("Bad Request: can't parse entities: ")
    assert all(entity.offset + entity.length <= len(body.text) for entity in body.entities)


def test_ends_are_trimmed_and_entities_move_along():
    body = tidy(parse_html(" \n<b> Sarlange </b><i> </i>\n"))

    assert (body.text, [(entity.offset, entity.length) for entity in body.entities]) == ("Sarlange", [(0, 8)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/digest otan", [("bot_command", 0, 7)]),
        ("/digest@verbatim_bot", [("bot_command", 0, 20)]),
        ("/thèmes", []),
        ("et/ou", []),
        ("voir https://courrier.example/a, puis", [("url", 5, 26)]),
        ("@anna et a@b.example", [("mention", 0, 5), ("email", 9, 11)]),
        ("#otan #12", [("hashtag", 0, 5)]),
    ],
)
def test_addresses_and_commands_are_found_as_the_server_finds_them(text, found):
    assert [(entity.type, entity.offset, entity.length) for entity in tidy(Formatted(text)).entities] == found


def test_nothing_is_found_inside_of_code_or_links():
    assert [entity.type for entity in tidy(parse_html("<code>/digest</code>")).entities] == ["code"]


def test_entities_over_a_hundred_are_dropped():
    body = tidy(parse_html("<b>a</b> " * 120))

    assert (len(body.entities), len(body.text)) == (100, 239)
