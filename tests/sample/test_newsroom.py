"""The sample newsroom answers over loopback as real outlets do: feeds, validators, pages, robots.txt."""

import asyncio
import io
import logging
import re
import signal
from calendar import timegm
from datetime import UTC, datetime, timedelta
from html import unescape

import feedparser
import httpx
import pytest
from protego import Protego

from bot.domain.model import Feed
from bot.sample.articles import NOTICE, print_article, read_outlets
from bot.sample.newsroom import serve_newsroom

START = datetime(2030, 9, 9, 10, 0, 0, 250, tzinfo=UTC)
OUTLETS = {outlet.name: outlet for outlet in read_outlets()}


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def newsroom(clock):
    newsroom = await serve_newsroom(clock)
    yield newsroom
    await newsroom.close()


@pytest.fixture
async def client(newsroom):
    async with httpx.AsyncClient(base_url=newsroom.address, trust_env=False) as client:
        yield client


async def entries(client: httpx.AsyncClient, feed: Feed):
    return feedparser.parse(io.BytesIO((await client.get(feed.url)).content)).entries


def local(address: str) -> str:
    return re.sub(r"^http://127\.0\.0\.1:\d+", "", address)


async def test_the_feeds_are_described_as_a_configured_feed_is(newsroom):
    fanal = next(feed for feed in newsroom.feeds if feed.outlet == "Le Fanal")

    assert [feed.outlet for feed in newsroom.feeds] == list(OUTLETS)
    assert fanal == Feed(
        outlet="Le Fanal",
        url=f"{newsroom.address}/le-fanal/rss.xml",
        section="À la une",
        country="FR",
        kind="private",
        paywall=True,
        full_text="auto",
        trusted=True,
    )
    assert all(feed.url.startswith("http://127.0.0.1:") for feed in newsroom.feeds)


async def test_every_feed_parses_without_complaint_and_holds_all_that_is_published(newsroom, client):
    for feed in newsroom.feeds:
        answer = await client.get(feed.url)
        parsed = feedparser.parse(io.BytesIO(answer.content), response_headers=dict(answer.headers))
        written = [article for article in OUTLETS[feed.outlet].articles if article.age >= timedelta()]

        assert (parsed.bozo, len(parsed.entries)) == (False, len(written))
        assert parsed.feed.title == feed.outlet
        assert NOTICE in parsed.feed.subtitle
        assert all(entry.title and entry.summary and entry.id and entry.author for entry in parsed.entries)
        dates = [datetime.fromtimestamp(timegm(entry.published_parsed), UTC) for entry in parsed.entries]
        assert dates == sorted((START.replace(microsecond=0) - article.age for article in written), reverse=True)


async def test_outlets_write_their_feeds_in_different_ways(newsroom, client):
    answers = {feed.outlet: await client.get(feed.url) for feed in newsroom.feeds}
    senne, kilowatt = answers["La Gazette de la Senne"], answers["Kilowatt Hebdo"]

    assert senne.content.startswith(b"<?xml version='1.0' encoding='iso-8859-1'?>")
    assert "Petkevi&#269;ius" in senne.content.decode("iso-8859-1")
    assert kilowatt.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert b"R&amp;D" in answers["Cuirasse & Réseaux"].content


@pytest.mark.parametrize("validator", ["If-None-Match", "If-Modified-Since"])
async def test_a_validator_sent_back_gives_304_without_a_body(validator, newsroom, client):
    for feed in newsroom.feeds:
        first = await client.get(feed.url)
        value = first.headers["etag" if validator == "If-None-Match" else "last-modified"]

        again = await client.get(feed.url, headers={validator: value})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other", W/{etag}'}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": "{date}"}, 200),  # the ETag decides
        ({"If-Modified-Since": "Sun, 01 Sep 2030 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Mon, 09 Sep 2030 10:00:00 -0000"}, 200),  # a date without zone cannot be compared
    ],
)
async def test_a_validator_counts_only_when_it_is_ours(headers, status, newsroom, client):
    url = newsroom.feeds[0].url
    known = (await client.get(url)).headers
    sent = {k: v.replace("{etag}", known["etag"]).replace("{date}", known["last-modified"]) for k, v in headers.items()}

    assert (await client.get(url, headers=sent)).status_code == status


