"""Use case: a chat that cannot be written to keeps its digests, and who set it up is told once.

    deleted thread      its digests go to the chat itself; one notice
    closed, no rights   what is queued waits and is tried daily, nothing more is composed; one notice an outage
    not found           held a day: only the second time on another day it counts as gone
    blocked, kicked     suspended (the post); looked after here after 1, 7 and 30 days, then it must come to us

A notice goes to the person who last set the chat up, in their private chat; where nobody is known, to the log alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.chats import notice_key
from bot.domain.errors import ChatGone, ChatMoved, DeliveryError, NotAllowed, ThreadGone
from bot.domain.model import Chat, OutgoingMessage
from bot.domain.schedule import next_probe
from bot.domain.talk import Notice, NoticeKind
from bot.ports import Platform, Store

Report = Callable[[str], None]

_PROBING = timedelta(hours=1)  # a probe of which nothing was heard is made again after so long


def silent(_: str) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Outages:
    """Keeps what is known about chats that cannot be written to."""

    store: Store
    platforms: Mapping[str, Platform]
    report: Report = silent

    async def met(self, error: DeliveryError, message: OutgoingMessage, now: datetime) -> DeliveryError:
        """Do what a failure means for the whole chat; the failure as it is to be understood for the message."""
        chat = message.chat
        match error:
            case ThreadGone() if chat.thread:
                await self.store.lose_thread(chat, await self._notice("thread_gone", chat, chat.thread), now)
                self.report(f"{chat}: the thread was deleted; its digests go to the chat itself")
            case NotAllowed():
                notice = await self._notice(_kind(error), chat, chat.thread, now.isoformat())
                if await self.store.hold(chat, error.reason, notice, now):
                    self.report(f"{chat}: {error}; what is queued waits and is tried daily")
            case ChatGone() if not error.sure:
                if await self.store.hold(chat, "missing", None, now) or message.attempts == 1:
                    return NotAllowed(str(error))
        return error

    async def probe(self, now: datetime) -> tuple[Chat, ...]:
        """Look after suspended chats whose time has come; those that can be reached again."""
        back = []
        claimed = await self.store.claim_probes(tuple(self.platforms), now, _PROBING)
        for chat, suspended_at in claimed.items():
            if await self._back(chat, suspended_at, now):
                back.append(chat)
        return tuple(back)

    async def _back(self, chat: Chat, suspended_at: datetime, now: datetime) -> bool:
        try:
            reachable = await self.platforms[chat.platform].reachable(chat)
        except ChatMoved as error:
            await self.store.move_chat(chat, replace(chat, id=error.new_chat_id))
            return True
        except DeliveryError:
            return False  # nobody knows: again in an hour
        if reachable:
            await self.store.revive(chat)
        else:
            await self.store.plan_probe(chat, next_probe(suspended_at, now))
        return reachable

    async def _notice(self, kind: NoticeKind, chat: Chat, *about: str) -> OutgoingMessage | None:
        """The line to who set the chat up; None where nobody is known."""
        known = await self.store.chat(chat)
        if known is None or not known.admin:
            return None
        to = Chat(chat.platform, known.admin)
        chosen = await self.store.subscription(to) or await self.store.subscription(chat)
        notice = Notice(kind, known.title or chat.id, chosen.language if chosen else "fr")
        body = self.platforms[chat.platform].render_notice(notice)
        return OutgoingMessage(notice_key(chat, kind, *about), to, body)


def _kind(error: NotAllowed) -> NoticeKind:
    return "closed" if error.reason == "closed" else "rights"
