"""getMe, getChat, getChatMember and their kin; leaveChat."""

from typing import Any

from tests.telegram.double.access import find_chat, may_read, must_be_in
from tests.telegram.double.calls import Call
from tests.telegram.double.chats import ANONYMOUS_ADMIN, AS_CHANNEL, Account, Chat, Member
from tests.telegram.double.refusals import bad
from tests.telegram.double.world import World


def get_me(world: World, _call: Call) -> dict[str, Any]:
    """The bot."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """The ChatFullInfo."""
    chat = _readable(world, call)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full: dict[str, Any] = {"accent_color_id": 0, "max_reaction_count": 11}
    return chat.as_json() | full | {"accepted_gift_types": dict.fromkeys(gifts, False)}


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    """What somebody is in a chat; who never was there has left."""
    chat = _readable(world, call)
    known = world.accounts | {account.id: account for account in (ANONYMOUS_ADMIN, AS_CHANNEL)}
    account = known.get(call.integer("user_id"))
    if account is None:
        raise bad("user not found")
    if chat.type == "channel" and account != world.bot and not world.me_in(chat).admin:
        raise bad("member list is inaccessible")
    return chat.member(account).as_json(chat.type)


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    """Who runs a chat, without other bots."""
    chat = _readable(world, call)
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    if chat.type == "channel" and not world.me_in(chat).admin:
        raise bad("member list is inaccessible")
    return [
        member.as_json(chat.type)
        for member in chat.members.values()
        if member.admin and (not member.account.is_bot or member.account == world.bot)
    ]


def get_chat_member_count(world: World, call: Call) -> int:
    """How many are in a chat."""
    return sum(member.inside for member in _readable(world, call).members.values())


def leave_chat(world: World, call: Call) -> bool:
    """Go, and be told so."""
    chat = find_chat(world, call)
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    must_be_in(world, chat)
    set_status(world, chat, Member(world.bot, "left"), by=world.bot)
    return True


def set_status(world: World, chat: Chat, new: Member, *, by: Account) -> None:
    """Give an account another status and tell the bot: of itself always, of others if it runs the chat."""
    old = chat.member(new.account)
    chat.members[new.account.id] = new
    mine = new.account == world.bot
    if mine:
        chat.seen_by_bot = True
    if not mine and not world.me_in(chat).admin:
        return
    change = {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": world.now,
        "old_chat_member": old.as_json(chat.type),
        "new_chat_member": new.as_json(chat.type),
    }
    world.tell("my_chat_member" if mine else "chat_member", change)


def _readable(world: World, call: Call) -> Chat:
    chat = find_chat(world, call)
    may_read(world, chat)
    return chat
