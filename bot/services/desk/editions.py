"""Presses under a digest and under what hangs on it: to see (« s », for everybody) or to change something (« l »)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.editions import Edition
from bot.services.desk import stories, why
from bot.services.desk.less import change_of
from bot.services.desk.visit import Replies, Visit

_DIGITS = 4  # of a number


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press that shows something."""
    edition = await _edition(visit, arguments)
    if edition is None:
        return visit.answer("edition.gone")
    what, *given = arguments[1:] or [""]
    numbers = [number for number in map(_number, given) if number is not None]
    if len(numbers) < len(given):
        return visit.answer("access.stale")
    return await _shown(visit, edition, what, numbers)


async def _shown(visit: Visit, edition: Edition, what: str, numbers: Sequence[int]) -> Replies:
    match what, numbers:
        case "m", []:
            return await stories.listed(visit, edition, 1, fresh=True)
        case "p" | "v", [page]:
            return await stories.listed(visit, edition, page, why=what == "v")
        case "w", [number] | [number, _]:
            return await why.story(visit, edition, number, *numbers[1:])
        case "o", [number]:
            return await stories.story(visit, edition, number)
        case _, [] if (alone := _number(what)) is not None:
            return await stories.story(visit, edition, alone, fresh=True)
        case _:
            return visit.answer("access.stale")


async def changed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press that leaves something out, or lets it in again."""
    edition = await _edition(visit, arguments)
    number = _number(arguments[1]) if len(arguments) > 1 else None
    if edition is None or number is None:
        return visit.answer("edition.gone")
    told = await stories.told_in(visit, edition, number)
    change = change_of(visit, edition, number, told, arguments[2:]) if told else None
    if change is None:
        return visit.answer("access.stale")
    edit, said = change
    if edit(visit.settings) == visit.settings and visit.subscription:
        return visit.answer("settings.already")
    visit = await visit.edit(edit)
    return tuple(replace(reply, toast=visit.say(said)) for reply in await stories.story(visit, edition, number))


async def _edition(visit: Visit, arguments: Sequence[str]) -> Edition | None:
    return await visit.office.store.edition(visit.place.chat, arguments[0]) if arguments else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
