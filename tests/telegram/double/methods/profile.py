"""What the bot says about itself: commands by scope and language, name and descriptions."""

import re
from collections.abc import Mapping
from typing import Any

from tests.telegram.double.access import find_chat
from tests.telegram.double.bodies import Fields
from tests.telegram.double.calls import Call
from tests.telegram.double.refusals import bad
from tests.telegram.double.world import World

_SIMPLE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_MAX_COMMANDS = 100
_MAX_COMMAND = 32
_MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
# The parameter of each text, its longest, and how the server calls one that is longer.
_TEXTS = {
    "name": (64, "BOT_TITLE_INVALID"),
    "description": (512, "BOT_DESCRIPTION_TOO_LONG"),
    "short_description": (120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
}


def set_my_commands(world: World, call: Call) -> bool:
    """Replace the commands of one scope and language."""
    given = call.value("commands")
    if not isinstance(given, list):
        raise bad("expected an Array of BotCommand")
    place = _place(world, call)
    commands = [_command(command) for command in given]
    if len(commands) > _MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[place] = commands
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, str]]:
    """The commands of exactly this scope and language."""
    return world.profile.commands.get(_place(world, call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    """Forget the commands of one scope and language."""
    world.profile.commands.pop(_place(world, call), None)
    return True


def set_text(world: World, call: Call) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    kind = _kind(call)
    longest, problem = _TEXTS[kind]
    if len(call.text(kind)) > longest:
        raise bad(problem)
    world.profile.texts[kind, _language(call)] = call.text(kind)
    return True


def get_text(world: World, call: Call) -> dict[str, str]:
    """getMyName, getMyDescription, getMyShortDescription: of the language, else of all."""
    kind = _kind(call)
    default = world.bot.first_name if kind == "name" else ""
    texts = world.profile.texts
    return {kind: texts.get((kind, _language(call))) or texts.get((kind, "")) or default}


def _kind(call: Call) -> str:
    """Which text a method is about: `short_description` of setMyShortDescription."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", call.method[len("setMy") :]).lower()


def _language(call: Call) -> str:
    language = call.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    return language


def _place(world: World, call: Call) -> tuple[str, str]:
    """Scope and language as one key. Raises Refusal."""
    scope = call.value("scope", {"type": "default"})
    if not isinstance(scope, Mapping) or scope.get("type") not in {*_SIMPLE_SCOPES, *_CHAT_SCOPES}:
        raise bad("unsupported type specified" if isinstance(scope, Mapping) else "object expected as scope")
    key = str(scope["type"])
    if key in _CHAT_SCOPES:
        chat = find_chat(world, Call(call.method, Fields(dict(scope)), call.at))
        if chat.type == "channel" or (chat.type == "private" and key != "chat"):
            raise bad(f"can't use specified scope in {chat.type} chats")
        key = ":".join([key, str(chat.id), *([str(scope["user_id"])] if key == "chat_member" else [])])
    return key, _language(call)


def _command(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise bad("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(given.get(name), str):
            raise bad(f"can't parse BotCommand: Can't find field \"{name}\"")
    command, description = given["command"].strip().removeprefix("/"), given["description"].strip()
    if not command or not description:
        raise bad(f"command {'description ' if command else ''}must be non-empty")
    if len(command) > _MAX_COMMAND:
        raise bad(f"command length must not exceed {_MAX_COMMAND}")
    if len(description) > _MAX_DESCRIPTION:
        raise bad(f"command description length must not exceed {_MAX_DESCRIPTION}")
    if not _COMMAND.fullmatch(command):
        raise bad("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}
