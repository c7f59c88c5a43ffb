import asyncio
import gzip
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import __version__
from bot.domain.errors import ConfigError, FeedError
from bot.feeds.fetch import FetchPolicy
from tests.feeds.conftest import FEED, NOW, QUICK, reply, state_of

SMALL = replace(QUICK, max_wire=100_000, max_body=200_000)
HURRIED = replace(QUICK, total=timedelta(seconds=0.4))


async def failure(fetching) -> FeedError:
    with pytest.raises(FeedError) as raised:
        await fetching
    return raised.value


# --- Good manners ----------------------------------------------------------------------------------------------------


async def test_a_feed_is_asked_honestly_and_its_validators_are_kept_as_they_came(paper, fetcher):
    paper.routes["/rss"] = reply(
        200, FEED, ETag='W/"né-1"', Last_Modified="dimanche", Content_Type="application/rss+xml", Set_Cookie="id=1"
    )

    fetched = await fetcher().fetch(state_of(paper.url("/rss")), NOW)

    assert (fetched.body, fetched.etag, fetched.last_modified) == (FEED, 'W/"né-1"', "dimanche")
    assert fetched.content_type == "application/rss+xml"
    asked = paper.asked[0].headers
    assert asked["user-agent"] == f"verbatim-bot/{__version__} (+https://verbatim.example)"
    assert asked["accept-encoding"] == "gzip"
    assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & set(asked)


async def test_validators_go_back_to_the_very_byte_and_304_brings_no_body(paper, fetcher):
    paper.routes["/rss"] = reply(304, Content_Length="", Last_Modified="plus tard")
    state = state_of(paper.url("/rss"), etag='W/"né-1"', last_modified="dimanche")

    fetched = await fetcher().fetch(state, NOW)

    assert fetched.body is None
    assert (fetched.etag, fetched.last_modified) == ('W/"né-1"', "plus tard")
    assert paper.asked[0].headers["if-none-match"] == 'W/"né-1"'
    assert paper.asked[0].headers["if-modified-since"] == "dimanche"


async def test_a_304_that_nobody_asked_for_is_an_error(paper, fetcher):
    paper.routes["/rss"] = reply(304, Content_Length="")

    assert (await failure(fetcher().fetch(state_of(paper.url("/rss")), NOW))).kind == "http"


async def test_cookies_are_never_sent_back(paper, fetcher):
    paper.routes["/rss"] = reply(200, FEED, Set_Cookie="id=1; Path=/")
    polite = fetcher()

    await polite.fetch(state_of(paper.url("/rss")), NOW)
    await polite.fetch(state_of(paper.url("/rss")), NOW)

    assert "cookie" not in paper.asked[1].headers


async def test_one_host_gets_one_request_at_a_time(paper, fetcher):
    paper.routes["/rss"] = reply(200, FEED)
    polite = fetcher()

    await asyncio.gather(*(polite.fetch(state_of(paper.url("/rss")), NOW) for _ in range(6)))

    assert (len(paper.asked), paper.most_open) == (6, 1)


async def test_no_more_than_the_allowed_requests_are_in_flight_over_all_hosts(paper, fetcher):
    everybody_waits = asyncio.Event()

    async def hold(_asked, _reader, writer):
        if paper.open_now == 3:
            everybody_waits.set()
        await everybody_waits.wait()
        writer.write(reply(200, FEED))

    paper.routes["/rss"] = hold
    names = {f"h{number}_example": ("127.0.0.1",) for number in range(9)}
    three = fetcher(replace(QUICK, in_flight=3), **names)

    await asyncio.gather(
        *(three.fetch(state_of(paper.url("/rss", host.replace("_", "."))), NOW) for host in sorted(names))
    )

    assert (len(paper.asked), paper.most_open) == (9, 3)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Cache_Control": "public, max-age=3600"}, timedelta(hours=1)),
        ({"Cache_Control": "max-age=3600", "Age": "600"}, timedelta(minutes=50)),
        ({"Cache_Control": "max-age=900000"}, timedelta(hours=24)),
        ({"Cache_Control": "no-cache, max-age=3600"}, None),
        ({"Expires": "Sun, 22 Nov 2026 10:00:00 GMT", "Date": "Sun, 22 Nov 2026 09:30:00 GMT"}, timedelta(minutes=30)),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
async def test_how_long_an_answer_keeps_is_read_from_its_headers(paper, fetcher, headers, wait):
    paper.routes["/rss"] = reply(200, FEED, **headers)

    assert (await fetcher().fetch(state_of(paper.url("/rss")), NOW)).wait == wait


