"""Lists of feeds as other readers exchange them: OPML in and out."""

from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.domain.errors import FeedError, VerbatimError
from bot.domain.model import Feed
from bot.feeds.guard import checked_url

LARGEST = 5_000_000
DEEPEST = 50
SPELLINGS = ("xmlUrl", "xmlurl", "xmlURL")  # as it is spelt in the wild


def read_opml(body: bytes) -> tuple[Feed, ...]:
    """The feeds of an OPML document, each address once, in its order; folders become sections.

    Raises VerbatimError for what is no OPML or holds no feed. Addresses that are no web address are left out.
    """
    if len(body) > LARGEST:
        raise VerbatimError(f"this OPML file is larger than {LARGEST // 1_000_000} MB")
    try:
        root: Element = fromstring(body.strip())
    except ParseError as error:
        line, column = error.position
        raise VerbatimError(f"this is no OPML: its XML is broken at line {line}, column {column + 1}") from None
    except (DefusedXmlException, ValueError, LookupError):
        raise VerbatimError("this OPML is refused: it declares entities, or an unknown encoding") from None
    found = root.find("body")
    if root.tag.lower() != "opml" or found is None:
        raise VerbatimError(f"this is no OPML: it begins with <{root.tag[:40]}>; an OPML file has <opml> and <body>")
    feeds: dict[str, Feed] = {}
    for feed in _feeds(found, "", 0):
        feeds.setdefault(feed.url, feed)
    if not feeds:
        raise VerbatimError("this OPML holds no feed: no <outline> has an xmlUrl that is a web address")
    return tuple(feeds.values())


def write_opml(feeds: Iterable[Feed], title: str) -> str:
    """An OPML document of these feeds; `read_opml` gives their outlets, sections and addresses back."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    folders: dict[str, Element] = {}
    for feed in feeds:
        if feed.section and feed.section not in folders:
            folders[feed.section] = SubElement(body, "outline", text=feed.section, title=feed.section)
        SubElement(
            folders[feed.section] if feed.section else body,
            "outline",
            type="rss",
            text=feed.outlet,
            title=feed.outlet,
            xmlUrl=feed.url,
            language=feed.language,
        )
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _feeds(parent: Element, section: str, depth: int) -> Iterator[Feed]:
    for outline in parent.iterfind("outline") if depth < DEEPEST else ():
        name = _name(outline.attrib)
        address = next((outline.attrib[key].strip() for key in SPELLINGS if key in outline.attrib), "")
        if feed := _feed(address, name, section):
            yield feed
        yield from _feeds(outline, section if address else name, depth + 1)


def _name(attributes: Mapping[str, str]) -> str:
    return " ".join((attributes.get("text") or attributes.get("title") or "").split())


def _feed(address: str, name: str, section: str) -> Feed | None:
    try:
        host = checked_url(address).host if address else ""
    except FeedError:
        return None
    return Feed(outlet=name or host, url=address, section=section, trusted=False) if host else None
