"""A chat made what an archive says: its own topics and its subscriptions replaced, all else of it left alone."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.domain.chats import OwnTopic
from bot.domain.hosts import is_blocked
from bot.domain.model import Chat, Feed, FeedState, Subscription
from bot.domain.polling import same_site
from bot.domain.schedule import planned
from bot.ports import Store
from bot.services.archive import OWN, Archive
from bot.services.archive_fields import CARRIED
from bot.services.discovery import Scout


@dataclass(frozen=True, slots=True)
class Move:
    """What an archive would make of a chat: its topics as they would be called, its subscriptions with topics by id.

    Topics that do not exist yet are OWN and their name.
    """

    kept: tuple[OwnTopic, ...]  # as they would be, with their ids
    changed: tuple[OwnTopic, ...]  # … those of them whose name or rule is another
    added: tuple[OwnTopic, ...]
    dropped: tuple[OwnTopic, ...]
    subscriptions: tuple[Subscription, ...]
    unknown: tuple[str, ...]  # topics that this bot does not have
    feeds: tuple[Feed, ...]  # to be added
    feeds_dropped: tuple[FeedState, ...]
    left: int  # threads that are of another chat


@dataclass(frozen=True, slots=True)
class Present:
    """What a chat has now, and what its bot has for everybody."""

    own: tuple[OwnTopic, ...]
    feeds: tuple[FeedState, ...]
    shipped: AbstractSet[str]  # topics
    shared: tuple[FeedState, ...] = ()
    takes_feeds: bool = True


def plan_move(archive: Archive, place: Chat, present: Present) -> Move:
    """What is to be done, and nothing done."""
    own, shipped = present.own, present.shipped
    before = {topic.name.casefold(): topic for topic in own}
    wanted = {topic.name.casefold(): topic for topic in archive.own}
    kept = tuple(replace(topic, id=before[name].id) for name, topic in wanted.items() if name in before)
    ids = {OWN + topic.name: topic.id for topic in kept}
    subscriptions = archive.of(place)
    named = dict.fromkeys(topic for one in subscriptions for topic in (*one.topics, *one.muted))
    unknown = tuple(topic for topic in named if not topic.startswith(OWN) and topic not in shipped)
    return Move(
        kept=kept,
        changed=tuple(topic for topic in kept if topic not in own),
        added=tuple(topic for name, topic in wanted.items() if name not in before),
        dropped=tuple(topic for name, topic in before.items() if name not in wanted),
        subscriptions=tuple(with_ids(one, ids, unknown) for one in subscriptions),
        unknown=unknown,
        feeds=_new_feeds(archive, present) if present.takes_feeds else (),
        feeds_dropped=tuple(state for state in present.feeds if state.feed.url not in {f.url for f in archive.feeds}),
        left=len(archive.subscriptions) - len(subscriptions),
    )


def _new_feeds(archive: Archive, present: Present) -> tuple[Feed, ...]:
    """Those that nobody reads yet. Only a site that is known goes under its outlet's name."""
    read = {state.feed.url for state in (*present.feeds, *present.shared)}
    taken = {state.feed.outlet.casefold() for state in present.shared}
    found = []
    for feed in (feed for feed in archive.feeds if feed.url not in read):
        ours = next((state.feed for state in present.shared if same_site(state.feed.url, feed.url)), None)
        if ours:
            found.append(replace(ours, url=feed.url, section=feed.outlet, trusted=False, full_text="auto"))
        elif feed.outlet.casefold() in taken:
            found.append(replace(feed, outlet=urlsplit(feed.url).hostname or feed.url))
        else:
            found.append(feed)
    return tuple(found)


async def carry_out(store: Store, move: Move, place: Chat, limit: int, now: datetime) -> bool:
    """Replace what the chat has; False where its topics were too many by the time, and nothing else was replaced.

    Each step may be repeated: after a crash half-way the same import does the rest.
    """
    for topic in move.dropped:
        await store.drop_own_topic(place, topic.id)
    for topic in move.changed:
        await store.change_own_topic(place, topic)
    ids: dict[str, str] = {}
    for topic in move.added:
        made = await store.add_own_topic(place, topic.name, topic.rule, limit)
        if made is None:
            return False
        ids[OWN + topic.name] = made.id
    for wanted in move.subscriptions:
        await store.edit_subscription(wanted.chat, _carried(with_ids(wanted, ids, ()), now))
    return True


async def carry_feeds(store: Store, scout: Scout | None, move: Move, place: Chat, person: str, now: datetime) -> None:
    """Take the feeds away that the file does not name, and add those that it does, as far as the owner lets it."""
    for state in move.feeds_dropped:
        await store.drop_chat_feed(place, state.id)
    for feed in move.feeds:
        host = urlsplit(feed.url).hostname or ""
        if scout and not is_blocked(host, scout.blocked):
            await scout.add(place, feed, person, now)


def with_ids(subscription: Subscription, ids: Mapping[str, str], without: Sequence[str]) -> Subscription:
    """The subscription with ids in place of names, and without these topics."""

    def named(topics: Sequence[str]) -> tuple[str, ...]:
        return tuple(ids.get(topic, topic) for topic in topics if topic not in without)

    return replace(
        subscription,
        topics=named(subscription.topics),
        muted=named(subscription.muted),
        alerts=tuple((ids.get(topic, topic), at) for topic, at in subscription.alerts if topic not in without),
        taken=named(subscription.taken),
    )


def merged(stored: Subscription | None, wanted: Subscription) -> Subscription:
    """What is stored, with everything that is carried taken from the archive."""
    return replace(stored or Subscription(wanted.chat, ()), **{name: getattr(wanted, name) for name in CARRIED})


def _carried(wanted: Subscription, now: datetime) -> Callable[[Subscription | None], Subscription]:
    return lambda stored: planned(merged(stored, wanted), now)
