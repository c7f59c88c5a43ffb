"""Keeping it: backup, destroy, restore, prune, and the unit that systemd runs; each as a process of its own."""

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.chats import KnownChat
from bot.domain.model import Chat
from bot.storage import open_store
from tests.contract.news import NOW, analysed, messages, run, statement, stored, subscribed
from tests.e2e.test_command_line import verbatim


@pytest.fixture
def database(tmp_path):
    """A bot that has worked: rows in most tables."""

    async def work():
        async with await open_store(f"sqlite:///{tmp_path}/data/verbatim.db", now=NOW) as store:
            await store.save_chat(KnownChat(Chat("telegram", "7"), title="Anna « 🌻 »", admitted=True))
            await store.add_own_topic(Chat("telegram", "7"), "drones", "drone*", 5)
            subscription = await subscribed(store, "7")
            articles = await stored(store, range(40))
            for article in articles:
                await analysed(store, article, "ports", text="Le texte.", statements=(statement(),))
            await store.enqueue(run(subscription), messages(subscription, "a"), told=[articles[0].id])

    asyncio.run(work())
    return tmp_path / "data" / "verbatim.db"


def everything(path):
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in sorted(names)}  # noqa: S608 (names of tables)


def test_backup_destroy_restore_and_everything_is_back(database, tmp_path):
    before = everything(database)
    saved = verbatim("db", "backup", "all.db", cwd=tmp_path)
    shutil.rmtree(database.parent)
    restored = verbatim("db", "restore", "all.db", "--yes", cwd=tmp_path)

    assert (saved.returncode, restored.returncode) == (0, 0), saved.stderr + restored.stderr
    assert everything(database) == before
    assert sum(map(len, before.values())) > 150
    assert saved.stderr.startswith("all.db: ")
    assert "verified" in saved.stderr
    assert saved.stdout == restored.stdout == ""


def test_a_bot_that_runs_is_backed_up_and_not_restored(database, tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}
    held = (
        "import asyncio, sys; from bot.storage import open_store; from tests.contract.news import NOW\n"
        f"store = asyncio.run(open_store('sqlite:///{database}', now=NOW, worker=True)); print('up', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=tmp_path
    ) as worker:
        assert worker.stdout.readline() == b"up\n"
        saved = verbatim("db", "backup", "all.db", cwd=tmp_path)
        refused = verbatim("db", "restore", "all.db", "--yes", cwd=tmp_path)
        worker.kill()

    assert saved.returncode == 0, saved.stderr
    assert refused.returncode == 1
    assert "another worker is running on this database; stop it" in refused.stderr


def test_restoring_is_asked_about_or_said(database, tmp_path):
    verbatim("db", "backup", "all.db", cwd=tmp_path)
    before = everything(database)

    refused = verbatim("db", "restore", "all.db", cwd=tmp_path)

    assert (refused.returncode, refused.stderr) == (
        2,
        "verbatim: restore replaces everything that is stored: say --yes\n",
    )
    assert everything(database) == before


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("db", "backup", "data"), "verbatim: data: this is a folder; name a file in it"),
        (("db", "backup", "no/where.db"), "verbatim: no/where.db: no such file or directory: no/where.db.partial"),
        (("db", "restore", "none.db", "--yes"), "verbatim: none.db: there is no such file"),
        (("db", "restore", "notes.txt", "--yes"), "verbatim: notes.txt: this is no database, or a damaged one"),
    ],
)
def test_what_cannot_be_done_is_one_line(database, tmp_path, arguments, line):
    (tmp_path / "notes.txt").write_text("pas une base\n" * 100, encoding="utf-8")
    before = everything(database)

    result = verbatim(*arguments, cwd=tmp_path)

    assert result.returncode == 1
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1
    assert everything(database) == before


def test_prune_says_what_went(database, tmp_path):
    with closing(sqlite3.connect(database)) as connection:
        long_ago = (NOW - timedelta(days=4000)).strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute("UPDATE statement SET found_at = ?", (long_ago,))
        connection.commit()

    result = verbatim("db", "prune", cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    assert re.search(r"^ +40  statements$", result.stdout, re.MULTILINE)
    assert everything(database)["statement"] == []


# --- service ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--user",)])
def test_the_unit_names_this_installation_and_systemd_takes_it(tmp_path, options):
    here = tmp_path / "ma presse 100%"
    here.mkdir()

    result = verbatim("service", *options, cwd=here, DATA_DIR="./données", LOG_FORMAT="json", METRICS="true")

    unit = result.stdout
    assert result.returncode == 0, result.stderr
    assert f"WorkingDirectory={tmp_path}/ma presse 100%%\n" in unit
    assert f'Environment="DATA_DIR={tmp_path}/ma presse 100%%/données"\n' in unit
    assert "Environment=METRICS=true\nEnvironment=LOG_FORMAT=json\nRestart=on-failure\n" in unit
    (command,) = re.findall(r"^ExecStart=(\S+) (?:-m bot )?run$", unit, re.MULTILINE)
    assert Path(command).exists()
    assert ("User=" in unit) is (options == ())
    assert ("ProtectSystem=strict" in unit) is (options == ())
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "verbatim.service"
    file.write_text(unit, encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_a_secret_of_the_shell_is_not_written_into_the_unit(tmp_path):
    result = verbatim("service", cwd=tmp_path, WEB_TOKEN="not-to-be-seen")

    assert "not-to-be-seen" not in result.stdout + result.stderr
    assert (
        result.stderr == f"warning: WEB_TOKEN is set in this shell only: write it to {tmp_path}/.env, for the service\n"
    )
