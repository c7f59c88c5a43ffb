"""What one feed does over its polls: each article is stored once, none is lost, edits are edits."""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.replays.conftest import HOUR, edited, names, reply, rss, stories

pytestmark = pytest.mark.asyncio(loop_scope="session")
LE_PORT = [5, 4, 3, 2, 1]


async def test_edits_update_and_a_date_that_moves_repeats_nothing(press):
    await press.open("courrier")
    first = stories(*LE_PORT)
    corrected = [replace(first[0], title="Le port rouvre (corrigé)"), *first[1:]]
    moved = edited(corrected, lambda story: replace(story, at=story.at + 5 * HOUR))

    played = await press.play("courrier", first, corrected, moved, moved)

    assert [(polled.new, polled.updated) for polled in played] == [(5, 0), (0, 1), (0, 0), (0, 0)]
    assert await press.titles() == sorted([*names(1, 2, 3, 4), "Le port rouvre (corrigé)"])


@pytest.mark.parametrize(
    "editions",
    [
        [stories(3, 2, 1), stories(1, 2, 3), stories(2, 4, 1, 3), stories(4, 3, 2, 1)],
        [stories(3, 2, 1), edited(stories(4, 3, 2, 1), lambda s: replace(s, guid=f"neuf-{s.number}"))],
        [
            stories(*range(9, 0, -1)),
            edited(
                stories(*range(10, 1, -1)),
                lambda s: replace(s, guid=f"n{s.number}", path=f"/2026/port-{s.number}.html"),
            ),
            stories(*range(11, 2, -1), guid=""),
        ],
        [
            [replace(story, guid=f"place-{place}") for place, story in enumerate(edition)]
            for edition in (stories(3, 2, 1), stories(4, 3, 2), stories(7, 6, 5), stories(8, 7, 6))
        ],
        [rss(edition, guids=False) for edition in (stories(3, 2, 1), stories(4, 3, 2), stories(5, 4, 3))],
        [stories(3, 2, 1), [], stories(4, 3, 2, 1), [], stories(4, 3, 2, 1)],
        [stories(2, 1, 2, 1), stories(3, 3, 2, 1)],
    ],
    ids=["reordered", "new ids", "new ids and addresses", "ids of places", "no ids", "empty in between", "twice in it"],
)
async def test_every_article_is_one_whatever_becomes_of_order_ids_and_addresses(press, editions):
    await press.open("courrier")
    answers = [reply(200, e) if isinstance(e, bytes) else e for e in editions]

    played = await press.play("courrier", *answers, answers[-1])

    last = max(int(title.rpartition(" ")[2]) for title in await press.titles())
    assert await press.titles() == names(*range(1, last + 1))
    assert sum(polled.new for polled in played) == last


