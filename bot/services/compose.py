"""Use case: digests that are due are composed and queued.

The run, its messages, the articles it told and what its buttons stand for are written in one transaction: a kill before
it means that nothing happened, one after it that all messages exist.

A channel has no buttons: whoever reads it could press them, and every answer would be one more post for all. Its
administrators have them in private, under a digest that they ask for there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.digest import LATE_NEWS, MEMORY, Brief, compose_digest
from bot.domain.editions import Rows, edition_of, rows_under
from bot.domain.health import silent_outlets
from bot.domain.less import hiding, people_off
from bot.domain.model import Button, Digest, OutgoingMessage, Run, Subscription
from bot.domain.modes import NOWHERE, alerting_from, given_away, read_topics
from bot.domain.schedule import Slot, last_slot, plan, planned, resumed
from bot.domain.stories import KindRules
from bot.domain.texts import Texts
from bot.ports import Platform, Store

DAY = timedelta(hours=24)
# Where a period holds nothing: longer ones, then as far back as the latest article and further.
WIDER = (timedelta(days=3), timedelta(days=7), timedelta(days=31))
FURTHER = (DAY, timedelta(days=31), timedelta(days=366), timedelta(days=3660))
ENOUGH = 3  # stories


@dataclass(frozen=True, slots=True)
class Newsdesk:
    """Composes and queues digests."""

    store: Store
    kinds: KindRules
    platforms: Mapping[str, Platform]
    sample: bool = False
    texts: Mapping[str, Texts] = field(default_factory=dict)  # for the words on buttons; without them only numbers

    async def digest(self, brief: Brief, *, subscription: int = 0) -> Digest:
        """The digest that a brief asks for; with a subscription, without what it was told already."""
        told = await self.store.told(subscription, brief.since - MEMORY) if subscription else frozenset[int]()
        earliest = brief.since - max(MEMORY, LATE_NEWS)
        candidates = await self.store.candidates(brief.topics, earliest, brief.until, brief.chat)
        own = await self.store.chat_feeds(brief.chat) if brief.chat else ()
        silent, watched = silent_outlets((*await self.store.feed_states(), *own), brief.until)
        # Grouping a busy day takes longer than the event loop may stand still.
        digest = await asyncio.to_thread(compose_digest, brief, candidates, told, self.kinds)
        names = await self.store.own_topic_names(brief.topics)
        return replace(digest, silent=silent, watched=watched, sample=self.sample, own_names=tuple(names.items()))

    async def widest(self, brief: Brief) -> Digest:
        """The digest asked for; where its period holds nothing, that of a longer one, and it says so.

        Longer ones are tried until a few stories have come together: feeds of one's own may be years old.
        """
        digest = await self.digest(brief)
        latest = await self.store.latest_match(brief.topics)
        if digest.stories or latest is None:
            return digest
        since_latest = brief.until - latest
        for longer in (*WIDER, *(since_latest + further for further in FURTHER)):
            digest = await self.digest(replace(brief, since=brief.until - longer))
            if len(digest.stories) >= ENOUGH:
                break
        return replace(digest, widened=bool(digest.stories))

    async def compose_due(self, now: datetime) -> int:
        """Queue the digest of every subscription that is due; how many. Each slot happens once, whatever restarts."""
        queued = 0
        subscriptions = await self.store.subscriptions()
        given = given_away(subscriptions)
        for subscription in subscriptions:
            if subscription.paused_until and subscription.paused_until <= now:
                await self.store.change_subscription(subscription.id, lambda stored: resumed(stored, now))
            elif subscription.next_due_at is None and not subscription.resting:
                await self.store.change_subscription(
                    subscription.id, lambda stored: planned(alerting_from(stored, now), now)
                )
            elif not subscription.resting and subscription.chat.platform in self.platforms:
                # One of a platform whose token was taken out waits for its return, and holds up nobody.
                reading = read_topics(subscription, given.get(subscription.chat, NOWHERE))
                queued += await self._compose(replace(subscription, topics=reading), now)
        return queued

    async def compose_now(self, subscription: Subscription, now: datetime) -> Digest:
        """Queue a digest of what is new since the last scheduled one; the next scheduled one holds it all the same."""
        read = replace(subscription, topics=read_topics(subscription))
        digest = await self.widest(brief_of(read, subscription.last_digest_at or now - DAY, now))
        run = Run(subscription.id, now.date().isoformat(), f"now-{now.isoformat(timespec='seconds')}", now, now)
        await self.publish(subscription, run, digest)
        return digest

    async def _compose(self, subscription: Subscription, now: datetime) -> bool:
        planning = plan(subscription, now)
        if planning.serve is None:
            if planning.next_due_at != subscription.next_due_at:
                await self._plan(subscription, planning.next_due_at)
            return False
        since = subscription.last_digest_at or planning.serve.at - DAY
        digest = await self.digest(brief_of(subscription, since, now), subscription=subscription.id)
        slot, told_since = planning.serve, since - MEMORY  # an alert may tell something at this very moment
        run = Run(subscription.id, slot.local_date, slot.name, slot.at, now, since, told_since)
        wanted = bool(digest.stories) or (subscription.tell_empty and bool(subscription.topics))
        if unwanted := frozenset(digest.hidden) - frozenset(subscription.hidden):  # what has joined such an event
            await self.store.change_subscription(subscription.id, lambda stored: hiding(stored, unwanted))
        digest = replace(digest, caught_up=_missed(subscription, planning.serve))
        told, due = digest.article_ids, planning.next_due_at
        if not wanted:
            return await self.store.enqueue(run, (), told=told, next_due_at=due)
        return await self.publish(subscription, run, digest, told=told, next_due_at=due)

    async def _plan(self, subscription: Subscription, next_due_at: datetime | None) -> None:
        """Store when it is next due, and nothing else of it: the chat may have chosen anew meanwhile."""
        await self.store.change_subscription(subscription.id, lambda stored: replace(stored, next_due_at=next_due_at))

    async def publish(
        self,
        subscription: Subscription,
        run: Run,
        digest: Digest,
        *,
        told: Sequence[int] = (),
        next_due_at: datetime | None = None,
    ) -> bool:
        """Queue the digest as the messages of a run, rendered for its platform; False where that run exists."""
        key = f"{run.subscription}/{run.local_date}/{run.slot}"
        edition = edition_of(digest, subscription.chat, key)
        known = await self.store.chat(subscription.chat) if edition else None
        rows: Rows = ()
        if edition and (known is None or known.kind != "channel"):
            rows = rows_under(edition, self.texts.get(subscription.language), _button)
        messages = self._messages(subscription, key, digest, rows)
        return await self.store.enqueue(run, messages, told=told, next_due_at=next_due_at, edition=edition)

    def _messages(
        self, subscription: Subscription, key: str, digest: Digest, rows: Rows
    ) -> tuple[OutgoingMessage, ...]:
        bodies = self.platforms[subscription.chat.platform].render(digest)
        return tuple(
            OutgoingMessage(
                key=f"{key}/{part}",
                chat=subscription.chat,
                body=body,
                part=part,
                parts=len(bodies),
                previews=subscription.previews,
                sound=subscription.sound,
                buttons=rows if part == len(bodies) else (),
            )
            for part, body in enumerate(bodies, start=1)
        )


def _button(label: str, *data: object) -> Button:
    return Button(label, ":".join(map(str, data)))


def _missed(subscription: Subscription, slot: Slot) -> bool:
    """Whether the slot before this one was never served, so that this digest reaches back behind it."""
    before = last_slot(subscription, slot.at - timedelta(seconds=1))
    return before is not None and subscription.last_digest_at is not None and subscription.last_digest_at < before.at


def brief_of(subscription: Subscription, since: datetime, until: datetime) -> Brief:
    """What a chat would ask for this period."""
    return Brief(
        topics=subscription.topics,
        since=since,
        until=until,
        timezone=subscription.timezone,
        language=subscription.language,
        density=subscription.density,
        without_outlets=subscription.without_outlets,
        chat=subscription.chat,
        without_people=tuple(name for name, _ in people_off(subscription, until)),
        hidden=frozenset(subscription.hidden),
    )
