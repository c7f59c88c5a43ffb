"""What a chat chose, in a few lines; and a topic switched on or off, which several menus do."""

from dataclasses import replace

from bot.domain.cities import city_of
from bot.domain.model import Subscription
from bot.domain.phrases import day_of, hour_of
from bot.domain.schedule import next_slot
from bot.domain.timewords import schedule_aloud
from bot.services.desk.visit import Replies, Visit


def summary_lines(visit: Visit) -> tuple[str, ...]:
    """« OTAN · Ukraine », « tous les jours à 8 h (Paris) », and when the next one comes or why none does."""
    return (topics_line(visit), schedule_line(visit), next_line(visit))


def topics_line(visit: Visit) -> str:
    """What is followed, or that nothing is."""
    names = " · ".join(choice.label for choice in visit.followed)
    return visit.say("topics.followed", names=names) if names else visit.say("topics.nothing")


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
        return replace(settings, topics=(*others, topic) if on else others)

    return await visit.edit(switched)
