"""What a chat chose, in a few lines; and a topic switched on or off, which several menus do."""

from dataclasses import replace

from bot.domain.cities import city_of
from bot.domain.model import Subscription
from bot.domain.modes import mode_of, without_mode
from bot.domain.phrases import day_of, hour_of
from bot.domain.schedule import next_slot
from bot.domain.timewords import quiet_aloud, schedule_aloud
from bot.services.desk.visit import Choice, Replies, Visit


def summary_lines(visit: Visit) -> tuple[str, ...]:
    """« OTAN · Ukraine », « tous les jours à 8 h (Paris) », and when the next one comes or why none does."""
    return (topics_line(visit), schedule_line(visit), quiet_line(visit), next_line(visit))


def topics_line(visit: Visit) -> str:
    """What is followed, or that nothing is."""
    names = " · ".join(marked(visit, choice) for choice in visit.followed)
    return visit.say("topics.followed", names=names) if names else visit.say("topics.nothing")


def marked(visit: Visit, choice: Choice) -> str:
    """A followed topic with how it is read, where that is not in the digest: « 🔔 🌻 Ukraine »."""
    thread = f" {visit.say('modes.elsewhere')}" if choice.id in visit.around.elsewhere else ""
    return f"{mark_of(visit, choice)}{choice.label}{thread}"


def mark_of(visit: Visit, choice: Choice) -> str:
    """The sign before a topic that alerts or is muted, with a space behind it."""
    followed = choice.id in visit.settings.topics and choice.id not in visit.around.elsewhere
    return {"alert": "🔔 ", "muted": "🔇 "}.get(mode_of(visit.settings, choice.id), "") if followed else ""


def quiet_line(visit: Visit) -> str:
    """« 🌙 Calme de 22 h à 7 h : les alertes attendent. », "" where there are no quiet hours."""
    quiet = visit.settings.quiet
    return visit.say("quiet.line", span=quiet_aloud(quiet, visit.texts)) if quiet else ""


def schedule_line(visit: Visit) -> str:
    """« 🕗 Tous les jours à 8 h (Paris) »."""
    settings = visit.settings
    aloud = schedule_aloud(settings.times, settings.weekdays, visit.texts)
    return visit.say("schedule.line", when=aloud[:1].upper() + aloud[1:], city=city_of(settings.timezone))


def next_line(visit: Visit) -> str:
    """When the next digest comes, or why none does."""
    settings = visit.settings
    if not settings.subscribed:
        return visit.say("schedule.not_subscribed")
    if settings.paused:
        return paused_line(visit)
    slot = next_slot(settings, visit.now)
    if slot is None or not visit.followed:
        return ""
    day = day_of(slot.at, settings.timezone, visit.texts)
    return visit.say("schedule.next", day=day, hour=hour_of(slot.at, settings.timezone, visit.texts))


def paused_line(visit: Visit) -> str:
    """Until when it is paused."""
    until = visit.settings.paused_until
    if until is None:
        return visit.say("pause.on")
    zone = visit.settings.timezone
    return visit.say("pause.until", day=day_of(until, zone, visit.texts), hour=hour_of(until, zone, visit.texts))


async def switch(visit: Visit, topic: str, *, on: bool) -> Visit | Replies:
    """The visit after a topic was switched; or the answer, where that changes nothing."""
    choice = visit.choice(topic)
    if choice is None:
        return visit.answer("topics.gone")
    if (topic in visit.settings.topics) is on:
        return visit.answer("topics.already_on" if on else "topics.already_off", name=choice.name)

    def switched(settings: Subscription) -> Subscription:
        others = tuple(other for other in settings.topics if other != topic)
        if on:
            return replace(settings, topics=(*others, topic))
        return without_mode(replace(settings, topics=others), topic)

    return await visit.edit(switched)
