"""Messages through the real python-telegram-bot: what is delivered, and what is refused in which words."""

import pytest
from telegram import InlineKeyboardButton as Key
from telegram import InlineKeyboardMarkup, InputFile, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.telegram.double import Button


def keyboard(*rows):
    return InlineKeyboardMarkup([[Key(text, callback_data=data) for text, data in row] for row in rows])


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


async def refused(sending):
    """The error of a call that must fail."""
    with pytest.raises((BadRequest, Forbidden)) as error:
        await sending
    assert error.value.__cause__ is None
    return error.value.message


async def test_a_message_is_delivered_with_all_that_it_carries(double, bot, alice):
    sent = await bot.send_message(
        alice.id,
        "<b>Sarlange</b> &amp; la <a href='https://courrier.example/1'>suite</a>",
        parse_mode="HTML",
        reply_markup=keyboard([("Plus", "m:1"), ("Moins", "m:2")]),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )

    (message,) = double.messages(alice)
    assert message.text == sent.text == "Sarlange & la suite"
    assert [(entity.type, entity.offset, entity.length, entity.url) for entity in message.entities] == [
        ("bold", 0, 8, ""),
        ("text_link", 14, 5, "https://courrier.example/1"),
    ]
    assert message.buttons == ((Button("Plus", "m:1"), Button("Moins", "m:2")),)
    assert message.preview == {"is_disabled": True}
    assert (message.silent, message.thread, message.units, message.edits) == (True, None, 19, [])
    assert (sent.message_id, sent.chat.id, sent.from_user.username) == (message.id, alice.id, "verbatim_bot")
    assert (double.refused, double.complaints) == ([], [])


async def test_entities_can_be_given_instead_of_markup(double, bot, alice):
    await bot.send_message(alice.id, "gras", entities=[MessageEntity("bold", 0, 4)])

    assert [entity.type for entity in double.messages(alice)[0].entities] == ["bold"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<p>x</p>", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("<b>x", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        (" \n ", "Message text is empty"),
        ("<b></b>", "Message text is empty"),
        ("🙂" * 4097, "Message is too long"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(double, bot, alice, text, problem):
    words = await refused(bot.send_message(alice.id, text, parse_mode="HTML"))

    assert words.lower() == problem.lower()
    assert double.messages() == []
    assert [(refusal.method, refusal.code) for refusal in double.refused] == [("sendMessage", 400)]


async def test_the_length_is_counted_in_characters_after_the_markup(double, bot, alice):
    await bot.send_message(alice.id, "<b>" + "🙂" * 4096 + "</b>", parse_mode="HTML")

    assert double.messages(alice)[0].units == 8192


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([[("a", "x" * 65)]], "Button_data_invalid"),
        ([[("a", "é" * 33)]], "Button_data_invalid"),
        ([[("a", "")]], "Button_data_invalid"),
        ([[(" ", "x")]], "Inline keyboard button text must be non-empty"),
        ([[("a", "x")] * 9], "Reply markup is too long"),
        ([[("a", "x")]] * 101, "Reply markup is too long"),
    ],
)
async def test_a_keyboard_that_telegram_refuses_is_refused(bot, alice, rows, problem):
    assert await refused(bot.send_message(alice.id, "x", reply_markup=keyboard(*rows))) == problem


async def test_sixty_four_bytes_and_a_hundred_buttons_pass(double, bot, alice):
    await bot.send_message(alice.id, "x", reply_markup=keyboard(*[[("a", "é" * 32)] * 8] * 12, [("a", "x")] * 4))

    assert len(double.messages(alice)[0].button_texts) == 100


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        (Key("a"), "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"),
        (Key("a", url="nulle part"), "Inline keyboard button url 'nulle part' is invalid: wrong http url"),
    ],
)
async def test_a_button_must_do_something_that_works(bot, alice, button, problem):
    words = await refused(bot.send_message(alice.id, "x", reply_markup=InlineKeyboardMarkup([[button]])))

    assert words.lower() == problem.lower()


async def test_a_message_goes_only_where_it_may(double, bot, alice):
    bob, carla, dora = double.user("Bob"), double.user("Carla"), double.user("Dora")
    group = double.with_bot(double.group("Rédaction", alice, bob))
    await bob.says(group, "/digest")
    await carla.says(carla.private, "/start")
    await carla.blocks_bot()
    await dora.says(dora.private, "/start")
    await dora.deletes_account()

    assert await refused(bot.send_message(424242, "x")) == "Chat not found"
    assert await refused(bot.send_message(bob.id, "x")) == "Forbidden: bot can't initiate conversation with a user"
    assert await refused(bot.send_message(carla.id, "x")) == "Forbidden: bot was blocked by the user"
    assert await refused(bot.send_message(dora.id, "x")) == "Forbidden: user is deactivated"


