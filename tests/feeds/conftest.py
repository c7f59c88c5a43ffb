"""A newspaper on loopback: a real server in the test's own process that answers as each test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import Feed, FeedState
from bot.feeds.fetch import FetchPolicy, HttpFetcher
from bot.feeds.worker import Workers

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
QUICK = FetchPolicy(contact="https://verbatim.example", connect=timedelta(seconds=2), total=timedelta(seconds=5))

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Le Courrier</title>
<item><title>Le pont de Varenne rouvre</title><link>https://courrier.example/pont-1</link><guid>pont-1</guid>
<description>La maire Odile Ferrand a annoncé la réouverture.</description>
<pubDate>Sun, 22 Nov 2026 08:00:00 +0100</pubDate></item>
</channel></rss>""".encode()


@dataclass
class Asked:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]


Route = Callable[[Asked, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer; underscores in header names stand for hyphens."""
    fields = {"Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + body


@dataclass
class Newspaper:
    """Answers by path; `asked` holds every request in order."""

    routes: dict[str, bytes | Route] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    open_now: int = 0
    most_open: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = (line.partition(": ") for line in head[1:] if line)
            asked = Asked(head[0].split(" ")[1], {name.lower(): value for name, _, value in fields})
            self.asked.append(asked)
            answer = self.routes.get(asked.path, reply(404))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(asked, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client left, as some tests want
        finally:
            self.open_now -= 1
            writer.close()


@pytest.fixture
async def paper() -> AsyncIterator[Newspaper]:
    newspaper = Newspaper()
    server = await asyncio.start_server(newspaper.handle, "127.0.0.1", 0)
    newspaper.port = server.sockets[0].getsockname()[1]
    yield newspaper
    server.close()


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    pool = Workers(1)
    yield pool
    await pool.close()


async def no_such_name(host: str, port: int) -> tuple[str, ...]:
    raise OSError(host, port)


def resolver(**names: tuple[str, ...]):
    """Names of the test's own internet: underscores stand for dots; an address stands for itself."""

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        if host.replace(".", "").isdigit() or ":" in host:
            return (host,)
        return names.get(host.replace(".", "_")) or await no_such_name(host, port)

    return resolve


@pytest.fixture
async def fetcher(workers) -> AsyncIterator[Callable[..., HttpFetcher]]:
    """Makes fetchers of a policy; all are closed at the end."""
    made: list[HttpFetcher] = []

    def make(policy: FetchPolicy = QUICK, **names: tuple[str, ...]) -> HttpFetcher:
        made.append(HttpFetcher(policy, workers, resolver=resolver(**names)))
        return made[-1]

    yield make
    for each in made:
        await each.close()


def state_of(url: str, *, etag: str = "", last_modified: str = "", **fields: object) -> FeedState:
    """A feed due now, the owner's unless it says otherwise."""
    feed = Feed(outlet="Le Courrier", url=url, **fields)  # type: ignore[arg-type]
    return FeedState(feed=feed, next_poll_at=NOW, etag=etag, last_modified=last_modified)
