"""What is said between a person and the bot, the same on every platform: Incoming → Reply. No markup: platforms render.

A press on a button comes back as the `data` that the button was given: short ids, never words, never trusted. Whose
chat it is comes from the platform, so data can only ever act on the chat in which it was pressed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.model import Button, Chat, Digest

__all__ = [
    "Button",
    "ChannelSeen",
    "ChatEvent",
    "ChatEventKind",
    "ChatKind",
    "Document",
    "Incoming",
    "Marked",
    "Notice",
    "NoticeKind",
    "Piece",
    "Place",
    "Reply",
    "Said",
    "Sender",
    "Upload",
]

ChatKind = Literal["private", "group", "supergroup", "channel"]


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as the platform describes it, with the thread that was spoken in."""

    chat: Chat
    kind: ChatKind = "private"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks. `anonymous` is an administrator who speaks as the group itself."""

    id: str
    name: str = ""
    language: str = ""  # of their client: "fr", "en-GB", "" where the platform does not say
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file that we give."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent. Nothing of it is fetched before `read` is called, which raises DeliveryError."""

    name: str
    size: int  # bytes, as the platform says
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Words meant for the bot (`text`), or a press on one of its buttons (`press`, under message `message_id`).

    A `file` comes with its caption as the text; it is looked at only as the answer to a question for one.
    """

    place: Place
    sender: Sender
    at: datetime
    text: str = ""
    press: str = ""
    message_id: str = ""
    file: Upload | None = None


ChatEventKind = Literal["gone", "back", "moved", "promoted"]


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """What became of us in a chat: blocked or put out, let in (again), made administrator; or it has a new id.

    `chat` never names a thread. `by` is who did it, where the platform says so.
    """

    kind: ChatEventKind
    chat: Chat
    new_id: str = ""  # of "moved"
    title: str = ""
    chat_kind: ChatKind = "private"
    by: Sender | None = None


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """A post of a channel, forwarded to us in private by `sender`: the channel that they want to configure."""

    place: Place
    sender: Sender
    at: datetime
    channel: Chat
    title: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the local chat as it is kept: the person's words (plain text) or the bot's (local HTML, rows).

    `version` grows with every message and every edit: a page that shows one version asks for what is beyond it.
    """

    body: str
    at: datetime
    mine: bool = False  # said by the person at the page
    rows: tuple[tuple[Button, ...], ...] = ()
    key: str = ""  # of the outbox: what is kept already is not kept twice
    id: int = 0
    version: int = 0
    edited: bool = False
    file: Document | None = None  # that comes with it


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one style within a line: bold, italic or neither; `href` leads somewhere."""

    text: str
    style: Literal["", "b", "i"] = ""
    href: str = ""


Marked = tuple[Piece, ...]  # one line


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a title, lines of plain text, lines of marked words, a digest under them, rows of buttons.

    `edits` replaces the message whose button was pressed instead of sending a new one; `toast` is shown at the press.
    A `file` is given with the words.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    digest: Digest | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: bool = False
    toast: str = ""
    file: Document | None = None
    marked: tuple[Marked, ...] = ()


NoticeKind = Literal[
    "thread_gone",
    "closed",
    "rights",
    "feeds_failing",  # to owners; `title` names the feeds
    "feeds_back",
    "feeds_ended",
    "no_news",  # `title`: since when
    "own_feeds_ended",  # to a chat: feeds that it added
    "outlets_ended",  # to a chat: outlets that it reads, of which no feed is left
]


@dataclass(frozen=True, slots=True)
class Notice:
    """One line to the person who set up a chat, in their private chat: what stands in the way of its digests; or one
    about feeds, to owners and to the chats that read them.
    """

    kind: NoticeKind
    title: str  # of the chat it is about, or the names of feeds
    language: str = "fr"
