"""One feed misbehaves, the others never notice."""

import asyncio
import gzip
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.poll import Poller
from tests.replays.conftest import names, reply, rss, stories

pytestmark = pytest.mark.asyncio(loop_scope="session")
BOMB = gzip.compress(b"<rss>" + b" " * 20_000_000)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %b "%b">' % (bytes([n + 1]), (b"&%b;" % bytes([n])) * 10) for n in range(97, 106))
    + b"]><rss><channel><item><title>&j;</title></item></channel></rss>"
)
DEEP = b"<rss><channel><item>" + b"<a>" * 100_000
COMMENTS = rss(stories(1, summary="<!--" * 60_000))


async def drip(_asked, reader, writer):
    """A byte at a time, for as long as somebody listens."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n")
    gone = asyncio.ensure_future(reader.read())
    for byte in rss(stories(1)):
        writer.write(bytes([byte]))
        await asyncio.wait({gone}, timeout=0.05)
    gone.cancel()


async def hang(_asked, reader, _writer):
    await reader.read()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(200, BOMB, Content_Encoding="gzip"), "too-large"),
        (reply(200, BOMB), "too-large"),
        (reply(200, gzip.compress(BOMB), Content_Encoding="gzip, gzip"), "encoding"),
        (reply(200, zlib.compress(b"<rss/>")[:-6] + b"junk", Content_Encoding="deflate"), None),
        (reply(200, b"x" * 10, Content_Length="99999999999"), "too-large"),
        (reply(200, LAUGHS), None),
        (reply(200, DEEP), None),
        (reply(200, COMMENTS), None),
        (reply(302, Location="/bad"), "redirects"),
        (reply(302, Location="http://10.0.0.1/rss"), "address"),
        (reply(302, Location="http://127.0.0.1:22/rss"), "address"),
        (reply(301, Location="http://169.254.169.254/latest"), "address"),
        (reply(302, Location="http://[::1]/rss"), "address"),
        (reply(302, Location="file:///etc/passwd"), "address"),
        (reply(200, b"\x00" * 100), None),
        (b"\xff\xfe garbage \r\n\r\n", "connect"),
        (hang, "timeout"),
        (drip, "timeout"),
    ],
    ids=[
        *("gzip bomb", "gzip file bomb", "gzip of gzip", "broken deflate", "a lie about its length", "billion laughs"),
        *("deep nesting", "quadratic comments", "endless redirects", "to a private network", "to another port here"),
        *("to the cloud's own", "to loopback", "to a file", "nothing but NUL", "no HTTP", "says nothing", "a drip"),
    ],
)
async def test_a_feed_that_misbehaves_is_marked_and_the_others_are_read(press, answer, kind):
    await press.open("bad", "radio", "quai")
    press.shows("bad", answer)
    for name in ("radio", "quai"):
        press.shows(name, stories(3, 2, 1))

    outcomes = {polled.state.feed.outlet: polled for polled in await press.poll()}

    bad = outcomes["bad"].state
    assert (outcomes["radio"].new, outcomes["quai"].new) == (3, 3)
    assert bad.error == kind or (kind is None and bad.error in {"", "encoding", "not-a-feed", "worker", "empty"})
    assert bad.next_poll_at > press.now


async def rounds(press, poller):
    """The first outcomes that come, in rounds as the heartbeat makes them."""
    for _ in range(100):
        if outcomes := await poller.poll_due(press.now, patience=timedelta(seconds=0.1)):
            return outcomes
    return ()


async def test_a_round_does_not_wait_for_the_slow_and_loses_none_of_them(press):
    gate = asyncio.Event()

    async def slow(_asked, _reader, writer):
        await gate.wait()
        writer.write(reply(200, rss(stories(9))))
        await writer.drain()

    await press.open("slow", "radio")
    press.shows("slow", slow)
    press.shows("radio", stories(2, 1))
    poller = Poller(press.store, press.fetcher, timedelta(minutes=30))

    first = await rounds(press, poller)
    between = await poller.poll_due(press.now, patience=timedelta(seconds=0.01))
    gate.set()
    last = await poller.poll_due(press.now)

    assert [polled.state.feed.outlet for polled in first] == ["radio"]
    assert between == ()
    assert [(polled.state.feed.outlet, polled.new) for polled in last] == [("slow", 1)]
    assert [asked.path for asked in press.paper.asked].count("/slow") == 1
    await poller.close()


async def test_what_is_under_way_at_the_end_is_asked_again_later(press):
    await press.open("slow")
    press.shows("slow", hang)
    poller = Poller(press.store, press.fetcher, timedelta(minutes=30))
    await poller.poll_due(press.now, patience=timedelta(seconds=0.1))

    await poller.close()

    press.shows("slow", stories(1))
    assert await Poller(press.store, press.fetcher, timedelta(minutes=30)).poll_due(press.now) == ()
    press.now += timedelta(minutes=11)
    again = await Poller(press.store, press.fetcher, timedelta(minutes=30)).poll_due(press.now)
    assert [polled.new for polled in again] == [1]


async def test_many_slow_feeds_of_one_host_hold_up_nobody_else(press):
    feeds = await press.open("slow", "radio")
    press.feeds += [replace(feeds[0], url=f"{feeds[0].url}/{n}") for n in range(8)]
    await press.open()
    for feed in press.feeds:
        press.paper.routes["/" + feed.url.partition(".test:")[2].partition("/")[2]] = hang
    press.shows("radio", stories(2, 1))
    poller = Poller(press.store, press.fetcher, timedelta(minutes=30))

    outcomes = await rounds(press, poller)
    await poller.close()

    assert [polled.state.feed.outlet for polled in outcomes] == ["radio"]
    assert await press.titles() == names(1, 2)
