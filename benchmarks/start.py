"""From the start of the program to the first answered command ÷ the bare import of the libraries that it needs."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Measurement, at_most
from tests.e2e.program import TOKEN, Press, running
from tests.telegram.double import TelegramDouble

LIBRARIES = (
    "telegram, httpx, feedparser, sqlalchemy.ext.asyncio, aiosqlite, apscheduler.schedulers.asyncio, starlette, "
    "uvicorn, pydantic_settings, ahocorasick_rs"
)
ROUNDS = 5


def measurements() -> Iterator[Measurement]:
    """One ratio, of the best of some rounds each; the start is one with an empty database."""
    rounds = [(asyncio.run(_start()), _import()) for _ in range(ROUNDS)]  # in turn: others use the machine too
    start, bare = (min(tries) for tries in zip(*rounds, strict=True))
    beside = f"bare import of the libraries ({bare:.2f} s)"
    says = "from the start of the program to the first answered command"
    yield Measurement("start", says, start, "s", beside, start / bare, at_most(3))


def _import() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {LIBRARIES}"], check=True)
    return time.perf_counter() - began


async def _start() -> float:
    with tempfile.TemporaryDirectory() as folder:
        press = Press()
        try:
            press.feed("/rss", "Le Courrier", [("1", "La fanfare répète", "Un concert pour tous.", "")])
            own = press.configure(Path(folder) / "own", {"Le Courrier": "/rss"})
            async with TelegramDouble(token=TOKEN, username="verbatim_test_bot") as double:
                person = double.user("Personne")
                await person.says(person.private, "/help")  # it waits for a bot to come
                began = time.perf_counter()
                async with running(double, Path(folder), CONFIG_DIR=str(own), ACCESS="open") as bot:
                    await double.until(lambda: double.messages(person), 60)
                    took = time.perf_counter() - began
                    await bot.stop()
                return took
        finally:
            press.close()
