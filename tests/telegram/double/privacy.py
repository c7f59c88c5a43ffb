"""Which messages of a chat the bot gets to see (privacy mode)."""

from tests.telegram.double.messages import Message
from tests.telegram.double.world import World


def reaches_bot(world: World, message: Message) -> bool:
    """Everything in private; in groups what is meant for the bot, or all of it where the bot is an administrator."""
    chat, me = message.chat, world.me_in(message.chat)
    if chat.type == "private":
        return me.status != "kicked"
    if not me.inside:
        return False
    if chat.type == "channel" or me.admin or message.service or not world.privacy:
        return True
    return _answers_bot(message) or _is_command_for(world, message)


def _answers_bot(message: Message) -> bool:
    return message.reply_to is not None and message.reply_to.from_bot


def _is_command_for(world: World, message: Message) -> bool:
    """`/digest@this_bot` always; `/digest` unless another bot spoke last; never one that begins later in the text."""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != "bot_command" or first.offset != 0:
        return False
    _, _, addressed = message.text[: first.length].partition("@")
    if addressed:
        return addressed.lower() == world.bot.username.lower()
    return not message.chat.another_bot_spoke_last
