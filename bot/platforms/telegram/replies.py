"""Pure: Reply → messages of Telegram and the keyboard under the last of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.talk import Button, Document, Marked, Reply
from bot.domain.texts import Texts
from bot.platforms.telegram.markup import CUT, FULL, Block, Line, Run, Size, clean, cut, html_of, packed
from bot.platforms.telegram.render import render_digest

MOST_IN_A_ROW = 8
MOST_BUTTONS = 100
MOST_DATA = 64  # bytes: « é » takes two
MOST_TOAST = 200
_LABEL = Size(60, 60)
_LINE = Size(FULL.units - 8, FULL.entities - 8)
_TITLE = Size(300, 10)

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as Telegram takes it: messages in order (none: only a toast), the keyboard under the last."""

    bodies: tuple[str, ...]
    rows: Rows = ()
    toast: str = ""
    edits: bool = False  # the first message takes the place of the one whose button was pressed
    file: Document | None = None  # comes after the messages


def render_reply(reply: Reply, texts: Mapping[str, Texts], names: Mapping[str, Mapping[str, str]]) -> Shown:
    """The answer: its words, then its digest; what is longer than a message goes on in the next one."""
    blocks = list(_blocks(reply))
    bodies = [html_of(group) for group in packed(blocks, Size(), Size())] if blocks else []
    if reply.digest is not None:
        language = reply.digest.language
        bodies.extend(render_digest(reply.digest, texts[language], names[language]))
    shown = tuple(body for body in bodies if body.strip())
    return Shown(shown, keyboard(reply.buttons), _toast(reply.toast), reply.edits, reply.file)


def keyboard(rows: Rows) -> Rows:
    """The rows within Telegram's limits. ValueError for data that is too long: that is a mistake of ours."""
    wrapped: list[tuple[Button, ...]] = []
    left = MOST_BUTTONS
    for row in rows:
        fitting = [_button(button) for button in row[:left]]
        left -= len(fitting)
        wrapped.extend(tuple(fitting[at : at + MOST_IN_A_ROW]) for at in range(0, len(fitting), MOST_IN_A_ROW))
    return tuple(wrapped)


def _button(button: Button) -> Button:
    if len(button.data.encode()) > MOST_DATA:
        raise ValueError(f"the data of a button takes at most {MOST_DATA} bytes: {button.data!r}")
    return Button(cut(clean(button.label), _LABEL) or "·", button.data, button.url)


def _blocks(reply: Reply) -> Iterator[Block]:
    if reply.title:
        yield Block(((Run(cut(clean(reply.title), _TITLE), "b"),),), gap="\n")
    for line in reply.lines:
        for piece in line.split("\n"):
            indent = piece[: len(piece) - len(piece.lstrip(" "))]
            yield Block(((Run(cut(indent + clean(piece), _LINE)),),), gap="\n")
    for marked in reply.marked:
        yield Block((_marked(marked),), gap="\n")


def _marked(line: Marked) -> Line:
    """The pieces as far as one message holds them; spaces at their ends stand between them."""
    runs: list[Run] = []
    left = _LINE
    for piece in line:
        text = _kept(piece.text)
        href = clean(piece.href).replace(" ", "") if piece.href.startswith(("http://", "https://")) else ""
        size = Block(((Run(text, piece.style, href),),), gap="").size
        if not size.fits(left):
            runs.append(Run(CUT))
            break
        runs.append(Run(text, piece.style, href))
        left = Size(left.units - size.units, left.entities - size.entities)
    return tuple(runs)


def _kept(text: str) -> str:
    """Clean, with one space where its ends had any; a line may be indented."""
    inner = clean(text)
    before = text[: len(text) - len(text.lstrip(" "))]
    return before + inner + (" " if inner and text[-1:].isspace() else "")


def _toast(toast: str) -> str:
    return cut(clean(toast), Size(MOST_TOAST, MOST_TOAST))
