"""`verbatim digest --format html`: one file that reads well, prints well, and holds what the digest says."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import load_texts
from bot.domain.model import Digest, Feed, Story, Voice
from bot.domain.voices import deep_link
from bot.platforms.local.data import digest_data
from bot.platforms.local.page import render_page
from bot.platforms.local.render import render_digest
from bot.platforms.local.terminal import Terminal
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, article, statement

TEXTS = load_texts()
FR, EN = TEXTS["fr"], TEXTS["en"]
NAMES = {"otan": "OTAN", "ukraine": "Ukraine"}
NBSP = "\u00a0"
AGORA = Feed("Agora", "https://agora.example/rss")
RTL = Feed("صحيفة النهر", "https://river.example/rss", kind="state")
OFFICE = Feed("Office des digues", "https://digues.example/rss", kind="institution")
VOID = {"meta", "br", "hr", "img", "input", "link"}
BLOCKS = {"p", "div", "ul", "ol", "li", "h1", "h2", "article", "details", "header", "footer", "main"}


def digest(*stories, **fields):
    fields.setdefault("topics", ("otan", "ukraine"))
    fields.setdefault("timezone", "Europe/Paris")
    return Digest(since=NOW - timedelta(days=1), until=NOW, stories=stories, **fields)


def story(title="Le pont rouvre", *voices, feeds=(COURRIER,), **fields):
    return Story(told(title, feeds), fields.pop("topics", ("otan",)), voices, **fields)


def told(title, feeds):
    return tuple(article(title, feed=feed, id=n, hours_ago=8 - n) for n, feed in enumerate(feeds, start=1))


def voice(text="le pont rouvrira lundi", feeds=(COURRIER,), **fields):
    return Voice(statement(text, **fields), told("x", feeds), text)


def quoted(text="Nous le rouvrirons lundi", **fields):
    return voice(text, frame="quote", kind="direct", connector="", **fields)


def page_of(*stories, explain=False, texts=FR, **fields):
    one = digest(*stories, language=texts.language, **fields)
    return render_page(one, texts, NAMES, explain=explain)


ALL = digest(
    story(
        "Quatorze pays « prêts »",
        voice(feeds=(COURRIER, OBSERVATEUR)),
        quoted(feeds=(RTL,), speaker="أحمد النهري"),
        feeds=(COURRIER, OBSERVATEUR, RADIO, AGORA, RTL, OFFICE),
        follow_up=True,
        topics=("otan", "ukraine"),
        why=("seul",) * 6,
    ),
    story("Un titre " * 40, feeds=(RADIO, AGORA)),
    Story((replace(article("Sans date", feed=OFFICE), published_at=None),), ("ukraine",)),
    articles=18,
    outlets=6,
    more=9,
    silent=2,
    watched=41,
    sample=True,
    widened=True,
    caught_up=True,
    left_out=((article("Éditorial"), "opinion"),),
)
DIGESTS = {
    "empty": digest(),
    "one": digest(story("Le pont rouvre", voice())),
    "all": ALL,
    "titres": replace(ALL, density="titres", stories=ALL.stories * 5),
    "english": replace(ALL, language="en", timezone="America/Toronto"),
    "many topics": replace(ALL, topics=tuple(f"sujet-{n}" for n in range(30))),
    "days": replace(ALL, stories=(story(), Story((article(hours_ago=200), article(feed=RADIO, hours_ago=30))))),
}


class Reader(HTMLParser):
    """Checks nesting and collects: tags with attributes, links with their text, and the text that is seen."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.links, self.pieces, self.marked = [], [], [], [], {}

    def handle_starttag(self, tag, attrs):
        assert not (tag in BLOCKS and "p" in self.open), f"<{tag}> in a paragraph"
        assert not (tag == "a" and "a" in self.open), "a link in a link"
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag == "a":
            self.links.append([dict(attrs)["href"], ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert "svg" in self.open, f"<{tag}/> outside of a drawing"
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if {"style", "title", "svg", "preheader"} & set(self.open):
            return
        self.pieces.append(data)
        if "a" in self.open:
            self.links[-1][1] += data
        for mark in {"b", "i", "time", "summary", "h2"} & set(self.open):
            self.marked.setdefault(mark, []).append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


def seen(page):
    """The text of the page without its preheader, lines folded."""
    page = re.sub(r'<div class="preheader".*?</div>', "", page, flags=re.DOTALL)
    return folded("".join(read(page).pieces))


def folded(text):
    return " ".join(text.replace(NBSP, " ").split())


@pytest.mark.parametrize("name", DIGESTS)
@pytest.mark.parametrize("explain", [False, True])
def test_every_page_is_well_formed_and_stands_by_itself(name, explain):
    one = DIGESTS[name]
    page = render_page(one, TEXTS[one.language], NAMES, explain=explain)
    reader = read(page)
    tags = {tag for tag, _ in reader.tags}

    assert page.startswith(f'<!doctype html>\n<html lang="{one.language}">')
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base", "table"})
    assert {key for _, attributes in reader.tags for key in attributes}.isdisjoint({"src", "srcset", "action"})
    assert not [key for _, attributes in reader.tags for key in attributes if key.startswith("on")]
    assert not re.search(r"url\(|@import|\0", page)
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in reader.tags
    assert [tag for tag, _ in reader.tags].count("h1") == 1
    assert all(href.startswith("https://") for href, _ in reader.links)


@pytest.mark.parametrize("name", DIGESTS)
def test_the_page_says_what_the_digest_says(name):
    one = DIGESTS[name]
    texts = TEXTS[one.language]
    lines = re.sub(r" \(https://[^)]*\)", "", Terminal().show(render_digest(one, texts, NAMES))).splitlines()
    text = seen(render_page(one, texts, NAMES))

    for line in filter(None, map(folded, lines)):
        # Behind a headline or the number of outlets stand the outlets, which the page shows in its own order.
        said = re.split(r" — |(?<=médias) : |(?<=outlets): ", line.lstrip("🗞• "))[0].replace(" :", ":")
        assert said in text.replace(" :", ":"), line


def test_every_voice_and_every_outlet_leads_to_its_source():
    stated = replace(statement("le pont rouvrira lundi", place="text"), spans=((0, 22),))
    source = article("x", text="Anna Lutz a annoncé que le pont rouvrira lundi.", id=7)
    one = Story(
        (*told("Le pont", (COURRIER, RADIO, OBSERVATEUR)),), ("otan",), (Voice(stated, (source,), stated.text),)
    )
    links = read(page_of(one)).links

    assert "#:~:text=" in deep_link(source, stated)
    assert [deep_link(source, stated), "Le Courrier"] in links
    assert ["https://courrier.example/articles/1", "Le pont"] in links
    assert ["https://radio.example/articles/2", "Radio Nord"] in links
    assert ["https://observateur.example/articles/3", f"L’Observateur{NBSP}🔒"] in links


def test_readers_see_who_speaks_for_a_state_or_an_institution_and_what_the_lock_means():
    text = seen(page_of(story(feeds=(RTL, OFFICE, OBSERVATEUR))))

    assert "صحيفة النهر (média d’État)" in text
    assert "Office des digues (institution)" in text
    assert "🔒 : l’article est réservé aux abonnés." in text
    assert "abonnés" not in seen(page_of(story()))


def test_only_words_between_quotation_marks_of_the_source_are_set_apart():
    said = read(page_of(story("Le pont « rouvre »", voice("le pont « rouvrira « tôt » lundi », et “vite”"))))

    assert said.marked["i"] == [f"«{NBSP}rouvrira «{NBSP}tôt{NBSP}» lundi{NBSP}»", "“vite”"]
    assert said.marked["b"] == ["Anna Lutz"]


@pytest.mark.parametrize("text", ["le pont « rouvrira lundi", "rouvrira », dit-elle", 'un "pont'])
def test_a_quotation_mark_left_open_is_a_sign_like_others(text):
    reader = read(page_of(story("Un pont", voice(text))))

    assert "i" not in reader.marked
    assert folded(text) in folded("".join(reader.pieces))


def test_words_quoted_whole_have_a_colon_and_guillemets():
    page = page_of(story("Un pont", quoted()))

    assert f"<bdi>Anna Lutz</bdi></b>{NBSP}: <i>«{NBSP}Nous le rouvrirons lundi{NBSP}»</i>" in page


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"frame": "incise", "connector": ""}, "Anna Lutz le rouvrira, a annoncé [Anna Lutz]"),
        ({"frame": "according-to", "cue": "Selon", "connector": ""}, "Anna Lutz le rouvrira, selon [Anna Lutz]"),
        ({}, "[Anna Lutz] a annoncé que Anna Lutz le rouvrira"),
        (
            {"frame": "quote", "polarity": "denied", "cue": "a démenti"},
            "« Anna Lutz le rouvrira », a démenti [Anna Lutz]",
        ),
        ({"speaker": "Kremlin", "mention": "Le Kremlin"}, "[Le Kremlin] a annoncé que Anna Lutz le rouvrira"),
    ],
)
def test_who_speaks_is_bold_where_the_line_names_the_speaker(fields, line):
    page = page_of(story("Un pont", voice("Anna Lutz le rouvrira", **fields)))
    marked = page.replace('<b class="who"><bdi>', "[").replace("</bdi></b>", "]")

    assert line in seen(marked)


