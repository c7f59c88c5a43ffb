"""/sources: which outlets are read for this chat, by country; each can be left out of its digests, a country too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.commands import fold
from bot.domain.health import is_stale
from bot.domain.model import FeedState, Kind, Subscription
from bot.domain.talk import Reply
from bot.services.desk import own_feeds
from bot.services.desk.start import rows
from bot.services.desk.visit import Replies, Visit

_NAMED = ("FR", "BE", "CH", "CA", "LU", "MC", "EU", "INT", "UA")
_VERBS = {
    **dict.fromkeys(("add", "ajouter", "ajoute", "+"), "add"),
    **dict.fromkeys(("remove", "delete", "retirer", "retire", "supprimer", "supprime"), "remove"),
    **dict.fromkeys(("on", "activer", "active", "remettre", "avec"), "on"),
    **dict.fromkeys(("off", "desactiver", "desactive", "sans", "couper", "-"), "off"),
}
_ADDRESS = re.compile(r"(?:https?|feed)://\S+$|(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?$", re.IGNORECASE)
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
    stale: bool  # it answers, with nothing new for three times as long as usual


async def sources(visit: Visit, argument: str) -> Replies:
    """The countries; or in one line: `add <url>`, `remove <feed>`, `on` and `off` with an outlet or a country."""
    first, _, rest = argument.strip().partition(" ")
    verb, rest = _VERBS.get(fold(first.rstrip(":")), ""), rest.strip()
    if verb == "add":
        return await (own_feeds.add(visit, rest) if rest else own_feeds.ask(visit))
    if verb == "remove":
        return await own_feeds.remove(visit, rest)
    if verb:
        return await _named(visit, rest, on=verb == "on")
    if _ADDRESS.match(argument.strip()):
        return await own_feeds.add(visit, argument.strip())
    outlets = await _outlets(visit)
    note = visit.say("sources.hint_line") if argument else ""
    return (_countries(visit, outlets, note),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the list of countries or of outlets."""
    outlets = await _outlets(visit)
    match arguments:
        case []:
            return (_countries(visit, outlets),)
        case ["c", country, page] if page.isascii() and page.isdigit() and any(o.country == country for o in outlets):
            return (_country(visit, outlets, country, int(page[:3])),)
        case ["a" | "z" as all_of, country] if any(o.country == country for o in outlets):
            changed = await _switched(visit, [o.name for o in outlets if o.country == country], on=all_of == "a")
            return (_country(changed, outlets, country, 0),)
        case ["n" | "l"] | ["y" | "x", _]:
            return await own_feeds.pressed(visit, arguments)
        case ["1" | "0" as on, number]:
            outlet = next((outlet for outlet in outlets if str(outlet.id) == number), None)
            return await _switch(visit, outlets, outlet, on=on == "1") if outlet else visit.answer("sources.gone")
        case _:
            return visit.answer("access.stale")


async def _switch(visit: Visit, outlets: Sequence[Outlet], outlet: Outlet, *, on: bool) -> Replies:
    off = visit.settings.without_outlets
    if (outlet.name not in off) is on:
        return visit.answer("sources.already")

    visit = await _switched(visit, [outlet.name], on=on)
    same = [other for other in outlets if other.country == outlet.country]
    return (_country(visit, outlets, outlet.country, same.index(outlet) // _ON_A_PAGE),)


async def _switched(visit: Visit, names: Sequence[str], *, on: bool) -> Visit:
    """The visit once these outlets are read, or are not."""

    def switched(settings: Subscription) -> Subscription:
        others = tuple(name for name in settings.without_outlets if name not in names)
        return replace(settings, without_outlets=others if on else (*others, *names))

    return await visit.edit(switched)


async def _named(visit: Visit, words: str, *, on: bool) -> Replies:
    """Switch an outlet or a country as people call it."""
    outlets = await _outlets(visit)
    wanted = fold(words)
    countries = {o.country for o in outlets if wanted in {fold(o.country), fold(_name(visit, o.country))}}
    named = [o for o in outlets if o.country in countries] or [o for o in outlets if fold(o.name) == wanted]
    named = named or [o for o in outlets if wanted and fold(o.name).startswith(wanted)]
    if not named or len({o.country for o in named}) > 1:
        return (_countries(visit, outlets, visit.say("sources.unknown", name=words[:_LONGEST_LABEL])),)
    visit = await _switched(visit, [outlet.name for outlet in named], on=on)
    same = [other for other in outlets if other.country == named[0].country]
    return (_country(visit, outlets, named[0].country, same.index(named[0]) // _ON_A_PAGE),)


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
            stale=all(is_stale(state, visit.now) for state in states),
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
    own = (visit.button(visit.say("button.own_feeds"), "o", "l"),)
    return visit.reply(visit.say("sources.title"), *lines, buttons=(*rows(buttons, 2), own))


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
    everything = (
        visit.button(visit.say("button.all_on"), "o", "a", country),
        visit.button(visit.say("button.all_off"), "o", "z", country),
    )
    turn = [visit.button(f"{number + 1}", "o", "c", country, number) for number in range(pages) if number != page]
    back = visit.button(visit.say("button.back_to_sources"), "o")
    marked = [o for o in shown if o.kind in {"state", "institution"}]
    kinds = [f"{outlet.name} ({visit.say(f'digest.{outlet.kind}')})" for outlet in marked]
    silent = [outlet.name for outlet in shown if outlet.failing]
    stale = [outlet.name for outlet in shown if outlet.stale]
    lines = (
        " · ".join(kinds),
        visit.say("sources.stale", names=", ".join(stale)) if stale else "",
        visit.say("sources.failing", names=", ".join(silent)) if silent else "",
        visit.say("sources.hint"),
    )
    title = f"{_flag(country)} {_name(visit, country)}".strip()
    return visit.reply(title, *lines, buttons=(*rows(buttons, 2), everything, (*turn, back)))


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
