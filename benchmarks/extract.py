"""Who said what: milliseconds an article, its ratio to a bare sentence split of the same text, and the growth."""

import re
import time
from collections.abc import Callable, Iterator

from benchmarks.table import Measurement, at_most
from bot.app import learn
from bot.domain.statements import extract_text
from bot.settings import Settings

LENGTH = 4_000  # characters of an article
SAID = (
    "Le ministre de la Mer, Paul Amar, a déclaré que le port resterait ouvert. « Nous tiendrons », a-t-il ajouté. "
    "Selon la préfecture, trois navires attendent au large. Le trafic a repris lundi matin. "
    "La maire de Sarlange, Anna Lutz, affirme avoir demandé des renforts et précise que rien n’est décidé. "
)
TOLD = (
    "Le port de Sarlange compte quatre bassins et deux cents grues, dont la plupart datent du siècle dernier. "
    "Les navires qui entrent par le chenal du nord attendent parfois trois jours, surtout en hiver. "
    "La chambre de commerce a voté un crédit de douze millions d’euros pour la rénovation des quais. "
    "Les dockers, réunis en assemblée, ont repris le travail mardi à l’aube après deux semaines de grève. "
)
_SPLIT = re.compile(r"(?<=[.!?])\s+")
_ROUNDS = 100  # of the bare split, which is too short to be timed once


def measurements() -> Iterator[Measurement]:
    """An article with a statement every 400 characters, as the press writes; one of nothing else; and four in one."""
    rules = learn(Settings()).rules.language
    ordinary = article(SAID + TOLD * 4)
    for name, text, says in (
        ("extract", ordinary, "an article with a statement every 400 characters"),
        ("extract_dense", article(SAID), "an article of statements only"),
    ):
        whole = cost(lambda text=text: extract_text(text, rules))  # type: ignore[misc]
        found = f"{len(extract_text(text, rules))} statements of {says}, 4 kB"
        target = at_most(5) if text is ordinary else None
        yield Measurement(name, found, whole * 1000, "ms", target=target)
        bare = cost(lambda text=text: [_SPLIT.split(text) for _ in range(_ROUNDS)]) / _ROUNDS  # type: ignore[misc]
        beside = f"a bare sentence split of it ({bare * 1e6:.0f} µs)"
        yield Measurement(f"{name}_split", "the same", whole * 1000, "ms", beside, whole / bare)
    small, large = (cost(lambda n=n: extract_text(ordinary * n, rules), 3) for n in (1, 4))  # type: ignore[misc]
    beside = f"one of them ({small * 1000:.1f} ms)"
    yield Measurement(
        "extract_growth", "four such articles in one", large * 1000, "ms", beside, large / small, at_most(5)
    )


def article(text: str) -> str:
    """The text again and again, up to the length of an article."""
    return (text * (LENGTH // len(text) + 1))[:LENGTH]


def cost(work: Callable[[], object], rounds: int = 7) -> float:
    """Seconds of the processor in the best round: what else runs on the machine does not count."""
    tries = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        tries.append(time.process_time() - start)
    return min(tries)
