"""The queue of updates and the long poll that empties it, by the rules of getUpdates."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tests.telegram.double.refusals import conflict

MAX_TIMEOUT = 50
MAX_LIMIT = 100
_KEPT = 24 * 3600.0  # seconds after which an update that nobody fetched is gone
_FIRST = 481_516_000
# What the Bot API sends; those in _ON_REQUEST only to who names them.
KINDS = frozenset(
    (
        *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query"),
        *("chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll"),
        *("poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost"),
        *("message_reaction", "message_reaction_count", "business_connection", "business_message"),
        *("edited_business_message", "deleted_business_messages", "managed_bot", "guest_message"),
    )
)
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class _Poll:
    """A getUpdates that waits."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


class Mailbox:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self, clock: Callable[[], float], touch: Callable[[], None]) -> None:
        self.allowed: tuple[str, ...] = ()
        self.webhook_set = False
        self.emitted: list[dict[str, Any]] = []  # all of them, for the tests
        self.arrived = asyncio.Event()  # for the webhook
        self._clock, self._touch = clock, touch
        self._pending: deque[tuple[float, dict[str, Any]]] = deque()
        self._next_id = _FIRST
        self._poll: _Poll | None = None

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What waits, without what is too old."""
        while self._pending and self._clock() - self._pending[0][0] > _KEPT:
            self._pending.popleft()
        return [update for _, update in self._pending]

    @property
    def polled(self) -> bool:
        """Whether somebody waits for updates right now."""
        return self._poll is not None

    def allow(self, kinds: Sequence[str]) -> None:
        """Remember which kinds are wanted; an empty list means all but those that must be asked for."""
        self.allowed = tuple(kind for kind in kinds if kind in KINDS)

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update, unless its kind is not wanted."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        if not wanted:
            return
        update = {"update_id": self._next_id, kind: body}
        self._next_id += 1
        self._pending.append((self._clock(), update))
        self.emitted.append(update)
        self.arrived.set()
        if self._poll is not None:
            self._poll.woken.set()

    def confirm(self, offset: int) -> None:
        """Forget what is before the offset; a negative one keeps so many from the end."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0][1]["update_id"] < offset:
            self._pending.popleft()
        self._touch()

    def clear(self) -> None:
        """Forget everything."""
        self._pending.clear()

    async def poll(self, offset: int, limit: int, patience: float) -> list[dict[str, Any]]:
        """At most `limit` updates from `offset` on; waits for the first, in real seconds whatever the clock says.

        A later poll ends this one with a conflict.
        """
        if self.webhook_set:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise conflict(words)
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        self.confirm(offset)
        mine = self._poll = _Poll()
        self._touch()
        try:
            async with asyncio.timeout(patience):
                while not self.pending and not mine.ended_by:
                    await mine.woken.wait()
                    mine.woken.clear()
        except TimeoutError:
            pass
        finally:
            if self._poll is mine:
                self._poll = None
        if mine.ended_by:
            raise conflict(f"terminated by {mine.ended_by}")
        return list(islice(self.pending, limit))

    def end_poll(self, by: str) -> None:
        """Let the poll that waits fail with a conflict."""
        if self._poll is not None:
            self._poll.ended_by = by
            self._poll.woken.set()
