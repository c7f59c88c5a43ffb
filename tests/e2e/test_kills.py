"""Ends in the middle of a delivery, of the whole program: SIGTERM loses and repeats nothing, kill -9 loses nothing."""

import os
import random
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.model import Chat, OutgoingMessage, Run, Subscription
from bot.storage import open_store
from tests.e2e.fast_clock import FastClock
from tests.e2e.program import TOKEN, running
from tests.telegram.double import HANG, TelegramDouble, delivered

CHATS, PARTS = 20, 3
SPEED = 8.0  # so that one message a second for each chat does not take a minute of ours
AT_ONCE = 8  # messages in flight in all (PRODUCT.md, section 8)
NOW = datetime(2025, 11, 18, 7, 0, tzinfo=UTC)
LEASES = timedelta(minutes=3)  # after so long a message whose sender died is taken up again
SCRIPT = str(Path(__file__).with_name("day_program.py"))


@pytest.fixture
def clock(tmp_path):
    return FastClock.made(tmp_path / "clock", NOW, SPEED)


@pytest.fixture
async def double(clock):
    async with TelegramDouble(token=TOKEN, username="verbatim_test_bot", clock=clock.seconds) as double:
        yield double


@pytest.fixture
def start(double, own, tmp_path, clock):
    """The program on that clock, as often as it is wanted."""
    del clock
    settings = {"CONFIG_DIR": str(own), "ACCESS": "open"}
    return lambda: running(double, tmp_path, SCRIPT, str(tmp_path / "clock"), **settings)


async def test_sigterm_lets_the_answer_under_way_come_and_repeats_nothing(double, start, tmp_path):
    people = await rush(double, tmp_path, CHATS)
    held = double.faults.order(delivered(HANG))
    async with start() as bot:
        await double.until(lambda: held.met and len(arrived(double)) >= 2)
        bot.process.send_signal(signal.SIGTERM)
        await double.until(lambda: not double.world.mailbox.polled)
        held.release()
        assert await bot.ended(20) == 0
    at_the_end = len(arrived(double))

    async with start() as bot:
        await double.until(lambda: len(arrived(double)) >= len(people) * PARTS, 30)
        assert await bot.stop() == 0
    assert at_the_end < len(people) * PARTS  # nothing more was begun
    assert Counter(arrived(double)) == dict.fromkeys(keys(people), 1)
    assert in_order(double, people)
    assert (double.refused, double.complaints) == ([], [])
    assert await outbox(tmp_path) == {"pending": 0, "sending": 0, "sent": len(people) * PARTS, "unknown": 0, "dead": 0}


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(int(os.environ.get("SOAK", "0")) * 15 + 1))
async def test_kill_9_loses_nothing_and_repeats_at_most_what_was_in_flight(double, start, clock, tmp_path, seed):
    dice, kills = random.Random(seed), 4 if "SOAK" in os.environ else 2
    people = await rush(double, tmp_path, CHATS)
    for _ in range(kills):
        wanted = len(double.messages()) + dice.randrange(1, 12)
        async with start() as bot:
            await double.until(lambda wanted=wanted: len(double.messages()) >= wanted, 30)
            bot.process.kill()
        clock.set(clock.now() + LEASES, SPEED)

    async with start() as bot:
        await double.until(lambda: set(arrived(double)) == keys(people), 60)
        assert await bot.stop() == 0
    assert len(arrived(double)) - len(keys(people)) <= kills * AT_ONCE
    assert in_order(double, people)
    assert double.complaints == []
    assert {refused.code for refused in double.refused} <= {409}  # a poll that was killed may meet the next one's
    assert double.in_flight.most <= AT_ONCE
    assert "Traceback" not in bot.said


async def rush(double, folder, chats):
    """The outbox of a busy morning: each of so many chats is to get a digest in a few parts."""
    people = [double.user(f"Personne {number}") for number in range(chats)]
    (folder / "data").mkdir()
    async with await open_store(f"sqlite:///{folder}/data/verbatim.db", now=NOW) as store:
        for person in people:
            person.private.started = person.private.seen_by_bot = True  # long ago
            chat = Chat("telegram", str(person.id))
            subscription = await store.save_subscription(Subscription(chat, ("otan",), subscribed=False))
            run = Run(subscription.id, "2025-11-18", "08:00", NOW - timedelta(minutes=1), NOW)
            texts = sorted(keys([person]))
            parts = [OutgoingMessage(text, chat, text, part, PARTS) for part, text in enumerate(texts, start=1)]
            await store.enqueue(run, parts)
    return people


def keys(people):
    """What each of them is to get; the texts sort in the order of the parts."""
    return {f"Pour {person.id} : partie {part}" for person in people for part in range(1, PARTS + 1)}


def arrived(double):
    return [message.text for message in double.messages()]


def in_order(double, people):
    """Within a chat no part comes before an earlier one; a repeated part repeats before the next."""
    return all((texts := [m.text for m in double.messages(person)]) == sorted(texts) for person in people)


async def outbox(folder):
    async with await open_store(f"sqlite:///{folder}/data/verbatim.db", now=NOW) as store:
        return dict(await store.outbox())
