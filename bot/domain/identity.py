"""Which items of a feed are articles that we know already, where neither id nor address says so. Pure.

Requirements: an article is told once, whatever its publishing system does to ids and addresses; two articles are never
taken for one. Theory, from the feeds that we have seen:

- An id and an address that both change are another article, but for two cases: the item carries the same title and the
  same date as one that has just left the feed (an address was corrected); or most items of the feed do so at once,
  dates apart (ids were renumbered, the site moved to another host).
- A live page (« EN DIRECT ») is one article for as long as it goes on: its title, hence often the words of its address,
  change by the hour, the number in its address does not; its posts are places in the page.
- Where most ids come back with another address and another title at once they number places in the feed, not articles.
  Then addresses decide.

Known exceptions: a rubric that always has the same title (« Le journal de 8 h ») keeps being new, since its date moves
and it moves alone. A live page that gets a new number each day is a new article each day.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urldefrag, urlsplit

from bot.domain.text import fold_word

_LIVE_TITLE = re.compile(r"\W*(?:(?:EN )?DIRECT\b|LIVE\b|[Ee]n direct\s*[:,.|—–-]|[Dd]irect\s*[:|—–]|[Ll]ive\s*[:|—–])")
_LIVE_SEGMENTS = frozenset({"live", "lives", "direct", "directs", "en-direct", "live-blog", "liveblog"})
_LIVE_SLUG = ("en-direct-", "direct-", "live-")
_NUMBER = re.compile(r"\d{5,}|(?<![a-z\d])(?=[a-z]*\d)[a-z\d]{10,}(?![a-z\d])", re.IGNORECASE)

_A_DAY = re.compile(r"20\d{6}")  # names every page of that day


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as a feed shows it, now or in the poll before."""

    title: str
    url: str
    published: datetime | None


def is_live(title: str, url: str) -> bool:
    """Whether it is a page that goes on being written, by its own title or address."""
    if _LIVE_TITLE.match(title):
        return True
    segments = [unquote(part).lower() for part in urlsplit(url).path.split("/") if part]
    return bool(segments) and (bool(_LIVE_SEGMENTS & set(segments)) or segments[-1].startswith(_LIVE_SLUG))


def page_of(title: str, url: str) -> str:
    """The address that stands for the article: of a live page without the place of a single post."""
    return urldefrag(url).url if "#" in url and is_live(title, url) else url


def renumbered(fresh: Sequence[Shown], lost: Sequence[Shown], shown: int) -> Mapping[int, int]:
    """Which of the items that seem new are items that seem lost: position in `fresh` → position in `lost`.

    `shown` is how many items the feed shows now.
    """
    same_page = _pairs(fresh, lost, _live_number)
    same_title = _pairs(fresh, lost, lambda item: fold_word(item.title))
    moved_as_one = len(same_title) * 2 > shown
    return same_page | {
        new: old
        for new, old in same_title.items()
        if moved_as_one or (fresh[new].published is not None and fresh[new].published == lost[old].published)
    }


def are_places(changes: Sequence[tuple[Shown, Shown]], known: int) -> bool:
    """Whether the ids of a feed number places: of `known` items most came back as something else, (before, after)."""
    others = sum(
        before.url != after.url and fold_word(before.title) != fold_word(after.title) for before, after in changes
    )
    return others * 2 > known


def _pairs(fresh: Sequence[Shown], lost: Sequence[Shown], key_of: Callable[[Shown], str]) -> dict[int, int]:
    """Those that share a key which nobody else has on either side."""
    ours, theirs = ([key_of(item) for item in side] for side in (fresh, lost))
    mine, known = Counter(ours), Counter(theirs)
    there = {key: position for position, key in enumerate(theirs) if key and known[key] == 1}
    return {position: there[key] for position, key in enumerate(ours) if key in there and mine[key] == 1}


def _live_number(item: Shown) -> str:
    """Host and number of a live page, "" for any other and for one without a number."""
    if not is_live(item.title, item.url):
        return ""
    parts = urlsplit(item.url)
    slug = parts.path.rstrip("/").rpartition("/")[2]
    numbers = [number for number in _NUMBER.findall(slug) if not _A_DAY.fullmatch(number)]
    return f"{parts.netloc} {numbers[-1]}" if numbers else ""
