"""/sources: which outlets are read for this chat, by country; each can be left out of its digests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.model import FeedState, Kind, Subscription
from bot.domain.talk import Reply
from bot.services.desk.start import rows
from bot.services.desk.visit import Replies, Visit

_NAMED = ("FR", "BE", "CH", "CA", "LU", "MC", "EU", "INT", "UA")
_ON_A_PAGE = 40
_LONGEST_LABEL = 30
_LETTER_A = 0x1F1E6  # of the alphabet that flags are written in


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet as listed. `id` is that of its first feed."""

    id: int
    name: str
    country: str
    kind: Kind
    failing: bool


async def sources(visit: Visit, argument: str) -> Replies:
    """The countries."""
    if argument:
        return (_countries(visit, await _outlets(visit), visit.say("sources.no_add")),)
    return (_countries(visit, await _outlets(visit)),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the list of countries or of outlets."""
    outlets = await _outlets(visit)
    match arguments:
        case []:
            return (_countries(visit, outlets),)
        case ["c", country, page] if page.isascii() and page.isdigit() and any(o.country == country for o in outlets):
            return (_country(visit, outlets, country, int(page[:3])),)
        case ["1" | "0" as on, number]:
            outlet = next((outlet for outlet in outlets if str(outlet.id) == number), None)
            return await _switch(visit, outlets, outlet, on=on == "1") if outlet else visit.answer("sources.gone")
        case _:
            return visit.answer("access.stale")


async def _switch(visit: Visit, outlets: Sequence[Outlet], outlet: Outlet, *, on: bool) -> Replies:
    off = visit.settings.without_outlets
    if (outlet.name not in off) is on:
        return visit.answer("sources.already")

    def switched(settings: Subscription) -> Subscription:
        others = tuple(name for name in settings.without_outlets if name != outlet.name)
        return replace(settings, without_outlets=others if on else (*others, outlet.name))

    visit = await visit.edit(switched)
    same = [other for other in outlets if other.country == outlet.country]
    return (_country(visit, outlets, outlet.country, same.index(outlet) // _ON_A_PAGE),)


async def _outlets(visit: Visit) -> tuple[Outlet, ...]:
    """Every outlet that is read, in the order of its name."""
    feeds: dict[str, list[FeedState]] = {}
    for state in await visit.office.store.feed_states():
        feeds.setdefault(state.feed.outlet, []).append(state)
    return tuple(
        Outlet(
            id=min(state.id for state in states),
            name=name,
            country=states[0].feed.country or "-",
            kind=states[0].feed.kind,
            failing=all(state.error or state.disabled for state in states),
        )
        for name, states in feeds.items()
    )


# --- screens ---------------------------------------------------------------------------------------------------------


def _countries(visit: Visit, outlets: Sequence[Outlet], note: str = "") -> Reply:
    off = visit.settings.without_outlets
    known = sorted({outlet.country for outlet in outlets}, key=_order)
    buttons = []
    for country in known:
        there = [outlet.name not in off for outlet in outlets if outlet.country == country]
        label = f"{_flag(country)} {_name(visit, country)} {sum(there)}/{len(there)}"
        buttons.append(visit.button(label.strip(), "o", "c", country, 0))
    counts = visit.say("sources.counts", n=sum(outlet.name not in off for outlet in outlets), all=len(outlets))
    lines = (note, counts if outlets else visit.say("sources.none"))
    return visit.reply(visit.say("sources.title"), *lines, buttons=rows(buttons, 2))


def _country(visit: Visit, outlets: Sequence[Outlet], country: str, page: int) -> Reply:
    off = visit.settings.without_outlets
    here = [outlet for outlet in outlets if outlet.country == country]
    pages = (len(here) - 1) // _ON_A_PAGE + 1
    page = min(page, pages - 1)
    shown = here[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
    buttons = [
        visit.button(_label(outlet, outlet.name not in off), "o", int(outlet.name in off), outlet.id)
        for outlet in shown
    ]
    turn = [visit.button(f"{number + 1}", "o", "c", country, number) for number in range(pages) if number != page]
    back = visit.button(visit.say("button.back_to_sources"), "o")
    marked = [o for o in shown if o.kind in {"state", "institution"}]
    kinds = [f"{outlet.name} ({visit.say(f'digest.{outlet.kind}')})" for outlet in marked]
    silent = [outlet.name for outlet in shown if outlet.failing]
    lines = (
        " · ".join(kinds),
        visit.say("sources.failing", names=", ".join(silent)) if silent else "",
        visit.say("sources.hint"),
    )
    title = f"{_flag(country)} {_name(visit, country)}".strip()
    return visit.reply(title, *lines, buttons=(*rows(buttons, 2), (*turn, back)))


def _label(outlet: Outlet, on: bool) -> str:  # noqa: FBT001 (whether it is read)
    name = outlet.name if len(outlet.name) <= _LONGEST_LABEL else f"{outlet.name[: _LONGEST_LABEL - 1]}…"
    return f"{'✅' if on else '▫️'} {name}" + (" ⚠️" if outlet.failing else "")


def _name(visit: Visit, country: str) -> str:
    if country == "-":
        return visit.say("country.other")
    return visit.say(f"country.{country}") if country in _NAMED else country


def _flag(country: str) -> str:
    if country == "INT":
        return "🌍"
    if len(country) != len("FR") or not country.isascii() or not country.isupper():
        return ""
    return "".join(chr(_LETTER_A + ord(letter) - ord("A")) for letter in country)


def _order(country: str) -> tuple[int, str]:
    return _NAMED.index(country) if country in _NAMED else len(_NAMED), country
