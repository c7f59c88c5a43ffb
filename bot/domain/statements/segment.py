"""Paragraphs and sentences: where a reader would stop, abbreviations, initials and quotes survived."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from bot.domain.statements.quotes import Quote
from bot.domain.statements.rules import LanguageRules

Span = tuple[int, int]
_STOP = re.compile(r"(?:\.{2,}|…|[.!?])+(?:[ \n]*[»”\"’)\]](?![^\W_]))*|[;](?= )")
_LAST_WORD = re.compile(r"([^\W\d_][\w.'-]*|\d+)$")
_NEXT = re.compile(r"[ \n]*([«“„\"(\[]?[ ]*)(.?)", re.DOTALL)
_BULLET = re.compile(r"[ ]*(?:[•»▪■*]|[-–—])[ ]+")
_HARD_WRAP = 120  # a text without a longer line is taken for one that was broken at a margin


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of a text: a blank line always ends one, a single break where it is no margin's doing."""
    lines: list[Span] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    wrapped = len(lines) > 1 and max(end - start for start, end in lines) <= _HARD_WRAP
    found: list[Span] = []
    for start, end in lines:
        core = text[start:end].strip()
        if not core:
            found.append((end, end))
        elif found and found[-1][0] < found[-1][1] and wrapped and _goes_on(text, found[-1], core):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(trimmed for start, end in found if (trimmed := _trim(text, start, end)))


def _goes_on(text: str, previous: Span, core: str) -> bool:
    last_line = text.rfind("\n", previous[0], previous[1]) + 1 or previous[0]
    if text[previous[1] - 1] in '.!?…:»”"' or _BULLET.match(core):
        return False
    return core[0].islower() or previous[1] - last_line >= 55  # noqa: PLR2004 - a heading is shorter than a margin


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None


def find_sentences(
    text: str, paragraphs: Sequence[Span], quotes: Sequence[Quote], rules: LanguageRules
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The sentences, and the units: sentences joined where the stop between them stands inside a quote."""
    sentences: list[Span] = []
    units: list[Span] = []
    starts = [quote.start for quote in quotes]
    for start, end in paragraphs:
        unit = at = start
        for match in _STOP.finditer(text, start, end):
            cut = match.end()
            if cut >= end or not _ends(text, match, end, rules):
                continue
            index = bisect_right(starts, match.start()) - 1
            inside = index >= 0 and cut < quotes[index].end
            if match.group()[0] != ";" and (piece := _trim(text, at, cut)):
                sentences.append(piece)
                at = cut
            if not inside and (piece := _trim(text, unit, cut)):
                units.append(piece)
                unit = cut
        for rest, into in ((at, sentences), (unit, units)):
            if piece := _trim(text, rest, end):
                into.append(piece)
    return tuple(sentences), tuple(units)


def _ends(text: str, match: re.Match[str], end: int, rules: LanguageRules) -> bool:
    stop = match.group()
    if stop[0] == ";":
        return True
    following = _NEXT.match(text, match.end(), end)
    opening, first = (following.group(1), following.group(2)) if following else ("", "")
    if not first or match.end() >= end:
        return True
    if text[match.end()] not in " \n" and not opening.strip():
        return False
    if first.islower() and not opening.strip():
        return _lower_start(text, match.end(), stop)
    if stop.rstrip(' »”")]’') != ".":
        return first.isupper() or bool(opening.strip()) or first.isdigit() or first in "-–—•"
    return not _abbreviated(text, match, first, rules)


def _lower_start(text: str, at: int, stop: str) -> bool:
    """Old agency text begins sentences with « à »; nothing else starts in lower case."""
    return stop == "." and text.startswith((" à ", " a ", " il ", " elle ", " le ", " la ", " les "), at)


def _abbreviated(text: str, match: re.Match[str], first: str, rules: LanguageRules) -> bool:
    word = _LAST_WORD.search(text[max(0, match.start() - 24) : match.start()]) if len(match.group()) == 1 else None
    last = word.group(1).rpartition("'")[2] if word else ""
    if not last or last.isdigit():
        return False
    if len(last) == 1 and last.isupper():
        return True  # an initial
    if "." in last and last.replace(".", "").replace("-", "").isupper():
        return "-" in last or not first.isupper()  # O.N.U. may end a sentence, J.-P. may not
    if not rules.has("abbreviations", last.lower()) or last == "me":
        return False
    return not (rules.has("ending_abbreviations", last.lower()) and first.isupper())
