"""Where Telegram brings updates: one path of ours, public, for whoever knows the secret that setWebhook told it.

The answer is 200 at once and the work is done after it: Telegram waits for it before it brings the next. Whoever does
not know the secret learns nothing. Telegram brings an update again whose answer was lost; it is taken once.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name, not the secret)
MOST_BYTES = 1_000_000  # of an update; those of Telegram are a few thousand
REMEMBERED = 1000  # numbers of updates that were taken

Update = Mapping[str, Any]


@dataclass(slots=True)
class Webhook:
    """`take` deals with an update in its own time; False where it cannot yet, or has too much to do already."""

    path: str
    secret: str = field(repr=False)
    take: Callable[[Update], bool]
    _taken: dict[int, None] = field(default_factory=dict, repr=False)

    def routes(self) -> list[Route]:
        """The one route; the host it is asked under is the public one, whatever stands in between."""
        return [Route(self.path, self._receive, methods=["POST"])]

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="replace"), self.secret.encode()):
            return _refused(403)
        body = await _body(request)
        if body is None:
            return _refused(413)
        update = _update(body)
        if update is None:
            return _refused(400)
        number = update["update_id"]
        if number in self._taken:
            return Response()
        if not self.take(update):
            return Response(status_code=503)  # it is brought again
        self._remember(number)
        return Response()

    def _remember(self, number: int) -> None:
        self._taken[number] = None
        if len(self._taken) > REMEMBERED:
            del self._taken[next(iter(self._taken))]


def _refused(status: int) -> Response:
    # Whatever is still being sent is not waited for.
    return Response(status_code=status, headers={"connection": "close"})


async def _body(request: Request) -> bytes | None:
    """What was sent; None where that is too much."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            return None
    return b"".join(parts)


def _update(body: bytes) -> Update | None:
    """The update; None where it is none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(update, dict):
        return None
    number = update.get("update_id")
    return update if isinstance(number, int) and not isinstance(number, bool) else None
