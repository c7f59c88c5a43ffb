"""/schedule: when digests come, by a line or by buttons, and in which time zone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.domain.cities import city_of, likely_zones, zone_of
from bot.domain.model import Subscription
from bot.domain.phrases import hour_of
from bot.domain.talk import Button, Reply
from bot.domain.timewords import (
    EVERY_DAY,
    LONGEST,
    MOST_TIMES,
    WEEKEND,
    WORKDAYS,
    Misread,
    Timing,
    read_quiet,
    read_schedule,
    time_aloud,
)
from bot.domain.zones import is_zone
from bot.services.desk import modes, quiet
from bot.services.desk.digests import topics_named
from bot.services.desk.modes import read_mode
from bot.services.desk.start import HOURS, cancel_row, city_rows, hours_screen, is_minutes, rows
from bot.services.desk.summary import summary_lines
from bot.services.desk.visit import Replies, Rows, Visit

_WHOLE = {"all": EVERY_DAY, "work": WORKDAYS, "end": WEEKEND}
_MENUS: dict[str, Callable[[Visit, Sequence[str]], Awaitable[Replies]]] = {"m": modes.pressed, "q": quiet.pressed}
_SHOWN = 40


async def schedule(visit: Visit, argument: str) -> Replies:
    """The menu; or what a line asks for, done."""
    if not argument:
        return (schedule_menu(visit),)
    mode, names = read_mode(argument[:LONGEST])
    if mode and (not isinstance(topics_named(visit, names), str) or not _is_time(names)):
        await visit.wait_no_more()
        return await modes.in_one_line(visit, mode, names)
    span, rest = read_quiet(argument)
    if span is None:
        return await _planned(visit, argument)
    changed = await quiet.set_quiet(visit, span)
    if not isinstance(changed, Visit):
        return changed
    await visit.wait_no_more()
    return await _planned(changed, rest) if rest else (schedule_menu(changed),)


def _is_time(words: str) -> bool:
    timing = read_schedule(words)
    return isinstance(timing, Timing) and bool(timing.times or timing.weekdays)


async def _planned(visit: Visit, argument: str) -> Replies:
    """Hours, days and place as a line says them."""
    timing = read_schedule(argument)
    if isinstance(timing, Misread):
        return (_misread(visit, timing),)
    zone = zone_of(timing.place) if timing.place else visit.settings.timezone
    if not zone:
        return (await _unknown_place(visit, timing.place, "h"),)
    await visit.wait_no_more()
    changed = await visit.edit(lambda settings: _timed(settings, timing, zone))
    return (schedule_menu(changed),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the menu."""
    match arguments:
        case []:
            return (schedule_menu(visit),)
        case ["t", "1" | "0" as on, minutes] if is_minutes(minutes):
            return await _time(visit, int(minutes), on=on == "1")
        case ["d", "1" | "0" as on, ("0" | "1" | "2" | "3" | "4" | "5" | "6") as day]:
            return await _day(visit, int(day), on=on == "1")
        case ["D", which] if which in _WHOLE:
            return await _days(visit, _WHOLE[which])
        case [menu, *rest] if menu in _MENUS:
            return await _MENUS[menu](visit, rest)
        case _:
            return await _pressed_words(visit, arguments)


async def _pressed_words(visit: Visit, arguments: Sequence[str]) -> Replies:
    match arguments:
        case ["z"]:
            return (visit.reply("", visit.say("schedule.ask_zone"), buttons=city_rows(visit, "h")),)
        case ["z", zone] if is_zone(zone):
            return (schedule_menu(await visit.edit(lambda s: replace(s, timezone=zone))),)
        case ["c"]:
            await visit.wait_for("city", "h")
            return (visit.reply("", visit.say("schedule.ask_city"), visit.answer_here, buttons=cancel_row(visit)),)
        case ["w"]:
            await visit.wait_for("hours")
            return (visit.reply("", visit.say("schedule.ask_hours"), visit.answer_here, buttons=cancel_row(visit)),)
        case _:
            return visit.answer("access.stale")


async def said_hours(visit: Visit, text: str, _: str) -> Replies:
    """Times as typed after the question; the question stays open where they are not understood."""
    return await schedule(visit, text or "?")


