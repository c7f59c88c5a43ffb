"""The local platform's HTML in a terminal: bold, clickable names and lines folded at words; plain text elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

_WIDEST = 100
_HANGING = re.compile(r"^\s*(?:• |\d+\. )?")
# What a feed must never do to a terminal: escapes and other control characters are not text.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a run of spaces, with its style; `href` is where a click leads, `ends` the last word of a link."""

    text: str
    bold: bool = False
    faint: bool = False
    href: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Terminal:
    """How a place shows text: folded at `width` columns (None: not at all); `styled` with terminal escapes, links
    behind the words, else with addresses in brackets.
    """

    width: int | None = None
    styled: bool = False

    def show(self, html: str) -> str:
        """The text of a message for this place."""
        return "\n".join(self._line(line) for line in _lines(html))

    def _line(self, words: list[Word]) -> str:
        return self._folded(words, min(self.width, _WIDEST)) if self.width else self._joined(words)

    def _folded(self, words: list[Word], width: int) -> str:
        """The line broken at spaces; what follows a bullet or a number stands under its text."""
        hanging = _HANGING.match("".join(word.text for word in words))
        indent = " " * (len(hanging[0]) if hanging else 0)
        rows: list[list[Word]] = [[]]
        used = 0
        for group in _groups(words):
            length = sum(len(self._visible(word)) for word in group)
            if used + length > width and used > len(indent):
                if group[0].text.isspace():
                    continue
                rows.append([Word(indent)])
                used = len(indent)
            rows[-1].extend(group)
            used += length
        return "\n".join(self._joined(row).rstrip(" ") for row in rows)

    def _joined(self, words: list[Word]) -> str:
        return "".join(_escaped(word) if self.styled else self._visible(word) for word in words)

    def _visible(self, word: Word) -> str:
        return f"{word.text} ({word.href})" if word.ends and not self.styled else word.text


class _Words(HTMLParser):
    """Collects words and their styles, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[Word]] = [[]]
        self._bold = self._faint = 0
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bold += tag == "b"
        self._faint += tag == "i"
        if tag == "a":
            self._href = _CONTROL.sub("", dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._bold -= tag == "b"
        self._faint -= tag == "i"
        if tag == "a":
            if self._href and self.lines[-1]:
                self.lines[-1][-1] = replace(self.lines[-1][-1], ends=True)
            self._href = ""

    def handle_data(self, data: str) -> None:
        for number, line in enumerate(_CONTROL.sub("", data).split("\n")):
            if number:
                self.lines.append([])
            pieces = re.findall(r" +|[^ ]+", line)
            self.lines[-1].extend(Word(piece, self._bold > 0, self._faint > 0, self._href) for piece in pieces)


def _lines(html: str) -> list[list[Word]]:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return parser.lines


def _groups(words: list[Word]) -> Iterator[list[Word]]:
    """Pieces that no space separates stay on one line."""
    group: list[Word] = []
    for word in words:
        if group and (word.text.isspace() or group[-1].text.isspace()):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _escaped(word: Word) -> str:
    text = word.text
    if word.href:
        text = f"\033]8;;{word.href}\033\\\033[4m{text}\033[24m\033]8;;\033\\"
    if word.bold:
        text = f"\033[1m{text}\033[22m"
    return f"\033[2m{text}\033[22m" if word.faint else text
