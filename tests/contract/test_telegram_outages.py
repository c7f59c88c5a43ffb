"""The post, the real python-telegram-bot and the double over HTTP, on both databases: a chat in trouble."""

import os

# Warnings are errors here, and python-telegram-bot warns of `RetryAfter.retry_after` as a number unless this is set.
os.environ["PTB_TIMEDELTA"] = "true"

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.catalog import load_catalog, load_texts
from bot.domain.chats import KnownChat
from bot.domain.model import Button, Chat, OutgoingMessage, Run, Subscription
from bot.platforms.telegram import TelegramPlatform
from bot.services.compose import Newsdesk
from bot.services.deliver import Post
from bot.services.pace import MINUTE, Pacer, remember
from tests.contract.news import COURRIER as FEED
from tests.contract.news import DAY, NOW, analysed, entry, poll, stored
from tests.telegram.double import TelegramDouble, refusing, slow_down

TEXTS = load_texts()
NAMES = {language: {"ports": "Ports"} for language in TEXTS}
KINDS = load_catalog().kinds


@dataclass
class Office:
    """The bot's half of the road: a store, the real platform, and a clock that moves when it is told or waited for."""

    store: object
    platform: TelegramPlatform
    now: datetime = NOW
    pacers: dict = field(default_factory=dict)
    reports: list = field(default_factory=list)

    async def pause(self, length):
        self.now += length

    @property
    def post(self):
        platforms = {"telegram": self.platform}
        return Post(self.store, platforms, lambda: self.now, self.pause, self.pacers, report=self.reports.append)

    @property
    def newsdesk(self):
        return Newsdesk(self.store, KINDS, {"telegram": self.platform})

    async def subscribe(self, chat, thread="", **fields):
        where = Chat("telegram", str(chat.id), str(thread))
        return await self.store.save_subscription(
            Subscription(where, ("ports",), next_due_at=self.now, last_digest_at=self.now - DAY, **fields)
        )

    async def queue(self, subscription, *bodies, day="2026-11-22", **fields):
        parts = [
            OutgoingMessage(f"{subscription.id}/{day}/{n}", subscription.chat, body, n, len(bodies), **fields)
            for n, body in enumerate(bodies, start=1)
        ]
        assert await self.store.enqueue(Run(subscription.id, day, "08:00", self.now, self.now), parts)

    async def publish(self, number, *, ago=timedelta(hours=1)):
        await poll(self.store, FEED, [entry(number, published=self.now - ago)], self.now)
        for article in await self.store.unanalysed("v1", self.now - 60 * DAY, 50):
            await analysed(self.store, article, "ports")

    async def beat(self, later=timedelta(0)):
        """Some time passes; what is due is composed and sent."""
        self.now += later
        await self.newsdesk.compose_due(self.now)
        return await self.post.drain()


@pytest.fixture
async def double():
    async with TelegramDouble() as double:
        double.limits.lift()
        yield double


@pytest.fixture
async def office(store, double):
    platform = TelegramPlatform(double.token, TEXTS, NAMES, lambda: NOW, None, api_url=double.address)
    yield Office(store, platform)
    await platform.close()


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


@pytest.fixture
async def forum(double, office, alice):
    """A forum that Alice set up last."""
    forum = double.with_bot(double.supergroup("Les <Vaubrunois> & Cie", alice, forum=True))
    known = KnownChat(Chat("telegram", str(forum.id)), kind="supergroup", title=forum.title, admin=str(alice.id))
    await office.store.save_chat(known)
    return forum


def read(double, chat):
    return [message.text for message in double.messages(chat)]


# --- threads ---------------------------------------------------------------------------------------------------------


