"""/topics: what a chat follows, on and off by a tap or a line. Its own topics: see own_topics.py."""

import re
from collections.abc import Sequence

from bot.domain.commands import fold
from bot.domain.talk import Reply
from bot.services.desk import own_topics
from bot.services.desk.digests import unknown_topic
from bot.services.desk.start import topic_rows
from bot.services.desk.summary import switch, topics_line
from bot.services.desk.visit import Replies, Rows, Visit

_VERBS = {
    "add": "add ajouter ajoute ajout new nouveau creer cree create",
    "rename": "rename renommer renomme",
    "edit": "edit modifier modifie change changer",
    "delete": "delete del remove supprimer supprime effacer efface retirer retire",
    "on": "on follow suivre suis activer active",
    "off": "off unfollow arreter arrete desactiver desactive",
}
_VERB = {word: verb for verb, words in _VERBS.items() for word in words.split()}


async def topics(visit: Visit, argument: str) -> Replies:
    """The list; or one change in one line."""
    if not argument:
        return (topics_menu(visit),)
    first, _, rest = argument.partition(" ")
    verb = _VERB.get(fold(first.rstrip(":")), "")
    rest = rest.strip()
    if verb in {"on", "off"}:
        return await _switch_named(visit, rest, on=verb == "on")
    if verb:
        return await own_topics.in_one_line(visit, verb, rest)
    if re.search(r"\S:\s*\S", argument) and visit.named(argument) is None:  # « drones: drone* », the verb forgotten
        return await own_topics.in_one_line(visit, "add", argument)
    return await _switch_named(visit, argument, on=True)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in the list or in what hangs on it."""
    match arguments:
        case []:
            return (topics_menu(visit),)
        case ["1" | "0" as on, topic]:
            changed = await switch(visit, topic, on=on == "1")
            return (topics_menu(changed),) if isinstance(changed, Visit) else changed
        case _:
            return await own_topics.pressed(visit, arguments)


def topics_menu(visit: Visit) -> Reply:
    """Every topic as a switch, and the way to one's own."""
    return visit.reply(visit.say("topics.title"), topics_line(visit), visit.say("topics.hint"), buttons=_buttons(visit))


def _buttons(visit: Visit) -> Rows:
    create = visit.button(visit.say("button.new_topic"), "t", "n")
    mine = (visit.button(visit.say("button.own_topics"), "t", "l"),) if visit.own else ()
    return (*topic_rows(visit, "t"), (create, *mine))


async def _switch_named(visit: Visit, name: str, *, on: bool) -> Replies:
    choice = visit.named(name) if name else None
    if choice is None:
        return unknown_topic(visit, name) if name else (topics_menu(visit),)
    changed = await switch(visit, choice.id, on=on)
    return (topics_menu(changed),) if isinstance(changed, Visit) else changed
