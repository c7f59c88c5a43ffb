"""Faults on order and flood limits, seen through the exceptions and causes of the real python-telegram-bot."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.telegram.double import DROP, HANG, Rule, delivered, page, refusing, slow_down


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


async def error_of(sending):
    with pytest.raises(TelegramError) as error:
        await sending
    return error.value


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (refusing(400, "chat not found"), BadRequest),
        (refusing(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100123), ChatMigrated),
        (refusing(403, "bot was blocked by the user"), Forbidden),
        (refusing(401), InvalidToken),
        (refusing(409, "terminated by other getUpdates request"), Conflict),
        (slow_down(7), RetryAfter),
        (refusing(500, "restart"), NetworkError),
    ],
)
async def test_an_answer_in_json_has_no_cause_and_nothing_was_sent(double, bot, alice, ending, expected):
    double.faults.order(ending)

    error = await error_of(bot.send_message(alice.id, "x"))

    assert (type(error), error.__cause__) == (expected, None)
    assert (double.messages(), double.refused) == ([], [])
    await bot.send_message(alice.id, "x")


async def test_the_wait_that_is_asked_for_arrives(double, bot, alice):
    double.faults.order(slow_down(7))

    assert (await error_of(bot.send_message(alice.id, "x"))).retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("ending", "expected", "cause"),
    [
        (refusing(500, "restart"), NetworkError, type(None)),
        (page(502), NetworkError, TelegramError),
        (page(429), NetworkError, TelegramError),
        (page(404), InvalidToken, TelegramError),
        (page(200), TelegramError, ValueError),
        (DROP, NetworkError, httpx.RemoteProtocolError),
    ],
)
async def test_after_an_ambiguous_end_only_the_double_knows(double, bot, alice, ending, expected, cause):
    lost, arrived = double.faults.order_all([ending, delivered(ending)])
    for after, fault in enumerate((lost, arrived)):
        error = await error_of(bot.send_message(alice.id, "x"))

        assert type(error) is expected
        assert isinstance(error.__cause__, cause)
        assert (fault.met, len(double.messages())) == (1, after)


@pytest.mark.parametrize("after", [False, True])
async def test_a_request_can_hang_until_it_is_released(double, bot, alice, after):
    fault = double.faults.order(delivered(HANG) if after else HANG)

    error = await error_of(bot.send_message(alice.id, "x", read_timeout=0.05))

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, httpx.ReadTimeout)
    assert len(double.messages()) == int(after)
    fault.release()


async def test_a_released_request_gets_its_answer(double, bot, alice):
    fault = double.faults.order(delivered(HANG))
    sending = asyncio.create_task(bot.send_message(alice.id, "x"))
    await double.until(double.messages)
    fault.release()

    assert (await sending).text == "x"


async def test_what_is_in_flight_is_counted(double, bot, alice):
    bob = double.user("Bob")
    await bob.says(bob.private, "/start")
    fault = double.faults.order(delivered(HANG), times=3)
    sending = [asyncio.create_task(bot.send_message(person.id, "x")) for person in (alice, alice, bob)]
    await double.until(lambda: len(double.messages()) == 3)
    fault.release()
    await asyncio.gather(*sending)
    await bot.send_message(bob.id, "x")

    assert (double.in_flight.most, double.in_flight.most_in_a_chat) == (3, 2)


async def test_an_order_meets_only_its_chat_its_method_and_its_number(double, bot, alice):
    bob = double.user("Bob")
    await bob.says(bob.private, "/start")
    fault = double.faults.order(refusing(403, "user is deactivated"), chat=bob.private, times=2)
    double.faults.order(refusing(400, "message can't be edited"), method="editMessageText")

    await bot.send_message(alice.id, "x")
    for _ in range(2):
        await error_of(bot.send_message(bob.id, "x"))
    await bot.send_message(bob.id, "x")
    always = double.faults.order(refusing(500), method="*", times=None)
    await error_of(bot.get_me())
    await error_of(bot.send_message(bob.id, "x"))
    always.lift()
    await bot.send_message(bob.id, "x")

    assert (fault.met, always.met, len(double.messages())) == (2, 2, 3)


async def test_a_server_that_is_down_refuses_connections_and_keeps_everything(double, bot, alice):
    await bot.send_message(alice.id, "avant")
    await double.goes_down()
    error = await error_of(bot.send_message(alice.id, "pendant"))
    await double.comes_up()
    await bot.send_message(alice.id, "après")

    assert (type(error), type(error.__cause__)) == (NetworkError, httpx.ConnectError)
    assert [message.text for message in double.messages(alice)] == ["avant", "après"]


async def test_without_a_free_connection_nothing_was_sent(double, alice):
    request = HTTPXRequest(connection_pool_size=1, pool_timeout=0.05, httpx_kwargs={"trust_env": False})
    fault = double.faults.order(HANG)
    async with telegram.Bot(double.token, base_url=double.base_url, request=request) as narrow:
        first = asyncio.create_task(narrow.send_message(alice.id, "un"))
        await double.until(lambda: fault.met)
        error = await error_of(narrow.send_message(alice.id, "deux"))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    assert (type(error), type(error.__cause__)) == (TimedOut, httpx.PoolTimeout)
    assert double.messages() == []


@pytest.mark.parametrize(("token", "words"), [("123:autre", "Unauthorized"), ("pas-un-jeton", "Not Found")])
async def test_another_token_is_invalid(double, token, words):
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    async with request:
        status, body = await request.do_request(f"{double.base_url}{token}/getMe", "POST")

    assert (status, words.encode() in body) == (401 if words == "Unauthorized" else 404, True)


async def test_a_revoked_token_is_invalid_until_it_is_back(double, bot):
    double.token_valid = False
    assert isinstance(await error_of(bot.get_me()), InvalidToken)
    double.token_valid = True

    assert (await bot.get_me()).username == "verbatim_bot"


async def test_a_burst_to_one_chat_is_told_to_wait_and_then_passes(double, bot, alice, clock):
    double.limits.per_chat = Rule(3, 5.0)
    for number in range(3):
        await bot.send_message(alice.id, str(number))
        clock.now += 1

    error = await error_of(bot.send_message(alice.id, "trop"))
    assert error.retry_after == timedelta(seconds=2)
    clock.now += 1
    assert (await error_of(bot.send_message(alice.id, "encore"))).retry_after == timedelta(seconds=1)
    clock.now += 1
    await bot.send_message(alice.id, "enfin")

    assert [message.text for message in double.messages()] == ["0", "1", "2", "enfin"]
    assert [refusal.code for refusal in double.refused] == [429, 429]


async def test_a_group_takes_twenty_a_minute_and_nobody_else_waits_for_it(double, bot, alice, clock):
    group = double.with_bot(double.group("Rédaction", alice))
    for number in range(20):
        await bot.send_message(group.id, str(number))
        clock.now += 1

    assert (await error_of(bot.send_message(group.id, "trop"))).retry_after == timedelta(seconds=40)
    await bot.send_message(alice.id, "x")
    assert (double.limits.most(60.0, group.id), double.limits.most(1.0), double.limits.most(60.0)) == (20, 1, 21)


async def test_thirty_a_second_is_the_limit_for_all_together(double, bot, clock):
    people = [double.user(f"Lecteur {number}") for number in range(31)]
    for person in people:
        await person.says(person.private, "/start")
    for person in people[:30]:
        await bot.send_message(person.id, "x")

    error = await error_of(bot.send_message(people[30].id, "x"))
    clock.now += 1
    await bot.send_message(people[30].id, "x")

    assert (error.retry_after, double.limits.most(1.0)) == (timedelta(seconds=1), 30)


async def test_lifted_limits_count_all_the_same(double, bot, alice):
    double.limits.lift()
    for number in range(40):
        await bot.send_message(alice.id, str(number))

    assert double.limits.most(1.0, alice.id) == 40


async def test_a_method_that_the_double_does_not_speak_is_complained_of(double, bot):
    error = await error_of(bot.get_forum_topic_icon_stickers())

    assert isinstance(error, InvalidToken)
    assert double.complaints == ["the double does not speak the method « getForumTopicIconStickers »"]
