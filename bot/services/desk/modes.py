"""/schedule, topic by topic: in the digest, told at once, muted, or left to a thread of its own."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.commands import fold
from bot.domain.model import Mode, Subscription
from bot.domain.modes import mode_of, with_mode
from bot.domain.talk import Button, Reply
from bot.services.desk.digests import topics_named, unknown_topic
from bot.services.desk.start import LONGEST_ID, rows
from bot.services.desk.summary import marked
from bot.services.desk.visit import Choice, Replies, Rows, Visit

MODES: dict[str, Mode] = {"d": "digest", "a": "alert", "m": "muted"}
_WORDS = {
    "alert": "alerte alertes alert alerts alerter immediat immediate immediately instant direct",
    "muted": "muet muette muets mute muted sourdine",
    "digest": "digest revue normal normale",
    "thread": "fil thread",
}
_MODE = {word: mode for mode, words in _WORDS.items() for word in words.split()}
_BETWEEN = "en dans in on son its own le la the a as : = → , -"  # what may stand between a topic and its mode
_FILLING = frozenset(_BETWEEN.split())
_SHOWN = 12  # topics of one line


def read_mode(text: str) -> tuple[str, str]:
    """The mode and the topics of a line such as « ukraine alerte » or « mute otan »; "" where it names no mode."""
    words = text.split()
    if len(words) < 2:  # noqa: PLR2004 (a topic and a mode)
        return "", ""
    for mode, rest in ((words[-1], words[:-1]), (words[0], words[1:])):
        found = _MODE.get(fold(mode.strip(" :,.")), "")
        if found:
            return found, _plain(rest)
    return "", ""


def _plain(words: list[str]) -> str:
    """Topics without what stands between them and their mode: « ukraine : en », « otan dans son »."""
    kept = [*words]
    while kept and fold(kept[-1]) in _FILLING:
        kept.pop()
    while kept and fold(kept[0]) in _FILLING:
        kept.pop(0)
    return " ".join(kept).strip(" :,")


async def in_one_line(visit: Visit, mode: str, names: str) -> Replies:
    """What a line asks for, done; a topic that alerts or is in the digest is followed by that."""
    found = topics_named(visit, names)
    if isinstance(found, str):
        return unknown_topic(visit, found)
    if mode == "thread":
        return (_thread_screen(visit, found[0]),)
    off = next((choice for choice in found if mode == "muted" and choice.id not in visit.settings.topics), None)
    if off:
        return visit.answer("topics.already_off", name=off.name)
    for choice in found[:_SHOWN]:
        visit = await _set(visit, choice, next(known for known in MODES.values() if known == mode))
    return (modes_menu(visit),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the list of topics, or in the menu of one."""
    match arguments:
        case []:
            return (modes_menu(visit),)
        case [topic, *what] if (choice := visit.choice(topic)) and topic in visit.settings.topics:
            return await _about(visit, choice, what)
        case [_] | [_, _]:
            return visit.answer("topics.gone")
        case _:
            return visit.answer("access.stale")


async def _about(visit: Visit, choice: Choice, what: Sequence[str]) -> Replies:
    match what:
        case []:
            return (_one_screen(visit, choice),)
        case ["t"] if _has_threads(visit):
            return (_thread_screen(visit, choice),)
        case [key] if key in MODES:
            if mode_of(visit.settings, choice.id) == MODES[key]:
                return visit.answer("settings.already")
            return (modes_menu(await _set(visit, choice, MODES[key])),)
        case _:
            return visit.answer("access.stale")


async def _set(visit: Visit, choice: Choice, mode: Mode) -> Visit:
    def changed(settings: Subscription) -> Subscription:
        topics = dict.fromkeys((*settings.topics, choice.id))
        return with_mode(replace(settings, topics=tuple(topics)), choice.id, mode, visit.now)

    return await visit.edit(changed)


# --- screens ---------------------------------------------------------------------------------------------------------


def modes_menu(visit: Visit) -> Reply:
    """Every topic followed, with how it is read; a press opens the menu of one."""
    buttons = [
        visit.button(marked(visit, choice), "h", "m", choice.id)
        for choice in visit.followed
        if len(choice.id) <= LONGEST_ID
    ]
    title = visit.say("modes.title")
    lines = (visit.say("modes.what"), visit.say("modes.hint")) if buttons else (visit.say("topics.nothing"),)
    return visit.reply(title, *lines, buttons=(*rows(buttons, 2), *_back(visit)))


def _one_screen(visit: Visit, choice: Choice) -> Reply:
    if choice.id in visit.around.elsewhere:
        return visit.reply(choice.label, visit.say("modes.is_elsewhere", name=choice.name), buttons=_up(visit))
    mode = mode_of(visit.settings, choice.id)
    known = [(visit.say(f"modes.button_{key}"), key, mode == MODES[key]) for key in MODES]
    buttons: list[Button] = [
        visit.button(f"{'✅' if on else '▫️'} {label}", "h", "m", choice.id, key) for label, key, on in known
    ]
    if _has_threads(visit):
        buttons.append(visit.button(visit.say("modes.button_t"), "h", "m", choice.id, "t"))
    lines = (visit.say("modes.alert_what"), "" if visit.subscribed else visit.say("schedule.not_subscribed"))
    return visit.reply(choice.label, *lines, buttons=(*rows(buttons, 2), *_up(visit)))


def _thread_screen(visit: Visit, choice: Choice) -> Reply:
    """How a topic comes to a thread: it is said there, since only a message tells us which thread is meant."""
    if not _has_threads(visit):
        return visit.reply(choice.label, visit.say("modes.no_threads"), buttons=_up(visit))
    return visit.reply(choice.label, visit.say("modes.how_thread", name=choice.name), buttons=_up(visit))


def _has_threads(visit: Visit) -> bool:
    return visit.place.kind == "supergroup"


def _up(visit: Visit) -> Rows:
    return ((visit.button(visit.say("button.back_to_modes"), "h", "m"),),)


def _back(visit: Visit) -> Rows:
    return ((visit.button(visit.say("button.back_to_schedule"), "h"),),)
