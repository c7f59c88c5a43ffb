"""Digests as Telegram messages: what is seen, what it links to, and every limit, whatever feeds write."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import Digest, Story, Voice
from bot.platforms.telegram.markup import CUT, LONGEST, MOST_ENTITIES, Size, clean, cut, plain, units
from bot.platforms.telegram.render import render_digest
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, article, statement
from tests.platforms.telegram.conftest import NAMES, TEXTS
from tests.telegram.double.entities import tidy
from tests.telegram.double.markup import parse_html

MARKS = "".join(map(chr, (0x301, 0x20DD, 0x200D, 0xFE0F, 0x1F3FD, 0x202E, 0x2029, 0xA0, 0x202F)))
ANYTHING = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("<>&\"'/#@$.:;-_ \n" + MARKS + "😀🇫🇷éa1")),
    max_size=80,
)
LONG = st.builds(lambda text, times: text * times, ANYTHING.filter(bool), st.integers(1, 200))
HOSTILE = st.one_of(
    ANYTHING,
    LONG,
    st.sampled_from(
        [
            "<b>gras</b>",
            "a & b &amp; c",
            "</a><a href='x'>",
            "&lt;i&gt;",
            "👩‍👩‍👧‍👦" * 900,
            "e" + "́" * 5000,
            "#a " * 400,
        ]
    ),
)


def story(*titles, feeds=(COURRIER,), voices=(), **fields):
    articles = tuple(
        article(title, feed=feed, id=number) for number, (title, feed) in enumerate(zip(titles, feeds, strict=False), 1)
    )
    return Story(articles, ("otan",), tuple(voices), **fields)


def digest(*stories, **fields):
    fields = {"articles": 14, "outlets": 8, "topics": ("otan", "ukraine"), "timezone": "Europe/Paris"} | fields
    return Digest(since=NOW - timedelta(days=1), until=NOW, stories=stories, **fields)


def shown(digest, names=None):
    """The messages as the server understands them: visible text and entities, addresses that it finds included."""
    return [tidy(parse_html(html)) for html in render_digest(digest, TEXTS["fr"], names or NAMES["fr"])]


def many(number, **fields):
    return [story(f"Titre numéro {n} d’un événement à Sarlange", **fields) for n in range(1, number + 1)]


def test_a_digest_reads_as_promised():
    said = Voice(statement(), (article(id=1), article(feed=RADIO, id=2)), "le pont rouvrira lundi")
    told = story("Un pont rouvre", "Le pont rouvre", "Pont", feeds=(COURRIER, RADIO, OBSERVATEUR), voices=[said])

    (message,) = shown(digest(told, more=9, silent=2, watched=41))
    assert message.text == (
        "🗞 OTAN · Ukraine — dimanche 22 novembre, 8\u00a0h\n"
        "14 articles de 8 médias, 10 événements\n\n"
        "1. Un pont rouvre\n"
        "   • Anna Lutz a annoncé que le pont rouvrira lundi — Le Courrier, Radio Nord\n"
        "   3 médias\u00a0: Le Courrier · Radio Nord · L’Observateur\u00a0🔒\n\n"
        "+9 autres\n"
        "2 médias sur 41 ne répondent plus depuis plus de 6 heures"
    )
    assert [e.url for e in message.entities if e.type == "text_link"] == [
        "https://courrier.example/articles/1",
        "https://radio.example/articles/2",
        "https://courrier.example/articles/1",
        "https://radio.example/articles/2",
        "https://observateur.example/articles/3",
    ]


def test_an_outlet_leads_to_the_sentence_itself():
    page = "Le maire a parlé. Anna Lutz a annoncé que le pont rouvrira lundi à midi."
    source = article(text=page)
    voice = Voice(statement(place="text"), (source,), "le pont rouvrira lundi")

    (message,) = shown(digest(story("Un pont", voices=[voice])))
    links = [entity.url for entity in message.entities if entity.type == "text_link"]
    assert links[0] == f"{source.url}#:~:text=le%20pont%20rouvrira%20lundi"


def test_titles_take_one_line_each():
    told = story("Un pont rouvre", "Le pont rouvre", feeds=(COURRIER, RADIO))

    (message,) = shown(digest(told, story("Autre chose"), density="titres"))
    assert message.text.split("\n")[2:] == ["", "1. Un pont rouvre — Le Courrier +1", "2. Autre chose — Le Courrier"]


def test_nothing_new_is_said_in_one_message():
    (message,) = shown(digest())

    assert message.text == "🗞 OTAN · Ukraine — dimanche 22 novembre, 8\u00a0h\nRien de nouveau."


def test_a_sequel_the_sample_and_an_earlier_period_are_marked():
    (message,) = shown(digest(story("Un pont", follow_up=True), sample=True, widened=True, caught_up=True))

    assert message.text.startswith("ÉCHANTILLON\u00a0: articles inventés\n🗞 OTAN")
    assert "\nrien dans la période demandée" in message.text
    assert "\navec ce que le digest manqué" in message.text
    assert "1. Suite\u00a0: Un pont" in message.text


def test_several_parts_are_cut_between_stories_and_numbered_each_with_the_head():
    parts = shown(digest(*many(90), sample=True))

    assert len(parts) > 1
    for number, part in enumerate(parts, start=1):
        lines = part.text.split("\n")
        assert lines[0] == "ÉCHANTILLON\u00a0: articles inventés"
        assert lines[1] == f"🗞 OTAN · Ukraine — dimanche 22 novembre, 8\u00a0h ({number}/{len(parts)})"
    numbers = [int(found) for part in parts for found in re.findall(r"^(\d+)\. Titre", part.text, re.MULTILINE)]
    assert numbers == list(range(1, 91))
    assert all(part.text.count("Titre") == part.text.count("   Le Courrier") for part in parts)
    assert all(part.entities[-1].type == "text_link" for part in parts[:-1])


def test_a_story_longer_than_a_message_is_shortened_and_says_so():
    long = "mot " * 3000
    voices = [Voice(statement(), (article(),), long) for _ in range(3)]

    (message,) = shown(digest(story(long, voices=voices)))
    assert units(message.text) <= LONGEST
    assert message.text.count("[…]") == 4
    assert message.text.endswith("   Le Courrier")


def test_a_statement_names_all_its_outlets_as_long_as_they_fit():
    outlets = [replace(COURRIER, outlet=f"Gazette {n}") for n in range(1, 41)]
    carried = Voice(statement(), tuple(article(feed=feed) for feed in outlets), "le pont rouvrira")
    crowd = Voice(statement(), carried.articles * 3, "le pont rouvrira")

    (few,) = shown(digest(story("Un pont", voices=[carried])))
    (many_,) = shown(digest(story("Un pont", voices=[crowd])))
    assert few.text.count("Gazette") == 40
    assert "Gazette 1, Gazette 2, Gazette 3 +117" in many_.text


def test_a_head_of_thirty_topics_keeps_its_date():
    topics = tuple(f"c1-{n}" for n in range(30))
    names = {topic: f"Un thème au nom assez long, {topic}" for topic in topics}

    (message,) = shown(digest(story("Un pont"), topics=topics), names)
    head = message.text.split("\n")[0]
    assert re.search(r" · \+\d+ — dimanche 22 novembre, 8\u00a0h$", head)
    assert units(head) <= 320


def test_a_topic_of_the_chat_has_the_name_that_it_was_given():
    edition = digest(
        story("Un pont"), topics=("c12-3",), own_names=(("c12-3", "Drones <de reconnaissance> et leurs pilotes"),)
    )

    (message,) = shown(edition)
    assert message.text.startswith("🗞 Drones <de reconnaissance> et leurs […] — dimanche")


def test_an_address_that_is_none_is_no_link():
    odd = replace(article(), url="javascript:alert(1)")
    quoted = replace(article(feed=RADIO), url='https://radio.example/a"b?c=1&d=<2> e')

    (message,) = shown(digest(Story((odd, quoted))))
    assert [e.url for e in message.entities if e.type == "text_link"] == ['https://radio.example/a"b?c=1&d=<2>e']
    assert message.dropped == ()


@given(
    title=HOSTILE,
    speaker=HOSTILE,
    outlet=HOSTILE,
    words=HOSTILE,
    topic=HOSTILE,
    density=st.sampled_from(["titres", "standard"]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_feeds_write_is_shown_as_written_and_keeps_every_limit(title, speaker, outlet, words, topic, density):
    feed = replace(RADIO, outlet=outlet)
    source = article(title, feed=feed)
    voice = Voice(statement(speaker=speaker or "X", mention="", role=""), (source,), words or "y")
    edition = digest(Story((source,), voices=(voice,)), Story((article(title),)), density=density)

    messages = shown(edition, {"otan": topic, "ukraine": "Ukraine"})
    for message in messages:
        assert units(message.text) <= LONGEST
        assert len(message.entities) <= MOST_ENTITIES
        assert message.dropped == ()
    seen = "\n".join(message.text for message in messages)
    if CUT.strip() not in seen:
        for piece in (title, outlet):
            assert clean(piece) in seen


@given(stories=st.lists(st.tuples(HOSTILE, st.integers(1, 5)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_no_story_is_lost_and_none_is_split(stories):
    feeds = [replace(COURRIER, outlet=f"Gazette {n}") for n in range(5)]
    edition = digest(*(story(*[title] * count, feeds=feeds[:count]) for title, count in stories))

    parts = render_digest(edition, TEXTS["fr"], NAMES["fr"])
    numbers = [int(n) for part in parts for n in re.findall(r"^<b>(\d+)\. ", part, re.MULTILINE)]
    assert numbers == list(range(1, len(stories) + 1))
    for part in parts:
        message = tidy(parse_html(part))
        assert units(message.text) <= LONGEST
        assert len(message.entities) <= MOST_ENTITIES
        assert len(re.findall(r"^<b>\d+\. ", part, re.MULTILINE)) == len(
            re.findall(r"^   <a|médias?\u00a0: ", part, re.MULTILINE)
        )


@given(HOSTILE)
@settings(max_examples=100, deadline=None)
def test_the_plain_form_is_what_was_seen(title):
    for html in render_digest(digest(story(title)), TEXTS["fr"], NAMES["fr"]):
        assert plain(html) == parse_html(html).text


@given(HOSTILE, st.integers(20, 400), st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_a_cut_is_a_beginning_of_the_text_within_the_limit(text, most, entities):
    text = clean(text)
    kept = cut(text, Size(most, entities))

    assert units(kept) <= most
    if kept != text:
        assert kept.endswith(CUT)
        assert text.startswith(kept.removesuffix(CUT))
