"""Use case: the owners learn once of feeds in trouble, and once of their recovery; chats of feeds that are no more.

    failing for 24 hours          owners, all such feeds in one notice; again when they answer
    disabled (410, 404 for ten    owners at once; the chats that added it; where it was the last feed of an outlet,
    days)                         the chats that read that outlet
    nothing new from anywhere     owners, once until something new comes
    for a day

What was told is stored with the feed, in the transaction that queues the notices.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.chats import notice_key
from bot.domain.health import no_news_since, trouble
from bot.domain.model import Chat, FeedState, OutgoingMessage
from bot.domain.phrases import day_of, hour_of
from bot.domain.talk import Notice, NoticeKind
from bot.domain.texts import Texts
from bot.ports import Platform, Store

Report = Callable[[str], None]
Owners = Callable[[], Awaitable[Iterable[Chat]]]

TURN = timedelta(minutes=4)  # several workers look in turns
NAMED = 12  # feeds in one notice
_NO_NEWS = "no news since"


@dataclass(frozen=True, slots=True)
class Watchman:
    """Looks at how feeds are, now and then. `owners` are asked each time: one may have come meanwhile."""

    store: Store
    platforms: Mapping[str, Platform]
    texts: Mapping[str, Texts]
    owners: Owners
    report: Report  # for the log

    async def look(self, now: datetime) -> None:
        """Queue what is to be told now."""
        if not await self.store.lease("feed health", now, TURN):
            return
        shared, own = await self.store.feed_states(), await self.store.chat_feeds()
        notices: list[OutgoingMessage] = []
        reported: dict[int, str] = {}
        for what, kind in _TOLD:
            changed = [state for state in shared if trouble(state, now) == what != state.reported]
            reported |= {state.id: what for state in changed}
            notices += await self._to_owners(kind, changed)
        ended = [state for state in own if state.disabled and state.reported != "ended"]
        reported |= {state.id: "ended" for state in ended}
        reported |= {state.id: "" for state in own if not state.disabled and state.reported}
        notices += await self._to_chats_of(ended)
        notices += await self._to_readers([state for state in shared if reported.get(state.id) == "ended"], shared)
        if reported:
            await self.store.report_feeds(reported, notices, now)
        await self._watch_news(shared, now)

    # --- to whom -----------------------------------------------------------------------------------------------------

    async def _to_owners(self, kind: NoticeKind, states: Sequence[FeedState]) -> list[OutgoingMessage]:
        if not states:
            return []
        self.report(f"{kind.replace('_', ' ')}: {', '.join(state.feed.url for state in states)}")
        return [await self._notice(kind, chat, states) for chat in await self._owners()]

    async def _to_chats_of(self, ended: Sequence[FeedState]) -> list[OutgoingMessage]:
        chats = await self.store.chats_of_feeds([state.id for state in ended]) if ended else {}
        theirs: dict[Chat, list[FeedState]] = {}
        for state in ended:
            for chat in chats.get(state.id, ()):
                theirs.setdefault(chat, []).append(state)
        known = [(chat, states) for chat, states in theirs.items() if chat.platform in self.platforms]
        return [await self._notice("own_feeds_ended", chat, states) for chat, states in known]

    async def _to_readers(self, ended: Sequence[FeedState], all_of: Sequence[FeedState]) -> list[OutgoingMessage]:
        """To the chats that get digests from an outlet of which no feed is left."""
        left = {state.feed.outlet for state in all_of if not state.disabled}
        lost = {state.feed.outlet: state for state in ended if state.feed.outlet not in left}
        notices: list[OutgoingMessage] = []
        told: set[Chat] = set()
        for subscription in await self.store.subscriptions() if lost else ():
            chat = replace(subscription.chat, thread="")
            read = [state for outlet, state in lost.items() if outlet not in subscription.without_outlets]
            if not read or subscription.resting or chat in told or chat.platform not in self.platforms:
                continue
            told.add(chat)
            notices.append(await self._notice("outlets_ended", subscription.chat, read))
        return notices

    async def _watch_news(self, shared: Sequence[FeedState], now: datetime) -> None:
        since = no_news_since(shared, now)
        if since is None or await self.store.recall(_NO_NEWS) == since.isoformat():
            return
        self.report(f"nothing new from any feed since {since.isoformat()}")
        notices = []
        for chat in await self._owners():
            language, zone = await self._reads(chat)
            moment = f"{day_of(since, zone, self.texts[language])}, {hour_of(since, zone, self.texts[language])}"
            notices.append(self._message("no_news", chat, moment, language, since.isoformat()))
        await self.store.report_feeds({}, notices, now)
        await self.store.note(_NO_NEWS, since.isoformat())

    # --- what --------------------------------------------------------------------------------------------------------

    async def _owners(self) -> list[Chat]:
        return [chat for chat in await self.owners() if chat.platform in self.platforms]

    async def _reads(self, chat: Chat) -> tuple[str, str]:
        """A chat's language and time zone."""
        chosen = await self.store.subscription(chat)
        language = chosen.language if chosen and chosen.language in self.texts else "fr"
        return language, chosen.timezone if chosen else "Europe/Paris"

    async def _notice(self, kind: NoticeKind, chat: Chat, states: Sequence[FeedState]) -> OutgoingMessage:
        language, _ = await self._reads(chat)
        names = list(dict.fromkeys(name_of(state, self.texts[language]) for state in states))
        shown = ", ".join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")
        return self._message(kind, chat, shown, language, _stamp(states))

    def _message(self, kind: NoticeKind, chat: Chat, title: str, language: str, stamp: str) -> OutgoingMessage:
        body = self.platforms[chat.platform].render_notice(Notice(kind, title, language))
        return OutgoingMessage(notice_key(chat, kind, stamp), chat, body)


_TOLD: tuple[tuple[str, NoticeKind], ...] = (
    ("failing", "feeds_failing"),
    ("ended", "feeds_ended"),
    ("", "feeds_back"),
)


def name_of(state: FeedState, texts: Texts) -> str:
    """A feed with what is wrong with it, if anything is."""
    feed, why = state.feed, "missing" if state.disabled == "missing" else state.error
    name = f"{feed.outlet} · {feed.section}" if feed.section else feed.outlet
    return f"{name} ({texts(f'feed_error.{why}')})" if why else name


def _stamp(states: Sequence[FeedState]) -> str:
    """What makes a notice one of its kind: these feeds in this outage, or at the end of it."""
    said = [(state.id, state.failing_since, state.succeeded_at, state.disabled) for state in states]
    return sha256(repr(said).encode()).hexdigest()[:16]
