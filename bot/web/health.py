"""Whether things move, for machines: /health, public. It says nothing but that."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def health_routes(health: Callable[[], Awaitable[Mapping[str, object]]]) -> list[Route]:
    """/health: 200 while the status is "ok", else 503."""

    async def show(_request: Request) -> Response:
        found = await health()
        return JSONResponse(dict(found), status_code=200 if found.get("status") == "ok" else 503)

    return [Route("/health", show)]
