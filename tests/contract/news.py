"""Invented feeds, articles and chats, and the few steps that most store tests begin with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.model import (
    Article,
    Candidate,
    Chat,
    Entry,
    Evidence,
    Feed,
    FeedState,
    OutgoingMessage,
    Polled,
    Run,
    Statement,
    Subscription,
    TopicMatch,
)
from bot.ports import Store

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = MINUTE
COURRIER = Feed(outlet="Le Courrier", url="https://courrier.example/rss", section="Monde", country="FR")
COURRIER_EUROPE = replace(COURRIER, url="https://courrier.example/europe.rss", section="Europe")
RADIO = Feed(outlet="Radio Nord", url="https://radionord.example/rss", country="BE", kind="public")


def entry(number: int, **changes: Any) -> Entry:
    url = f"https://courrier.example/articles/{number}"
    known: dict[str, Any] = {
        "id": f"courrier-{number}",
        "url": url,
        "link": f"{url}?utm_source=rss",
        "title": f"Le port de Vaubrun rouvre, épisode {number}",
        "summary": f"La maire Odile Tessandier promet {number} grues.",
        "published": NOW - number * MINUTE,
    }
    return Entry(**(known | changes))


def statement(text: str = "le port rouvrira lundi", **changes: Any) -> Statement:
    known: dict[str, Any] = {
        "speaker": "Odile Tessandier",
        "mention": "La maire",
        "cue": "a annoncé",
        "kind": "indirect",
        "text": text,
        "spans": ((22, 44), (50, 61)),
        "connector": "que",
        "role": "maire de Vaubrun",
        "confidence": 0.91,
        "shown": True,
        "sentence": 2,
        "cue_span": (9, 18),
        "mention_span": (0, 8),
    }
    return Statement(**(known | changes))


def about(*topics: str) -> tuple[TopicMatch, ...]:
    return tuple(TopicMatch(topic, 0.75, (Evidence("port", "title", 3, 7),)) for topic in topics)


async def state_of(store: Store, feed: Feed) -> FeedState:
    return next(state for state in await store.feed_states() if state.feed.url == feed.url)


async def poll(store: Store, feed: Feed, entries: Sequence[Entry], now: datetime = NOW) -> Polled:
    """Store a successful poll of a configured feed."""
    state = replace(await state_of(store, feed), polled_at=now, succeeded_at=now, next_poll_at=now + HOUR, error="")
    return await store.save_poll(Polled(state, tuple(entries)), now)


async def stored(store: Store, numbers: Sequence[int], now: datetime = NOW, **changes: Any) -> tuple[Article, ...]:
    """Articles of Le Courrier as the store gives them, newest first."""
    await store.sync_feeds([COURRIER], now)
    await poll(store, COURRIER, [entry(number, **changes) for number in numbers], now)
    return await store.unanalysed("none", datetime(2000, 1, 1, tzinfo=UTC), 10_000)


async def analysed(store: Store, article: Article, *topics: str, text: str = "", **found: Any) -> Candidate:
    """Store that an article is about these topics."""
    candidate = Candidate(replace(article, text=text or article.text), about(*topics), **found)
    await store.save_analysis(candidate, "v1", NOW)
    return candidate


async def subscribed(store: Store, chat: str = "1", thread: str = "") -> Subscription:
    wanted = Subscription(Chat("local", chat, thread), ("ports",), next_due_at=NOW)
    return await store.save_subscription(wanted)


def messages(subscription: Subscription, day: str, parts: int = 1) -> list[OutgoingMessage]:
    return [
        OutgoingMessage(f"{subscription.id}/{day}/08:00/{part}", subscription.chat, f"partie {part}", part, parts)
        for part in range(1, parts + 1)
    ]


def run(subscription: Subscription, day: str = "2026-11-22", until: datetime = NOW) -> Run:
    return Run(subscription.id, day, "08:00", due_at=until, until=until)


async def queue(store: Store, subscription: Subscription, day: str = "2026-11-22", parts: int = 1) -> bool:
    return await store.enqueue(run(subscription, day), messages(subscription, day, parts))
