"""`verbatim db`: upgrade, backup, restore, prune."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_settings, say
from bot.domain.errors import UsageError

if TYPE_CHECKING:
    from bot.settings import Settings

_MEGABYTE = 1_000_000
_KILOBYTE = 1_000


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    database = command(
        commands,
        "db",
        "look after the database",
        "db backup /backups/verbatim.db",
        "db restore /backups/verbatim.db",
        "db prune",
    )
    steps = database.add_subparsers(title="actions", metavar="ACTION", required=True)
    steps.add_parser("upgrade", help="bring the database to this version").set_defaults(run=_upgrade)
    save = steps.add_parser("backup", help="write everything to one file, also beside a running bot")
    save.add_argument("file", metavar="FILE", help="the file to write: a SQLite database, whichever one is in use")
    save.add_argument("--force", action="store_true", help="replace the file if it exists")
    save.set_defaults(run=_backup)
    load = steps.add_parser("restore", help="put a backup in the place of the database; the bot must be stopped")
    load.add_argument("file", metavar="FILE", help="what `db backup` wrote, of SQLite or of PostgreSQL")
    load.add_argument("--yes", action="store_true", help="do not ask")
    load.set_defaults(run=_restore)
    steps.add_parser("prune", help="delete now what is older than its retention").set_defaults(run=_prune)


def _upgrade(_options: argparse.Namespace) -> int:
    from bot.storage import upgrade

    before, after = asyncio.run(upgrade(_address(load_settings())))
    say(f"database at revision {after}" + (f", was {before or 'empty'}" if before != after else ", nothing to do"))
    return 0


def _backup(options: argparse.Namespace) -> int:
    from bot.storage import back_up

    file = Path(options.file).expanduser()
    held = asyncio.run(back_up(_address(load_settings()), file, force=options.force))
    say(f"{file}: {_number(held.total)} rows, {_size(file.stat().st_size)}, verified")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bot.app import Clock
    from bot.storage import inspect, restore

    settings, file = load_settings(), Path(options.file).expanduser()
    held = asyncio.run(inspect(file))
    kept = ", ".join(f"{_number(held.rows.get(name, 0))} {name}s" for name in ("subscription", "article", "statement"))
    if not options.yes and not _sure(f"{file} holds {kept}. It replaces everything that is stored now. Go on? [y/N] "):
        say("nothing was changed")
        return 1
    done = asyncio.run(restore(_address(settings), file, now=Clock().now(), folder=settings.data_dir))
    aside = f"; what was there before is in {done.aside}" if done.aside else ""
    say(f"restored {_number(done.contents.total)} rows from {file}{aside}")
    return 0


def _sure(question: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("restore replaces everything that is stored: say --yes")
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "o", "oui"}


def _prune(_options: argparse.Namespace) -> int:
    settings = load_settings()
    gone, freed = asyncio.run(_pruned(settings))
    for what, count in gone.items():
        print(f"{_number(count):>10}  {what}")
    if freed:
        say(f"{_size(freed)} given back to the disk")
    return 0


async def _pruned(settings: "Settings") -> tuple[dict[str, int], int]:
    from bot.app import Clock
    from bot.storage import compact, open_store

    now = Clock().now()
    async with await open_store(_address(settings), now=now) as store:
        gone = await store.prune(now, settings.retention_articles, settings.retention_statements)
    return dict(gone), await compact(_address(settings))


def _address(settings: "Settings") -> str:
    return settings.database_url.get_secret_value()


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _size(length: int) -> str:
    return f"{length / _MEGABYTE:.1f} MB" if length >= _MEGABYTE else f"{length / _KILOBYTE:.0f} kB"
