"""Adapter: feeds and pages over HTTP. What a feed's answer means; how it is asked is in wire.py."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.errors import FeedError
from bot.domain.model import Article, Dropped, Entry, FeedState, FetchedFeed, FoundFeed, ParsedFeed
from bot.domain.polling import poll_url
from bot.feeds.discover import discover
from bot.feeds.guard import Resolver, resolve, shown
from bot.feeds.hints import retry_after, wished_wait
from bot.feeds.permission import PageReader
from bot.feeds.policy import FetchPolicy
from bot.feeds.turns import Pause
from bot.feeds.walls import is_wall, looks_like_wall
from bot.feeds.wire import NOT_MODIFIED, OK, Answer, Question, Wire
from bot.feeds.worker import Workers

__all__ = ["FetchPolicy", "HttpFetcher"]

ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
GONE = 410
NO_CONTENT = 204


class HttpFetcher:
    """The Fetcher port over the real network. `pause` is the clock's wait; without it hosts get no gap."""

    def __init__(
        self, policy: FetchPolicy, workers: Workers, *, resolver: Resolver = resolve, pause: Pause | None = None
    ) -> None:
        self._policy, self._workers = policy, workers
        self._wire = Wire(policy, resolver=resolver, pause=pause)
        self._pages = PageReader(self._wire, workers, policy)

    async def fetch(self, state: FeedState, now: datetime) -> FetchedFeed:
        """Ask once, with the validators exactly as they were given; `body` is None when nothing changed."""
        feed = state.feed
        validators = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        question = Question(poll_url(state), ACCEPT, feed.url if feed.trusted else "", validators)
        answer = await self._wire.ask(question)
        unchanged = answer.status == NOT_MODIFIED and any(validators.values())
        if not unchanged:
            _refuse_useless(answer, now)
        return FetchedFeed(
            feed=feed,
            fetched_at=now,
            body=None if unchanged else answer.body,
            content_type=answer.headers.get("content-type", ""),
            final_url=answer.url,
            etag=answer.exact("etag") or (state.etag if unchanged else ""),
            last_modified=answer.exact("last-modified") or (state.last_modified if unchanged else ""),
            permanent_url=answer.permanent_url,
            wait=wished_wait(answer.headers, now),
        )

    async def parse(self, fetched: FetchedFeed) -> ParsedFeed:
        """All entries that could be used, parsed in a worker process; raises FeedError where it is no feed."""
        if not fetched.body:
            raise FeedError("empty", f"{shown(fetched.feed.url)}: an empty document")
        pieces: tuple[Mapping[str, Any], ...] = await self._workers.run(
            "bot.feeds.parse:in_pieces",
            fetched.body,
            fetched.content_type,
            fetched.final_url or fetched.feed.url,
            fetched.feed.timezone,
            limit=self._policy.parse,
        )
        return joined(pieces)

    async def discover(self, typed: str, now: datetime) -> FoundFeed:
        """The feed that a person means by an address; FeedError where there is none."""
        return await discover(typed, now, self.fetch, self.parse, self._links)

    async def _links(self, page: FetchedFeed) -> tuple[tuple[str, str], ...]:
        links: tuple[tuple[str, str], ...] = await self._workers.run(
            "bot.feeds.links:feed_links", page.body, page.final_url, limit=self._policy.parse
        )
        return links

    async def read_page(self, article: Article, now: datetime) -> str:
        """The article's own text, "" where we may not read it or there is none; FeedError where the page failed."""
        return await self._pages.read(article, now)

    async def close(self) -> None:
        """Close connections and end worker processes."""
        await self._wire.close()
        await self._workers.close()


def joined(pieces: Iterable[Mapping[str, Any]]) -> ParsedFeed:
    """The parsed document that parse.in_pieces took apart."""
    entries: list[Entry] = []
    dropped: list[Dropped] = []
    whole: dict[str, Any] = {}
    for piece in pieces:
        if "entries" in piece:
            entries += [Entry(*row) for row in piece["entries"]]
        elif "dropped" in piece:
            dropped += [Dropped(*row) for row in piece["dropped"]]
        else:
            whole |= piece
    return ParsedFeed(tuple(entries), tuple(dropped), **whole)


def _refuse_useless(answer: Answer, now: datetime) -> None:
    """Raise FeedError for an answer that is no document."""
    where, status = shown(answer.url), answer.status
    if is_wall(answer.headers) or (status != OK and looks_like_wall(answer.body)):
        wait = retry_after(answer.headers, now)
        raise FeedError("challenge", f"{where}: a bot wall stands in front of it", status=status, retry_after=wait)
    if status == GONE:
        raise FeedError("gone", f"{where}: gone for good, says the server (410)", status=status)
    if status == NO_CONTENT or (status == OK and not answer.body.strip()):
        raise FeedError("empty", f"{where}: an empty answer", status=status)
    if status != OK:
        wait = retry_after(answer.headers, now)
        raise FeedError("http", f"{where}: the server answered {status}", status=status, retry_after=wait)
