"""One measurement, what it is held against, and how a table of them looks on a terminal and in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

COLUMNS = ("name", "what is measured", "figure", "beside it", "ratio", "target", "met")
_WIDTHS = (13, 12, 7, 7, 4)  # on a terminal: name, figure, ratio, target, met; words follow


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio (or a figure that has none) may be."""

    limit: float
    at_least: bool = False

    def allows(self, value: float) -> bool:
        """Whether this is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.limit)}"


def at_most(limit: float) -> Target:
    """So much, or less."""
    return Target(limit)


def at_least(limit: float) -> Target:
    """So much, or more."""
    return Target(limit, at_least=True)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure, and its ratio to a floor or a peer of the same run. A target is one of the ratio, else of the figure.

    `remark` is told where the target is missed: why.
    """

    name: str
    says: str
    figure: float
    unit: str
    beside: str = ""  # the floor or peer, by name
    ratio: float | None = None
    target: Target | None = None
    remark: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is; None where there is none."""
        if self.target is None:
            return None
        return self.target.allows(self.figure if self.ratio is None else self.ratio)

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row, under COLUMNS."""
        ratio = "" if self.ratio is None else number(self.ratio)
        met = {True: "yes", False: "no", None: ""}[self.met]
        figure = f"{number(self.figure)} {self.unit}"
        return (self.name, self.says, figure, self.beside, ratio, str(self.target or ""), met)

    @property
    def line(self) -> str:
        """Its row on a terminal, words last."""
        name, says, figure, beside, ratio, target, met = self.cells
        wide, *others = _WIDTHS
        columns = "".join(
            f"{cell:>{width}}  " for cell, width in zip((figure, ratio, target, met), others, strict=True)
        )
        return f"{name:<{wide}}{columns}{says}" + (f", beside {beside}" if beside else "")


def heading() -> str:
    """What stands above the lines."""
    wide, *others = _WIDTHS
    names = ("figure", "ratio", "target", "met")
    return f"{'name':<{wide}}" + "".join(f"{name:>{w}}  " for name, w in zip(names, others, strict=True)) + "what"


def number(value: float) -> str:
    """Three digits that count; no ratio is so exact that it needs more."""
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown under COLUMNS."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def rows_of(document: str) -> list[tuple[str, ...]]:
    """The rows of such a table, out of the document that holds it."""
    lines = [line for line in document.splitlines() if line.startswith("| ")]
    if not lines or _cells(lines[0]) != COLUMNS:
        raise ValueError(f"no table that begins with {' | '.join(COLUMNS)}")
    return [_cells(line) for line in lines[2:]]


def _cells(line: str) -> tuple[str, ...]:
    bare = line.removeprefix("| ").removesuffix(" |").replace("\\|", "\0")
    return tuple(cell.strip().replace("\0", "|") for cell in bare.split(" | "))


def as_values(one: Measurement) -> dict[str, Any]:
    """For another process."""
    return asdict(one)


def from_values(values: dict[str, Any]) -> Measurement:
    """What as_values took apart."""
    target = values.pop("target")
    return Measurement(**values, target=target and Target(**target))
