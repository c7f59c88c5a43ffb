"""How much of the allowed rate is used when an outbox is full: the real store, pacing and Telegram platform.

Against the Telegram double with the limits that are known of Telegram (30 messages a second, one a second for a chat):
a message too many is answered with 429 and counted.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from benchmarks.table import Measurement, at_least, at_most
from bot.app import Clock, learn
from bot.app.telegram import telegram_platform
from bot.domain.model import Chat, OutgoingMessage, Run, Subscription
from bot.services.deliver import Post
from bot.services.pace import Pacer
from bot.settings import Settings
from bot.storage import SqlStore, open_store
from tests.telegram.double import TelegramDouble

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"  # noqa: S105 (invented)
SECONDS = 8.0  # that are looked at, from the first message on
CHATS, ROUNDS = 120, 2
TEXT = "<b>OTAN</b>\n" + "Mark Rutte a indiqué que plusieurs États fourniraient des forces. " * 12


def measurements() -> Iterator[Measurement]:
    """Messages a second ÷ allowed, refusals, and CPU a message with the double beside it."""
    rate = int(Settings().telegram_rate)
    rounds = [asyncio.run(_send(rate)) for _ in range(ROUNDS)]
    double, cpu = max(rounds, key=lambda one: _counted(one[0]))
    sent, count = double.limits.sent, _counted(double)
    says = f"messages a second out of a full outbox to {CHATS} chats, best of {ROUNDS}"
    beside = f"TELEGRAM_RATE, {rate} a second"
    yield Measurement("send_30", says, count / SECONDS, "/s", beside, count / SECONDS / rate, at_least(0.95))
    refused = sum(refusal.code == 429 for one, _ in rounds for refusal in one.refused)
    yield Measurement("send_429", "the same: refusals for too many messages", refused, "× 429", target=at_most(0))
    says = "the same: CPU of a message, the double's own included"
    yield Measurement("send_cpu", says, cpu / len(sent) * 1000, "ms")


def _counted(double: TelegramDouble) -> int:
    """Messages within SECONDS of the first."""
    first = double.limits.sent[0].at
    return sum(message.at < first + SECONDS for message in double.limits.sent)


async def _send(rate: int) -> tuple[TelegramDouble, float]:
    """The double after it, and seconds of CPU."""
    clock, pacer, enough = Clock(), Pacer(rate), int(rate * (SECONDS + 2))
    async with TelegramDouble(token=TOKEN, username="verbatim_test_bot") as double:
        settings = Settings(telegram_bot_token=SecretStr(TOKEN), telegram_api_url=double.address)
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{Path(folder) / 'bench.db'}"
            async with await open_store(database, now=clock.now(), worker=True) as store:
                await _fill(store, double, clock.now(), enough // CHATS + 1)
                platform = telegram_platform(settings, learn(settings), clock, pacer, store)
                post = Post(store, {"telegram": platform}, clock.now, clock.pause, {"telegram": pacer})
                before = time.process_time()
                while len(double.limits.sent) < enough:  # a beat of the heart drains; what waits for long comes later
                    await post.drain()
                    await clock.pause(timedelta(milliseconds=20))
                cpu = time.process_time() - before
                await platform.close()
    return double, cpu


async def _fill(store: SqlStore, double: TelegramDouble, now: datetime, parts: int) -> None:
    for number in range(CHATS):
        person = double.user(f"Personne {number}")
        person.private.started = person.private.seen_by_bot = True  # long ago
        chat = Chat("telegram", str(person.id))
        subscription = await store.save_subscription(Subscription(chat, ("otan",), subscribed=False))
        run = Run(subscription.id, now.astimezone(UTC).date().isoformat(), "08:00", now, now)
        messages = [OutgoingMessage(f"{number}/{part}", chat, TEXT, part, parts) for part in range(1, parts + 1)]
        await store.enqueue(run, messages)
