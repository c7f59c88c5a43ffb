import asyncio
from dataclasses import replace
from ipaddress import ip_address

import pytest

from bot.domain.errors import FeedError
from bot.feeds.guard import checked_url, is_public, refuse_private_literal, shown
from tests.feeds.conftest import FEED, NOW, QUICK, reply, state_of

PUBLIC = "93.184.216.34"


async def kind_of(fetching) -> str:
    with pytest.raises(FeedError) as raised:
        await fetching
    return raised.value.kind


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "203.0.113.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "ff02::1",
        "100::1", "3fff::1", "fec0::1",
    ],
)  # fmt: skip
def test_an_address_of_a_machine_nearby_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "2a00:1450:4007:80e::200e", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_an_address_on_the_internet_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0", "017700000001", "[::1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "169.254.169.254", "[fe80::1]",
    ],
)  # fmt: skip
async def test_a_chat_cannot_make_us_ask_a_private_host_however_it_is_written(paper, workers, host):
    from bot.feeds.fetch import HttpFetcher

    asking = HttpFetcher(replace(QUICK, ports=frozenset({paper.port})), workers)  # with the system's own resolver
    paper.routes["/rss"] = reply(200, FEED)

    assert await kind_of(asking.fetch(state_of(paper.url("/rss", host), trusted=False), NOW)) in ("address", "dns")
    assert paper.asked == []
    await asking.close()


@pytest.mark.parametrize(
    "answers", [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("::1", PUBLIC), ("fe80::1%eth0",), ("nonsense",), ()]
)
async def test_every_address_of_a_name_must_be_public(paper, fetcher, answers):
    asking = fetcher(replace(QUICK, ports=frozenset({paper.port})), press_example=answers)

    kind = await kind_of(asking.fetch(state_of(paper.url("/rss", "press.example"), trusted=False), NOW))

    assert kind == ("dns" if answers in (("nonsense",), ()) else "address")
    assert paper.asked == []


async def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(paper, workers):
    from bot.feeds.fetch import HttpFetcher

    lookups = []

    async def rebinding(host: str, _port: int) -> tuple[str, ...]:
        lookups.append(host)
        return ("127.0.0.1",) if len(lookups) > 1 else ("198.51.100.7",)

    asking = HttpFetcher(replace(QUICK, ports=frozenset({paper.port})), workers, resolver=rebinding)

    assert await kind_of(asking.fetch(state_of(paper.url("/rss", "press.example"), trusted=False), NOW)) == "address"
    assert (lookups, paper.asked) == (["press.example"], [])
    await asking.close()


async def test_only_the_allowed_ports_are_open_to_chats(paper, fetcher):
    asking = fetcher(replace(QUICK, allow_private=True))
    paper.routes["/rss"] = reply(200, FEED)

    assert await kind_of(asking.fetch(state_of(paper.url("/rss"), trusted=False), NOW)) == "address"
    assert (await asking.fetch(state_of(paper.url("/rss")), NOW)).body == FEED


async def test_the_owner_may_allow_private_feeds_to_chats(paper, fetcher):
    asking = fetcher(replace(QUICK, allow_private=True, ports=frozenset({paper.port})))
    paper.routes["/rss"] = reply(200, FEED)

    assert (await asking.fetch(state_of(paper.url("/rss"), trusted=False), NOW)).body == FEED


async def test_the_owners_feed_may_be_private_but_a_redirect_may_not_lead_elsewhere_private(paper, fetcher):
    paper.routes |= {
        "/rss": reply(200, FEED),
        "/within": reply(302, Location="/rss"),
        "/out": reply(302, Location=paper.url("/rss", "other.example")),
        "/port": reply(302, Location="http://127.0.0.1:22/"),
        "/metadata": reply(302, Location="http://169.254.169.254/latest/meta-data/"),
    }
    asking = fetcher(replace(QUICK, ports=frozenset({80, paper.port})), other_example=("127.0.0.1",))

    assert (await asking.fetch(state_of(paper.url("/within")), NOW)).body == FEED
    for path in ("/out", "/port", "/metadata"):
        assert await kind_of(asking.fetch(state_of(paper.url(path)), NOW)) == "address"


async def test_a_connection_to_the_owners_private_host_never_serves_a_chats_feed(paper, fetcher):
    async def keep_alive(_asked, reader, writer):
        writer.write(reply(200, FEED, Connection="keep-alive"))
        await reader.read()

    paper.routes["/rss"] = keep_alive
    asking = fetcher(replace(QUICK, ports=frozenset({paper.port})), press_example=("127.0.0.1",))
    url = paper.url("/rss", "press.example")

    assert (await asking.fetch(state_of(url), NOW)).body == FEED
    assert await kind_of(asking.fetch(state_of(url, trusted=False), NOW)) == "address"
    assert len(paper.asked) == 1


async def test_a_blocked_outlet_is_refused_with_its_subdomains_and_by_redirect(paper, fetcher):
    blocked = replace(QUICK, blocked_hosts=frozenset({"banned.example"}))
    asking = fetcher(blocked, fr_banned_example=("127.0.0.1",))
    paper.routes["/rss"] = reply(302, Location="http://banned.example/rss")

    for url in (paper.url("/rss", "fr.banned.example"), paper.url("/rss")):
        assert await kind_of(asking.fetch(state_of(url), NOW)) == "address"


async def test_tls_still_asks_for_the_name_though_the_address_is_connected_to(fetcher):
    hello = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello.set_result(await reader.read(2_000))
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await kind_of(fetcher(press_example=("127.0.0.1",)).fetch(state_of(f"https://press.example:{port}/"), NOW))

    assert b"press.example" in await hello


async def test_the_next_address_is_tried_where_the_first_does_not_answer(paper, fetcher):
    paper.routes["/rss"] = reply(200, FEED)
    asking = fetcher(press_example=("127.0.0.2", "127.0.0.1"))

    assert (await asking.fetch(state_of(paper.url("/rss", "press.example")), NOW)).body == FEED


@pytest.mark.parametrize(
    "text",
    ["", "foo", "ftp://a.example/x", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://u:p@a.example/",
     "http://[::1/", "http://a.example:99999999/", "gopher://a.example"],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(text):
    with pytest.raises(FeedError) as raised:
        checked_url(text)

    assert raised.value.kind == "address"
    assert "p@" not in str(raised.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]"])
def test_behind_a_proxy_private_numbers_are_refused_as_written(host):
    with pytest.raises(FeedError):
        refuse_private_literal(checked_url(f"http://{host}/"))


def test_a_shown_address_is_short_and_without_secrets():
    assert shown("https://me:secret@a.example:8443/feed?key=secret#secret") == "https://a.example:8443/feed"
    assert len(shown("https://a.example/" + "x" * 500)) == 160
