"""Pure: a message of the local chat → the bubble that a page shows, as HTML.

The body of a message has been escaped where it was rendered. It is parsed and written anew here, so that nothing but
our few tags reaches a browser, whatever a stored body holds; and its lines get the form that a digest has on paper.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from bot.domain.phrases import day_of, hour_of
from bot.domain.talk import Button, Said
from bot.domain.texts import Texts

_WEB = ("http://", "https://")
_COMMAND = re.compile(r"(?:(?<!\S)|(?<=[(«]))/([a-z]{2,24})\b(?!/|\.\w)")
_ADDRESS = re.compile(r"https?://[^\s<>«»]*[^\s<>«».,;:!?)]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HEAD = "🗞"
_BEGINNING = 200  # characters in which the head of a digest stands
_VOICE, _UNDER = "   • ", "   "
_MARKS = {"✅": "true", "▫️": "false"}  # how labels show switches


@dataclass(frozen=True, slots=True)
class Look:
    """How bubbles are written: the words around them, the zone of their hours, the commands that a press may send."""

    texts: Texts
    zone: str
    commands: Collection[str] = ()


def bubble(said: Said, look: Look) -> str:
    """The whole message: its words, when they were said, its buttons."""
    who, name = ("me", look.texts("chat.you")) if said.mine else ("bot", look.texts("chat.bot"))
    words = [f"<p>{_typed(said.body)}</p>"] if said.mine else _paragraphs(said.body, look.commands)
    if said.file:
        file = escape(said.file.name)
        words.append(f'<p class="file"><a href="/chat/file/{said.id}" download="{file}">{file}</a></p>')
    # In the last line, where there is room for it beside the words.
    last = words.pop().removesuffix("</p>") if words else "<p>"
    kind = " digest" if _HEAD in said.body[:_BEGINNING] and not said.mine else ""
    return (
        f'<article class="{who}{kind}" id="m{said.id}" data-id="{said.id}" '
        f'data-day="{escape(day_of(said.at, look.zone, look.texts))}">'
        f'<div class="bubble" dir="auto"><span class="hidden">{escape(name)}</span>'
        f"{''.join(words)}{last}{_when(said, look)}</p></div>{_rows(said)}</article>"
    )


def _when(said: Said, look: Look) -> str:
    hour = escape(hour_of(said.at, look.zone, look.texts))
    edited = f"{escape(look.texts('chat.edited'))} " if said.edited else ""
    return f' <span class="when">{edited}<time datetime="{said.at.isoformat(timespec="seconds")}">{hour}</time></span>'


def _paragraphs(body: str, commands: Collection[str]) -> list[str]:
    """The lines of a message as paragraphs, each with the class of what it is."""
    lines = _lines(body, commands)
    shown: list[str] = []
    gap = False
    for number, line in enumerate(lines):
        if not line.text.strip():
            gap = bool(shown)
            continue
        names = [name for name in (_kind(line, lines[number + 1 : number + 2]), "gap" if gap else "") if name]
        shown.append(f'<p class="{" ".join(names)}">{line.html.strip()}</p>' if names else f"<p>{line.html}</p>")
        gap = False
    return shown


@dataclass(slots=True)
class _Line:
    text: str = ""
    html: str = ""
    tags: set[str] = field(default_factory=set)  # those that hold any of its words
    bare: bool = False  # some of its words stand in no tag

    def add(self, text: str, html: str, tags: Collection[str]) -> None:
        self.text += text
        self.html += html
        self.tags |= set(tags)
        self.bare = self.bare or (bool(text.strip()) and not tags)


def _kind(line: _Line, after: list[_Line]) -> str:
    if line.text.startswith(_VOICE):
        line.html = line.html.replace("• ", "", 1)
        return "voice"
    if line.text.startswith(_UNDER):
        return "outlets"
    if line.text.startswith(_HEAD):
        line.html = line.html.replace(f"{_HEAD} ", f'<span aria-hidden="true">{_HEAD}</span> ', 1)
        return "head"
    bold = line.tags == {"b"} and not line.bare
    if bold and after and after[0].text.startswith(_HEAD):
        return "badge"
    if bold:
        return "title"
    return "note" if line.tags == {"i"} and not line.bare else ""


class _Rewriter(HTMLParser):
    """Reads a body and writes it anew, line by line: b, i and links to the web; everything else is text."""

    def __init__(self, commands: Collection[str]) -> None:
        super().__init__()
        self.lines = [_Line()]
        self._commands = commands
        self._open: dict[str, int] = {"b": 0, "i": 0}
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._open:
            self._open[tag] += 1
        elif tag == "a":
            href = _CONTROL.sub("", dict(attrs).get("href") or "")
            self._href = href if href.startswith(_WEB) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open[tag] = max(0, self._open[tag] - 1)
        elif tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, depth in self._open.items() if depth]
        for number, piece in enumerate(_CONTROL.sub("", data).split("\n")):
            if number:
                self.lines.append(_Line())
            if piece:
                self.lines[-1].add(piece, self._written(piece, tags), tags)

    def _written(self, text: str, tags: Collection[str]) -> str:
        html = _link(self._href, escape(text, quote=False)) if self._href else _lively(text, self._commands)
        for tag in tags:
            html = f"<{tag}>{html}</{tag}>"
        return html


def _lines(body: str, commands: Collection[str]) -> list[_Line]:
    rewriter = _Rewriter(commands)
    rewriter.feed(body)
    rewriter.close()
    return rewriter.lines


def _lively(text: str, commands: Collection[str]) -> str:
    """Escaped text in which a command of ours can be pressed, as messengers show it."""

    def pressable(found: re.Match[str]) -> str:
        if found[1] not in commands:
            return found[0]
        return f'<button type="button" class="command" data-say="/{found[1]}">/{found[1]}</button>'

    return _COMMAND.sub(pressable, escape(text, quote=False))


def _typed(text: str) -> str:
    """A person's words; an address that they typed leads there."""
    clean, html, end = _CONTROL.sub("", text), "", 0
    for found in _ADDRESS.finditer(clean):
        html += escape(clean[end : found.start()], quote=False) + _link(found[0], escape(found[0], quote=False))
        end = found.end()
    return html + escape(clean[end:], quote=False)


def _link(href: str, html: str) -> str:
    return f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer">{html}</a>'


def _rows(said: Said) -> str:
    rows = "".join(f'<div class="row">{"".join(_button(b) for b in row)}</div>' for row in said.rows)
    return f'<div class="rows">{rows}</div>' if rows else ""


def _button(button: Button) -> str:
    label = _CONTROL.sub("", button.label)
    if button.url.startswith(_WEB):
        shown = escape(label, quote=False)
        return f'<a class="button" href="{escape(button.url)}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    # A switch says by itself whether it is on: no font need have the sign, no screen reader spell it.
    mark = next((mark for mark in _MARKS if label.startswith(mark)), "")
    state = f' aria-pressed="{_MARKS[mark]}"' if mark else ""
    shown = escape(label.removeprefix(mark).strip(), quote=False)
    return f'<button type="button" data-press="{escape(button.data)}"{state}>{shown}</button>'
