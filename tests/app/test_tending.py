"""What the running bot does beside the news: retention, without anybody asking."""

import asyncio
from datetime import timedelta

from bot.app import learn, open_app
from bot.app.running import BEATS, _Run
from bot.domain.model import Candidate
from bot.settings import load_settings
from tests.contract.news import about, statement, stored


async def test_what_is_older_than_its_retention_goes_while_the_bot_runs(tmp_path):
    settings = load_settings({"DATA_DIR": str(tmp_path), "RETENTION_STATEMENTS": "90d"})
    async with open_app(settings, learn(settings)) as app:
        now = app.clock.now()
        for article, days in zip(await stored(app.store, [1, 2], now), (100, 80), strict=True):
            found = Candidate(article, about("ports"), (statement(f"le port dort {days} jours"),))
            await app.store.save_analysis(found, "v1", now - timedelta(days=days))
        before = (await app.store.stats())["statements"]

        await _Run(app, print, print, asyncio.Event())._tend()

        assert (before, (await app.store.stats())["statements"]) == (2, 1)
    assert BEATS["tend"] <= timedelta(days=1)
