"""Updates posted to a webhook: in order, one at a time, again until they are taken.

Like a Bot API server of one's own it posts to http and to any port; only addresses on loopback are accepted, so that
a test can never reach anything else.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.telegram.double.refusals import bad
from tests.telegram.double.updates import Mailbox

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_RETRY = 0.2  # seconds after a post that was not taken; the real server takes its time


@dataclass(slots=True)
class Hook:
    """Where updates go, and how the last post failed."""

    url: str
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_date: int = 0
    posted: int = 0


class Webhooks:
    """The one webhook of the bot, if it is set."""

    def __init__(self, mailbox: Mailbox, clock: Callable[[], float]) -> None:
        self.hook: Hook | None = None
        self._mailbox, self._clock = mailbox, clock
        self._posting: asyncio.Task[None] | None = None

    async def set(self, hook: Hook) -> None:
        """Post from now on to this address; a poll that waits is ended. Raises Refusal."""
        if urlsplit(hook.url).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise bad("bad webhook: the double posts to loopback only")
        if hook.secret and not _SECRET.fullmatch(hook.secret):
            raise bad("secret token contains unallowed characters")
        await self.unset()
        self.hook, self._mailbox.webhook_set = hook, True
        self._mailbox.end_poll("setWebhook request")
        self._posting = asyncio.create_task(self._post_all(hook), name="telegram double: webhook")

    async def unset(self) -> None:
        """Post no more."""
        self.hook, self._mailbox.webhook_set = None, False
        posting, self._posting = self._posting, None
        if posting is not None:
            posting.cancel()
            await asyncio.gather(posting, return_exceptions=True)

    def as_json(self) -> dict[str, Any]:
        """The WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._mailbox.pending),
        }
        if self.hook:
            info["max_connections"] = self.hook.max_connections
        if self.hook and self.hook.error:
            info |= {"last_error_date": self.hook.error_date, "last_error_message": self.hook.error}
        if self._mailbox.allowed:
            info["allowed_updates"] = list(self._mailbox.allowed)
        return info

    async def _post_all(self, hook: Hook) -> None:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
            while True:
                self._mailbox.arrived.clear()
                taken = True
                for update in self._mailbox.pending:
                    taken = await self._post(client, hook, update)
                    if not taken:
                        break
                await self._pause(None if taken else _RETRY)

    async def _post(self, client: httpx.AsyncClient, hook: Hook, update: dict[str, Any]) -> bool:
        try:
            answer = await client.post(hook.url, json=update)
            problem = "" if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
        except httpx.HTTPError as error:
            problem = str(error) or type(error).__name__
        if problem:
            hook.error, hook.error_date = problem, int(self._clock())
            return False
        hook.posted += 1
        self._mailbox.confirm(update["update_id"] + 1)
        return True

    async def _pause(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._mailbox.arrived.wait()
        except TimeoutError:
            pass
