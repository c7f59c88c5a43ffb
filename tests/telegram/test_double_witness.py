"""Whether all that the double emits is what the Bot API emits, by witnesses that did not write it.

The double checks each object against `schema` (written from the documentation) when it emits it. Here every kind of
update is made once and read by python-telegram-bot, which must know every field and give back the same object; and by
aiogram's types, which are strict about what is required.
"""

import contextlib
from copy import deepcopy

import aiogram.methods
import aiogram.types
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CommandHandler

from tests.telegram.double.calls import PARAMETERS
from tests.telegram.double.schema import faults_of

# Parameters that aiogram keeps from the past, and those of later versions than python-telegram-bot speaks: a bot that
# sends one of them is complained of.
NEWER_OR_OLDER = {
    *("allow_sending_without_reply", "disable_web_page_preview", "reply_to_message_id"),
    *("ephemeral_message_parameters", "receiver_user_id", "callback_query_id", "rich_message"),
}


@pytest.fixture
async def emitted(double, bot):
    """Every kind of update, and of message in it."""
    alice, bob = double.user("Alice", last_name="Meyer", username="alice"), double.user("Bob", language="")
    double.world.mailbox.allow(["message", "edited_message", "channel_post", "edited_channel_post"])
    double.world.mailbox.allow([*double.world.mailbox.allowed, "callback_query", "my_chat_member", "chat_member"])
    await talk(double, bot, alice)
    await meet(double, alice, bob)
    await publish(double, alice)
    return double.world.mailbox.emitted


async def talk(double, bot, alice):
    said = await alice.says(alice.private, "/start voir https://courrier.example/a")
    await alice.edits(said, "/start")
    file = await alice.sends_file(alice.private, "a.json", b"{}", caption="voici")
    await alice.forwards(file, alice.private)
    await alice.forwards(said, alice.private, hidden=True)
    keys = [InlineKeyboardButton("a", callback_data="x"), InlineKeyboardButton("b", url="https://courrier.example/")]
    await bot.send_message(
        alice.id,
        "<b>a</b> <a href='https://courrier.example/'>b</a><pre><code class='language-x'>c</code></pre>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup([keys]),
        disable_web_page_preview=True,
    )
    sent = double.messages(alice)[0]
    await alice.says(alice.private, "oui", reply_to=sent)
    await alice.presses(sent, "a")
    await alice.presses(sent, data="y", inaccessible=True)
    await alice.blocks_bot()


async def meet(double, alice, bob):
    group, forum = double.group("Rédaction", alice, bob), double.supergroup("Forum", alice, forum=True)
    for chat in (group, forum):
        await alice.adds_bot(chat)
    await bob.leaves(group)
    await bob.joins(forum)
    await alice.mutes_bot(forum)
    await alice.promotes_bot(forum, rights=["can_manage_topics"])
    await alice.promotes(forum, bob.account, anonymous=True)
    await alice.demotes(forum, bob.account)
    thread = await alice.opens_thread(forum, "Otan")
    said = await bob.says(forum, "/digest", thread=thread.id)
    await bob.says(forum, "/digest", reply_to=said)
    await alice.says(forum, "/digest", anonymous=True)
    await alice.closes_thread(forum, thread.id)
    await alice.reopens_thread(forum, thread.id)
    new = await alice.upgrades(group)
    await alice.kicks_bot(new)


async def publish(double, alice):
    channel = double.channel("Le Fil", alice, username="lefil")
    await alice.adds_bot(channel)
    post = await alice.posts(channel, "Une nouvelle")
    await alice.edits(post, "Une autre")
    group = double.with_bot(double.supergroup("Autre", alice), admin=True)
    await alice.forwards(post, group)
    await alice.forwards(await alice.says(group, "x", as_channel=channel), group)
    await alice.demotes_bot(channel)


async def test_every_kind_of_update_is_among_them(emitted):
    found = {key for update in emitted for key in update} - {"update_id"}
    messages = {key for update in emitted for key in update.get("message", {})}

    assert found == {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("callback_query", "my_chat_member", "chat_member"),
    }
    assert messages >= {
        *("document", "forward_origin", "reply_to_message", "sender_chat", "is_topic_message", "migrate_to_chat_id"),
        *("migrate_from_chat_id", "forum_topic_created", "forum_topic_closed", "forum_topic_reopened"),
        *("new_chat_members", "left_chat_member"),
    }


