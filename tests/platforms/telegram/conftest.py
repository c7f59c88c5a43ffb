"""Our adapter and the real python-telegram-bot, talking to the double over real HTTP."""

import os

# Warnings are errors here, and python-telegram-bot warns of `RetryAfter.retry_after` as a number unless this is set.
os.environ["PTB_TIMEDELTA"] = "true"

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import load_texts
from bot.domain.talk import Incoming, Reply
from bot.platforms.telegram import TelegramPlatform
from tests.telegram.double import TelegramDouble

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
TEXTS = load_texts()
NAMES = {language: {"otan": "OTAN", "ukraine": "Ukraine"} for language in TEXTS}


class Waits:
    """Waits that are over at once, and remembered; only the first `free` of them, then they last."""

    def __init__(self, free: int = 20) -> None:
        self.lengths: list[timedelta] = []
        self._free = free

    async def __call__(self, length: timedelta) -> None:
        self.lengths.append(length)
        if len(self.lengths) > self._free:
            await asyncio.Event().wait()

    @property
    def seconds(self) -> list[float]:
        return [length.total_seconds() for length in self.lengths]


class Core:
    """What answers: the same replies to everything, and a record of what was heard."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = replies
        self.event_replies: tuple[Reply, ...] | None = None
        self.heard: list[Incoming] = []
        self.events: list[object] = []

    async def hear(self, incoming: Incoming) -> tuple[Reply, ...]:
        self.heard.append(incoming)
        return self.replies

    async def on_event(self, event: object) -> tuple[Reply, ...] | None:
        self.events.append(event)
        return self.event_replies


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble() as double:
        double.limits.lift()
        yield double


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def platform(double, waits) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, waits, api_url=double.address)
    yield platform
    await platform.close()


@asynccontextmanager
async def listening(platform, core):
    """The platform listens until the block ends, and has stopped after it."""
    stop = asyncio.Event()
    task = asyncio.create_task(platform.listen(core.hear, core.on_event, stop))
    try:
        yield core
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)
