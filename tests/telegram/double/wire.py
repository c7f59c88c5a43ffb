"""HTTP/1.1 on loopback: h11 over asyncio streams, because a double must also be able to hang up in the middle.

A web framework answers every request; this one may answer, drop the connection, or learn that the client has gone
(a long poll ends when its client is killed).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import h11

_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Request:
    """A complete request; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Drop(Exception):
    """Raised by the respondent to close the connection without an answer."""


Respond = Callable[[Request], Awaitable[Answer]]


class Wire:
    """A listening socket whose requests are given to `respond`."""

    def __init__(self, respond: Respond) -> None:
        self.port = 0
        self._respond = respond
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen on 127.0.0.1: a free port the first time, the same one again afterwards."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse new connections and cut all that are open."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            await _Talk(reader, writer, self._respond).go_on()
        except asyncio.CancelledError:
            # Only `close` cancels; a task of asyncio's server that ends cancelled would be logged as an error.
            pass
        finally:
            self._talks.discard(talk)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


class _Talk:
    """One connection: requests in, answers out, until somebody hangs up."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: Respond) -> None:
        self._reader, self._writer, self._respond = reader, writer, respond
        self._http = h11.Connection(h11.SERVER)
        self._incoming: asyncio.Task[bytes] | None = None

    async def go_on(self) -> None:
        try:
            while (request := await self._request()) is not None:
                if not await self._answer(request):
                    return
        except (h11.RemoteProtocolError, OSError):
            return
        finally:
            if self._incoming is not None:
                self._incoming.cancel()
                await asyncio.gather(self._incoming, return_exceptions=True)

    async def _request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._read())
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
                return Request(head.method.decode(), head.target.decode("latin-1"), headers, bytes(body))
            else:
                return None  # the client closed the connection, or it is paused for good

    async def _read(self) -> bytes:
        incoming, self._incoming = self._incoming, None
        return await (incoming or asyncio.ensure_future(self._reader.read(_CHUNK)))

    async def _answer(self, request: Request) -> bool:
        """Answer unless the client hangs up first; False when the connection is over."""
        response = asyncio.ensure_future(self._respond(request))
        self._incoming = asyncio.ensure_future(self._reader.read(_CHUNK))
        try:
            await asyncio.wait((response, self._incoming), return_when=asyncio.FIRST_COMPLETED)
            if not response.done() and not self._gone():
                await asyncio.wait((response,))  # it sent more already: that waits its turn
            if not response.done():
                return False
            return await self._write(response.result())
        except Drop:
            return False
        finally:
            response.cancel()
            await asyncio.gather(response, return_exceptions=True)

    def _gone(self) -> bool:
        incoming = self._incoming
        return incoming is not None and incoming.done() and (incoming.exception() is not None or not incoming.result())

    async def _write(self, answer: Answer) -> bool:
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
        head = h11.Response(status_code=answer.status, headers=list(headers.items()))
        for event in (head, h11.Data(data=answer.body), h11.EndOfMessage()):
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
        if self._http.our_state is h11.MUST_CLOSE:
            return False
        self._http.start_next_cycle()
        return True
