"""Use case: what is in the articles that nobody has looked at yet: topics, statements, and the page where it is wanted.

Articles are analysed on the feed's own words at once, so that a digest can tell them; then the pages are read of those
articles that hold a term of a followed rule and whose feed says little. A kill in between loses
nothing: an article that wants its page is marked so until the page was tried.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.errors import FeedError
from bot.domain.matcher import Matcher
from bot.domain.model import Article, Candidate
from bot.domain.statements import LanguageRules, extract_statements
from bot.domain.topics import match_topics, mentions
from bot.ports import Fetcher, Store

REMEMBERED = timedelta(days=7)  # a changed rule looks this far back, and page texts are kept as long
SHORT_SUMMARY = 600  # characters; a feed that gives more is read as it is (full_text = "auto")
_BATCH = 200
_PAGES_A_HOST = 10  # in one beat, so that a rush at one outlet does not hold back the others' news


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that decides what is found in an article. `version` changes whenever any of it does."""

    matcher: Matcher
    language: LanguageRules
    version: str


def analyse(article: Article, rules: Rules) -> Candidate:
    """Topics and statements of one article, from its page where that was read, else from the feed's own words."""
    return Candidate(article, match_topics(article, rules.matcher), extract_statements(article, rules.language))


def wants_page(article: Article, followed: frozenset[str], rules: Rules) -> bool:
    """Whether the article's page is worth a request: a followed term occurs, and the feed itself says little."""
    if article.feed.full_text == "never" or article.text or not article.url.startswith(("http://", "https://")):
        return False
    if article.feed.full_text == "auto" and len(article.summary) > SHORT_SUMMARY:
        return False
    return bool(followed & mentions(article, rules.matcher))


@dataclass(frozen=True, slots=True)
class Analyst:
    """Looks at what is new."""

    store: Store
    fetcher: Fetcher
    rules: Rules

    async def analyse_new(self, now: datetime) -> int:
        """Analyse every new article on the feed's own words; how many."""
        followed = frozenset(topic for s in await self.store.subscriptions() for topic in s.topics)
        done = 0
        while articles := await self.store.unanalysed(self.rules.version, now - REMEMBERED, _BATCH):
            for article in articles:
                wanted = wants_page(article, followed, self.rules)
                found = await self._analyse(article)
                await self.store.save_analysis(found, self.rules.version, now, wants_page=wanted)
            done += len(articles)
        return done

    async def read_pages(self, now: datetime) -> int:
        """Read the pages that are wanted, a few of each host; how many were tried.

        Where one cannot be read the feed's own words stay.
        """
        wanted = await self.store.wanted_pages(now - REMEMBERED, _BATCH)
        hosts: Counter[str] = Counter()
        turn: list[Article] = []
        for article in wanted:
            host = urlsplit(article.url).netloc
            hosts[host] += 1
            if hosts[host] <= _PAGES_A_HOST:
                turn.append(article)
        await asyncio.gather(*(self._read(article, now) for article in turn))
        return len(turn)

    async def _read(self, article: Article, now: datetime) -> None:
        try:
            text = await self.fetcher.read_page(article, now)
        except FeedError:
            text = ""
        found = await self._analyse(replace(article, text=text))
        await self.store.save_analysis(found, self.rules.version, now)

    async def _analyse(self, article: Article) -> Candidate:
        # A page of a hundred thousand characters takes longer than the event loop may stand still.
        return await asyncio.to_thread(analyse, article, self.rules)
