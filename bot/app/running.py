"""`verbatim run`: the first digest as soon as feeds have answered, then the heartbeat until somebody stops it."""

import asyncio
import logging
import secrets
import signal
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.app import App, Clock, Knowledge, open_app
from bot.domain.digest import Brief
from bot.domain.model import Polled, Subscription
from bot.domain.phrases import day_of, hour_of
from bot.domain.schedule import planned
from bot.platforms.local.page import render_page
from bot.sample.newsroom import serve_newsroom
from bot.scheduler import Heartbeat
from bot.settings import Settings
from bot.web import PortTaken, Serving, Site, serve_site

log = logging.getLogger(__name__)

NOBODY_ANSWERS = timedelta(seconds=15)  # then the sample newsroom stands in (PRODUCT.md, section 2)
FIRST_ROUND = timedelta(seconds=25)  # a newcomer reads what has come by then; the rest comes later
FIRST_PAGES = timedelta(seconds=12)
FRESH = timedelta(hours=2)  # feeds that answered so recently need not answer again to prove that we are online
OURS_PERHAPS = ("dns", "connect", "timeout")  # errors of feeds that an outage on our side gives to all of them
GRACE = timedelta(seconds=10)  # for messages in flight at the end
STUCK = timedelta(hours=3)  # no feed answered for so long: /health turns red
BEATS = {
    "poll": timedelta(seconds=20),
    "due": timedelta(seconds=20),
    "drain": timedelta(seconds=2),
    "tend": timedelta(minutes=5),
}

Say = Callable[[str], None]
Watch = Callable[[Polled], None]