async def said_city(visit: Visit, text: str, menu: str) -> Replies:
    """A city as typed after the question; `menu` says which questions go on after it."""
    zone = zone_of(text)
    if not zone:
        return (await _unknown_place(visit, text, menu),)
    await visit.wait_no_more()
    visit = await visit.edit(lambda s: replace(s, timezone=zone))
    return (hours_screen(visit) if menu == "b" else schedule_menu(visit),)


# --- changes ---------------------------------------------------------------------------------------------------------


def _timed(settings: Subscription, timing: Timing, zone: str) -> Subscription:
    times, weekdays = timing.times or settings.times, timing.weekdays or settings.weekdays
    return replace(settings, times=times, weekdays=weekdays, timezone=zone)


async def _time(visit: Visit, minutes: int, *, on: bool) -> Replies:
    times = set(visit.settings.times)
    if (minutes in times) is on:
        return visit.answer("schedule.already")
    if not on and len(times) == 1:
        return visit.answer("schedule.last_time")
    if on and len(times) >= MOST_TIMES:
        return visit.answer("schedule.many", words=MOST_TIMES)
    chosen = tuple(sorted(times | {minutes} if on else times - {minutes}))
    return (schedule_menu(await visit.edit(lambda s: replace(s, times=chosen))),)


async def _day(visit: Visit, day: int, *, on: bool) -> Replies:
    days = set(visit.settings.weekdays)
    if (day in days) is on:
        return visit.answer("schedule.already")
    return await _days(visit, tuple(sorted(days | {day} if on else days - {day})))


async def _days(visit: Visit, days: tuple[int, ...]) -> Replies:
    if not days:
        return visit.answer("schedule.last_day")
    if days == visit.settings.weekdays:
        return visit.answer("schedule.already")
    return (schedule_menu(await visit.edit(lambda s: replace(s, weekdays=days))),)


# --- screens ---------------------------------------------------------------------------------------------------------


def schedule_menu(visit: Visit) -> Reply:
    """Hours and days as switches, the zone, and the way to type it."""
    zone = visit.settings.timezone
    here = visit.say("start.here", hour=hour_of(visit.now, zone, visit.texts), city=city_of(zone))
    buttons = (
        *rows([_time_button(visit, minutes) for minutes in _offered(visit)], 4),
        *_day_rows(visit),
        (
            visit.button(visit.say("button.zone", city=city_of(zone)), "h", "z"),
            visit.button(visit.say("button.other_hour"), "h", "w"),
        ),
        (
            visit.button(visit.say("button.modes"), "h", "m"),
            visit.button(visit.say("button.quiet"), "h", "q"),
        ),
    )
    lines = (*summary_lines(visit), here, visit.say("schedule.hint"))
    return visit.reply(visit.say("schedule.title"), *lines, buttons=buttons)


def _offered(visit: Visit) -> list[int]:
    return sorted({hour * 60 for hour in HOURS} | set(visit.settings.times))


def _time_button(visit: Visit, minutes: int) -> Button:
    on = minutes in visit.settings.times
    return visit.button(f"{'✅ ' if on else ''}{time_aloud(minutes, visit.texts)}", "h", "t", int(not on), minutes)


def _day_rows(visit: Visit) -> Rows:
    on = visit.settings.weekdays
    days = [
        visit.button(
            f"{'✅' if day in on else '▫️'} {visit.say(f'when.short_{day}')}", "h", "d", int(day not in on), day
        )
        for day in EVERY_DAY
    ]
    whole = [visit.button(visit.say(f"button.days_{which}"), "h", "D", which) for which in _WHOLE]
    return (*rows(days, 4), tuple(whole))


def _misread(visit: Visit, problem: Misread) -> Reply:
    words = problem.words if len(problem.words) <= _SHOWN else f"{problem.words[: _SHOWN - 1]}…"
    return visit.reply("", visit.say(f"schedule.{problem.reason}", words=words), visit.say("schedule.examples"))


async def _unknown_place(visit: Visit, place: str, menu: str) -> Reply:
    shown = place if len(place) <= _SHOWN else f"{place[: _SHOWN - 1]}…"
    near = await asyncio.to_thread(likely_zones, place)  # compares with all zones there are
    buttons = rows([visit.button(city_of(zone), menu, "z", zone) for zone in near], 2)
    meant = visit.say("schedule.meant") if near else visit.say("schedule.examples")
    return visit.reply("", visit.say("schedule.unknown_place", words=shown), meant, buttons=buttons)
