"""What a subscription makes of each of its topics: in its digests, told at once, muted, or left to a thread of its own.

A topic given to a thread is written down once, with that thread's subscription (`taken`); what the chat around it
reads follows from there. So it comes back by itself as soon as the thread is unsubscribed, forgotten or gone.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.model import Chat, Mode, Subscription

NOWHERE: frozenset[str] = frozenset()


def mode_of(subscription: Subscription, topic: str) -> Mode:
    """How this topic is read."""
    if topic in subscription.muted:
        return "muted"
    return "alert" if any(topic == alerting for alerting, _ in subscription.alerts) else "digest"


def with_mode(subscription: Subscription, topic: str, mode: Mode, now: datetime) -> Subscription:
    """The subscription with a topic read so from now on."""
    if mode_of(subscription, topic) == mode:
        return subscription
    plain = replace(without_mode(subscription, topic), taken=subscription.taken)
    if mode == "muted":
        return replace(plain, muted=(*plain.muted, topic))
    return replace(plain, alerts=(*plain.alerts, (topic, _seconds(now)))) if mode == "alert" else plain


def without_mode(subscription: Subscription, topic: str) -> Subscription:
    """The subscription with nothing said about a topic any more; one that a thread took is its chat's again."""
    return replace(
        subscription,
        muted=tuple(other for other in subscription.muted if other != topic),
        alerts=tuple((other, since) for other, since in subscription.alerts if other != topic),
        taken=tuple(other for other in subscription.taken if other != topic),
    )


def alerts_of(subscription: Subscription, elsewhere: AbstractSet[str] = NOWHERE) -> Mapping[str, datetime]:
    """The topics that alert here, each with the moment since which it does."""
    followed = {*subscription.topics} - {*subscription.muted} - elsewhere
    return {topic: datetime.fromtimestamp(at, UTC) for topic, at in subscription.alerts if topic in followed}


def alerting_from(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription after it rested: what was seen meanwhile does not alert."""
    return replace(subscription, alerts=tuple((topic, _seconds(now)) for topic, _ in subscription.alerts))


def read_topics(subscription: Subscription, elsewhere: AbstractSet[str] = NOWHERE) -> tuple[str, ...]:
    """The topics of its digests; `elsewhere` are those that threads of the chat took."""
    return tuple(topic for topic in subscription.topics if topic not in subscription.muted and topic not in elsewhere)


# --- threads ---------------------------------------------------------------------------------------------------------


def given_away(subscriptions: Iterable[Subscription]) -> Mapping[Chat, frozenset[str]]:
    """The topics that threads have taken from the chat around them, by that chat."""
    given: dict[Chat, frozenset[str]] = {}
    for subscription in subscriptions:
        if subscription.chat.thread and subscription.subscribed:
            around = replace(subscription.chat, thread="")
            taken = frozenset(subscription.taken) & frozenset(subscription.topics)
            given[around] = given.get(around, NOWHERE) | taken
    return given


def begun_in(thread: Chat, around: Subscription) -> Subscription:
    """What holds in a thread that chose nothing yet: the hours, zone, language and looks of its chat, and no topic."""
    return replace(
        around,
        chat=thread,
        id=0,
        topics=(),
        muted=(),
        alerts=(),
        taken=(),
        subscribed=False,
        paused=False,
        paused_until=None,
        suspended_at=None,
        held="",
        next_due_at=None,
        last_digest_at=None,
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
