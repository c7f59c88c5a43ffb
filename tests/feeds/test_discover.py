"""What a person means by an address, over real sockets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import FeedError
from bot.feeds.links import feed_links
from tests.feeds.conftest import FEED, NOW, QUICK, reply

HOME = ("127.0.0.1",)


def page(*links: str) -> bytes:
    head = "".join(links)
    return reply(200, f"<!doctype html><html><head>{head}</head></html>".encode(), Content_Type="text/html")


def link(href: str, title: str = "Tout", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@pytest.fixture
def scout(paper, fetcher):
    policy = replace(QUICK, allow_private=True, ports=frozenset({80, 443, paper.port}))
    policy = replace(policy, connect=timedelta(seconds=0.3))
    return fetcher(policy, courrier_example=HOME)


async def test_an_address_of_a_feed_is_that_feed(paper, scout):
    paper.routes["/rss"] = reply(200, FEED)

    found = await scout.discover(paper.url("/rss"), NOW)

    assert (found.url, found.parsed.title) == (paper.url("/rss"), "Le Courrier")
    assert [entry.title for entry in found.parsed.entries] == ["Le pont de Varenne rouvre"]


async def test_a_page_leads_to_the_first_feed_that_it_names_and_that_can_be_read(paper, scout):
    paper.routes["/"] = page(link("/c/comments", "Commentaires"), link("/dead"), link("/rss", "Une"), link("/mer"))
    paper.routes["/rss"] = reply(200, FEED)

    found = await scout.discover(paper.url("/"), NOW)

    assert found.url == paper.url("/rss")
    assert [address.rpartition("/")[2] for address, _ in found.others] == ["dead", "mer", "comments"]


async def test_an_address_without_its_scheme_is_tried_safely_and_then_as_it_was_meant(paper, scout):
    paper.routes["/rss"] = reply(200, FEED)

    found = await scout.discover(f"courrier.example:{paper.port}/rss", NOW)

    assert found.url == f"http://courrier.example:{paper.port}/rss"


async def test_a_feed_that_moved_for_good_is_kept_under_its_new_address(paper, scout):
    paper.routes["/old"] = reply(301, Location="/rss")
    paper.routes["/rss"] = reply(200, FEED)

    assert (await scout.discover(paper.url("/old"), NOW)).url == paper.url("/rss")


async def test_a_page_without_a_feed_is_said_so(paper, scout):
    paper.routes["/"] = page()

    with pytest.raises(FeedError) as raised:
        await scout.discover(paper.url("/"), NOW)

    assert raised.value.kind == "not-a-feed"


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1/rss",
        "http://127.1/rss",
        "http://2130706433/rss",
        "http://0x7f.1/rss",
        "http://0/rss",
        "http://[::1]/rss",
        "http://[::ffff:127.0.0.1]/rss",
        "http://[64:ff9b::7f00:1]/rss",
        "http://169.254.169.254/latest/meta-data",
        "http://user:pw@public.example/rss",
        "http://inside.example/rss",
        "http://public.example:22/rss",
        "http://mixed.example/rss",
        "file:///etc/passwd",
        "http://localhost/rss",
        "localhost/rss",
    ],
)
async def test_hostile_addresses_are_refused(fetcher, typed):
    names = {"inside_example": ("10.0.0.1",), "mixed_example": ("93.184.216.34", "10.0.0.1"), "localhost": HOME}
    names |= {"127_1": HOME, "0x7f_1": HOME, "2130706433": HOME, "0": HOME}

    with pytest.raises(FeedError) as raised:
        await fetcher(QUICK, **names).discover(typed, NOW)

    assert raised.value.kind in {"address", "dns"}


async def test_a_page_cannot_send_us_to_a_private_address(paper, fetcher):
    """The page itself may be private here; what it names is on a port that strangers may not use."""
    paper.routes["/"] = page(link("http://127.0.0.1:22/rss"))
    policy = replace(QUICK, allow_private=True, ports=frozenset({paper.port}))

    with pytest.raises(FeedError) as raised:
        await fetcher(policy).discover(paper.url("/"), NOW)

    assert raised.value.kind == "address"


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ('<LINK REL=alternate TYPE=application/atom+xml HREF=/a TITLE="L&rsquo;info">', [("/a", "L’info")]),
        ("<link href='/a' rel='feed alternate' type='application/rss+xml; charset=utf-8'>", [("/a", "")]),
        ('<base href="/fr/"><link rel="alternate" type="application/rss+xml" href="rss">', [("/fr/rss", "")]),
        ('<link rel="alternate" hreflang="en" href="/en">', []),
        ('<link rel="alternate" type="application/json" href="/feed.json">', []),
        ('<a class="x" href="/rss.xml">RSS</a> <a href="/pressrss">non</a> <a href="/feed/">fil</a>', None),
        ('<a href="/rss">1</a><link rel="alternate" type="application/rss+xml" href="/vrai">', [("/vrai", "")]),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://[bad">', []),
    ],
)
def test_links_are_read_as_pages_write_them(html, links):
    found = feed_links(html.encode(), "https://quai.example/")
    expected = [("/rss.xml", ""), ("/feed/", "")] if links is None else links

    assert found == tuple((f"https://quai.example{path}", title) for path, title in expected)
