"""Fetching through the real python-telegram-bot: long polls, one poller at a time, wanted kinds, webhooks."""

import asyncio

import pytest
from telegram.error import BadRequest, Conflict

from tests.telegram.double.wire import Answer, Wire


async def kinds(bot):
    """What kinds of updates wait, confirmed."""
    found = await bot.get_updates()
    await bot.get_updates(offset=found[-1].update_id + 1)
    return [next(key for key in update.to_dict() if key != "update_id") for update in found]


@pytest.fixture
def alice(double):
    return double.user("Alice")


async def test_updates_come_again_until_they_are_confirmed(bot, alice):
    for text in ("un", "deux", "trois"):
        await alice.says(alice.private, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=again[1].update_id)
    last = await bot.get_updates(offset=-1)

    assert [update.message.text for update in first] == ["un", "deux"]
    assert [update.update_id for update in again] == [first[0].update_id + number for number in range(3)]
    assert [update.message.text for update in rest] == ["deux", "trois"]
    assert [update.message.text for update in last] == ["trois"]
    assert await bot.get_updates(offset=last[0].update_id + 1) == ()


async def test_a_long_poll_waits_for_what_comes(double, bot, alice):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.world.mailbox.polled)
    await alice.says(alice.private, "enfin")

    assert [update.message.text for update in await poll] == ["enfin"]


async def test_a_long_poll_ends_empty_after_its_time(bot):
    assert await bot.get_updates(timeout=1) == ()


async def test_a_second_poller_ends_the_first(double, bot, alice):
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.world.mailbox.polled)
    await alice.says(alice.private, "un")
    await first
    first = asyncio.create_task(bot.get_updates(offset=-1, timeout=30))
    await first
    first = asyncio.create_task(bot.get_updates(offset=2**40, timeout=30))
    await double.until(lambda: double.world.mailbox.polled)
    second = asyncio.create_task(bot.get_updates(timeout=30))

    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot instance"):
        await first
    await alice.says(alice.private, "deux")
    assert len(await second) == 1


async def test_a_poller_that_was_killed_leaves_no_trace(double, bot, alice):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.world.mailbox.polled)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)

    await alice.says(alice.private, "un")
    assert len(await bot.get_updates()) == 1
    assert double.refused == []


async def test_unfetched_updates_are_gone_after_a_day(bot, alice, clock):
    await alice.says(alice.private, "hier")
    clock.now += 24 * 3600 + 1
    await alice.says(alice.private, "aujourd’hui")

    assert [update.message.text for update in await bot.get_updates()] == ["aujourd’hui"]


async def test_only_wanted_kinds_come_and_the_wish_is_remembered(double, bot, alice):
    group = double.supergroup("Rédaction", alice)
    bob = double.user("Bob")
    await bot.get_updates(allowed_updates=["message", "chat_member", "gossip"])
    said = await alice.says(alice.private, "un")
    await alice.edits(said, "deux")
    await alice.adds_bot(group, rights=[])
    await bob.joins(group)

    assert await kinds(bot) == ["message", "message", "chat_member", "message"]
    await bot.get_updates(allowed_updates=[])
    await alice.edits(said, "trois")
    await bob.leaves(group)
    assert await kinds(bot) == ["edited_message", "message"]
    assert double.complaints == ["getUpdates: no update is called « gossip »"]


async def test_a_webhook_gets_every_update_once_in_order_with_the_secret(double, bot, alice):
    posted, answers = [], [500, 200, 200]

    async def take(request):
        posted.append((request.headers.get("x-telegram-bot-api-secret-token"), request.body))
        double.world.touch()
        return Answer(answers[min(len(posted), 3) - 1], b"")

    wire = Wire(take)
    await wire.open()
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await double.until(lambda: double.world.mailbox.polled)
    await bot.set_webhook(f"http://127.0.0.1:{wire.port}/hook", secret_token="un-secret", max_connections=1)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    for text in ("un", "deux"):
        await alice.says(alice.private, text)
    await double.until(lambda: len(posted) == 3 and not double.world.mailbox.pending)
    info = await bot.get_webhook_info()
    await bot.delete_webhook()
    await wire.close()

    assert [secret for secret, _ in posted] == ["un-secret"] * 3
    assert [b'"un"' in body for _, body in posted] == [True, True, False]
    assert (info.pending_update_count, info.last_error_message) == (0, "Wrong response from the webhook: 500")
    assert await bot.get_updates() == ()


async def test_a_webhook_must_be_on_loopback_with_a_plain_secret(bot):
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook("https://bot.example/hook")
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook("http://127.0.0.1:1/hook", secret_token="é")
