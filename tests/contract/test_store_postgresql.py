"""What only a server can do to us."""

from urllib.parse import urlsplit

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.domain.errors import StoreError
from bot.storage import open_store, subscriptions, upgrade
from bot.storage.address import parse_address
from bot.storage.engine import blocking_engine
from bot.storage.tables import REVISION, VERSION_TABLE, metadata
from tests.contract.news import COURRIER, NOW, messages, run, subscribed

DROP_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verbatim'"


async def refused(url):
    with pytest.raises(StoreError) as caught:
        await open_store(url, now=NOW)
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_a_wrong_password_is_one_line_without_it(postgresql, postgresql_url):
    rules = postgresql.handle.pgdata / "pg_hba.conf"
    rules.write_text(f"local all guarded scram-sha-256\n{rules.read_text()}")
    postgresql.execute("CREATE ROLE guarded LOGIN PASSWORD 'right one'", "SELECT pg_reload_conf()")
    parts = urlsplit(postgresql_url)
    wrong = parts._replace(netloc="guarded:s3same%2Fword@").geturl()
    right = parts._replace(netloc="guarded:right%20one@").geturl()

    line = await refused(wrong)

    assert "password" in line
    assert "s3same" not in line
    # … and the right one is let in, to find that it may not do much.
    assert "may not do that" in await refused(right)


async def test_a_database_that_is_not_there_is_named(postgresql):
    line = await refused(postgresql.address("nowhere"))

    assert "nowhere" in line


async def test_both_ways_to_write_the_address_open_the_same_database(postgresql_url):
    short = postgresql_url.replace("postgresql://", "postgres://") + "&sslmode=disable"

    async with await open_store(postgresql_url, now=NOW) as store, await open_store(short, now=NOW) as same:
        await subscribed(store)
        assert len(await same.subscriptions()) == 1


async def test_several_workers_share_a_server(postgresql_url):
    async with (
        await open_store(postgresql_url, now=NOW, worker=True) as first,
        await open_store(postgresql_url, now=NOW, worker=True) as second,
    ):
        await first.sync_feeds([COURRIER], NOW)
        assert len(await second.feed_states()) == 1


async def test_of_two_that_queue_for_a_chat_the_second_waits_so_that_messages_keep_their_order(postgresql_url):
    async def impatient(store, subscription):
        async with store.database.write() as connection:
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            await subscriptions.enqueue(connection, run(subscription, "2026-11-23"), (), (), None)

    async with (
        await open_store(postgresql_url, now=NOW) as first,
        await open_store(postgresql_url, now=NOW) as second,
    ):
        subscription = await subscribed(first)
        async with first.database.write() as connection:
            await subscriptions.enqueue(connection, run(subscription), messages(subscription, "a"), (), None)
            with pytest.raises(StoreError, match="lock timeout"):
                await impatient(second, subscription)
        await impatient(second, subscription)

        assert (await first.stats())["runs"] == 2


async def test_after_the_server_dropped_the_connections_the_store_goes_on(postgresql, postgresql_url):
    async with await open_store(postgresql_url, now=NOW) as store:
        await subscribed(store)
        postgresql.execute(DROP_CONNECTIONS)

        assert len(await store.subscriptions()) == 1


async def test_a_connection_lost_in_the_middle_is_a_store_error_and_nothing_is_stored(postgresql, postgresql_url):
    async def interrupted(store):
        async with store.database.write() as connection:
            await connection.exec_driver_sql("UPDATE subscription SET paused = true")
            postgresql.execute(DROP_CONNECTIONS)
            await connection.exec_driver_sql("UPDATE subscription SET paused = true")

    async with await open_store(postgresql_url, now=NOW) as store:
        saved = await subscribed(store)

        with pytest.raises(StoreError, match=r"^PostgreSQL .*: the server ended the connection"):
            await interrupted(store)

        assert await store.subscriptions() == (saved,)


async def test_a_database_of_something_else_is_refused_and_left_as_it_is(postgresql):
    url = postgresql.address(postgresql.create())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE invoices (id int)")

    assert "not a database of Verbatim (it holds invoices)" in await refused(url)


async def test_upgrading_says_from_where_to_where(postgresql):
    url = postgresql.address(postgresql.create())

    assert await upgrade(url) == ("", REVISION)
    assert await upgrade(url) == (REVISION, REVISION)


def test_the_migrations_lead_to_the_tables_that_the_code_knows(postgresql_url):
    engine = blocking_engine(parse_address(postgresql_url))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
