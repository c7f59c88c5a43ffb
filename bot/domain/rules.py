"""A topic rule as a tree, and the topic that carries it.

A rule is made of terms joined by `Any`, `All` and `Near`; `Except` takes away what must not occur. `rulelang` writes
and reads trees as text; two rules that mean the same to a reader need not be equal, but a rule printed and read again
is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# Where a term must stand: anywhere, in the title, or in the title or first lines.
Where = Literal["", "titre", "debut"]


@dataclass(frozen=True, slots=True)
class Term:
    """Words to find: bare (inflected, small words aside) or quoted (exactly these, in this order)."""

    text: str
    quoted: bool = False
    where: Where = ""
    shown: str = field(default="", compare=False)  # as typed, where reading it normalised it


@dataclass(frozen=True, slots=True)
class Source:
    """Only articles of that outlet."""

    name: str


@dataclass(frozen=True, slots=True)
class Country:
    """Only articles of outlets of that country: an upper-case code."""

    code: str


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of them."""

    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them."""

    rules: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class Near:
    """Both, at most so many words apart, in any order."""

    left: "Rule"
    right: "Rule"
    distance: int


@dataclass(frozen=True, slots=True)
class Except:
    """The rule, where nothing of `without` occurs."""

    rule: "Rule"
    without: "tuple[Rule, ...]"


Rule: TypeAlias = Term | Source | Country | Any | All | Near | Except


@dataclass(frozen=True, slots=True)
class Topic:
    """A news topic: what readers see of it, and the rule that decides."""

    id: str
    emoji: str
    names: dict[str, str]
    rule: Rule
    source: str  # the rule as written
    description: str = ""

    def name(self, language: str = "fr") -> str:
        """Its name in that language, else in French, else its id."""
        return self.names.get(language) or self.names.get("fr") or self.id


def parts(rule: Rule) -> "tuple[Rule, ...]":
    """The rules directly inside one, exclusions last."""
    match rule:
        case Any(rules) | All(rules):
            return rules
        case Near(left, right, _):
            return (left, right)
        case Except(inner, without):
            return (inner, *without)
        case _:
            return ()


def leaves(rule: Rule) -> Iterator[Term | Source | Country]:
    """Every term and condition of a rule, exclusions too, in the order written."""
    inside = parts(rule)
    if isinstance(rule, Term | Source | Country):
        yield rule
    for part in inside:
        yield from leaves(part)
