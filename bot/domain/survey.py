"""What stored articles say about a rule before it is saved: what it finds, from whom, and what was perhaps meant.

Two readings are easily mistaken for each other: « a et b » where « a, b » was meant, and « a b » (in that order) where
« a et b » was. Both show in the articles: the two hardly ever occur together. So does a misspelt name: nobody writes
it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.inflection import SMALL
from bot.domain.matcher import Found, Matcher
from bot.domain.model import Article
from bot.domain.rulelang.build import all_of, any_of, is_condition
from bot.domain.rulelang.change import exchanged, wanted
from bot.domain.rulelang.printer import print_rule
from bot.domain.rules import All, Except, Rule, Source, Term, leaves
from bot.domain.text import fold_word
from bot.domain.topics import judged
from bot.domain.view import View
from bot.domain.vocabulary import Vocabulary

_ENOUGH_OF_AN_OUTLET, _NEARLY_ALL = 20, 0.6
_RARELY = 20  # two terms, where the rarer one is so many times more frequent than both together
_MOST_WORDS = 4  # of a phrase that is taken apart
_MOST_ASKED = 3  # terms that are asked back about
_EXAMPLES = 5
Meant = Literal["word", "both", "either", "keep"]


@dataclass(frozen=True, slots=True)
class Variant:
    """What was perhaps meant: the whole rule so written, and in how many articles the changed part occurs."""

    meant: Meant
    rule: str
    articles: int = 0
    word: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may not mean what it should, and what may be done about it.

    "unseen": a term that occurs nowhere. "apart": words that occur together, but not in that order. "rarely": two terms
    that both must occur, and hardly ever do.
    """

    kind: Literal["unseen", "apart", "rarely"]
    terms: tuple[str, ...]
    variants: tuple[Variant, ...] = ()
    articles: int = 0  # that hold all of it


@dataclass(frozen=True, slots=True)
class Survey:
    """What a rule finds."""

    read: int  # articles looked at
    outlets: tuple[tuple[str, int], ...]  # those with articles that it finds, most first
    examples: tuple[Article, ...]  # the latest, of different outlets first
    flooded: tuple[str, ...]  # outlets of which it finds nearly everything
    doubts: tuple[Doubt, ...]

    @property
    def found(self) -> int:
        """How many articles it finds."""
        return sum(number for _, number in self.outlets)


