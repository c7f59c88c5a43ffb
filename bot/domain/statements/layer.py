"""One plain form of a text for reading, and the way back: every offset can be told in the original."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.text import typographic

Span = tuple[int, int]

# One character for one character.
_APOSTROPHES, _BLANKS, _BREAKS = "\u2018\u201b\u00b4`", "\x00\u2008\u3000\u200a", "\r\x0b\x0c\u2028\u2029"
_SAME_LENGTH = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_BLANKS, " ")
    | dict.fromkeys(_BREAKS, "\n")
    | {"\u2012": "–", "\u2015": "—"}
)
# Letters and signs that are plain already: one table look-up a character would cost more than the rest of the reading.
_UNUSUAL = re.compile("[^\x01-\x08\n\x0e-_a-~À-ÿœŒ«»]+")
_MOST_ACCENTS = 8  # on one letter: a longer pile is an attack, and composing it costs its square
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@dataclass(frozen=True, slots=True)
class Layer:
    """`text` is what the rules read; `offsets` leads back, and is empty where positions are the same."""

    original: str
    text: str
    offsets: tuple[int, ...] = ()

    def back(self, span: Span) -> Span:
        """The span in the original text."""
        if not self.offsets:
            return span
        start, end = span
        return self.offsets[start], (self.offsets[end - 1] + self._width(end - 1)) if end > start else self.offsets[
            start
        ]

    def as_written(self, words: str) -> str:
        """Words of the plain text with the signs that the original has there (l’Otan), on one line."""
        if words in self.original or not words:
            return words
        at = self.text.find(words)
        if at < 0:  # an article that was made small
            at = self.text.find(words[0].upper() + words[1:])
        if at < 0:
            return words
        start, end = self.back((at, at + len(words)))
        written = "".join(char for char in self.original[start:end] if char not in _INVISIBLE)
        return " ".join((words[0] + written[1:]).split())

    def _width(self, index: int) -> int:
        """How many original characters the character at `index` stands for, accents that follow it included."""
        start = self.offsets[index]
        end = start + 1
        while end < len(self.original) and unicodedata.combining(self.original[end]):
            end += 1
        return end - start


def read_layer(text: str) -> Layer:
    """The text with one kind of space, apostrophe and hyphen, composed, without invisible signs."""
    if unicodedata.is_normalized("NFC", text) and _INVISIBLE.isdisjoint(text):
        return Layer(text, _plain(text))
    plain, offsets = [], []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and end - start < _MOST_ACCENTS and unicodedata.combining(text[end]):
            end += 1
        for char in unicodedata.normalize("NFC", text[start:end]):
            if char not in _INVISIBLE:
                plain.append(char)
                offsets.append(start)
        start = end
    return Layer(text, _plain("".join(plain)), tuple(offsets))


def _plain(text: str) -> str:
    """The text with its unusual signs told as usual ones, as long as before."""
    return _UNUSUAL.sub(lambda found: typographic(found.group()).translate(_SAME_LENGTH), text)
