"""benchmarks/RESULTS.md: where and when it was measured, the table, and plainly what misses its target."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from benchmarks.table import Measurement, markdown, number

HEAD = (
    "Written by `make bench`. Each ratio is to a floor or a peer measured in the same run; the figures are this"
    " machine's and change with it and with what else it does."
)

APART = (
    (
        "`python -m benchmarks.volume`, 22 November 2026, 403 s: a month of 66 feeds and 100 chats (61,380 articles,"
        " 15,345 statements, 6,000 messages) is a SQLite file of 137 MB; a verified backup takes 0.7 s, a retention"
        " run with nothing to do 0.04 s; 83 MB of memory at the most."
    ),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured."""

    name: str
    system: str
    processor: str
    cores: int
    python: str
    commit: str

    @classmethod
    def this(cls, root: Path) -> Self:
        """The one that we run on, and the commit of this tree."""
        python = f"{platform.python_implementation()} {platform.python_version()}"
        system = f"{platform.system()} {platform.release()}"
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cls(platform.node(), system, _processor(), cores, python, _commit(root))

    @property
    def line(self) -> str:
        """All of it."""
        return f"{self.name}: {self.processor}, {self.cores} cores, {self.system}; {self.python}; commit {self.commit}"


def load() -> str:
    """How busy the machine is, as far as it says so."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def results(
    machine: Machine,
    now: datetime,
    measured: Sequence[Measurement],
    failed: Mapping[str, str],
    loads: tuple[str, str],
) -> str:
    """The document."""
    facts = (
        f"date: {now:%d %B %Y, %H:%M} UTC",
        f"machine: {machine.name}, {machine.processor}, {machine.cores} cores, {machine.system}",
        f"Python: {machine.python}",
        f"commit: {machine.commit}",
        f"load average: {loads[0]} at the beginning, {loads[1]} at the end (more than the number of cores: disturbed)",
    )
    parts = ["# What was measured", HEAD, _listed(facts), markdown(one.cells for one in measured)]
    missed = [_missed(one) for one in measured if one.met is False]
    parts += ["## What misses its target", _listed(missed) if missed else "Nothing."]
    if failed:
        parts += ["## What failed", _listed(f"`{name}`: {words}" for name, words in failed.items())]
    return "\n\n".join([*parts, "## Measured apart", _listed(APART)]) + "\n"


def _missed(one: Measurement) -> str:
    value = f"{number(one.figure)} {one.unit}" if one.ratio is None else number(one.ratio)
    return f"`{one.name}`: {value} where {one.target} is wanted. {one.remark}".rstrip()


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _commit(root: Path) -> str:
    def asked(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = asked("status", "--porcelain", "--untracked-files=no", "--", "bot", "config")
        return asked("rev-parse", "--short", "HEAD") + (" with changes that are not in it" if changed else "")
    except (OSError, subprocess.CalledProcessError):  # a tree that was downloaded
        return "unknown"
