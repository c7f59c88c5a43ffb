"""The sample over days and restarts: what was published stays where it was, and every day has its news."""

import re
import socket
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.sample.editions import Editions
from bot.sample.newsroom import serve_newsroom

MORNING = datetime(2030, 9, 9, 7, 0, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=11)
NEXT_DAY = MORNING + timedelta(days=1, hours=2)


async def feeds(file, now):
    """What a newsroom with this memory serves at a moment: address → document; and all articles' pages."""
    newsroom = await serve_newsroom(lambda: now, Editions(file))
    async with httpx.AsyncClient(trust_env=False) as client:
        documents = {feed.url: (await client.get(feed.url)).text for feed in newsroom.feeds}
    await newsroom.close()
    return documents


def links(documents):
    return {link for text in documents.values() for link in re.findall(r"http://[^<\"]+/articles/[^<\"]+", text)}


def dates(documents):
    found = (re.findall(r"<pubDate>([^<]+)|<published>([^<]+)", text) for text in documents.values())
    return {date for pair in found for dates in pair for date in dates if date}


async def test_a_restart_on_the_same_day_shows_the_same_articles_with_the_same_dates(tmp_path):
    morning = await feeds(tmp_path / "sample.json", MORNING)
    evening = await feeds(tmp_path / "sample.json", EVENING)

    assert set(evening) == set(morning)
    assert links(morning) <= links(evening)  # those of the quarter of an hour after the start have come since
    assert dates(morning) <= dates(evening)


async def test_another_day_brings_them_as_news_of_that_day(tmp_path):
    before = await feeds(tmp_path / "sample.json", MORNING)
    after = await feeds(tmp_path / "sample.json", NEXT_DAY)

    assert set(after) == set(before)
    assert not links(after) & links(before)
    assert {link.replace("2030-09-10", "2030-09-09") for link in links(after)} == links(before)


async def test_a_day_that_begins_while_it_runs_has_its_edition_and_old_pages_stay(tmp_path):
    now = MORNING
    newsroom = await serve_newsroom(lambda: now, Editions(tmp_path / "sample.json"))
    async with httpx.AsyncClient(trust_env=False) as client:
        url = newsroom.feeds[0].url
        (before, *_) = re.findall(r"<link>(http[^<]+/articles/[^<]+)", (await client.get(url)).text)
        now = NEXT_DAY
        (after, *_) = re.findall(r"<link>(http[^<]+/articles/[^<]+)", (await client.get(url)).text)
        pages = [(await client.get(link)).status_code for link in (before, after, before.replace("09-09", "09-08"))]
    await newsroom.close()

    assert before.replace("2030-09-09", "2030-09-10") == after
    assert pages == [200, 200, 404]


async def test_a_port_that_somebody_else_has_taken_is_given_up(tmp_path):
    file = tmp_path / "sample.json"
    first = await serve_newsroom(lambda: MORNING, Editions(file))
    port = int(first.address.rpartition(":")[2])
    await first.close()
    with socket.create_server(("127.0.0.1", port)):
        second = await serve_newsroom(lambda: MORNING, Editions(file))
        await second.close()

    assert second.address != first.address
    assert Editions(file).port == int(second.address.rpartition(":")[2])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"port": "x", "editions": {}}', b'{"port": 70000, "editions": {}}',
     b'{"port": 1, "editions": {"2030-09-09": "yesterday"}}', b'{"port": 1, "editions": []}'],
)  # fmt: skip
def test_a_damaged_memory_is_begun_anew(tmp_path, content):
    file = tmp_path / "sample.json"
    file.write_bytes(content)
    edition = Editions(file).today(MORNING)

    assert edition.start == MORNING
    assert Editions(file).today(EVENING) == edition


def test_a_memory_that_cannot_be_written_holds_for_the_run(tmp_path):
    (tmp_path / "folder").write_text("a file", encoding="utf-8")
    editions = Editions(tmp_path / "folder" / "sample.json")

    assert editions.today(MORNING) == editions.today(EVENING)


def test_only_a_month_of_days_is_remembered(tmp_path):
    editions = Editions(tmp_path / "sample.json")
    for day in range(40):
        editions.today(MORNING + timedelta(days=day))

    assert editions.of("2030-09-09") is None
    assert editions.of("2030-10-18") is not None
