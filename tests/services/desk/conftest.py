"""A desk over a real store, and people who talk to it."""

from datetime import timedelta

import pytest

from bot.storage import open_store
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO
from tests.services.desk.town import ANNA, BORIS, GROUP, Talk, Town, publish


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as opened:
        await opened.sync_feeds([COURRIER, RADIO, OBSERVATEUR], NOW - timedelta(days=2))
        yield opened


@pytest.fixture
def town(store) -> Town:
    return Town(store)


@pytest.fixture
def anna(town: Town) -> Talk:
    """Anna in her private chat; everybody is served."""
    return town.at()


@pytest.fixture
def group(town: Town) -> Talk:
    """Anna in a group that she administers."""
    town.admins.add((GROUP.chat.id, ANNA.id))
    return town.at(GROUP)


@pytest.fixture
def member(town: Town, group: Talk) -> Talk:  # noqa: ARG001 (a fixture asks for another by its name)
    """Boris, who does not administer the group."""
    return town.at(GROUP, BORIS)


@pytest.fixture
async def news(store):
    """One article about OTAN an hour ago, one about Ukraine two days ago, by different outlets."""
    await publish(store, "L’Otan réunit ses ministres à Sarlange", "otan", COURRIER, hours=1)
    await publish(store, "En Ukraine, le pont de Vaubrun rouvre", "ukraine", RADIO, hours=50)
