"""The feeds that a web page names: `<link rel="alternate">` first, else links that look like feeds.

Runs in a worker process: it is HTML of strangers. One pass of regular expressions that cannot run away, no tree.
"""

import html
import re
from urllib.parse import urljoin, urlsplit

from bot.feeds.canonical import absolute

TAG = re.compile(r"<(link|a|base)\s((?:[^<>\"']|\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'){1,4000}?)/?>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml", "application/xml"})
LOOKS_LIKE = re.compile(r"(?:^|[/._-])(?:rss|atom|feed|flux-rss)(?:\.xml|\.php|\.rss)?/?$", re.IGNORECASE)
COMMENTS = re.compile(r"comment", re.IGNORECASE)
LOOKED_AT = 1_000_000
MOST = 8


def feed_links(page: bytes, url: str) -> tuple[tuple[str, str], ...]:
    """Address and title of the feeds, as the page orders them, those of comments last; each address once."""
    said: dict[str, str] = {}
    guessed: dict[str, str] = {}
    base = url
    for tag in TAG.finditer(page[:LOOKED_AT].decode("utf-8", "replace")):
        values = {found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in _found(tag[2])}
        address = absolute(base, values.get("href", ""))
        if tag[1].lower() == "base":
            base = urljoin(url, values.get("href", ""))
        elif not address or address == url:
            continue
        elif tag[1].lower() == "link":
            if _is_feed(values):
                said.setdefault(address, " ".join(values.get("title", "").split()))
        elif LOOKS_LIKE.search(urlsplit(address).path):
            guessed.setdefault(address, "")
    links = tuple((said or guessed).items())
    return tuple(sorted(links, key=lambda link: bool(COMMENTS.search(link[0] + link[1]))))[:MOST]


def _found(attributes: str) -> list[re.Match[str]]:
    return list(ATTRIBUTE.finditer(attributes[:4_000]))


def _is_feed(values: dict[str, str]) -> bool:
    kind = values.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in values.get("rel", "").lower().split() and kind in TYPES
