"""A message as it was delivered, with its edits, and the Message object of the Bot API made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.double.chats import Account, Chat
from tests.telegram.double.entities import Entity, Formatted, utf16_length
from tests.telegram.double.keyboards import Rows, rows_as_json


@dataclass(frozen=True, slots=True)
class File:
    """A document and its bytes."""

    id: str
    name: str
    mime: str
    content: bytes

    def as_json(self) -> dict[str, Any]:
        """The Document."""
        return {
            "file_id": self.id,
            "file_unique_id": f"u{self.id}",
            "file_name": self.name,
            "mime_type": self.mime,
            "file_size": len(self.content),
        }


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed from `at` on."""

    at: float
    body: Formatted
    buttons: Rows = ()
    preview: Mapping[str, Any] = field(default_factory=dict)  # link_preview_options as posted


@dataclass(slots=True, eq=False)
class Message:
    """A message of the bot or of a person; `text` is what people see (of a document: its caption)."""

    id: int
    chat: Chat
    at: float  # by the double's clock
    body: Formatted = field(default_factory=lambda: Formatted(""))
    sender: Account | None = None
    sender_chat: Chat | None = None
    buttons: Rows = ()
    preview: Mapping[str, Any] = field(default_factory=dict)
    thread: int | None = None
    in_topic: bool = False  # a reply outside of forums carries a thread id too, without being in a topic
    reply_to: "Message | None" = field(default=None, repr=False)
    document: File | None = None
    silent: bool = False
    service: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)  # of a forwarded message
    edits: list[Version] = field(default_factory=list)
    edit_date: int | None = None
    from_bot: bool = False
    deleted: bool = False

    @property
    def date(self) -> int:
        """When it was sent, as the Bot API says it."""
        return int(self.at)

    @property
    def text(self) -> str:
        """The visible text."""
        return self.body.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities of the visible text."""
        return self.body.entities

    @property
    def units(self) -> int:
        """Length of the visible text in UTF-16 units."""
        return utf16_length(self.text)

    @property
    def button_texts(self) -> list[str]:
        """What is on the buttons, row by row."""
        return [button.text for row in self.buttons for button in row]

    @property
    def version(self) -> Version:
        """What it shows now."""
        return Version(float(self.edit_date or self.at), self.body, self.buttons, self.preview)

    def as_json(self, *, nested: bool = False) -> dict[str, Any]:
        """The Message; a nested one (replied to) carries no reply of its own."""
        body: dict[str, Any] = {"message_id": self.id, "date": self.date, "chat": self.chat.as_json()}
        if self.sender is not None:
            body["from"] = self.sender.as_json()
        if self.sender_chat is not None:
            body["sender_chat"] = self.sender_chat.as_json()
        body |= {**self.service, **self._place(), **self._content(), **self._trimmings()}
        if self.reply_to is not None and not nested:
            body["reply_to_message"] = self.reply_to.as_json(nested=True)
        return body

    def as_inaccessible(self) -> dict[str, Any]:
        """What a button press carries when the message is too old for the bot."""
        return {"message_id": self.id, "date": 0, "chat": self.chat.as_json()}

    def _place(self) -> dict[str, Any]:
        if self.thread is None:
            return {}
        return {"message_thread_id": self.thread} | ({"is_topic_message": True} if self.in_topic else {})

    def _content(self) -> dict[str, Any]:
        text, entities = ("caption", "caption_entities") if self.document else ("text", "entities")
        body: dict[str, Any] = {"document": self.document.as_json()} if self.document else {}
        if self.text:
            body[text] = self.text
        if self.entities:
            body[entities] = [entity.as_json() for entity in self.entities]
        return body

    def _trimmings(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.edit_date is not None:
            body["edit_date"] = self.edit_date
        if self.origin:
            body["forward_origin"] = dict(self.origin)
        if self.preview:
            body["link_preview_options"] = dict(self.preview)
        if self.buttons:
            body["reply_markup"] = rows_as_json(self.buttons)
        return body
