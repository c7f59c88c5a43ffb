"""What a term looks for: how each of its words is compared, and the pattern that leads to it in the searched stream.

How a word is compared follows from how it was typed alone: lower case is inflected, a capital is a name, two or three
capitals are an acronym, quotes are exact, an accent asks for itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from bot.domain.inflection import SMALL, inflected, key, singular
from bot.domain.text import DOTTED, fold_word

_PIECE = re.compile(r"[^\W_]+")
_DIGIT_EDGE = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_HYPHENED = re.compile(r"[^\W_]{2,}-[^\W_]{3,}")
_BEFORE_METAL = frozenset({"l", "d", "un", "en", "cet", "son", "leur", "notre", "votre", "mon", "ton"})
METAL = "or"
_SHORT_ACRONYM = range(2, 4)
_MOST_PATTERNS = 8


class Form(IntEnum):
    """How far a word may differ from the one typed."""

    EXACT = 0  # names and quotes
    PLURAL = 1  # exclusions
    INFLECTED = 2  # plural and feminine, both ways


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term and how it is compared with a token."""

    folded: str
    form: Form = Form.EXACT
    accents: str = ""  # as typed, if it has accents
    capitals: bool = False
    prefix: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Those under which it may stand in the stream."""
        other = self._other_participle() if self.form is Form.INFLECTED else ""
        return (inflected(self.folded), inflected(other)) if other else (inflected(self.folded),)

    def _other_participle(self) -> str:
        """« blessé » and « blessée », told from « arme » and « armée » by the accent that was typed."""
        one = singular(self.folded)
        typed = self.accents[len(one) - 1 : len(one)] if len(one) == len(self.folded) else self.accents[-2:-1]
        if one.endswith("ee") and self.accents.rstrip("s").endswith("ée"):
            return one[:-1]
        return one + "e" if one.endswith("e") and typed == "é" else ""

    def is_like(self, token: str) -> bool:
        """Whether a folded token is this word, its accents and capitals aside."""
        if self.prefix:
            return token.startswith(self.folded)
        if self.form is Form.EXACT:
            return token == self.folded
        if self.form is Form.PLURAL:
            return singular(token) == singular(self.folded)
        return inflected(token) in self.keys

    def is_written(self, seen: str) -> bool:
        """Whether the original characters of a like token are written as this word asks."""
        if self.capitals and seen.upper() != seen:
            return False
        return not self.accents or _accents_agree(self.accents, unicodedata.normalize("NFC", seen))

    @property
    def asks(self) -> bool:
        """Whether the original characters matter at all."""
        return self.capitals or bool(self.accents)


@dataclass(frozen=True, slots=True)
class Sequence:
    """One way a term may stand in a text."""

    words: tuple[Word, ...]
    lead: int = 0  # how many of its words stand before the pattern
    contiguous: bool = False  # every token counts, small words too
    punctuated: bool = False  # a comma or full stop was typed inside it: it may stand there

    sure: bool = False  # its pattern alone proves it: one inflected word, whose key is all that it asks


# A sequence with the patterns of which any leads to it; « \\n » stands around keys, a space around raw words.
Sought: TypeAlias = tuple[Sequence, tuple[str, ...]]


def is_acronym(text: str) -> bool:
    """Two or three capitals or digits, dots aside: only capitals will do."""
    bare = text.replace(".", "")
    return len(bare) in _SHORT_ACRONYM and bare.isalnum() and bare.isupper()


def sequences(text: str, *, quoted: bool = False, excluded: bool = False) -> tuple[Sought, ...]:
    """Every way the words of a term may stand in a text, with what leads to it; empty if nothing can be searched."""
    prefix = text.endswith("*")
    form = Form.PLURAL if excluded else Form.INFLECTED
    plain = DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), unicodedata.normalize("NFC", text.rstrip("*")))
    pieces = _PIECE.findall(plain)
    shouting = len(pieces) > 1 and plain.isupper()
    words = [_word(piece, form, quoted=quoted, shouting=shouting) for piece in pieces]
    words = [word for word in words if word.folded]
    if not words:
        return ()
    if prefix:
        words[-1] = Word(words[-1].folded, accents=words[-1].accents, prefix=True)
    punctuated = re.search(r",|[!?;:…()\[\]]|\.\s", plain) is not None
    found = [_sequence(words, contiguous=quoted, punctuated=punctuated)]
    if not prefix and not quoted:
        found += _variants(plain, words)
    return tuple(dict.fromkeys(found))


def _word(piece: str, form: Form, *, quoted: bool, shouting: bool) -> Word:
    folded = fold_word(piece)
    accents = piece.lower() if folded != _unligatured(piece.lower()) else ""
    upper = piece.isupper() and len(piece) > 1
    if quoted:
        return Word(folded, accents=accents, capitals=upper)
    if is_acronym(piece) and not (shouting and folded in SMALL):
        return Word(folded, capitals=True)
    name = piece != piece.lower() and not upper
    return Word(folded, Form.EXACT if name else form, accents if not upper else "")


def _variants(plain: str, words: list[Word]) -> list[Sought]:
    """F35 is F-35 and F 35; cyber-attaque is cyberattaque."""
    squeezed = re.sub(r"[\s.\-]", "", plain)
    if squeezed.isalnum() and len(squeezed) <= 8 and any(map(str.isdigit, squeezed)) and not squeezed.isdigit():  # noqa: PLR2004 - no type of aircraft is longer
        capitals = squeezed.isupper()
        parts = _DIGIT_EDGE.split(squeezed)
        cuts = list(product((False, True), repeat=len(parts) - 1))[:_MOST_PATTERNS]
        ways = [_cut(parts, cut) for cut in cuts]
        return [_sequence([Word(fold_word(w), capitals=capitals) for w in way], contiguous=True) for way in ways]
    if _HYPHENED.fullmatch(plain) and squeezed.isalpha():
        return [_sequence([Word(fold_word(squeezed), words[-1].form)], contiguous=False)]
    return []


def _cut(parts: list[str], cut: tuple[bool, ...]) -> list[str]:
    way = [parts[0]]
    for part, apart in zip(parts[1:], cut, strict=True):
        if apart:
            way.append(part)
        else:
            way[-1] += part
    return way


def _sequence(words: list[Word], *, contiguous: bool, punctuated: bool = False) -> Sought:
    content = [word for word in words if word.prefix or word.folded not in SMALL]
    # « AU » (the African Union) counts though « au » does not: then every word does.
    contiguous = contiguous or not content or any(w.capitals and w.folded in SMALL for w in words)
    kept = words if contiguous else content
    start, run = _longest_run(kept)
    if run:
        # Stream keys of small words are empty: within a contiguous sequence the run skips them.
        patterns = ["\n" + "\n".join(keys) + "\n" for keys in product(*(word.keys for word in run))][:_MOST_PATTERNS]
    else:
        start = 0
        patterns = [f" {kept[0].folded}" + ("" if kept[0].prefix else " ")]
    first = kept[0]
    plain = first.form is Form.INFLECTED and not first.asks and not first.prefix and first.folded != METAL
    sure = len(kept) == 1 and plain and bool(run)
    return Sequence(tuple(kept), start, contiguous, punctuated, sure), tuple(patterns)


def _longest_run(words: list[Word]) -> tuple[int, list[Word]]:
    """The longest run of words that have a key, and where it starts; small words inside it are passed over."""
    best: tuple[int, list[Word]] = (0, [])
    start, run = 0, list[Word]()
    for at, word in enumerate(words):
        if word.prefix:
            start, run = at + 1, []
        elif key(word.folded):
            if not run:
                start = at
            run = [*run, word]
            best = max(best, (start, run), key=lambda found: len(found[1]))
    return best


@lru_cache(maxsize=8192)
def _accents_agree(typed: str, seen: str) -> bool:
    """A letter typed with an accent is that letter, or a bare capital; beyond the common stem nothing is asked."""
    typed, seen = _unligatured(typed), _unligatured(seen)
    same_word = fold_word(typed) == fold_word(seen)
    for wanted, there in zip(typed, seen, strict=False):
        if wanted == there.lower():
            continue
        bare = fold_word(wanted)
        if bare != fold_word(there):
            return True
        bare_capital = there.isupper() and there.lower() == bare
        if not bare_capital and (wanted != bare or same_word):
            return False
    return True


def _unligatured(text: str) -> str:
    return text.replace("œ", "oe").replace("æ", "ae").replace("Œ", "OE").replace("Æ", "AE")


def is_metal(before: str) -> bool:
    """Whether « or » after this token is the metal, not the conjunction."""
    return before in _BEFORE_METAL
