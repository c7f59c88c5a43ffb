"""/start: topics → time and place → a first digest at once. Three taps for who takes what is offered."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cities import OFFERED, city_of
from bot.domain.model import Subscription
from bot.domain.phrases import hour_of
from bot.domain.talk import Button, Reply
from bot.domain.timewords import time_aloud
from bot.domain.zones import is_zone
from bot.services.desk import digests
from bot.services.desk.summary import mark_of, summary_lines, switch
from bot.services.desk.visit import Replies, Rows, Visit

HOURS = (6, 7, 8, 9, 12, 13, 18, 19, 20, 21)
LONGEST_ID = 40  # of a topic: longer ones are switched by /topics on
_A_DAY = 24 * 60
_PREFIX = "t_"


async def start(visit: Visit, argument: str) -> Replies:
    """The first question, or what is set already."""
    if not await visit.may_set():
        return (visit.reply("", visit.say("start.member")),)
    # The local chat follows the examples before anybody spoke in it: its questions are still to be asked.
    if visit.subscribed and visit.known:
        return (await overview(visit),)
    wanted = _preselected(visit, argument)
    shipped = tuple(topic.id for topic in visit.office.topics)
    first = tuple(topic for topic in visit.office.first_topics if topic in shipped)

    def draft(settings: Subscription) -> Subscription:
        return replace(settings, topics=wanted or settings.topics or first, subscribed=False)

    return (await topics_screen(await visit.edit(draft)),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the questions of /start."""
    match arguments:
        case []:
            return await start(visit, "")
        case ["1" | "0" as on, topic]:
            return await _switched(visit, topic, on=on == "1")
        case ["go"]:
            return (places_screen(visit),) if visit.followed else visit.answer("start.none")
        case ["c"]:
            await visit.wait_for("city", "b")
            return (visit.reply("", visit.say("schedule.ask_city"), visit.answer_here, buttons=cancel_row(visit)),)
        case [kind, chosen]:
            return await _chosen(visit, kind, chosen)
        case _:
            return visit.answer("access.stale")


async def _chosen(visit: Visit, kind: str, chosen: str) -> Replies:
    if kind == "z" and is_zone(chosen):
        return (hours_screen(await visit.edit(lambda s: replace(s, timezone=chosen))),)
    if kind == "h" and is_minutes(chosen):
        return await _subscribed(visit, int(chosen))
    return visit.answer("access.stale")


def is_minutes(text: str) -> bool:
    """Whether this is a time of day as it stands in a button."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(_A_DAY)) and int(text) < _A_DAY


async def _switched(visit: Visit, topic: str, *, on: bool) -> Replies:
    changed = await switch(visit, topic, on=on)
    return (await topics_screen(changed),) if isinstance(changed, Visit) else changed


async def _subscribed(visit: Visit, minutes: int) -> Replies:
    if not visit.followed:
        return visit.answer("start.none")
    if visit.subscribed and visit.settings.times == (minutes,):
        return visit.answer("start.already")
    first = not visit.subscribed
    done = await visit.edit(lambda s: replace(s, times=(minutes,), subscribed=True, paused=False, paused_until=None))
    title = done.say("start.done")
    follows = done.say("start.change") if first else ""
    menu = done.reply(title, *summary_lines(done), follows, buttons=overview_buttons(done))
    return (menu, await digests.sample(done)) if first else (menu,)


# --- screens ---------------------------------------------------------------------------------------------------------


async def topics_screen(visit: Visit) -> Reply:
    """Which topics? Every one is a button, marked where it is on."""
    buttons = (
        *topic_rows(visit, "b"),
        (visit.button(visit.say("button.go"), "b", "go"),),
        *await _channel_rows(visit),
    )
    title, lines = visit.say("start.hello"), (visit.say("start.what"), visit.say("start.choose"))
    return visit.reply(title, *lines, buttons=buttons)


def places_screen(visit: Visit) -> Reply:
    """« Il est 14 h 12 à Paris. Chez vous ? »."""
    zone = visit.settings.timezone
    question = visit.say("start.where", hour=hour_of(visit.now, zone, visit.texts), city=city_of(zone))
    return visit.reply("", question, buttons=city_rows(visit, "b"))


def hours_screen(visit: Visit) -> Reply:
    """« À quelle heure ? »."""
    zone = visit.settings.timezone
    here = visit.say("start.here", hour=hour_of(visit.now, zone, visit.texts), city=city_of(zone))
    labels = [visit.button(time_aloud(hour * 60, visit.texts), "b", "h", hour * 60) for hour in HOURS]
    return visit.reply("", here, visit.say("start.when"), buttons=rows(labels, 4))


async def overview(visit: Visit) -> Reply:
    """What is set, with the menus to change it."""
    buttons = (*overview_buttons(visit), *await _channel_rows(visit))
    return visit.reply(visit.say("start.title"), *summary_lines(visit), buttons=buttons)


def overview_buttons(visit: Visit) -> Rows:
    """The menus."""
    return (
        (visit.button(visit.say("button.topics"), "t"), visit.button(visit.say("button.schedule"), "h")),
        (visit.button(visit.say("button.settings"), "g"), visit.button(visit.say("button.sources"), "o")),
        (visit.button(visit.say("button.digest"), "d"),),
    )


def topic_rows(visit: Visit, prefix: str) -> Rows:
    """Every topic as a switch. A button says what it does, so that two presses do it once."""
    on = {choice.id for choice in visit.followed}
    buttons = [
        visit.button(
            f"{'✅' if choice.id in on else '▫️'} {mark_of(visit, choice)}{choice.label}",
            prefix,
            int(choice.id not in on),
            choice.id,
        )
        for choice in visit.choices
        if len(choice.id) <= LONGEST_ID
    ]
    return rows(buttons, 2)


def city_rows(visit: Visit, prefix: str) -> Rows:
    """The cities that are offered, and another."""
    cities = [visit.button(city, prefix, "z", zone) for city, zone in OFFERED.items()]
    return (*rows(cities, 2), (visit.button(visit.say("button.other_city"), prefix, "c"),))


def cancel_row(visit: Visit) -> Rows:
    """Under a question."""
    return ((visit.button(visit.say("button.cancel"), "x"),),)


def rows(buttons: Sequence[Button], width: int) -> Rows:
    """Buttons in rows of so many."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


async def _channel_rows(visit: Visit) -> Rows:
    """The sender's channels, to be configured from here."""
    if not visit.private or visit.steered:
        return ()
    channels = await visit.office.store.channels_of(visit.place.chat.platform, visit.sender.id)
    return tuple(
        (Button(f"📣 {channel.title or channel.chat.id}"[:_TITLE], f"b@{channel.id}"),) for channel in channels
    )


_TITLE = 40


def _preselected(visit: Visit, argument: str) -> tuple[str, ...]:
    """The shipped topics that a deep link names: « t_ukraine_otan »."""
    if not argument.startswith(_PREFIX):
        return ()
    shipped = {topic.id.lower(): topic.id for topic in visit.office.topics}
    named = argument[len(_PREFIX) :].lower().split("_")
    return tuple(dict.fromkeys(shipped[name] for name in named if name in shipped))