# --- Compression and size --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:100]) + gzip.compress(FEED[100:]) + b"\0" * 10),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("", gzip.compress(FEED)),
        ("identity", FEED),
        ("gzip", FEED),
    ],
    ids=["gzip", "members", "deflate", "raw deflate", "a .gz file", "identity", "said but not done"],
)
async def test_a_compressed_feed_is_unpacked(paper, fetcher, coding, packed):
    paper.routes["/rss"] = reply(200, packed, Content_Encoding=coding)

    assert (await fetcher().fetch(state_of(paper.url("/rss")), NOW)).body == FEED


@pytest.mark.parametrize(
    ("coding", "packed", "kind"),
    [
        ("gzip", gzip.compress(b"\0" * 3_000_000), "too-large"),
        ("gzip, gzip", gzip.compress(gzip.compress(FEED)), "encoding"),
        ("br", FEED, "encoding"),
        ("gzip", gzip.compress(FEED)[:60] + b"broken" * 30, "encoding"),
        ("", b"x" * 150_000, "too-large"),
    ],
    ids=["a bomb", "gzip of gzip", "brotli", "broken", "a large body"],
)
async def test_a_body_that_should_not_be_unpacked_is_refused(paper, fetcher, coding, packed, kind):
    paper.routes["/rss"] = reply(200, packed, Content_Encoding=coding)

    error = await failure(fetcher(SMALL).fetch(state_of(paper.url("/rss")), NOW))

    assert error.kind == kind
    assert str(paper.port) in str(error)


async def test_a_body_without_length_is_cut_off_at_the_limit(paper, fetcher):
    async def endless(_asked, _reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 50_000)
            await writer.drain()

    paper.routes["/rss"] = endless

    assert (await failure(fetcher(SMALL).fetch(state_of(paper.url("/rss")), NOW))).kind == "too-large"


# --- Time ------------------------------------------------------------------------------------------------------------


