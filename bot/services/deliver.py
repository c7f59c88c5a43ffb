"""Use case: queued messages are sent; what fails is decided here, and nothing vanishes.

Sending claims one message, sends it and records what happened. A kill between sending and recording leaves a message
`sending`, which the reaper finds and decides about. What becomes of the message is in fates, of its chat in outages.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import ChatGone, ChatMoved, DeliveryError, MaybeSent, SlowDown
from bot.domain.model import Chat, OutgoingMessage
from bot.ports import Platform, Store
from bot.services.fates import OnAmbiguous, fate
from bot.services.outages import Outages, Report, silent
from bot.services.pace import Pacer

LEASE = timedelta(seconds=90)  # longer than any platform's read timeout: else two workers would send one message
AT_ONCE = 8  # messages in flight in all
_PATIENCE = timedelta(seconds=2)  # a longer wait for a limit is a row, not a task

Pause = Callable[[timedelta], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Post:
    """Sends what the outbox holds: one message of a chat at a time, few at once, as fast as limits allow."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]
    pause: Pause
    pacers: Mapping[str, Pacer] = field(default_factory=dict)  # by platform; without one a platform has no limits
    on_ambiguous: OnAmbiguous = "retry"
    report: Report = silent  # of outages, for the log

    @property
    def outages(self) -> Outages:
        """What stands between us and chats."""
        return Outages(self.store, self.platforms, self.report)

    async def drain(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Send what is due; how many messages arrived. Once `stopped`, only what is in flight comes to its end."""
        sent, under_way, resting = 0, set[asyncio.Task[bool]](), list[datetime]()
        try:
            while True:
                message = await self._claim() if len(under_way) < AT_ONCE and not stopped() else None
                if message and (free_at := self._free_at(message.chat)):
                    await self._put_back(message, free_at)  # others take the place meanwhile
                    resting.append(free_at)
                elif message:
                    under_way.add(asyncio.create_task(self._deliver(message)))
                elif under_way:
                    done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                    sent += sum(task.result() for task in done)
                elif stopped() or not await self._rest(resting):
                    return sent
        finally:
            for task in under_way:
                task.cancel()

    async def reap(self) -> Sequence[OutgoingMessage]:
        """Decide about messages whose sender disappeared before it could say what happened."""
        lost = await self.store.expired(self.clock())
        for message in lost:
            await self._settle(message, MaybeSent("the program ended while it was being sent"))
        return lost

    async def _claim(self) -> OutgoingMessage | None:
        return await self.store.claim_message(tuple(self.platforms), self.clock(), LEASE)

    async def _deliver(self, message: OutgoingMessage) -> bool:
        if not await self._turn(message):
            return False
        try:
            receipt = await self.platforms[message.chat.platform].send(message, self.clock())
        except DeliveryError as error:
            await self._settle(message, error)
            return False
        return await self.store.mark_sent(message, receipt)

    def _free_at(self, chat: Chat) -> datetime | None:
        """When the chat's own limit lets it have a message; None where it may now."""
        pacer, now = self.pacers.get(chat.platform), self.clock()
        at = pacer.chat_at(chat.id, now) if pacer else now
        return at if at > now else None

    async def _put_back(self, message: OutgoingMessage, due: datetime) -> None:
        await self.store.put_back(message, due)

    async def _rest(self, resting: list[datetime]) -> bool:
        """Wait for the first of the chats that rest, and forget them; False where none of them may soon."""
        now = self.clock()
        soon = min((at for at in resting if at - now <= _PATIENCE), default=None)
        resting.clear()
        if soon is None:
            return False
        await self.pause(soon - now)
        return True

    async def _turn(self, message: OutgoingMessage) -> bool:
        """Wait until the platform's limits allow it; False, and later again, where that is long."""
        pacer = self.pacers.get(message.chat.platform)
        if pacer is None:
            return True
        while (at := pacer.next_at(message.chat.id, self.clock())) > (now := self.clock()):
            if at - now > _PATIENCE:
                await self._put_back(message, at)
                return False
            await self.pause(at - now)
        pacer.sent(message.chat.id, self.clock())
        return True

    async def _settle(self, message: OutgoingMessage, error: DeliveryError) -> None:
        now, chat = self.clock(), message.chat
        if isinstance(error, SlowDown) and chat.platform in self.pacers:
            self.pacers[chat.platform].slowed(chat.id, error.retry_after, now)
        if isinstance(error, ChatMoved):
            await self.store.move_chat(chat, Chat(chat.platform, error.new_chat_id))
        error = await self.outages.met(error, message, now)
        ends = fate(error, message, now, self.on_ambiguous)
        await self.store.mark_failed(
            message, ends.state, str(error), due=ends.due, ambiguous=ends.ambiguous, untold=ends.untold
        )
        if isinstance(error, ChatGone):
            await self.store.suspend(chat, now)
