"""Listening over real HTTP: presses answered, menus edited, faults outlived, a stop that repeats and loses nothing."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.domain.errors import ConfigError, StoreError
from bot.domain.model import Chat
from bot.domain.talk import Button, ChatEvent, Place, Reply, Sender
from bot.platforms.telegram import Menu, Signboard, TelegramPlatform
from bot.services.pace import Pacer
from tests.platforms.telegram.conftest import NAMES, NOW, TEXTS, Core, Waits, listening
from tests.platforms.telegram.test_render import digest, many
from tests.telegram.double import DROP, TOKEN, TelegramDouble, page, refusing, slow_down
from tests.telegram.double.wire import Answer, Wire

MENU = Reply(
    "Thèmes", ("Touchez pour changer",), buttons=((Button("Otan", "t:1"), Button("Aide", url="https://t.me/x")),)
)


@pytest.fixture
def alice(double):
    return double.user("Alice")


async def menu(double, core, alice, chat=None):
    """The menu, as Alice was given it."""
    core.replies = (MENU,)
    place = chat or alice.private
    await alice.says(place, "/topics")
    return await double.next_message(place, 0)


# --- commands --------------------------------------------------------------------------------------------------------


async def test_a_command_is_answered_in_its_chat_with_buttons(double, platform, alice):
    async with listening(platform, Core(MENU)) as core:
        await alice.says(alice.private, "/topics")
        answer = await double.next_message(alice, 0)

    assert answer.text == "Thèmes\nTouchez pour changer"
    assert [(b.text, b.data, b.url) for row in answer.buttons for b in row] == [
        ("Otan", "t:1", ""),
        ("Aide", "", "https://t.me/x"),
    ]
    assert answer.preview == {"is_disabled": True}
    assert [one.text for one in core.heard] == ["/topics"]
    assert (double.refused, double.complaints) == ([], [])


async def test_in_a_thread_the_answer_stays_there(double, platform, alice):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    async with listening(platform, Core(MENU)):
        await alice.says(forum, "/topics", thread=thread.id)
        assert (await double.next_message(forum, 0)).thread == thread.id


async def test_a_digest_on_demand_comes_in_all_its_parts_with_the_keyboard_under_the_last(double, platform, alice):
    button = Button("+9 autres", "m:1")
    edition = digest(*many(90))
    async with listening(platform, Core(Reply(digest=edition, buttons=((button,),)))):
        await alice.says(alice.private, "/digest")
        parts = len(platform.render(edition))
        await double.next_message(alice, parts - 1)

    assert [arrived.button_texts for arrived in double.messages(alice)] == [[]] * (parts - 1) + [["+9 autres"]]


async def test_what_is_not_for_us_reaches_nobody_and_no_log(double, platform, alice, caplog):
    caplog.set_level("DEBUG", logger="bot")
    group = double.with_bot(double.supergroup("Rédaction", alice), admin=True)
    async with listening(platform, Core(MENU)) as core:
        await alice.says(group, "un mot très privé")
        await alice.says(group, "/topics")
        await double.next_message(group, 0)

    assert [one.text for one in core.heard] == ["/topics"]
    assert "privé" not in caplog.text


async def test_commands_of_one_chat_are_taken_in_order_and_a_slow_chat_delays_nobody(double, platform, alice):
    bob = double.user("Bob")
    gate = asyncio.Event()

    class Slow(Core):
        async def hear(self, incoming):
            if incoming.text == "/digest lent":
                await gate.wait()
            self.heard.append(incoming)
            return (Reply(incoming.text),)

    async with listening(platform, Slow()) as core:
        for text in ("/digest lent", "/digest deux", "/digest trois"):
            await alice.says(alice.private, text)
        await bob.says(bob.private, "/aide")
        await double.next_message(bob, 0)
        assert [one.text for one in core.heard] == ["/aide"]
        gate.set()
        await double.next_message(alice, 2)

    assert [arrived.text for arrived in double.messages(alice)] == ["/digest lent", "/digest deux", "/digest trois"]


async def test_a_bug_in_one_answer_ends_nothing_and_shows_no_traceback(double, platform, alice, caplog):
    class Broken(Core):
        async def hear(self, incoming):
            if incoming.text == "/un":
                raise RuntimeError("a bug")
            return (Reply("deux"),)

    async with listening(platform, Broken()):
        await alice.says(alice.private, "/un")
        await alice.says(alice.private, "/deux")
        await double.next_message(alice, 0)

    assert [arrived.text for arrived in double.messages(alice)] == ["deux"]
    assert "an update could not be answered" in caplog.text


async def test_a_store_that_fails_is_one_line_in_the_log(double, platform, alice, caplog):
    class Full(Core):
        async def hear(self, incoming):
            if incoming.text == "/un":
                raise StoreError("the disk is full")
            return (Reply("deux"),)

    async with listening(platform, Full()):
        await alice.says(alice.private, "/un")
        await alice.says(alice.private, "/deux")
        await double.next_message(alice, 0)

    assert "an update could not be answered: the disk is full" in caplog.text
    assert "Traceback" not in caplog.text


async def test_every_reply_counts_in_the_pace(double, waits, alice):
    pacer = Pacer(25)
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, waits, api_url=double.address, pacer=pacer)
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)
    await platform.close()

    assert pacer.next_at(str(alice.id), NOW) == NOW + timedelta(seconds=1)


# --- presses ---------------------------------------------------------------------------------------------------------


async def test_a_press_is_answered_first_with_its_toast_and_the_menu_changes_in_place(double, platform, alice):
    async with listening(platform, Core()) as core:
        under = await menu(double, core, alice)
        core.replies = (Reply("Thèmes", ("Otan ✓",), edits=True, toast="Ajouté"),)
        press = await alice.presses(under, "Otan")
        await double.until(lambda: under.edits)

    assert press.text == "Ajouté"
    assert under.text == "Thèmes\nOtan ✓"
    assert len(double.messages(alice)) == 1
    order = [call.method for call in double.calls if call.method in {"answerCallbackQuery", "editMessageText"}]
    assert order == ["answerCallbackQuery", "editMessageText"]


async def test_a_menu_that_does_not_change_is_no_failure(double, platform, alice):
    async with listening(platform, Core()) as core:
        under = await menu(double, core, alice)
        core.replies = (Reply(MENU.title, MENU.lines, buttons=MENU.buttons, edits=True),)
        presses = [await alice.presses(under, "Otan") for _ in range(2)]
        await double.until(
            lambda: all(press.answered for press in presses) and len(double.called("editMessageText")) == 2
        )

    assert all("message is not modified" in refused.description for refused in double.refused)
    assert len(double.messages(alice)) == 1


async def test_a_menu_that_is_gone_is_sent_anew_in_the_same_thread(double, platform, alice):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    async with listening(platform, Core()) as core:
        core.replies = (MENU,)
        await alice.says(forum, "/topics", thread=thread.id)
        under = await double.next_message(forum, 0)
        under.deleted = True
        core.replies = (Reply("Thèmes", ("Otan ✓",), edits=True),)
        press = await alice.presses(under, data="t:1")
        anew = await double.next_message(forum, 1)

    assert (anew.text, anew.thread) == ("Thèmes\nOtan ✓", thread.id)
    assert press.answered


async def test_a_slow_press_is_answered_within_a_second_and_its_toast_said_later(double, platform, alice, monkeypatch):
    monkeypatch.setattr("bot.platforms.telegram.answer.AT_ONCE", timedelta(seconds=0.05))
    gate = asyncio.Event()

    class Slow(Core):
        async def hear(self, incoming):
            if incoming.press:
                await gate.wait()
            return await super().hear(incoming)

    async with listening(platform, Slow()) as core:
        under = await menu(double, core, alice)
        core.replies = (Reply(toast="Effacé"),)
        press = await alice.presses(under, "Otan")
        await double.until(lambda: press.answered)
        assert press.text == ""
        gate.set()
        assert (await double.next_message(alice, 1)).text == "Effacé"

    assert len(double.called("answerCallbackQuery")) == 1


async def test_a_press_that_meets_a_bug_is_answered_all_the_same(double, platform, alice, caplog):
    class Broken(Core):
        async def hear(self, incoming):
            if incoming.press == "t:2":
                return (Reply("x", buttons=((Button("x", "é" * 40),),)),)
            if incoming.press:
                raise RuntimeError("a bug")
            return await super().hear(incoming)

    async with listening(platform, Broken()) as core:
        under = await menu(double, core, alice)
        presses = [await alice.presses(under, data=data) for data in ("t:1", "t:2")]
        await double.until(lambda: all(press.answered for press in presses))

    assert caplog.text.count("an update could not be answered") == 2
    assert len(double.called("answerCallbackQuery")) == 2


async def test_a_press_from_before_a_restart_still_changes_the_menu(double, platform, alice):
    async with listening(platform, Core()) as core:
        under = await menu(double, core, alice)
        double.faults.order(
            refusing(400, "query is too old and response timeout expired"), method="answerCallbackQuery"
        )
        core.replies = (Reply("Thèmes", ("Otan ✓",), edits=True),)
        await alice.presses(under, "Otan")
        await double.until(lambda: under.edits)

    assert under.text == "Thèmes\nOtan ✓"


async def test_several_replies_to_a_press_are_one_edit_one_toast_and_new_messages(double, platform, alice):
    async with listening(platform, Core()) as core:
        under = await menu(double, core, alice)
        core.replies = (
            Reply("Prêt", edits=True, toast="Abonné"),
            Reply(digest=digest(*many(2)), edits=True),
            Reply("Suite"),
        )
        press = await alice.presses(under, "Otan")
        await double.next_message(alice, 2)

    assert (press.text, under.text) == ("Abonné", "Prêt")
    assert [arrived.text.split("\n")[0][:6] for arrived in double.messages(alice)] == ["Prêt", "🗞 OTAN", "Suite"]


# --- failures of replies ---------------------------------------------------------------------------------------------


async def test_too_many_is_waited_out_and_the_answer_comes(double, platform, alice, waits):
    double.faults.order(slow_down(3))
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)

    assert waits.seconds == [3]


async def test_a_lost_answer_is_not_repeated(double, platform, alice):
    async with listening(platform, Core(Reply("oui"))) as core:
        fault = double.faults.order(DROP)
        await alice.says(alice.private, "/aide")
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)

    assert (fault.met, len(double.messages(alice)), len(core.heard)) == (1, 1, 2)


async def test_who_blocks_in_the_middle_is_told_to_the_core(double, platform, alice):
    class Blocked(Core):
        async def hear(self, incoming):
            await super().hear(incoming)
            await alice.blocks_bot()
            return (Reply("trop tard"),)

    async with listening(platform, Blocked()) as core:
        await alice.says(alice.private, "/aide")
        await double.until(lambda: len(core.events) == 2)

    assert [event.kind for event in core.events] == ["gone", "gone"]


async def test_a_group_that_moves_in_the_middle_gets_its_answer_where_it_is_now(double, platform, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    moved = []

    class Moving(Core):
        async def hear(self, incoming):
            await super().hear(incoming)
            moved.append(await alice.upgrades(group, order="silent"))
            return (Reply("voilà"),)

    async with listening(platform, Moving()) as core:
        await alice.says(group, "/aide")
        await double.until(lambda: moved and double.messages(moved[0]))

    event = core.events[0]
    assert isinstance(event, ChatEvent)
    assert (event.kind, event.chat.id, event.new_id) == ("moved", str(group.id), str(moved[0].id))


async def test_a_channel_is_answered_to_its_administrator_in_private(double, platform, alice):
    channel = double.channel("Le Fil", alice)
    async with listening(platform, Core(Reply("bonjour"))) as core:
        await alice.says(alice.private, "/start")
        await double.next_message(alice, 0)
        core.event_replies = (Reply("Le Fil peut être configuré ici."),)
        await alice.adds_bot(channel)
        await double.next_message(alice, 1)

    assert double.messages(channel) == []


# --- the loop --------------------------------------------------------------------------------------------------------


async def test_stopping_lets_answers_end_and_confirms_what_was_taken(double, platform, alice):
    stop, gate, core = asyncio.Event(), asyncio.Event(), Core(Reply("oui"))

    async def hear(incoming):
        await gate.wait()
        return await core.hear(incoming)

    task = asyncio.create_task(platform.listen(hear, core.on_event, stop))
    await alice.says(alice.private, "/aide")
    await double.until(lambda: double.called("getUpdates") and not double.world.mailbox.polled)
    stop.set()
    gate.set()
    await asyncio.wait_for(task, 10)

    again = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, Waits(), api_url=double.address)
    bob = double.user("Bob")
    await bob.says(bob.private, "/aide")
    async with listening(again, core):
        await double.next_message(bob, 0)
    await again.close()
    assert len(double.messages(alice)) == 1


async def test_an_update_that_cannot_be_read_stops_no_other(double, platform, alice, caplog):
    double.world.mailbox.put("message", {"message_id": "zut", "text": "un mot privé"})
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)

    assert "cannot be read" in caplog.text
    assert "privé" not in caplog.text


async def test_an_unknown_token_at_the_start_is_one_clear_line(double, waits):
    platform = TelegramPlatform("123456789:AAanother", TEXTS, NAMES, lambda: NOW, waits, api_url=double.address)
    core = Core()

    with pytest.raises(ConfigError, match=r"^TELEGRAM_BOT_TOKEN: Telegram does not know this token") as caught:
        await platform.listen(core.hear, core.on_event, asyncio.Event())
    assert "AAanother" not in str(caught.value)
    await platform.close()


async def test_a_captive_portal_at_the_start_is_waited_out(double, platform, alice, waits):
    double.faults.order(page(404), method="getMe", times=4)
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)

    assert waits.seconds == [1, 2, 4, 8]
    assert platform.username == "verbatim_bot"


async def test_a_token_refused_later_is_shown_and_retried_slowly(double, platform, alice, waits, caplog):
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)
        fault = double.faults.order(refusing(401), method="getUpdates", times=6)
        await alice.says(alice.private, "/aide")
        await double.until(lambda: fault.met)
        await double.next_message(alice, 1)

    assert waits.seconds == [60, 120, 240, 480, 600, 600]
    assert caplog.text.count("Telegram refuses TELEGRAM_BOT_TOKEN") == 1
    assert platform.trouble == ""
    assert TOKEN not in caplog.text


async def test_a_second_poller_is_told_after_three_conflicts(double, caplog):
    waits = Waits(free=3)
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, waits, api_url=double.address)
    double.faults.order(refusing(409, "terminated by other getUpdates request"), method="getUpdates", times=None)
    async with listening(platform, Core()):
        await double.until(lambda: len(double.called("getUpdates")) == 4)

    assert waits.seconds[:3] == [5, 5, 5]
    assert platform.trouble == "another program receives updates with the same TELEGRAM_BOT_TOKEN"
    assert caplog.text.count("another program receives updates") == 1
    await platform.close()


async def test_a_server_that_was_away_is_found_again(double, platform, alice):
    async with listening(platform, Core(Reply("oui"))):
        await double.until(lambda: double.world.mailbox.polled)
        await double.goes_down()
        await double.comes_up()
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)


async def test_a_webhook_of_earlier_days_is_taken_down(double, platform, alice):
    await platform._courier.wire.bot.set_webhook("http://127.0.0.1:9/hook")
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)


async def test_only_the_updates_that_we_understand_are_asked_for(double, platform):
    async with listening(platform, Core()):
        await double.until(lambda: double.world.mailbox.polled)

    asked = double.called("getUpdates")[0]
    assert asked.value("allowed_updates") == ["message", "channel_post", "callback_query", "my_chat_member"]


async def test_a_webhook_takes_the_same_road(double, platform, alice):
    core, secrets = Core(Reply("oui")), []

    async def receive(request):
        secrets.append(request.headers["x-telegram-bot-api-secret-token"])
        platform.take(json.loads(request.body))
        return Answer(200, b"")

    hook = Wire(receive)
    await hook.open()
    url = f"http://127.0.0.1:{hook.port}/hook"
    assert not platform.take({"update_id": 1})  # before Telegram has said our name nothing can be understood
    stop = asyncio.Event()
    called = asyncio.create_task(platform.be_called(core.hear, core.on_event, stop, url=url, secret="abc_123"))
    await alice.says(alice.private, "/aide")

    assert (await double.next_message(alice, 0)).text == "oui"
    assert secrets == ["abc_123"]
    stop.set()
    await called
    await hook.close()


# --- menus and rights ------------------------------------------------------------------------------------------------


async def test_menus_are_set_once_and_again_only_when_they_change(double):
    kept = [""]

    async def recall():
        return kept[0]

    async def remember(mark):
        kept[0] = mark

    french = Menu("default", "", (("themes", "choisir les thèmes"),))
    for menus in ((french,), (french,), (french, Menu("groups", "en", (("digest", "the news now"),)))):
        platform = TelegramPlatform(
            double.token,
            TEXTS,
            NAMES,
            lambda: NOW,
            Waits(),
            api_url=double.address,
            signboard=Signboard(menus, recall, remember),
        )
        async with listening(platform, Core()):
            await double.until(lambda: double.world.mailbox.polled)
        await platform.close()

    assert [(call.text("language_code"), call.value("scope")) for call in double.called("setMyCommands")] == [
        ("", {"type": "default"}),
        ("", {"type": "default"}),
        ("en", {"type": "all_group_chats"}),
    ]
    assert double.refused == []


async def test_who_runs_a_chat_is_asked_once_a_minute(double, waits, alice):
    bob = double.user("Bob")
    group = double.with_bot(double.supergroup("Rédaction", alice, bob))
    now = [NOW]
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: now[0], waits, api_url=double.address)
    place = Place(_chat(group), "supergroup")
    sender = Sender(str(bob.id))

    assert not await platform.is_admin(place, sender)
    await alice.promotes(group, bob.account)
    assert not await platform.is_admin(place, sender)
    now[0] += timedelta(seconds=60)
    assert await platform.is_admin(place, sender)
    assert len(double.called("getChatMember")) == 2
    await platform.close()


async def test_who_may_without_being_asked_and_who_never(double: TelegramDouble, platform, alice):
    group = double.with_bot(double.supergroup("Rédaction", alice))
    channel = double.with_bot(double.channel("Le Fil", alice))
    stranger = double.user("Bob")
    groups = Place(_chat(group), "supergroup")

    assert await platform.is_admin(Place(_chat(alice.private), "private"), Sender(str(alice.id)))
    assert not await platform.is_admin(Place(_chat(alice.private), "private"), Sender(str(stranger.id)))
    assert await platform.is_admin(groups, Sender(str(group.id), anonymous=True))
    assert not await platform.is_admin(Place(_chat(channel), "channel"), Sender(str(group.id), anonymous=True))
    assert double.called("getChatMember") == []
    assert await platform.is_admin(Place(_chat(channel), "channel"), Sender(str(alice.id)))
    assert not await platform.is_admin(groups, Sender(str(stranger.id)))
    assert not await platform.is_admin(groups, Sender(str(channel.id)))


async def test_when_telegram_cannot_be_asked_nobody_runs_a_chat_and_that_is_not_remembered(double, platform, alice):
    group = double.with_bot(double.supergroup("Rédaction", alice))
    double.faults.order(DROP, method="getChatMember", times=2)
    place, sender = Place(_chat(group), "supergroup"), Sender(str(alice.id))

    assert not await platform.is_admin(place, sender)
    assert await platform.is_admin(place, sender)


def _chat(chat):
    return Chat("telegram", str(chat.id))
