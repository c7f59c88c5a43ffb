"""What we know of a chat beside its subscription, its own topics, and what a dialogue in it waits for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.model import Chat, Subscription
from bot.domain.talk import ChatKind

Edit = Callable[[Subscription | None], Subscription]
Purpose = Literal["owner", "invite"]  # what a one-time link is good for


@dataclass(frozen=True, slots=True)
class KnownChat:
    """A chat that used the bot, or a channel that was given to it; its threads are not told apart. `id` is ours."""

    chat: Chat
    id: int = 0
    kind: ChatKind = "private"
    title: str = ""
    admitted: bool = False  # it was invited, or came while everybody was served
    admin: str = ""  # who configures a channel from their private chat, or last changed a group's settings


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic that a chat wrote itself. `id` is never given twice: matches and buttons name it."""

    id: str  # c12-3
    name: str
    rule: str  # as typed; it was read before it was stored


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the next words of a person mean: `step` says what is waited for, `payload` what was said before."""

    step: str
    payload: str
    expires_at: datetime


def notice_key(chat: Chat, *about: str) -> str:
    """What makes a notice about a chat one of its kind; without more, what all those about the chat begin with."""
    return "/".join(("notice", f"{chat.platform}:{chat.id}", *about)) + "/"
