"""One question over HTTP: guarded, bounded in time and size, redirects followed by hand. The only user of httpx."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.domain.errors import FeedError
from bot.feeds.guard import (
    GuardedNetwork,
    Origin,
    Resolver,
    checked_url,
    guarded_transport,
    origin,
    refuse_blocked,
    refuse_port,
    refuse_private_literal,
    resolve,
    shown,
)
from bot.feeds.inflate import Body, codings, refuse_codings
from bot.feeds.policy import FetchPolicy
from bot.feeds.turns import Pause, Turns

OK = 200
NOT_MODIFIED = 304
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
STEP = 65_536


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask for. `home` is the owner's own address where the feed is his word, else "".

    `validators` go to the host that gave them and to no other.
    """

    url: str
    accept: str
    home: str = ""
    validators: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, redirects done: `body` is inflated; of an error only its beginning is read."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    permanent_url: str = ""  # end of the unbroken prefix of permanent redirects

    def exact(self, name: str) -> str:
        """The header's very bytes, as latin-1 text: validators are given back as they came."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers.raw if key.lower() == wanted), "")


class Wire:
    """Asks questions; every failure is a FeedError."""

    def __init__(self, policy: FetchPolicy, *, resolver: Resolver = resolve, pause: Pause | None = None) -> None:
        self._policy = policy
        self._turns = Turns(policy.in_flight, policy.host_gap, pause)
        self._manners = [(b"User-Agent", policy.user_agent.encode()), (b"Accept-Encoding", b"gzip")]
        timeout = httpx.Timeout(policy.total.total_seconds(), connect=policy.connect.total_seconds())
        self._limits = {"timeout": timeout.as_dict()}
        # Transports without a client: no cookies, no memory, no environment, and half the time of a request saved.
        context, places = httpx.create_ssl_context(trust_env=False), policy.in_flight
        self._home = guarded_transport(GuardedNetwork(resolver, allow_private=True), context, places)
        self._world = guarded_transport(GuardedNetwork(resolver, allow_private=policy.allow_private), context, places)
        if policy.proxy:
            self._world = httpx.AsyncHTTPTransport(verify=context, proxy=policy.proxy, trust_env=False)

    async def ask(self, question: Question) -> Answer:
        """The answer at the end of the redirects; raises FeedError where there is none. Any status is an answer."""
        url = checked_url(question.url)
        first, home = origin(url), origin(checked_url(question.home)) if question.home else None
        left, unbroken, permanent_url = self._policy.total.total_seconds(), True, ""
        for _ in range(self._policy.max_redirects + 1):
            headers = _headers(question, conditional=origin(url) == first)
            async with self._turns.turn(url.host):
                started = asyncio.get_running_loop().time()
                answer = await self._hop(url, headers, home, left)
                left -= asyncio.get_running_loop().time() - started
            if answer.status not in REDIRECTS:
                return Answer(answer.status, answer.headers, answer.body, str(url), permanent_url)
            url = _next(url, answer.headers.get("location", ""))
            unbroken = unbroken and answer.status in PERMANENT
            permanent_url = str(url) if unbroken else permanent_url
        raise FeedError("redirects", f"{shown(question.url)}: more than {self._policy.max_redirects} redirects")

    async def close(self) -> None:
        """Close every connection."""
        await self._home.aclose()
        await self._world.aclose()

    async def _hop(
        self, url: httpx.URL, headers: list[tuple[bytes, bytes]], home: Origin | None, left: float
    ) -> Answer:
        transport = self._transport_for(url, home)
        try:
            async with asyncio.timeout(left):
                request = httpx.Request("GET", url, headers=[*self._manners, *headers], extensions=self._limits)
                response = await transport.handle_async_request(request)
                response.request = request
                try:
                    body = await self._body(response)
                finally:
                    await response.aclose()
        except TimeoutError:
            limit = timedelta(seconds=round(self._policy.total.total_seconds(), 1))
            raise FeedError(
                "timeout", f"{shown(url)}: not answered in full within {limit.total_seconds():g} s"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _translated(error, url) from error
        return Answer(response.status_code, response.headers, body, str(url))

    def _transport_for(self, url: httpx.URL, home: Origin | None) -> httpx.AsyncHTTPTransport:
        """The owner's own host and port may be anywhere; all else keeps the rules for strangers, on every hop."""
        refuse_blocked(url, self._policy.blocked_hosts)
        if origin(url) == home and not (self._policy.proxy and _may_be_public(url)):
            return self._home
        if origin(url) != home:
            refuse_port(url, self._policy.ports)
        if self._policy.proxy and not self._policy.allow_private:
            refuse_private_literal(url)
        return self._world

    async def _body(self, response: httpx.Response) -> bytes:
        status, where = response.status_code, shown(response.url)
        if status in REDIRECTS or status == NOT_MODIFIED:
            return b""
        applied = codings(response.headers.get("content-encoding", ""))
        if status == OK:
            refuse_codings(applied, where)
        body = Body(applied, where, max_wire=self._policy.max_wire, max_body=self._policy.max_body)
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length) > self._policy.max_wire:
            raise FeedError("too-large", f"{where}: larger than {self._policy.max_wire / 1e6:g} MB")
        async for raw in response.aiter_raw(STEP):
            body.add(raw)
            if status != OK:
                break  # the beginning of an error page tells what stands there
        return body.read()


def _headers(question: Question, *, conditional: bool) -> list[tuple[bytes, bytes]]:
    headers = [(b"Accept", question.accept.encode())]
    for name, value in (question.validators or {}).items():
        if conditional and value and value.isprintable():
            headers.append((name.encode(), value.encode("latin-1", "replace")))
    return headers


def _next(url: httpx.URL, location: str) -> httpx.URL:
    if not location:
        raise FeedError("redirects", f"{shown(url)}: redirected, but not said where to")
    try:
        return checked_url(str(url.join(location.strip()).copy_with(fragment=None)))
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise FeedError("redirects", f"{shown(url)}: redirected to something that is no address") from None


def _may_be_public(url: httpx.URL) -> bool:
    try:
        refuse_private_literal(url)
    except FeedError:
        return False
    return True


def _translated(error: Exception, url: httpx.URL) -> FeedError:
    """The errors of httpx as ours, by type only; a TLS failure hides in the chain of causes."""
    where = shown(url)
    if isinstance(error, httpx.TimeoutException):
        return FeedError("timeout", f"{where}: no answer in time")
    if _caused_by_tls(error):
        return FeedError("tls", f"{where}: no secure connection (certificate or protocol)")
    if isinstance(error, httpx.ConnectError):
        return FeedError("connect", f"{where}: nothing answers there")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return FeedError("address", f"{where}: not an address that can be asked")
    return FeedError("connect", f"{where}: the connection broke ({type(error).__name__})")


def _caused_by_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
