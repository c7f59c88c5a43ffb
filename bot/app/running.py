"""`verbatim run`: the first digest as soon as feeds have answered, then the heartbeat until somebody stops it."""

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App, Clock, Knowledge, open_app
from bot.app.local import greet, open_local
from bot.app.site import open_site
from bot.domain.model import Polled, Subscription
from bot.domain.phrases import day_of, hour_of
from bot.domain.schedule import planned
from bot.sample.editions import Editions
from bot.sample.newsroom import serve_newsroom
from bot.scheduler import Heartbeat
from bot.services.alerts import Lookout
from bot.settings import Settings

log = logging.getLogger(__name__)

NOBODY_ANSWERS = timedelta(seconds=15)  # then the sample newsroom stands in (PRODUCT.md, section 2)
FIRST_ROUND = timedelta(seconds=25)  # a newcomer reads what has come by then; the rest comes later
FIRST_PAGES = timedelta(seconds=12)
FRESH = timedelta(hours=2)  # feeds that answered so recently need not answer again to prove that we are online
OURS_PERHAPS = ("dns", "connect", "timeout")  # errors of feeds that an outage on our side gives to all of them
POLL_PATIENCE = timedelta(seconds=15)  # what answers later is analysed with the next round
GRACE = timedelta(seconds=10)  # for messages in flight at the end
BEATS = {
    "poll": timedelta(seconds=20),
    "pages": timedelta(seconds=20),
    "due": timedelta(seconds=20),
    "drain": timedelta(seconds=2),
    "tend": timedelta(minutes=5),
}

PAGES = (("/digest", "chat.digest"), ("/status", "chat.status"))  # that the chat leads to

Say = Callable[[str], None]
Watch = Callable[[Polled], None]


def settle() -> None:
    """What is loaded by now stays: looking through it for garbage, again and again, stops the loop for 100 ms."""
    gc.collect()
    gc.freeze()


async def run(
    settings: Settings, knowledge: Knowledge, *, sample: bool, say: Say, watch: Watch, clock: Clock | None = None
) -> None:
    """Run until stopped: the configured feeds, or the sample newsroom where none of them answers."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers in its loop; Ctrl-C still ends us
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.telegram_bot_token and not sample:
        async with open_app(settings, knowledge, worker=True, clock=clock) as app:
            await _Run(app, say, watch, stop).serve()
        return
    if not sample:
        async with open_app(settings, knowledge, worker=True) as app:
            if await _Run(app, say, watch, stop).go() or stop.is_set():
                return
        say(f"No feed answered within {NOBODY_ANSWERS.seconds} s: this is the bundled sample newsroom.")
    await _run_sample(settings, knowledge, lambda app: _Run(app, say, watch, stop).go())


async def _run_sample(settings: Settings, knowledge: Knowledge, go: Callable[[App], Awaitable[object]]) -> None:
    """The sample newsroom in a database of its own, beside the configured one: both stay, and never meet."""
    folder = settings.data_dir
    newsroom = await serve_newsroom(Clock().now, Editions(folder / "sample-newsroom.json"))
    database = f"sqlite:///{folder / 'sample.db'}"
    try:
        async with open_app(settings, knowledge, worker=True, feeds=newsroom.feeds, database_url=database) as app:
            await go(app)
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
        await self._clear_desks()
        subscription = await self.app.local_subscription()  # what is followed decides which pages are read
        await self.app.analyst.analyse_new(self.app.clock.now())
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.analyst.read_pages(self.app.clock.now()), FIRST_PAGES.total_seconds())
        now = self.app.clock.now()
        await greet(self.app, subscription, now)
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
                "pages": (BEATS["pages"], self._pages),  # a slow page keeps no feed waiting
                "due": (BEATS["due"], self._due),
                "drain": (BEATS["drain"], self._drain),
                "tend": (BEATS["tend"], self._tend),
            },
            patient=("drain",),
        )
        chat = open_local(self.app, PAGES)
        site = await open_site(self.app, self.say, chat)
        settle()
        heart.start()
        heart.hurry("poll", self.app.clock.now())
        heart.hurry("tend", self.app.clock.now())  # what a kill left in flight is decided about now
        begun()
        try:
            await self.stop.wait()
        finally:
            if chat:
                chat.talk.close()  # pages wait for news without an end
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
        for polled in await self.app.poller.poll_due(self.app.clock.now(), patience=POLL_PATIENCE):
            if polled.state.error and polled.state.failures == 1:
                log.warning("%s: %s", polled.state.feed.outlet, polled.state.error_message)
        await self.app.analyst.analyse_new(self.app.clock.now())

    async def _pages(self) -> None:
        await self.app.analyst.read_pages(self.app.clock.now())
        await Lookout(self.app.newsdesk).compose_alerts(self.app.clock.now())

    async def _due(self) -> None:
        await self.app.newsdesk.compose_due(self.app.clock.now())

    async def _drain(self) -> None:
        await self.app.post.drain(self.stop.is_set)

    async def _tend(self) -> None:
        now, settings = self.app.clock.now(), self.app.settings
        for message in await self.app.post.reap():
            log.warning("message %s may have been sent before a crash", message.key)
        for chat in await self.app.post.outages.probe(now):
            log.info("%s can be reached again", chat)
        if not self.app.sample:
            await self.app.watchman.look(now)
        await self.app.store.prune(now, settings.retention_articles, settings.retention_statements)
        await self._clear_desks()

    async def _clear_desks(self) -> None:
        """Yesterday's edition of the sample is today's, word for word: it must not pass for known news."""
        if self.app.sample:
            await self.app.store.drop_unlisted()
