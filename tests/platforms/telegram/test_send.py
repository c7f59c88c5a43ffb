"""Sending through the real library and real HTTP: what is posted, and what every failure means."""

import asyncio
import traceback
from datetime import timedelta

import pytest

from bot.domain.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    MaybeSent,
    NotAllowed,
    NotSent,
    Refused,
    SlowDown,
    ThreadGone,
)
from bot.domain.model import Chat, OutgoingMessage
from bot.platforms.telegram import TelegramPlatform
from bot.platforms.telegram.failures import UNTOLD_WAIT
from tests.platforms.telegram.conftest import NAMES, NOW, TEXTS
from tests.telegram.double import DROP, HANG, TOKEN, delivered, page, refusing, slow_down
from tests.telegram.double.wire import Answer, Drop, Wire


def message(chat, body="<b>Un pont</b> rouvre", thread="", **fields):
    return OutgoingMessage("1/2026-11-22/08:00/1", Chat("telegram", str(chat.id), thread), body, **fields)


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


async def failure(platform, outgoing) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await platform.send(outgoing, NOW)
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in shown + repr(caught.value) + str(caught.value)
    return caught.value


async def test_a_message_arrives_with_its_markup_without_preview_and_with_sound(double, platform, alice):
    receipt = await platform.send(message(alice), NOW)

    (arrived,) = double.messages(alice)
    assert (arrived.text, [entity.type for entity in arrived.entities]) == ("Un pont rouvre", ["bold"])
    assert (arrived.preview, arrived.silent) == ({"is_disabled": True}, False)
    assert (receipt.message_id, receipt.sent_at) == (str(arrived.id), NOW)
    assert (double.refused, double.complaints) == ([], [])


async def test_a_chat_may_want_no_sound_and_see_previews(double, platform, alice):
    await platform.send(message(alice, sound=False, previews=True), NOW)

    (arrived,) = double.messages(alice)
    assert arrived.silent
    assert arrived.preview == {"is_disabled": False}


async def test_a_thread_is_named_except_the_general_one(double, platform, alice):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    for number in (str(thread.id), "1", ""):
        await platform.send(message(forum, thread=number), NOW)

    assert [arrived.thread for arrived in double.messages(forum)] == [thread.id, None, None]
    assert double.refused == []


async def test_markup_that_is_refused_is_sent_once_more_as_plain_text(double, platform, alice):
    await platform.send(message(alice, "<b>a &lt; b</b> <u>souligné"), NOW)

    (arrived,) = double.messages(alice)
    assert (arrived.text, arrived.entities) == ("a < b <u>souligné", ())
    assert len(double.called("sendMessage")) == 2


# --- refusals: certainly not sent ------------------------------------------------------------------------------------

REFUSALS = [
    ("403 bot was blocked by the user", ChatGone),
    ("403 user is deactivated", ChatGone),
    ("403 bot was kicked from the supergroup chat", ChatGone),
    ("403 bot is not a member of the channel chat", ChatGone),
    ("403 the group chat was deleted", ChatGone),
    ("403 bot can't initiate conversation with a user", ChatGone),
    ("400 chat not found", ChatGone),
    ("400 not enough rights to send text messages to the chat", NotAllowed),
    ("400 have no rights to send a message", NotAllowed),
    ("400 need administrator rights in the channel chat", NotAllowed),
    ("400 CHAT_WRITE_FORBIDDEN", NotAllowed),
    ("403 CHAT_WRITE_FORBIDDEN", NotAllowed),
    ("400 TOPIC_CLOSED", NotAllowed),
    ("400 message thread not found", ThreadGone),
    ("400 message is too long", Refused),
    ("400 message text is empty", Refused),
    ("401", NotSent),
    ("404", NotSent),
    ("409 terminated by other getUpdates request", NotSent),
]


@pytest.mark.parametrize(("words", "kind"), REFUSALS, ids=[words for words, _ in REFUSALS])
async def test_a_refusal_is_told_by_its_meaning(double, platform, alice, words, kind):
    code, _, problem = words.partition(" ")
    double.faults.order(refusing(int(code), problem))

    assert type(await failure(platform, message(alice))) is kind
    assert double.messages(alice) == []


async def test_real_refusals_of_the_server_mean_the_same(double, platform, alice):
    bob = double.user("Bob")
    group = double.with_bot(double.supergroup("Rédaction", alice, forum=True))
    thread = await alice.opens_thread(group, "Otan")
    found = [type(await failure(platform, message(bob)))]
    await alice.closes_thread(group, thread.id)
    closed = await failure(platform, message(group, thread=str(thread.id)))
    await alice.deletes_thread(group, thread.id)
    found.append(type(await failure(platform, message(group, thread=str(thread.id)))))
    await alice.mutes_bot(group)
    muted = await failure(platform, message(group))
    await alice.kicks_bot(group)
    found.append(type(await failure(platform, message(group))))
    await alice.blocks_bot()
    found.append(type(await failure(platform, message(alice))))

    assert found == [ChatGone, ThreadGone, ChatGone, ChatGone]
    assert [(type(error), error.reason) for error in (closed, muted)] == [
        (NotAllowed, "closed"),
        (NotAllowed, "rights"),
    ]


