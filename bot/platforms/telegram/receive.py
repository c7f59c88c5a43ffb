"""Pure: a Telegram update → what the core hears of it, or nothing.

Nothing is the answer to whatever is not meant for us: a bot that was made administrator receives every word of a group,
and none of it may go further than this module. Meant for us are commands (with our name, or one that we know), presses
on our buttons, everything that is written to us in private, answers to a message of ours, and what becomes of us in a
chat.
"""

from datetime import datetime
from typing import get_args

import telegram
from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    MessageOriginChannel,
    Update,
    User,
)

from bot.domain.commands import parse_command
from bot.domain.model import Chat
from bot.domain.talk import ChannelSeen, ChatEvent, ChatEventKind, ChatKind, Incoming, Place, Sender
from bot.platforms.telegram.documents import upload_of

PLATFORM = "telegram"
ADMINS = (ChatMember.ADMINISTRATOR, ChatMember.OWNER)

Heard = Incoming | ChatEvent | ChannelSeen

_KINDS = get_args(ChatKind)


def read_update(update: Update, username: str, now: datetime) -> tuple[Heard, ...]:
    """What the core hears of an update; empty for all that is not meant for us, edited messages included."""
    if update.callback_query:
        return _press(update.callback_query, now)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    message = update.message or update.channel_post
    return _message(message, username) if message else ()


# --- messages --------------------------------------------------------------------------------------------------------


def _message(message: Message, username: str) -> tuple[Heard, ...]:
    moved = _migration(message)
    if moved:
        return (moved,)
    sender = _sender(message)
    # A channel's posts come a second time into its discussion group; and bots do not command bots.
    if sender is None or message.is_automatic_forward or message.chat.type not in _KINDS:
        return ()
    place = _place(message)
    if place.kind == "private" and isinstance(message.forward_origin, MessageOriginChannel):
        channel = message.forward_origin.chat
        return (ChannelSeen(place, sender, message.date, _chat(channel), channel.title or ""),)
    text = message.text or message.caption or ""
    ours = place.kind == "private" or _answers_us(message, username)
    if not ours:
        text = _meant(text, username)
    file = upload_of(message) if ours or text else None
    if not text and file is None:
        return ()
    return (Incoming(place, sender, message.date, text=text, message_id=str(message.message_id), file=file),)


def _answers_us(message: Message, username: str) -> bool:
    """Whether it is an answer to a message of ours: the words of a dialogue in a group, which hides all others."""
    answered = message.reply_to_message
    author = answered.from_user if answered else None
    return bool(author and author.is_bot and username and author.username == username)


def _meant(text: str, username: str) -> str:
    """The text, or "" where it is not meant for us: elsewhere than in private only commands and answers can be."""
    command = parse_command(text, username)
    if command is None:
        return ""
    # Without a name behind it, a command that we do not know is some other bot's.
    return text if command.name != "unknown" or "@" in text.split(maxsplit=1)[0] else ""


def _migration(message: Message) -> ChatEvent | None:
    """The two service messages of a group that became a supergroup: one in each of them."""
    here = str(message.chat.id)
    title = message.chat.title or ""
    if message.migrate_to_chat_id:
        chat, new_id = Chat(PLATFORM, here), str(message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        chat, new_id = Chat(PLATFORM, str(message.migrate_from_chat_id)), here
    else:
        return None
    return ChatEvent("moved", chat, new_id, title, "supergroup")


def _sender(message: Message) -> Sender | None:
    """Who wrote it; administrators may do so as the group, and channels have no other author. None for bots."""
    speaker, user = message.sender_chat, message.from_user
    if speaker is not None:
        itself = speaker.id == message.chat.id
        return Sender(str(speaker.id), speaker.title or "", user.language_code or "" if user else "", anonymous=itself)
    return None if user is None or user.is_bot else _person(user)


def _person(user: User) -> Sender:
    return Sender(str(user.id), user.full_name, user.language_code or "")


def _place(message: Message) -> Place:
    # Outside of real threads the number is that of a reply, and changes (DELIVERY.md 2.1).
    thread = message.message_thread_id if message.is_topic_message and message.chat.type == "supergroup" else None
    return _place_in(message.chat, "" if thread is None else str(thread))


def _place_in(chat: telegram.Chat, thread: str = "") -> Place:
    return Place(Chat(PLATFORM, str(chat.id), thread), _kind(chat), chat.title or "")


def _kind(chat: telegram.Chat) -> ChatKind:
    kinds: dict[str, ChatKind] = {kind: kind for kind in _KINDS}
    return kinds.get(chat.type, "private")


def _chat(chat: telegram.Chat) -> Chat:
    return Chat(PLATFORM, str(chat.id))


# --- presses ---------------------------------------------------------------------------------------------------------


def _press(query: CallbackQuery, now: datetime) -> tuple[Heard, ...]:
    """A button of ours was pressed; the chat is the one in which the message stands, whatever the data say."""
    message = query.message
    if message is None or not query.data or message.chat.type not in _KINDS:
        return ()
    place = _place(message) if isinstance(message, Message) else _place_in(message.chat)
    incoming = Incoming(place, _person(query.from_user), now, press=query.data, message_id=str(message.message_id))
    return (incoming,)


# --- ourselves -------------------------------------------------------------------------------------------------------


def _membership(change: ChatMemberUpdated) -> tuple[Heard, ...]:
    """We were let in, put out, or made administrator; in and made one at once where somebody adds us as such."""
    old, new = change.old_chat_member, change.new_chat_member
    happened: tuple[tuple[ChatEventKind, bool], ...] = (
        ("gone", _inside(old) and not _inside(new)),
        ("back", _inside(new) and not _inside(old)),
        ("promoted", new.status in ADMINS and old.status not in ADMINS),
    )
    chat, title, kind, by = _chat(change.chat), change.chat.title or "", _kind(change.chat), _person(change.from_user)
    return tuple(ChatEvent(what, chat, "", title, kind, by) for what, true in happened if true)


def _inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}
