"""editMessageText, editMessageReplyMarkup, deleteMessage(s), answerCallbackQuery."""

from typing import Any

from tests.telegram.double.access import find_chat, find_message, may_read, may_write
from tests.telegram.double.calls import Call
from tests.telegram.double.chats import Chat
from tests.telegram.double.messages import Message, Version
from tests.telegram.double.methods.texts import read_keyboard, read_preview, read_text
from tests.telegram.double.refusals import bad
from tests.telegram.double.world import World

_DELETABLE = 48 * 3600  # seconds; later a message stays
_MAX_ANSWER = 200
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def edit_message_text(world: World, call: Call) -> dict[str, Any]:
    """Show another text; without a keyboard the old one goes too."""
    body, preview, markup = read_text(world, call), read_preview(call), read_keyboard(call)
    message = _own_message(world, call)
    if message.document is not None or message.service:
        raise bad("there is no text in the message to edit")
    return _change(world, message, Version(world.clock(), body, markup.rows, preview))


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any]:
    """Show another keyboard, or none."""
    markup = read_keyboard(call)
    message = _own_message(world, call)
    return _change(world, message, Version(world.clock(), message.body, markup.rows, message.preview))


def delete_message(world: World, call: Call) -> bool:
    """Take a message away."""
    chat = find_chat(world, call)
    may_read(world, chat)
    _delete(world, chat, find_message(chat, call, "delete"))
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Take several away; those that cannot be found are skipped."""
    chat = find_chat(world, call)
    may_read(world, chat)
    numbers = call.value("message_ids", [])
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified" if not numbers else "too many messages to delete")
    for message in (chat.history.get(int(number)) for number in numbers):
        if message is not None and not message.deleted:
            _delete(world, chat, message)
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    """Answer a pressed button, once and soon."""
    if len(call.text("text")) > _MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    press = world.open_press(call.text("callback_query_id"))
    if press is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    press.answer = {"text": call.text("text"), "show_alert": call.flag("show_alert"), "url": call.text("url")}
    world.touch()
    return True


def _own_message(world: World, call: Call) -> Message:
    if "inline_message_id" in call:
        raise bad("MESSAGE_ID_INVALID")
    chat = find_chat(world, call)
    may_write(world, chat)
    message = find_message(chat, call, "edit")
    if not message.from_bot:
        raise bad("message can't be edited")
    return message


def _change(world: World, message: Message, new: Version) -> dict[str, Any]:
    old = message.version
    if (new.body, new.buttons, new.preview) == (old.body, old.buttons, old.preview):
        raise bad(_NOT_MODIFIED)
    message.edits.append(old)
    message.body, message.buttons, message.preview = new.body, new.buttons, new.preview
    message.edit_date = int(new.at)
    world.touch()
    return message.as_json()


def _delete(world: World, chat: Chat, message: Message) -> None:
    old = world.now - message.date > _DELETABLE
    may = message.from_bot or chat.type == "private" or world.me_in(chat).can("can_delete_messages")
    if old or not may:
        raise bad("message can't be deleted")
    message.deleted = True
    world.touch()
