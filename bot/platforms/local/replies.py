"""Pure: Reply → messages of the local chat, in the same HTML as its digests; the buttons stand under the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from bot.domain.talk import Button, Document, Piece, Reply
from bot.domain.texts import Texts
from bot.platforms.local.render import render_digest


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the local chat keeps it: messages in order (none: only a toast), the rows under the last."""

    bodies: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    toast: str = ""
    file: Document | None = None  # with the last
    edits: bool = False  # the first message takes the place of the one whose button was pressed


def render_reply(reply: Reply, texts: Mapping[str, Texts], names: Mapping[str, Mapping[str, str]]) -> Shown:
    """The answer: its words, then its digest as a message of its own, as on Telegram."""
    words = [f"<b>{escape(reply.title, quote=False)}</b>"] if reply.title else []
    words.extend(escape(line, quote=False) for line in reply.lines)
    words.extend("".join(map(_marked, line)) for line in reply.marked)
    bodies = ["\n".join(words)] if words else []
    if reply.digest is not None:
        language = reply.digest.language
        bodies.append(render_digest(reply.digest, texts[language], names[language]))
    if reply.file and not bodies:
        bodies = [""]
    return Shown(tuple(bodies), reply.buttons, reply.toast, reply.file, reply.edits)


def _marked(piece: Piece) -> str:
    text = escape(piece.text, quote=False)
    if piece.href.startswith(("http://", "https://")):
        text = f'<a href="{escape(piece.href)}">{text}</a>'
    return f"<{piece.style}>{text}</{piece.style}>" if piece.style else text