async def test_what_a_group_does_to_the_bot_is_what_the_bot_hears(double, bot, alice):
    group, forum = double.group("Rédaction", alice), double.supergroup("Forum", alice, forum=True)
    for chat in (group, forum):
        assert await refused(bot.send_message(chat.id, "x")) == "Chat not found"
        await alice.adds_bot(chat)
        await bot.send_message(chat.id, "bonjour")
        await alice.mutes_bot(chat)
        assert await refused(bot.send_message(chat.id, "x")) == "Not enough rights to send text messages to the chat"
        await alice.kicks_bot(chat)
    deleted = double.with_bot(double.group("Ancienne", alice))
    await alice.deletes_chat(deleted)
    left = double.with_bot(double.supergroup("Ailleurs", alice))
    await bot.leave_chat(left.id)

    assert await refused(bot.send_message(group.id, "x")) == "Forbidden: bot was kicked from the group chat"
    assert await refused(bot.send_message(forum.id, "x")) == "Forbidden: bot was kicked from the supergroup chat"
    assert await refused(bot.send_message(deleted.id, "x")) == "Forbidden: the group chat was deleted"
    assert await refused(bot.send_message(left.id, "x")) == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_channel_takes_posts_of_administrators_only(double, bot, alice):
    channel = double.channel("Le Fil", alice, username="lefil")
    assert await refused(bot.send_message("@lefil", "x")) == "Forbidden: bot is not a member of the channel chat"
    await alice.adds_bot(channel, rights=["can_manage_chat"])
    assert await refused(bot.send_message(channel.id, "x")) == "Need administrator rights in the channel chat"
    await alice.promotes_bot(channel)

    post = await bot.send_message("@lefil", "bonjour")

    assert (post.sender_chat.id, post.from_user) == (channel.id, None)


async def test_a_group_that_was_upgraded_names_its_new_id(double, bot, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    new = await alice.upgrades(group)

    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(group.id, "x")
    await bot.send_message(new.id, "x")

    assert (error.value.new_chat_id, error.value.__cause__) == (new.id, None)
    assert [message.chat for message in double.messages()] == [new]


async def test_threads_can_be_missing_closed_or_general(double, bot, alice):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    plain = double.with_bot(double.supergroup("Sans fils", alice))
    thread = await alice.opens_thread(forum, "Otan")

    sent = await bot.send_message(forum.id, "dans le fil", message_thread_id=thread.id)
    await bot.send_message(forum.id, "dans le général")

    assert (sent.message_thread_id, sent.is_topic_message) == (thread.id, True)
    assert [message.thread for message in double.messages(forum)] == [thread.id, None]
    for chat, number in ((forum, 1), (forum, 999), (plain, thread.id), (alice, 5)):
        words = await refused(bot.send_message(chat.id, "x", message_thread_id=number))
        assert words == "Message thread not found"
    await alice.closes_thread(forum, thread.id)
    assert await refused(bot.send_message(forum.id, "x", message_thread_id=thread.id)) == "Topic_closed"
    await alice.closes_thread(forum)
    assert await refused(bot.send_message(forum.id, "x")) == "Topic_closed"
    await alice.reopens_thread(forum, thread.id)
    await bot.send_message(forum.id, "de nouveau", message_thread_id=thread.id)
    await alice.deletes_thread(forum, thread.id)
    assert await refused(bot.send_message(forum.id, "x", message_thread_id=thread.id)) == "Message thread not found"
    assert [message.deleted for message in double.messages(forum)] == [True, False, True]


async def test_an_answer_needs_its_question(bot, alice):
    question = await alice.says(alice.private, "alors ?")
    sent = await bot.send_message(alice.id, "voici", reply_parameters=ReplyParameters(question.id))
    gone = ReplyParameters(999)
    anyway = ReplyParameters(999, allow_sending_without_reply=True)

    assert sent.reply_to_message.text == "alors ?"
    assert await refused(bot.send_message(alice.id, "x", reply_parameters=gone)) == "Message to be replied not found"
    assert (await bot.send_message(alice.id, "x", reply_parameters=anyway)).reply_to_message is None


async def test_files_go_both_ways(double, bot, alice):
    content = "é\n".encode() * 5000
    sent = await bot.send_document(
        alice.id, InputFile(content, "réglages.json"), caption="<b>Tout</b>", parse_mode="HTML"
    )
    received = await alice.sends_file(alice.private, "ailleurs.json", b"{}", caption="voici")
    downloaded = await (await bot.get_file(received.document.id)).download_as_bytearray()
    again = await bot.send_document(alice.id, sent.document.file_id)

    message = double.messages(alice)[0]
    assert (message.document.name, message.document.content, message.text) == ("réglages.json", content, "Tout")
    assert (bytes(downloaded), again.document.file_id) == (b"{}", sent.document.file_id)
    assert await refused(bot.send_document(alice.id, "inconnu")) == "Wrong file identifier"
    assert await refused(bot.get_file("inconnu")) == "Wrong file_id or the file is temporarily unavailable"
    assert await refused(bot.send_document(alice.id, content, caption="x" * 1025)) == "Message caption is too long"
    assert double.complaints == []


async def test_what_nobody_can_have_meant_is_complained_of(double, bot, alice):
    await bot.send_message(alice.id, "x", allow_paid_broadcast=True, api_kwargs={"colour": "blue"})
    await bot.send_message(alice.id, "<a href='ici'>x</a>", parse_mode="HTML")
    await refused(bot.send_message(alice.id, "*x*", parse_mode="Markdown"))

    assert double.complaints == [
        "sendMessage: the Bot API has no parameter « colour » here",
        "sendMessage: allow_paid_broadcast costs Stars",
        "sendMessage: a link to « ici » is dropped without a word",
        "sendMessage: parse_mode « Markdown » is not spoken by the double",
    ]


async def test_typing_is_recorded(double, bot, alice):
    await bot.send_chat_action(alice.id, "typing")

    assert double.world.actions == [(alice.id, "typing")]
    assert await refused(bot.send_chat_action(alice.id, "thinking")) == "Wrong parameter action in request"
