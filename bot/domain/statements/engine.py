"""Text → statements: layer | paragraphs | quotes | sentences | patterns | choose | resolve | judge."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from bot.domain.model import Article, Place, Statement, StatementKind
from bot.domain.statements.auxiliaries import split_inversion
from bot.domain.statements.choose import Choice, choose
from bot.domain.statements.continuation import floating_quote
from bot.domain.statements.coref import Resolver
from bot.domain.statements.entities import Resolved
from bot.domain.statements.headlines import headline_parts, headlines
from bot.domain.statements.judge import calibrated, confidence_of, polarity_of, unshowable
from bot.domain.statements.layer import Layer, Span, read_layer
from bot.domain.statements.patterns_according import according
from bot.domain.statements.patterns_clause import clauses
from bot.domain.statements.patterns_incise import incises
from bot.domain.statements.patterns_infinitive import infinitives
from bot.domain.statements.patterns_other import others
from bot.domain.statements.patterns_quote import introduced_quotes
from bot.domain.statements.patterns_unlisted import unlisted_incises
from bot.domain.statements.quotes import pair_quotes
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.scene import Draft, Scene, quoted_share
from bot.domain.statements.segment import find_sentences, split_paragraphs
from bot.domain.statements.tokens import read_tokens
from bot.domain.text import typographic

PATTERNS = (incises, introduced_quotes, clauses, infinitives, according, others, unlisted_incises)
_JOINED = " […] "
_WORDS = re.compile(r"\w+(?:-\w+)*")
_REPEATED = 0.75  # of the title's words
_LONGEST_UNIT = 6_000  # characters: what is longer is no sentence


class Reading:
    """One text being read: its units and what was found in each, made when first asked for."""

    def __init__(self, text: str, rules: LanguageRules, *, headline: bool = False) -> None:
        self.layer: Layer = read_layer(text)
        self.rules, self.headline = rules, headline
        plain = self.layer.text
        paragraphs = split_paragraphs(plain)
        self.quotes = pair_quotes(plain, paragraphs, rules.quotes)
        self.sentences, units = find_sentences(plain, paragraphs, self.quotes, rules)
        self.units = headline_parts(plain, units, self.quotes) if headline else units
        starts = [start for start, _ in paragraphs]
        self.paragraph_of = [bisect_right(starts, start) - 1 for start, _ in self.units]
        self._quote_starts = [quote.start for quote in self.quotes]
        self._sentence_starts = [start for start, _ in self.sentences]
        self._scenes: dict[int, Scene] = {}

    def scene(self, unit: int) -> Scene:
        """The unit's tokens and verbs."""
        if unit not in self._scenes:
            start, end = self.units[unit]
            tokens = read_tokens(
                self.layer.text, start, min(end, start + _LONGEST_UNIT), self.quotes, self._quote_starts
            )
            low, high = max(0, bisect_right(self._quote_starts, start) - 1), bisect_right(self._quote_starts, end)
            self._scenes[unit] = Scene(
                self.layer.text,
                (start, end),
                tokens,
                self.quotes,
                self.rules,
                self.quotes[low:high],
                self.headline,
            )
        return self._scenes[unit]

    def sentence_at(self, offset: int) -> int:
        """The index of the sentence that holds the offset."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def busy(self, unit: int) -> bool:
        """Whether the unit holds a quote or any word that could be a cue."""
        start, end = self.units[unit]
        text = self.layer.text[start:end].lower()
        if text.startswith(self.rules.noise):
            return False
        if bisect_right(self._quote_starts, end) > bisect_right(self._quote_starts, start - 1):
            return True
        rules = self.rules
        if self.headline and text.rstrip(" .!?").endswith(")"):
            return True
        if text.startswith(rules.initials) or any(mark in text for mark in rules.cue_marks):
            return True
        words = _WORDS.findall(text)
        if not rules.cue_keys.isdisjoint(words):
            return True
        return "-" in text and any("-" in word and split_inversion(word)[1] for word in words)


def extract_text(text: str, rules: LanguageRules, *, place: Place = "text", context: str = "") -> tuple[Statement, ...]:
    """The statements of a text; `context` is more of the same article, where last names may be explained."""
    reading = Reading(text, rules, headline=place == "title")
    resolver = Resolver(f"{reading.layer.text}\n{typographic(context)}", rules, reading.scene, reading.paragraph_of)
    return tuple(_statements(reading, resolver, place))


def split_sentences(text: str, rules: LanguageRules) -> tuple[Span, ...]:
    """The sentences of a text, as offsets into it."""
    reading = Reading(text, rules)
    return tuple(reading.layer.back(span) for span in reading.sentences)


def extract_statements(article: Article, rules: LanguageRules) -> tuple[Statement, ...]:
    """Who said what in the title and the body; what both say counts once, the fuller one."""
    place: Place = "text" if article.text else "summary"
    around = f"{article.title}\n{article.summary}" if article.text else article.title
    body = extract_text(article.body, rules, place=place, context=around)
    title = extract_text(article.title, rules, place="title", context=article.body)
    return (*(s for s in title if not any(_repeats(s, other) for other in body)), *body)


def _repeats(one: Statement, other: Statement) -> bool:
    """Whether two statements share a speaker and most of their words."""
    mine, theirs = set(_WORDS.findall(one.text.lower())), set(_WORDS.findall(other.text.lower()))
    if not mine or one.speaker.split()[-1].lower() != other.speaker.split()[-1].lower():
        return False
    return len(mine & theirs) / len(mine) >= _REPEATED


def _statements(reading: Reading, resolver: Resolver, place: Place) -> Iterator[Statement]:
    for unit in range(len(reading.units)):
        if not reading.busy(unit):
            continue
        scene = reading.scene(unit)
        choices = choose(_drafts(scene))
        made = 0
        for choice in choices:
            resolved = resolver.resolve(choice.draft, unit)
            if resolved and (statement := _statement(reading, scene, choice, resolved, place)):
                made += 1
                yield statement
        if not made and (draft := floating_quote(scene)) and (speaker := resolver.continued(unit)):
            statement = _statement(reading, scene, Choice(draft), speaker, place)
            if statement:
                yield statement


def _drafts(scene: Scene) -> Iterable[Draft]:
    for pattern in PATTERNS:
        yield from pattern(scene)
    if scene.headline:
        yield from headlines(scene)


def _statement(reading: Reading, scene: Scene, choice: Choice, resolved: Resolved, place: Place) -> Statement | None:
    draft = choice.draft
    if draft.pattern == "H" and draft.speaker and draft.speaker.kind == "name" and resolved.how == "itself":
        return None  # one capitalised word before a colon, nobody's name in the article: the topic
    polarity = polarity_of(draft)
    if polarity is None:
        return None
    rules = reading.rules
    back, original = reading.layer.back, reading.layer.original
    spans = tuple(back(span) for span in draft.spans)
    mention = back(draft.speaker.span) if draft.speaker else (0, 0)
    cue = back(draft.cue)
    confidence = calibrated(confidence_of(scene, choice, resolved), rules.curve)
    name, role = reading.layer.as_written(resolved.name), reading.layer.as_written(resolved.role)
    return Statement(
        speaker=name, mention=original[mention[0] : mention[1]], cue=original[cue[0] : cue[1]],
        kind=_kind(scene, draft), text=_JOINED.join(original[start:end] for start, end in spans), spans=spans,
        frame=draft.frame, connector=draft.connector, role=role, polarity=polarity, confidence=confidence,
        shown=confidence >= rules.shown_from and not unshowable(scene, choice, resolved, rules.words),
        sentence=reading.sentence_at(draft.cue[0]), place=place, cue_span=cue, mention_span=mention,
    )  # fmt: skip


def _kind(scene: Scene, draft: Draft) -> StatementKind:
    if draft.according:
        return "according-to"
    share = quoted_share(scene, draft.spans)
    if draft.frame in {"clause", "infinitive"}:
        return "mixed" if share else "indirect"
    return "direct" if share == 1 else "mixed" if share else "indirect"