async def test_a_group_that_became_a_supergroup_says_where_it_is(double, platform, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    new = await alice.upgrades(group, order="silent")

    error = await failure(platform, message(group))
    assert isinstance(error, ChatMoved)
    assert error.new_chat_id == str(new.id)


async def test_too_many_is_waited_for_as_told(double, platform, alice):
    double.faults.order(slow_down(7))

    error = await failure(platform, message(alice))
    assert isinstance(error, SlowDown)
    assert error.retry_after == timedelta(seconds=7)


@pytest.mark.filterwarnings("ignore:.*will be of type.*timedelta")
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_too_many_is_understood_when_the_library_gives_a_number(double, platform, alice, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    double.faults.order(slow_down(7))

    error = await failure(platform, message(alice))
    assert isinstance(error, SlowDown)
    assert error.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("ending", [page(429), refusing(429, "later")], ids=["page", "without a time"])
async def test_too_many_that_does_not_say_how_long_is_too_many(double, platform, alice, ending):
    double.faults.order(ending)

    error = await failure(platform, message(alice))
    assert isinstance(error, SlowDown)
    assert error.retry_after == UNTOLD_WAIT


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
async def test_a_proxy_that_refuses_says_nothing_about_the_chat(double, platform, alice, status):
    double.faults.order(page(status))

    error = await failure(platform, message(alice))
    assert type(error) is NotSent
    assert len(str(error)) <= 300


# --- the network -----------------------------------------------------------------------------------------------------


async def test_a_server_that_is_down_was_certainly_sent_nothing(double, platform, alice):
    await double.goes_down()

    assert type(await failure(platform, message(alice))) is NotSent


AMBIGUOUS = {
    "dropped": DROP,
    "delivered then dropped": delivered(DROP),
    "500": refusing(500),
    "500 restart": refusing(500, "restart"),
    "502": refusing(502),
    "502 page": page(502),
    "504 page": page(504),
    "200 page": page(200),
    "200 of another kind": delivered(refusing(200)),
}


@pytest.mark.parametrize("ending", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_a_lost_answer_may_have_been_a_delivery(double, platform, alice, ending):
    double.faults.order(ending)

    assert type(await failure(platform, message(alice))) is MaybeSent


async def test_a_server_that_never_answers_may_have_delivered(double, alice, waits, monkeypatch):
    monkeypatch.setattr("bot.platforms.telegram.wire._READ", 0.2)
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, waits, api_url=double.address)
    fault = double.faults.order(delivered(HANG))

    assert type(await failure(platform, message(alice))) is MaybeSent
    assert len(double.messages(alice)) == 1
    fault.release()
    await platform.close()


async def test_a_json_that_is_no_answer_of_the_api_may_have_been_a_delivery(waits, alice):
    async def odd(_request):
        return Answer(200, b'{"ok": true}')

    wire = Wire(odd)
    await wire.open()
    platform = TelegramPlatform(TOKEN, TEXTS, NAMES, lambda: NOW, waits, api_url=f"http://127.0.0.1:{wire.port}")

    assert type(await failure(platform, message(alice))) is MaybeSent
    await platform.close()
    await wire.close()


async def test_no_connection_free_was_certainly_sent_nothing(waits, alice, monkeypatch):
    asked = asyncio.Event()

    async def silent(_request):
        asked.set()
        await asyncio.Event().wait()
        raise Drop

    monkeypatch.setattr("bot.platforms.telegram.wire._CONNECTIONS", 1)
    monkeypatch.setattr("bot.platforms.telegram.wire._POOL", 0.1)
    wire = Wire(silent)
    await wire.open()
    platform = TelegramPlatform(TOKEN, TEXTS, NAMES, lambda: NOW, waits, api_url=f"http://127.0.0.1:{wire.port}")
    first = asyncio.create_task(platform.send(message(alice), NOW))
    await asked.wait()

    assert type(await failure(platform, message(alice))) is NotSent
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await platform.close()
    await wire.close()


async def test_nothing_is_logged_with_the_token(double, platform, alice, caplog):
    caplog.set_level("WARNING")
    for ending in (page(200), refusing(500), DROP, page(404), refusing(401)):
        double.faults.order(ending)
        await failure(platform, message(alice))

    assert TOKEN not in caplog.text
    assert TOKEN not in repr(platform)
