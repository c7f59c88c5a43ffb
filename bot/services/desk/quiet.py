"""/schedule, quiet hours: when alerts wait. Digests asked for at an hour come at that hour all the same."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.talk import Reply
from bot.domain.timewords import Misread, Quiet, quiet_aloud
from bot.services.desk.start import is_minutes, rows
from bot.services.desk.summary import quiet_line
from bot.services.desk.visit import Replies, Visit

_OFFERED: tuple[Quiet, ...] = ((21 * 60, 7 * 60), (22 * 60, 7 * 60), (22 * 60, 8 * 60), (23 * 60, 7 * 60))


async def set_quiet(visit: Visit, quiet: Quiet | Misread) -> Visit | Replies:
    """The visit after quiet hours were set in words; or what was not understood."""
    if isinstance(quiet, Misread):
        return (quiet_menu(visit, problem=bool(quiet.words)),)
    return await visit.edit(lambda settings: replace(settings, quiet=quiet))


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the menu."""
    match arguments:
        case []:
            return (quiet_menu(visit),)
        case ["0"]:
            wanted: Quiet = ()
        case [begin, end] if is_minutes(begin) and is_minutes(end) and int(begin) != int(end):
            wanted = (int(begin), int(end))
        case _:
            return visit.answer("access.stale")
    if wanted == visit.settings.quiet:
        return visit.answer("schedule.already")
    return (quiet_menu(await visit.edit(lambda settings: replace(settings, quiet=wanted))),)


def quiet_menu(visit: Visit, *, problem: bool = False) -> Reply:
    """What is set, the usual nights, and the way to type others."""
    chosen = visit.settings.quiet
    offered = sorted({*_OFFERED, chosen} - {()})
    spans = [
        visit.button(f"{'✅' if span == chosen else '▫️'} {quiet_aloud(span, visit.texts)}", "h", "q", *span)
        for span in offered
    ]
    never = visit.button(f"{'▫️' if chosen else '✅'} {visit.say('quiet.never')}", "h", "q", 0)
    back = visit.button(visit.say("button.back_to_schedule"), "h")
    unclear = visit.say("quiet.unclear") if problem else ""
    lines = (unclear, quiet_line(visit) or visit.say("quiet.none"), visit.say("quiet.what"), visit.say("quiet.hint"))
    return visit.reply(visit.say("quiet.title"), *lines, buttons=(*rows(spans, 2), (never,), (back,)))
