"""Use case: what is new about topics that alert is queued as soon as it is known, one message a story.

No mark is kept of what was looked at. What a subscription was told, and what alerts left to its digest, are rows;
everything else that was seen lately is still to be decided about. So a kill at any moment loses and repeats nothing,
and of two processes that see the same news one queues it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.alerts import AGE, AN_HOUR, Sighting, Watch, alert, wakes, was_held, watch_of
from bot.domain.digest import MEMORY, STORIES, Brief, compose_digest
from bot.domain.less import hiding
from bot.domain.model import Candidate, Digest, Run, Story, Subscription
from bot.domain.modes import NOWHERE, given_away
from bot.domain.stories import KindRules, group_stories
from bot.services.compose import DAY, Newsdesk, brief_of

_HOUR = timedelta(hours=1)

Group = tuple[Candidate, ...]
News = Sequence[tuple[Watch, Sequence[Sighting]]]


@dataclass(frozen=True, slots=True)
class Lookout:
    """Looks for what is to be told at once."""

    newsdesk: Newsdesk

    async def compose_alerts(self, now: datetime) -> int:
        """Queue what is new about topics that alert; how many alerts. Cheap where there is nothing."""
        watches = await self._watches(now)
        news = await self._news(watches) if watches else ()
        if not news:
            return 0
        scene = await self._scene(news, now)
        return sum([await self._tell(watch, seen, scene, now) for watch, seen in news])

    async def _watches(self, now: datetime) -> Sequence[Watch]:
        """Whoever wants to know at once and may be told now."""
        subscriptions = await self.newsdesk.store.alerting()
        given = given_away(subscriptions)
        ours = (one for one in subscriptions if one.chat.platform in self.newsdesk.platforms)
        watches = (watch_of(one, given.get(one.chat, NOWHERE), now) for one in ours)
        return [watch for watch in watches if watch]

    async def _news(self, watches: Sequence[Watch]) -> News:
        """Those with something that is neither told nor left to the digest."""
        topics = sorted({topic for watch in watches for topic in watch.alerts})
        seen = await self.newsdesk.store.sightings(topics, min(watch.since for watch in watches), AGE)
        decided = await self.newsdesk.store.decided(sorted({one.article for one in seen})) if seen else {}
        by_topic: dict[str, list[Sighting]] = defaultdict(list)
        for one in seen:
            by_topic[one.topic].append(one)
        news = []
        for watch in watches:
            done = decided.get(watch.subscription.id, frozenset())
            about = (one for topic in watch.alerts for one in by_topic[topic])
            awake = [one for one in about if one.article not in done and wakes(watch, one)]
            if awake:
                news.append((watch, awake))
        return news

    async def _scene(self, news: News, now: datetime) -> "_Scene":
        topics = sorted({topic for watch, _ in news for topic in watch.reading})
        candidates = await self.newsdesk.store.candidates(topics, now - MEMORY, now)
        names = await self.newsdesk.store.own_topic_names(topics)
        # Grouping a busy day takes longer than the event loop may stand still.
        groups = await asyncio.to_thread(_grouped, candidates, self.newsdesk.kinds)
        return _Scene(groups, names, self.newsdesk.kinds, self.newsdesk.sample)

    async def _tell(self, watch: Watch, seen: Sequence[Sighting], scene: "_Scene", now: datetime) -> int:
        store, subscription = self.newsdesk.store, watch.subscription
        known = [one for one in seen if one.article in scene.groups]
        brief = replace(brief_of(subscription, now - DAY, now), topics=tuple(watch.alerts))
        told = await store.told(subscription.id, brief.since - MEMORY)
        articles = frozenset(one.article for one in known)
        stories = await asyncio.to_thread(scene.stories, articles, watch, brief, told)
        if unwanted := scene.joined(articles, brief.hidden):
            await store.change_subscription(subscription.id, lambda stored: hiding(stored, unwanted))
        free = max(0, AN_HOUR - await store.alerts_since(subscription.id, now - _HOUR))
        if was_held(watch, known):  # what waited for the end of the quiet hours comes in one message
            told_now = [stories[: STORIES[brief.density]]][: free if stories else 0]
        else:
            told_now = [[story] for story in stories[:free]]
        digests = [scene.dressed(alert(some, brief)) for some in told_now]
        queued = [digest for digest in digests if await self._queue(subscription, digest, brief)]
        await self._settle(subscription, articles - _of(stories), now)
        left = articles & _of(stories) - {number for digest in digests for number in digest.article_ids}
        if left:
            await store.leave_to_digest(_run(subscription, "left", left, now), sorted(left))
        return len(queued)

    async def _settle(self, subscription: Subscription, articles: frozenset[int], now: datetime) -> None:
        """What brings nothing, or is no news, counts as told: a later follow-up is about what comes after it."""
        if articles:
            await self.newsdesk.store.enqueue(_run(subscription, "known", articles, now), (), told=sorted(articles))

    async def _queue(self, subscription: Subscription, digest: Digest, brief: Brief) -> bool:
        run = _run(subscription, "alert", digest.article_ids, brief.until)
        run = replace(run, told_since=brief.since - MEMORY)
        return await self.newsdesk.publish(subscription, run, digest, told=digest.article_ids)


def _run(subscription: Subscription, what: str, articles: Collection[int], now: datetime) -> Run:
    """A story is alerted about by one run: its first article names it."""
    day = now.astimezone(ZoneInfo(subscription.timezone)).date()
    return Run(subscription.id, day.isoformat(), f"{what}-{min(articles)}", now, now)


def _of(stories: Sequence[Story]) -> frozenset[int]:
    return frozenset(article.id for story in stories for article in story.articles)


def _grouped(candidates: Sequence[Candidate], kinds: KindRules) -> Mapping[int, Group]:
    """Article → all candidates of its story."""
    groups: dict[int, list[Candidate]] = defaultdict(list)
    for candidate, grouped in zip(candidates, group_stories([one.article for one in candidates], kinds), strict=True):
        groups[grouped.story].append(candidate)
    return {one.article.id: tuple(members) for members in groups.values() for one in members}


@dataclass(frozen=True, slots=True)
class _Scene:
    """The stories of these days, grouped once for everybody; chats that know the same are told the same."""

    groups: Mapping[int, Group]
    names: Mapping[str, str]
    kinds: KindRules
    sample: bool
    _made: dict[object, tuple[Story, ...]] = field(default_factory=dict)

    def stories(self, articles: frozenset[int], watch: Watch, brief: Brief, told: frozenset[int]) -> list[Story]:
        """What these articles bring that is new to this reader, the weightiest story first."""
        found: dict[int, Story] = {}
        for group in {self.groups[number][0].article.id: self.groups[number] for number in articles}.values():
            mine = tuple(one for one in group if one.article.id in told or _is_read(one, watch.reading))
            for story in self._stories(mine, brief, told & {one.article.id for one in mine}):
                if articles & {article.id for article in story.articles}:
                    found[story.articles[0].id] = story
        return sorted(found.values(), key=lambda story: (-story.score, story.headline))

    def joined(self, articles: frozenset[int], hidden: frozenset[int]) -> frozenset[int]:
        """Those that tell an event of which this reader wants no more."""
        groups = ({one.article.id for one in self.groups[number]} for number in articles) if hidden else ()
        return frozenset[int]().union(*(group & articles for group in groups if group & hidden)) - hidden

    def _stories(self, group: Group, brief: Brief, told: frozenset[int]) -> tuple[Story, ...]:
        key = (brief, told, tuple(one.article.id for one in group))
        if key not in self._made:
            self._made[key] = compose_digest(brief, group, told, self.kinds).stories
        return self._made[key]

    def dressed(self, digest: Digest) -> Digest:
        """With what the head of every digest says."""
        return replace(digest, sample=self.sample, own_names=tuple(self.names.items()))


def _is_read(candidate: Candidate, reading: Collection[str]) -> bool:
    return any(match.topic in reading for match in candidate.matches)
