"""Objects of the Bot API as documented, and what is wrong with one: the double checks all that it emits.

A line names an object and its fields; `?` marks an optional one, `[…]` a list, `|` a choice. Fields that the double
never emits are left out on purpose: emitting one by mistake is then found as well.
"""

from collections.abc import Callable, Mapping
from typing import Any

_OBJECTS = """
Update: update_id:int message?:Message edited_message?:Message channel_post?:Message edited_channel_post?:Message
 callback_query?:CallbackQuery my_chat_member?:ChatMemberUpdated chat_member?:ChatMemberUpdated
User: id:int is_bot:bool first_name:str last_name?:str username?:str language_code?:str
Chat: id:int type:str title?:str username?:str first_name?:str last_name?:str is_forum?:true
Message: message_id:int date:int chat:Chat from?:User sender_chat?:Chat message_thread_id?:int is_topic_message?:true
 reply_to_message?:Message forward_origin?:MessageOrigin edit_date?:int text?:str entities?:[MessageEntity]
 link_preview_options?:LinkPreviewOptions document?:Document caption?:str caption_entities?:[MessageEntity]
 reply_markup?:InlineKeyboardMarkup new_chat_members?:[User] left_chat_member?:User new_chat_title?:str
 group_chat_created?:true supergroup_chat_created?:true channel_chat_created?:true migrate_to_chat_id?:int
 migrate_from_chat_id?:int forum_topic_created?:ForumTopicCreated forum_topic_closed?:Empty
 forum_topic_reopened?:Empty forum_topic_edited?:ForumTopicEdited
MessageEntity: type:str offset:int length:int url?:str language?:str custom_emoji_id?:str
Document: file_id:str file_unique_id:str file_name?:str mime_type?:str file_size?:int
LinkPreviewOptions: is_disabled?:bool url?:str prefer_small_media?:bool prefer_large_media?:bool show_above_text?:bool
InlineKeyboardMarkup: inline_keyboard:[[InlineKeyboardButton]]
InlineKeyboardButton: text:str url?:str callback_data?:str web_app?:any login_url?:any switch_inline_query?:str
 switch_inline_query_current_chat?:str switch_inline_query_chosen_chat?:any copy_text?:any callback_game?:any pay?:true
 style?:str icon_custom_emoji_id?:str
ForumTopicCreated: name:str icon_color:int
ForumTopicEdited: name?:str
Empty:
CallbackQuery: id:str from:User chat_instance:str message?:Message|Inaccessible data?:str
Inaccessible: message_id:int date:zero chat:Chat
MessageOrigin: type:str date:int sender_user?:User sender_user_name?:str sender_chat?:Chat chat?:Chat message_id?:int
 author_signature?:str
ChatMemberUpdated: chat:Chat from:User date:int old_chat_member:ChatMember new_chat_member:ChatMember
ChatMember: status:str user:User is_anonymous?:bool can_be_edited?:bool is_member?:bool until_date?:int
 can_manage_chat?:bool can_delete_messages?:bool can_manage_video_chats?:bool can_restrict_members?:bool
 can_promote_members?:bool can_change_info?:bool can_invite_users?:bool can_post_stories?:bool can_edit_stories?:bool
 can_delete_stories?:bool can_post_messages?:bool can_edit_messages?:bool can_pin_messages?:bool
 can_manage_topics?:bool can_send_messages?:bool can_send_audios?:bool can_send_documents?:bool can_send_photos?:bool
 can_send_videos?:bool can_send_video_notes?:bool can_send_voice_notes?:bool can_send_polls?:bool
 can_send_other_messages?:bool can_add_web_page_previews?:bool can_edit_tag?:bool
 can_react_to_messages?:bool can_send_welcome_messages?:bool
"""
# Fields that one of the kinds of an object must have, by the field and value that tell the kinds apart.
_BY_KIND = {
    "Chat": ("type", {"private": "first_name", **dict.fromkeys(("group", "supergroup", "channel"), "title")}),
    "MessageOrigin": (
        "type",
        {"user": "sender_user", "hidden_user": "sender_user_name", "chat": "sender_chat", "channel": "chat message_id"},
    ),
    "ChatMember": (
        "status",
        {
            "creator": "is_anonymous",
            "administrator": "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
            "can_edit_stories can_delete_stories can_send_welcome_messages",
            "member": "",
            "restricted": "is_member until_date can_send_messages can_send_documents can_send_other_messages "
            "can_add_web_page_previews can_edit_tag can_change_info can_invite_users can_pin_messages "
            "can_manage_topics can_react_to_messages",
            "left": "",
            "kicked": "until_date",
        },
    ),
}
_PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "true": lambda value: value is True,
    "zero": lambda value: value == 0 and not isinstance(value, bool),
    "any": lambda _value: True,
}


def _compiled() -> dict[str, dict[str, tuple[bool, str]]]:
    """Object → field → (required, type)."""
    objects: dict[str, dict[str, tuple[bool, str]]] = {}
    for line in _OBJECTS.strip().replace("\n ", " ").splitlines():
        name, _, fields = line.partition(":")
        objects[name] = {}
        for field in fields.split():
            label, _, kind = field.partition(":")
            objects[name][label.removesuffix("?")] = (not label.endswith("?"), kind)
    return objects


_FIELDS = _compiled()


def faults_of(name: str, value: Any, path: str = "") -> list[str]:
    """What contradicts the documentation in an object of this name; nothing when it is good."""
    where = f"{path}.{name}" if path else name
    if not isinstance(value, Mapping):
        return [f"{where} is no object: {value!r}"]
    fields = _FIELDS[name]
    found = [f"{where} lacks {field}" for field, (needed, _) in fields.items() if needed and field not in value]
    found += [f"{where} has the unknown field {field}" for field in value if field not in fields]
    for field, given in value.items():
        if field in fields:
            found += _faults(fields[field][1], given, f"{where}.{field}")
    return found + _faults_of_kind(name, value, where)


def _faults(kind: str, value: Any, path: str) -> list[str]:
    if "|" in kind:
        attempts = [_faults(choice, value, path) for choice in kind.split("|")]
        return min(attempts, key=len)
    if kind.startswith("["):
        if not isinstance(value, list) or not value:
            return [f"{path} is no list, or an empty one"]
        return [fault for item in value for fault in _faults(kind[1:-1], item, path)]
    if kind in _PLAIN:
        return [] if _PLAIN[kind](value) else [f"{path} is not {kind}: {value!r}"]
    return faults_of(kind, value, path)


def _faults_of_kind(name: str, value: Mapping[str, Any], where: str) -> list[str]:
    if name not in _BY_KIND:
        return []
    tell, kinds = _BY_KIND[name]
    kind = value.get(tell)
    if kind not in kinds:
        return [f"{where}.{tell} is unknown: {kind!r}"]
    return [f"{where} ({kind}) lacks {field}" for field in kinds[kind].split() if field not in value]