class Surveyor:
    """Looks at articles with a rule, as many pages of them as there are; not to be used by two threads at once."""

    def __init__(self, rule: Rule) -> None:
        self.read = 0
        self._rule = rule
        self._terms = [replace(term, where="") for term in wanted(rule)]
        self._phrases = {number: words for number, term in enumerate(self._terms) if (words := _words(term))}
        self._pair = _pair(rule)
        self._matcher = Matcher(dict(self._questions()))
        self._seen: Counter[str] = Counter()
        self._of_outlet: Counter[str] = Counter()
        self._found: dict[str, list[Article]] = {}
        self._texts: list[str] = []

    def _questions(self) -> Iterator[tuple[str, Rule]]:
        yield "rule", self._rule
        yield from ((f"t{number}", term) for number, term in enumerate(self._terms))
        for number, words in self._phrases.items():
            yield from ((f"t{number}.{at}", word) for at, word in enumerate(words))
        if self._pair:
            yield from zip(("left", "right"), self._pair, strict=True)

    def look(self, articles: Iterable[Article]) -> None:
        """Count what these hold."""
        for article in articles:
            self.read += 1
            self._of_outlet[article.outlet] += 1
            self._texts.append(f"{article.title}\n{article.summary}")
            found = self._matcher.find(article)
            if "rule" in self._matcher.waiting_for(found) and judged(article, self._matcher, found, ["rule"]):
                self._found.setdefault(article.outlet, []).append(article)
            self._seen.update(self._present(article, found))

    def _present(self, article: Article, found: Found) -> Iterator[str]:
        """The terms that occur in an article, wherever, and what occurs in it together."""
        view = View(found.hits, lambda _: True, article, found.title_length)
        there = {
            id_
            for id_ in self._matcher.touched_by(found)
            if id_ != "rule" and view.holds(self._matcher.nodes[id_]) is not None
        }
        yield from there
        if {"left", "right"} <= there:
            yield "pair"
        for number, words in self._phrases.items():
            if all(f"t{number}.{at}" in there for at in range(len(words))):
                yield f"all{number}"

    def result(self) -> Survey:
        """What all of them say."""
        counts = Counter({outlet: len(articles) for outlet, articles in self._found.items()})
        outlets = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        return Survey(self.read, outlets, self._examples(), tuple(self._flooded(counts)), tuple(self._doubts()))

    def _examples(self) -> tuple[Article, ...]:
        ranked: list[tuple[int, float, Article]] = []
        for articles in self._found.values():
            latest = sorted(articles, key=_age)
            ranked += [(rank, _age(article), article) for rank, article in enumerate(latest[:_EXAMPLES])]
        return tuple(article for *_, article in sorted(ranked, key=lambda one: one[:2])[:_EXAMPLES])

    def _flooded(self, counts: Counter[str]) -> Iterator[str]:
        if any(isinstance(leaf, Source) for leaf in leaves(self._rule)):
            return  # who asks for an outlet wants its articles
        for outlet, number in counts.most_common():
            of_all = self._of_outlet[outlet]
            if of_all >= _ENOUGH_OF_AN_OUTLET and number >= _NEARLY_ALL * of_all:
                yield outlet

    # --- what was perhaps meant --------------------------------------------------------------------------------------

    def _doubts(self) -> Iterator[Doubt]:
        if not self.read:
            return
        unseen = [number for number in range(len(self._terms)) if not self._seen[f"t{number}"]]
        for number in unseen[:_MOST_ASKED]:
            yield self._doubt_about(number)
        if self._pair and not unseen:
            yield from self._rarely(self._pair)

    def _doubt_about(self, number: int) -> Doubt:
        term, words = wanted(self._rule)[number], self._phrases.get(number, ())
        counts = [self._seen[f"t{number}.{at}"] for at in range(len(words))]
        together = self._seen[f"all{number}"]
        if words and all(counts):
            both = Variant("both", self._with(term, all_of(words)), together)
            either = Variant("either", self._with(term, any_of(words)), sum(counts) - (len(words) - 1) * together)
            return Doubt("apart", (term.shown or term.text,), (both, either) if together else (either,))
        misspelt = words[counts.index(0)] if words else term
        return Doubt("unseen", (misspelt.shown or misspelt.text,), tuple(self._spelt(term, misspelt)))

    def _spelt(self, term: Term, word: Term) -> Iterator[Variant]:
        """The term with its unknown word as others write it."""
        if term.text.endswith("*") or " " in word.text or (term.quoted and " " in term.text):
            return
        for known, number in Vocabulary(self._texts).near(word.text):
            text = term.text.replace(word.text, known)
            yield Variant("word", self._with(term, replace(term, text=text)), number, known)

    def _rarely(self, pair: tuple[Rule, Rule]) -> Iterator[Doubt]:
        left, right, together = self._seen["left"], self._seen["right"], self._seen["pair"]
        if together and together * _RARELY >= min(left, right):
            return
        either = Variant("either", self._with(All(pair), any_of(pair)), left + right - together)
        keep = Variant("keep", "", together)
        yield Doubt("rarely", (print_rule(pair[0]), print_rule(pair[1])), (either, keep), together)

    def _with(self, old: Rule, new: Rule) -> str:
        return print_rule(exchanged(self._rule, old, new))


def _age(article: Article) -> float:
    return -article.published_at.timestamp() if article.published_at else 0.0


def _pair(rule: Rule) -> tuple[Rule, Rule] | None:
    """The two things that both must occur, where the rule asks for nothing else."""
    inner = rule.rule if isinstance(rule, Except) else rule
    if isinstance(inner, All) and len(inner.rules) == 2 and not any(map(is_condition, inner.rules)):  # noqa: PLR2004 - a pair
        return inner.rules[0], inner.rules[1]
    return None


def _words(term: Term) -> tuple[Term, ...]:
    """The words of a bare phrase that count; none where it is one word, or too many."""
    if term.quoted:
        return ()
    words = [word for word in term.text.split() if (said := fold_word(word)) and said not in SMALL]
    return tuple(Term(word) for word in words) if 1 < len(words) <= _MOST_WORDS else ()
