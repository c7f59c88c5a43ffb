"""The sample newsroom on the wire: invented outlets, served over loopback HTTP as real ones are.

It lives inside the program's own event loop. Articles are dated relative to the first start of the day (see editions),
and some are published while it runs, so that the polls after the first find something new, as they would outside.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.model import Feed
from bot.sample.articles import NOTICE, Printed, SampleArticle, SampleOutlet, print_article, read_outlets
from bot.sample.documents import MEDIA_TYPES, feed_document
from bot.sample.editions import Edition, Editions
from bot.sample.pages import article_page, front_page, kiosk_page

_LOOPBACK = "127.0.0.1"
_GRACE = 1  # seconds that a request in progress gets at the end


class Newsroom:
    """A newsroom that is being served: its feeds, and how to end it."""

    def __init__(self, desk: "_Desk", server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
        self.address = desk.address
        self.feeds: tuple[Feed, ...] = tuple(_feed(outlet, desk.address) for outlet in desk.outlets)
        self._server, self._serving = server, serving

    async def close(self) -> None:
        """Stop serving and free the port; a second call changes nothing."""
        self._server.should_exit = True
        await self._serving


async def serve_newsroom(clock: Callable[[], datetime], editions: Editions | None = None) -> Newsroom:
    """Open the newsroom on the port of 127.0.0.1 that `editions` remember, else a free one. What it shows is what is
    published by `clock()`.

    Raises ConfigError when an article is not as it should be, OSError when the machine gives no port.
    """
    outlets = await asyncio.to_thread(read_outlets)
    editions = editions or Editions()
    listener = _listen(editions.port)
    port = listener.getsockname()[1]
    editions.serve_on(port)
    editions.today(clock())
    desk = _Desk(outlets, f"http://{_LOOPBACK}:{port}", editions, clock)
    server = _QuietServer(
        uvicorn.Config(
            desk.application(),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="sample newsroom")
    return Newsroom(desk, server, serving)


def _listen(port: int) -> socket.socket:
    """That port, else a free one; it takes connections at once: a request before the server is up waits."""
    # The protocol is named because asyncio turns Nagle's delay off (40 ms an answer) only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Connections of the run before may linger on its port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_LOOPBACK, port))
        except OSError:
            listener.bind((_LOOPBACK, 0))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class _QuietServer(uvicorn.Server):
    """uvicorn as a guest: Ctrl-C and the other signals stay with the program that it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@dataclass(frozen=True, slots=True)
class _Desk:
    """What has been published so far, and the answers to requests for it."""

    outlets: tuple[SampleOutlet, ...]
    address: str
    editions: Editions
    clock: Callable[[], datetime]

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self.kiosk),
                Route("/robots.txt", self.robots),
                Route("/{outlet}/", self.front),
                Route("/{outlet}/rss.xml", self.feed),
                Route("/{outlet}/articles/{day}/{path}", self.article),
            ]
        )

    async def kiosk(self, _request: Request) -> Response:
        return _html(kiosk_page(self.outlets), "utf-8")

    async def robots(self, _request: Request) -> Response:
        closed = "".join(f"Disallow: /{outlet.slug}/articles/\n" for outlet in self.outlets if not outlet.robots)
        return PlainTextResponse(f"# {NOTICE}\nUser-agent: *\n{closed}Allow: /\n")

    async def front(self, request: Request) -> Response:
        outlet = self.outlet(request)
        return _html(front_page(outlet, self.published(outlet)), outlet.encoding) if outlet else _missing()

    async def feed(self, request: Request) -> Response:
        outlet = self.outlet(request)
        if outlet is None:
            return _missing()
        articles = self.published(outlet)
        body = feed_document(outlet, articles, self.address)
        changed = articles[0].published_at.astimezone(UTC)
        headers = {
            "ETag": f'"{sha256(body).hexdigest()[:16]}"',
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Content-Type": f"{MEDIA_TYPES[outlet.format]}; charset={outlet.encoding}",
        }
        if _has_it(request, headers["ETag"], changed):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers)

    async def article(self, request: Request) -> Response:
        outlet = self.outlet(request)
        edition = self.editions.of(request.path_params["day"])
        articles = self.published(outlet, edition) if outlet and edition else ()
        for article in articles:
            if outlet and article.path == request.url.path:
                others = [other for other in articles if other is not article]
                return _html(article_page(outlet, article, others), outlet.encoding)
        return _missing()

    def outlet(self, request: Request) -> SampleOutlet | None:
        """The outlet that the address names, None if there is none."""
        return next((outlet for outlet in self.outlets if outlet.slug == request.path_params["outlet"]), None)

    def published(self, outlet: SampleOutlet, edition: Edition | None = None) -> Sequence[Printed]:
        """What an edition, today's by default, has published: newest first, nothing before its time."""
        now = self.clock()
        edition = edition or self.editions.today(now)
        printed = (_printed(article, outlet, edition) for article in outlet.articles)
        return sorted((p for p in printed if p.published_at <= now), key=lambda p: p.published_at, reverse=True)


def _printed(article: SampleArticle, outlet: SampleOutlet, edition: Edition) -> Printed:
    path = f"/{outlet.slug}/articles/{edition.day}/{article.path}"
    return replace(print_article(article, outlet, edition.start), path=path)


def _has_it(request: Request, etag: str, changed: datetime) -> bool:
    """Whether the client's copy is ours: by its ETag if it sent one, else by its date (RFC 9110, 13.2.2)."""
    if wanted := request.headers.get("if-none-match"):
        return etag in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    try:
        return changed <= parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):  # no date, or none that could be compared: the whole document is the safe answer
        return False


def _html(document: str, encoding: str) -> Response:
    body = document.encode(encoding, errors="xmlcharrefreplace")
    return Response(body, headers={"Content-Type": f"text/html; charset={encoding}"})


def _missing() -> Response:
    return PlainTextResponse("Cette page n’existe pas, ou pas encore.\n", status_code=404)


def _feed(outlet: SampleOutlet, address: str) -> Feed:
    return Feed(
        outlet=outlet.name,
        url=f"{address}/{outlet.slug}/rss.xml",
        section="À la une",
        country=outlet.country,
        kind=outlet.kind,
        timezone=outlet.zone.key,
        paywall=outlet.paywall,
    )
