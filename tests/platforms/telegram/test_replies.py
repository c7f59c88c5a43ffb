"""Answers of the core as Telegram takes them: words, keyboards, toasts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.talk import Button, Piece, Reply
from bot.platforms.telegram.markup import LONGEST, MOST_ENTITIES, clean, units
from bot.platforms.telegram.replies import render_reply
from tests.platforms.telegram.conftest import NAMES, TEXTS
from tests.platforms.telegram.test_render import HOSTILE, digest, story
from tests.telegram.double.entities import tidy
from tests.telegram.double.markup import parse_html


def rendered(reply):
    return render_reply(reply, TEXTS, NAMES)


def test_a_title_is_bold_and_lines_are_plain_whatever_they_hold():
    answer = rendered(Reply("Thèmes <1>", ("drones & co", "", "  • <b>a</b>")))

    assert answer.bodies == ("<b>Thèmes &lt;1&gt;</b>\ndrones &amp; co\n\n  • &lt;b&gt;a&lt;/b&gt;",)


def test_a_digest_follows_the_words_and_the_keyboard_stands_under_it():
    button = Button("+9 autres", "m:1")
    answer = rendered(Reply("Voici", digest=digest(story("Un pont")), buttons=((button,),)))

    assert [body[:5] for body in answer.bodies] == ["<b>Vo", "🗞 <b>"]
    assert answer.rows == ((button,),)


def test_more_words_than_a_message_holds_go_on_in_the_next():
    lines = tuple(f"ligne {number} " + "x" * 90 for number in range(100))
    bodies = rendered(Reply("Aide", lines)).bodies

    assert len(bodies) == 3
    assert "\n".join(bodies) == "<b>Aide</b>\n" + "\n".join(lines)


def test_a_toast_alone_is_no_message():
    answer = rendered(Reply(toast="é" * 300))

    assert answer.bodies == ()
    assert len(answer.toast) == 200


def test_long_rows_are_wrapped_and_labels_shortened():
    row = tuple(Button(f"{number} " + "a" * 100, f"t:{number}") for number in range(10))
    rows = rendered(Reply("Thèmes", buttons=(row,))).rows

    assert [len(row) for row in rows] == [8, 2]
    assert units(rows[0][0].label) <= 60


def test_data_that_no_button_can_carry_is_a_mistake_of_ours():
    assert rendered(Reply("x", buttons=((Button("x", "é" * 32),),))).rows[0][0].data == "é" * 32
    with pytest.raises(ValueError, match="at most 64 bytes"):
        rendered(Reply("x", buttons=((Button("x", "é" * 33),),)))


@given(title=HOSTILE, lines=st.lists(HOSTILE, max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_words_are_messages_that_the_server_takes(title, lines):
    answer = rendered(Reply(title, tuple(lines)))

    seen = [tidy(parse_html(body)) for body in answer.bodies]
    assert all(units(message.text) <= LONGEST and len(message.entities) <= MOST_ENTITIES for message in seen)
    text = "\n".join(message.text for message in seen)
    if "[…]" not in text:
        assert all(clean(piece) in text for line in lines for piece in line.split("\n"))


PIECE = st.builds(Piece, HOSTILE, st.sampled_from(["", "b", "i"]), st.sampled_from(["", 'https://a.example/x?y="1&2']))


@given(st.lists(st.lists(PIECE, max_size=8).map(tuple), max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_marked_words_are_messages_that_the_server_takes(lines):
    seen = [tidy(parse_html(body)) for body in rendered(Reply("x", marked=tuple(lines))).bodies]

    assert all(units(message.text) <= LONGEST and len(message.entities) <= MOST_ENTITIES for message in seen)


def test_marked_words_keep_their_style_their_link_and_the_spaces_between_them():
    line = (Piece("   • "), Piece("Anna ", "b"), Piece("dit"), Piece(" « oui »", "i"), Piece("ici", href="ftp://x"))
    shown = rendered(Reply("x", marked=(line, (Piece("lire", href="https://a.example/?a=1&b=2"),))))

    assert shown.bodies == (
        '<b>x</b>\n   • <b>Anna </b>dit<i> « oui »</i>ici\n<a href="https://a.example/?a=1&amp;b=2">lire</a>',
    )
