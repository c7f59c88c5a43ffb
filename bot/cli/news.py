"""Commands over the news: run, digest, poll."""

import argparse
import asyncio
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_all, period, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import Knowledge
    from bot.domain.model import Digest, Polled
    from bot.settings import Settings


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    run = command(commands, "run", "poll the feeds, print a digest, go on by schedule", "run", "run --sample")
    run.add_argument("--sample", action="store_true", help="with the bundled sample newsroom (invented articles)")
    run.set_defaults(run=_run)
    digest = command(
        commands,
        "digest",
        "one edition to stdout; nothing is sent",
        "digest",
        "digest --topic otan --topic ukraine --since 24h",
        "digest --format html > digest.html",
        "digest --explain",
    )
    digest.add_argument("--topic", action="append", metavar="T", help="a topic's id; may be repeated")
    digest.add_argument("--since", type=period, metavar="24h", help="how far back: 90m, 24h, 7d")
    digest.add_argument("--format", choices=("text", "html", "json"), default="text", help="default: text")
    digest.add_argument("--explain", action="store_true", help="why each story is shown, and the others are not")
    digest.set_defaults(run=_digest)
    poll = command(commands, "poll", "ask the feeds that are due, analyse what is new", "poll --once", "poll")
    poll.add_argument("--once", action="store_true", help="one round, then stop")
    poll.set_defaults(run=_poll)


def _run(options: argparse.Namespace) -> int:
    from bot.app.running import run

    settings, knowledge = load_all()
    _refuse_tokens(settings, sample=options.sample)
    feeds = knowledge.catalog.feeds
    if not options.sample:
        say(f"Verbatim reads {len(feeds)} feeds of {len({feed.outlet for feed in feeds})} outlets…")
    with _bar(len(feeds), "feeds", shown=not options.sample) as tick:
        asyncio.run(run(settings, knowledge, sample=options.sample, say=say, watch=tick))
    return 0


def _refuse_tokens(settings: "Settings", *, sample: bool) -> None:
    from bot.domain.errors import ConfigError, UsageError

    if settings.discord_bot_token:
        raise ConfigError("DISCORD_BOT_TOKEN", "this version does not know Discord yet", "leave it out")
    if sample and settings.telegram_bot_token:
        raise UsageError("--sample shows invented articles and is never sent anywhere; unset TELEGRAM_BOT_TOKEN")


def _digest(options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    _check_topics(options.topic or (), knowledge)
    digest = asyncio.run(_compose(options, settings, knowledge))
    print(_shown(digest, options, knowledge))
    return 0


def _check_topics(wanted: "list[str] | tuple[()]", knowledge: "Knowledge") -> None:
    from bot.domain.errors import UsageError
    from bot.domain.spelling import nearest

    known = [topic.id for topic in knowledge.catalog.topics]
    for topic in wanted:
        if topic not in known:
            near = nearest(topic, known)
            advice = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--topic: no topic {topic!r}; {advice}")


async def _compose(options: argparse.Namespace, settings: "Settings", knowledge: "Knowledge") -> "Digest":
    from bot.app import open_app
    from bot.domain.digest import Brief

    async with open_app(settings, knowledge) as app:
        topics = tuple(dict.fromkeys(options.topic or knowledge.local_topics))
        now = app.clock.now()
        brief = Brief(topics, now - (options.since or timedelta(hours=24)), now, settings.timezone)
        if not (await app.store.stats()).get("articles"):
            say("No article is stored yet: `verbatim poll --once` fetches the feeds.")
        if options.since:
            return await app.newsdesk.digest(brief)
        return await app.newsdesk.widest(brief)


def _shown(digest: "Digest", options: argparse.Namespace, knowledge: "Knowledge") -> str:
    from bot.app import terminal_of
    from bot.platforms.local.data import digest_data
    from bot.platforms.local.page import render_page
    from bot.platforms.local.render import render_digest

    texts, names = knowledge.texts[digest.language], knowledge.names[digest.language]
    if options.format == "html":
        return render_page(digest, texts, names, explain=options.explain)
    if options.format == "json":
        return json.dumps(digest_data(digest, texts), ensure_ascii=False, indent=2)
    text = terminal_of(sys.stdout).show(render_digest(digest, texts, names))
    return f"{text}\n\n{_explained(digest)}" if options.explain else text


def _explained(digest: "Digest") -> str:
    lines = ["Why:"]
    for number, story in enumerate(digest.stories, start=1):
        lines.append(f"  {number}. {story.headline}")
        lines.append(
            f"     score {story.score:.2f} = outlets, topic weight, freshness; topics: {', '.join(story.topics)}"
        )
        lines.extend(f"     {a.outlet}: {why}" for a, why in zip(story.articles, story.why, strict=False))
    lines.append(f"Left out ({len(digest.left_out)}):")
    lines.extend(f"  {article.outlet}: {article.title} — {why}" for article, why in digest.left_out)
    return "\n".join(lines)


def _poll(options: argparse.Namespace) -> int:
    settings, knowledge = load_all()
    return asyncio.run(_poll_rounds(settings, knowledge, once=options.once))


async def _poll_rounds(settings: "Settings", knowledge: "Knowledge", *, once: bool) -> int:
    from bot.app import open_app

    async with open_app(settings, knowledge, worker=True) as app:
        await app.local_subscription()
        while True:
            with _bar(len(knowledge.catalog.feeds), "feeds", shown=once) as tick:
                outcomes = await app.poller.poll_due(app.clock.now(), tick)
            await app.analyst.analyse_new(app.clock.now())
            await app.analyst.read_pages(app.clock.now())
            if outcomes or once:
                _tell(outcomes)
            if once:
                return int(bool(outcomes) and all(polled.state.error for polled in outcomes))
            await app.clock.pause(timedelta(seconds=20))


def _tell(outcomes: "tuple[Polled, ...]") -> None:
    if not outcomes:
        say("No feed is due.")
    for polled in outcomes:
        if polled.state.error:
            say(f"{polled.state.feed.outlet} ({polled.state.error}): {polled.state.error_message}")
    answered = [polled for polled in outcomes if not polled.state.error]
    new, updated = sum(p.new for p in answered), sum(p.updated for p in answered)
    dropped = sum(len(p.dropped) for p in answered)
    say(
        f"{len(answered)} of {len(outcomes)} feeds answered; articles: {new} new, {updated} updated, {dropped} unusable"
    )


def _bar(total: int, what: str, *, shown: bool) -> "AbstractContextManager[Callable[[Polled], None]]":
    """A progress bar on a terminal, ticked by every feed that has been asked."""
    if not shown or not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    return _Bar(total, what)


class _Bar(AbstractContextManager["Callable[[Polled], None]"]):
    def __init__(self, total: int, what: str) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, desc=what, unit="", leave=False)

    def __enter__(self) -> "Callable[[Polled], None]":
        return self._tick

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def _tick(self, _: object) -> None:
        self._bar.update()
        if self._bar.n >= (self._bar.total or 0):
            self._bar.close()
