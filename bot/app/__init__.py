"""Composition root: reads the configuration, builds the adapters, wires the services, owns the clock."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TextIO

from bot.app.rulebook import Rulebook
from bot.catalog import Catalog, load_catalog, load_texts
from bot.domain.matcher import Matcher
from bot.domain.model import Chat, Feed, FetchedFeed, ParsedFeed, Subscription
from bot.domain.stories import KindRules
from bot.domain.texts import Texts
from bot.feeds.fetch import FetchPolicy, HttpFetcher
from bot.feeds.worker import Workers
from bot.platforms.local import LocalPlatform
from bot.platforms.local.talk import Talk
from bot.platforms.local.terminal import Terminal
from bot.ports import Fetcher, Platform, Store
from bot.services.analyse import Analyst, Rules
from bot.services.compose import Newsdesk
from bot.services.deliver import Post
from bot.services.discovery import Scout
from bot.services.health import Watchman
from bot.services.pace import MINUTE, Pacer, remember
from bot.services.poll import Poller
from bot.settings import Settings
from bot.storage import open_store

log = logging.getLogger(__name__)

LOCAL_CHAT = Chat("local", "1")
LOCAL_TOPICS = ("otan", "ukraine")  # before anybody chose: the product's two examples
WORKERS = 1  # processes for parsing and page reading: on two cores a second one only costs memory
_LANGUAGE = "fr"


class Clock:
    """The only place that knows what time it is, and the only one that waits."""

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)

    async def pause(self, length: timedelta) -> None:
        """Wait that long."""
        await asyncio.sleep(length.total_seconds())


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of config/ and the texts, compiled."""

    catalog: Catalog
    rules: Rules
    kinds: KindRules
    texts: Mapping[str, Texts]

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Language → topic → name."""
        topics = self.catalog.topics
        return {language: {t.id: t.names.get(language, t.names["fr"]) for t in topics} for language in self.texts}

    @property
    def local_topics(self) -> tuple[str, ...]:
        """What the local chat follows at first: the examples, as far as the owner kept them."""
        known = tuple(topic.id for topic in self.catalog.topics)
        return tuple(topic for topic in LOCAL_TOPICS if topic in known) or known


def learn(settings: Settings) -> Knowledge:
    """Load and check everything that config/ says; ConfigError names what is wrong."""
    catalog = load_catalog(settings.config_dir, settings.data_dir)
    matcher = Matcher({topic.id: topic.rule for topic in catalog.topics})
    rules = Rules(matcher, catalog.languages[_LANGUAGE], catalog.fingerprint)
    return Knowledge(catalog, rules, catalog.kinds, load_texts())


@dataclass(frozen=True, slots=True)
class App:
    """Everything wired, for one command or for a long run."""

    settings: Settings
    knowledge: Knowledge
    store: Store
    fetcher: Fetcher
    platforms: Mapping[str, Platform]
    rulebook: Rulebook
    poller: Poller
    sample: bool = False
    clock: Clock = field(default_factory=Clock)
    pacers: Mapping[str, Pacer] = field(default_factory=dict)

    @property
    def analyst(self) -> Analyst:
        """Looks at what is new."""
        return Analyst(self.store, self.fetcher, self.rulebook.rules)

    @property
    def newsdesk(self) -> Newsdesk:
        """Composes digests."""
        return Newsdesk(self.store, self.knowledge.kinds, self.platforms, self.sample, self.knowledge.texts)

    @property
    def post(self) -> Post:
        """Sends what is queued."""
        now, pause, ambiguous = self.clock.now, self.clock.pause, self.settings.on_ambiguous
        return Post(self.store, self.platforms, now, pause, self.pacers, ambiguous, log.warning)

    @property
    def scout(self) -> Scout:
        """Finds feeds that chats add."""
        settings = self.settings
        return Scout(
            store=self.store,
            fetcher=self.fetcher,
            allowed=settings.allow_chat_feeds and not self.sample,
            most=settings.max_feeds_per_chat,
            blocked=self.knowledge.catalog.blocked_hosts,
        )

    @property
    def watchman(self) -> Watchman:
        """Looks at how feeds are."""
        return Watchman(self.store, self.platforms, self.knowledge.texts, self._owners, log.warning)

    async def _owners(self) -> list[Chat]:
        """Where owners read what is for them: their private chats, and the terminal of the local platform."""
        people = sorted({*self.settings.owner_ids, *await self.store.owners()})
        return [Chat(*person.split(":", 1)) for person in people] + [LOCAL_CHAT] * ("local" in self.platforms)

    async def local_subscription(self) -> Subscription:
        """The local chat's subscription, made at the first start."""
        for subscription in await self.store.subscriptions():
            if subscription.chat == LOCAL_CHAT:
                return subscription
        fresh = Subscription(LOCAL_CHAT, self.knowledge.local_topics, timezone=self.settings.timezone)
        return await self.store.save_subscription(fresh)