async def test_the_documentation_knows_every_field(emitted):
    assert [faults_of("Update", update) for update in emitted] == [[]] * len(emitted)


async def test_python_telegram_bot_reads_every_update_and_gives_it_back(emitted):
    for update in emitted:
        read = telegram.Update.de_json(deepcopy(update), None)
        assert lost(update, read.to_dict()) == []
        assert set(unknown_to_ptb(read)) <= {"can_send_welcome_messages"}  # the server is newer than the library


def lost(given, back, path="update"):
    """What of a JSON value does not come back as it was; more may come back (flags that are off)."""
    if isinstance(given, dict):
        return [loss for key, value in given.items() for loss in lost(value, back.get(key, {}), f"{path}.{key}")]
    if isinstance(given, list):
        pairs = zip(given, back, strict=True)
        return [loss for number, (one, other) in enumerate(pairs) for loss in lost(one, other, f"{path}.{number}")]
    return [] if given == back else [f"{path}: {given!r} came back as {back!r}"]


def unknown_to_ptb(value):
    """Fields anywhere in an object that python-telegram-bot has no name for."""
    found = list(value.api_kwargs)
    for name in value.__slots__:
        inner = getattr(value, name, None)
        for item in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(item, telegram.TelegramObject):
                found += unknown_to_ptb(item)
    return found


async def test_aiogram_reads_every_update_and_knows_every_field(emitted):
    for update in emitted:
        assert unknown_to_aiogram(aiogram.types.Update.model_validate(update)) == []


def unknown_to_aiogram(value):
    """Fields anywhere in an object that aiogram has no name for."""
    found = list(value.model_extra or {})
    for name in value.model_fields_set & set(type(value).model_fields):
        inner = getattr(value, name)
        for item in inner if isinstance(inner, list) else (inner,):
            if isinstance(item, aiogram.types.TelegramObject):
                found += unknown_to_aiogram(item)
    return found


@pytest.mark.parametrize("method", sorted(PARAMETERS))
def test_aiogram_knows_the_same_parameters(method):
    known = set(getattr(aiogram.methods, method[0].upper() + method[1:]).model_fields)

    assert known - PARAMETERS[method] <= NEWER_OR_OLDER


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("message", "date"), "hier", "Update.message.Message.date is not int: 'hier'"),
        (("message", "chat", "type"), "salon", "Update.message.Message.chat.Chat.type is unknown: 'salon'"),
        (("message", "colour"), 1, "Update.message.Message has the unknown field colour"),
        (("message", "from"), None, "Update.message.Message.from.User is no object: None"),
        (("message", "entities"), [], "Update.message.Message.entities is no list, or an empty one"),
        (("message", "chat", "first_name"), ..., "Update.message.Message.chat.Chat (private) lacks first_name"),
        (("message", "message_id"), ..., "Update.message.Message lacks message_id"),
    ],
)
async def test_a_wrong_object_is_found(emitted, path, value, fault):
    wrong = deepcopy(emitted[0])
    *outer, name = path
    place = wrong
    for step in outer:
        place = place[step]
    if value is ...:
        del place[name]
    else:
        place[name] = value

    assert faults_of("Update", wrong) == [fault]


async def test_a_whole_application_runs_on_it(double):
    """The updater of python-telegram-bot polls, the handler answers, and stopping confirms what was handled."""

    async def answer(update, context):
        await update.effective_message.reply_text(f"bonjour {context.args}")

    builder = Application.builder().token(double.token).base_url(double.base_url)
    application = builder.job_queue(None).build()
    application.add_handler(CommandHandler("start", answer))
    alice = double.user("Alice")
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=20)
        await alice.says(alice.private, "/start t_ukraine")
        message = await double.next_message(alice, 0)
        with contextlib.suppress(telegram.error.NetworkError):
            await application.updater.stop()
        await application.stop()

    assert message.text == "bonjour ['t_ukraine']"
    assert (double.world.mailbox.pending, double.refused, double.complaints) == ([], [], [])
