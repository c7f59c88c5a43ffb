"""The terminal, the first platform: what is sent is printed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.domain.errors import Refused
from bot.domain.model import Digest, OutgoingMessage, Receipt
from bot.domain.texts import Texts
from bot.platforms.local.render import render_digest
from bot.platforms.local.terminal import Terminal


@dataclass(frozen=True, slots=True)
class LocalPlatform:
    """Prints messages to a stream, in the form that its terminal can show."""

    out: TextIO
    terminal: Terminal
    texts: Mapping[str, Texts]
    names: Mapping[str, Mapping[str, str]]  # language → topic → name
    name: str = "local"

    def render(self, digest: Digest) -> tuple[str, ...]:
        """The digest as one message in the local platform's HTML."""
        return (render_digest(digest, self.texts[digest.language], self.names[digest.language]),)

    async def send(self, message: OutgoingMessage, now: datetime) -> Receipt:
        """Print it. A stream that nobody reads any more refuses it for good."""
        text = self.terminal.show(message.body)
        try:
            # A terminal may be stopped by its reader: that must not stop the event loop.
            await asyncio.to_thread(self._print, text)
        except OSError as error:
            raise Refused(f"the output is closed: {error.strerror}") from error
        return Receipt(message_id=message.key, sent_at=now)

    def _print(self, text: str) -> None:
        self.out.write(f"\n{text}\n\n")
        self.out.flush()
