"""Persons: what somebody with a Telegram client does, as methods. Each act tells the bot what the server would."""

from dataclasses import dataclass
from typing import Any

from tests.telegram.double.access import place_in_threads
from tests.telegram.double.chats import ANONYMOUS_ADMIN, AS_CHANNEL, Account, Chat
from tests.telegram.double.entities import Formatted, tidy
from tests.telegram.double.messages import Message, Version
from tests.telegram.double.privacy import reaches_bot
from tests.telegram.double.running import Running
from tests.telegram.double.world import Press, World


@dataclass(frozen=True, slots=True, eq=False)
class Person(Running):
    """Somebody who writes, presses, forwards and edits; what they do to chats and bots is in `running`."""

    account: Account
    world: World

    @property
    def id(self) -> int:
        """The user id, which is that of the private chat too."""
        return self.account.id

    @property
    def private(self) -> Chat:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    async def says(
        self,
        chat: Chat,
        text: str,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        anonymous: bool = False,
        as_channel: Chat | None = None,
    ) -> Message:
        """Write in a chat: as oneself, as an anonymous administrator of it, or in the name of a channel."""
        author = self._author(chat, anonymous=anonymous, as_channel=as_channel)
        place = self._threads(chat, thread, reply_to)
        message = self.world.put(chat, body=tidy(Formatted(text)), **author, **place)
        return self._tell("message", message)

    async def posts(self, channel: Chat, text: str) -> Message:
        """Publish in a channel."""
        assert channel.type == "channel", f"{channel.title} is no channel"
        assert channel.member(self.account).admin, f"{self.account.first_name} may not post in {channel.title}"
        message = self.world.put(channel, body=tidy(Formatted(text)), sender_chat=channel)
        return self._tell("channel_post", message)

    async def sends_file(
        self, chat: Chat, name: str, content: bytes, *, caption: str = "", reply_to: Message | None = None
    ) -> Message:
        """Send a document."""
        file = self.world.add_file(name, "application/octet-stream", content)
        place = self._author(chat) | self._threads(chat, None, reply_to)
        message = self.world.put(chat, document=file, body=tidy(Formatted(caption)), **place)
        return self._tell("message", message)

    async def forwards(self, message: Message, to: Chat, *, hidden: bool = False) -> Message:
        """Forward a message or a post; `hidden`: its author does not let forwards name them."""
        fields = self._author(to) | {"origin": self._origin(message, hidden=hidden), "document": message.document}
        return self._tell("message", self.world.put(to, body=message.body, **fields))

    async def edits(self, message: Message, text: str) -> Message:
        """Change what one wrote."""
        assert not message.from_bot, "people do not edit the bot's messages"
        message.edits.append(message.version)
        shown = Version(self.world.clock(), tidy(Formatted(text)))
        message.body, message.edit_date = shown.body, int(shown.at)
        return self._tell("edited_channel_post" if message.chat.type == "channel" else "edited_message", message)

    async def presses(
        self, message: Message, button: str = "", *, data: str | None = None, inaccessible: bool = False
    ) -> Press:
        """Press the button with this text; with `data`, do as a tampered client can: send any data for the message."""
        chat = message.chat
        assert chat.type == "channel" or chat.member(self.account).inside, f"{self.account.first_name} is not there"
        press = self.world.press(self.account, message, _data_of(message, button) if data is None else data)
        shown = message.as_inaccessible() if inaccessible else message.as_json()
        query = {"id": press.id, "from": self.account.as_json(), "chat_instance": str(chat.id * 31), "message": shown}
        self._meets_bot()
        self.world.tell("callback_query", query | {"data": press.data})
        return press

    def _author(self, chat: Chat, *, anonymous: bool = False, as_channel: Chat | None = None) -> dict[str, Any]:
        me = chat.member(self.account)
        assert me.inside, f"{self.account.first_name} is not in « {chat.title} »"
        assert chat.type != "channel", "in channels people post"
        if anonymous:
            assert me.admin, f"{self.account.first_name} is no administrator of « {chat.title} »"
            return {"sender": ANONYMOUS_ADMIN, "sender_chat": chat}
        if as_channel is not None:
            return {"sender": AS_CHANNEL, "sender_chat": as_channel}
        if chat.type == "private":
            chat.started = True
            assert self.world.me_in(chat).status != "kicked", "unblock the bot before writing to it"
        return {"sender": self.account}

    def _threads(self, chat: Chat, thread: int | None, reply_to: Message | None) -> dict[str, Any]:
        """A message in a topic is shown as an answer to the service message that opened the topic."""
        if thread is not None:
            assert not chat.threads[thread].deleted, "that thread was deleted"
            reply_to = reply_to or chat.history.get(thread)
        return {"reply_to": reply_to, **place_in_threads(chat, thread, reply_to)}

    def _origin(self, message: Message, *, hidden: bool) -> dict[str, Any]:
        if message.chat.type == "channel":
            channel = {"chat": message.chat.as_json(), "message_id": message.id}
            return {"type": "channel", "date": message.date, **channel}
        author = message.sender or self.account
        if message.sender_chat is not None:
            return {"type": "chat", "date": message.date, "sender_chat": message.sender_chat.as_json()}
        if hidden:
            return {"type": "hidden_user", "date": message.date, "sender_user_name": author.first_name}
        return {"type": "user", "date": message.date, "sender_user": author.as_json()}

    def _tell(self, kind: str, message: Message) -> Message:
        if reaches_bot(self.world, message):
            self._meets_bot()
            self.world.tell(kind, message.as_json())
        return message


def _data_of(message: Message, text: str) -> str:
    """What the button with this text sends."""
    for row in message.buttons:
        for button in row:
            if button.text == text:
                assert "callback_data" in button.given, f"« {text} » opens {button.url}"
                return button.data
    raise AssertionError(f"no button « {text} », only {message.button_texts}")