async def test_a_deleted_threads_digest_goes_to_the_chat_and_its_admin_hears_of_it_once(double, office, alice, forum):
    thread = await alice.opens_thread(forum, "Ports")
    subscription = await office.subscribe(forum, thread.id)
    await alice.deletes_thread(forum, thread.id)
    await office.queue(subscription, "un", "deux")
    await office.post.drain()
    moved = await office.store.subscription(Chat("telegram", str(forum.id)))
    await office.queue(moved, "demain", day="2026-11-23")
    await office.post.drain()

    assert moved.id == subscription.id
    assert [(m.text, m.thread) for m in double.messages(forum)] == [("un", None), ("deux", None), ("demain", None)]
    (line,) = read(double, alice)
    assert "Les <Vaubrunois> & Cie" in line
    assert len(double.refused) == 1
    assert len(office.reports) == 1
    assert dict(await office.store.outbox())["sent"] == 4


async def test_a_closed_thread_holds_its_digest_and_the_next_one_tells_what_came_meanwhile(
    double, office, alice, forum
):
    thread = await alice.opens_thread(forum, "Ports")
    await stored(office.store, [])
    await office.subscribe(forum, thread.id)
    await alice.closes_thread(forum, thread.id)
    await office.publish(1)

    for _ in range(4):  # two days, slots and all
        assert await office.beat() in {0, 1}
        office.now += timedelta(hours=2)
        await office.publish(office.now.day * 100 + office.now.hour)
        office.now += timedelta(hours=10)
    assert dict(await office.store.outbox()) == {"pending": 1, "sending": 0, "sent": 1, "unknown": 0, "dead": 0}
    assert len(read(double, alice)) == 1
    assert "fermé" in read(double, alice)[0]

    await alice.reopens_thread(forum, thread.id)
    assert [await office.beat() for _ in range(3)] == [1, 1, 0]

    first, second = read(double, forum)
    assert "épisode 1" in first
    assert "avec ce que le digest manqué aurait dit" in second
    assert "4 articles" in second.replace("\N{NO-BREAK SPACE}", " ")
    assert len(read(double, alice)) == 1


async def test_taken_rights_hold_everything_a_day_and_the_admin_hears_of_each_outage_once(double, office, alice, forum):
    thread = await alice.opens_thread(forum, "Ports")
    group, topic = await office.subscribe(forum), await office.subscribe(forum, thread.id)
    await alice.mutes_bot(forum)
    await office.queue(group, "un")
    await office.queue(topic, "deux")
    for _ in range(3):
        await office.post.drain()
        office.now += timedelta(hours=8, seconds=1)
    await alice.demotes_bot(forum)  # a plain member again, who may write

    assert read(double, forum) == []
    await office.post.drain()
    assert sorted(read(double, forum)) == ["deux", "un"]
    assert len(read(double, alice)) == 1
    assert len([call for call in double.refused if call.method == "sendMessage"]) == 2
    assert not any(one.held for one in await office.store.subscriptions())

    await alice.mutes_bot(forum)
    await office.queue(group, "trois", day="2026-11-24")
    await office.post.drain()
    await office.post.drain()
    assert len(read(double, alice)) == 2


async def test_where_nobody_is_known_the_log_alone_says_it(double, office, alice):
    group = double.with_bot(double.supergroup("Rédaction", alice))
    await office.queue(await office.subscribe(group), "un")
    await alice.mutes_bot(group)

    await office.post.drain()

    assert len(office.reports) == 1
    assert read(double, alice) == []


async def test_an_admin_who_never_wrote_to_us_holds_up_nothing(double, office, alice, forum):
    bob = double.user("Bob")
    known = await office.store.chat(Chat("telegram", str(forum.id)))
    await office.store.save_chat(replace(known, admin=str(bob.id)))
    await office.queue(await office.subscribe(forum), "un")
    await alice.mutes_bot(forum)

    for _ in range(2):  # a person whom we never met is « not found »
        await office.post.drain()
        office.now += DAY

    assert dict(await office.store.outbox()) == {"pending": 1, "sending": 0, "sent": 0, "unknown": 0, "dead": 1}
    assert [one.suspended_at for one in await office.store.subscriptions()] == [None]


# --- the chat itself -------------------------------------------------------------------------------------------------


