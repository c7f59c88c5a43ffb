"""The double, and the real python-telegram-bot talking to it over real HTTP."""

import os

# Warnings are errors here, and python-telegram-bot warns of `RetryAfter.retry_after` as a number unless this is set
# before the exception is made.
os.environ["PTB_TIMEDELTA"] = "true"

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.request import HTTPXRequest

from tests.telegram.double import TelegramDouble


class Clock:
    """Unix time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def double(clock: Clock) -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(clock=clock) as double:
        yield double


@pytest.fixture
async def bot(double: TelegramDouble) -> AsyncIterator[telegram.Bot]:
    request = HTTPXRequest(read_timeout=5, httpx_kwargs={"trust_env": False})
    polling = HTTPXRequest(read_timeout=5, httpx_kwargs={"trust_env": False})
    bot = telegram.Bot(
        double.token,
        base_url=double.base_url,
        base_file_url=double.base_file_url,
        request=request,
        get_updates_request=polling,
    )
    async with bot:
        yield bot
