"""Figures of a busy month are counted from indexes: no table that grows is read row by row."""

import pytest

from bot.domain.figures import asked
from bot.storage import open_store
from tests.contract.news import NOW, analysed, queue, statement, stored, subscribed
from tests.storage.test_plans import plans

GROWING = ("article", "statement", "topic_match", "outbox", "told", "page", "item")


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as opened:
        await queue(opened, await subscribed(opened), parts=3)
        for article in await stored(opened, range(5)):
            await analysed(opened, article, "ports", statements=(statement(),))
        yield opened


def read_whole(found):
    return [step for step in found if step.startswith("SCAN ") and step.split()[1] in GROWING and "INDEX" not in step]


async def test_gathering_figures(store):
    found = await plans(store, store.figures(asked(NOW, ("ports", "grues"), "Europe/Paris")))

    assert len(found) > 50
    assert read_whole(found) == []


async def test_looking_for_what_waits_without_a_reason(store):
    found = await plans(store, store.waiting_since(["local"], NOW))

    assert any("outbox_due" in step for step in found)
    assert read_whole(found) == []