async def test_a_document_cut_anywhere_loses_nothing_and_repeats_nothing(press):
    await press.open("courrier")
    whole = rss(stories(*LE_PORT))
    cuts = [reply(200, whole[: len(whole) * part // 8]) for part in range(1, 8)]

    await press.play("courrier", *cuts, reply(200, whole), reply(200, rss(stories(6, *LE_PORT))))

    # A title that was cut short is mended by the whole document, under the same address or id.
    assert await press.titles() == names(*range(1, 7))


@pytest.mark.parametrize(
    "trouble",
    [
        reply(503, b"", Retry_After="7200"),
        reply(200, b"<html><body>Maintenance</body></html>", Content_Type="text/html"),
        reply(200, b""),
        reply(403, b"<script src='/cdn-cgi/challenge-platform/x.js'></script>", CF_Mitigated="challenge"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss",
        b"",
    ],
    ids=["503", "a web page", "nothing", "a bot wall", "cut off", "hung up"],
)
async def test_an_outage_is_survived_and_what_came_meanwhile_is_found(press, trouble):
    await press.open("courrier")

    played = await press.play("courrier", stories(3, 2, 1), trouble, trouble, stories(5, 4, 3, 2))

    assert [bool(polled.state.error) for polled in played] == [False, True, True, False]
    assert await press.titles() == names(1, 2, 3, 4, 5)
    assert played[2].state.next_poll_at - played[2].state.polled_at > timedelta(minutes=50)


async def test_unchanged_is_said_with_the_validators_as_they_were_given_and_costs_nothing(press):
    await press.open("courrier")
    odd = 'W/"été  2026"'.encode().decode("latin-1")
    whole = reply(200, rss(stories(1)), ETag=odd, Last_Modified="hier vers midi")

    async def answer(asked, _reader, writer):
        unchanged = asked.headers.get("if-none-match") == odd
        writer.write(reply(304) if unchanged else whole)
        await writer.drain()

    played = await press.play("courrier", answer, answer, answer)

    assert [polled.unchanged for polled in played] == [False, True, True]
    assert press.paper.asked[1].headers["if-modified-since"] == "hier vers midi"


async def test_one_body_without_validators_is_never_an_edit(press):
    await press.open("courrier")

    played = await press.play("courrier", stories(1), stories(1), stories(1))

    assert [polled.unchanged for polled in played] == [False, True, True]


async def test_a_feed_that_changes_its_encoding_and_lies_about_it_says_the_same(press):
    await press.open("courrier")
    shown = stories(1, title="L’été à Vaubrun : « forêt », cœur, 3 €")
    bodies = [
        (rss(shown), "application/xml"),
        (rss(shown, encoding="cp1252", said="iso-8859-1"), "application/xml"),
        (rss(shown, encoding="cp1252", said="utf-8"), "text/xml; charset=utf-8"),
        (rss(shown, said="iso-8859-1"), "application/xml; charset=iso-8859-1"),
        (rss(shown, encoding="utf-16"), "application/xml"),
        (gzip.compress(rss(shown)), "application/gzip"),
    ]

    played = await press.play("courrier", *(reply(200, body, Content_Type=kind) for body, kind in bodies))

    assert [(polled.new, polled.updated, polled.state.error) for polled in played] == [(1, 0, "")] + [(0, 0, "")] * 5


async def test_a_live_page_is_one_article_that_goes_on(press):
    await press.open("courrier")

    def live(words, slug, guid):
        [story] = stories(1, title=f"EN DIRECT, {words}")
        return [replace(story, path=f"/monde/live/en-direct-{slug}_6211111.html", guid=guid), *stories(7, 6)]

    played = await press.play(
        "courrier",
        live("le port est bloqué", "le-port-bloque", "a"),
        live("le port rouvre", "le-port-rouvre", "b"),
        live("le port est ouvert", "le-port-ouvert", "c"),
    )

    assert [(polled.new, polled.updated) for polled in played] == [(3, 0), (0, 1), (0, 1)]
    assert "EN DIRECT, le port est ouvert" in await press.titles()


async def test_a_feed_that_moved_for_good_is_followed_and_asked_there_after_three_polls(press):
    await press.open("courrier")
    there = press.paper.url("/neuf", "courrier.test")
    press.paper.routes["/neuf"] = reply(200, rss(stories(1)))

    await press.play("courrier", *[reply(301, Location=there)] * 4)

    assert [asked.path for asked in press.paper.asked] == ["/courrier", "/neuf"] * 3 + ["/neuf"]
    assert await press.titles() == names(1)


async def test_a_feed_that_is_gone_is_asked_once(press):
    await press.open("courrier", "radio")
    press.shows("radio", stories(1))

    await press.play("courrier", reply(410), reply(410), reply(410))

    assert [asked.path for asked in press.paper.asked].count("/courrier") == 1


async def test_two_feeds_of_one_outlet_tell_an_article_once(press):
    await press.open("courrier")
    twin = replace(press.feeds[0], url=press.paper.url("/monde", "courrier.test"), section="Monde")
    press.feeds.append(twin)
    await press.open()
    press.paper.routes["/monde"] = reply(200, rss(edited(stories(2, 1), lambda s: replace(s, guid=f"m{s.number}"))))

    await press.play("courrier", stories(3, 2, 1), stories(4, 3, 2))

    assert await press.titles() == names(1, 2, 3, 4)
