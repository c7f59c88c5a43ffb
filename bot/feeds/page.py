"""The article's own text out of the HTML of its page, through trafilatura; runs in a worker process.

What a reader may not see we do not take: a page that says of itself that it is not free, or that reserves text mining
(TDM), gives nothing, even where the whole text stands hidden in its source.
"""

import re

import trafilatura

from bot.feeds.boilerplate import without_boilerplate
from bot.feeds.walls import is_walled

META = re.compile(rb"<meta\b[^<>]{0,400}>", re.IGNORECASE)
RESERVED = re.compile(rb"name\s*=\s*[\"']?tdm-reservation[\"'\s].*content\s*=\s*[\"']?\s*1", re.IGNORECASE | re.DOTALL)
RESERVED_TURNED = re.compile(
    rb"content\s*=\s*[\"']?\s*1\b.*name\s*=\s*[\"']?tdm-reservation\b", re.IGNORECASE | re.DOTALL
)
FREE = re.compile(rb"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?(true|false)", re.IGNORECASE)


def page_text(page: bytes, url: str, paywall: bool) -> str:  # noqa: FBT001 - called by name over a pipe
    """Paragraphs apart by empty lines; "" where the page forbids it or holds none.

    Of an outlet with a paywall only pages that call themselves free are read.
    """
    if reserved(page) or not free(page, unless_said=not paywall):
        return ""
    text = trafilatura.extract(
        page, url=url, favor_precision=True, include_comments=False, include_tables=False, output_format="txt"
    )
    if not text or is_walled(text):
        return ""
    return without_boilerplate("\n\n".join(line.strip() for line in text.split("\n") if line.strip()))


def reserved(page: bytes) -> bool:
    """Whether a meta element reserves text and data mining."""
    return any(RESERVED.search(meta) or RESERVED_TURNED.search(meta) for meta in META.findall(page[:500_000]))


def free(page: bytes, *, unless_said: bool) -> bool:
    """Whether the page says that everybody may read it; `unless_said` where it says nothing."""
    said = {word.lower() for word in FREE.findall(page)}
    return b"false" not in said and (b"true" in said or unless_said)
