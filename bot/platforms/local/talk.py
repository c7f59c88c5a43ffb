"""What is said in the local chat: kept in the store, and told to the pages that show it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.talk import Button, Said
from bot.ports import Store

MOST = 200  # messages that are kept
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class News:
    """What a page that shows `version` does not show yet; messages before `first` are kept no more."""

    version: int
    first: int
    messages: tuple[Said, ...] = ()


@dataclass(slots=True)
class Talk:
    """The one conversation of the local chat. Any number of pages may look at it."""

    store: Store
    closed: bool = False
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self, said: Said) -> Said:
        """Keep what was said, and tell the pages; what has a key is said once."""
        said = await self.store.keep_said(said, MOST)
        self._ring()
        return said

    async def edit(self, number: int, body: str, rows: Rows, now: datetime) -> bool:
        """Put this in place of what the message of that id says; False where it is kept no more."""
        changed = await self.store.change_said(Said(body, now, rows=rows, id=number))
        self._ring()
        return changed

    async def news(self, version: int) -> News:
        """What is beyond a version, at this moment."""
        first, messages = await self.store.said_since(version)
        return News(max((said.version for said in messages), default=version), first, messages)

    async def awaited(self, version: int, patience: timedelta) -> News:
        """Likewise, as soon as there is something; nothing where nothing comes for so long, or at our end.

        The bell only knows what this process says: what another one says is found when patience ends.
        """
        bell = self._bell
        news = await self.news(version)
        if not news.messages and not self.closed:
            await _in_time(bell.wait(), patience)
            news = await self.news(version)
        return news

    def close(self) -> None:
        """Let nobody wait any longer."""
        self.closed = True
        self._ring()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


async def _in_time(waiting: Awaitable[object], patience: timedelta) -> None:
    try:
        await asyncio.wait_for(waiting, patience.total_seconds())
    except TimeoutError:
        return
