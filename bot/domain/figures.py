"""How the bot is, in figures: what /status, /metrics and `verbatim stats` show. Nothing in here is decided upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.health import FeedCondition, condition
from bot.domain.model import Chat, FeedState, MessageState

Step = Literal["read", "matched", "told", "sent"]
STEPS: Mapping[Step, str] = {
    "read": "publication → read in its feed",
    "matched": "read → topics and statements found",
    "told": "read → sent in a digest",
    "sent": "digest due → sent",
}
ChatCondition = Literal["active", "paused", "unsubscribed", "held", "unreachable"]
DAYS = 30  # shown of what is counted by day
LATEST = 10  # digests shown
RECENT = timedelta(hours=24)  # of lags
HITS = timedelta(days=7)  # of topics


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures are about: this moment, these topics, days that begin at these moments (the last one is today)."""

    now: datetime
    topics: tuple[str, ...]
    days: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Lag:
    """How long a step took in the last 24 hours: in half of the cases not longer than `half`, in nine of ten `most`."""

    cases: int = 0
    half: timedelta = timedelta()
    most: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest that was made: for whom, when it was due, and what became of its messages (none: nothing was new)."""

    chat: Chat
    slot: str  # "08:00", or "now-…" for one on demand
    due_at: datetime
    title: str = ""  # of the chat, where it has one
    articles: int = 0  # that it decided about
    messages: Mapping[MessageState, int] = field(default_factory=dict)
    sent_at: datetime | None = None  # its last message


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, at one moment."""

    at: datetime
    feeds: tuple[FeedState, ...] = ()
    articles: int = 0
    statements: int = 0
    fresh_articles: int = 0  # first seen in the last 24 hours
    days: tuple[datetime, ...] = ()  # where each day begins …
    articles_a_day: tuple[int, ...] = ()  # … and what was first seen on it
    statements_a_day: tuple[int, ...] = ()  # by the date of their article
    lags: Mapping[Step, Lag] = field(default_factory=dict)
    outbox: Mapping[MessageState, int] = field(default_factory=dict)
    unsent_since: datetime | None = None  # when the oldest message that is still to be sent was due
    editions: tuple[Edition, ...] = ()  # latest first
    chats: Mapping[tuple[str, ChatCondition], int] = field(default_factory=dict)  # subscriptions, by platform
    hits: Mapping[str, int] = field(default_factory=dict)  # topic → articles about it in the last 7 days
    own_hits: int = 0  # the same for all topics that chats wrote themselves
    own_topics: int = 0
    bytes: int = 0  # that the database takes

    @property
    def conditions(self) -> Mapping[FeedCondition, int]:
        """How many feeds are how."""
        found: dict[FeedCondition, int] = {"well": 0, "failing": 0, "silent": 0, "gone": 0, "unread": 0}
        for state in self.feeds:
            found[condition(state, self.at)] += 1
        return found

    @property
    def unsent(self) -> int:
        """How many messages are still to be sent."""
        return self.outbox.get("pending", 0) + self.outbox.get("sending", 0)

    def chats_that_are(self, wanted: ChatCondition) -> int:
        """How many subscriptions are so, on all platforms."""
        return sum(number for (_, how), number in self.chats.items() if how == wanted)


def asked(now: datetime, topics: tuple[str, ...], timezone: str) -> Asked:
    """The usual question: the last 30 days, as days of that zone."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    midnights = (today - timedelta(days=back) for back in reversed(range(DAYS)))
    days = tuple(datetime(day.year, day.month, day.day, tzinfo=zone) for day in midnights)
    return Asked(now, topics, tuple(day.astimezone(now.tzinfo) for day in days))
