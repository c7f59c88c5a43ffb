"""What persons do to chats, to their members and to the bot: add, kick, promote, block, upgrade, open threads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tests.telegram.double.chats import ANONYMOUS_ADMIN, GENERAL, Account, Chat, Member, Thread, admin_rights
from tests.telegram.double.messages import Message
from tests.telegram.double.methods.asking import set_status
from tests.telegram.double.privacy import reaches_bot
from tests.telegram.double.world import World

Order = Literal["to first", "from first", "to only", "from only", "silent"]
_ICON = 7322096  # a colour


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """The acts of people who run chats."""

    account: Account
    world: World

    async def adds_bot(self, chat: Chat, *, rights: Iterable[str] | None = None) -> None:
        """Bring the bot in; with `rights` (or into a channel) as an administrator."""
        self._must_run(chat, unless=chat.type in {"group", "supergroup"} and chat.member(self.account).inside)
        if rights is None and chat.type != "channel":
            self._set_bot(chat, Member(self.world.bot, "member"))
        else:
            await self.promotes_bot(chat, rights=rights)
        if chat.type != "channel":
            self._service(chat, new_chat_members=[self.world.bot.as_json()])

    async def kicks_bot(self, chat: Chat) -> None:
        """Throw the bot out; of a basic group it sees the service message too."""
        self._must_run(chat)
        if chat.type == "group":
            self._service(chat, left_chat_member=self.world.bot.as_json())
        self._set_bot(chat, Member(self.world.bot, "kicked"))

    async def promotes_bot(self, chat: Chat, *, rights: Iterable[str] | None = None) -> None:
        """Make the bot an administrator, with these rights or with all."""
        self._must_run(chat)
        given = frozenset(admin_rights(chat.type) if rights is None else rights)
        unknown = given - set(admin_rights(chat.type))
        assert not unknown, f"no right of an administrator here: {unknown}"
        self._set_bot(chat, Member(self.world.bot, "administrator", given | {"can_manage_chat"}))

    async def demotes_bot(self, chat: Chat) -> None:
        """Make the bot a plain member again; out of a channel, where it cannot be one."""
        self._must_run(chat)
        self._set_bot(chat, Member(self.world.bot, "left" if chat.type == "channel" else "member"))

    async def mutes_bot(self, chat: Chat) -> None:
        """Take away the bot's right to write."""
        self._must_run(chat)
        self._set_bot(chat, Member(self.world.bot, "restricted"))

    async def blocks_bot(self) -> None:
        """Block the bot in private."""
        self._set_bot(self.world.chats[self.account.id], Member(self.world.bot, "kicked"))

    async def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self._set_bot(self.world.chats[self.account.id], Member(self.world.bot, "member"))

    async def deletes_account(self) -> None:
        """Be gone; the bot is not told."""
        self.world.chats[self.account.id].deleted = True

    async def deletes_chat(self, chat: Chat) -> None:
        """Delete a chat for everybody. A basic group then says so; elsewhere the bot is simply no longer in."""
        self._must_run(chat)
        chat.deleted = chat.type == "group"
        self._set_bot(chat, Member(self.world.bot, "left"))

    async def promotes(self, chat: Chat, account: Account, *, anonymous: bool = False) -> None:
        """Make somebody an administrator."""
        self._must_run(chat)
        rights = frozenset(admin_rights(chat.type))
        member = Member(account, "administrator", rights, anonymous=anonymous)
        set_status(self.world, chat, member, by=self.account)

    async def demotes(self, chat: Chat, account: Account) -> None:
        """Make somebody a plain member again."""
        self._must_run(chat)
        set_status(self.world, chat, Member(account, "member"), by=self.account)

    async def joins(self, chat: Chat) -> None:
        """Become a member."""
        set_status(self.world, chat, Member(self.account, "member"), by=self.account)
        if chat.type != "channel":
            self._service(chat, new_chat_members=[self.account.as_json()])

    async def leaves(self, chat: Chat) -> None:
        """Be a member no longer."""
        set_status(self.world, chat, Member(self.account, "left"), by=self.account)
        if chat.type != "channel":
            self._service(chat, left_chat_member=self.account.as_json())

    async def opens_thread(self, chat: Chat, name: str) -> Thread:
        """Open a topic of a forum."""
        assert chat.forum, f"« {chat.title} » is no forum"
        opened = self._service(chat, tell=False, forum_topic_created={"name": name, "icon_color": _ICON})
        opened.thread, opened.in_topic = opened.id, True
        thread = chat.threads[opened.id] = Thread(opened.id, name)
        self._tell_of(opened)
        return thread

    async def closes_thread(self, chat: Chat, thread: int = GENERAL) -> None:
        """Close a topic, or the General one."""
        chat.threads[thread].closed = True
        self._service(chat, thread=thread, forum_topic_closed={})

    async def reopens_thread(self, chat: Chat, thread: int = GENERAL) -> None:
        """Open a closed topic again."""
        chat.threads[thread].closed = False
        self._service(chat, thread=thread, forum_topic_reopened={})

    async def deletes_thread(self, chat: Chat, thread: int) -> None:
        """Delete a topic and what is in it; the bot is not told."""
        chat.threads[thread].deleted = True
        for message in chat.history.values():
            message.deleted = message.deleted or (message.in_topic and message.thread == thread)

    async def upgrades(self, group: Chat, *, order: Order = "to first") -> Chat:
        """Turn a basic group into a supergroup; `order`: in which order, or whether, the bot is told of both sides."""
        self._must_run(group)
        assert group.type == "group", f"« {group.title} » is no basic group"
        chat = self.world.add_chat("supergroup", group.title)
        chat.members, chat.seen_by_bot = dict(group.members), group.seen_by_bot
        group.migrated_to = chat.id
        tellings = {
            "to": lambda: self._service(group, migrate_to_chat_id=chat.id),
            "from": lambda: self._service(chat, in_name_of_chat=True, migrate_from_chat_id=group.id),
        }
        sides = {"to first": "to from", "from first": "from to", "to only": "to", "from only": "from", "silent": ""}
        for side in sides[order].split():
            tellings[side]()
        return chat

    def _must_run(self, chat: Chat, *, unless: bool = False) -> None:
        may = unless or chat.member(self.account).admin
        assert may, f"{self.account.first_name} may not do that in « {chat.title} »"

    def _set_bot(self, chat: Chat, member: Member) -> None:
        self._meets_bot()
        set_status(self.world, chat, member, by=self.account)

    def _meets_bot(self) -> None:
        self.world.chats[self.account.id].seen_by_bot = True

    def _service(
        self, chat: Chat, *, tell: bool = True, thread: int = GENERAL, in_name_of_chat: bool = False, **said: Any
    ) -> Message:
        place = {"thread": thread, "in_topic": True} if thread != GENERAL else {}
        author = {"sender": ANONYMOUS_ADMIN, "sender_chat": chat} if in_name_of_chat else {"sender": self.account}
        message = self.world.put(chat, service=said, **author, **place)
        if tell:
            self._tell_of(message)
        return message

    def _tell_of(self, message: Message) -> None:
        if reaches_bot(self.world, message):
            self._meets_bot()
            self.world.tell("message", message.as_json())
