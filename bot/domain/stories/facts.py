"""What of an article's title and lead tells one event from another: words, names, figures, days, quoted words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from bot.domain.model import Article
from bot.domain.stories.words import DAYS, TOKEN, Token, Vocabulary, says_something, tokens
from bot.domain.text import fold_word, typographic

LEAD_WORDS = 55  # what an article is about stands in its first sentences; later ones recall other events

# « EN IMAGES. », « INFO RADIO NORD. », « REPORTAGE - »: how the article is told, not what it tells.
_SHOUT = re.compile(r"^[A-ZÀ-Þ0-9' ]{4,30}(?:\.|\s[-–—|])\s+")
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{8,200})[»”\"]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_LABEL_WORDS = 5  # « Guerre en Ukraine : … »; what stands before a later colon is a sentence
_AGE = re.compile(r"(?:^|\W)(?:de|âgée?s? de|,) (\d{1,2}) ans(?=\W|$)")
_TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """An article as far as grouping looks at it; every set holds keys."""

    title: frozenset[str]  # what the title tells, `before` apart
    before: frozenset[str]  # what the title recalls: « après la frappe… »
    titled: frozenset[str]  # both
    label: frozenset[str]  # the title's words in front of its colon
    lead: frozenset[str]
    words: frozenset[str]  # all of these
    names: frozenset[str]  # certain names of title and lead; countries by their adjectives too
    maybe: frozenset[str]  # names, or words that merely begin a sentence
    title_names: frozenset[str]
    firsts: dict[str, frozenset[str]] = field(repr=False)  # last name → first names
    figures: frozenset[tuple[str, str]]  # (what is counted, value), of title and lead
    title_figures: frozenset[tuple[str, str]]
    numbers: frozenset[str]
    ages: frozenset[str]
    days: frozenset[str]
    quoted: frozenset[tuple[str, ...]]  # runs of three words between quotation marks
    surface: dict[str, str] = field(repr=False)  # key → a word as it stands


def facts_of(article: Article, vocabulary: Vocabulary) -> Facts:
    """What the title and the first words of the article hold."""
    title = _SHOUT.sub("", typographic(article.title).strip())
    lead = _lead(article, vocabulary)
    title_tokens = list(tokens(title, vocabulary))
    lead_tokens = list(islice(tokens(lead, vocabulary), LEAD_WORDS))
    parts = _parts(title, title_tokens, vocabulary)
    names = _Names(vocabulary)
    names.read(title_tokens)
    in_title = names.certain | names.maybe
    names.read(lead_tokens)
    lead_keys = frozenset(t.key for t in lead_tokens if says_something(t, vocabulary))
    title_figures = _figures(title_tokens, vocabulary)
    certain = frozenset(names.certain)
    return Facts(
        title=parts.told,
        before=parts.before,
        titled=parts.told | parts.before,
        label=parts.label,
        lead=lead_keys,
        words=parts.told | parts.before | lead_keys,
        names=certain,
        maybe=frozenset(names.maybe) - certain,
        title_names=certain & frozenset(in_title),
        firsts={last: frozenset(firsts) for last, firsts in names.firsts.items()},
        figures=title_figures | _figures(lead_tokens, vocabulary),
        title_figures=title_figures,
        numbers=frozenset(t.key for t in (*title_tokens, *lead_tokens) if t.folded[0].isdigit()),
        ages=frozenset(_AGE.findall(f"{title} . {lead}")),
        days=frozenset(t.folded for t in (*title_tokens, *lead_tokens)) & DAYS,
        quoted=frozenset(_trigrams(title, vocabulary)) | frozenset(_trigrams(lead, vocabulary)),
        surface={t.key: t.surface for t in (*lead_tokens, *title_tokens)},
    )


def _lead(article: Article, vocabulary: Vocabulary) -> str:
    """The summary, else the beginning of the text, without what the publishing software put there."""
    lead = typographic(article.summary or article.text)[:600]
    if _is_boilerplate(lead, vocabulary):
        lead = " ".join(s for s in _SENTENCE_END.split(lead) if not _is_boilerplate(s, vocabulary))
    return _SHOUT.sub("", lead.strip())


def _is_boilerplate(text: str, vocabulary: Vocabulary) -> bool:
    folded = fold_word(text)
    return any(phrase in folded for phrase in vocabulary.boilerplate)


class _Parts(NamedTuple):
    told: frozenset[str]
    before: frozenset[str]
    label: frozenset[str]


def _parts(title: str, title_tokens: Sequence[Token], vocabulary: Vocabulary) -> _Parts:
    """The title's words: what it tells, what it recalls, and which of the told ones are its label."""
    told, before, label = set[str](), set[str](), set[str]()
    head = len(list(TOKEN.finditer(title.split(" : ", maxsplit=1)[0]))) if " : " in title else 0
    recalling = False
    for position, token in enumerate(title_tokens):
        if token.apart:
            recalling = False
        if token.folded in vocabulary.before:
            recalling = True
        if not says_something(token, vocabulary) or _is_toll(position, title_tokens, vocabulary):
            continue
        (before if recalling else told).add(token.key)
        if position < head <= _LABEL_WORDS:
            label.add(token.key)
    if not told:  # « Après la frappe » alone: then that is what it tells
        told, before = before, told
    return _Parts(frozenset(told), frozenset(before - told), frozenset(label & told))


