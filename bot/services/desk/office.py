"""What the desk works with: given once, by the composition root."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.rules import Topic
from bot.domain.talk import Place, Sender
from bot.domain.texts import Texts
from bot.ports import Store
from bot.services.analyse import Rules
from bot.services.compose import Newsdesk
from bot.services.discovery import Scout

IsAdmin = Callable[[Place, Sender], Awaitable[bool]]


def _nothing(*_: str) -> str:
    return ""


def _as_given(address: str) -> str:
    return address


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The store, the newsdesk, what readers may choose from, and what the owner set."""

    store: Store
    newsdesk: Newsdesk
    topics: tuple[Topic, ...]
    texts: Mapping[str, Texts]  # by language
    is_admin: IsAdmin  # whether somebody administers a group or channel, as the platform says now
    make_token: Callable[[], str]  # letters, digits, _ and -, not to be guessed
    rules: Callable[[], Rules]  # those in force now
    access: Literal["invite", "open"] = "invite"
    owners: frozenset[str] = frozenset()  # platform:person
    timezone: str = "Europe/Paris"
    max_topics: int = 30
    first_topics: tuple[str, ...] = ("otan", "ukraine")  # chosen for a newcomer, who may take them away
    surveying: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False)  # one rule is looked up at a time
    scout: Scout | None = None  # finds feeds that chats add; None: none may be added
    bot_name: Callable[[str], str] = _nothing  # platform → our name there
    link: Callable[[str, str], str] = _nothing  # platform, token → an address that opens the bot with it
    canonical: Callable[[str], str] = _as_given  # an address as people paste it → as articles are stored; "": none
