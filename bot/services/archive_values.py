"""The simple values of an archive: an object, a list, a text, a switch; and what is wrong with one that is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

OWN = "own:"  # before the name of a topic that the chat wrote
LONGEST = 200
_SHOWN = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Where a file is wrong, and why: a text under `import.wrong_…` with its values."""

    where: str
    problem: str
    values: Mapping[str, object]


class Wrong(Exception):
    """Carries what is wrong out of a reader."""

    def __init__(self, where: str, problem: str, /, **values: object) -> None:
        self.found = Unreadable(where, problem, values)
        super().__init__(problem)


def exactly(value: Any, where: str, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object with these fields and no other."""
    if not isinstance(value, dict):
        raise Wrong(where, "object")
    for field in value:
        if field not in names and field not in optional:
            raise Wrong(_under(where, cut(field)), "unknown")
    for field in names:
        if field not in value:
            raise Wrong(_under(where, field), "missing")
    return value


def listed(value: Any, where: str, read_one: Callable[[Any, str], T], most: int) -> tuple[T, ...]:
    """A list of at most so many."""
    if not isinstance(value, list):
        raise Wrong(where, "list")
    if len(value) > most:
        raise Wrong(where, "many", n=most)
    return tuple(read_one(one, f"{where}[{number}]") for number, one in enumerate(value))


def text(value: Any, where: str, longest: int = LONGEST) -> str:
    """A short text, perhaps empty."""
    if not isinstance(value, str):
        raise Wrong(where, "text")
    if len(value) > longest:
        raise Wrong(where, "long", n=longest)
    return value


def switch(value: Any, where: str) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Wrong(where, "switch")
    return value


def choice(value: Any, where: str, choices: Sequence[str]) -> str:
    """One of these words."""
    if text(value, where) not in choices:
        raise Wrong(where, "choice", given=cut(value), choices=", ".join(choices))
    return str(value)


def refuse_twice(values: Sequence[str], where: str) -> None:
    """Each of them once."""
    for value in values:
        if values.count(value) > 1:
            raise Wrong(where, "twice", given=cut(value.removeprefix(OWN)))


def cut(value: str) -> str:
    """As shown in a line."""
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"


def _under(where: str, field: str) -> str:
    return f"{where}.{field}" if where else field
