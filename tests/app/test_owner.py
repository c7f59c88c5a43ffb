"""What the owner is told of a real app on a real database, and what happens when that cannot be asked."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.app import learn, open_app
from bot.app.owner import KEPT, Owner
from bot.app.site import open_site
from bot.app.webhook import webhook_of, webhook_secret
from bot.domain.errors import StoreError
from bot.domain.model import Chat, OutgoingMessage, Run, Subscription
from bot.settings import Settings
from tests.builders import COURRIER, NOW

TOKEN = "123456789:AAF-" + "x" * 30
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self):
        self.time = NOW

    def now(self):
        return self.time


@pytest.fixture(scope="module")
def knowledge():
    return learn(Settings())


@pytest.fixture
async def app(tmp_path, knowledge):
    settings = Settings(data_dir=tmp_path, web_port=0, web_token="a-token-of-sixteen")
    async with open_app(settings, knowledge) as app:
        await app.store.sync_feeds([COURRIER], NOW)
        yield replace(app, clock=Clock())


@pytest.fixture
def owner(app):
    return Owner(app, started=NOW)


async def queue(app):
    subscription = await app.store.save_subscription(Subscription(Chat("local", "1"), ("otan",)))
    run = Run(subscription.id, "2026-11-22", "08:00", NOW, NOW)
    return await app.store.enqueue(run, [OutgoingMessage("k", subscription.chat, "texte")])


async def test_a_bot_that_has_just_begun_is_well(owner):
    assert await owner.health() == {"status": "ok", "checks": {"database": "ok", "polling": "ok", "sending": "ok"}}


async def test_feeds_that_nobody_asks_turn_it_red(app, owner):
    app.clock.time += HOUR

    health = await owner.health()

    assert (health["status"], health["checks"]["polling"]) == ("failing", "not-asked")


async def test_messages_that_nobody_sends_turn_it_red(app, owner):
    await queue(app)
    app.clock.time += 10 * MINUTE
    assert (await owner.health())["checks"]["sending"] == "ok"
    app.clock.time += 10 * MINUTE

    assert (await owner.health())["checks"]["sending"] == "not-sent"


class Platform:
    """One that knows of trouble."""

    trouble = ""


async def test_a_platform_in_trouble_turns_it_red(app):
    local = Platform()
    owner = Owner(replace(app, platforms={"local": local}), started=NOW)
    assert (await owner.health())["checks"]["local"] == "ok"
    local.trouble = "no answer"
    app.clock.time += MINUTE

    health = await owner.health()

    assert (health["status"], health["checks"]["local"]) == ("failing", "no answer")


async def test_a_database_that_cannot_be_asked_is_told_without_its_address(app, owner, caplog):
    await app.store.close()

    health = await owner.health()

    assert health == {"status": "failing", "checks": {"database": "failing"}}
    assert "the store was closed" in caplog.text
    with pytest.raises(StoreError):
        await owner.figures()


async def test_a_database_that_does_not_answer_holds_up_nobody(app, monkeypatch):
    class Silent:
        async def feed_states(self, *_):
            await asyncio.Event().wait()

        figures = feed_states

    monkeypatch.setattr("bot.app.owner.PATIENCE", timedelta(milliseconds=20))
    silent = Owner(replace(app, store=Silent(), platforms={}), started=NOW)

    assert (await silent.health())["checks"] == {"database": "slow"}
    with pytest.raises(StoreError):
        await silent.figures()


async def test_figures_are_gathered_once_for_all_who_look_within_seconds(app, owner):
    first, second = await asyncio.gather(owner.figures(), owner.figures())
    assert first is second
    app.clock.time += KEPT

    third = await owner.figures()

    assert third is not first
    assert third.at == NOW + KEPT
    assert set(third.hits) == {topic.id for topic in app.knowledge.catalog.topics}


async def test_a_running_site_has_its_pages_and_metrics_only_where_wanted(app):
    for metrics in (False, True):
        told = []
        there = await open_site(
            replace(app, settings=app.settings.model_copy(update={"metrics": metrics})), told.append
        )
        async with httpx.AsyncClient(base_url=there.address, trust_env=False, follow_redirects=True) as client:
            assert (await client.get("/health")).status_code == 200
            assert (await client.get("/metrics")).status_code == (200 if metrics else 401)
            assert (await client.get("/status")).status_code == 401
            page = await client.get("/status?token=a-token-of-sixteen")
        await there.close()

        assert page.status_code == 200
        assert "Le Courrier" in page.text


# --- the webhook's secret --------------------------------------------------------------------------------------------


def test_every_worker_of_a_bot_makes_the_same_secret_and_another_bot_another():
    ours, other = (Settings(telegram_bot_token=token) for token in (TOKEN, TOKEN.replace("x", "y")))

    assert webhook_secret(ours) == webhook_secret(ours.model_copy())
    assert webhook_secret(ours) != webhook_secret(other)
    assert webhook_secret(ours).isalnum()
    assert TOKEN.partition(":")[2] not in webhook_secret(ours)
    assert webhook_secret(ours.model_copy(update={"telegram_webhook_secret": None})) == webhook_secret(ours)
    assert webhook_secret(Settings(telegram_bot_token=TOKEN, telegram_webhook_secret="un-secret")) == "un-secret"


async def test_without_telegram_there_is_no_webhook(app):
    settings = app.settings.model_copy(update={"telegram_webhook_url": "https://bot.example/telegram"})

    assert webhook_of(replace(app, settings=settings)) is None
