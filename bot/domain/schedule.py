"""When a subscription is due. Time zones and daylight saving live here and nowhere else.

A slot is a local date and time of day. Where the clocks jump over it (02:30 on a spring night) it falls right after the
gap; where they show it twice it falls on the first: each slot is one instant, so it fires exactly once.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Subscription
from bot.domain.modes import alerting_from

LATEST = timedelta(hours=3)  # a digest later than this is old news: its stories go into the next one
PROBES = (timedelta(days=1), timedelta(days=7), timedelta(days=30))  # after a chat was lost; then it must come to us


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment at which one subscription is due."""

    local_date: str  # ISO
    name: str  # "08:00"
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant until right before another."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether this moment is in it."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a subscription now: the slot to serve, if any, and when it is next due."""

    serve: Slot | None
    next_due_at: datetime | None  # None: it has no times at all


def plan(subscription: Subscription, now: datetime) -> Plan:
    """Which slot of this subscription to serve now, and when the next one is.

    A slot missed while the bot was down is served if it is less than three hours late and before the next one.
    """
    following = next_slot(subscription, now)
    next_due_at = following.at if following else None
    due = subscription.next_due_at
    if subscription.resting or due is None or due > now:
        return Plan(None, due if due and due > now else next_due_at)
    current = last_slot(subscription, now)
    if current is None or current.at < due or now - current.at >= LATEST:
        return Plan(None, next_due_at)
    return Plan(current, next_due_at)


def last_quiet(subscription: Subscription, now: datetime) -> Span | None:
    """The quiet hours that hold now, else the latest that are over; None where the chat wants none."""
    if not subscription.quiet:
        return None
    begin, end = subscription.quiet
    zone = ZoneInfo(subscription.timezone)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ago) for ago in (-2, -1, 0, 1))
    nights = ((day, day + timedelta(days=int(end <= begin))) for day in days)
    spans = (Span(_slot(first, begin, zone).at, _slot(last, end, zone).at) for first, last in nights)
    return max((span for span in spans if span.start <= now), key=lambda span: span.start, default=None)


def planned(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription with its next slot filled in."""
    following = next_slot(subscription, now)
    return replace(subscription, next_due_at=following.at if following else None)


def resumed(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription after a pause: it goes on from here, with the news of a day and not of the whole pause."""
    last = max(subscription.last_digest_at, now - timedelta(days=1)) if subscription.last_digest_at else None
    awake = replace(subscription, paused=False, paused_until=None, last_digest_at=last)
    return planned(alerting_from(awake, now), now)


def next_probe(suspended_at: datetime, now: datetime) -> datetime | None:
    """When to look next whether a lost chat can be reached again; None: not any more."""
    return next((suspended_at + after for after in PROBES if suspended_at + after > now), None)


def next_slot(subscription: Subscription, after: datetime) -> Slot | None:
    """The first slot strictly after a moment."""
    today = after.astimezone(ZoneInfo(subscription.timezone)).date()
    slots = (slot for days in range(-1, 9) for slot in _slots(subscription, today + timedelta(days=days)))
    return min((slot for slot in slots if slot.at > after), key=_at, default=None)


def last_slot(subscription: Subscription, until: datetime) -> Slot | None:
    """The last slot at or before a moment."""
    today = until.astimezone(ZoneInfo(subscription.timezone)).date()
    slots = (slot for days in range(-8, 2) for slot in _slots(subscription, today + timedelta(days=days)))
    return max((slot for slot in slots if slot.at <= until), key=_at, default=None)


def _slots(subscription: Subscription, day: date) -> tuple[Slot, ...]:
    if day.weekday() not in subscription.weekdays:
        return ()
    zone = ZoneInfo(subscription.timezone)
    return tuple(_slot(day, minutes, zone) for minutes in sorted(set(subscription.times)))


def _slot(day: date, minutes: int, zone: ZoneInfo) -> Slot:
    # fold=0: the first of two; in a gap it is the offset before it, which lands right after the gap.
    local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    return Slot(day.isoformat(), f"{minutes // 60:02d}:{minutes % 60:02d}", local.astimezone(UTC))


def _at(slot: Slot) -> datetime:
    return slot.at
