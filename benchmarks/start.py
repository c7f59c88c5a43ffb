"""From the start of the program to the first answered command ÷ the bare import of the libraries that it needs."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from tests.e2e.program import TOKEN, Press, running
from tests.telegram.double import TelegramDouble

LIBRARIES = (
    "telegram, httpx, feedparser, sqlalchemy.ext.asyncio, aiosqlite, apscheduler.schedulers.asyncio, starlette, "
    "uvicorn, pydantic_settings, ahocorasick_rs"
)
ROUNDS = 3


def measure() -> tuple[float, float]:
    """Seconds: the start with an empty database, the import; the best of some rounds each."""
    start = min(asyncio.run(_start()) for _ in range(ROUNDS))
    return start, min(_import() for _ in range(ROUNDS))


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


def report() -> None:
    """Print the ratio."""
    with redirect_stdout(Path(os.devnull).open("w", encoding="utf-8")):
        start, bare = measure()
    print(
        f"start: {start:.2f} s to the first answered command, {start / bare:.2f} × the bare import of the libraries "
        f"({bare:.2f} s; target ≤ 3)"
    )


if __name__ == "__main__":
    report()
