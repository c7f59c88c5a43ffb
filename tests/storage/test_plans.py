"""What is asked at every beat is answered from indexes, however much is stored."""

import pytest
from sqlalchemy import event

from bot.domain.model import Receipt
from bot.storage import open_store
from tests.contract.news import COURRIER, DAY, LEASE, NOW, analysed, entry, poll, queue, statement, stored, subscribed

SMALL = ("feed", "subscription")  # as many as somebody configured


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as opened:
        for number in range(20):
            await queue(opened, await subscribed(opened, str(number)), parts=3)
        for article in await stored(opened, range(20)):
            await analysed(opened, article, "ports", statements=(statement(),))
        yield opened


async def plans(store, work):
    """How SQLite finds the rows of every statement that is executed meanwhile."""
    executed = []

    def note(_connection, _cursor, sql, parameters, _context, _many):
        executed.append((sql, parameters[0] if isinstance(parameters, list) else parameters))

    engine = store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await work
    event.remove(engine, "before_cursor_execute", note)
    found = []
    async with store.database.read() as connection:
        for sql, parameters in executed:
            if not sql.startswith("BEGIN"):
                rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
                found += [row.detail for row in rows]
    return found


def scanned(found):
    """The steps that read all rows: not the few of an index, the one to claim, or those of the statement itself."""
    known = (" USING INDEX", "SCAN due", " CONSTANT ROW")
    return [step for step in found if step.startswith("SCAN ") and not any(part in step for part in known)]


WORK = {
    "claiming a message": lambda store: store.claim_message(["local"], NOW, LEASE),
    "taking over lost messages": lambda store: store.expired(NOW),
    "storing a poll": lambda store: poll(store, COURRIER, [entry(1, title="x"), *map(entry, range(2, 40))]),
    "finding articles to analyse": lambda store: store.unanalysed("v1", NOW - DAY, 10),
    "finding pages to read": lambda store: store.wanted_pages(NOW - DAY, 10),
    "finding candidates": lambda store: store.candidates(["ports", "grues"], NOW - DAY, NOW),
    "reading what is recent": lambda store: store.recent_articles(NOW - DAY, 9, before=40),
    "finding the latest match": lambda store: store.latest_match(["ports", "grues"]),
    "finding what was told": lambda store: store.told(1, NOW - DAY),
}


@pytest.mark.parametrize("work", WORK)
async def test_no_table_that_grows_is_read_from_end_to_end(store, work):
    found = await plans(store, WORK[work](store))

    assert found
    assert [step for step in scanned(found) if step.split()[1] not in SMALL] == []


async def test_the_next_message_is_found_without_sorting_those_that_wait(store):
    found = await plans(store, store.claim_message(["local"], NOW, LEASE))

    assert any("outbox_due" in step for step in found)
    assert any("outbox_unsent" in step for step in found)
    assert not any("TEMP B-TREE" in step for step in found)


async def test_an_analysis_is_stored_without_reading_other_articles(store):
    (article, *_) = await store.unanalysed("v2", NOW - DAY, 1)

    found = await plans(store, analysed(store, article, "ports", statements=(statement(),)))

    assert scanned(found) == []


async def test_recording_a_message_touches_its_row_and_what_its_chat_reads_only(store):
    message = await store.claim_message(["local"], NOW, LEASE)

    assert await plans(store, store.mark_sent(message, Receipt("1", NOW))) == [
        "SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH subscription USING INDEX sqlite_autoindex_subscription_1 (platform=? AND chat=?)",
    ]
