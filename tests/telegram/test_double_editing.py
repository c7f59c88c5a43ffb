"""Edits and deletions through the real python-telegram-bot."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest


def keyboard(text, data):
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


async def refused(sending):
    """The words with which a call is refused."""
    with pytest.raises(BadRequest) as error:
        await sending
    return error.value.message


async def test_an_edit_replaces_text_and_keyboard_and_keeps_the_history(double, bot, alice):
    sent = await bot.send_message(alice.id, "un", reply_markup=keyboard("a", "x"))
    await sent.edit_text("<b>deux</b>", parse_mode="HTML")
    await sent.edit_reply_markup(keyboard("b", "y"))

    (message,) = double.messages(alice)
    assert (message.text, message.button_texts) == ("deux", ["b"])
    assert [(edit.body.text, [row[0].text for row in edit.buttons]) for edit in message.edits] == [
        ("un", ["a"]),
        ("deux", []),
    ]


async def test_edits_that_change_nothing_or_not_the_bots_own_are_refused(bot, alice):
    asked = await alice.says(alice.private, "bonjour")
    sent = await bot.send_message(alice.id, "<b>un</b>", parse_mode="HTML", reply_markup=keyboard("a", "x"))
    same = {"parse_mode": "HTML", "reply_markup": keyboard("a", "x")}

    assert (await refused(sent.edit_text("<strong>un</strong> ", **same))).startswith(
        "Message is not modified: specified new message content and reply markup are exactly the same"
    )
    assert await refused(bot.edit_message_text("x", alice.id, 999)) == "Message to edit not found"
    assert await refused(bot.edit_message_text("x", alice.id, asked.id)) == "Message can't be edited"
    await sent.delete()
    assert await refused(sent.edit_text("x")) == "Message to edit not found"
    assert await refused(bot.delete_message(alice.id, sent.message_id)) == "Message to delete not found"


async def test_messages_older_than_two_days_stay(double, bot, alice, clock):
    first, second = [await bot.send_message(alice.id, text) for text in ("un", "deux")]
    await first.delete()
    clock.now += 48 * 3600 + 1

    assert await refused(second.delete()) == "Message can't be deleted"
    assert [message.deleted for message in double.messages(alice)] == [True, False]


async def test_of_others_only_administrators_delete(double, bot, alice):
    group = double.with_bot(double.supergroup("Rédaction", alice))
    said = await alice.says(group, "/digest")

    assert await refused(bot.delete_message(group.id, said.id)) == "Message can't be deleted"
    await alice.promotes_bot(group)
    await bot.delete_messages(group.id, [said.id, 999])
    assert said.deleted
