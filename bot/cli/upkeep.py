"""Commands for the owner: check, feeds, stats."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_all, progress, read_bytes, say

if TYPE_CHECKING:
    from bot.app import Knowledge
    from bot.domain.figures import Figures
    from bot.domain.model import Feed, FeedState
    from bot.domain.texts import Texts
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
    retry = actions.add_parser("retry", help="ask again for feeds that had ended or fail, now")
    retry.add_argument("url", nargs="?", default="", metavar="URL", help="only this one")
    retry.set_defaults(run=_retry)
    load = actions.add_parser("import", help="add the feeds of an OPML file to feeds.local.toml")
    load.add_argument("file", metavar="FILE", help="an OPML file; - for standard input")
    load.set_defaults(run=_import)
    actions.add_parser("export", help="the feeds as OPML on stdout").set_defaults(run=_export)
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
    from bot.cli.feed_lines import feed_lines

    settings, knowledge = load_all()
    states, now = asyncio.run(_states(settings, knowledge))
    known = {state.feed.url: state for state in states}
    feeds = {feed.url: feed for feed in (*knowledge.catalog.feeds, *(s.feed for s in states if not s.feed.trusted))}
    for feed in sorted(feeds.values(), key=lambda f: (f.country, f.outlet.casefold(), f.section)):
        print(feed_lines(feed, known.get(feed.url), now))
    return 0


async def _states(settings: "Settings", knowledge: "Knowledge") -> "tuple[tuple[FeedState, ...], datetime]":
    from bot.app import open_app

    async with open_app(settings, knowledge) as app:
        return (*await app.store.feed_states(), *await app.store.chat_feeds()), app.clock.now()


def _retry(options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    return asyncio.run(_ask_again(settings, knowledge, options.url))


async def _ask_again(settings: "Settings", knowledge: "Knowledge", url: str) -> int:
    from bot.app import open_app

    async with open_app(settings, knowledge) as app:
        number = await app.store.retry_feeds(app.clock.now(), url)
    if url and not number:
        say(f"no feed of that address is read: {url}; `verbatim feeds list` shows them")
        return 1
    say(f"{number} feed{'s' * (number != 1)} will be asked again at once")
    return 0


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


# --- figures ---------------------------------------------------------------------------------------------------------


def _stats(_options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    counts, figures = asyncio.run(_count(settings, knowledge))
    for what, count in counts.items():
        print(f"{count:10,}  {what}".replace(",", "\u202f"))
    for line in _told(figures, knowledge.texts["en"]):
        print(line)
    return 0


async def _count(settings: "Settings", knowledge: "Knowledge") -> "tuple[dict[str, int], Figures]":
    from bot.app import open_app
    from bot.domain.figures import asked

    topics = tuple(topic.id for topic in knowledge.catalog.topics)
    async with open_app(settings, knowledge) as app:
        question = asked(app.clock.now(), topics, settings.timezone)
        return dict(await app.store.stats()), await app.store.figures(question)


def _told(figures: "Figures", texts: "Texts") -> list[str]:
    """What /status shows beside the counts, as lines."""
    from bot.domain.figures import STEPS
    from bot.domain.measures import size, span

    feeds = ", ".join(f"{how} {number}" for how, number in figures.conditions.items())
    waits = f"since {span(figures.at - figures.unsent_since, texts)}" if figures.unsent_since else "nothing"
    lags = [
        f"{what}: {span(lag.half, texts)} one time in two, {span(lag.most, texts)} nine in ten ({lag.cases} in 24 h)"
        for step, what in STEPS.items()
        if (lag := figures.lags[step]).cases
    ]
    topics = ", ".join(f"{topic} {hits}" for topic, hits in figures.hits.items() if hits)
    return [
        f"feeds: {feeds}",
        f"waits to be sent: {waits}",
        *lags,
        f"articles of 7 days by topic: {topics or 'none'}",
        f"on disk: {size(figures.bytes, texts)}",
    ]
