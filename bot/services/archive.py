"""All that a chat chose, as readable JSON, and read again as strictly as if a stranger had written it.

Own topics stand in it by their names, because their ids are of one chat and one bot.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.chats import KnownChat, OwnTopic
from bot.domain.model import Chat, Feed, Subscription
from bot.domain.modes import mode_of
from bot.services import archive_fields as fields
from bot.services.archive_values import OWN, Unreadable, Wrong, exactly, listed, refuse_twice, text

VERSION = 1
MOST_BYTES = 256 * 1024
_MOST_THREADS = 200
_MOST_OTHERS = 1000
_SECTIONS = ("verbatim", "exported_at", "chat", "own_topics", "feeds", "subscriptions")


@dataclass(frozen=True, slots=True)
class Archive:
    """What a file says. Topics of `subscriptions` that a chat wrote are OWN and their name; chats are the file's."""

    chat: Chat
    title: str
    own: tuple[OwnTopic, ...]  # without ids
    subscriptions: tuple[Subscription, ...]
    feeds: tuple[Feed, ...] = ()

    def of(self, place: Chat) -> tuple[Subscription, ...]:
        """What is meant for a place: all threads where it is the chat of the file, else what the chat itself chose."""
        if (place.platform, place.id) == (self.chat.platform, self.chat.id):
            return self.subscriptions
        main = [one for one in self.subscriptions if not one.chat.thread] or list(self.subscriptions[:1])
        return tuple(replace(one, chat=place, taken=()) for one in main)


# --- out -------------------------------------------------------------------------------------------------------------


def pack(
    known: KnownChat,
    subscriptions: Sequence[Subscription],
    own: Sequence[OwnTopic],
    feeds: Sequence[Feed],
    now: datetime,
) -> bytes:
    """The file of a chat."""
    names = {topic.id: topic.name for topic in own}
    document = {
        "verbatim": VERSION,
        "exported_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "chat": {"platform": known.chat.platform, "id": known.chat.id, "kind": known.kind, "title": known.title},
        "own_topics": [{"name": topic.name, "rule": topic.rule} for topic in own],
        "feeds": [{"outlet": feed.outlet, "url": feed.url} for feed in feeds],
        "subscriptions": [_told(one, names) for one in sorted(subscriptions, key=lambda one: one.chat.thread)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _told(subscription: Subscription, names: Mapping[str, str]) -> dict[str, Any]:
    topics = []
    for topic in dict.fromkeys((*subscription.topics, *subscription.muted)):
        named = {"own": names[topic]} if topic in names else {"topic": topic}
        followed = {} if topic in subscription.topics else {"followed": False}
        here = {"here": True} if topic in subscription.taken else {}
        topics.append({**named, "mode": mode_of(subscription, topic), **followed, **here})
    return {"thread": subscription.chat.thread, "topics": topics} | fields.told(subscription)


# --- in --------------------------------------------------------------------------------------------------------------


def unpack(content: bytes, now: datetime) -> Archive | Unreadable:
    """What a file says; or where it is wrong, and why."""
    try:
        return _archive(_parsed(content), now)
    except Wrong as wrong:
        return wrong.found


def _parsed(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise Wrong("", "large", n=MOST_BYTES // 1024)
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Wrong("", "json", line=error.lineno) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise Wrong("", "json", line=1) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise Wrong("", "twice", given=next(name for name in names if names.count(name) > 1))
    return found


def _no_number(word: str) -> Any:
    raise Wrong("", "number", given=word)


def _archive(value: Any, now: datetime) -> Archive:
    if not isinstance(value, dict) or "verbatim" not in value:
        raise Wrong("", "foreign")
    if value["verbatim"] != VERSION or isinstance(value["verbatim"], bool):
        raise Wrong("verbatim", "version", given=str(value["verbatim"])[:20], known=VERSION)
    document = exactly(value, "", _SECTIONS)
    chat = exactly(document["chat"], "chat", ("platform", "id", "kind", "title"))
    place = Chat(text(chat["platform"], "chat.platform"), text(chat["id"], "chat.id"))
    own = listed(document["own_topics"], "own_topics", _own, _MOST_OTHERS)
    refuse_twice([topic.name.casefold() for topic in own], "own_topics")
    known = frozenset(topic.name for topic in own)

    def subscription(one: Any, where: str) -> Subscription:
        return _subscription(one, where, place, known, now)

    subscriptions = listed(document["subscriptions"], "subscriptions", subscription, _MOST_THREADS)
    refuse_twice([one.chat.thread for one in subscriptions], "subscriptions")
    feeds = listed(document["feeds"], "feeds", fields.feed, _MOST_OTHERS)
    refuse_twice([feed.url for feed in feeds], "feeds")
    return Archive(place, text(chat["title"], "chat.title"), own, subscriptions, feeds)


def _own(value: Any, where: str) -> OwnTopic:
    topic = exactly(value, where, ("name", "rule"))
    return OwnTopic("", fields.name(topic["name"], f"{where}.name"), fields.rule(topic["rule"], f"{where}.rule"))


def _subscription(value: Any, where: str, place: Chat, own: frozenset[str], now: datetime) -> Subscription:
    given = exactly(value, where, ("thread", "topics", *fields.NAMES))
    chat = Chat(place.platform, place.id, text(given["thread"], f"{where}.thread"))

    def topic(one: Any, at: str) -> fields.Followed:
        return fields.followed(one, at, own)

    topics = listed(given["topics"], f"{where}.topics", topic, _MOST_OTHERS)
    refuse_twice([one.topic for one in topics], f"{where}.topics")
    seconds = int(now.timestamp())
    return Subscription(
        chat,
        tuple(one.topic for one in topics if one.followed),
        muted=tuple(one.topic for one in topics if one.mode == "muted"),
        alerts=tuple((one.topic, seconds) for one in topics if one.mode == "alert"),
        taken=tuple(one.topic for one in topics if one.here),
        **fields.read(given, where),
    )


__all__ = ["MOST_BYTES", "OWN", "Archive", "Unreadable", "pack", "unpack"]