def test_a_speaker_behind_the_first_cue_is_bold_there():
    page = page_of(
        story("Un pont", voice("le pont d’Anna Lutz rouvre", frame="according-to", cue="Selon", connector=""))
    )

    assert 'Selon <b class="who"><bdi>Anna Lutz</bdi></b>, le pont d’Anna Lutz rouvre' in page


def test_outlets_stand_by_the_hour_of_the_chats_zone_with_a_dot_for_each():
    one = story(feeds=(COURRIER, RADIO, AGORA))
    one = replace(one, articles=one.articles[::-1])
    reader = read(page_of(one))
    dots = [float(attributes["cx"].rstrip("%")) for tag, attributes in reader.tags if tag == "circle"]

    assert reader.marked["time"] == [f"1{NBSP}h", f"2{NBSP}h", f"3{NBSP}h"]
    assert dots == sorted(dots)
    assert dots[0] == 0
    assert len(dots) == 3
    assert read(page_of(one, timezone="America/Toronto")).marked["time"][0] == f"samedi 19{NBSP}h"


def test_drawings_are_hidden_from_screen_readers_because_the_hours_stand_beside_them():
    page = page_of(story(feeds=(COURRIER, RADIO)))

    assert page.count("<svg") == 3
    for svg in re.finditer(r"<svg", page):
        before = page[: svg.end() + 120]
        assert 'aria-hidden="true"' in before[before.rindex("<", 0, svg.start()) :], before[-200:]


