"""All rules of everybody in one pass: one Aho-Corasick automaton over the terms, a rule looked at only when one of its
terms occurs.

The automaton reads the folded text and the stream of its inflection keys (scanned.py); what it reports is a candidate,
which the term's own words confirm. A matcher never changes: an edited rule means a new matcher, built aside and put in
its place, so nothing pauses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from bot.domain.compiled import Hit, Lead, Node, Vocabulary, compile_rule, each, positive_terms, put, triggers
from bot.domain.model import Article, Place
from bot.domain.rules import Rule, Term
from bot.domain.scanned import Scanned

# A term that stands more often in one text says nothing more; and no text can make matching slow.
_MOST_HITS = 100
# What stands behind one of these is background: « sur fond de guerre en Ukraine ». Found in the same pass.
PASSING = (
    "sur fond",
    "dans le contexte",
    "depuis le début",
    "depuis le déclenchement",
    "depuis l'invasion",
    "depuis la guerre",
    "avec la guerre",
    "après l'invasion",
    "à cause de la guerre",
    "en raison de la guerre",
    "dans le sillage",
    "à l'instar",
    "au même titre que",
    "comme en",
    "notamment en",
    "notamment par",
    "originaire",
    "né en",
    "née en",
    "né à",
    "née à",
    "rue de",
    "avenue de",
    "boulevard de",
    "natif de",
    "native de",
    "d'origine",
    "keffieh",
    "keffiehs",
    "tout comme",
    "y compris en",
    "en marge",
    "lire aussi",
    "à lire",
    "marquée par",
    "marqué par",
)


@dataclass(frozen=True, slots=True)
class Found:
    """The terms that occur in an article, and the texts they occur in."""

    hits: Mapping[int, tuple[Hit, ...]]
    texts: Mapping[Place, Scanned]

    @property
    def title_length(self) -> int:
        """In tokens."""
        return len(self.texts["title"].tokens) if "title" in self.texts else 0


class Matcher:
    """Rules by id, ready to be looked for; immutable."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._vocabulary = Vocabulary()
        self.passing = frozenset(
            self._vocabulary.number(Term(cue, quoted=True), excluded=False) for cue in PASSING if rules
        )
        self.nodes: dict[str, Node] = {id_: compile_rule(rule, self._vocabulary) for id_, rule in rules.items()}
        self._waiting: dict[int, str | list[str]] = {}
        self._positive: dict[int, str | list[str]] = {}
        self._always: list[str] = []
        for id_, node in self.nodes.items():
            needed = triggers(node, self._vocabulary)
            _register(self._waiting, needed, id_)
            _register(self._positive, positive_terms(node), id_)
            if not needed:
                self._always.append(id_)
        patterns = self._vocabulary.close()
        self._targets: list[Lead | list[Lead]] = list(patterns.values())
        self._automaton = AhoCorasick(patterns)

    def find(self, article: Article) -> Found:
        """Every term of every rule that occurs in the article."""
        hits: dict[int, list[Hit]] = {}
        texts: dict[Place, Scanned] = {}
        for place, text in _places(article):
            texts[place] = scanned = Scanned(text)
            for hit in self._hits(place, scanned):
                hits.setdefault(hit.term, []).append(hit)
        return Found({term: tuple(found) for term, found in hits.items()}, texts)

    def scan(self, haystack: str) -> list[tuple[int, int, int]]:
        """What the automaton alone reports: (pattern, start, end). For benchmarks and for `find`."""
        return self._automaton.find_matches_as_indexes(haystack, overlapping=True)

    def waiting_for(self, found: Found) -> set[str]:
        """The ids of the rules that may hold: one of the terms each cannot do without occurs."""
        return set(self._always).union(*(each(self._waiting.get(term, [])) for term in found.hits))

    def touched_by(self, found: Found) -> set[str]:
        """The ids of the rules of which some term occurs, whatever else they ask."""
        return set[str]().union(*(each(self._positive.get(term, [])) for term in found.hits))

    def term(self, number: int) -> str:
        """A term as written in its rule."""
        return self._vocabulary.text(number)

    def _hits(self, place: Place, scanned: Scanned) -> Iterator[Hit]:
        if not self._targets or not scanned.tokens:
            return
        counted: dict[int, int] = {}
        for pattern, start, _ in self.scan(scanned.haystack):
            counted[pattern] = counted.get(pattern, 0) + 1
            if counted[pattern] > _MOST_HITS:
                continue
            token = scanned.token_of(start)
            yield from self._confirmed(pattern, token, place, scanned)

    def _confirmed(self, pattern: int, token: int, place: Place, scanned: Scanned) -> Iterator[Hit]:
        leads: Iterable[Lead] = each(self._targets[pattern])
        for lead in leads:
            if isinstance(lead, int):
                yield Hit(lead, place, token, token, scanned.starts[token])
                continue
            term, sequence = lead
            stands = scanned.stands(sequence, token)
            if stands is not None:
                yield Hit(term, place, *stands, scanned.starts[stands[0]])


def _places(article: Article) -> Iterator[tuple[Place, str]]:
    if article.title:
        yield "title", article.title
    if article.summary:
        yield "summary", article.summary
    if article.text:
        yield "text", article.text


def _register(into: dict[int, str | list[str]], terms: Iterable[int], id_: str) -> None:
    for term in terms:
        put(into, term, id_)
