"""The world of one bot: its accounts, chats, messages and files, and what it is told of them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.double.chats import Account, Chat, ChatType, Member
from tests.telegram.double.limits import Limits
from tests.telegram.double.messages import File, Message
from tests.telegram.double.schema import faults_of
from tests.telegram.double.updates import Mailbox
from tests.telegram.double.webhook import Webhooks

# Ids as they are today: of users beyond 32 bits, of supergroups and channels far below zero.
_FIRST_USER = 7_000_000_000
_FIRST_GROUP = -4_000_000_000
_FIRST_SUPERGROUP = -1_002_000_000_000
_QUERY_LIFE = 60.0  # seconds in which a pressed button can be answered; the real server's patience is not documented


@dataclass(slots=True, eq=False)
class Press:
    """A pressed button and the bot's answer to it."""

    id: str
    person: Account
    message: Message
    data: str
    at: float
    answer: dict[str, Any] | None = None

    @property
    def answered(self) -> bool:
        """Whether the bot has answered."""
        return self.answer is not None

    @property
    def text(self) -> str:
        """What the answer shows to the person."""
        return str((self.answer or {}).get("text", ""))


@dataclass(slots=True)
class Profile:
    """What the bot has said about itself: commands by scope and language, texts by kind and language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


class World:
    """All state of the double, and the only places that change it."""

    def __init__(self, bot: Account, clock: Callable[[], float], *, privacy: bool = True) -> None:
        self.bot, self.clock, self.privacy = bot, clock, privacy
        self.chats: dict[int, Chat] = {}
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.presses: dict[str, Press] = {}
        self.files: dict[str, File] = {}
        self.sent: list[Message] = []  # by the bot, in order
        self.actions: list[tuple[int, str]] = []  # « typing » and so on
        self.complaints: list[str] = []
        self.profile = Profile()
        self.limits = Limits(clock)
        self.changed = asyncio.Event()
        self.mailbox = Mailbox(clock, self.touch)
        self.webhooks = Webhooks(self.mailbox, clock)
        self._last_id = 0  # of messages in private chats and basic groups, and of everything else that is numbered

    @property
    def now(self) -> int:
        """Unix time, in whole seconds as the Bot API gives it."""
        return int(self.clock())

    def touch(self) -> None:
        """Wake those who wait for something to happen."""
        self.changed.set()
        self.changed = asyncio.Event()

    # --- who and where -----------------------------------------------------------------------------------------------

    def add_account(self, first_name: str, **fields: Any) -> Account:
        """A new person, and the private chat in which nobody has written yet."""
        account = Account(_FIRST_USER + len(self.accounts), first_name, **fields)
        self.accounts[account.id] = account
        chat = Chat(account.id, "private", person=account)
        chat.members = {account.id: Member(account, "member"), self.bot.id: Member(self.bot, "member")}
        self.chats[chat.id] = chat
        return account

    def add_chat(self, chat_type: ChatType, title: str, **fields: Any) -> Chat:
        """A new chat without anybody in it."""
        first = _FIRST_GROUP if chat_type == "group" else _FIRST_SUPERGROUP
        chat = Chat(first - len(self.chats), chat_type, title, **fields)
        self.chats[chat.id] = chat
        return chat

    def me_in(self, chat: Chat) -> Member:
        """What the bot is in a chat."""
        return chat.member(self.bot)

    # --- messages ----------------------------------------------------------------------------------------------------

    def put(self, chat: Chat, **fields: Any) -> Message:
        """A new message in a chat's history; nobody is told yet."""
        message = Message(self._next_id(chat), chat, self.clock(), **fields)
        chat.history[message.id] = message
        if message.sender is not None and message.sender.is_bot and not message.sender_chat:
            chat.another_bot_spoke_last = message.sender is not self.bot
        return message

    def deliver(self, chat: Chat, **fields: Any) -> Message:
        """A message of the bot. Raises Refusal where it is one too many."""
        self.limits.admit(chat.id)
        in_channel = chat.type == "channel"
        author = {"sender_chat": chat} if in_channel else {"sender": self.bot}
        message = self.put(chat, from_bot=True, **author, **fields)
        self.sent.append(message)
        self.touch()
        return message

    def tell(self, kind: str, body: Mapping[str, Any]) -> None:
        """Queue an update for the bot; one that the Bot API could not have sent is a fault of the double."""
        faults = faults_of("Update", {"update_id": 1, kind: dict(body)})
        assert not faults, faults
        self.mailbox.put(kind, dict(body))
        self.touch()

    def add_file(self, name: str, mime: str, content: bytes) -> File:
        """A file that can be downloaded by its id."""
        file = File(f"BQACAgQAAxk-{self.number()}", name, mime, content)
        self.files[file.id] = file
        return file

    def press(self, person: Account, message: Message, data: str) -> Press:
        """A pressed button, waiting for an answer."""
        press = Press(str(4_200_000_000_000 + self.number()), person, message, data, self.clock())
        self.presses[press.id] = press
        return press

    def open_press(self, press_id: str) -> Press | None:
        """The press that can still be answered under this id."""
        press = self.presses.get(press_id)
        if press is None or press.answered or self.clock() - press.at > _QUERY_LIFE:
            return None
        return press

    def number(self) -> int:
        """The next number of the account."""
        self._last_id += 1
        return self._last_id

    def _next_id(self, chat: Chat) -> int:
        if not chat.own_counter:
            return self.number()
        chat.last_message_id += 1
        return chat.last_message_id
