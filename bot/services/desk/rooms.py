"""Which file answers what: commands by name, presses by the first part of their data, words by what was asked."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.domain.commands import Name
from bot.services.desk import (
    digests,
    drafts,
    editions,
    erasing,
    helping,
    moving,
    own_feeds,
    own_topics,
    owning,
    schedule,
    settings,
    sources,
    start,
    subscribing,
    topics,
    trying,
    why,
)
from bot.services.desk.visit import Replies, Visit

Answer = Callable[[Visit, str], Awaitable[Replies]]
Pressed = Callable[[Visit, tuple[str, ...]], Awaitable[Replies]]
Said = Callable[[Visit, str, str], Awaitable[Replies]]

COMMANDS: Mapping[Name, Answer] = MappingProxyType(
    {
        "start": start.start,
        "digest": digests.digest,
        "topics": topics.topics,
        "try": trying.try_rule,
        "schedule": schedule.schedule,
        "sources": sources.sources,
        "why": why.why,
        "settings": settings.settings,
        "pause": subscribing.pause,
        "resume": subscribing.resume,
        "subscribe": subscribing.subscribe,
        "unsubscribe": subscribing.unsubscribe,
        "export": moving.export,
        "import": moving.import_,
        "privacy": erasing.privacy,
        "forget": erasing.forget,
        "help": helping.help_,
        "cancel": erasing.cancel,
        "invite": owning.invite,
        "status": owning.status,
    }
)
PRESSES: Mapping[str, Pressed] = MappingProxyType(
    {
        "b": start.pressed,
        "t": topics.pressed,
        "e": trying.pressed,
        "h": schedule.pressed,
        "g": settings.pressed,
        "o": sources.pressed,
        "a": subscribing.pressed,
        "d": digests.pressed,
        "s": editions.pressed,
        "l": editions.changed,
        "f": erasing.pressed,
        "mv": moving.pressed,
        "x": erasing.cancelled,
        "?": helping.pressed,
    }
)
STEPS: Mapping[str, Said] = MappingProxyType(
    {
        "new": own_topics.said_new,
        "edit": own_topics.said_rule,
        "rename": own_topics.said_name,
        "draft": drafts.said_again,
        "city": schedule.said_city,
        "hours": schedule.said_hours,
        "feed": own_feeds.said_address,
        "import": moving.said,
        "importing": moving.said,
    }
)
