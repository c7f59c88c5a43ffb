"""What a rule is made of as typed."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "quoted", "tag", "(", ")", ",", "line", "et", "sauf", "~", "field", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a rule as typed; `text` is what it says once cleaned."""

    kind: Kind
    text: str
    position: int
    number: int = 0  # of `~8`
    first: bool = False  # the first thing on its line: phones write it with a capital
