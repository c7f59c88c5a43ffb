"""sendMessage, sendDocument, sendChatAction, getFile."""

from typing import Any

from tests.telegram.double.access import find_chat, find_thread, may_write, place_in_threads
from tests.telegram.double.calls import Call
from tests.telegram.double.messages import File
from tests.telegram.double.methods.texts import read_caption, read_keyboard, read_preview, read_reply, read_text
from tests.telegram.double.refusals import Refusal, bad
from tests.telegram.double.world import World

MAX_UPLOAD = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
_ACTIONS = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
        *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    )
)


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Check and deliver a text."""
    body, preview = read_text(world, call), read_preview(call)
    place = _place(world, call)
    return world.deliver(**place, body=body, preview=preview).as_json()


def send_document(world: World, call: Call) -> dict[str, Any]:
    """Check and deliver a file, new or known."""
    body = read_caption(world, call)
    file = _document(world, call)
    place = _place(world, call)
    return world.deliver(**place, body=body, document=file).as_json()


def send_chat_action(world: World, call: Call) -> bool:
    """Record « typing »."""
    if call.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat = find_chat(world, call)
    may_write(world, chat)
    find_thread(world, chat, call)
    world.actions.append((chat.id, call.text("action")))
    return True


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Where a file can be downloaded."""
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad("file is too big")
    known = file.as_json()
    return {name: known[name] for name in ("file_id", "file_unique_id", "file_size")} | {"file_path": file_path(file)}


def file_path(file: File) -> str:
    """The path of a file under /file/bot<token>/."""
    return f"documents/{file.id}"


def _place(world: World, call: Call) -> dict[str, Any]:
    """Where and how the message goes; every check but the flood limits."""
    markup = read_keyboard(call)
    chat = find_chat(world, call)
    may_write(world, chat)
    thread = find_thread(world, chat, call)
    reply = read_reply(chat, call)
    silent = call.flag("disable_notification")
    place = {"chat": chat, "buttons": markup.rows, "silent": silent, "reply_to": reply}
    return place | place_in_threads(chat, thread, reply)


def _document(world: World, call: Call) -> File:
    upload = call.file("document")
    if upload is None:
        known = world.files.get(call.text("document"))
        if known is None:
            raise bad("there is no document in the request" if "document" not in call else "wrong file identifier")
        return known
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    return world.add_file(upload.name, upload.mime, upload.content)
