"""Pure: text with bold, italics and links as runs, measured, cut and only then written as HTML. Escaping is here alone.

A run is cut or counted while it is still text, so that a limit never falls inside a tag, a link or a reference.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal

# The server counts 4,096 characters, by some accounts UTF-16 units; and ignores the entities after the hundredth.
LONGEST = 3900
MOST_ENTITIES = 90
CUT = " […]"

# What the server finds by itself and counts among the entities: addresses, commands, mentions, hashtags, card numbers.
_DETECTED = re.compile(r"[@#＃$/]\w|\w\.\w|(?:\d[ -]?){13}")
# Line breaks and control characters inside of a title would break our lines; overrides would turn the rest around.
_SPACES = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_TAGS = re.compile(r"</?(?:b|i|a|blockquote)(?: [^>]*)?>")
_JOINER = "\u200d"
_LONGEST_CLUSTER = 40


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style."""

    text: str
    style: Literal["", "b", "i"] = ""
    href: str = ""

    @property
    def html(self) -> str:
        """As the Bot API reads it."""
        text = escape(self.text, quote=False)
        if self.href:
            text = f'<a href="{escape(self.href)}">{text}</a>'
        return f"<{self.style}>{text}</{self.style}>" if self.style else text


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes of a message: UTF-16 units that are seen, and entities (ours and those that may be found)."""

    units: int = 0
    entities: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.units + other.units, self.entities + other.entities)

    def fits(self, limit: "Size") -> bool:
        """Whether it is within both limits."""
        return self.units <= limit.units and self.entities <= limit.entities


FULL = Size(LONGEST, MOST_ENTITIES)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together; `gap` stands before it where another block precedes."""

    lines: tuple[Line, ...]
    gap: str = "\n\n"

    @property
    def html(self) -> str:
        """Its lines."""
        return "\n".join("".join(run.html for run in line) for line in self.lines)

    @property
    def size(self) -> Size:
        """What it takes, its gap included."""
        runs = [run for line in self.lines for run in line]
        seen = sum(units(run.text) for run in runs) + len(self.lines) - 1 + len(self.gap)
        return Size(seen, sum(_entities(run) for run in runs))


def clean(text: str) -> str:
    """The text as one line that a message can hold: every other character stays what it was."""
    text = _SURROGATES.sub("\ufffd", _OVERRIDES.sub("", text))
    return _SPACES.sub(" ", text).strip()


def units(text: str) -> int:
    """UTF-16 units: what lies beyond the first plane counts twice."""
    return len(text.encode("utf-16-le", "replace")) // 2


def cut(text: str, limit: Size) -> str:
    """The text where it is within the limit; else its beginning, to the end of a word if it can be, and « […] »."""
    if limit.units >= units(text) and limit.entities >= _found(text):
        return text
    kept = text[: _reach(text, Size(limit.units - units(CUT), limit.entities))]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    if space > len(kept) // 2:
        kept = kept[:space]
    return kept.rstrip() + CUT


def html_of(blocks: Iterable[Block]) -> str:
    """The blocks as one message."""
    pieces: list[str] = []
    for block in blocks:
        pieces.extend((block.gap, block.html) if pieces else (block.html,))
    return "".join(pieces)


def html_of_text(text: str) -> str:
    """One line of plain text as a message."""
    return Run(clean(text)).html


def packed(blocks: Iterable[Block], first: Size, later: Size) -> list[list[Block]]:
    """The blocks in as few messages as they need, in order; `first` and `later` are what their heads take."""
    parts: list[list[Block]] = [[]]
    used = first
    for block in blocks:
        if parts[-1] and not (used + block.size).fits(FULL):
            parts.append([])
            used = later
        parts[-1].append(block)
        used += block.size
    return parts


def plain(html: str) -> str:
    """What is seen of a message that we wrote: for sending it again without entities."""
    return unescape(_TAGS.sub("", html))


def _reach(text: str, limit: Size) -> int:
    """How many characters fit, never between a letter and what combines with it."""
    fit, found = len(text), [m.start() for m in _DETECTED.finditer(text)]
    if len(found) > limit.entities:
        fit = found[max(limit.entities, 0)]
    while fit > 0 and units(text[:fit]) > limit.units:
        # An astral character takes two units, so this overshoots never and needs few rounds.
        fit -= max(1, (units(text[:fit]) - limit.units) // 2)
    whole = fit
    while 0 < whole < len(text) and (_clings(text[whole]) or text[whole - 1] == _JOINER):
        whole -= 1
    # A heap of marks on one letter is no letter any more: it is cut where the limit is.
    return max(whole, 0) if fit - whole <= _LONGEST_CLUSTER else fit


def _clings(character: str) -> bool:
    """Marks, variation selectors, joiners and skin tones belong to the character before them."""
    return character == _JOINER or unicodedata.category(character).startswith("M") or "🏻" <= character <= "🏿"


def _found(text: str) -> int:
    return len(_DETECTED.findall(text))


def _entities(run: Run) -> int:
    ours = bool(run.style) + bool(run.href) if run.text else 0
    return ours + _found(run.text)
