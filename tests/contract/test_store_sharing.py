"""Several stores on one database, as several processes would have them."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import chain

import pytest

from bot.domain.model import Receipt
from bot.storage import open_store
from tests.contract.news import (
    COURRIER,
    COURRIER_EUROPE,
    DAY,
    LEASE,
    NOW,
    RADIO,
    analysed,
    entry,
    messages,
    poll,
    queue,
    run,
    statement,
    stored,
    subscribed,
)


@pytest.fixture
async def stores(another_store):
    return [await another_store() for _ in range(3)]


async def test_stores_claim_different_feeds(stores):
    await stores[0].sync_feeds([replace(RADIO, url=f"https://radio.example/{number}") for number in range(30)], NOW)

    claims = await asyncio.gather(*(store.claim_feeds(NOW, LEASE, 10) for store in stores))

    assert sorted(len(claim) for claim in claims) == [10, 10, 10]
    assert len({state.id for state in chain(*claims)}) == 30


async def test_stores_send_each_message_once_and_each_chat_in_order(stores):
    for number in range(8):
        await queue(stores[0], await subscribed(stores[0], str(number)), parts=3)
    sent = []

    async def work(store):
        idle = 0
        while idle < 5:
            message = await store.claim_message(["local"], NOW, LEASE)
            idle = 0 if message else idle + 1
            if message:
                sent.append((message.chat.id, message.part))
                assert await store.mark_sent(message, Receipt("1", NOW))

    await asyncio.gather(*(work(store) for store in stores))

    assert sorted(sent) == [(str(number), part) for number in range(8) for part in (1, 2, 3)]
    for number in range(8):
        assert [part for chat, part in sent if chat == str(number)] == [1, 2, 3]


async def test_of_the_threads_of_a_chat_one_is_in_flight_whoever_claims(stores):
    for number in range(12):
        await queue(stores[0], await subscribed(stores[0], "1", str(number)))

    for _ in range(12):
        claims = await asyncio.gather(*(store.claim_message(["local"], NOW, LEASE) for store in stores))

        (holder,) = (number for number, message in enumerate(claims) if message)
        assert await stores[holder].mark_sent(claims[holder], Receipt("1", NOW))


async def test_a_run_queued_by_everybody_at_once_happens_once(stores):
    subscription = await subscribed(stores[0])
    days = [str(number) for number in range(10)]

    outcomes = await asyncio.gather(
        *(store.enqueue(run(subscription, day), messages(subscription, day, 2)) for day in days for store in stores)
    )

    assert sum(outcomes) == 10
    assert (await stores[0].outbox())["pending"] == 20


async def test_an_article_that_two_feeds_bring_at_once_is_stored_once(stores):
    first, second, _ = stores
    await first.sync_feeds([COURRIER, COURRIER_EUROPE], NOW)
    entries = [entry(number) for number in range(300)]

    polls = await asyncio.gather(
        poll(first, COURRIER, entries),
        poll(second, COURRIER_EUROPE, [*reversed(entries)]),
        first.sync_feeds([COURRIER_EUROPE, COURRIER], NOW),
    )

    assert sorted((polls[0].new, polls[1].new)) == [0, 300]
    assert (await first.stats())["articles"] == 300


async def test_an_article_that_everybody_analyses_at_once_has_each_statement_once(stores):
    articles = await stored(stores[0], range(10))
    said = (statement(), statement("les grues attendront"))

    await asyncio.gather(*(analysed(store, one, "ports", statements=said) for one in articles for store in stores))

    assert [one.statements for one in await stores[0].candidates(["ports"], NOW - DAY, NOW)] == [said] * 10


async def test_subscriptions_of_a_chat_saved_at_once_are_one(stores):
    saved = await asyncio.gather(*(subscribed(store) for store in stores))

    assert len({one.id for one in saved}) == 1


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_whoever_opens_an_empty_database_first_makes_its_tables(database, request, tmp_path):
    if database == "sqlite":
        url = f"sqlite:///{tmp_path}/new/verbatim.db"
    else:
        server = request.getfixturevalue("postgresql")
        url = server.address(server.create())

    async with AsyncExitStack() as stack:
        opening = await asyncio.gather(*(open_store(url, now=NOW) for _ in range(4)))
        stores = [await stack.enter_async_context(store) for store in opening]
        await asyncio.gather(*(subscribed(store, str(number)) for number, store in enumerate(stores)))
        assert len(await stores[0].subscriptions()) == 4
