"""Who said what, marked in the text itself: speaker, cue and words; under each paragraph whose they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.cli.shown import statement_line
from bot.domain.model import Article, Statement

_END, _FAINT = "\033[0m", "\033[2m"
_STYLED = {"mention": "\033[1m", "cue": "\033[36m", "content": "\033[32m"}
_PLAIN = {"mention": ("[", "]"), "cue": ("{", "}"), "content": ("‹", "›")}
_RANK = ("mention", "cue", "content")  # what wins where two overlap
LEGEND = "[speaker] {cue} ‹content›"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of the text: what it is, and of which statement, counted from 1."""

    start: int
    end: int
    what: str
    number: int


def marked_lines(article: Article, statements: Sequence[Statement], *, styled: bool) -> Iterator[str]:
    """The paragraphs of title and text, marked, each with its statements; what says nothing is faint, or left out."""
    numbered = list(enumerate(statements, 1))
    for text, own in (
        (article.title, [(n, s) for n, s in numbered if s.place == "title"]),
        (article.body, [(n, s) for n, s in numbered if s.place != "title"]),
    ):
        marks = [mark for number, statement in own for mark in _marks(number, statement)]
        for start, end in _paragraphs(text):
            here = [mark for mark in marks if start <= mark.start < end]
            said = [(n, s) for n, s in own if start <= s.spans[0][0] < end]
            if here:
                yield _paragraph(text, start, end, here, styled=styled)
            elif styled:
                yield f"{_FAINT}{text[start:end].strip()}{_END}"
            yield from (statement_line(statement, number, styled=styled) for number, statement in said)
            if said:
                yield ""


def _marks(number: int, statement: Statement) -> Iterator[_Mark]:
    for start, end in statement.spans:
        yield _Mark(start, end, "content", number)
    (first, last), (start, end) = statement.mention_span, statement.cue_span
    if end > start:
        yield _Mark(start, end, "cue", number)
    if last > first and not start <= first < end:  # « a-t-elle dit » is marked once
        yield _Mark(first, last, "mention", number)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield at, at + len(line)
        at += len(line)


def _paragraph(text: str, start: int, end: int, marks: Sequence[_Mark], *, styled: bool) -> str:
    """The paragraph with its marks; the number of a statement stands before its first words."""
    cuts = sorted({start, end, *(min(max(edge, start), end) for mark in marks for edge in (mark.start, mark.end))})
    begun: set[int] = set()
    parts = []
    for left, right in pairwise(cuts):
        over = [mark for mark in marks if mark.start <= left and right <= mark.end]
        best = min(over, key=lambda mark: (_RANK.index(mark.what), mark.number), default=None)
        words = text[left:right]
        if best is None:
            parts.append(words)
            continue
        number = ""
        if best.what == "content" and best.number not in begun:
            begun.add(best.number)
            number = f"{best.number}: "
        parts.append(_dressed(words, best.what, number, styled=styled))
    return "".join(parts).strip()


def _dressed(words: str, what: str, number: str, *, styled: bool) -> str:
    if styled:
        return f"{_FAINT}{number}{_END}{_STYLED[what]}{words}{_END}" if number else f"{_STYLED[what]}{words}{_END}"
    left, right = _PLAIN[what]
    return f"{left}{number}{words}{right}"