@pytest.mark.parametrize("one", [story(), replace(story(), articles=(replace(article(), published_at=None),))])
def test_one_outlet_alone_needs_no_drawing(one):
    assert "<svg" not in page_of(one)


def test_an_outlet_without_a_date_stands_last_and_has_no_hour():
    undated = replace(article(feed=RADIO, id=9), published_at=None)
    reader = read(page_of(Story((undated, article(feed=COURRIER)), ("otan",))))

    assert [label for _, label in reader.links[1:]] == ["Le Courrier", "Radio Nord"]
    assert len(reader.marked["time"]) == 1


@pytest.mark.parametrize(
    ("days", "hour"), [(0, "5 h"), (1, "samedi 5 h"), (6, "lundi 5 h"), (7, "15 novembre"), (21, "1er novembre")]
)
def test_an_hour_says_its_day_where_it_is_not_today(days, hour):
    page = page_of(Story((article(published_at=NOW - timedelta(days=days, hours=3)),)))

    assert folded(read(page).marked["time"][0]) == hour


def test_titles_only_have_no_drawings_and_no_voices():
    page = page_of(story(feeds=(COURRIER, RADIO)), density="titres")

    assert "<svg" not in page
    assert "2 médias : Le Courrier 1 h Radio Nord 2 h" in seen(page)


def test_topics_are_named_where_there_are_several():
    page = page_of(story(topics=("ukraine", "propre")), own_names=(("propre", "Mes <ponts>"),))

    assert "Thèmes : Ukraine · Mes <ponts>" in seen(page)
    assert "Thèmes" not in seen(page_of(story(), topics=("otan",)))


