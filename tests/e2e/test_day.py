"""A whole day of the whole program: fifty chats, five time zones, news by the hour, and only the clock is ours."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.fast_clock import FastClock
from tests.e2e.program import TOKEN, running
from tests.e2e.town import (
    BRUSSELS,
    GENEVA,
    MONTREAL,
    OUTLETS,
    PARIS,
    ST_JOHNS,
    Reader,
    batch,
    publish,
)
from tests.telegram.double import TelegramDouble

DAY = datetime(2025, 11, 18, 2, 0, tzinfo=UTC)  # a Tuesday; long past, so that no beat waits for it
END = DAY + timedelta(hours=24)
# What is published when: after the digests of that hour and long before the next ones.
NEWS = (
    (0, DAY - timedelta(hours=1), ("otan", "ukraine", "cyber", "port")),
    (1, DAY.replace(hour=5, minute=4), ("otan", "port")),
    (2, DAY.replace(hour=7, minute=4), ("ukraine", "cyber")),
    (3, DAY.replace(hour=12, minute=4), ("otan", "ukraine")),
    (4, DAY.replace(hour=15, minute=0), ("cyber", "port")),
    (5, DAY.replace(hour=18, minute=4), ("otan", "ukraine", "cyber", "port")),
)
FAST, SLOW, TALKING = 8 * 3600.0, 20.0, 12.0  # simulated seconds in one of ours
LATE = timedelta(minutes=3)  # of simulated time: two beats of the machine, and a rush
POLLED = timedelta(minutes=50)  # every feed is asked within so long, and no digest comes so soon after the news
TICK = 0.05
SCRIPT = str(Path(__file__).with_name("day_program.py"))


async def test_fifty_chats_read_what_they_follow_when_they_want_it(press, tmp_path):
    clock = FastClock.made(tmp_path / "clock", DAY, TALKING)
    feeds = {outlet: f"/{at}" for at, outlet in enumerate(OUTLETS)}
    own = press.configure(tmp_path / "own", feeds, full_text='"never"')
    articles = batch(0, NEWS[0][2], NEWS[0][1])
    publish(press, articles)
    async with TelegramDouble(token=TOKEN, username="verbatim_test_bot", clock=clock.seconds) as double:
        readers = await town(double)
        environment = {"CONFIG_DIR": str(own), "ACCESS": "open"}
        async with running(double, tmp_path, SCRIPT, str(tmp_path / "clock"), **environment) as bot:
            await bot.until("t.me/verbatim_test_bot")
            await settled(press, tmp_path, clock, publish(press, articles))
            for few in range(0, len(readers), 25):
                await asyncio.gather(*(reader.subscribe(double) for reader in readers[few : few + 25]))
            for reader in readers:
                reader.began = len([m for m in double.messages(reader.chat) if m.thread == reader.thread])
            await live(double, press, clock, tmp_path, readers, articles)
            assert await bot.stop() == 0

    for reader in readers:
        check(reader, reader.digests(double), reader.editions(articles, DAY, END), {a.place for a in articles})
    assert (double.refused, double.complaints) == ([], [])
    assert all(press.answered for press in double.world.presses.values())
    assert double.in_flight.most_in_a_chat == 1
    assert double.in_flight.most <= 8
    assert "Traceback" not in bot.said
    assert " ERROR " not in bot.said


def check(reader, arrived, expected, places):
    """Each digest at its slot, with all that is new and nothing else; of more than it may show, so many."""
    assert len(arrived) == len(expected), (reader, arrived, expected)
    for message, (slot, news) in zip(arrived, expected, strict=True):
        told = {place for place in places if place in message.text}
        if len(news) > reader.most:
            assert told < news, reader
            assert (len(told), f"+{len(news) - reader.most} " in message.text) == (reader.most, True), reader
        else:
            assert told == news, f"{reader.topics} {slot:%H:%M %Z}: {told ^ news} in\n{message.text}"
        late = datetime.fromtimestamp(message.at, UTC) - slot
        assert timedelta(0) <= late <= LATE, (reader, late)


async def live(double, press, clock, folder, readers, articles):
    """The day: at each moment its news or its digests, and between them time flies."""
    slots = {slot.astimezone(UTC) for reader in readers for slot in reader.slots(DAY, END)}
    news = {at: (number, topics) for number, at, topics in NEWS[1:]}
    everything = [*articles, *(a for at, (number, topics) in news.items() for a in batch(number, topics, at))]
    for moment in sorted(slots | set(news)):
        await clock.run(moment, FAST)
        if moment in news:
            number, topics = news[moment]
            articles += batch(number, topics, moment)
            await settled(press, folder, clock, publish(press, articles))
        else:
            clock.go(SLOW)
            due = moment + timedelta(seconds=1)
            await double.until(lambda due=due: not waiting(double, readers, everything, due), 30)
    await clock.run(END, FAST)


def waiting(double, readers, articles, now):
    """Those whose digests of up to now have not all arrived."""
    return [reader for reader in readers if len(reader.digests(double)) < len(reader.editions(articles, DAY, now))]


async def settled(press, folder, clock, paths):
    """Let time run until these feeds were read, and what is in them was looked at: well before the next digests."""
    now = clock.now()
    clock.set(now, FAST, until=now + POLLED)
    await seen(lambda: all(press.served.get(path) == press.documents[path][0] for path in paths))
    clock.go(TALKING)
    expected = sum(document[1].count(b"<item>") for document in press.documents.values())
    with closing(sqlite3.connect(folder / "data" / "verbatim.db", timeout=30)) as database:
        looked_at = "select count(*) from article where version <> ''"
        await seen(lambda: database.execute(looked_at).fetchone()[0] == expected)


async def seen(true):
    """Wait for what nobody tells of."""
    async with asyncio.timeout(30):
        while True:
            if true():
                return
            await asyncio.sleep(TICK)  # noqa: TID251 (neither the feeds nor the database can wake us)


async def town(double):
    """Fifty chats: 22 private, 10 groups, 10 threads of forums, 8 channels."""
    people = [double.user(f"Personne {n}", language="en" if n % 5 == 4 else "fr") for n in range(36)]
    zones = (PARIS, MONTREAL, GENEVA, ST_JOHNS, BRUSSELS)
    tastes = (("otan",), ("ukraine", "otan"), ("cyber",), ("otan", "ukraine", "cyber"), ("ukraine",))
    plans = (
        {},
        {"times": ("7h", "19h")},
        {"days": "en semaine", "times": ("8h",)},
        {"days": "lundi", "times": ("9h",)},
        {"days": "mardi", "times": ("7h",)},
        {"times": ("6h", "12h", "18h"), "settings": ("titres",)},
        {"times": ("19h",), "settings": ("détaillé",)},
    )
    readers = []
    for n in range(22):
        plan = dict(plans[n % len(plans)])
        topics = (*tastes[n % 5], "port") if n % 4 == 1 else tastes[n % 5]
        readers.append(Reader(people[n].private, people[n], topics, zones[(n // 2) % 5], **plan))
    for n in range(10):
        boss = people[22]
        make = double.group if n % 2 else double.supergroup
        chat = double.with_bot(make(f"Groupe {n}", boss, people[0]), admin=n % 3 == 0)
        readers.append(Reader(chat, boss, tastes[n % 5], zones[n % 5], **plans[n % 3]))
    for n in range(5):
        boss = people[23]
        forum = double.with_bot(double.supergroup(f"Forum {n}", boss, forum=True), admin=True)
        thread = await boss.opens_thread(forum, "Presse")
        readers.append(Reader(forum, boss, tastes[n % 5], zones[n % 5], thread=thread.id, times=("7h", "19h")))
        readers.append(Reader(forum, boss, tastes[(n + 1) % 5], zones[n % 5]))
    for n in range(8):
        boss = people[24 + n]
        channel = double.channel(f"Chaîne {n}", boss)
        await boss.says(boss.private, "bonjour")
        await boss.promotes_bot(channel)
        readers.append(Reader(channel, boss, tastes[n % 5], zones[n % 5]))
    return readers
