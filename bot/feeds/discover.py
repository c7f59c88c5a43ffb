"""What a person means by an address: the feed there, or one that the page there names.

The rules are those of strangers' feeds throughout: public addresses and allowed ports, on every hop and for every
address that a page names, and no blocked host.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import FeedError
from bot.domain.model import Feed, FeedState, FetchedFeed, FoundFeed, ParsedFeed
from bot.feeds.guard import checked_url, shown

TRIED = 3  # of the feeds that a page names
SCHEMES = ("http://", "https://")
NO_CONNECTION = frozenset({"connect", "tls", "timeout"})

Fetch = Callable[[FeedState, datetime], Awaitable[FetchedFeed]]
Parse = Callable[[FetchedFeed], Awaitable[ParsedFeed]]
Links = Callable[[FetchedFeed], Awaitable[tuple[tuple[str, str], ...]]]


async def discover(typed: str, now: datetime, fetch: Fetch, parse: Parse, links: Links) -> FoundFeed:
    """The feed at an address as typed, or the first readable one that the page there names; raises FeedError."""
    address = _address(typed)
    try:
        fetched = await fetch(_stranger(address, now), now)
    except FeedError as error:
        if error.kind not in NO_CONNECTION or typed.strip().lower().startswith(SCHEMES):
            raise
        address = "http" + address.removeprefix("https")  # nobody said which: some sites only know the old one
        fetched = await fetch(_stranger(address, now), now)
    try:
        return _found(address, fetched, await parse(fetched))
    except FeedError as error:
        if error.kind != "not-a-feed":
            raise
        return await _named(fetched, now, fetch, parse, await links(fetched), error)


async def _named(
    page: FetchedFeed, now: datetime, fetch: Fetch, parse: Parse, named: tuple[tuple[str, str], ...], error: FeedError
) -> FoundFeed:
    for address, _ in named[:TRIED]:
        try:
            fetched = await fetch(_stranger(address, now), now)
            found = _found(address, fetched, await parse(fetched))
        except FeedError as worse:
            error = worse
            continue
        others = tuple(link for link in named if link[0] != address)
        return replace(found, page=page.final_url, others=others)
    raise error


def _address(typed: str) -> str:
    text = typed.strip()
    for scheme in ("feed://", "feed:"):
        if text.lower().startswith(scheme):
            text = text[len(scheme) :]
            break
    if "://" not in text:
        text = f"https://{text.lstrip('/')}"
    url = checked_url(text)
    if "." not in url.host and ":" not in url.host:
        raise FeedError("address", f"{shown(text)}: this is no address of a web site")
    return str(url.copy_with(fragment=None))


def _stranger(address: str, now: datetime) -> FeedState:
    return FeedState(Feed(outlet="", url=address, trusted=False), next_poll_at=now)


def _found(address: str, fetched: FetchedFeed, parsed: ParsedFeed) -> FoundFeed:
    return FoundFeed(fetched.permanent_url or address, parsed)
