"""Memory of the process tree over a replayed day: sixty feeds that publish by the hour, a hundred chats on Telegram.

The whole program as a process, by a clock that runs fast; what is counted is resident memory of it and its children,
shared pages once each (PSS where the system tells it).
"""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.match import text
from benchmarks.table import Measurement, at_most
from bot.domain.chats import KnownChat
from bot.domain.model import Chat, Subscription
from bot.storage import open_store
from tests.e2e import program
from tests.e2e.fast_clock import FastClock
from tests.telegram.double import TelegramDouble
from tests.telegram.double.people import Person

FEEDS, HOSTS, CHATS, HOURS, ENTRIES = 60, 8, 100, 24, 30
DAY = datetime(2025, 11, 18, 2, 0, tzinfo=UTC)
LATE = 6  # hours at its end: memory that grows for ever would still grow then
FAST = 600.0  # an hour in six seconds
TOPICS = (("otan", "ukraine"), ("russie", "etats-unis"), ("cyber",), ("energie", "union-europeenne"))
SCRIPT = str(Path(program.__file__).with_name("day_program.py"))
SUBJECTS = ("L’Otan", "L’Ukraine", "La Russie", "Une cyberattaque", "La centrale", "La région", "Le musée", "Le port")


async def measure() -> tuple[list[int], int]:
    """Megabytes at the end of every hour, and how many digests arrived."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = FastClock.made(folder / "clock", DAY, 1.0)
        presses = [program.Press(f"127.0.0.{host}") for host in range(1, HOSTS + 1)]
        own = _configure(presses, folder)
        _publish(presses, hour=0)
        try:
            async with TelegramDouble(token=program.TOKEN, username="verbatim_test_bot", clock=clock.seconds) as double:
                double.limits.lift()
                people = [double.user(f"Personne {number}") for number in range(CHATS)]
                await _subscribe(folder, people)
                arguments = (SCRIPT, str(folder / "clock"))
                async with program.running(double, folder, *arguments, CONFIG_DIR=str(own), ACCESS="open") as bot:
                    await bot.until("t.me/verbatim_test_bot")
                    for person in people:
                        await person.says(person.private, "/help")
                    used = [await _hour(presses, clock, bot.process.pid, hour) for hour in range(1, HOURS + 1)]
                    clock.set(clock.now(), 1.0)  # it stood still: what waits by it would never end
                    await bot.stop()
                return used, sum(len(double.messages(person)) - 1 for person in people)
        finally:
            for press in presses:
                press.close()


async def _hour(presses: list[program.Press], clock: FastClock, pid: int, hour: int) -> int:
    _publish(presses, hour)
    await clock.run(DAY + timedelta(hours=hour), FAST)
    return _resident(pid)


def _configure(presses: list[program.Press], folder: Path) -> Path:
    own = folder / "own"
    own.mkdir()
    blocks = [
        f'[[feed]]\noutlet = "Journal {number}"\nurl = "{presses[number % HOSTS].address}/{number}"\n'
        for number in range(FEEDS)
    ]
    (own / "feeds.toml").write_text("\n".join(blocks), encoding="utf-8")
    return own


def _publish(presses: list[program.Press], hour: int) -> None:
    """Every feed shows its latest entries: two new ones an hour."""
    for number in range(FEEDS):
        press, dice = presses[number % HOSTS], Random(number)
        sentences = text().split(". ")
        items = [_item(press, number, entry, dice, sentences) for entry in range(2 * hour, 2 * hour + ENTRIES)]
        press.feed(f"/{number}", f"Journal {number}", items)


def _item(
    press: program.Press, number: int, entry: int, dice: Random, sentences: list[str]
) -> tuple[str, str, str, str]:
    said = dice.sample(sentences, min(3, len(sentences)))
    page = "".join(f"<p>{line}. Selon la préfecture, « rien n’est décidé ».</p>" for line in said * 8)
    press.put(f"/articles/{number}/{entry}", f"<html><body><article>{page}</article></body></html>", "text/html")
    subject = SUBJECTS[(number + entry) % len(SUBJECTS)]
    return str(entry), f"{subject} : {said[0][:80]} {entry}", f"{subject}. {'. '.join(said[:2])[:280]}", ""


async def _subscribe(folder: Path, people: list[Person]) -> None:
    store = await open_store(f"sqlite:///{folder / 'data' / 'verbatim.db'}", now=DAY)
    try:
        for number, person in enumerate(people):
            chat = Chat("telegram", str(person.id))
            await store.save_chat(KnownChat(chat, admitted=True))
            times = (number % 24 * 60, (number + 9) % 24 * 60)
            await store.save_subscription(Subscription(chat, TOPICS[number % 4], times=tuple(sorted(times))))
    finally:
        await store.close()


def _resident(pid: int) -> int:
    """Megabytes of a process and all below it."""
    total, waiting = 0, [pid]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            rollup = (one / "smaps_rollup").read_text(encoding="ascii")
            children = (one / "task" / one.name / "children").read_text(encoding="ascii")
        except OSError:  # it ended meanwhile
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        waiting += [int(child) for child in children.split()]
    return total // 1024


def measurements() -> Iterator[Measurement]:
    """The most of the day, and its end."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise RuntimeError("this system does not tell the memory of a process tree (no /proc)")
    used, arrived = asyncio.run(measure())
    says = f"memory of the process tree in a replayed day, {FEEDS} feeds, {CHATS} chats, {arrived} digests"
    yield Measurement("memory_day", f"{says}: at most", max(used), "MB", target=at_most(256))
    late = used[-1] - used[-1 - LATE]
    yield Measurement("memory_late", f"{says}: what its last {LATE} hours added", late, "MB")
