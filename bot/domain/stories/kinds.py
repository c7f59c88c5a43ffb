"""What kind of text an article is, by signs that are nearly never wrong.

Requirements. Opinion, live tickers, sponsored text, games, horoscopes and sport results are left out of digests
(PRODUCT.md, section 7). A news article that is taken for one of them is lost for the reader; so when unsure it is news.

How. Each sign of the kinds file looks at one place: a part of the title between separators, the label in front of a
summary, a segment of the address. Words of a sign may stand anywhere only if nobody else uses them. The first sign
that holds decides, and says what it found.

Known exceptions. An outlet that files opinion among the news and writes no label is taken for news. A sport page whose
title holds a word of justice, politics or war is news, the report of a match between two countries at war included.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import unquote, urlsplit

from bot.domain.model import Article, StoryKind
from bot.domain.stories.rules import ROUNDUP, KindRules, Sign, SignKind
from bot.domain.text import fold_word, typographic

_CUT = r"\s+[-–—/]\s+|[.!?…»]\s+|[\[\](){}«]|^\s*[🔴🟢▶]\ufe0f?\s*"
_SEPARATORS = re.compile(rf"\s*[:|•·]\s+|{_CUT}")
_COMMAS = re.compile(rf"\s*[:|•·,]\s+|{_CUT}")
_LAST = re.compile(r"(?:\s[|–—-]\s+|[\[(])([^|\[\]()–—]{3,40})[\])]?$")
_IN_FRONT = re.compile(r"^\W*([^.:–—-]{3,40}(?:/[^.:–—-]{3,20})?)\s*(?:\s[-–—]|\.|\s:|:)\s")
_NAME = r"[A-ZÀ-Þ][\w'-]+"
_SIGNED = re.compile(rf",\s(par) ({_NAME}(?: (?:de|von|van|der|le|la))*(?: {_NAME})+)$")
_SCORE = re.compile(r"(?<![\d-])\d{1,3}\s?[-–]\s?\d{1,3}(?![\d-])")
_MOST_POINTS = 60


class _View:
    """An article's title, summary and address in the forms in which signs look at them."""

    def __init__(self, article: Article) -> None:
        self.title = typographic(article.title).strip()
        self.summary = typographic(article.summary[:100])
        self.folded = f" {fold_word(self.title)} "
        self.segments = [unquote(s).casefold() for s in urlsplit(article.url or article.link).path.split("/") if s]

    def holds(self, phrase: str) -> bool:
        return f" {phrase} " in self.folded

    @cached_property
    def labels(self) -> frozenset[str]:
        """Parts of the title between separators, and the label in front of the summary, folded.

        The last part is a label only behind a bar or dash or in brackets: « … : direct » ends a sentence.
        """
        labels = {fold_word(part) for part in _SEPARATORS.split(self.title)[:-1]}
        labels |= {fold_word(match[1]) for match in (_LAST.search(self.title), _IN_FRONT.match(self.summary)) if match}
        return frozenset(labels)

    @cached_property
    def parts(self) -> frozenset[str]:
        """Parts of the title between separators and commas, folded."""
        return frozenset(fold_word(part) for part in _COMMAS.split(self.title))


def kind_of(article: Article, rules: KindRules) -> tuple[StoryKind, str]:
    """What kind of text it is, and which sign says so; news, and "", where none does."""
    kind, why = sign_of(article, rules)
    return ("news", "") if kind == ROUNDUP else (kind, why)


def sign_of(article: Article, rules: KindRules) -> tuple[SignKind, str]:
    """As `kind_of`, but a tour of several events is told apart as "roundup"."""
    view = _View(article)
    for sign in rules.signs:
        found = _FINDERS[sign.where](view, sign)
        if found and not any(view.holds(word) for word in sign.unless):
            return sign.kind, sign.why.format(found)
    return "news", ""


def _label(view: _View, sign: Sign) -> str:
    return next((shown for word, shown in sign.words.items() if word in view.labels), "")


def _part(view: _View, sign: Sign) -> str:
    return next((shown for word, shown in sign.words.items() if word in view.parts), "")


def _start(view: _View, sign: Sign) -> str:
    return next((shown for word, shown in sign.words.items() if view.folded.startswith(f" {word} ")), "")


def _phrase(view: _View, sign: Sign) -> str:
    return next((shown for word, shown in sign.words.items() if view.holds(word)), "")


def _capitals(view: _View, sign: Sign) -> str:
    # A title all in capitals says nothing by them.
    return "" if view.title.isupper() else next((word for word in sign.words if word in view.title), "")


def _path(view: _View, sign: Sign) -> str:
    return next((f"/{segment}/" for segment in view.segments[:-1] if segment in sign.words), "")


def _slug(view: _View, sign: Sign) -> str:
    return next((word for word in sign.words if view.segments and view.segments[-1].startswith(word)), "")


def _byline(view: _View, sign: Sign) -> str:
    match = _SIGNED.search(view.title)
    return f"{match[1]} {match[2]}" if match and fold_word(match[1]) in sign.words else ""


def _score(view: _View, sign: Sign) -> str:
    """A result such as 2-1, not « 18-25 ans » nor « 2024-2025 »: and a word of the game beside it."""
    if not _phrase(view, sign):
        return ""
    return next(_results(view.title), "")


def _results(title: str) -> Iterator[str]:
    for match in _SCORE.finditer(title):
        points = [int(number) for number in re.findall(r"\d+", match[0])]
        behind = title[match.end() : match.end() + 5].strip()
        if max(points) <= _MOST_POINTS and not behind.startswith(("ans", "%", "mois", "juin")):
            yield match[0]


_FINDERS: dict[str, Callable[[_View, Sign], str]] = {
    "label": _label,
    "part": _part,
    "start": _start,
    "phrase": _phrase,
    "capitals": _capitals,
    "path": _path,
    "slug": _slug,
    "byline": _byline,
    "score": _score,
}
