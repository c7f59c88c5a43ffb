"""Small real classes that stand where the network is."""

from dataclasses import dataclass, field

from bot.domain.errors import FeedError
from bot.domain.model import FetchedFeed, ParsedFeed


@dataclass
class PaperFetcher:
    """Feeds and pages from memory: url → entries, an error, or None for « unchanged »; page address → text."""

    feeds: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    found: dict = field(default_factory=dict)  # what people type → FoundFeed

    async def fetch(self, state, now):
        self.asked.append(state.feed.url)
        answer = self.feeds.get(state.feed.url, ())
        if isinstance(answer, FeedError):
            raise answer
        body = None if answer is None else repr(answer).encode()
        return FetchedFeed(state.feed, now, body, etag='"1"', final_url=state.feed.url)

    async def parse(self, fetched):
        return ParsedFeed(tuple(self.feeds.get(fetched.feed.url, ())))

    async def discover(self, typed, _now):
        self.asked.append(typed)
        if typed not in self.found:
            raise FeedError("not-a-feed", f"{typed}: a web page, not a feed")
        return self.found[typed]

    async def read_page(self, article, _now):
        self.asked.append(article.url)
        page = self.pages.get(article.url, "")
        if isinstance(page, FeedError):
            raise page
        return page

    async def close(self):
        pass
