"""How soon people are answered while sixty feeds are polled, their pages read and all of it analysed.

The whole program as a process against the Telegram double. An answer starts with the first request of ours that shows
it: the press answered, a message sent or edited, « typing ».
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

from benchmarks.match import text
from benchmarks.table import Measurement, at_most
from tests.e2e.program import TOKEN, Press, button, running
from tests.telegram.double import TelegramDouble
from tests.telegram.double.people import Person

FEEDS, ENTRIES, HOSTS, SLOW = 60, 40, 8, 5  # every fifth feed takes a second
COMMANDS = ("/help", "/themes", "/horaire", "/sources", "/reglages", "/digest", "/horaire 7h30 et 19h")
LAST, LAST_WORDS = "/privacy", "Confidentialité"  # what is asked of one chat is answered in order
_SHOWN = {"sendMessage": "chat_id", "editMessageText": "chat_id", "sendChatAction": "chat_id"}


class Answers:
    """When somebody asked, and when the first request that answers came."""

    def __init__(self, double: TelegramDouble) -> None:
        self.double = double
        self.waits: dict[str, list[float]] = defaultdict(list)

    async def command(self, person: Person, words: str) -> None:
        """Write, and wait for the answer to start; then for its end, so that it is not taken for the next one's."""
        asked, before = time.time(), len(self.double.calls)  # noqa: TID251 (the double's clock)
        await person.says(person.private, words)
        self.waits[words].append(await self._first(before, str(person.id)) - asked)
        told = self._told(person)
        await person.says(person.private, LAST)
        await self.double.until(lambda: self._told(person) > told, 30)

    def _told(self, person: Person) -> int:
        return sum(message.text.startswith(LAST_WORDS) for message in self.double.messages(person))

    async def press(self, person: Person, words: str) -> None:
        """Press, and wait for the press to be answered."""
        menu, label = await self.double.until(lambda: button(self.double.messages(person), words), 30)
        asked, before = time.time(), len(self.double.calls)  # noqa: TID251 (the double's clock)
        press = await person.presses(menu, label)
        self.waits["a press"].append(await self._first(before, press.id) - asked)

    async def _first(self, before: int, whom: str) -> float:
        def answer() -> float | None:
            for call in self.double.calls[before:]:
                if whom in (call.text(_SHOWN.get(call.method, "callback_query_id")), call.text("callback_query_id")):
                    return call.at
            return None

        return await self.double.until(answer, 30) or 0.0

    @property
    def all(self) -> list[float]:
        """Every wait, the shortest first."""
        return sorted(wait for waits in self.waits.values() for wait in waits)


async def measure(rounds: int, feeds: int = FEEDS, entries: int = ENTRIES) -> Answers:
    """Ask everything so many times while so many feeds are polled for the first time."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        presses = [Press(f"127.0.0.{host}") for host in range(1, HOSTS + 1)]  # one request at a time for each host
        for press in presses:
            stack.callback(press.close)
        own = _newspapers(presses, folder, feeds, entries)
        async with TelegramDouble(token=TOKEN, username="verbatim_test_bot") as double:
            double.limits.lift()
            answers = Answers(double)
            async with running(double, folder, CONFIG_DIR=str(own), ACCESS="open") as bot:
                await bot.until("t.me/verbatim_test_bot")
                people = [double.user(f"Personne {number}") for number in range(4)]
                await asyncio.gather(*(_talk(answers, person, rounds) for person in people))
                await bot.stop()
            return answers


async def _talk(answers: Answers, person: Person, rounds: int) -> None:
    await answers.command(person, "/start")
    for words in ("Continuer", "Paris", "8 h"):
        await answers.press(person, words)
    for _ in range(rounds):
        for words in COMMANDS:
            await answers.command(person, words)


def _newspapers(presses: list[Press], folder: Path, feeds: int, entries: int) -> Path:
    """As many feeds, each with its entries; every other article is about what the people here follow."""
    dice, sentences = Random(1), text().split(". ")
    blocks = []
    for number in range(feeds):
        press, path = presses[number % len(presses)], f"/{number}"
        items = [_item(press, path, entry, dice.sample(sentences, 3)) for entry in range(entries)]
        press.feed(path, f"Journal {number}", items)
        if number % SLOW == 0:
            press.slow[path] = 1.0
        blocks.append(f'[[feed]]\noutlet = "Journal {number}"\nurl = "{press.address}{path}"\n')
    own = folder / "own"
    own.mkdir()
    (own / "feeds.toml").write_text("\n".join(blocks), encoding="utf-8")
    return own


def _item(press: Press, path: str, entry: int, said: list[str]) -> tuple[str, str, str, str]:
    subject = "L’Otan et l’Ukraine" if entry % 2 else "La région"
    page = "".join(f"<p>{sentence}. Selon la préfecture, « rien n’est décidé ».</p>" for sentence in said * 8)
    press.put(f"/articles{path}/{entry}", f"<html><body><article>{page}</article></body></html>", "text/html")
    return str(entry), f"{subject} : {said[0][:80]}", ". ".join(said[:2]), ""


def measurements() -> Iterator[Measurement]:
    """Half of the waits, nearly all of them, and the longest."""
    answers = asyncio.run(measure(rounds=6))
    waits = answers.all
    half, most, worst = (waits[min(len(waits) - 1, int(len(waits) * share))] * 1000 for share in (0.5, 0.95, 1))
    slowest = max(answers.waits, key=lambda words: max(answers.waits[words]))
    says = f"from a command to the start of its answer during a poll of {FEEDS} feeds"
    yield Measurement("answer_half", f"{says}: half of {len(waits)} answers", half, "ms")
    yield Measurement("answer_95", f"{says}: 95 % of them", most, "ms", target=at_most(300))
    yield Measurement("answer_max", f"{says}: the slowest ({slowest})", worst, "ms")