async def run(settings: Settings, knowledge: Knowledge, *, sample: bool, say: Say, watch: Watch) -> None:
    """Run until stopped: the configured feeds, or the sample newsroom where none of them answers."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers in its loop; Ctrl-C still ends us
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.telegram_bot_token and not sample:
        async with open_app(settings, knowledge, worker=True) as app:
            await _Run(app, say, watch, stop).serve()
        return
    if not sample:
        async with open_app(settings, knowledge, worker=True) as app:
            if await _Run(app, say, watch, stop).go() or stop.is_set():
                return
        say(f"No feed answered within {NOBODY_ANSWERS.seconds} s: this is the bundled sample newsroom.")
    newsroom = await serve_newsroom(Clock().now)
    try:
        # Its articles are dated relative to this start: a database of its own, and gone with it.
        with tempfile.TemporaryDirectory(prefix="verbatim-sample-") as folder:
            database = f"sqlite:///{Path(folder) / 'sample.db'}"
            async with open_app(settings, knowledge, worker=True, feeds=newsroom.feeds, database_url=database) as app:
                await _Run(app, say, watch, stop).go()
    finally:
        await newsroom.close()


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of one app, from the first poll to the end."""

    app: App
    say: Say
    watch: Watch
    stop: asyncio.Event

    async def go(self) -> bool:
        """Run until stopped; False at once where no feed answers."""
        answered = asyncio.Event()
        polling = asyncio.create_task(self._poll_first(answered))
        try:
            if not await self._anybody(answered, polling):
                return False
            await asyncio.wait({polling}, timeout=(FIRST_ROUND - NOBODY_ANSWERS).total_seconds())
            subscription = await self._first_digest()
            await self._live(lambda: self._say_next(subscription))
            return True
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    async def _poll_first(self, answered: asyncio.Event) -> None:
        now = self.app.clock.now()

        def seen(polled: Polled) -> None:
            self.watch(polled)
            if not polled.state.error:
                answered.set()

        states = await self.app.store.feed_states()
        if any(state.succeeded_at and now - state.succeeded_at < FRESH for state in states):
            answered.set()
        else:
            # Perhaps it was our own network that failed: what it hid must not wait for its back-off.
            await self.app.store.hurry_feeds(OURS_PERHAPS, now)
        await self.app.poller.poll_due(now, seen)

    async def _anybody(self, answered: asyncio.Event, polling: asyncio.Task[None]) -> bool:
        """Whether any feed answers, as soon as that is known."""
        waits = {asyncio.create_task(answered.wait()), asyncio.create_task(self.stop.wait()), polling}
        await asyncio.wait(waits, timeout=NOBODY_ANSWERS.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        for task in waits - {polling}:
            task.cancel()
        if polling.done():
            polling.result()  # a database that failed is told, not taken for silence
        return answered.is_set() and not self.stop.is_set()

    async def _first_digest(self) -> Subscription:
        """What a newcomer reads first: what has come by now, with the pages that are quick to read."""
        subscription = await self.app.local_subscription()  # what is followed decides which pages are read
        await self.app.analyst.analyse_new(self.app.clock.now())
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.analyst.read_pages(self.app.clock.now()), FIRST_PAGES.total_seconds())
        now = self.app.clock.now()
        await self.app.newsdesk.compose_now(subscription, now)
        await self._drain()
        if subscription.next_due_at is None:
            subscription = await self.app.store.save_subscription(planned(subscription, now))
        return subscription

    async def serve(self) -> None:
        """Be the bot until stopped."""
        from bot.app.telegram import open_conversation

        talk = open_conversation(self.app)
        listening = asyncio.create_task(talk.listen(self.stop))
        listening.add_done_callback(lambda _: self.stop.set())  # a token that nobody knows ends the program
        introducing = asyncio.create_task(talk.introduce(self.say))
        try:
            await self._live(lambda: None)
        finally:
            introducing.cancel()
            await asyncio.gather(introducing, return_exceptions=True)
            self.stop.set()
            await listening
            await talk.telegram.close()

    async def _live(self, begun: Callable[[], None]) -> None:
        heart = Heartbeat(
            {
                "poll": (BEATS["poll"], self._poll),
                "due": (BEATS["due"], self._due),
                "drain": (BEATS["drain"], self._drain),
                "tend": (BEATS["tend"], self._tend),
            },
            patient=("drain",),
        )
        site = await self._serve_page()
        heart.start()
        heart.hurry("poll", self.app.clock.now())
        begun()
        try:
            await self.stop.wait()
        finally:
            await heart.stop(GRACE)
            if site:
                await site.close()

    def _say_next(self, subscription: Subscription) -> None:
        if subscription.next_due_at:
            texts = self.app.knowledge.texts["en"]
            day = day_of(subscription.next_due_at, subscription.timezone, texts)
            hour = hour_of(subscription.next_due_at, subscription.timezone, texts)
            self.say(f"Next digest: {day}, {hour} ({subscription.timezone}). Ctrl-C stops.")

    # --- beats ---------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        await self.app.rulebook.refresh(self.app.store)
        for polled in await self.app.poller.poll_due(self.app.clock.now()):
            if polled.state.error and polled.state.failures == 1:
                log.warning("%s: %s", polled.state.feed.outlet, polled.state.error_message)
        await self.app.analyst.analyse_new(self.app.clock.now())
        await self.app.analyst.read_pages(self.app.clock.now())

    async def _due(self) -> None:
        await self.app.newsdesk.compose_due(self.app.clock.now())

    async def _drain(self) -> None:
        await self.app.post.drain()

    async def _tend(self) -> None:
        now, settings = self.app.clock.now(), self.app.settings
        for message in await self.app.post.reap():
            log.warning("message %s may have been sent before a crash", message.key)
        await self.app.store.prune(now, settings.retention_articles, settings.retention_statements)

    # --- page ----------------------------------------------------------------------------------------------------

    async def _serve_page(self) -> Serving | None:
        settings = self.app.settings
        token = settings.web_token.get_secret_value() if settings.web_token else secrets.token_urlsafe(16)
        hosts = () if settings.web_host in {"0.0.0.0", "::"} else (settings.web_host,)  # noqa: S104 (asked for)
        try:
            site = await serve_site(Site(token, self._page, self._health, hosts), settings.web_host, settings.web_port)
        except PortTaken as error:
            log.warning("%s", error)
            return None
        self.say(f"The latest digest as a page: {site.address}/?token={token}")
        return site

    async def _page(self) -> str:
        app, now = self.app, self.app.clock.now()
        settings, since = app.settings, now - timedelta(hours=24)
        brief = Brief(app.knowledge.local_topics, since, now, settings.timezone, density="détaillé")
        digest = await app.newsdesk.widest(brief)
        return render_page(digest, app.knowledge.texts[digest.language], app.knowledge.names[digest.language])

    async def _health(self) -> Mapping[str, object]:
        now = self.app.clock.now()
        answers = [s.succeeded_at for s in await self.app.store.feed_states() if s.succeeded_at]
        moving = bool(answers) and now - max(answers) < STUCK
        trouble = getattr(self.app.platforms.get("telegram"), "trouble", "")
        status = trouble or ("ok" if moving else "no feed answers")
        return {"status": status, "outbox": dict(await self.app.store.outbox())}
