"""A month of 66 feeds and 100 chats in one SQLite file: its size, memory, and how long upkeep takes.

Invented articles of the length that feeds really have: 2,000 a day, a statement in one of four, a digest a day for each
chat. Filling goes the way of the running bot, a transaction an article: some minutes for a month.
"""

import argparse
import asyncio
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.model import (
    Candidate,
    Chat,
    Entry,
    Evidence,
    Feed,
    OutgoingMessage,
    Polled,
    Receipt,
    Run,
    Statement,
    Subscription,
    TopicMatch,
)
from bot.storage import SqlStore, back_up, open_store

FEEDS, CHATS, DAYS, ARTICLES = 66, 100, 30, 2000
START = datetime(2026, 10, 1, tzinfo=UTC)
TEXT = (
    "le port de Sarlange reste ouvert malgré la grève des pilotes et le préfet annonce une réunion avec les élus "
    "tandis que la ministre de la Mer promet des moyens nouveaux pour les secours en mer avant la fin de la semaine"
)
TOPICS = ("otan", "ukraine", "russie", "union-europeenne", "etats-unis", "energie")
WORDS = tuple(TEXT.split())
MEGABYTE = 1_000_000


def prose(chance: random.Random, length: int) -> str:
    """So many characters of words."""
    return " ".join(chance.choices(WORDS, k=length // 5))[:length]


def entry(chance: random.Random, feed: int, number: int, day: datetime) -> Entry:
    """An article of a day: title of 80 signs, summary of 300."""
    url = f"https://outlet{feed}.example/2026/11/{prose(chance, 60).replace(' ', '-')}-{number}"
    moment = day + timedelta(minutes=chance.randrange(1440))
    return Entry(url, url, url, f"{prose(chance, 75)} {number}", prose(chance, 300), moment)


def found_in(chance: random.Random, number: int) -> tuple[tuple[TopicMatch, ...], tuple[Statement, ...]]:
    """What an article is about (one of two is about something), and who speaks (in one of four)."""
    topics = chance.sample(TOPICS, k=chance.choice((0, 0, 1, 2)))
    matches = tuple(TopicMatch(topic, 0.8, (Evidence(topic, "title", 3, 9),)) for topic in topics)
    said = prose(chance, 160)
    statements = (
        Statement("Anna Lutz", "la ministre", "a annoncé", "indirect", said, ((20, 180),), role="ministre", shown=True),
    )
    return matches, statements if number % 4 == 0 else ()


async def fill(store: SqlStore, days: int) -> None:
    """Poll, analyse and tell, day by day, as the bot does; page texts go after a week as they do there."""
    chance = random.Random(1)
    feeds = [Feed(f"Média {number}", f"https://outlet{number}.example/rss", country="FR") for number in range(FEEDS)]
    await store.sync_feeds(feeds, START)
    wanted = [Subscription(Chat("telegram", str(number)), TOPICS[:2]) for number in range(CHATS)]
    chats = [await store.save_subscription(subscription) for subscription in wanted]
    for day in (START + timedelta(days=number) for number in range(days)):
        for number, state in enumerate(await store.feed_states()):
            entries = tuple(entry(chance, number, one, day) for one in range(ARTICLES // FEEDS + 1))
            await store.save_poll(Polled(state, entries), day + timedelta(days=1))
        ids = await analyse(store, chance, day + timedelta(days=1))
        for chat in chats:
            await tell(store, chance, chat, day + timedelta(days=1), ids)
        await store.prune(day + timedelta(days=1), timedelta(days=30), timedelta(days=365))


async def analyse(store: SqlStore, chance: random.Random, now: datetime) -> list[int]:
    """Everything that is new; one of six pages is read."""
    ids = []
    for article in await store.unanalysed("v1", now - timedelta(days=2), ARTICLES * 2):
        matches, statements = found_in(chance, article.id)
        page = prose(chance, 4000) if matches and article.id % 3 == 0 else ""
        await store.save_analysis(Candidate(replace(article, text=page), matches, statements), "v1", now)
        ids += [article.id] if matches else []
    return ids


async def tell(store: SqlStore, chance: random.Random, chat: Subscription, now: datetime, ids: Sequence[int]) -> None:
    """A digest of two messages, queued and sent."""
    run = Run(chat.id, now.date().isoformat(), "08:00", now, now)
    key = f"{chat.id}/{run.local_date}/08:00"
    parts = [OutgoingMessage(f"{key}/{part}", chat.chat, prose(chance, 3000), part, 2) for part in (1, 2)]
    told = chance.sample(list(ids), k=min(60, len(ids)))
    await store.enqueue(run, parts, told=told, next_due_at=now + timedelta(days=1))
    while message := await store.claim_message(["telegram"], now, timedelta(minutes=1)):
        await store.mark_sent(message, Receipt("1", now))


def memory() -> str:
    """What this process took at the most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f"{peak / MEGABYTE:.0f} MB"


async def measure(days: int, folder: Path) -> None:
    """Fill a store and print its figures."""
    url, now = f"sqlite:///{folder / 'verbatim.db'}", START + timedelta(days=days)
    began = time.perf_counter()
    async with await open_store(url, now=now, worker=True) as store:
        await fill(store, days)
        filled, stats = time.perf_counter(), await store.stats()
        await store.prune(now + timedelta(hours=1), timedelta(days=30), timedelta(days=365))
        pruned = time.perf_counter()
        held = await back_up(url, folder / "backup.db")
        saved = time.perf_counter()
    size, backup = ((folder / name).stat().st_size / MEGABYTE for name in ("verbatim.db", "backup.db"))
    rows = ", ".join(f"{count:,} {what}" for what, count in stats.items() if count)
    print(f"volume: {days} days, {FEEDS} feeds, {CHATS} chats: {rows}")
    print(
        f"volume: file {size:.0f} MB; backup {backup:.0f} MB, {held.total:,} rows, in {saved - pruned:.1f} s, verified"
    )
    print(f"volume: filling {filled - began:.0f} s, a retention run with nothing to do {pruned - filled:.3f} s")
    print(f"volume: {memory()} of memory at the most, filling and backup included")


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m benchmarks.volume [--days 30]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help="how many days to fill (30)")
    days = parser.parse_args(arguments).days
    with suppress(AttributeError):
        os.nice(5)
    # What matters is the size: a disk that confirms every one of 70,000 transactions would only make it slow.
    memory_disk = Path("/dev/shm")  # noqa: S108 (where it is, and only while it runs)
    with tempfile.TemporaryDirectory(dir=memory_disk if memory_disk.is_dir() else None) as folder:
        asyncio.run(measure(days, Path(folder)))


if __name__ == "__main__":
    main()
