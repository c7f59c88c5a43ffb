"""The site: routes for everybody, routes behind the token, and how they are served inside our own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from bot.domain.errors import VerbatimError
from bot.web.guard import Guard

_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_GRACE = 2  # seconds that a request in progress gets at the end


@dataclass(frozen=True, slots=True)
class Site:
    """What is served. `public` is for whoever asks, `guarded` for who has the token; "/" leads to `home`."""

    token: str = field(repr=False)
    public: tuple[Route, ...] = ()
    guarded: tuple[Route, ...] = ()
    home: str = "/digest"
    anywhere: tuple[Route, ...] = ()  # public under any Host: a proxy in front may name ours as it likes
    hosts: tuple[str, ...] = ()  # besides those of loopback

    def application(self) -> Starlette:
        """The ASGI application."""
        guarded = Starlette(routes=[Route("/", self._home), *self.guarded])
        known = Starlette(
            # Whatever is not public is behind the guard, an address that leads nowhere too.
            routes=[*self.public, Mount("/", Guard(guarded, self.token))],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK_HOSTS, *self.hosts])],
        )
        return Starlette(routes=[*self.anywhere, Mount("/", known)]) if self.anywhere else known

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse(self.home, 303)


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
