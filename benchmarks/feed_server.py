"""A thousand feeds on loopback, in a process of their own: `python -m benchmarks.feed_server ITEMS` prints its port.

`/n` is feed n with an ETag, answered with 304 where it is given back; `/turn` publishes two new articles everywhere.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TEXT = "La maire de Vaubrun, Odile Tessandier, a annoncé que le port rouvrirait lundi, « si la mer le permet ». " * 3


def document(feed: int, turn: int, items: int) -> bytes:
    """Feed `feed` after so many turns: the same articles, two more of them in front each time."""
    shown = "".join(item(feed, number) for number in range(turn * 2 + items, turn * 2, -1))
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    return f"{head}<title>Média {feed}</title><ttl>15</ttl>{shown}</channel></rss>".encode()


def item(feed: int, number: int) -> str:
    """One article."""
    link = f"https://media{feed}.example/articles/{number}-le-port-rouvre?xtor=RSS-1"
    date = format_datetime(START + timedelta(minutes=number))
    return (
        f"<item><title>Le port de Vaubrun rouvre, épisode {number}</title><link>{link}</link>"
        f"<guid isPermaLink='false'>{feed}-{number}</guid><pubDate>{date}</pubDate>"
        f"<description><![CDATA[<p>{TEXT}</p>]]></description></item>"
    )


class Feeds:
    """Answers."""

    def __init__(self, items: int) -> None:
        self.items, self.turn = items, 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Questions on one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(self._answer(head))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if path == "/turn":
            self.turn += 1
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        etag = f'"{self.turn}"'.encode()
        if b"if-none-match: " + etag in head.lower():
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        body = document(int(path[1:]), self.turn, self.items)
        length = str(len(body)).encode()
        kind = b"Content-Type: application/rss+xml\r\nETag: " + etag
        return b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nContent-Length: " + length + b"\r\n\r\n" + body


async def main() -> None:
    """Serve until killed, on every loopback address."""
    server = await asyncio.start_server(Feeds(int(sys.argv[1])).handle, "0.0.0.0", 0, backlog=2_000)  # noqa: S104 - 127.0.0.0/8 is asked for by number
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
