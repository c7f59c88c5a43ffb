"""What is said between a person and the bot, the same on every platform: Incoming → Reply. No markup: platforms render.

A press on a button comes back as the `data` that the button was given: short ids, never words, never trusted. Whose
chat it is comes from the platform, so data can only ever act on the chat in which it was pressed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.model import Chat, Digest

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
class Incoming:
    """Words meant for the bot (`text`), or a press on one of its buttons (`press`, under message `message_id`)."""

    place: Place
    sender: Sender
    at: datetime
    text: str = ""
    press: str = ""
    message_id: str = ""


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
class Button:
    """A button: `data` comes back when it is pressed (at most 64 bytes), or `url` is opened."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a title, lines of plain text, a digest under them, rows of buttons.

    `edits` replaces the message whose button was pressed instead of sending a new one; `toast` is shown at the press.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    digest: Digest | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: bool = False
    toast: str = ""
