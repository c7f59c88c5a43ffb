"""Migrations run forward, whoever opens the database first: nothing is asked of the owner but room for a copy."""

import asyncio
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text

from bot.domain.errors import StoreError
from bot.storage.address import Address, parse_address
from bot.storage.copies import copy_file
from bot.storage.engine import blocking_engine
from bot.storage.failures import explained
from bot.storage.lock import worker_lock
from bot.storage.tables import REVISION, VERSION_TABLE

_ADVISORY_LOCK = 8_372_259_841_101  # any number, as long as it stays: several processes may start at once
_ALEMBIC = Lock()  # its `op` is one for the whole process: two databases migrated at once would mix up their tables
_OLDEST_SQLITE = (3, 35, 0)  # RETURNING


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the revisions lie, and the latest of them."""

    folder: Path
    head: str


OURS = Plan(Path(__file__).parent / "migrations", REVISION)


async def upgrade(database_url: str) -> tuple[str, str]:
    """Bring the database to this program's revision; the revisions before ("" for an empty one) and after.

    Raises StoreError.
    """
    return await asyncio.to_thread(migrate, parse_address(database_url))


def migrate(address: Address, *, worker: bool = False, plan: Plan = OURS) -> tuple[str, str]:
    """As `upgrade`, in this thread; `worker` says that the caller holds the worker's lock."""
    with explained(address):
        if address.path:
            _check_library()
            address.path.parent.mkdir(parents=True, exist_ok=True)
        engine = blocking_engine(address)
        try:
            with engine.connect() as connection:
                before = revision(connection, address)
            if before != plan.head:
                _forward(engine, address, plan, worker=worker)
            return before, plan.head
        finally:
            engine.dispose()


def _check_library() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: this Python needs one with 3.35 or later")


def revision(connection: Connection, address: Address) -> str:
    """The revision the database is at, "" when it is empty. Raises StoreError when it belongs to something else."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")  # noqa: S608 our own constant
    if tables:
        raise StoreError(f"{address}: not a database of Verbatim (it holds {tables[0]}); give Verbatim one of its own")
    return ""


def _forward(engine: Engine, address: Address, plan: Plan, *, worker: bool) -> None:
    """Migrate inside one transaction that nobody else can be in; who comes second finds the work done."""
    writer = engine.execution_options(immediate=True) if address.path else engine
    with writer.begin() as connection:
        if address.path is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        before = revision(connection, address)
        if before != plan.head:
            with ExitStack() as stack:
                # Tables are not changed under a running worker.
                if before and not worker and (lock := worker_lock(address)):
                    stack.callback(lock.release)
                _run(connection, address, before, plan)


def _run(connection: Connection, address: Address, before: str, plan: Plan) -> None:
    # Alembic is imported where there is something to migrate: it costs memory and a moment at every start.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(plan.folder))
    known = {script.revision for script in scripts.walk_revisions()}
    if before and before not in known:
        raise StoreError(
            f"{address}: made by a newer Verbatim (revision {before}, this one knows {plan.head}); upgrade the program"
        )
    if address.path and before:
        copy_file(address.path, address.path.with_name(f"{address.path.name}.before-{plan.head}.bak"))
    steps = [
        MigrationStep.upgrade_from_script(scripts.revision_map, script)
        for script in reversed(list(scripts.iterate_revisions(plan.head, before or "base")))
    ]
    options = {"version_table": VERSION_TABLE, "fn": lambda _revisions, _context: steps}
    context = MigrationContext.configure(connection, opts=options)
    with _ALEMBIC, Operations.context(context):
        context.run_migrations()
