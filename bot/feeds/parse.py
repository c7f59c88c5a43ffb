"""From the bytes of a feed document to its entries, through feedparser; runs in a worker process.

feedparser gets bytes in memory only (a string would be opened as a file or address), already in UTF-8, with sanitising
and resolving off: both are quadratic on hostile input, and our own text extraction is stricter. Its complaints (`bozo`)
are no reason to refuse: entries of broken documents are still good. Whatever it finds becomes an entry or a Dropped.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import unquote, urlsplit

import feedparser

from bot.domain.errors import FeedError
from bot.domain.identity import page_of
from bot.domain.model import Dropped, Entry, ParsedFeed
from bot.feeds.boilerplate import without_boilerplate
from bot.feeds.canonical import absolute, canonical
from bot.feeds.dates import read_date
from bot.feeds.encoding import as_utf8
from bot.feeds.guard import shown
from bot.feeds.markup import plain_line, plain_text
from bot.feeds.walls import looks_like_wall
from bot.feeds.wishes import skips_of, ttl_of

DATES = ("published", "updated", "created", "issued", "expired")
FIRST_WORDS = 100  # characters of a summary that stand for a missing title
LONGEST_TEXT = 50_000  # of a summary: full articles fit, books do not
LONGEST_TITLE = 200  # of the feed itself
WHOLE = ("ttl", "skip_hours", "skip_days", "title")
PLAIN = "text/plain"
PIECE = 200
_LINK = re.compile(
    rb"</?link\b[^>]*>"
)  # of which feedparser dies even where they are closed: `<link><link></link></link>`


def parse_document(body: bytes, *, content_type: str, url: str, timezone: str) -> ParsedFeed:
    """All entries of a feed document in its order, and what could not be used; FeedError where it is no feed."""
    if not body.strip(b" \t\r\n\0"):
        raise FeedError("empty", f"{shown(url)}: an empty document")
    utf8 = as_utf8(body, content_type)
    document = _read(utf8, url)
    if not document.version and not document.entries:
        raise _no_feed(body, url)
    reading = _Reading(url, timezone)
    for item in document.entries:
        reading.add(item)
    if reading.entries and _ends_within_an_item(utf8):
        reading.entries[-1] = replace(reading.entries[-1], whole=False)
    return ParsedFeed(
        tuple(reading.entries),
        tuple(reading.dropped),
        ttl_of(_text(document.feed, "ttl")),
        *skips_of(utf8),
        title=plain_line(_text(document.feed, "title"))[:LONGEST_TITLE],
    )


def _ends_within_an_item(document: bytes) -> bool:
    """Whether the document was cut off in the middle of its last item."""
    return any(document.rfind(b"<%b" % name) > document.rfind(b"</%b>" % name) for name in (b"item", b"entry"))


def _read(document: bytes, url: str) -> feedparser.FeedParserDict:
    died = ""
    mends: tuple[Callable[[bytes], bytes], ...] = (bytes, _closed, lambda broken: _LINK.sub(b"", broken))
    for mend in mends:
        try:
            return _parsed(mend(document))
        except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever it dies of, this document is the reason
            died = died or type(error).__name__
    raise FeedError("not-a-feed", f"{shown(url)}: cannot be parsed ({died})")


def _parsed(document: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(
        io.BytesIO(document),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _closed(document: bytes) -> bytes:
    """The document with its tags closed where they must be: feedparser dies of `<link></item></link>`."""
    from lxml import etree  # only for such documents: 20 ms of importing

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(document, parser)
    return b"" if root is None else bytes(etree.tostring(root, encoding="utf-8"))


def in_pieces(body: bytes, content_type: str, url: str, timezone: str) -> Iterator[Mapping[str, object]]:
    """The same in pieces of plain tuples, which are quick to hand to another process; `joined` puts them together."""
    parsed = parse_document(body, content_type=content_type, url=url, timezone=timezone)
    yield {name: getattr(parsed, name) for name in WHOLE}
    for name, items in (("entries", parsed.entries), ("dropped", parsed.dropped)):
        rows = ([getattr(item, field) for field in item.__slots__] for item in items)
        while piece := list(islice(rows, PIECE)):
            yield {name: piece}


class _Reading:
    """Entries as they are read: knows which ids were given already."""

    def __init__(self, url: str, timezone: str) -> None:
        self.entries: list[Entry] = []
        self.dropped: list[Dropped] = []
        self._url, self._timezone = url, timezone
        self._known: dict[str, set[tuple[str, str]]] = {}  # id → the (address, title) that bore it

    def add(self, item: feedparser.FeedParserDict) -> None:
        """Keep one item, or say why not."""
        link = absolute(self._url, _link(item))
        url = canonical(absolute(self._url, _text(item, "feedburner_origlink")) or link)
        summary = _summary(item)
        title = plain_line(_text(item, "title")) or _title_for(summary, link)
        if not title:
            self.dropped.append(Dropped("empty", "an item without title, text or link"))
            return
        url = page_of(title, url)
        identity = _text(item, "id").strip() or url or _hash(title)
        known = self._known.setdefault(identity, set())
        if (url, title) in known:
            self.dropped.append(Dropped("duplicate", identity[:300]))
            return
        unique = self._unique(identity, url, title) if known else identity
        known.add((url, title))
        self.entries.append(Entry(unique, url, link, title, summary, _published(item, self._timezone)))

    def _unique(self, identity: str, url: str, title: str) -> str:
        """An id for another article under a known one: made of its address, else of its title too."""
        other_address = all(url != address for address, _ in self._known[identity])
        return f"{identity}#{_hash(url if other_address else url + title)}"


def _summary(item: feedparser.FeedParserDict) -> str:
    """The longest text of the item. Content that is no HTML beside a picture is the picture's caption."""
    pictured = any(name in item for name in ("media_content", "media_thumbnail", "media_credit"))
    texts = [_text(item, "summary")]
    contents = item.get("content") or ()
    texts += [content.get("value") or "" for content in contents if not (pictured and content.get("type") == PLAIN)]
    return without_boilerplate(plain_text(max(texts, key=len)[: LONGEST_TEXT * 2]))[:LONGEST_TEXT]


