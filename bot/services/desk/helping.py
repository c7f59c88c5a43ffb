"""/help, and what to say where a message was not understood."""

from collections.abc import Sequence

from bot.domain.commands import Audience, Command, menu
from bot.domain.talk import Reply
from bot.services.desk.visit import Replies, Visit

_SHOWN = 32


async def help_(visit: Visit, _: str) -> Replies:
    """Every command that this version serves to this person, in a line each."""
    audiences: list[Audience] = ["everybody"]
    if await visit.may_set():
        audiences.append("admins")
    if visit.owner:
        audiences.append("owners")
    lines = [visit.say("help.line", name=name, what=what) for name, what in menu(visit.texts, audiences)]
    return (visit.reply(visit.say("help.title"), *lines, visit.say("help.rules")),)


async def pressed(visit: Visit, _: Sequence[str]) -> Replies:
    """« Aide »."""
    return await help_(visit, "")


def unknown(visit: Visit, command: Command) -> Replies:
    """There is no such command; in groups only a likely slip of the finger is answered: it may be another bot's."""
    if not command.suggestion and not visit.private:
        return ()
    typed = command.typed if len(command.typed) <= _SHOWN else f"{command.typed[: _SHOWN - 1]}…"
    advice = visit.say("help.meant", name=command.suggestion) if command.suggestion else visit.say("help.all")
    return (visit.reply("", visit.say("help.unknown", name=typed), advice),)


def later(visit: Visit, command: Command) -> Replies:
    """A command of the product that this version does not serve yet."""
    return visit.answer("help.later", name=command.typed[:_SHOWN])


def confused(visit: Visit) -> Replies:
    """Words in a private chat that answer no question of ours."""
    buttons = (
        (visit.button(visit.say("button.topics"), "t"), visit.button(visit.say("button.schedule"), "h")),
        (visit.button(visit.say("button.digest"), "d"), visit.button(visit.say("button.help"), "?")),
    )
    key = "help.confused_local" if visit.said.chat.platform == "local" else "help.confused"
    return (Reply("", (visit.say(key), visit.say("help.example")), buttons=buttons),)
