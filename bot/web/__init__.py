"""What `verbatim run` serves over HTTP, on loopback by default: /health for machines, the latest digest for the owner.

The page answers only to a known Host, refuses requests that another site's page makes, and asks for the token that is
printed at the start (PRODUCT.md, section 9). /health needs no token and says nothing but whether things move.
"""

import asyncio
import contextlib
import hmac
import socket
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.domain.errors import VerbatimError

COOKIE = "verbatim_token"
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_GRACE = 2  # seconds that a request in progress gets at the end
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the page shows, as functions that the program gives."""

    token: str
    page: Callable[[], Awaitable[str]]
    health: Callable[[], Awaitable[Mapping[str, object]]]
    hosts: tuple[str, ...] = ()

    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[Route("/", self._page), Route("/health", self._health)],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK_HOSTS, *self.hosts])],
        )

    async def _health(self, _request: Request) -> Response:
        health = await self.health()
        return JSONResponse(dict(health), status_code=200 if health.get("status") == "ok" else 503)

    async def _page(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") == "cross-site":
            return PlainTextResponse("Opened from another site: open the link printed at the start.\n", 403)
        given = request.query_params.get("token")
        if given is not None and self._knows(given):
            # The token leaves the address at once, so that it is in no history and no screenshot.
            answer = RedirectResponse("/", 303, headers=_HEADERS)
            answer.set_cookie(COOKIE, given, httponly=True, samesite="strict", path="/")
            return answer
        if not self._knows(request.cookies.get(COOKIE, "")):
            return PlainTextResponse("Open the link with the token that was printed at the start.\n", 401)
        return HTMLResponse(await self.page(), headers=_HEADERS)

    def _knows(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


class PortTaken(VerbatimError):
    """The page cannot be served there; the bot goes on without it."""


class Serving:
    """A site that is being served."""

    def __init__(self, server: uvicorn.Server, task: asyncio.Task[None], address: str) -> None:
        self.address = address
        self._server, self._task = server, task

    async def close(self) -> None:
        """Stop serving and free the port; a second call changes nothing."""
        self._server.should_exit = True
        await self._task


async def serve_site(site: Site, host: str, port: int) -> Serving:
    """Serve in this event loop; port 0 takes a free one. Raises PortTaken."""
    config = uvicorn.Config(
        site.application(),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    try:
        listener = await asyncio.to_thread(_listen, host, port)
    except OSError as error:
        problem = error.strerror or str(error)
        raise PortTaken(f"the page is not served: {host}:{port}: {problem}; set WEB_PORT to a free port") from error
    server = _Guest(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    shown = f"[{host}]" if ":" in host else host
    return Serving(server, task, f"http://{shown}:{listener.getsockname()[1]}")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's delay off (40 ms an answer) only where it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class _Guest(uvicorn.Server):
    """uvicorn inside our loop: signals stay with the program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
