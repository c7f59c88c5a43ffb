"""Paragraphs and sentences: where a reader would stop, abbreviations, initials and quotes survived."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from bot.domain.statements.quotes import Quote
from bot.domain.statements.rules import LanguageRules

Span = tuple[int, int]
# How a sentence begins where the line break or the blank before it was lost.
_FIRST = r"(?:Les?|La|Une?|Des|Ils?|Elles?|Ce(?:tte|s)?|Dans|Pour|Selon|Sur|En|Aux?|Mais)[ ][\w«\"]|[LD]'[\w]|«"
_STOP = re.compile(
    r"(?:\.{2,}|…|[.!?])+(?:[ \n]*[»”\"’)\]](?![^\W_]))*|[;](?= )"
    # a heading that runs into the text: « Fin de la trêveLe maire … », « - La trêve tient -Le maire … »
    rf"|(?<=[a-zà-ÿ]{{2}})(?={_FIRST})|(?<=[éèàùç])(?=[A-ZÀ-Ý][a-zà-ÿ])"
    r"|(?<=[^\s] -)(?=[A-ZÀ-Ý«\"])"
)
_GLUED = re.compile(
    r"[A-ZÀ-Ý](?:[a-zà-ÿœ]|['’][a-zA-ZÀ-ÿ]| [a-zà-ÿ])|[AÀ] [A-ZÀ-Ý]"
    r"|(?:MM?|Mme|Mgr)\.? [A-ZÀ-Ý]|[«“„\"][ ]?\w|- [A-ZÀ-Ý«\"]"
)
_HEADING = re.compile(r"(?:^|[.!?…»\"\n] ?)- [^\n]{3,80} -$")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$")
_ENDING = re.compile(r"(?:com|fr|net|org|eu|be|ch|js|io|tv|info|gouv)\b", re.IGNORECASE)  # of an address: Sarlange.Info
_LAST_WORD = re.compile(r"([^\W\d_][\w.'-]*|\d+)$")
_NEXT = re.compile(r"[ \n]*([«“„\"(\[]?[ ]*)(.?)", re.DOTALL)
_BULLET = re.compile(r"[ ]*(?:[•»▪■*]|[-–—])[ ]+")
# « Milan, 28 avril (LaPresse) – », « (Bamako) – », « BRUXELLES — »: where and by whom, no part of the first sentence.
_PLACE = r"[A-ZÀ-Ý][\w'.]*(?:[ -][A-ZÀ-Ýa-z][\w'.]*){0,3}"
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:, ?(?:le )?\d{{1,2}}(?:er)? [^\W\d]{{3,9}}\.?(?: \d{{4}})?)? ?\([A-Z][\w/ .-]{{1,24}}\)"
    rf"|\({_PLACE}\)|[A-ZÀ-Ý]{{3}}[A-ZÀ-Ý' -]{{0,24}}) ?[–—-]{{1,2}} "
)
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
        dateline = _DATELINE.match(text, start, end)
        unit = at = dateline.end() if dateline else start
        for match in _STOP.finditer(text, start, end):
            index = bisect_left(starts, match.end()) - 1
            quote = quotes[index] if index >= 0 else None
            cut = _after_mark(match.end(), quote)
            if cut >= end or not _ends(text, match, cut, end, rules):
                continue
            if match.group() != ";" and (piece := _trim(text, at, cut)):
                sentences.append(piece)
                at = cut
            if (quote is None or cut >= quote.end) and (piece := _trim(text, unit, cut)):
                units.append(piece)
                unit = cut
        sentences += [piece] if (piece := _trim(text, at, end)) else []
        units += [piece] if (piece := _trim(text, unit, end)) else []
    return tuple(sentences), tuple(units)


def _after_mark(cut: int, quote: Quote | None) -> int:
    """« … stable."De son côté »: the mark belongs to what it closes."""
    return cut + 1 if quote is not None and quote.closed and cut == quote.end - 1 else cut


def _ends(text: str, match: re.Match[str], cut: int, end: int, rules: LanguageRules) -> bool:
    """Whether a sentence ends at `cut`, after the stop."""
    stop = match.group()
    if stop in {"", ";"}:
        return text[cut - 1] != "-" or _HEADING.search(text, max(0, cut - 90), cut) is not None
    following = _NEXT.match(text, cut, end)
    opening, first = (following.group(1), following.group(2)) if following else ("", "")
    if not first or cut >= end:
        return True
    if text[cut] not in " \n":
        return _blank_is_missing(text, match.start(), cut)
    if first.islower() and not opening.strip():
        return _lower_start(text, cut, stop)
    if stop.rstrip(' »”")]’') != ".":
        return first.isupper() or bool(opening.strip()) or first.isdigit() or first in "-–—•"
    return not _abbreviated(text, match, first, rules)


def _blank_is_missing(text: str, stop: int, cut: int) -> bool:
    """« … en Crimée.Le président »: a word ends, a word begins; not in addresses, versions, U.E. or M.Roche."""
    before = text[max(0, stop - 3) : stop].rstrip(" ")[-1:] if text[stop] in "?!" else text[stop - 1 : stop]
    ended = before.isdigit() or before in '»”")]%' or (before.islower() and text[stop - 2 : stop - 1] not in "( .'")
    if not ended and not (before.isupper() and text[stop - 2 : stop - 1].isupper() and stop + 1 == cut):
        return False
    if not _GLUED.match(text, cut):
        return False
    return not _ENDING.match(text, cut) and not _ADDRESS.search(text, max(0, stop - 80), stop)


def _lower_start(text: str, at: int, stop: str) -> bool:
    """Old agency text begins sentences with « à »; nothing else starts in lower case."""
    return stop == "." and text.startswith((" à ", " a ", " il ", " elle ", " le ", " la ", " les "), at)


def _abbreviated(text: str, match: re.Match[str], first: str, rules: LanguageRules) -> bool:
    word = _LAST_WORD.search(text[max(0, match.start() - 24) : match.start()]) if len(match.group()) == 1 else None
    last = word.group(1).rpartition("'")[2] if word else ""
    if not last or last.isdigit():
        return False
    if "." in last and not last.replace(".", "").replace("-", "").isupper():
        last = last.rpartition(".")[2]  # « ici.M » where a blank was lost
    if len(last) == 1 and last.isupper():
        return True  # an initial
    if "." in last and last.replace(".", "").replace("-", "").isupper():
        return "-" in last or not first.isupper()  # O.N.U. may end a sentence, J.-P. may not
    if not rules.has("abbreviations", last.lower()) or last == "me":
        return False
    return not (rules.has("ending_abbreviations", last.lower()) and first.isupper())