async def drip(_asked, reader, writer):
    """One more byte for as long as the client stays."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    gone = asyncio.ensure_future(reader.read())
    while not (await asyncio.wait({gone}, timeout=0.02))[0]:
        writer.write(b".")


async def test_a_slow_drip_ends_at_the_deadline_and_delays_no_other_feed(paper, fetcher):
    paper.routes |= {"/drip": drip, "/rss": reply(200, FEED)}
    hurried = fetcher(HURRIED, other_example=("127.0.0.1",))
    dripping = asyncio.ensure_future(failure(hurried.fetch(state_of(paper.url("/drip")), NOW)))

    fetched = await hurried.fetch(state_of(paper.url("/rss", "other.example")), NOW)

    assert fetched.body == FEED
    assert not dripping.done()
    assert (await dripping).kind == "timeout"


async def test_the_deadline_holds_over_all_redirects(paper, fetcher):
    async def slow_redirect(_asked, reader, writer):
        await asyncio.wait({asyncio.ensure_future(reader.read())}, timeout=0.15)
        writer.write(reply(302, Location="/round"))

    paper.routes["/round"] = slow_redirect

    assert (await failure(fetcher(HURRIED).fetch(state_of(paper.url("/round")), NOW))).kind == "timeout"


# --- Redirects -------------------------------------------------------------------------------------------------------


async def test_the_unbroken_prefix_of_permanent_redirects_is_told(paper, fetcher):
    paper.routes |= {
        "/old": reply(301, Location="/new"),
        "/new": reply(308, Location="/newer"),
        "/newer": reply(302, Location="/today"),
        "/today": reply(301, Location="/rss#top"),
        "/rss": reply(200, FEED),
    }

    fetched = await fetcher().fetch(state_of(paper.url("/old")), NOW)

    assert fetched.permanent_url == paper.url("/newer")
    assert fetched.final_url == paper.url("/rss")


async def test_redirects_without_end_are_given_up(paper, fetcher):
    paper.routes["/round"] = reply(301, Location="/round")

    assert (await failure(fetcher().fetch(state_of(paper.url("/round")), NOW))).kind == "redirects"
    assert len(paper.asked) == 6


@pytest.mark.parametrize("location", ["", "ftp://courrier.example/rss", "http://[::1/rss", "file:///etc/passwd"])
async def test_a_redirect_to_nowhere_is_an_error(paper, fetcher, location):
    paper.routes["/rss"] = reply(302, Location=location)

    assert (await failure(fetcher().fetch(state_of(paper.url("/rss")), NOW))).kind in ("redirects", "address")


async def test_validators_are_not_told_to_another_host(paper, fetcher):
    other = replace(QUICK, allow_private=True, ports=frozenset({paper.port}))
    paper.routes |= {"/rss": reply(302, Location=paper.url("/moved", "other.example")), "/moved": reply(200, FEED)}

    await fetcher(other, other_example=("127.0.0.1",)).fetch(state_of(paper.url("/rss"), etag='"1"'), NOW)

    assert paper.asked[0].headers["if-none-match"] == '"1"'
    assert "if-none-match" not in paper.asked[1].headers


async def test_a_move_that_has_held_is_where_we_ask(paper, fetcher):
    paper.routes["/new"] = reply(200, FEED)
    state = replace(state_of(paper.url("/old")), moved_to=paper.url("/new"), moved_seen=3)

    assert (await fetcher().fetch(state, NOW)).body == FEED


# --- Failures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind", "status"),
    [
        (reply(410), "gone", 410),
        (reply(404), "http", 404),
        (reply(500, b"oops"), "http", 500),
        (reply(200, b""), "empty", 200),
        (reply(200, b" \n "), "empty", 200),
        (reply(204), "empty", 204),
        (reply(403, b"<html>", cf_mitigated="challenge"), "challenge", 403),
        (reply(403, b"<script src='https://ct.captcha-delivery.com/c.js'>"), "challenge", 403),
    ],
)
async def test_an_answer_without_document_says_what_it_was(paper, fetcher, answer, kind, status):
    paper.routes["/rss"] = answer

    error = await failure(fetcher().fetch(state_of(paper.url("/rss")), NOW))

    assert (error.kind, error.status) == (kind, status)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", timedelta(hours=1)),
        ("99999999", timedelta(days=7)),
        ("bientôt", None),
    ],
)
async def test_a_server_that_is_busy_says_when_to_come_back(paper, fetcher, value, wait):
    paper.routes["/rss"] = reply(429, Retry_After=value)

    error = await failure(fetcher().fetch(state_of(paper.url("/rss")), NOW))

    assert (error.kind, error.status, error.retry_after) == ("http", 429, wait)


async def test_what_does_not_answer_is_named_by_kind(paper, fetcher):
    async def hang_up(_asked, _reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    async def babble(_asked, _reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

    paper.routes |= {"/half": hang_up, "/babble": babble}
    asking = fetcher()

    kinds = [
        (await failure(asking.fetch(state_of(url), NOW))).kind
        for url in (
            "http://127.0.0.1:1/rss",
            paper.url("/rss", "unknown.example"),
            paper.url("/half"),
            paper.url("/babble"),
        )
    ]

    assert kinds == ["connect", "dns", "connect", "connect"]


async def test_a_server_that_does_not_speak_tls_is_told_apart(fetcher):
    async def plain(reader, writer):
        await reader.read(100)
        writer.write(reply(400))
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(fetcher().fetch(state_of(f"https://127.0.0.1:{port}/rss"), NOW))

    assert error.kind == "tls"


async def test_no_message_holds_what_may_be_secret(paper, fetcher):
    url = paper.url("/rss?token=hunter2")

    error = await failure(fetcher().fetch(state_of(url), NOW))

    assert "hunter2" not in str(error)
    assert f"127.0.0.1:{paper.port}/rss" in str(error)


async def test_parsing_goes_through_the_worker_and_keeps_everything(paper, fetcher):
    paper.routes["/rss"] = reply(200, FEED.replace(b"<item>", b"<ttl>45</ttl><item></item><item>"))
    asking = fetcher()

    parsed = await asking.parse(await asking.fetch(state_of(paper.url("/rss")), NOW))

    assert [entry.title for entry in parsed.entries] == ["Le pont de Varenne rouvre"]
    assert [dropped.reason for dropped in parsed.dropped] == ["empty"]
    assert parsed.ttl == timedelta(minutes=45)


async def test_a_web_page_instead_of_a_feed_is_told_as_such(paper, fetcher):
    paper.routes["/rss"] = reply(200, b"<!DOCTYPE html><html><body>Bonjour</body></html>", Content_Type="text/html")
    asking = fetcher()

    error = await failure(asking.parse(await asking.fetch(state_of(paper.url("/rss")), NOW)))

    assert error.kind == "not-a-feed"


async def test_a_proxy_gets_the_question_and_never_one_for_a_private_address(paper, fetcher):
    paper.routes["http://courrier.example/rss"] = reply(200, FEED)
    proxied = fetcher(replace(QUICK, proxy=f"http://127.0.0.1:{paper.port}"))

    fetched = await proxied.fetch(state_of("http://courrier.example/rss", trusted=False), NOW)
    refused = await failure(proxied.fetch(state_of("http://169.254.169.254/rss", trusted=False), NOW))

    assert fetched.body == FEED
    assert (refused.kind, len(paper.asked)) == ("address", 1)


def test_a_proxy_of_another_kind_is_refused_by_name():
    with pytest.raises(ConfigError, match="FEED_PROXY"):
        FetchPolicy(proxy="socks5://127.0.0.1:9050")
