"""The local platform: what is sent is printed in the terminal, and said in the local chat that the page shows.

digests   render … outbox … send → terminal, talk (kept in the store) → bubble → page
answers   page → desk → replies → talk
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.domain.errors import Refused
from bot.domain.model import Chat, Digest, OutgoingMessage, Receipt
from bot.domain.talk import Notice, Said
from bot.domain.texts import Texts
from bot.platforms.local.render import render_digest, render_notice
from bot.platforms.local.talk import Talk
from bot.platforms.local.terminal import Terminal


@dataclass(frozen=True, slots=True)
class LocalPlatform:
    """Prints messages to a stream, in the form that its terminal can show; and says them in the chat, if there is one.

    Without a stream (beside another platform) there is only the chat.
    """

    out: TextIO | None
    terminal: Terminal
    texts: Mapping[str, Texts]
    names: Mapping[str, Mapping[str, str]]  # language → topic → name
    talk: Talk | None = None
    name: str = "local"

    def render(self, digest: Digest) -> tuple[str, ...]:
        """The digest as one message in the local platform's HTML."""
        return (render_digest(digest, self.texts[digest.language], self.names[digest.language]),)

    def render_notice(self, notice: Notice) -> str:
        """One line, in the local platform's HTML."""
        return render_notice(notice, self.texts[notice.language])

    async def reachable(self, _: Chat) -> bool:
        """A terminal is always there."""
        return True

    async def send(self, message: OutgoingMessage, now: datetime) -> Receipt:
        """Say and print it. Without a chat, a stream that nobody reads any more refuses it for good."""
        if self.talk:
            await self.talk.say(Said(message.body, now, rows=message.buttons, key=message.key))
        try:
            await self.print(message.body)
        except OSError as error:
            if self.talk is None:
                raise Refused(f"the output is closed: {error.strerror}") from error
        return Receipt(message_id=message.key, sent_at=now)

    async def print(self, body: str) -> None:
        """Only print it. Raises OSError."""
        if self.out is not None:
            # A terminal may be stopped by its reader: that must not stop the event loop.
            await asyncio.to_thread(self._print, self.out, self.terminal.show(body))

    def _print(self, out: TextIO, text: str) -> None:
        out.write(f"\n{text}\n\n")
        out.flush()