def _title_for(summary: str, link: str) -> str:
    """Where there is no title: the first words of the text, else what the address says."""
    line = " ".join(summary.split())
    if len(line) > FIRST_WORDS:
        line = line[:FIRST_WORDS].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    if line or not link:
        return line
    parts = urlsplit(link)
    slug = unquote(parts.path.rstrip("/").rpartition("/")[2]).partition(".")[0]
    return " ".join(slug.replace("-", " ").replace("_", " ").split()) or (parts.hostname or "")


def _link(item: feedparser.FeedParserDict) -> str:
    """The item's page; where it has none, what it encloses."""
    links = [link.get("href") for link in item.get("links") or ()]
    return _text(item, "link") or next((link for link in links if link), "")


def _published(item: feedparser.FeedParserDict, timezone: str) -> datetime | None:
    """The first of its dates that can be read."""
    dates = (read_date(_text(item, name), timezone) for name in DATES)
    return next((date for date in dates if date), None)


def _text(item: feedparser.FeedParserDict, name: str) -> str:
    """A field that is really there: feedparser answers for some names with another's value."""
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _no_feed(body: bytes, url: str) -> FeedError:
    """What it is instead, as far as that is plain to see."""
    start = body[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if looks_like_wall(body):
        return FeedError("challenge", f"{shown(url)}: a bot wall stands in front of it")
    if b"<html" in start or start.startswith(b"<!doctype html"):
        return FeedError("not-a-feed", f"{shown(url)}: a web page, not a feed")
    if start.startswith((b"{", b"[")):
        return FeedError("not-a-feed", f"{shown(url)}: JSON, not an RSS or Atom feed")
    return FeedError("not-a-feed", f"{shown(url)}: neither RSS nor Atom")
