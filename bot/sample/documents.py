"""What an outlet of the sample puts on the wire as its feed: RSS 2.0 or Atom, in its own character set."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.sample.articles import NOTICE, Printed, SampleOutlet

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"

MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def feed_document(outlet: SampleOutlet, articles: Sequence[Printed], address: str) -> bytes:
    """The feed that holds these articles (newest first, at least one), its links under `address`."""
    root = _atom(outlet, articles, address) if outlet.format == "atom" else _rss(outlet, articles, address)
    # Serialising escapes what has to be, and writes as references what the character set does not hold.
    document: bytes = tostring(root, encoding=outlet.encoding, xml_declaration=True)
    return document


def _rss(outlet: SampleOutlet, articles: Sequence[Printed], address: str) -> Element:
    root = Element("rss", {"version": "2.0", "xmlns:dc": _DC})
    channel = SubElement(root, "channel")
    _add(channel, "title", outlet.name)
    _add(channel, "link", f"{address}/{outlet.slug}/")
    _add(channel, "description", f"{outlet.motto}. {NOTICE}.")
    _add(channel, "language", "fr")
    _add(channel, "copyright", NOTICE)
    _add(channel, "lastBuildDate", format_datetime(articles[0].published_at))
    for article in articles:
        item = SubElement(channel, "item")
        _add(item, "title", article.title)
        _add(item, "link", f"{address}{article.path}")
        _add(item, "guid", f"{address}{article.path}", isPermaLink="true")
        _add(item, "pubDate", format_datetime(article.published_at))
        _add(item, "dc:creator", article.author)
        _add(item, "category", article.section)
        _add(item, "description", article.summary)
    return root


def _atom(outlet: SampleOutlet, articles: Sequence[Printed], address: str) -> Element:
    root = Element("feed", xmlns=_ATOM)
    _add(root, "title", outlet.name)
    _add(root, "subtitle", f"{outlet.motto}. {NOTICE}.")
    _add(root, "id", f"urn:verbatim-sample:{outlet.slug}")
    _add(root, "link", href=f"{address}/{outlet.slug}/")
    _add(root, "rights", NOTICE)
    _add(root, "updated", _iso(articles[0].published_at))
    for article in articles:
        entry = SubElement(root, "entry")
        _add(entry, "title", article.title)
        _add(entry, "link", href=f"{address}{article.path}")
        _add(entry, "id", f"urn:verbatim-sample:{article.path.strip('/').replace('/', ':')}")
        _add(entry, "published", _iso(article.published_at))
        _add(entry, "updated", _iso(article.published_at))
        _add(SubElement(entry, "author"), "name", article.author)
        _add(entry, "category", term=article.section)
        _add(entry, "summary", f"<p>{escape(article.summary, quote=False)}</p>", type="html")
    return root


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
