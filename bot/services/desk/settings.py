"""/settings: density, language, link previews, empty digests, sound."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.commands import fold
from bot.domain.model import Density, Subscription
from bot.domain.talk import Button, Reply
from bot.services.desk.less import restored, restoring_rows
from bot.services.desk.visit import Replies, Visit

_DENSITIES: dict[str, Density] = {"t": "titres", "s": "standard", "d": "détaillé"}
_LANGUAGES = {"fr": "Français", "en": "English"}
_WORDS = {
    "titres": ("d", "t"),
    "titles": ("d", "t"),
    "headlines": ("d", "t"),
    "standard": ("d", "s"),
    "detaille": ("d", "d"),
    "detailed": ("d", "d"),
    "fr": ("l", "fr"),
    "francais": ("l", "fr"),
    "french": ("l", "fr"),
    "en": ("l", "en"),
    "anglais": ("l", "en"),
    "english": ("l", "en"),
}
_SWITCHES = ("p", "e", "s")


async def settings(visit: Visit, argument: str) -> Replies:
    """The menu; or `titres`, `en`…, done."""
    words = fold(argument[:_LONGEST])
    if words not in _WORDS:
        return (settings_menu(visit),)
    kind, value = _WORDS[words]
    visit = await visit.edit(lambda stored: _changed(stored, kind, value))
    return (settings_menu(visit),)


_LONGEST = 20


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the menu."""
    match arguments:
        case []:
            return (settings_menu(visit),)
        case ["d", value] if value in _DENSITIES:
            pass
        case ["l", value] if value in _LANGUAGES:
            pass
        case [kind, "0" | "1"] if kind in _SWITCHES:
            pass
        case ["w", _] | ["v"]:
            return await _restored(visit, arguments[1] if len(arguments) > 1 else "")
        case _:
            return visit.answer("access.stale")
    kind, value = arguments
    if _changed(visit.settings, kind, value) == visit.settings:
        return visit.answer("settings.already")
    return (settings_menu(await visit.edit(lambda stored: _changed(stored, kind, value))),)


async def _restored(visit: Visit, key: str) -> Replies:
    """What was left out of digests by « Moins de … » comes back."""
    change = restored(visit, key)
    if change is None or change[0](visit.settings) == visit.settings:
        return visit.answer("settings.already")
    return (replace(settings_menu(await visit.edit(change[0])), toast=visit.say(change[1])),)


def _changed(stored: Subscription, kind: str, value: str) -> Subscription:
    match kind:
        case "d":
            return replace(stored, density=_DENSITIES[value])
        case "l":
            return replace(stored, language=value)
        case "p":
            return replace(stored, previews=value == "1")
        case "e":
            return replace(stored, tell_empty=value == "1")
        case _:
            return replace(stored, sound=value == "1")


def settings_menu(visit: Visit) -> Reply:
    """What is set; a button says what it would set."""
    chosen = visit.settings
    densities = [
        _choice(visit, visit.say(f"settings.density_{key}"), density == chosen.density, "d", key)
        for key, density in _DENSITIES.items()
    ]
    languages = [
        _choice(visit, name, language == chosen.language, "l", language) for language, name in _LANGUAGES.items()
    ]
    switches = (("p", chosen.previews), ("e", chosen.tell_empty), ("s", chosen.sound))
    rows = [(_choice(visit, visit.say(f"settings.switch_{key}"), on, key, int(not on)),) for key, on in switches]
    who = "" if visit.private else visit.say("settings.who")
    lines = (visit.say("settings.density"), visit.say("settings.empty"), who)
    buttons = (tuple(densities), tuple(languages), *rows, *restoring_rows(visit))
    return visit.reply(visit.say("settings.title"), *lines, buttons=buttons)


def _choice(visit: Visit, label: str, on: bool, *data: object) -> Button:  # noqa: FBT001 (whether it is what holds)
    return visit.button(f"{'✅' if on else '▫️'} {label}", "g", *data)
