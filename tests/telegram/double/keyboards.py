"""Keyboards under messages: what a posted reply_markup must be, and the buttons that a person sees."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from tests.telegram.double.entities import is_link
from tests.telegram.double.refusals import Refusal, bad

MAX_BUTTONS = 100
MAX_IN_A_ROW = 8
MAX_DATA = 64  # bytes, not characters
# What a button can do; exactly one of them makes it more than text.
_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_OTHER_MARKUPS = {"keyboard", "remove_keyboard", "force_reply"}


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what is on it, and what pressing it does."""

    text: str
    data: str = ""
    url: str = ""
    given: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """A posted reply_markup: rows of inline buttons, or another kind as it was given."""

    rows: Rows = ()
    other: Mapping[str, Any] = field(default_factory=dict)


def rows_as_json(rows: Rows) -> dict[str, Any]:
    """The InlineKeyboardMarkup."""
    return {"inline_keyboard": [[dict(button.given) for button in row] for row in rows]}


def read_markup(posted: object) -> Markup:
    """The markup of a request (JSON text or value), checked. Raises Refusal."""
    value = _decoded(posted)
    if not isinstance(value, Mapping):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        return Markup(rows=_rows(value["inline_keyboard"]))
    if value and not _OTHER_MARKUPS & set(value):
        raise bad("reply markup of unknown kind")
    return Markup(other=dict(value))


def _decoded(posted: object) -> object:
    if not isinstance(posted, str):
        return posted
    if not posted:
        return {}
    try:
        return json.loads(posted)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None


def _rows(value: object) -> Rows:
    if not _is_list(value):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be of type Array')
    rows: list[tuple[Button, ...]] = []
    for row in value:
        if not _is_list(row):
            raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        rows.append(tuple(_button(button) for button in row))
    # Neither limit is documented; both are known from what clients are shown.
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    return tuple(row for row in rows if row)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _button(value: object) -> Button:
    if not isinstance(value, Mapping):
        raise _no_button("Inline keyboard button must be an Object")
    if "text" not in value:
        raise _no_button('Can\'t find field "text"')
    if not isinstance(value["text"], str):
        raise _no_button('Field "text" must be of type String')
    if not value["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if name in value]
    if not actions:
        raise _no_button("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("BUTTON_TYPE_INVALID")
    return _checked(Button(value["text"], str(value.get("callback_data", "")), str(value.get("url", "")), dict(value)))


def _checked(button: Button) -> Button:
    if "callback_data" in button.given and not 1 <= len(button.data.encode()) <= MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button.given and not is_link(button.url):
        raise bad(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")
    return button


def _no_button(problem: str) -> Refusal:
    return bad(f"can't parse inline keyboard button: {problem}")
