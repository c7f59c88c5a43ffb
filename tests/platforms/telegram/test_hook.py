"""The webhook against the double: set, set again, watched."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import pytest

from bot.domain.errors import ConfigError
from bot.domain.talk import Reply
from bot.platforms.telegram import TelegramPlatform
from bot.platforms.telegram.hook import LOOK, UNREACHED
from tests.platforms.telegram.conftest import NAMES, NOW, TEXTS, Core
from tests.telegram.double import page
from tests.telegram.double.wire import Answer, Wire


class Turns:
    """Waits that last until a test lets the next one be over."""

    def __init__(self):
        self.lengths, self._over, self._more = [], asyncio.Semaphore(0), asyncio.Event()

    async def __call__(self, length):
        self.lengths.append(length)
        self._more.set()
        await self._over.acquire()

    async def begun(self, number):
        """So many waits have begun."""
        async with asyncio.timeout(10):
            while len(self.lengths) < number:
                self._more.clear()
                await self._more.wait()

    def over(self):
        self._over.release()


@pytest.fixture
def turns():
    return Turns()


@pytest.fixture
async def platform(double, turns):
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, turns, api_url=double.address)
    yield platform
    await platform.close()


@pytest.fixture
async def wire(platform):
    """Where the double's calls arrive."""

    async def receive(request):
        return Answer(200 if platform.take(json.loads(request.body)) else 503, b"")

    wire = Wire(receive)
    await wire.open()
    yield wire
    await wire.close()


@asynccontextmanager
async def called(platform, url):
    """The platform, called there."""
    stop, core = asyncio.Event(), Core(Reply("oui"))
    call = asyncio.create_task(platform.be_called(core.hear, core.on_event, stop, url=url, secret="un-secret"))
    yield call
    stop.set()
    await call


async def test_a_webhook_that_another_program_took_away_is_set_again(double, platform, wire, turns, caplog):
    async with called(platform, f"http://127.0.0.1:{wire.port}/hook"):
        await turns.begun(1)
        await platform._courier.wire.bot.delete_webhook()
        turns.over()
        await turns.begun(2)
        assert len(double.called("setWebhook")) == 2
        alice = double.user("Alice")
        await alice.says(alice.private, "/aide")
        assert (await double.next_message(alice, 0)).text == "oui"

    assert "taken away by another program" in caplog.text
    assert len(double.called("setMyCommands")) == 0


async def test_a_webhook_that_stands_is_not_set_again(double, platform, wire, turns):
    async with called(platform, f"http://127.0.0.1:{wire.port}/hook"):
        for number in (1, 2, 3):
            await turns.begun(number)
            turns.over()

    assert len(double.called("setWebhook")) == 1
    assert platform.trouble == ""


async def test_that_telegram_cannot_reach_us_is_trouble_until_it_can(double, platform, turns, caplog):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with called(platform, f"http://127.0.0.1:{port}/hook"):
        await turns.begun(1)
        alice = double.user("Alice")
        await alice.says(alice.private, "/aide")
        async with asyncio.timeout(10):
            while not double.world.webhooks.hook.error:
                await platform._courier.wire.bot.get_me()  # as good a way as any to let some time pass
        for number in (2, 3):
            turns.over()
            await turns.begun(number)
            assert platform.trouble == UNREACHED
        double.world.mailbox.confirm(10**10)  # all of it was brought after all
        turns.over()
        await turns.begun(4)
        assert platform.trouble == ""

    assert caplog.text.count(UNREACHED) == 1
    assert str(port) not in platform.trouble


async def test_an_address_that_telegram_does_not_take_is_one_clear_line(platform):
    with pytest.raises(ConfigError, match=r"TELEGRAM_WEBHOOK_URL: Telegram does not take it \(Bad webhook"):
        async with called(platform, "https://bot.example/hook") as call:
            await call


async def test_failures_of_the_server_are_waited_out(double, platform, wire, turns):
    double.faults.order(page(502), method="getWebhookInfo", times=2)
    async with called(platform, f"http://127.0.0.1:{wire.port}/hook"):
        for number in (1, 2):
            await turns.begun(number)
            turns.over()
        await turns.begun(3)

    assert turns.lengths[0] < turns.lengths[1] < turns.lengths[2] == LOOK
    assert len(double.called("setWebhook")) == 1