async def test_a_person_who_blocked_us_is_looked_after_and_reads_what_they_missed(double, office, alice):
    await stored(office.store, [])
    await office.subscribe(alice)
    await alice.blocks_bot()
    await office.publish(1)
    await office.beat()
    assert dict(await office.store.outbox())["dead"] == 1

    office.now += DAY
    assert await office.post.outages.probe(office.now) == ()
    await alice.unblocks_bot()
    await office.publish(2)
    assert await office.post.outages.probe(office.now + DAY) == ()
    office.now += 6 * DAY
    (back,) = await office.post.outages.probe(office.now)

    assert back.id == str(alice.id)
    await office.beat(DAY)
    await office.beat(DAY)
    (digest,) = read(double, alice)
    assert "épisode 1" in digest
    assert "épisode 2" in digest
    assert [kind for _, kind in double.world.actions] == ["typing"]


async def test_a_group_that_put_us_out_is_looked_after_three_times_and_then_has_to_come_to_us(
    double, office, alice, forum
):
    await office.queue(await office.subscribe(forum), "un", "deux")
    await alice.kicks_bot(forum)
    await office.post.drain()
    assert dict(await office.store.outbox())["dead"] == 2

    asked = []
    for day in range(70):
        await office.post.outages.probe(NOW + day * DAY)
        asked.append(len(double.called("getChatMember")))

    assert [day for day in range(1, 70) if asked[day] > asked[day - 1]] == [1, 7, 30]
    assert read(double, forum) == []


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_a_group_or_channel_that_let_us_in_again_without_a_word_is_found(double, office, alice, kind):
    chat = double.group("Rédaction", alice) if kind == "group" else double.channel("Le fil", alice)
    double.with_bot(chat)
    subscription = await office.subscribe(chat)
    await office.store.suspend(subscription.chat, NOW)

    assert await office.post.outages.probe(NOW + DAY) == (subscription.chat,)
    assert (await office.store.subscription(subscription.chat)).suspended_at is None
    assert double.messages(chat) == []


async def test_a_probe_that_nobody_answers_is_made_again_and_counts_for_nothing(double, office, alice):
    subscription = await office.subscribe(alice)
    await office.store.suspend(subscription.chat, NOW)
    double.faults.order(refusing(502), method="sendChatAction")

    assert await office.post.outages.probe(NOW + DAY) == ()
    assert await office.post.outages.probe(NOW + DAY + timedelta(hours=1)) == (subscription.chat,)


