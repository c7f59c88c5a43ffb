"""Which quotation marks belong together: a stack for each paragraph, so that an odd mark spoils one paragraph."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]
_MARK = re.compile(r"[«»“”„‹›\"]")
_PARAGRAPHS = 8  # twice the paragraphs that a quote may run on without a mark
_CLOSES = frozenset("»”›")
_BEFORE_OPENING = frozenset(" \n([{'—–-/:,")
_AFTER_CLOSING = frozenset(" \n.,;:!?)]}…—–-»”")


@dataclass(frozen=True, slots=True)
class Quote:
    """An outermost pair of marks: `start` and `end` include them, `pieces` are the words inside, a span a paragraph."""

    start: int
    end: int
    pieces: tuple[Span, ...]
    closed: bool = True


@dataclass(slots=True)
class _Pairing:
    """The state while the marks of a text are read."""

    text: str
    opens: Mapping[str, str]  # opening mark → the marks that may close it
    stack: list[tuple[str, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # ends of paragraphs inside the open quote, and where it goes on
    found: list[Quote] = field(default_factory=list)

    def open(self, mark: str, at: int) -> None:
        self.stack.append((mark, at))

    def close(self, at: int, closed: bool = True) -> None:  # noqa: FBT001, FBT002 - private, named at its only other call
        _, start = self.stack.pop()
        if not self.stack:
            self._keep(start, at, closed)

    def _keep(self, start: int, at: int, closed: bool) -> None:  # noqa: FBT001 - as above
        edges = [start + 1, *self.breaks, at]
        self.breaks.clear()
        pieces = tuple(
            trimmed for a, b in zip(edges[::2], edges[1::2], strict=True) if (trimmed := _trim(self.text, a, b))
        )
        if pieces:
            self.found.append(Quote(start, at + 1 if closed else at, pieces, closed))

    def abandon(self, end: int) -> None:
        """Close what is open at the end of a paragraph: the outermost quote ends there."""
        if self.stack:
            _, start = self.stack[0]
            self.stack.clear()
            self._keep(start, end, closed=False)


def pair_quotes(text: str, paragraphs: Sequence[Span], opens: Mapping[str, str]) -> tuple[Quote, ...]:
    """The outermost quotes of the text, in order."""
    state = _Pairing(text, opens)
    for number, (start, end) in enumerate(paragraphs):
        marks = [(m.group(), m.start()) for m in _MARK.finditer(text, start, end)]
        if state.stack and marks and marks[0][1] == start and marks[0][0] in "«»“" and state.stack[0][0] in "«“":
            state.breaks.append(start + 1)  # a mark that only says: the quote goes on
            marks = marks[1:]
        for mark, at in marks:
            _read(state, mark, at)
        if state.stack:
            following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else -1
            if (
                number + 1 < len(paragraphs)
                and _closes_first(text, paragraphs[number + 1])
                and len(state.breaks) < _PARAGRAPHS
            ):
                state.breaks += [end, paragraphs[number + 1][0]]
            elif (
                following >= 0
                and text[following] in "«“"
                and len(state.stack) == 1
                and text[following] == state.stack[0][0]
            ):
                state.breaks.append(end)
            else:
                state.breaks = state.breaks[: len(state.breaks) // 2 * 2]
                state.abandon(end)
    return tuple(state.found)


def _closes_first(text: str, paragraph: Span) -> bool:
    """Whether the first mark of the paragraph closes a quote that an earlier one opened."""
    first = _MARK.search(text, *paragraph)
    return first is not None and first.group() in "»”›" and first.start() > paragraph[0]


def _read(state: _Pairing, mark: str, at: int) -> None:
    if mark == '"':
        _read_straight(state, at)
    elif mark in state.opens and not (mark == "“" and state.stack and state.stack[-1][0] == "„"):
        state.open(mark, at)
    elif mark in _CLOSES or mark == "“":
        _read_close(state, mark, at)


def _read_close(state: _Pairing, mark: str, at: int) -> None:
    for depth in range(len(state.stack) - 1, max(-1, len(state.stack) - 4), -1):
        if mark in state.opens.get(state.stack[depth][0], ""):
            del state.stack[depth + 1 :]
            state.close(at)
            return
    if len(state.stack) == 1:  # « "…” » : another kind closes when nothing else is open
        state.close(at)


def _read_straight(state: _Pairing, at: int) -> None:
    before = state.text[at - 1] if at else " "
    after = state.text[at + 1] if at + 1 < len(state.text) else " "
    opens, closes = before in _BEFORE_OPENING or before == "«", after in _AFTER_CLOSING or after == "»"
    inside = bool(state.stack) and state.stack[-1][0] in '"“'
    if inside and not (opens and not closes):
        state.close(at)
    elif inside:  # a second opening mark: the first one was lost
        state.stack.pop()
        state.open('"', at)
    elif opens or not closes:
        state.open('"', at)


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in " \n":
        start += 1
    while end > start and text[end - 1] in " \n":
        end -= 1
    return (start, end) if end > start else None
