"""How far a noun phrase reaches: « le ministre kazan de la Défense, Oleg Marat »."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.statements.auxiliaries import is_adverb
from bot.domain.statements.persons import is_sigle, is_title
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.tokens import Token

_ENDING = 4  # letters that a verb must have beside « ait »
_LONGEST = 32
_BRACKET = 8  # tokens that a bracket after a name may hold: (PS, Haute-Vienne)
_ARTICLES = frozenset({"la", "le", "les", "l'"})
_TO = frozenset({"à", "au", "aux"})
_OTHERS = frozenset({"nombreux", "nombreuses", "autres"})
_AFTER_EN = frozenset({"chef", "exercice", "exil", "personne"})


def extent(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules, *, strict: bool) -> int:
    """The index of the last word of the phrase that begins at `first`; `strict` after a verb, where adverbials follow.

    Smaller than `first` where none begins.
    """
    head = _skip_determiner(tokens, first, end, rules)
    walk = _Walk(tokens, head, min(end, first + _LONGEST), rules, strict)
    at = head
    named = False
    while at < walk.end:
        step = walk.step(at, named=named)
        if not step:
            break
        named = walk.names(at) or (named and tokens[at].low not in rules.words["linkers"])
        at += step
    if at > head:
        return _trim(tokens, head, at - 1, rules)
    return head - 1 if head > first else first - 1


def _skip_determiner(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules) -> int:
    at = first
    while at < end:
        low = tokens[at].low
        following = tokens[at + 1] if at + 1 < end else None
        several = low in {"de", "d'"} and following is not None and following.low in _OTHERS
        number = tokens[at].kind == "n" and (at > first or (following is not None and following.kind == "w"))
        if not (rules.has("determiners", low) or several or number):
            break
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class _Walk:
    """The walk along one phrase: `head` is its first word after the determiner."""

    tokens: Sequence[Token]
    head: int
    end: int
    rules: LanguageRules
    strict: bool

    def step(self, at: int, *, named: bool) -> int:
        """How many tokens from `at` on belong to the phrase; 0 ends it."""
        token = self.tokens[at]
        if token.kind == "p":
            return self._bracket(at) if token.text == "(" and at > self.head else 0
        if token.kind == "n":
            before = self.tokens[at - 1]
            return int(before.capital or before.low in self.rules.words["linkers"] or before.low in _ARTICLES)
        if token.kind != "w" or token.capital:
            return int(token.kind == "w" and not self._another(at))
        if token.low == "et":
            return self._and(at)
        return int(self._small(at, named=named))

    def _another(self, at: int) -> bool:
        """« à l'AFP M. Roche », « sur Radio Sud Paul Roche »: after a sigle or an outlet another phrase begins."""
        low = self.tokens[at].low
        if at <= self.head or (low not in self.rules.words["civilities"] and low not in self.rules.first_names):
            return False
        if self.tokens[at - 1].low in self.rules.words["settings"]:  # « dans sa chronique Paul Roche »
            return True
        if is_sigle(self.tokens[at - 1].text) and not is_title(self.tokens[at - 1].low, self.rules):
            return at - 1 == self.head or low in self.rules.words["civilities"]
        return " ".join(token.low for token in self.tokens[self.head : at]) in self.rules.words["outlets"]

    def names(self, at: int) -> bool:
        """Whether a name of its own ends here, so that what follows is no part of it."""
        before = self.tokens[at - 1].low if at else ""
        return self.tokens[at].capital and before not in _ARTICLES and before not in self.rules.words["linkers"]

    def _small(self, at: int, *, named: bool) -> bool:
        """Whether the lower-case word belongs to the phrase."""
        low, words = self.tokens[at].low, self.rules.words
        before = self.tokens[at - 1].low if at else ""
        if low in _ARTICLES or low in words["linkers"] or low in words["particles"]:
            joins = self._joins(at, low, before)
            if joins or low in _ARTICLES or low in words["linkers"]:
                return joins
        if low in _TO or low in words["prepositions"]:
            return not self.strict or (not named and self._complement(at, low))
        if low in words["times"] and before == "du" and at > self.head + 1 and self.tokens[at - 2].capital:
            return True  # le Journal du dimanche
        if ends_phrase(low, self.rules) or self._says(at, low, before):
            return False
        return not (self.strict and named and before not in words["linkers"] and before not in _ARTICLES)

    def _says(self, at: int, low: str, before: str) -> bool:
        """« l'avocat pointe », « la ministre dénonce »: straight after a title, a verb of ours is no noun."""
        if at <= self.head or not is_title(before, self.rules):
            return False
        return any(form.tense == "present" for form in self.rules.forms.get(low, ()))

    def _joins(self, at: int, low: str, before: str) -> bool:
        """Whether « de », « la », « von » tie the next word to the phrase."""
        words = self.rules.words
        following = self.tokens[at + 1] if at + 1 < self.end else None
        if at <= self.head or following is None:
            return False
        if low in {"de", "d'"} and following.low in {"un", "une"} and self.tokens[at - 1].capital:
            return False  # « victime, selon Lise, d'une attaque »
        if low in _ARTICLES:  # Jean le Goff; not « à Bild le général »
            tied = before in words["linkers"] or before in {"à", "et", "sur", "pour"}
            return tied or (self.tokens[at - 1].capital and before not in words["outlets"] and following.capital)
        particle = self.tokens[at - 1].capital or before in words["particles"]
        return (low in words["linkers"] or particle) and following.kind in "wn"

    def _complement(self, at: int, low: str) -> bool:
        """After a verb: the prepositions that an office takes (candidat à la présidence, ambassadeur en Ukraine)."""
        following = self.tokens[at + 1] if at + 1 < self.end else None
        if following is None or following.kind != "w":
            return False
        nouns = {token.low for token in self.tokens[self.head : at]}
        posted = not nouns.isdisjoint(self.rules.words["posted"])
        if low in _TO:
            office = not nouns.isdisjoint(self.rules.words["with_a"])
            return office and (posted or following.low in {"la", "l'"} or not following.capital)
        return low == "en" and (following.low in _AFTER_EN or (posted and following.capital))

    def _and(self, at: int) -> int:
        """« Paul Roche et Anne Vidal », « des Affaires étrangères et du Développement »; not « et la foule a crié »."""
        after = self.tokens[at + 1] if at + 1 < self.end else None
        if after is None or after.kind != "w":
            return 0
        if after.low in self.rules.words["linkers"] or (not self.strict and not ends_phrase(after.low, self.rules)):
            return 1
        rest = at + 1 + (after.low in _ARTICLES or after.low in self.rules.words["civilities"])
        if rest >= self.end or not self.tokens[rest].capital:
            return 0
        while rest < self.end and (self.tokens[rest].capital or self.tokens[rest].low in self.rules.words["particles"]):
            rest += 1
        return int(
            rest >= self.end or self.tokens[rest].kind != "w" or not ends_phrase(self.tokens[rest].low, self.rules)
        )

    def _bracket(self, at: int) -> int:
        for closing in range(at + 1, min(self.end, at + _BRACKET)):
            if self.tokens[closing].text == ")":
                return closing - at + 1
        return 0


def ends_phrase(low: str, rules: LanguageRules) -> bool:
    """Whether the word can stand in no noun phrase: a finite verb, a pronoun, an adverb, a conjunction."""
    words = rules.words
    closed = ("subordinators", "times", "modals", "subject_pronouns", "nobody", "clitics")
    if low in rules.auxiliaries or any(low in words[name] for name in closed):
        return True
    if is_adverb(low, rules):
        return low not in {"là", "haut", "même"}
    if len(low) > _ENDING and low.endswith(("ait", "aient", "èrent", "eront")):
        return low not in words["nouns_in_ait"]
    return "-t-" in low or any(form.tense in {"gerund", "imperfect"} for form in rules.forms.get(low, ()))


def _trim(tokens: Sequence[Token], first: int, last: int, rules: LanguageRules) -> int:
    while last > first and tokens[last].low in rules.words["loose"]:
        last -= 1
    return last