@asynccontextmanager
async def open_app(
    settings: Settings,
    knowledge: Knowledge,
    *,
    worker: bool = False,
    feeds: tuple[Feed, ...] | None = None,
    database_url: str = "",
    clock: Clock | None = None,
) -> AsyncIterator[App]:
    """Build, and take down again. `feeds` and `database_url` stand in for the configured ones (the sample newsroom)."""
    clock, out = clock or Clock(), sys.stdout
    database = database_url or settings.database_url.get_secret_value()
    store = await open_store(database, now=clock.now(), worker=worker)
    fetcher = HttpFetcher(fetch_policy(settings, knowledge), Workers(WORKERS), pause=clock.pause)
    poller = Poller(store, fetcher, settings.poll_interval)
    try:
        if worker:
            await store.sync_feeds(knowledge.catalog.feeds if feeds is None else feeds, clock.now())
        platforms, pacers = _platforms(settings, knowledge, clock, store) if feeds is None else ({}, {})
        talk = Talk(store) if settings.serves_chat else None
        if talk or not platforms:
            # The terminal is for whoever has no token, and for the sample; the chat may stand beside other platforms.
            shown = None if platforms else out
            platforms["local"] = LocalPlatform(shown, terminal_of(out), knowledge.texts, knowledge.names, talk)
        remember(pacers, await store.sent_since(clock.now() - MINUTE), clock.now())
        rulebook = Rulebook(knowledge.rules, knowledge.catalog.topics)
        yield App(settings, knowledge, store, fetcher, platforms, rulebook, poller, feeds is not None, clock, pacers)
    finally:
        await poller.close()
        await fetcher.close()
        await store.close()


def _platforms(
    settings: Settings, knowledge: Knowledge, clock: Clock, store: Store
) -> tuple[dict[str, Platform], dict[str, Pacer]]:
    """Those whose token is set, and their paces; the others are not imported."""
    platforms: dict[str, Platform] = {}
    pacers: dict[str, Pacer] = {}
    if settings.telegram_bot_token:
        from bot.app.telegram import telegram_platform

        pacers["telegram"] = Pacer(int(settings.telegram_rate))
        platforms["telegram"] = telegram_platform(settings, knowledge, clock, pacers["telegram"], store)
    return platforms, pacers


@asynccontextmanager
async def open_fetcher(settings: Settings, knowledge: Knowledge) -> AsyncIterator[tuple[Fetcher, Clock]]:
    """Only the network, and the time: for a look at feeds that stores nothing."""
    clock = Clock()
    fetcher = HttpFetcher(fetch_policy(settings, knowledge), Workers(WORKERS), pause=clock.pause)
    try:
        yield fetcher, clock
    finally:
        await fetcher.close()


@asynccontextmanager
async def open_parser() -> AsyncIterator[Callable[[bytes, str], Awaitable[ParsedFeed]]]:
    """Only the parser, in its worker process: a feed document and its name → its entries. Nothing is fetched."""
    fetcher = HttpFetcher(FetchPolicy(), Workers(WORKERS))

    async def parse_body(body: bytes, name: str) -> ParsedFeed:
        feed = Feed(outlet=name, url=name)
        return await fetcher.parse(FetchedFeed(feed, Clock().now(), body, final_url=name))

    try:
        yield parse_body
    finally:
        await fetcher.close()


def fetch_policy(settings: Settings, knowledge: Knowledge) -> FetchPolicy:
    """How feeds and pages are asked for."""
    return FetchPolicy(
        contact=settings.user_agent_contact,
        allow_private=settings.allow_private_feeds,
        ports=frozenset(settings.feed_ports),
        blocked_hosts=knowledge.catalog.blocked_hosts,
        proxy=settings.feed_proxy.get_secret_value() if settings.feed_proxy else "",
    )


def terminal_of(out: TextIO) -> Terminal:
    """How this stream shows text: a terminal gets its width and links, anything else plain lines."""
    import shutil

    return Terminal(shutil.get_terminal_size().columns, styled=True) if out.isatty() else Terminal()
