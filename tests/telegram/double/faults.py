"""Faults on order: what the next requests meet instead of a good answer.

`double.faults.order(DROP)` hits the next sendMessage; `order(delivered(HANG), chat=…, times=2)` delivers the next two
to that chat and never answers, until the test calls `release()` on what `order` returned. Answers given on order are
not among `double.refused`: that list holds what the bot itself did wrong.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.telegram.double.chats import Chat
from tests.telegram.double.refusals import Refusal
from tests.telegram.double.wire import Answer, Drop

_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ends: an answer, the connection closed, or nothing until released; before or after delivery."""

    kind: Literal["answer", "drop", "hang"]
    answer: Answer | None = None
    delivers: bool = False


DROP = Ending("drop")
HANG = Ending("hang")


def refusing(code: int, problem: str = "", **parameters: Any) -> Ending:
    """An error answer in JSON; `parameters` are those of the Bot API (`migrate_to_chat_id`)."""
    reason = _REASONS.get(code, "Error")
    body = Refusal(code, f"{reason}: {problem}" if problem else reason, **parameters).as_json()
    return Ending("answer", Answer(code, json.dumps(body).encode()))


def slow_down(seconds: int) -> Ending:
    """429 with `retry_after`."""
    return refusing(429, f"retry after {seconds}", retry_after=seconds)


def page(status: int) -> Ending:
    """A page of a proxy where JSON is expected, with any status, 200 too."""
    body = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Ending("answer", Answer(status, body.encode(), "text/html"))


def delivered(ending: Ending) -> Ending:
    """The same ending, but the request was carried out first."""
    return replace(ending, delivers=True)


@dataclass(slots=True, eq=False)
class Fault:
    """An order: which requests it meets, how they end, and which it has met."""

    ending: Ending
    method: str
    chat: int | None
    left: int | None  # None: until lifted
    met: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let those that hang be answered."""
        self._released.set()

    def lift(self) -> None:
        """Meet no more requests."""
        self.left = 0

    async def end(self, good: Answer | None) -> Answer:
        """What the request gets; `good` is the answer it would have had."""
        if self.ending.kind == "drop":
            raise Drop
        if self.ending.kind == "hang":
            await self._released.wait()
            if good is None:
                raise Drop
            return good
        assert self.ending.answer is not None
        return self.ending.answer


class Faults:
    """All orders, oldest first."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []

    def order(
        self, ending: Ending, *, method: str = "sendMessage", chat: Chat | int | None = None, times: int | None = 1
    ) -> Fault:
        """Let the next `times` requests of a method ("*": of any) to a chat (None: to any) end so."""
        place = chat.id if isinstance(chat, Chat) else chat
        fault = Fault(ending, method, place, times)
        self.orders.append(fault)
        return fault

    def order_all(self, endings: Sequence[Ending], *, method: str = "sendMessage") -> list[Fault]:
        """One order for each ending, met in turn."""
        return [self.order(ending, method=method) for ending in endings]

    def take(self, method: str, chat: object) -> Fault | None:
        """The order that this request meets, if any."""
        for fault in self.orders:
            fits = fault.method in {"*", method} and (fault.chat is None or str(fault.chat) == str(chat))
            if fits and fault.left != 0:
                fault.met += 1
                fault.left = None if fault.left is None else fault.left - 1
                return fault
        return None
