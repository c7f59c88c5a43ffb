"""The latest digest as a page of its own: /digest, guarded."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route


def digest_routes(page: Callable[[], Awaitable[str]]) -> list[Route]:
    """/digest: the page as the program makes it at that moment."""

    async def show(_request: Request) -> Response:
        return HTMLResponse(await page())

    return [Route("/digest", show)]