async def test_a_probe_finds_the_supergroup_that_a_group_became(double, office, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    subscription = await office.subscribe(group)
    await office.store.suspend(subscription.chat, NOW)
    new = await alice.upgrades(group, order="silent")
    double.faults.order(
        refusing(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=new.id), method="getChatMember"
    )

    await office.post.outages.probe(NOW + DAY)

    (moved,) = await office.store.subscriptions()
    assert (moved.chat.id, moved.suspended_at) == (str(new.id), None)


async def test_a_chat_that_is_not_found_is_lost_only_the_second_time_on_another_day(double, office, alice):
    await office.queue(await office.subscribe(alice), "un")
    double.faults.order(refusing(400, "chat not found"), times=2)
    await office.post.drain()

    (held,) = await office.store.subscriptions()
    assert (held.held, held.suspended_at) == ("missing", None)
    office.now += DAY
    await office.post.drain()
    (lost,) = await office.store.subscriptions()
    assert (lost.held, lost.suspended_at) == ("", office.now)
    assert dict(await office.store.outbox())["dead"] == 1


async def test_a_chat_that_was_not_found_once_reads_its_digest_a_day_later(double, office, alice):
    await office.queue(await office.subscribe(alice), "un")
    double.faults.order(refusing(400, "chat not found"))
    await office.post.drain()
    office.now += DAY
    await office.post.drain()

    assert read(double, alice) == ["un"]
    assert not (await office.store.subscriptions())[0].resting


async def test_a_person_who_blocks_us_in_the_middle_reads_no_further_part(double, office, alice):
    await office.queue(await office.subscribe(alice), "un", "deux", "trois")
    assert (await office.post.store.claim_message(["telegram"], NOW, timedelta(minutes=1))).part == 1
    double.faults.order(refusing(403, "bot was blocked by the user"))
    office.now += timedelta(minutes=2)
    await office.post.reap()
    office.now += timedelta(minutes=2)

    await office.post.drain()

    assert dict(await office.store.outbox()) == {"pending": 0, "sending": 0, "sent": 0, "unknown": 0, "dead": 3}
    assert len(double.called("sendMessage")) == 1


async def test_a_group_that_is_upgraded_in_the_middle_reads_the_rest_in_order_in_the_new_one(double, office, alice):
    group = double.with_bot(double.group("Rédaction", alice))
    office.pacers = {"telegram": Pacer(25)}
    await office.queue(await office.subscribe(group), *"abcdef")
    upgraded = []

    async def pause(length):
        """The group is upgraded while the post waits for its turn."""
        office.now += length
        if len(double.messages(group)) == 2 and not upgraded:
            upgraded.append(await alice.upgrades(group, order="silent"))

    office.pause = pause
    await office.post.drain()

    assert read(double, group) == ["a", "b"]
    assert read(double, upgraded[0]) == ["c", "d", "e", "f"]


# --- limits ----------------------------------------------------------------------------------------------------------


async def test_too_many_is_remembered_across_a_restart(double, office, alice, another_store):
    await office.queue(await office.subscribe(alice), "un")
    double.faults.order(slow_down(90))
    await office.post.drain()
    await office.store.close()
    again = Office(await another_store(), office.platform, NOW + timedelta(seconds=89))

    assert await again.post.drain() == 0
    again.now += timedelta(seconds=1)
    assert await again.post.drain() == 1
    assert len(double.called("sendMessage")) == 2


async def test_a_start_in_the_middle_of_a_rush_keeps_the_limit_of_a_group(office, forum, another_store):
    office.pacers = {"telegram": Pacer(25)}
    await office.queue(await office.subscribe(forum), *map(str, range(20)))
    await office.post.drain()
    before = office.now
    again = Office(await another_store(), office.platform, before, {"telegram": Pacer(25)})
    sent = await again.store.sent_since(before - MINUTE)
    remember(again.pacers, sent, before)

    assert [at for _, at in sent] == sorted(at for _, at in sent)
    assert again.pacers["telegram"].next_at(str(forum.id), before) > before + timedelta(seconds=40)


async def test_two_chats_that_are_slowed_at_once_halve_the_pace_of_all(double, office):
    office.pacers = {"telegram": Pacer(24)}
    people = [double.user(f"P{number}") for number in range(2)]
    for number, person in enumerate(people):
        await person.says(person.private, "/start")
        await office.queue(await office.subscribe(person), "un", day=str(number))
    double.faults.order(slow_down(5), times=2)

    await office.post.drain()

    pacer = office.pacers["telegram"]
    now = office.now + timedelta(seconds=10)
    for number in range(12):
        pacer.sent(str(number), now)
    assert pacer.room_at(now) == now + timedelta(seconds=1)


# --- buttons ---------------------------------------------------------------------------------------------------------


async def test_the_buttons_of_a_message_stand_under_it(double, office, alice):
    rows = ((Button("1", "s:1"), Button("2", "s:2")), (Button("Lire", url="https://courrier.example/1"),))
    await office.queue(await office.subscribe(alice), "un", buttons=rows)
    await office.post.drain()

    (message,) = double.messages(alice)
    assert [[button.text for button in row] for row in message.buttons] == [["1", "2"], ["Lire"]]
    assert (await alice.presses(message, "2")).data == "s:2"
    assert (double.refused, double.complaints) == ([], [])


async def test_a_button_that_can_never_be_sent_is_a_dead_message_and_no_crash(double, office, alice):
    await office.queue(await office.subscribe(alice), "un", buttons=((Button("1", "é" * 40),),))

    await office.post.drain()

    assert dict(await office.store.outbox())["dead"] == 1
    assert double.called("sendMessage") == []
