"""Whatever outlets and people are called, and whatever they are said to have said, the double takes it and shows it."""

import os
import re
import unicodedata
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.model import Chat, OutgoingMessage, Story, Voice
from bot.platforms.telegram.markup import LONGEST, MOST_ENTITIES
from tests.builders import NOW, RADIO, article, statement
from tests.platforms.telegram.test_render import digest
from tests.telegram.double import refusing

SOAK = "SOAK" in os.environ
CASES = settings(
    max_examples=400 if SOAK else 40,
    derandomize=not SOAK,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD = (
    *(
        "<b>gras</b>",
        "</a>",
        "&amp;",
        "&lt;i&gt;",
        "&#x202e;",
        "&",
        "<",
        '">',
        "a &nbsp; b",
        "<tg-emoji>",
        "[x](y)",
        "_*`~|",
    ),
    *("\x00", "\x07\x1b[31m", "\r\n\t", "\u2028\u2029", "\u200b", "\ufeff", "\u00ad"),
    *("\u202eabc\u202c", "\u2067שלום\u2069", "مرحبا", "\u200f"),
    *("👩‍👩‍👧‍👦", "🇫🇷🇧🇪", "✊🏿", "é" * 3, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙", "क्षि", "\U0010ffff", "\ud83d", "\udca9\ud83d", "𝔏𝔢"),
    *("@everyone", "/start", "#otan", "https://a.example/?a=1&b=2", "a.example", "4111 1111 1111 1111"),
)
NAME = st.lists(
    st.one_of(st.sampled_from(ODD), st.text(st.characters(codec=None), max_size=12), st.just("Anna Lutz")),
    min_size=1,
    max_size=6,
).map(" ".join)
# The documented cleaning: control characters and line ends are spaces, overrides go, half a character is shown as one.
GONE = re.compile("[\u202a-\u202e\u2066-\u2069]")
SPACE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def seen(text):
    """What a person must see of a text of the input."""
    text = re.sub("[\ud800-\udfff]", "\ufffd", GONE.sub("", text))
    return unfolded(SPACE.sub(" ", text).strip())


def unfolded(text):
    """Without the spaces at which messages are cut, and without case: a line begins with a capital."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text)).casefold()


LONG = st.one_of(
    NAME, st.just("🧨" * 4096), st.builds(lambda text, times: ((text + " ") * times)[:1500], NAME, st.integers(1, 400))
)


@CASES
@given(
    words=st.tuples(LONG, NAME, LONG.filter(seen)),
    outlets=st.lists(NAME, min_size=1, max_size=6),
    brief=st.booleans(),
)
async def test_any_name_gives_messages_that_are_taken_and_show_the_input(double, platform, words, outlets, brief):
    title, speaker, said = words
    feeds = [replace(RADIO, outlet=outlet, url=f"https://r{n}.example/rss") for n, outlet in enumerate(outlets)]
    sources = tuple(article(title, feed=feed, id=number) for number, feed in enumerate(feeds, 1))
    voice = Voice(statement(said, speaker=speaker, mention=speaker), sources, said)
    told = Story(sources, ("otan",), (voice,))
    edition = replace(digest(told, *[replace(told, voices=())] * 3), density="titres" if brief else "standard")
    person = double.user("Alice")
    person.private.started = person.private.seen_by_bot = True

    for number, body in enumerate(platform.render(edition)):
        await platform.send(OutgoingMessage(f"a/{number}", Chat("telegram", str(person.id)), body), NOW)

    arrived = double.messages(person)
    assert (double.refused, double.complaints) == ([], [])
    assert max(message.units for message in arrived) <= LONGEST
    assert max(len(message.entities) for message in arrived) <= MOST_ENTITIES
    visible = unfolded("".join(message.text for message in arrived))
    assert seen(title)[:100] in visible
    assert seen(outlets[0])[:4] in visible  # where it holds two addresses, it is cut at the second
    if any("\n   • " in message.text for message in arrived):  # too long a statement gives way to the others
        assert seen(speaker)[:40] in visible
    # Cut between stories: every part begins with the head, and every story is whole in one of them.
    assert all("OTAN" in message.text.split("\n")[0] for message in arrived)
    for number in range(1, 5):
        assert sum(bool(re.search(rf"^{number}\. ", m.text, re.MULTILINE)) for m in arrived) >= 1


async def test_words_alone_are_sent_once_where_telegram_refuses_the_entities(double, platform):
    person = double.user("Alice")
    person.private.started = person.private.seen_by_bot = True
    double.faults.order(refusing(400, "can't parse entities: Unsupported start tag"))
    (body,) = platform.render(digest(Story((article("Un <b>pont</b> & deux"),), ("otan",))))

    await platform.send(OutgoingMessage("a/1", Chat("telegram", str(person.id)), body), NOW)

    (arrived,) = double.messages(person)
    assert "Un <b>pont</b> & deux" in arrived.text
    assert arrived.entities == ()
    assert len(double.called("sendMessage")) == 2
