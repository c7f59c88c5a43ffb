"""A request to a method: its parameters with their types, and which parameters the Bot API knows."""

import json
from dataclasses import dataclass
from typing import Any

from tests.telegram.double.bodies import Fields, Upload
from tests.telegram.double.refusals import bad

_SENDING = (
    "chat_id message_thread_id business_connection_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup parse_mode"
)
_EDITING = "chat_id message_id inline_message_id business_connection_id reply_markup"
_SCOPED = "scope language_code"
# Every method that the double speaks, with all parameters that the documentation gives it.
PARAMETERS = {
    method: frozenset(names.split())
    for method, names in {
        "getMe": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "setWebhook": "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
        "deleteWebhook": "drop_pending_updates",
        "getWebhookInfo": "",
        "sendMessage": f"{_SENDING} text entities link_preview_options",
        "sendDocument": f"{_SENDING} document thumbnail caption caption_entities disable_content_type_detection",
        "sendChatAction": "business_connection_id chat_id message_thread_id action",
        "editMessageText": f"{_EDITING} text parse_mode entities link_preview_options",
        "editMessageReplyMarkup": _EDITING,
        "deleteMessage": "chat_id message_id",
        "deleteMessages": "chat_id message_ids",
        "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
        "getFile": "file_id",
        "getChat": "chat_id",
        "getChatMember": "chat_id user_id",
        "getChatMemberCount": "chat_id",
        "getChatAdministrators": "chat_id return_bots",
        "leaveChat": "chat_id",
        "setMyCommands": f"commands {_SCOPED}",
        "getMyCommands": _SCOPED,
        "deleteMyCommands": _SCOPED,
        "setMyName": "name language_code",
        "getMyName": "language_code",
        "setMyDescription": "description language_code",
        "getMyDescription": "language_code",
        "setMyShortDescription": "short_description language_code",
        "getMyShortDescription": "language_code",
    }.items()
}
_CANONICAL = {method.lower(): method for method in PARAMETERS}
_COSTS = "allow_paid_broadcast"  # Stars: never without the owner's word


def canonical(method: str) -> str | None:
    """The documented spelling of a method's name; None for one that the double does not speak."""
    return _CANONICAL.get(method.lower())


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with its parameters as they were sent."""

    method: str
    fields: Fields
    at: float

    def __contains__(self, name: str) -> bool:
        return name in self.fields.values or name in self.fields.files

    def text(self, name: str) -> str:
        """A text parameter, "" where it is absent."""
        value = self.fields.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as absent, as on the server."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A yes or no: `true`, `yes` and `1` are yes, in any case."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def value(self, name: str, default: Any = None) -> Any:
        """A parameter that is JSON. Raises Refusal where it cannot be read."""
        given = self.fields.values.get(name, "")
        if not isinstance(given, str):
            return given
        if not given:
            return default
        try:
            return json.loads(given)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> Upload | None:
        """An uploaded file: under its own name, or under the one that `attach://` gives."""
        attached = self.text(name).removeprefix("attach://")
        return self.fields.files.get(name) or self.fields.files.get(attached)

    def complaints(self) -> list[str]:
        """What the server would take without a word though the caller cannot have meant it."""
        attached = {self.text(name).removeprefix("attach://") for name in self.fields.values}
        given = {*self.fields.values, *self.fields.files} - (attached & set(self.fields.files))
        unknown = sorted(given - PARAMETERS[self.method])
        found = [f"{self.method}: the Bot API has no parameter « {name} » here" for name in unknown]
        return found + ([f"{self.method}: {_COSTS} costs Stars"] if self.flag(_COSTS) else [])
