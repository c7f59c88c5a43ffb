"""What the program keeps about Telegram between starts, and between programs, on a real store and the double."""

import os

# Warnings are errors here, and python-telegram-bot warns of `RetryAfter.retry_after` as a number unless this is set.
os.environ["PTB_TIMEDELTA"] = "true"

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.app import App, Clock, learn
from bot.app.telegram import open_conversation, telegram_platform
from bot.services.pace import Pacer
from bot.settings import load_settings
from bot.storage import open_store
from tests.builders import NOW
from tests.fakes import PaperFetcher
from tests.telegram.double import TelegramDouble

KNOWLEDGE = learn(load_settings({}))


@pytest.fixture
async def double():
    async with TelegramDouble() as double:
        double.limits.lift()
        yield double


@asynccontextmanager
async def program(double, folder):
    """The conversation of a program on the database of this folder, until the block ends."""
    settings = load_settings({"TELEGRAM_BOT_TOKEN": double.token, "TELEGRAM_API_URL": double.address, "ACCESS": "open"})
    async with await open_store(f"sqlite:///{folder}/verbatim.db", now=NOW) as store:
        clock = Clock()
        platform = telegram_platform(settings, KNOWLEDGE, clock, Pacer(25), store)
        app = App(settings, KNOWLEDGE, store, PaperFetcher(), {"telegram": platform}, None, None, clock=clock)
        yield open_conversation(app)
        await platform.close()


@asynccontextmanager
async def listening(conversation):
    stop = asyncio.Event()
    task = asyncio.create_task(conversation.listen(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def answered(double, person, after):
    await person.says(person.private, "/aide")
    return await double.next_message(person, after)


async def test_menus_are_set_at_the_first_start_and_not_at_the_next(double, tmp_path):
    alice = double.user("Alice")
    for start in range(2):
        async with program(double, tmp_path) as conversation, listening(conversation):
            await answered(double, alice, start)

    assert len(double.called("setMyCommands")) == 6
    assert (double.refused, double.complaints) == ([], [])


async def test_of_two_programs_on_one_database_one_asks_telegram_and_the_other_takes_over(
    double, tmp_path, monkeypatch
):
    monkeypatch.setattr("bot.app.telegram._RENEWED", timedelta(milliseconds=20))
    alice = double.user("Alice")
    async with program(double, tmp_path) as first, program(double, tmp_path) as second:
        async with listening(first) as talking:
            await answered(double, alice, 0)
            async with listening(second):
                await answered(double, alice, 1)
                assert second.telegram.username == ""
                assert not talking.done()
        async with listening(second):
            await answered(double, alice, 2)
            assert second.telegram.username

    assert double.refused == []


async def test_a_program_that_disappeared_is_replaced_when_its_turn_has_passed(double, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.app.telegram._RENEWED", timedelta(milliseconds=20))
    alice = double.user("Alice")
    async with program(double, tmp_path) as dead, program(double, tmp_path) as living:
        await dead.app.store.lease("telegram updates", dead.app.clock.now(), timedelta(milliseconds=200))
        async with listening(living):
            await answered(double, alice, 0)

    assert double.refused == []
