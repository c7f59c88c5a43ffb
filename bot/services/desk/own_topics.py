"""Topics that a chat writes itself: added, renamed, edited and deleted, by dialogue or in one line."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.chats import OwnTopic
from bot.domain.errors import RuleError
from bot.domain.rulelang import read_aloud
from bot.domain.talk import Reply
from bot.services.desk.digests import unknown_topic
from bot.services.desk.drafts import (
    Draft,
    back_row,
    choose,
    cut,
    decide,
    name_problem,
    propose,
    propose_text,
    read_rule,
)
from bot.services.desk.start import cancel_row, rows
from bot.services.desk.visit import Choice, Replies, Visit


async def in_one_line(visit: Visit, verb: str, words: str) -> Replies:
    """`add drones: drone*`, `rename drones: engins`, `edit drones: …`, `delete drones`."""
    if verb == "add":
        return await (propose_text(visit, words) if words else _ask(visit, "new", "rule.ask"))
    name, _, new = (part.strip() for part in words.partition(":"))
    choice = visit.named(name) if name else None
    if choice is None:
        return unknown_topic(visit, name) if name else (list_screen(visit),)
    if not choice.rule:
        return visit.answer("topics.not_own", name=choice.name)
    if verb == "delete":
        return (_delete_screen(visit, choice),)
    if not new:
        return await _ask_about(visit, verb, choice)
    return await (_rename(visit, choice, new) if verb == "rename" else propose(visit, _changed(choice, new)))


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press under one's own topics."""
    match arguments:
        case ["n"]:
            return await _ask(visit, "new", "rule.ask")
        case ["l"]:
            return (list_screen(visit),)
        case ["y" | "w" as what, stamp]:
            return await decide(visit, stamp, save=what == "y")
        case ["v", stamp, number]:
            return await choose(visit, stamp, number)
        case [what, topic] if (choice := visit.choice(topic)) and choice.rule:
            return await _about(visit, what, choice)
        case _:
            return visit.answer("topics.gone")


async def _about(visit: Visit, what: str, choice: Choice) -> Replies:
    match what:
        case "o":
            return (_one_screen(visit, choice),)
        case "r" | "e":
            return await _ask_about(visit, "rename" if what == "r" else "edit", choice)
        case "d":
            return (_delete_screen(visit, choice),)
        case "D":
            return await _delete(visit, choice)
        case _:
            return visit.answer("access.stale")


# --- questions and their answers ---------------------------------------------------------------------------------


async def _ask(visit: Visit, step: str, key: str, payload: str = "", **values: object) -> Replies:
    visit = await visit.remember()
    await visit.wait_for(step, payload)
    return (visit.reply("", visit.say(key, **values), visit.answer_here, buttons=cancel_row(visit)),)


async def _ask_about(visit: Visit, verb: str, choice: Choice) -> Replies:
    key = "rule.ask_name" if verb == "rename" else "rule.ask_rule"
    return await _ask(visit, verb, key, choice.id, name=choice.name, rule=cut(choice.rule))


async def said_new(visit: Visit, text: str, _: str) -> Replies:
    """A new topic as typed after the question."""
    return await propose_text(visit, text)


async def said_rule(visit: Visit, text: str, topic: str) -> Replies:
    """Another rule for a topic."""
    choice = visit.choice(topic)
    return await propose(visit, _changed(choice, text)) if choice else visit.answer("topics.gone")


async def said_name(visit: Visit, text: str, topic: str) -> Replies:
    """Another name for a topic."""
    choice = visit.choice(topic)
    return await _rename(visit, choice, text) if choice else visit.answer("topics.gone")


async def _rename(visit: Visit, choice: Choice, name: str) -> Replies:
    name = " ".join(name.split())
    problem = name_problem(visit, name, choice.id)
    if problem:
        return (visit.reply("", problem),)
    await visit.wait_no_more()
    if not await visit.office.store.change_own_topic(visit.place.chat, OwnTopic(choice.id, name, choice.rule)):
        return visit.answer("topics.gone")
    return (visit.reply("", visit.say("rule.renamed", old=choice.name, new=name), buttons=back_row(visit)),)


async def _delete(visit: Visit, choice: Choice) -> Replies:
    if not await visit.office.store.drop_own_topic(visit.place.chat, choice.id):
        return visit.answer("topics.gone")
    visit = replace(visit, own=tuple(other for other in visit.own if other.id != choice.id))
    return (visit.reply("", visit.say("rule.deleted", name=choice.name), buttons=back_row(visit)),)


# --- screens ---------------------------------------------------------------------------------------------------------


def list_screen(visit: Visit) -> Reply:
    """The chat's own topics."""
    buttons = [visit.button(choice.name, "t", "o", choice.id) for choice in visit.own]
    hint = visit.say("rule.pick") if visit.own else visit.say("rule.none")
    new = visit.button(visit.say("button.new_topic"), "t", "n")
    return visit.reply(visit.say("rule.title"), hint, buttons=(*rows(buttons, 2), (new, *back_row(visit)[0])))


def _one_screen(visit: Visit, choice: Choice) -> Reply:
    rule = read_rule(choice.rule)
    language = visit.settings.language
    if isinstance(rule, RuleError):
        meaning = rule.line(language)
    else:
        meaning = visit.say("rule.means", aloud=read_aloud(rule, language))
    buttons = (
        (
            visit.button(visit.say("button.rename"), "t", "r", choice.id),
            visit.button(visit.say("button.edit"), "t", "e", choice.id),
        ),
        (visit.button(visit.say("button.delete"), "t", "d", choice.id), *back_row(visit)[0]),
    )
    return visit.reply(choice.name, visit.say("rule.rule", rule=choice.rule), meaning, buttons=buttons)


def _delete_screen(visit: Visit, choice: Choice) -> Reply:
    sure = (visit.button(visit.say("button.delete"), "t", "D", choice.id), *back_row(visit)[0])
    return visit.reply("", visit.say("rule.delete", name=choice.name), buttons=(sure,))


def _changed(choice: Choice, rule: str) -> Draft:
    return Draft(choice.name, rule.strip(), choice.id)
