"""Who may see a page: whoever opened the link with the token here, and no other site's page in their browser.

A guard is ASGI around ASGI, so that an answer that never ends (server-sent events) passes through as it is.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "verbatim_token"
_YEAR = 365 * 24 * 3600  # seconds
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_OURSELVES = frozenset({"none", "same-origin"})  # an address typed or opened from a terminal; our own page
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets a request through to `app` with the token's cookie, from our own pages; headers of `app` win over ours."""

    app: ASGIApp
    token: str = field(repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of `app` where it is not to be asked."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        answer = foreign(request) or self._stranger(request)
        if answer is None:
            await self.app(scope, receive, _with_headers(send))
        else:
            await answer(scope, receive, _with_headers(send))

    def _stranger(self, request: Request) -> Response | None:
        """What somebody without the cookie gets; None for whoever has it."""
        given = request.query_params.get("token")
        if given is not None and request.method in _SAFE_METHODS and self._knows(given):
            # The token leaves the address at once, so that it is in no history and no screenshot.
            answer = RedirectResponse(request.url.path, 303)
            answer.set_cookie(COOKIE, given, max_age=_YEAR, httponly=True, samesite="strict", path="/")
            return answer
        if self._knows(request.cookies.get(COOKIE, "")):
            return None
        return PlainTextResponse("Open the link with the token that was printed at the start.\n", 401)

    def _knows(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(errors="replace"), self.token.encode())


def foreign(request: Request) -> Response | None:
    """The refusal of a request that another site's page makes; None where it is ours."""
    if request.headers.get("sec-fetch-site", "none") not in _OURSELVES:
        return PlainTextResponse("Opened from another site: open the link printed at the start.\n", 403)
    if request.method in _SAFE_METHODS:
        return None
    # Whatever changes something is sent by our own script, which no other site can imitate: its Origin, JSON.
    if request.headers.get("origin") != f"{request.url.scheme}://{request.headers.get('host', '')}":
        return PlainTextResponse("Only our own page may send this.\n", 403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return PlainTextResponse("Only application/json is taken here.\n", 415)
    return None


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
