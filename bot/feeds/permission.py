"""May this page be read? robots.txt and TDM reservations, asked once a day per host; then the page itself.

Politeness before curiosity: where the site's word cannot be had (an error, a time-out), the answer is « not now ».
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from bot.domain.errors import FeedError
from bot.domain.model import Article
from bot.feeds.guard import checked_url
from bot.feeds.policy import FetchPolicy
from bot.feeds.walls import is_wall, looks_like_wall
from bot.feeds.wire import OK, Answer, Question, Wire
from bot.feeds.worker import Workers

ROBOT = "verbatim-bot"
KEPT = timedelta(hours=24)
KEPT_TROUBLE = timedelta(hours=1)
REMEMBERED = 500  # hosts
LONGEST_RULES = 200_000
TOO_MANY, SERVER_ERROR = 429, 500
ACCEPT_PAGE = "text/html, application/xhtml+xml"
HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host answered: the text of its rules, None where it could not say."""

    text: str | None
    until: datetime


class PageReader:
    """Reads pages of articles, where their hosts allow it."""

    def __init__(self, wire: Wire, workers: Workers, policy: FetchPolicy) -> None:
        self._wire, self._workers, self._limit = wire, workers, policy.parse
        self._rules: dict[str, _Rules] = {}

    async def read(self, article: Article, now: datetime) -> str:
        """The page's own text; "" where we may not read it, or it is shorter than what the feed gave."""
        link, feed = article.link or article.url, article.feed
        if not link or feed.full_text == "never":
            return ""
        home = feed.url if feed.trusted else ""
        if not await self._allowed(link, home, now):
            return ""
        answer = await self._wire.ask(Question(link, ACCEPT_PAGE, home))
        if is_wall(answer.headers) or (answer.status != OK and looks_like_wall(answer.body)):
            raise _challenge(answer)
        if answer.status != OK:
            raise FeedError("http", f"{_host(link)}: the page answered {answer.status}", status=answer.status)
        if answer.headers.get("tdm-reservation", "").strip() == "1" or not _is_html(answer):
            return ""
        if _host(answer.url) != _host(link) and not await self._allowed(answer.url, home, now):
            return ""
        text: str = await self._workers.run(
            "bot.feeds.page:page_text", answer.body, answer.url, feed.paywall, limit=self._limit
        )
        if not text and looks_like_wall(answer.body):  # the marks alone stand in many a page that can be read
            raise _challenge(answer)
        return text if len(text) > len(article.summary) else ""

    async def _allowed(self, link: str, home: str, now: datetime) -> bool:
        robots = await self._rules_of(link, "/robots.txt", home, now)
        if robots is None:
            return False
        if robots and not await self._workers.run("bot.feeds.permission:robots_allow", robots, link, limit=self._limit):
            return False
        tdm = await self._rules_of(link, "/.well-known/tdmrep.json", home, now)
        return tdm is not None and not (tdm and tdm_reserved(tdm, checked_url(link).path))

    async def _rules_of(self, link: str, path: str, home: str, now: datetime) -> str | None:
        """The rules a host publishes there: "" where it has none, None where it could not say."""
        address = str(checked_url(link).copy_with(raw_path=path.encode(), fragment=None))
        known = self._rules.get(address)
        if known is None or known.until <= now:
            known = await self._fetched_rules(address, home, now)
            self._rules.pop(address, None)
            self._rules[address] = known
            if len(self._rules) > REMEMBERED:
                del self._rules[next(iter(self._rules))]
        return known.text

    async def _fetched_rules(self, address: str, home: str, now: datetime) -> _Rules:
        try:
            answer = await self._wire.ask(Question(address, "*/*", home))
        except FeedError:
            return _Rules(None, now + KEPT_TROUBLE)
        if answer.status == TOO_MANY or answer.status >= SERVER_ERROR:
            return _Rules(None, now + KEPT_TROUBLE)
        text = "" if answer.status != OK or _is_html(answer) else answer.body[:LONGEST_RULES].decode("utf-8", "replace")
        return _Rules(text, now + KEPT)


def _challenge(answer: Answer) -> FeedError:
    where = _host(answer.url)
    return FeedError("challenge", f"{where}: a bot wall stands in front of the page", status=answer.status)


def robots_allow(rules: str, link: str) -> bool:
    """Whether robots.txt lets us read this address; runs in a worker, since patterns from strangers can be slow."""
    return bool(Protego.parse(rules).can_fetch(link, ROBOT))


def tdm_reserved(rules: str, path: str) -> bool:
    """Whether tdmrep.json reserves this path; the first location that fits decides, as its protocol says."""
    try:
        entries = json.loads(rules)
    except (ValueError, RecursionError):
        return False
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and _fits(str(entry.get("location", "")), path):
            return str(entry.get("tdm-reservation", "0")).strip() == "1"
    return False


def _fits(location: str, path: str) -> bool:
    """Whether a location with `*` (anything) and a final `$` (the end) fits the beginning of the path."""
    pieces, whole = location.removesuffix("$").split("*"), location.endswith("$")
    if not location or not path.startswith(pieces[0]):
        return False
    position = len(pieces[0])
    for piece in pieces[1:]:
        position = path.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return not whole or position == len(path) or (len(pieces) > 1 and path.endswith(pieces[-1]))


def _is_html(answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in HTML if kind else b"<html" in answer.body[:2_000].lower()


def _host(link: str) -> str:
    return checked_url(link).host
