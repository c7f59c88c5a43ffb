"""Every method that the double speaks, by its documented name."""

from collections.abc import Callable
from typing import Any

from tests.telegram.double.calls import Call
from tests.telegram.double.methods import asking, editing, fetching, profile, sending
from tests.telegram.double.world import World

METHODS: dict[str, Callable[[World, Call], Any]] = {
    "getMe": asking.get_me,
    "getUpdates": fetching.get_updates,
    "setWebhook": fetching.set_webhook,
    "deleteWebhook": fetching.delete_webhook,
    "getWebhookInfo": fetching.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "getFile": sending.get_file,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "getChatMemberCount": asking.get_chat_member_count,
    "getChatAdministrators": asking.get_chat_administrators,
    "leaveChat": asking.leave_chat,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    **dict.fromkeys(("setMyName", "setMyDescription", "setMyShortDescription"), profile.set_text),
    **dict.fromkeys(("getMyName", "getMyDescription", "getMyShortDescription"), profile.get_text),
}
