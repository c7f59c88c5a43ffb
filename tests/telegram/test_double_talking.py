"""Updates through the real python-telegram-bot: polling, callbacks, groups, channels, threads, upgrades, webhooks."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest


async def updates(bot, **asked):
    """What the bot gets, all of it confirmed."""
    found = await bot.get_updates(**asked)
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    return found


async def kinds(bot):
    """What kind of updates wait, confirmed."""
    return [next(key for key in update.to_dict() if key != "update_id") for update in await updates(bot)]


@pytest.fixture
def alice(double):
    return double.user("Alice", last_name="Meyer", username="alice", language="fr")


async def test_a_person_is_heard_with_name_language_and_command(bot, alice):
    said = await alice.says(alice.private, "/start t_ukraine")

    (update,) = await updates(bot)
    message = update.message
    assert (message.text, message.message_id, message.chat.type) == ("/start t_ukraine", said.id, "private")
    assert (message.from_user.id, message.from_user.full_name, message.from_user.language_code) == (
        alice.id,
        "Alice Meyer",
        "fr",
    )
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [("bot_command", 0, 6)]


async def test_a_button_is_answered_once_and_soon(double, bot, alice, clock):
    await alice.says(alice.private, "/start")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Otan", callback_data="t:12:1")]])
    await bot.send_message(alice.id, "Thèmes", reply_markup=keyboard)
    await updates(bot)
    press = await alice.presses(double.messages(alice)[0], "Otan")

    (update,) = await updates(bot)
    query = update.callback_query
    assert (query.data, query.from_user.id, query.message.text, query.message.reply_markup) == (
        "t:12:1",
        alice.id,
        "Thèmes",
        keyboard,
    )
    await query.answer("Ajouté")
    assert (press.answered, press.text) == (True, "Ajouté")
    for late in (query.id, "12345", await pressed_long_ago(double, alice, clock)):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(late)


async def pressed_long_ago(double, alice, clock):
    press = await alice.presses(double.messages(alice)[0], "Otan")
    clock.now += 61
    return press.id


async def test_a_tampered_client_can_send_any_data_and_old_messages_are_inaccessible(double, bot, alice):
    await alice.says(alice.private, "/start")
    await bot.send_message(alice.id, "Thèmes")
    await updates(bot)
    message = double.messages(alice)[0]
    with pytest.raises(AssertionError, match="no button « Otan »"):
        await alice.presses(message, "Otan")
    await alice.presses(message, data="t:13:1", inaccessible=True)

    (update,) = await updates(bot)
    assert (update.callback_query.data, update.callback_query.message.is_accessible) == ("t:13:1", False)


async def test_in_a_group_only_what_is_meant_for_the_bot_is_heard(double, bot, alice):
    bob = double.user("Bob")
    group = double.with_bot(double.supergroup("Rédaction", alice, bob))
    sent = await bot.send_message(group.id, "bonjour")
    mine = double.messages(group)[0]
    for text in (
        "salut",
        "/digest",
        "/digest@verbatim_bot 24h",
        "/digest@autre_bot",
        "@verbatim_bot ?",
        "voir /digest",
    ):
        await bob.says(group, text)
    await bob.says(group, "merci", reply_to=mine)
    heard = [update.message.text for update in await updates(bot)]

    assert heard == ["/digest", "/digest@verbatim_bot 24h", "merci"]
    assert mine.id == sent.message_id
    await alice.promotes_bot(group)
    await bob.says(group, "salut")
    assert await kinds(bot) == ["my_chat_member", "message"]


async def test_after_another_bot_a_bare_command_is_not_for_us(double, bot, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    group.another_bot_spoke_last = True
    await alice.says(group, "/digest")
    await bot.send_message(group.id, "moi")
    await alice.says(group, "/digest")

    assert len(await updates(bot)) == 1


async def test_an_anonymous_administrator_speaks_as_the_group(double, bot, alice):
    bob = double.user("Bob")
    channel = double.channel("Le Fil", bob)
    group = double.with_bot(double.supergroup("Rédaction", alice, bob))
    await alice.says(group, "/digest", anonymous=True)
    await bob.says(group, "/digest", as_channel=channel)
    with pytest.raises(AssertionError, match="Bob is no administrator"):
        await bob.says(group, "/digest", anonymous=True)

    spoken = [(update.message.from_user.username, update.message.sender_chat.id) for update in await updates(bot)]
    assert spoken == [("GroupAnonymousBot", group.id), ("Channel_Bot", channel.id)]
    assert (await bot.get_chat_member(group.id, 1087968824)).status == "left"


async def test_who_runs_a_chat_can_be_asked(double, bot, alice):
    bob, carla = double.user("Bob"), double.user("Carla")
    group = double.with_bot(double.supergroup("Rédaction", alice, bob, carla))
    await alice.promotes(group, bob.account)
    chat = await bot.get_chat(group.id)

    assert (chat.title, chat.type) == ("Rédaction", "supergroup")
    statuses = [(await bot.get_chat_member(group.id, person.id)).status for person in (alice, bob, carla)]
    assert statuses == ["creator", "administrator", "member"]
    assert {member.user.id for member in await bot.get_chat_administrators(group.id)} == {alice.id, bob.id}
    assert await bot.get_chat_member_count(group.id) == 4
    await alice.demotes(group, bob.account)
    assert (await bot.get_chat_member(group.id, bob.id)).status == "member"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.id, 5)
    await alice.says(alice.private, "/start")
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(alice.id)


async def test_a_channel_tells_of_itself_and_its_posts_can_be_forwarded(double, bot, alice):
    channel = double.channel("Le Fil", alice)
    await alice.adds_bot(channel)
    post = await alice.posts(channel, "Une nouvelle")
    await alice.edits(post, "Une autre")
    await alice.forwards(post, alice.private)

    change, posted, edited, forwarded = await updates(bot)
    assert change.my_chat_member.new_chat_member.can_post_messages is True
    assert (posted.channel_post.text, posted.channel_post.from_user) == ("Une nouvelle", None)
    assert edited.edited_channel_post.text == "Une autre"
    origin = forwarded.message.forward_origin
    assert (origin.type, origin.chat.id, origin.message_id) == ("channel", channel.id, post.id)


async def test_threads_are_told_with_their_number(double, bot, alice):
    forum = double.supergroup("Forum", alice, forum=True)
    await alice.adds_bot(forum)
    thread = await alice.opens_thread(forum, "Otan")
    await alice.says(forum, "/digest", thread=thread.id)
    await alice.says(forum, "/digest")
    await bot.send_message(forum.id, "général")
    await alice.says(forum, "merci", reply_to=double.messages(forum)[0])

    told = [update.message for update in await updates(bot) if update.message]
    placed = [(message.message_thread_id, bool(message.is_topic_message)) for message in told[1:]]
    assert placed == [(thread.id, True), (thread.id, True), (None, False), (double.messages(forum)[0].id, False)]
    assert told[1].forum_topic_created.name == "Otan"
    assert told[2].reply_to_message.forum_topic_created.name == "Otan"


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("to first", ["to", "from"]),
        ("from first", ["from", "to"]),
        ("to only", ["to"]),
        ("from only", ["from"]),
        ("silent", []),
    ],
)
async def test_an_upgrade_is_told_in_any_order_or_not_at_all(double, bot, alice, order, told):
    group = double.with_bot(double.group("Rédaction", alice))
    new = await alice.upgrades(group, order=order)

    found = [update.message for update in await updates(bot)]
    sides = {"to": (group.id, new.id, None), "from": (new.id, None, group.id)}
    assert [(m.chat.id, m.migrate_to_chat_id, m.migrate_from_chat_id) for m in found] == [sides[side] for side in told]


async def test_message_numbers_are_the_accounts_or_the_chats(double, bot, alice):
    one, two = (double.with_bot(double.supergroup(title, alice)) for title in ("Un", "Deux"))
    group = double.with_bot(double.group("Trois", alice))
    await alice.says(alice.private, "/start")
    ids = [(await bot.send_message(chat, "x")).message_id for chat in (one.id, two.id, alice.id, group.id)]

    assert ids[0] == ids[1]
    assert ids[2] < ids[3]


async def test_coming_and_going_is_told(double, bot, alice):
    group, forum = double.group("Rédaction", alice), double.supergroup("Forum", alice)
    await alice.adds_bot(group)
    await alice.kicks_bot(group)
    await alice.adds_bot(forum)
    await alice.mutes_bot(forum)
    await bot.leave_chat(forum.id)
    await alice.blocks_bot()
    await alice.unblocks_bot()

    found = await updates(bot)
    changes = [update.my_chat_member for update in found if update.my_chat_member]
    assert [(change.chat.id, change.old_chat_member.status, change.new_chat_member.status) for change in changes] == [
        (group.id, "left", "member"),
        (group.id, "member", "kicked"),
        (forum.id, "left", "member"),
        (forum.id, "member", "restricted"),
        (forum.id, "restricted", "left"),
        (alice.id, "member", "kicked"),
        (alice.id, "kicked", "member"),
    ]
    service = [update.message for update in found if update.message]
    assert [(bool(message.new_chat_members), bool(message.left_chat_member)) for message in service] == [
        (True, False),
        (False, True),
        (True, False),
    ]
