"""Rules with their terms numbered, so that whether one holds is a question about the numbers that occur."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from bot.domain.model import Place
from bot.domain.rules import All, Any, Country, Except, Near, Rule, Source, Term, Where
from bot.domain.terms import Sequence, sequences


class Hit(NamedTuple):
    """A term where it stands: its first and last token, and where the first begins in the folded text.

    One that is only there to support another (right of a `~`) is `beside` it and weighs little of its own.
    """

    term: int
    place: Place
    first: int
    last: int
    start: int
    beside: bool = False


# What a pattern leads to: the term that it proves by itself, or a term and the way in which it must stand there.
Lead: TypeAlias = int | tuple[int, Sequence]


class Vocabulary:
    """Every different term once, numbered, with the patterns that lead to it.

    Made for a hundred thousand rules: the commonest things (a word of its own, a pattern of one term) have no object.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self.patterns: dict[str, Lead | list[Lead]] = {}

    def number(self, term: Term, *, excluded: bool) -> int:
        """The term's number; one inside an exclusion is another term, as it is inflected less."""
        known = f"\n{term.quoted:d}{excluded:d}{term.text}" if term.quoted or excluded else term.text
        if known not in self._numbers:
            self._numbers[known] = number = len(self._texts)
            self._texts.append(term.text)
            for sequence, patterns in sequences(term.text, quoted=term.quoted, excluded=excluded):
                lead = number if sequence.sure else (number, sequence)
                for pattern in patterns:
                    put(self.patterns, pattern, lead)
        return self._numbers[known]

    def close(self) -> dict[str, Lead | list[Lead]]:
        """All patterns; no further term is numbered, and what only that needed is let go."""
        patterns, self.patterns = self.patterns, {}
        self._numbers.clear()
        return patterns

    def text(self, number: int) -> str:
        """The term as written."""
        return self._texts[number]


K = TypeVar("K")
V = TypeVar("V")


def put(into: dict[K, V | list[V]], key: K, value: V) -> None:
    """One more value under a key: alone, or in a list where there are several."""
    known = into.setdefault(key, value)
    if isinstance(known, list):
        known.append(value)
    elif known is not value:
        into[key] = [known, value]


def each(values: V | list[V]) -> Iterable[V]:
    """What `put` put under a key."""
    return values if isinstance(values, list) else (values,)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term that occurs in a certain place; one that may stand anywhere is its bare number."""

    term: int
    where: Where


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of the article's outlet."""

    outlet: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the terms (that may stand anywhere) or of the other nodes.

    The others wait under the terms that they cannot do without, so that a long list costs nothing where none occurs.
    """

    terms: tuple[int, ...] | frozenset[int]
    others: "tuple[Node, ...]"
    waiting: "Mapping[int, tuple[int, ...]]"
    always: tuple[int, ...]

    def standing(self, found: AbstractSet[int]) -> Iterable[int]:
        """The terms among those that occur."""
        return self.terms & found if isinstance(self.terms, frozenset) else [t for t in self.terms if t in found]

    def candidates(self, found: AbstractSet[int]) -> "Iterator[Node]":
        """The others that may hold where these terms occur, in the order written."""
        called = {number for term in self.waiting.keys() & found for number in self.waiting[term]}
        return (self.others[number] for number in sorted(called.union(self.always)))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every node."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class NearOf:
    """Two nodes within some words of each other."""

    left: "Node"
    right: "Node"
    distance: int


@dataclass(frozen=True, slots=True)
class ExceptOf:
    """A node, where the other has no hit."""

    node: "Node"
    without: "Node"


_FEW = 8  # so many are found one by one as fast as in a set, in a third of its memory
_NOTHING: "Mapping[int, tuple[int, ...]]" = {}
Node: TypeAlias = int | Leaf | Condition | AnyOf | AllOf | NearOf | ExceptOf


def compile_rule(rule: Rule, vocabulary: Vocabulary, *, excluded: bool = False) -> Node:  # noqa: C901, PLR0911 - one answer for each kind of rule
    """The rule with its terms numbered."""

    def compiled(part: Rule) -> Node:
        return compile_rule(part, vocabulary, excluded=excluded)

    match rule:
        case Term():
            number = vocabulary.number(rule, excluded=excluded)
            return Leaf(number, rule.where) if rule.where else number
        case Source(name):
            return Condition(outlet=name)
        case Country(code):
            return Condition(country=code)
        case Any(rules):
            return _any_of([compiled(part) for part in rules], vocabulary)
        case All(rules):
            return AllOf(tuple(compiled(part) for part in rules))
        case Near(left, right, distance):
            return NearOf(compiled(left), compiled(right), distance)
        case Except(inner, out):
            without = _any_of([compile_rule(part, vocabulary, excluded=True) for part in out], vocabulary)
            return ExceptOf(compiled(inner), without)


def _any_of(nodes: list[Node], vocabulary: Vocabulary) -> AnyOf:
    numbers = frozenset(node for node in nodes if isinstance(node, int))
    terms = numbers if len(numbers) > _FEW else tuple(numbers)
    others = tuple(node for node in nodes if not isinstance(node, int))
    if not others:
        return AnyOf(terms, (), _NOTHING, ())
    waiting: dict[int, tuple[int, ...]] = {}
    needed = [triggers(node, vocabulary) for node in others]
    for number, needs in enumerate(needed):
        for term in needs:
            waiting[term] = (*waiting.get(term, ()), number)
    return AnyOf(terms, others, waiting, tuple(number for number, needs in enumerate(needed) if not needs))


def positive_terms(node: Node) -> frozenset[int]:
    """Every term of a rule that is not excluded; of a `~` those on its left, which its right only supports."""
    match node:
        case int() | Leaf():
            return frozenset({node if isinstance(node, int) else node.term})
        case AnyOf(terms=terms, others=others):
            return frozenset(terms).union(*map(positive_terms, others))
        case AllOf(nodes):
            return frozenset().union(*map(positive_terms, nodes))
        case NearOf(left, _, _):
            return positive_terms(left)
        case ExceptOf(inner, _):
            return positive_terms(inner)
        case _:
            return frozenset()


def triggers(node: Node, vocabulary: Vocabulary) -> frozenset[int]:
    """Terms of which one at least occurs wherever the rule holds; empty if there are none such.

    Of terms that must all occur, the longest is taken: it is likely to be the rarest.
    """
    match node:
        case AllOf(nodes):
            return _rarest([triggers(part, vocabulary) for part in nodes], vocabulary)
        case NearOf(left, right, _):
            return _rarest([triggers(left, vocabulary), triggers(right, vocabulary)], vocabulary)
        case AnyOf(terms=terms, others=others):
            inner = [triggers(part, vocabulary) for part in others]
            return frozenset(terms).union(*inner) if all(inner) else frozenset()
        case ExceptOf(inside, _):
            return triggers(inside, vocabulary)
        case _:
            return positive_terms(node)


def _rarest(sets: list[frozenset[int]], vocabulary: Vocabulary) -> frozenset[int]:
    usable = [found for found in sets if found]
    return max(usable, key=lambda found: min(len(vocabulary.text(term)) for term in found), default=frozenset())