async def test_articles_appear_in_their_time_and_not_before(newsroom, client, clock):
    agency = newsroom.feeds[0]
    before = await client.get(agency.url)
    clock.now = START + timedelta(minutes=12)
    after = await client.get(agency.url, headers={"If-None-Match": before.headers["etag"]})
    new = feedparser.parse(io.BytesIO(after.content)).entries[0]

    assert after.status_code == 200
    assert new.link not in before.text
    assert (await client.get(new.link)).status_code == 200
    clock.now = START
    assert (await client.get(new.link)).status_code == 404


async def test_every_page_answers_says_that_it_is_invented_and_holds_its_article(newsroom, client):
    for feed in newsroom.feeds:
        outlet = OUTLETS[feed.outlet]
        for entry in await entries(client, feed):
            page = await client.get(entry.link)
            article = next(a for a in outlet.articles if entry.link.endswith(f"/{a.path}"))
            text = unescape(page.text)
            shown = [paragraph in text for paragraph in print_article(article, outlet, START).paragraphs]

            assert page.status_code == 200
            assert page.headers["content-type"] == f"text/html; charset={outlet.encoding}"
            assert text.count(NOTICE) >= 2
            assert f"<h1>{entry.title}</h1>" in text
            assert all(shown[:1] if outlet.paywall else shown)


async def test_no_link_leads_nowhere(newsroom, client):
    seen, waiting = set(), {"/"}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = await client.get(address)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            waiting |= set(re.findall(r'href="(/[^"]*)"', answer.text)) - seen

    linked = {local(entry.link) for feed in newsroom.feeds for entry in await entries(client, feed)}
    assert {local(feed.url) for feed in newsroom.feeds} | linked <= seen


async def test_pages_are_well_formed_whatever_an_article_holds(newsroom, client):
    cuirasse = next(feed for feed in newsroom.feeds if feed.outlet == "Cuirasse & Réseaux")
    drones = next(entry for entry in await entries(client, cuirasse) if "R&D" in entry.title)
    page = (await client.get(drones.link)).text

    assert "prix unitaire < 5" in drones.summary
    assert "prix unitaire &lt; 5" in page
    for address in ("/", "/cuirasse-et-reseaux/", *(entry.link for entry in await entries(client, cuirasse))):
        assert re.findall(r"&(?!amp;|lt;|gt;|quot;|#x27;)|<(?![a-z/!])", (await client.get(address)).text) == []


async def test_robots_may_read_every_outlet_but_one(newsroom, client):
    rules = Protego.parse((await client.get("/robots.txt")).text)
    allowed = {
        feed.outlet: {rules.can_fetch(entry.link, "Verbatim/1.0") for entry in await entries(client, feed)}
        for feed in newsroom.feeds
    }

    assert {outlet for outlet, answers in allowed.items() if answers != {True}} == {"Le Fanal"}
    assert allowed["Le Fanal"] == {False}
    assert all(rules.can_fetch(feed.url, "Verbatim/1.0") for feed in newsroom.feeds)


@pytest.mark.parametrize("path", ["/nobody/", "/nobody/rss.xml", "/le-fanal/articles/nothing", "/nobody/articles/x"])
async def test_an_unknown_address_is_404(path, client):
    assert (await client.get(path)).status_code == 404


async def test_it_runs_as_a_quiet_guest_and_leaves_signals_to_the_program(clock, caplog):
    caplog.set_level(logging.INFO)
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    newsroom = await serve_newsroom(clock)
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(newsroom.feeds[0].url)

        assert {name: signal.getsignal(name) for name in before} == before
        await newsroom.close()

    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_closing_frees_the_port_and_may_be_repeated(clock):
    newsroom = await serve_newsroom(clock)
    host, port = newsroom.address.removeprefix("http://").split(":")

    await newsroom.close()
    await newsroom.close()

    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(host, int(port))


async def test_two_newsrooms_run_side_by_side(newsroom, clock):
    other = await serve_newsroom(clock)
    try:
        assert other.address != newsroom.address
    finally:
        await other.close()
