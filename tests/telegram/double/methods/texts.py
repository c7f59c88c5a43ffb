"""What several methods read alike: formatted texts, keyboards, previews, replies."""

from typing import Any

from tests.telegram.double.calls import Call
from tests.telegram.double.chats import Chat
from tests.telegram.double.entities import Formatted, entity_from_json, tidy
from tests.telegram.double.keyboards import Markup, read_markup
from tests.telegram.double.markup import parse_html
from tests.telegram.double.messages import Message
from tests.telegram.double.refusals import bad
from tests.telegram.double.world import World

# Counted in characters after the markup is read; 4096 emoji were seen to pass, though they are 8192 UTF-16 units.
MAX_TEXT = 4096
MAX_CAPTION = 1024


def read_text(world: World, call: Call) -> Formatted:
    """The text of a message. Raises Refusal where there is none, or too much."""
    body = _formatted(world, call, "text", "entities")
    if not body.text:
        raise bad("message text is empty")
    if len(body.text) > MAX_TEXT:
        raise bad("message is too long")
    return body


def read_caption(world: World, call: Call) -> Formatted:
    """The caption of a document, often empty."""
    body = _formatted(world, call, "caption", "caption_entities")
    if len(body.text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return body


def _formatted(world: World, call: Call, name: str, entities: str) -> Formatted:
    source, mode = call.text(name), call.text("parse_mode")
    if mode.lower() == "html":
        body = parse_html(source)
    elif mode:
        # The real server reads Markdown; the house writes HTML only, so this is a mistake here.
        world.complaints.append(f"{call.method}: parse_mode « {mode} » is not spoken by the double")
        raise bad("unsupported parse_mode")
    else:
        body = Formatted(source, tuple(entity_from_json(entity) for entity in call.value(entities, [])))
    world.complaints += [f"{call.method}: a link to « {url} » is dropped without a word" for url in body.dropped]
    return tidy(body)


def read_keyboard(call: Call) -> Markup:
    """The reply_markup. Raises Refusal."""
    return read_markup(call.fields.values.get("reply_markup", ""))


def read_preview(call: Call) -> dict[str, Any]:
    """The link_preview_options. Raises Refusal."""
    preview = call.value("link_preview_options", {})
    if not isinstance(preview, dict):
        raise bad("object expected as link preview options")
    return preview


def read_reply(chat: Chat, call: Call) -> Message | None:
    """The message that is answered. Raises Refusal where it is gone and the call does not allow that."""
    reply = call.value("reply_parameters", {})
    if not isinstance(reply, dict):
        raise bad("object expected as reply parameters")
    if not reply:
        return None
    message = chat.history.get(int(reply.get("message_id", 0)))
    if message is not None and not message.deleted:
        return message
    if not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return None
