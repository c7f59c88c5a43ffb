"""The guard at the socket: which address a request may reach, checked after the name was resolved.

Requirements: a feed added from a chat must never make us talk to the machine we run on, its network, or a cloud's
metadata service. Checking the address as written is not enough: `127.1`, `0x7f.1`, a public name with a private
address, a name that changes its address between check and connection, a redirect. So the name is resolved once, every
answer is checked, and the connection goes to the address that was checked, while TLS still verifies the name.

The owner's feeds may be private, though not by redirect: `Origin` says which host and port are the owner's word.
Requests to it use a connection pool of their own, so that no other request is ever served by such a connection.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

import httpcore
import httpx

from bot.domain.errors import FeedError
from bot.domain.hosts import is_blocked

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
Origin: TypeAlias = tuple[str, int]
Address: TypeAlias = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
LAST_PORT = 65_535
MAX_TRIED = 4  # addresses of one name

# `is_global` differs between Python versions and calls some of these global.
CLOSED_V4 = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # Azure's host, a public number that answers inside only
        ),
    )
)
UNICAST_V6 = IPv6Network("2000::/3")  # all that is public in IPv6 today; `::1`, ULA, link-local, mapped lie outside
CLOSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID and other protocols
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4 carries any IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")  # how an IPv6-only network writes the IPv4 internet: the inner address decides


def is_public(address: Address) -> bool:
    """Whether it belongs to a machine on the public internet."""
    if isinstance(address, IPv4Address):
        special = address.is_multicast or address.is_reserved or not address.is_global
        return not special and not any(address in network for network in CLOSED_V4)
    inner = address.ipv4_mapped
    if address in NAT64:
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    return address in UNICAST_V6 and not any(address in network for network in CLOSED_V6)


def shown(url: str | httpx.URL) -> str:
    """The address for messages: no user, password, query or fragment, where secrets live; never long."""
    try:
        parsed = httpx.URL(str(url))
    except (httpx.InvalidURL, ValueError):
        return "an address that cannot be read"
    port = f":{parsed.port}" if parsed.port else ""
    text = f"{parsed.scheme}://{parsed.host}{port}{parsed.path}"
    return text if len(text) <= 160 else text[:159] + "…"  # noqa: PLR2004 - one line of a terminal


def origin(url: httpx.URL) -> Origin:
    """Host and port that a request for it connects to."""
    return url.host.lower().rstrip("."), url.port or DEFAULT_PORTS.get(url.scheme, 0)


def checked_url(text: str) -> httpx.URL:
    """The address as one that may be asked for; raises FeedError for anything but plain http and https."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise FeedError("address", f"{text[:80]!r} is no web address; it should look like https://host/path") from None
    if url.scheme not in DEFAULT_PORTS or not url.host:
        raise FeedError("address", f"{shown(url)}: only http and https addresses can be fetched")
    if (url.port or 1) > LAST_PORT:
        raise FeedError("address", f"{shown(url)}: there is no port {url.port}; the last is {LAST_PORT}")
    if url.userinfo:
        raise FeedError("address", f"{shown(url)}: an address with a user name or password is refused")
    return url


def refuse_blocked(url: httpx.URL, blocked: frozenset[str]) -> None:
    """Raise FeedError where the host, or a domain above it, is on the list of blocked ones."""
    if is_blocked(origin(url)[0], blocked):
        raise FeedError("address", f"{shown(url)}: this outlet is in config/blocked_hosts.toml")


def refuse_port(url: httpx.URL, ports: Iterable[int]) -> None:
    """Raise FeedError where the port is not one of these."""
    if origin(url)[1] not in ports:
        allowed = ", ".join(map(str, sorted(ports)))
        raise FeedError("address", f"{shown(url)}: this port is not allowed (FEED_PORTS: {allowed})")


def refuse_private_literal(url: httpx.URL) -> None:
    """Raise FeedError for a private address written as a number: all that can be checked where a proxy resolves."""
    try:
        address = ip_address(url.host.partition("%")[0])
    except ValueError:
        if url.host == "localhost" or url.host.replace(".", "").isdigit():
            raise _private(url.host) from None
        return
    if not is_public(address):
        raise _private(url.host)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of the name, by the system's resolver, in its order of preference."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Opens sockets to checked addresses only."""

    def __init__(self, resolver: Resolver, *, allow_private: bool) -> None:
        self._resolve, self._allow_private = resolver, allow_private
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers, once every one of them has been checked."""
        addresses = await self._addresses(host, port)
        if not self._allow_private and not all(is_public(address) for address in addresses):
            raise _private(host)
        share = timeout / min(len(addresses), MAX_TRIED) if timeout else timeout
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses[:MAX_TRIED]:
            try:
                return await self._sockets.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> tuple[Address, ...]:
        try:
            answers = await self._resolve(host, port)
            addresses = tuple(ip_address(answer.partition("%")[0]) for answer in answers)
        except (OSError, UnicodeError, ValueError):
            addresses = ()
        if not addresses:
            raise FeedError("dns", f"{host}: this host name is not known")
        return addresses


def guarded_transport(network: GuardedNetwork, context: ssl.SSLContext, connections: int) -> httpx.AsyncHTTPTransport:
    """An httpx transport whose every socket is opened by `network`."""
    transport = httpx.AsyncHTTPTransport(verify=context)
    transport._pool = httpcore.AsyncConnectionPool(  # noqa: SLF001 - httpx has no public way to choose the network
        ssl_context=context,
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=5,  # polls of a host are minutes apart; an idle connection only costs
        network_backend=network,
    )
    return transport


def _private(host: str) -> FeedError:
    return FeedError("address", f"{host}: this host is not on the public internet (see ALLOW_PRIVATE_FEEDS)")
