"""May the bot do that here? The checks that the server makes before it acts, with its words."""

from typing import Any

from tests.telegram.double.calls import Call
from tests.telegram.double.chats import GENERAL, Chat
from tests.telegram.double.messages import Message
from tests.telegram.double.refusals import bad, forbidden
from tests.telegram.double.world import World


def find_chat(world: World, call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names, by id or @username. Raises Refusal."""
    given = call.text(name)
    if not given:
        raise bad(f"{name} is empty")
    if given.startswith("@"):
        named = [chat for chat in world.chats.values() if chat.username and chat.username == given[1:]]
        found = named[0] if named and named[0].type != "private" else None
    else:
        found = world.chats.get(int(given)) if given.lstrip("-").isdigit() else None
    if found is None or not (found.seen_by_bot or found.username):
        raise bad("chat not found")
    return found


def may_read(world: World, chat: Chat) -> None:
    """Raises Refusal unless the bot may look into the chat."""
    me = world.me_in(chat)
    if chat.type == "private":
        return
    if me.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.own_counter and not me.inside and not chat.username:
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def may_write(world: World, chat: Chat) -> None:
    """Raises Refusal unless the bot may write in the chat."""
    if chat.type == "private":
        _may_write_to_person(world, chat)
        return
    must_be_in(world, chat)
    me = world.me_in(chat)
    if chat.type == "channel" and not me.can("can_post_messages"):
        raise bad("need administrator rights in the channel chat")
    if me.status == "restricted" and "can_send_messages" not in me.rights:
        raise bad("not enough rights to send text messages to the chat")


def must_be_in(world: World, chat: Chat) -> None:
    """Raises Refusal unless the bot is in this group or channel."""
    if chat.migrated_to is not None:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    me = world.me_in(chat)
    if me.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if not me.inside:
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def _may_write_to_person(world: World, chat: Chat) -> None:
    if chat.deleted:
        raise forbidden("user is deactivated")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if world.me_in(chat).status == "kicked":
        raise forbidden("bot was blocked by the user")


def find_thread(world: World, chat: Chat, call: Call) -> int | None:
    """The thread to write in; None for the chat itself, or the General one of a forum. Raises Refusal."""
    number = call.integer("message_thread_id")
    if number == 0:
        _may_write_in_thread(world, chat, GENERAL)
        return None
    thread = chat.threads.get(number)
    if number == GENERAL or not chat.forum or thread is None or thread.deleted:
        raise bad("message thread not found")
    _may_write_in_thread(world, chat, number)
    return number


def place_in_threads(chat: Chat, thread: int | None, reply: Message | None) -> dict[str, Any]:
    """The thread fields of a message: a topic's, or in supergroups those of the thread that a reply makes.

    A reply outside of topics carries a thread id too; only `is_topic_message` says that a message is in a topic.
    """
    if thread is not None:
        return {"thread": thread, "in_topic": True}
    if reply is None or chat.type != "supergroup":
        return {}
    return {"thread": reply.thread or reply.id, "in_topic": reply.in_topic}


def _may_write_in_thread(world: World, chat: Chat, number: int) -> None:
    thread = chat.threads.get(number)
    if thread is not None and thread.closed and not world.me_in(chat).can("can_manage_topics"):
        raise bad("TOPIC_CLOSED")


def find_message(chat: Chat, call: Call, deed: str) -> Message:
    """The message that `message_id` names. Raises Refusal (`message to edit not found`)."""
    if "message_id" not in call:
        raise bad("message identifier is not specified")
    message = chat.history.get(call.integer("message_id"))
    if message is None or message.deleted:
        raise bad(f"message to {deed} not found")
    return message
