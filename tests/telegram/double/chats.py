"""Accounts, chats, memberships and threads: what the world of one bot consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tests.telegram.double.messages import Message

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

GENERAL = 1  # the thread that every forum has; nobody may name it when sending

_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",  # newer than python-telegram-bot 22.8, which must not mind
)
_MORE_ADMIN_RIGHTS: Mapping[ChatType, tuple[str, ...]] = {
    "private": (),
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}
_MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str = ""
    username: str = ""
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """The User."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
        required = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return required | {name: value for name, value in optional.items() if value}


# The accounts in whose name Telegram shows those who do not speak as themselves.
ANONYMOUS_ADMIN = Account(1087968824, "Group", is_bot=True, username="GroupAnonymousBot")
AS_CHANNEL = Account(136817688, "Channel", is_bot=True, username="Channel_Bot")


@dataclass(slots=True)
class Member:
    """What an account is in a chat, and which rights it was given beside those of its status."""

    account: Account
    status: Status
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    @property
    def inside(self) -> bool:
        """Whether the account is in the chat."""
        return self.status in {"creator", "administrator", "member", "restricted"}

    @property
    def admin(self) -> bool:
        """Whether the account runs the chat."""
        return self.status in {"creator", "administrator"}

    def can(self, right: str) -> bool:
        """Whether an administrator has this right; the creator has all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def as_json(self, chat_type: ChatType) -> dict[str, Any]:
        """The ChatMember of this status."""
        body: dict[str, Any] = {"user": self.account.as_json(), "status": self.status}
        if self.admin:
            body["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            body["can_be_edited"] = False
            body |= {right: right in self.rights for right in admin_rights(chat_type)}
        elif self.status == "restricted":
            body |= {"is_member": True, "until_date": 0} | {right: right in self.rights for right in _MEMBER_RIGHTS}
        elif self.status == "kicked":
            body["until_date"] = 0
        return body


def admin_rights(chat_type: ChatType) -> tuple[str, ...]:
    """The rights that an administrator of such a chat can have."""
    return (*_ADMIN_RIGHTS, *_MORE_ADMIN_RIGHTS[chat_type])


@dataclass(slots=True)
class Thread:
    """A topic of a forum; its id is that of the service message that opened it."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A chat and all that happened in it."""

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    person: Account | None = None  # of a private chat
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    threads: dict[int, Thread] = field(default_factory=dict)
    history: dict[int, "Message"] = field(default_factory=dict, repr=False)
    last_message_id: int = 1  # supergroups and channels count for themselves, from the message of their creation on
    migrated_to: int | None = None
    deleted: bool = False
    started: bool = False  # private: the person has written first
    seen_by_bot: bool = False
    another_bot_spoke_last: bool = False

    @property
    def own_counter(self) -> bool:
        """Whether message ids are counted per chat: in private chats and basic groups they are the account's."""
        return self.type in {"supergroup", "channel"}

    def member(self, account: Account) -> Member:
        """What the account is here; `left` for strangers, as the server says of them."""
        return self.members.get(account.id) or Member(account, "left")

    def as_json(self) -> dict[str, Any]:
        """The Chat."""
        body: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.person is not None:
            names = {name: self.person.as_json().get(name) for name in ("first_name", "last_name", "username")}
        else:
            names = {"title": self.title, "username": self.username}
        body |= {name: value for name, value in names.items() if value}
        return body | ({"is_forum": True} if self.forum else {})