class _Names:
    """Names found by their capitals, in one text after another of an article."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.certain: set[str] = set()
        self.maybe: set[str] = set()
        self.firsts: dict[str, set[str]] = {}

    def read(self, text: Sequence[Token]) -> None:
        run: list[Token] = []
        for token in text:
            if run and (token.apart or not self._may_be_name(token)):
                self._close(run)
                run = []
            if self._may_be_name(token):
                run.append(token)
            elif token.key in self._vocabulary.common:  # « ukrainien »: the country in lower case
                self.certain.add(token.key)
        if run:
            self._close(run)

    def _may_be_name(self, token: Token) -> bool:
        return token.capital and len(token.surface) > 1 and says_something(token, self._vocabulary)

    def _close(self, run: Sequence[Token]) -> None:
        """A run of capitals is one name: « Emmanuel Macron » is Macron, and not every Emmanuel."""
        last = run[-1]
        known = last.key in self._vocabulary.common or last.folded in self._vocabulary.same
        if len(run) > 1 or not last.initial or known:
            self.certain.add(last.key)
        else:
            self.maybe.add(last.key)
        if len(run) > 1:
            self.firsts.setdefault(last.key, set()).add(run[0].folded)


def _figures(text: Sequence[Token], vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """Every number with what it counts: the next word that says something, else the one before."""
    found: set[tuple[str, str]] = set()
    for position, token in enumerate(text):
        if not token.folded[0].isdigit() or _is_year(token.key):
            continue
        after = [t for t in text[position + 1 : position + 4] if not t.folded[0].isdigit()]
        counted = next((t.key for t in after if _counts(t, vocabulary)), "")
        if not counted and position:
            counted = text[position - 1].key
        found.add((counted, token.key))
    return frozenset(found)


def _is_toll(position: int, text: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether a number counts what outlets count differently: it says nothing about which event it is."""
    if not text[position].folded[0].isdigit():
        return False
    return any(token.key in vocabulary.tolls for token in text[position + 1 : position + 3])


def _counts(token: Token, vocabulary: Vocabulary) -> bool:
    return token.folded in {"%", "€", "$"} or (token.folded not in vocabulary.stop and len(token.folded) > 1)


def _is_year(number: str) -> bool:
    return len(number) == len("2026") and number[:2] in {"19", "20"}


def _trigrams(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    for quoted in _QUOTED.findall(text):
        keys = [t.key for t in tokens(quoted, vocabulary)]
        for start in range(len(keys) - _TRIGRAM + 1):
            run = tuple(keys[start : start + _TRIGRAM])
            if sum(len(key) > _TRIGRAM for key in run) > 1:  # « il faut que » is everybody's
                yield run
