"""The commands that Telegram's clients offer: set per kind of chat and language, and only when they have changed."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
)

from bot.platforms.telegram.wire import Wire

Scope = Literal["default", "groups", "admins"]

_SCOPES: dict[Scope, Callable[[], BotCommandScope]] = {
    "default": BotCommandScopeDefault,
    "groups": BotCommandScopeAllGroupChats,
    "admins": BotCommandScopeAllChatAdministrators,
}


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands (name without slash, description) for a kind of chat; `language` "" is for clients in all others."""

    scope: Scope
    language: str
    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signboard:
    """The menus, and where the mark of those that Telegram has is kept between starts ("" at first)."""

    menus: tuple[Menu, ...]
    recall: Callable[[], Awaitable[str]]
    remember: Callable[[str], Awaitable[None]]

    async def put_up(self, wire: Wire, bot_id: int) -> bool:
        """Set the menus if they are not those that Telegram has; whether they were set. Raises TelegramError."""
        mark = mark_of(self.menus, bot_id)
        if await self.recall() == mark:
            return False
        for menu in self.menus:
            await wire.bot.set_my_commands(
                menu.commands, scope=_SCOPES[menu.scope](), language_code=menu.language or None
            )
        await self.remember(mark)
        return True


def mark_of(menus: Sequence[Menu], bot_id: int) -> str:
    """What changes when any menu does, or the bot."""
    said = json.dumps([bot_id, *(asdict(menu) for menu in menus)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
