"""One unit of text under the eyes of the patterns: its tokens, verbs and quotes; and what a pattern proposes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.model import Frame
from bot.domain.statements.auxiliaries import split_inversion
from bot.domain.statements.lexicon import Verb
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.quotes import Quote
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.speakers import read_phrase
from bot.domain.statements.tokens import Token
from bot.domain.statements.verbs import VerbGroup, find_verbs

Span = tuple[int, int]
_MOST_VERBS = 40  # in one unit: more is no prose, and would cost its square
# Endings that only finite verbs have, near enough: tenait, seront, passera, reviendra, mettra.
_FINITE = (
    "ait",
    "aient",
    "eront",
    "era",
    "èrent",
    "issent",
    "dra",
    "ttra",
    "vra",
    "ira",
    "iront",
    "dront",
    "vront",
    "ttront",
)
_EDGES = " \n,;:–—-"


@dataclass(frozen=True)
class Scene:
    """A unit: a sentence, or several where a quote holds them together."""

    text: str
    span: Span
    tokens: tuple[Token, ...]
    quotes: Sequence[Quote]
    rules: LanguageRules
    own: Sequence[Quote]  # those of `quotes` that stand in the unit
    headline: bool = False
    read: dict[tuple[int, int, bool], NounPhrase | None] = field(default_factory=dict, repr=False, compare=False)
    subjects: dict[int, NounPhrase | None] = field(default_factory=dict, repr=False, compare=False)  # by verb

    @cached_property
    def verbs(self) -> tuple[VerbGroup, ...]:
        """The verb groups of speech, found when first asked for: a unit that only names somebody needs none."""
        return find_verbs(self.tokens, self.rules)[:_MOST_VERBS]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every lower-case word of the unit, to see at once which rules cannot hold."""
        return frozenset([token.low for token in self.tokens])

    @cached_property
    def _lows(self) -> dict[int, str]:  # asked for a thousand times an article: one look-up, no bounds to test
        return {index: token.low for index, token in enumerate(self.tokens)}

    @cached_property
    def _kinds(self) -> dict[int, str]:
        return {index: token.kind for index, token in enumerate(self.tokens)}

    def phrase(self, first: int, end: int, *, strict: bool = True) -> NounPhrase | None:
        """The noun phrase that begins at `first`, read once: several patterns ask for the same."""
        key = (first, end, strict)
        if key not in self.read:
            self.read[key] = read_phrase(self.tokens, first, end, self.rules, strict=strict)
        return self.read[key]

    def low(self, index: int) -> str:
        """The lower-case word at a token index, "" outside the unit."""
        return self._lows.get(index, "")

    def kind(self, index: int) -> str:
        """The kind of the token at an index, "" outside the unit."""
        return self._kinds.get(index, "")

    def chars(self, first: int, end: int) -> Span:
        """The characters of the tokens from `first` up to, not including, `end`."""
        return (self.tokens[first].start, self.tokens[end - 1].end) if end > first else (self.span[1], self.span[1])

    def cue(self, group: VerbGroup) -> Span:
        """The characters of a verb group, a « pas » that follows it included."""
        last = group.last + 1
        negated = group.negated and self.low(last) in self.rules.words["negations"]
        return self.chars(group.first, last + negated)

    def after_quote(self, index: int) -> int:
        """The index of the token after the quote that is open at `index`."""
        quote = self.tokens[index].quote
        while index < len(self.tokens) and self.tokens[index].quote == quote:
            index += 1
        return index

    def has_finite(self, first: int, end: int) -> bool:
        """Whether a finite verb that we know stands there, outside quotes or in them."""
        for token in self.tokens[first:end]:
            low, pronoun = split_inversion(token.low)
            if pronoun or low in self.rules.words["subject_pronouns"] or low in {"on", "c'", "je", "j'", "nous"}:
                return True
            if low in self.rules.words["finite"] or low in self.rules.words["modals"]:
                return True
            if len(low) > 5 and low.endswith(_FINITE):  # noqa: PLR2004 - endings
                return True
            if any(form.tense in {"present", "past", "future"} for form in self.rules.forms.get(low, ())):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as a pattern proposes it: the speaker still as it stands in the sentence, or not at all."""

    pattern: str
    sieve: int
    spans: tuple[Span, ...]
    cue: Span
    frame: Frame
    speaker: NounPhrase | None
    verb: Verb | None = None
    group: VerbGroup | None = None
    connector: str = ""
    according: bool = False
    question: bool = False


def tidy(text: str, span: Span) -> Span:
    """The span without blanks and joining signs at its edges, and without a final stop."""
    start, end = span
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in " \n,;:–—":
        end -= 1
    if end > start and text[end - 1] == "." and not text.endswith("..", start, end):
        end -= 1
    while end > start and text[end - 1] in " \n,":
        end -= 1
    return start, end


def content(scene: Scene, *spans: Span) -> tuple[Span, ...]:
    """The pieces of a content, tidied; a piece that is one whole quote loses its marks."""
    pieces: list[Span] = []
    for span in spans:
        start, end = tidy(scene.text, span)
        quote = next((q for q in scene.own if q.start == start), None) if end > start else None
        if quote and _only_quote(scene.text, quote, end):
            pieces.extend(quote.pieces)
        elif end > start:
            stop = any(end + 1 == q.pieces[-1][1] for q in scene.own) and scene.text[end] == "."
            pieces.append((start, end + stop))
    return tuple(pieces)


def with_marks(scene: Scene, pieces: tuple[Span, ...]) -> tuple[Span, ...]:
    """Pieces as they stand in somebody's sentence: one that is a whole quote has its marks again."""
    if len(pieces) != 1:
        return pieces
    start, end = pieces[0]
    quote = next((q for q in scene.own if q.pieces[0][0] == start and q.pieces[-1][1] == end), None)
    return ((quote.start, quote.end),) if quote else pieces


def _only_quote(text: str, quote: Quote, end: int) -> bool:
    return quote.end >= end or not text[quote.end : end].strip(" .,;:!?")


def quoted_share(scene: Scene, spans: Sequence[Span]) -> float:
    """How much of the content stands between quotation marks, 0 to 1."""
    total = sum(end - start for start, end in spans) or 1
    inside = 0
    for quote in scene.own:
        for start, end in spans:
            inside += max(0, min(end, quote.end) - max(start, quote.start))
    return min(1.0, inside / total)


def quoted_words(scene: Scene, spans: Sequence[Span]) -> int:
    """The most words that any one quote holds inside the content."""
    best = 0
    for quote in scene.own:
        for start, end in spans:
            low, high = max(start, quote.start), min(end, quote.end)
            if high > low:
                best = max(best, len(scene.text[low:high].split()))
    return best
