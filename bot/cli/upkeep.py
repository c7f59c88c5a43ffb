"""Commands for the owner: check, feeds, db, stats."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_all, load_settings, progress, read_bytes, say

if TYPE_CHECKING:
    from bot.app import Knowledge
    from bot.domain.model import Feed, FeedState
    from bot.ports import Fetcher
    from bot.settings import Settings


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    check = command(commands, "check", "check the configuration", "check", "check --online")
    check.add_argument("--online", action="store_true", help="fetch every feed as well")
    check.set_defaults(run=_check)
    feeds = command(
        commands,
        "feeds",
        "list, import or export feeds",
        "feeds list",
        "feeds import mine.opml",
        "feeds export > feeds.opml",
    )
    actions = feeds.add_subparsers(title="actions", metavar="ACTION", required=True)
    actions.add_parser("list", help="every feed and how it is").set_defaults(run=_list)
    load = actions.add_parser("import", help="add the feeds of an OPML file to feeds.local.toml")
    load.add_argument("file", metavar="FILE", help="an OPML file; - for standard input")
    load.set_defaults(run=_import)
    actions.add_parser("export", help="the feeds as OPML on stdout").set_defaults(run=_export)
    database = command(commands, "db", "look after the database", "db upgrade")
    steps = database.add_subparsers(title="actions", metavar="ACTION", required=True)
    steps.add_parser("upgrade", help="bring the database to this version").set_defaults(run=_upgrade)
    command(commands, "stats", "what is stored", "stats").set_defaults(run=_stats)


# --- check -----------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    catalog = knowledge.catalog
    outlets = len({feed.outlet for feed in catalog.feeds})
    print(
        f"configuration ok: {len(catalog.feeds)} feeds of {outlets} outlets, {len(catalog.topics)} topics, "
        f"{len(catalog.languages)} language(s), {len(catalog.blocked_hosts)} blocked hosts"
    )
    return asyncio.run(_check_online(settings, knowledge)) if options.online else 0


async def _check_online(settings: "Settings", knowledge: "Knowledge") -> int:
    """Fetch and parse every feed once, storing nothing."""
    from bot.app import open_fetcher

    async with open_fetcher(settings, knowledge) as (fetcher, clock):
        asked = [asyncio.create_task(_ask(fetcher, feed, clock.now())) for feed in knowledge.catalog.feeds]
        failed = 0
        for task in progress(asked, total=len(asked), what="feeds"):
            line, good = await task
            failed += not good
            print(line, flush=True)
    print(f"{len(asked) - failed} of {len(asked)} feeds can be read")
    return int(failed > 0)


async def _ask(fetcher: "Fetcher", feed: "Feed", now: datetime) -> tuple[str, bool]:
    from bot.domain.errors import FeedError
    from bot.domain.model import FeedState

    name = f"{feed.outlet}, {feed.section}" if feed.section else feed.outlet
    try:
        parsed = await fetcher.parse(await fetcher.fetch(FeedState(feed, next_poll_at=now), now))
    except FeedError as error:
        return f"FAILED  {name}: {error.kind}: {error}", False
    dated = [entry.published for entry in parsed.entries if entry.published]
    latest = f", latest {max(dated).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if dated else ""
    dropped = f", {len(parsed.dropped)} dropped" if parsed.dropped else ""
    return f"ok      {name}: {len(parsed.entries)} entries{latest}{dropped}", True


# --- feeds -----------------------------------------------------------------------------------------------------------


def _list(_options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    states = {state.feed.url: state for state in asyncio.run(_states(settings, knowledge))}
    for feed in sorted(knowledge.catalog.feeds, key=lambda f: (f.country, f.outlet.casefold(), f.section)):
        state = states.get(feed.url)
        name = f"{feed.outlet} · {feed.section}" if feed.section else feed.outlet
        lock = " 🔒" if feed.paywall else ""
        print(f"{feed.country:3}  {feed.kind:11}  {name}{lock}\n     {_health(state)}  {feed.url}")
    return 0


async def _states(settings: "Settings", knowledge: "Knowledge") -> "tuple[FeedState, ...]":
    from bot.app import open_app

    async with open_app(settings, knowledge) as app:
        return await app.store.feed_states()


def _health(state: "FeedState | None") -> str:
    if state is None or state.polled_at is None:
        return "never asked"
    if state.disabled:
        return f"disabled ({state.disabled})"
    if state.error and state.failing_since:
        return f"failing since {state.failing_since:%Y-%m-%d %H:%M} UTC ({state.error})"
    return f"ok {state.polled_at:%Y-%m-%d %H:%M} UTC"


def _import(options: argparse.Namespace) -> int:
    from bot.catalog import render_feeds_toml
    from bot.catalog.files import LOCAL_FEEDS
    from bot.domain.errors import VerbatimError
    from bot.feeds.opml import read_opml

    settings, knowledge = load_all()
    content = read_bytes(options.file)
    if isinstance(content, str):
        raise VerbatimError(content)
    known = {feed.url for feed in knowledge.catalog.feeds}
    fresh = [feed for feed in read_opml(content) if feed.url not in known]
    target = (settings.config_dir or settings.data_dir) / LOCAL_FEEDS
    if fresh:
        _append(target, render_feeds_toml(fresh))
    say(f"{len(fresh)} feeds added to {target}, {len(known)} were known")
    return 0


def _append(target: Path, blocks: str) -> None:
    """Add to a file in one step: a full disk leaves it as it was."""
    from bot.domain.errors import VerbatimError

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        beside = target.with_suffix(".new")
        beside.write_text(f"{before.rstrip()}\n\n{blocks}".lstrip(), encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        raise VerbatimError(f"{target}: {error.strerror or error}") from error


def _export(_options: argparse.Namespace) -> int:
    from bot.feeds.opml import write_opml

    _settings, knowledge = load_all()
    print(write_opml(knowledge.catalog.feeds, "Verbatim"))
    return 0


# --- database --------------------------------------------------------------------------------------------------------


def _upgrade(_options: argparse.Namespace) -> int:
    from bot.storage import upgrade

    settings = load_settings()
    before, after = asyncio.run(upgrade(settings.database_url.get_secret_value()))
    say(f"database at revision {after}" + (f", was {before or 'empty'}" if before != after else ", nothing to do"))
    return 0


def _stats(_options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    for what, count in asyncio.run(_count(settings, knowledge)).items():
        print(f"{count:10,}  {what}".replace(",", "\u202f"))
    return 0


async def _count(settings: "Settings", knowledge: "Knowledge") -> dict[str, int]:
    from bot.app import open_app

    async with open_app(settings, knowledge) as app:
        return dict(await app.store.stats())
