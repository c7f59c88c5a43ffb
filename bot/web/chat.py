"""The local chat over HTTP, guarded: its page, what is said and pressed, and what is new, as server-sent events.

What a browser sends is JSON of our own script (see guard) and small; what a message says is decided elsewhere.
"""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

LONGEST_BODY = 512 * 1024  # bytes: a file that /import takes, as base64, and 4,096 signs of whatever length
LONGEST_NAME = 120  # of a file
MOST_READERS = 32  # pages that wait for what is new, at a time
_LONGEST_PRESS = 64
_POLICY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
}
_FILES = {
    "chat.js": ("web/static", "text/javascript"),
    "chat.css": ("web/static", "text/css"),
    "icon.svg": ("web/static", "image/svg+xml"),
    "base.css": ("look", "text/css"),
}


class NotTaken(Exception):
    """What was sent cannot be taken: a status and one line for the person."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """The chat as functions that the program gives. `say` and `press` return a toast, "" for none, or raise NotTaken.

    `news` goes on for ever: what is beyond a version with the version that it leads to, and None while nothing is new.
    """

    page: Callable[[], Awaitable[str]]
    say: Callable[[str, str, tuple[str, bytes] | None], Awaitable[str]]  # words, language of the browser, a file
    press: Callable[[int, str, str], Awaitable[str]]  # message, data, language
    news: Callable[[int], AsyncIterator[tuple[int, Mapping[str, object]] | None]]
    file: Callable[[int], Awaitable[tuple[str, bytes] | None]]  # that came with a message


def chat_routes(door: ChatDoor) -> list[Route]:
    """/chat and what belongs to it."""
    entrance = _Entrance(door)
    return [
        Route("/chat", entrance.page),
        Route("/chat/events", entrance.events),
        Route("/chat/say", entrance.say, methods=["POST"]),
        Route("/chat/press", entrance.press, methods=["POST"]),
        Route("/chat/file/{message}", entrance.file),
        *(Route(f"/chat/{name}", entrance.part) for name in _FILES),
    ]


class _Entrance:
    """The routes of one chat."""

    def __init__(self, door: ChatDoor) -> None:
        self.door = door
        self.readers = 0

    async def page(self, _request: Request) -> Response:
        return HTMLResponse(await self.door.page(), headers=_POLICY)

    async def file(self, request: Request) -> Response:
        found = await self.door.file(_number(request.path_params["message"]))
        if found is None:
            return PlainTextResponse("This file is kept no more.\n", 404)
        name, content = found
        # Whatever it holds, a browser saves it and shows nothing of it.
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def part(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        folder, kind = _FILES[name]
        text = resources.files("bot").joinpath(folder, name).read_text(encoding="utf-8")
        return Response(text, media_type=kind)

    async def say(self, request: Request) -> Response:
        sent = await _json(request)
        words, given = (sent.get("words"), sent.get("file")) if sent else (None, None)
        file = _file(given)
        if not isinstance(words, str) or (given is not None and file is None) or not (words.strip() or file):
            return PlainTextResponse('Expected {"words": "…"}.\n', 400)
        return await _answered(self.door.say(words, _language(request), file))

    async def press(self, request: Request) -> Response:
        sent = await _json(request)
        message, data = (sent.get("message"), sent.get("data")) if sent else (None, None)
        whole = isinstance(message, int) and not isinstance(message, bool) and 0 < message < 2**53
        if not isinstance(message, int) or not whole or not isinstance(data, str) or len(data) > _LONGEST_PRESS:
            return PlainTextResponse('Expected {"message": 1, "data": "…"}.\n', 400)
        return await _answered(self.door.press(message, data, _language(request)))

    async def events(self, request: Request) -> Response:
        if self.readers >= MOST_READERS:
            return PlainTextResponse("Too many pages are open.\n", 503)
        version = _number(request.headers.get("last-event-id") or request.query_params.get("since", ""))
        return StreamingResponse(self._events(version), media_type="text/event-stream")

    async def _events(self, version: int) -> AsyncIterator[str]:
        self.readers += 1
        try:
            yield "retry: 1000\n\n"
            async for news in self.door.news(version):
                if news is None:
                    yield ":\n\n"  # a word now and then tells a connection that lives from a dead one
                else:
                    number, told = news
                    yield f"id: {number}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
        finally:
            self.readers -= 1


async def _answered(answer: Awaitable[str]) -> Response:
    try:
        return JSONResponse({"toast": await answer})
    except NotTaken as problem:
        return JSONResponse({"toast": problem.words}, problem.status)


async def _json(request: Request) -> Mapping[str, object] | None:
    """The object that was sent; None where it is none or far too long."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_BODY:
                return None
        sent = json.loads(body)
    except (ClientDisconnect, ValueError, RecursionError):
        return None
    return sent if isinstance(sent, dict) else None


def _file(given: object) -> tuple[str, bytes] | None:
    """The name and the bytes of a file that was sent along; None where there is none, or not as we send it."""
    if not isinstance(given, dict):
        return None
    name, content = given.get("name"), given.get("content")
    if not isinstance(name, str) or not isinstance(content, str):
        return None
    try:
        return name[:LONGEST_NAME], base64.b64decode(content, validate=True)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 (digits of 64 bits)


def _language(request: Request) -> str:
    """The first language of the browser, as it says it."""
    return request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()[:16]
