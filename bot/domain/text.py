"""Two forms of a text over one offset map: typographic (for statements) and folded (for topics, stories and search).

The folded form has no accents, case or punctuation: letters and digits stay, everything else is a space, so that
« l’Otan », « États-Unis » and « 49.3 » become `l otan`, `etats unis` and `49 3`. It is made to be cheap: characters
are replaced one for one over latin-1 bytes, and only what cannot be (ligatures, soft hyphens, combining accents, dotted
acronyms) is rewritten before, with the offsets that this moves remembered.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# One character for one character, so that every offset stays what it was.
_TYPOGRAPHY = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\t": " ",
        "\u2019": "'",
        "\u02bc": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": "\u200b",
    }
)
_LIGATURES = {
    "Œ": "OE",
    "œ": "oe",
    "Æ": "AE",
    "æ": "ae",
    "ß": "ss",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
# Letters that Unicode does not take apart into a base and an accent.
_STROKES = dict(zip("ŁłØøĐđÐðĦħŦŧŊŋıĸÞþ", "llooddddhhttnnikpp", strict=True))
_MOVING = re.compile("[ŒœÆæßﬀ-ﬆ\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]")
_MOVING_LATIN = ("\u00ad", "æ", "Æ", "ß")
_MAYBE_DOTTED = re.compile(r"\.[^\W\d_]\b")  # begins with a literal: five times faster than `[A-Z]\.\w`
_COMMON = (("’", "'"), ("\u202f", " "), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("€", " "))
# At least two letters, each with its dot (the last may lack it): « O.T.A.N. », « U.E ».
DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){1,11}[^\W\d_](?!\w)\.?")
_BEYOND_LATIN = re.compile("[^\x00-\xff]+")


def typographic(text: str) -> str:
    """The text with one kind of space, apostrophe and hyphen; the same length, so offsets hold in both."""
    return text.translate(_TYPOGRAPHY)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for every offset in it the offset in the original."""

    text: str
    original: str
    # Where the two drift apart: from `_folded[i]` on, offset x stands for `_origin[i] + (x - _folded[i])`.
    _folded: tuple[int, ...] = ()
    _origin: tuple[int, ...] = ()

    def origin(self, offset: int) -> int:
        """The offset in the original of the character that became the one at `offset`."""
        at = bisect_right(self._folded, offset) - 1
        return offset if at < 0 else self._origin[at] + offset - self._folded[at]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span that a non-empty folded span stands for, its combining accents included."""
        last = self.origin(end - 1) + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return self.origin(start), last

    def slice(self, start: int, end: int) -> str:
        """The original's own characters for a non-empty folded span."""
        first, last = self.span(start, end)
        return self.original[first:last]


@dataclass(frozen=True, slots=True)
class Token:
    """A word in folded form; `start` and `end` are offsets into the original text."""

    folded: str
    start: int
    end: int


def fold(text: str) -> Folded:
    """The text without accents, case and punctuation, and the way back to every character's place."""
    plain = _common(text)
    latin = _encoded(plain)
    moved: list[tuple[int, int, str]] = []
    if latin is None or any(character in text for character in _MOVING_LATIN):
        moved += [(m.start(), m.end(), _LIGATURES.get(m[0], "")) for m in _MOVING.finditer(text)]
    if _MAYBE_DOTTED.search(text):
        moved += [(m.start() + i, m.start() + i + 1, "") for m in DOTTED.finditer(text) for i in _dots(m[0])]
    if moved:
        return _rewritten(text, plain, sorted(moved))
    return Folded(_one_for_one(plain) if latin is None else latin.translate(_LATIN).decode("latin-1"), text)


def fold_word(text: str) -> str:
    """The folded form of a single word, without spaces around it; for keys and comparisons."""
    return " ".join(fold(text).text.split())


def words(text: str) -> Iterator[Token]:
    """Every word of the text in folded form, with its place in the original: for stories and search."""
    folded = fold(text)
    for match in re.finditer(r"\S+", folded.text):
        yield Token(match[0], *folded.span(match.start(), match.end()))


def _dots(acronym: str) -> Iterator[int]:
    return (i for i, character in enumerate(acronym) if character == ".")


def _rewritten(text: str, plain: str, moved: list[tuple[int, int, str]]) -> Folded:
    pieces: list[str] = []
    folded: list[int] = []
    origin: list[int] = []
    length = done = 0
    for start, end, put in moved:
        pieces.append(plain[done:start] + put)
        length += start - done
        # Each character of a ligature stands for the whole of it.
        folded.extend(range(length, length + len(put)))
        origin.extend([start] * len(put))
        length += len(put)
        folded.append(length)
        origin.append(end)
        done = end
    pieces.append(plain[done:])
    return Folded(_one_for_one("".join(pieces)), text, tuple(folded), tuple(origin))


def _common(text: str) -> str:
    """With the commonest characters beyond latin-1 replaced, so that most texts take the short road."""
    if not text.isascii():
        for character, plain in _COMMON:
            text = text.replace(character, plain)
    return text


def _encoded(text: str) -> bytes | None:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _one_for_one(text: str) -> str:
    """Folded, the same length."""
    text = _BEYOND_LATIN.sub(_narrowed, text)
    latin = _encoded(text)
    if latin is None:  # a script of its own (Київ, 北京): slower, and as it should be
        return text.translate(_LATIN_TEXT)
    return latin.translate(_LATIN).decode("latin-1")


def _narrowed(match: re.Match[str]) -> str:
    return "".join(map(_plain, match[0]))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """The one folded character for any character: its base letter or digit, in lower case; else a space."""
    if character in _STROKES:
        return _STROKES[character]
    base = unicodedata.normalize("NFKD", character)[:1]
    lower = base.lower()[:1]
    return lower if lower.isalnum() else " "


_LATIN_TEXT = "".join(c if (c := _plain(chr(code))) < "\u0100" else " " for code in range(256))
# A character that would leave latin-1 (µ becomes μ) is a space: the table is bytes for bytes.
_LATIN = _LATIN_TEXT.encode("latin-1")
