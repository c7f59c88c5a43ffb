"""A press on loopback that plays what feeds do over days, to the real poller, with a clock of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

import pytest_asyncio

from bot.domain.model import Feed, Polled
from bot.feeds.fetch import FetchPolicy, HttpFetcher
from bot.feeds.worker import Workers
from bot.services.poll import Poller
from bot.storage import SqlStore, open_store
from tests.feeds.conftest import Newspaper, Route, reply

START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUICK = FetchPolicy(connect=timedelta(seconds=1), total=timedelta(seconds=2), parse=timedelta(seconds=2.5))


@dataclass(frozen=True)
class Story:
    """An article as a feed shows it."""

    number: int
    title: str = ""
    summary: str = "La maire Odile Tessandier l’a annoncé."
    guid: str = ""
    path: str = ""
    at: datetime = START

    @property
    def name(self) -> str:
        return self.title or f"Le port de Vaubrun, épisode {self.number}"


def stories(*numbers: int, **changes: Any) -> list[Story]:
    """Articles by number, each published at its own minute."""
    return [Story(number, at=START + timedelta(minutes=number), **changes) for number in numbers]


def rss(shown: Sequence[Story], *, guids: bool = True, encoding: str = "utf-8", said: str = "") -> bytes:
    """A feed document; `said` is what it claims to be encoded in."""
    items = "".join(_item(story, guids=guids) for story in shown)
    head = f'<?xml version="1.0" encoding="{said or encoding}"?>'
    return f'{head}<rss version="2.0"><channel><title>Le Courrier</title>{items}</channel></rss>'.encode(
        encoding, "xmlcharrefreplace"
    )


def _item(story: Story, *, guids: bool) -> str:
    guid = f"<guid isPermaLink='false'>{story.guid or story.number}</guid>" if guids else ""
    link = f"https://courrier.example{story.path or f'/articles/{story.number}'}"
    texts = f"<title>{escape(story.name)}</title><description>{escape(story.summary)}</description>"
    return f"<item>{texts}<link>{link}</link>{guid}<pubDate>{format_datetime(story.at)}</pubDate></item>"


@dataclass
class Press:
    """Feeds over real sockets, polled whenever their time has come."""

    paper: Newspaper
    store: SqlStore
    fetcher: HttpFetcher
    feeds: list[Feed] = field(default_factory=list)
    now: datetime = START
    outcomes: list[Polled] = field(default_factory=list)

    async def open(self, *outlets: str, **fields: Any) -> list[Feed]:
        """Feeds of these outlets, each on a host of its own, polled from now on."""
        self.feeds += [Feed(name, self.paper.url(f"/{name}", f"{name}.test"), **fields) for name in outlets]
        await self.store.sync_feeds(self.feeds, self.now)
        return self.feeds[-len(outlets) :]

    def shows(self, outlet: str, answer: "bytes | Route | list[Story] | tuple[Story, ...]") -> None:
        """What the outlet's feed answers from now on: a whole answer, or these articles."""
        if isinstance(answer, list | tuple):
            answer = reply(200, rss(answer), Content_Type="application/xml")
        self.paper.routes[f"/{outlet}"] = answer

    async def poll(self, patience: timedelta | None = None) -> list[Polled]:
        """Let the clock run until the next feed is due, and poll all that are due within the hour; what became."""
        due = min(state.next_poll_at for state in await self.store.feed_states() if not state.disabled)
        self.now = max(self.now + timedelta(minutes=1), due + HOUR)
        poller = Poller(self.store, self.fetcher, timedelta(minutes=30))
        outcomes = list(await poller.poll_due(self.now, patience=patience))
        self.outcomes += outcomes
        await poller.close()
        return outcomes

    async def play(self, outlet: str, *editions: "bytes | Route | list[Story] | tuple[Story, ...]") -> list[Polled]:
        """Poll one edition after the other; the outcomes of that outlet."""
        played = []
        for edition in editions:
            self.shows(outlet, edition)
            played += [polled for polled in await self.poll() if polled.state.feed.outlet == outlet]
        return played

    async def titles(self, outlet: str = "") -> list[str]:
        """The titles of all stored articles, sorted."""
        found = await self.store.unanalysed("none", START - 400 * DAY, 100_000)
        return sorted(article.title for article in found if outlet in ("", article.outlet))


class LentWorkers(Workers):
    """One parser for all tests, which none of them ends: starting it takes longer than most of them."""

    async def close(self) -> None:
        """It is not theirs."""

    async def end(self) -> None:
        await super().close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def workers() -> AsyncIterator[LentWorkers]:
    pool = LentWorkers(1)
    yield pool
    await pool.end()


@pytest_asyncio.fixture(loop_scope="session")
async def press(tmp_path, workers) -> AsyncIterator[Press]:
    paper = Newspaper()
    server = await asyncio.start_server(paper.handle, "127.0.0.1", 0)
    paper.port = server.sockets[0].getsockname()[1]

    async def resolve(host: str, _port: int) -> tuple[str, ...]:
        return ("127.0.0.1",) if host.endswith(".test") else (host,)

    fetcher = HttpFetcher(QUICK, workers, resolver=resolve)
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=START, worker=True) as store:
        yield Press(paper, store, fetcher)
    await fetcher.close()
    server.close()


def names(*numbers: int) -> list[str]:
    return sorted(story.name for story in stories(*numbers))


Edit = Callable[[Story], Story]


def edited(shown: Sequence[Story], edit: Edit) -> list[Story]:
    return [edit(story) for story in shown]


__all__ = ["DAY", "HOUR", "START", "Press", "Story", "edited", "names", "replace", "reply", "rss", "stories"]