def test_why_is_folded_and_only_there_when_asked():
    one = story(feeds=(COURRIER, RADIO), score=3.14, why=("mêmes faits", "même titre"))
    left_out = ((article("Un éditorial", id=5), "opinion"),)
    page = page_of(one, explain=True, left_out=left_out)

    assert read(page).marked["summary"] == [f"Pourquoi cet événement{NBSP}?", f"Écartés{NBSP}: 1 article"]
    assert "<details open" not in page
    assert "3,1 points" in seen(page)
    assert "Radio Nord — même titre" in seen(page)
    assert "Un éditorial — Le Courrier (opinion)" in seen(page)
    assert "<details" not in page_of(one, left_out=left_out)


def test_nothing_new_is_a_page_too():
    text = seen(page_of())

    assert "Rien de nouveau." in text
    assert "Depuis samedi 21 novembre, 8 h (heures : Paris)" in text


def test_a_mail_program_shows_the_first_headlines_beside_the_subject():
    page = page_of(story("Un"), story("Deux"), story("Trois"), story("Quatre"))

    assert re.search(r'<div class="preheader" style="display:none[^>]*>Un · Deux · Trois</div>', page)
    assert f"<title>OTAN · Ukraine — dimanche 22 novembre, 8{NBSP}h</title>" in page


def test_an_english_page_is_english_around_french_words_that_say_so():
    english = replace(ALL, language="en")
    page = render_page(english, EN, NAMES)

    assert "6 outlets: Le Courrier 1:00" in seen(page)
    assert "Put together by rules" in page
    assert '<bdi lang="fr">Quatorze pays' in page
    assert '<li lang="fr"><b class="who">' in page
    assert 'lang="fr"' not in render_page(ALL, FR, NAMES).split("<body")[1]


def test_french_signs_do_not_stand_at_the_edge_of_a_line():
    page = page_of(story("Un pont : « oui ! »", voice("le pont « rouvrira » lundi ; enfin")))

    assert f"Un pont{NBSP}: «{NBSP}oui{NBSP}!{NBSP}»" in page
    assert f"<i>«{NBSP}rouvrira{NBSP}»</i> lundi{NBSP}; enfin" in page


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_whatever_a_feed_says_is_text_and_never_markup(title, speaker, outlet):
    feeds = (replace(COURRIER, outlet=outlet), RADIO)
    one = story(title, voice("oui", speaker=speaker, mention=speaker), feeds=feeds, why=(title, outlet))
    reader = read(page_of(one, explain=True, left_out=((article(title), outlet),), own_names=(("otan", speaker),)))

    assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in read(page_of(ALL.stories[0], explain=True)).tags} | {
        "b"
    }


def test_a_title_full_of_markup_is_shown_as_it_is():
    nasty = '</bdi><script>alert("x")</script> & <a href="javascript:x">&eacute;'
    page = page_of(story(nasty, feeds=(replace(COURRIER, outlet=nasty),)))

    assert "<script" not in page
    assert seen(page).count(nasty) == 2  # as the headline and as the outlet


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//a.example", "HTTPS\0://a.example"])
def test_an_address_that_is_no_web_address_is_not_linked(url):
    assert read(page_of(Story((article("Un titre", url=url),)))).links == []


def test_an_address_cannot_leave_its_attribute():
    page = page_of(Story((article("Un titre", url='https://a.example/"onclick="x\'>&lt;'),)))

    assert {href for href, _ in read(page).links} == {'https://a.example/"onclick="x\'>&lt;'}


def test_a_standard_digest_is_small():
    feeds = (COURRIER, RADIO, OBSERVATEUR, AGORA, OFFICE)
    voices = tuple(voice(f"le pont {n} " + "rouvrira bientôt, " * 14, feeds=feeds[:3]) for n in range(2))
    page = page_of(*(story("Un titre de bonne longueur " * 3, *voices, feeds=feeds) for _ in range(8)))

    assert len(page.encode()) < 60_000


def test_json_holds_the_line_as_told_and_every_address():
    one = story("Le pont rouvre", voice(feeds=(COURRIER, RADIO)))
    data = json.loads(json.dumps(digest_data(digest(one, articles=2, outlets=2), FR)))

    (line,) = data["stories"][0]["statements"]
    assert line["line"] == "Anna Lutz a annoncé que le pont rouvrira lundi"
    assert [outlet["outlet"] for outlet in line["outlets"]] == ["Le Courrier", "Radio Nord"]
    assert data["until"] == NOW.isoformat()
