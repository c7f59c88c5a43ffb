"""Use case: a chat adds a feed of its own: found, checked against the owner's rules, shown before it is kept."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from bot.domain.errors import FeedError
from bot.domain.hosts import is_blocked
from bot.domain.model import Chat, Feed, FeedState, FoundFeed
from bot.domain.polling import same_site
from bot.ports import Fetcher, Store

PATIENCE = timedelta(seconds=25)  # somebody waits for the answer
SHOWN = 3
LONGEST_NAME = 40
GAP = timedelta(seconds=5)  # between two addresses of one chat: we are no scanner of strangers' networks

Reason = Literal["off", "many", "blocked", "soon"]


@dataclass(frozen=True, slots=True)
class Preview:
    """A feed as it would be added, with its first titles and what else the page named (address, title)."""

    feed: Feed
    titles: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()


Verdict: TypeAlias = "Preview | FeedState | FeedError | Reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scout:
    """Finds feeds for chats. `allowed`, `most` and `blocked` are the owner's word."""

    store: Store
    fetcher: Fetcher
    allowed: bool = True
    most: int = 20
    blocked: frozenset[str] = frozenset()

    async def look(self, chat: Chat, typed: str, now: datetime) -> Verdict:
        """The feed at an address; a FeedState where the chat reads it already, or why it cannot have it."""
        refused = await self._refused(chat, typed, now)
        if refused:
            return refused
        shared, own = await self.store.feed_states(), await self.store.chat_feeds(chat)
        if known := _known((*shared, *own), typed):
            return known
        if len(own) >= self.most:
            return "many"
        found = await self._found(typed, now)
        if isinstance(found, FeedError):
            return found
        return _known((*shared, *own), found.url) or _preview(found, shared)

    async def add(self, chat: Chat, feed: Feed, person: str, now: datetime) -> FeedState | None:
        """Keep a feed that was shown; None where the chat has too many, or may have none any more."""
        if not self.allowed:
            return None
        return await self.store.add_chat_feed(chat, feed, person, self.most, now)

    async def _found(self, typed: str, now: datetime) -> FoundFeed | FeedError:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self.fetcher.discover(typed, now)
        except FeedError as error:
            return error
        except TimeoutError:
            return FeedError("timeout", "not found within the time that somebody waits")

    async def _refused(self, chat: Chat, typed: str, now: datetime) -> Reason | None:
        if not self.allowed:
            return "off"
        text = typed if "://" in typed else f"https://{typed}"
        try:
            host = urlsplit(text.strip()).hostname or ""
        except ValueError:
            host = ""
        if is_blocked(host, self.blocked):
            return "blocked"
        return None if await self.store.take_turn(chat, "feed", now, GAP) else "soon"


def _known(states: tuple[FeedState, ...], address: str) -> FeedState | None:
    """The feed of that address that is read already, and works."""
    plain = _plain(address)
    return next((state for state in states if not state.disabled and _plain(state.feed.url) == plain), None)


def _plain(address: str) -> str:
    """Without what makes no other feed of it: scheme, www and a final slash."""
    text = address.strip().partition("://")[2] or address.strip()
    return text.removeprefix("www.").rstrip("/")


def _preview(found: FoundFeed, shared: tuple[FeedState, ...]) -> Preview:
    titles = tuple(entry.title for entry in found.parsed.entries[:SHOWN])
    return Preview(_feed_of(found, shared), titles, found.others)


def _feed_of(found: FoundFeed, shared: tuple[FeedState, ...]) -> Feed:
    """As an outlet that is known already where the site is, so that readers see one; else named by itself."""
    host = (urlsplit(found.url).hostname or "").removeprefix("www.")
    name = _short(found.parsed.title) or host
    for state in shared:
        if same_site(state.feed.url, found.url):
            return replace(state.feed, url=found.url, section=name, trusted=False, full_text="auto")
    return Feed(outlet=name, url=found.url, trusted=False)


def _short(title: str) -> str:
    """« Le Quai - Toute l’actualité du port » → « Le Quai »."""
    for cut in (" | ", " – ", " — ", " - ", " : ", " :: "):
        title = title.partition(cut)[0]
    title = " ".join(title.split())
    return title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1].rstrip()}…"
