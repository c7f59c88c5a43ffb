from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.errors import ChatGone, ChatMoved, MaybeSent, NotAllowed, NotSent, Refused, SlowDown, ThreadGone
from bot.domain.model import Candidate, Chat, FeedState, OutgoingMessage, Polled, Receipt, Run, Subscription
from bot.domain.schedule import planned
from bot.services.compose import Newsdesk
from bot.services.deliver import LEASE, Post
from bot.services.fates import fate
from bot.services.pace import Pacer
from bot.storage import open_store
from tests.builders import COURRIER, NOW, RADIO, candidate, entry, statement

CHAT = Chat("paper", "1")
KINDS = load_catalog().kinds
MESSAGE = OutgoingMessage("1/2026-11-22/08:00/1", CHAT, "…", attempts=1)


@dataclass
class Paper:
    """A platform that keeps what it is given, and fails as it is told."""

    failures: list = field(default_factory=list)
    delivered: list = field(default_factory=list)
    name: str = "paper"

    def render(self, digest):
        return tuple(story.headline for story in digest.stories) or ("Rien de nouveau.",)

    async def send(self, message, now):
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        self.delivered.append(message.body)
        return Receipt(str(len(self.delivered)), now)


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW, worker=True) as store:
        await store.sync_feeds([COURRIER, RADIO], NOW - timedelta(days=2))
        yield store


async def publish(store, *titles, feed=COURRIER, now=NOW - timedelta(hours=1), said=()):
    """Let a feed bring these titles, all about OTAN."""
    states = {state.feed.url: state for state in await store.feed_states()}
    state: FeedState = states[feed.url]
    entries = [entry(abs(hash(title)) % 10**9, title=title, published=now) for title in titles]
    await store.save_poll(Polled(state, tuple(entries)), now)
    for article in await store.unanalysed("v1", NOW - timedelta(days=365), 100):
        found = Candidate(article, candidate("x").matches, said)
        await store.save_analysis(found, "v1", now)


async def subscribe(store, **fields):
    subscription = planned(Subscription(CHAT, ("otan",), **fields), NOW - timedelta(minutes=1))
    return await store.save_subscription(subscription)


class Watch:
    """A clock that stands still, except that waiting moves it."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    async def pause(self, length):
        self.now += length


def post(store, platforms, now, **fields):
    watch = Watch(now)
    return Post(store, platforms, watch, watch.pause, **fields)


async def drain(store, platforms, now):
    return await post(store, platforms, now).drain()


async def reap(store, now):
    return await post(store, {}, now).reap()


def desk(store, paper):
    return Newsdesk(store, KINDS, {"paper": paper})


async def test_a_due_digest_is_queued_once_and_sent_once(store):
    paper = Paper()
    await subscribe(store)
    await publish(store, "Le pont rouvre")

    queued = [await desk(store, paper).compose_due(NOW) for _ in range(3)]
    sent = [await drain(store, {"paper": paper}, NOW) for _ in range(3)]

    assert queued == [1, 0, 0]
    assert sent == [1, 0, 0]
    assert paper.delivered == ["Le pont rouvre"]


async def test_the_next_digest_holds_only_what_is_new(store):
    paper = Paper()
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)
    tomorrow = NOW + timedelta(days=1)
    await publish(store, "Un musée de la mine ferme", now=tomorrow - timedelta(hours=1))

    await desk(store, paper).compose_due(tomorrow)
    await drain(store, {"paper": paper}, tomorrow)

    assert paper.delivered == ["Le pont rouvre", "Un musée de la mine ferme"]


async def test_nothing_new_sends_nothing_unless_the_chat_wants_to_hear_it(store):
    paper = Paper()
    quiet = await subscribe(store)
    await desk(store, paper).compose_due(NOW)
    await drain(store, {"paper": paper}, NOW)
    assert paper.delivered == []

    await store.save_subscription(planned(Subscription(CHAT, ("otan",), quiet.id, tell_empty=True), NOW))
    await desk(store, paper).compose_due(NOW + timedelta(days=1))
    await drain(store, {"paper": paper}, NOW + timedelta(days=1))
    assert paper.delivered == ["Rien de nouveau."]


async def test_a_chat_of_a_platform_that_is_not_served_here_does_not_hold_up_the_others(store):
    paper = Paper()
    elsewhere = planned(Subscription(Chat("telegram", "7"), ("otan",)), NOW - timedelta(minutes=1))
    await store.save_subscription(elsewhere)
    await subscribe(store)
    await publish(store, "Le pont rouvre")

    assert await desk(store, paper).compose_due(NOW) == 1
    assert await drain(store, {"paper": paper}, NOW) == 1


async def test_a_digest_on_demand_takes_nothing_from_the_scheduled_one(store):
    paper = Paper()
    subscription = await subscribe(store)
    await publish(store, "Le pont rouvre")

    await desk(store, paper).compose_now(subscription, NOW - timedelta(seconds=1))
    await desk(store, paper).compose_due(NOW)
    await drain(store, {"paper": paper}, NOW)

    assert paper.delivered == ["Le pont rouvre", "Le pont rouvre"]


async def test_where_the_period_holds_nothing_an_earlier_one_is_taken_and_said(store):
    paper = Paper()
    subscription = await subscribe(store)
    await publish(store, "Le pont rouvre", now=NOW - timedelta(days=40))

    digest = await desk(store, paper).compose_now(subscription, NOW)

    assert digest.widened
    assert [story.headline for story in digest.stories] == ["Le pont rouvre"]


async def test_a_digest_missed_for_too_long_goes_into_the_next_whose_head_says_so(store):
    paper = Paper()
    told = []
    paper.render = lambda digest: told.append(digest) or ("x",)
    subscription = await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)
    await publish(store, "Un musée de la mine ferme", now=NOW + timedelta(days=1, hours=-1))

    assert await desk(store, paper).compose_due(NOW + timedelta(days=1, hours=4)) == 0
    assert await desk(store, paper).compose_due(NOW + timedelta(days=2)) == 1

    assert [digest.caught_up for digest in told] == [False, True]
    assert subscription.id


async def test_a_statement_reaches_the_digest_with_its_outlet(store):
    paper = Paper()
    seen = []
    paper.render = lambda digest: seen.append(digest) or ("x",)
    await subscribe(store)
    await publish(store, "Le pont rouvre", said=(statement("le pont rouvrira lundi matin"),))

    await desk(store, paper).compose_due(NOW)

    (voice,) = seen[0].stories[0].voices
    assert voice.statement.speaker == "Anna Lutz"
    assert [article.outlet for article in voice.articles] == ["Le Courrier"]


async def test_a_message_that_could_not_be_sent_is_sent_later(store):
    paper = Paper(failures=[NotSent("connection refused")])
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)

    first = await drain(store, {"paper": paper}, NOW)
    later = await drain(store, {"paper": paper}, NOW + timedelta(minutes=1))

    assert (first, later) == (0, 1)


async def test_a_chat_that_asks_to_wait_is_left_alone_that_long(store):
    paper = Paper(failures=[SlowDown(timedelta(seconds=90))])
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)

    sent = [await drain(store, {"paper": paper}, NOW + timedelta(seconds=s)) for s in (0, 60, 91)]

    assert sent == [0, 0, 1]


async def test_a_refused_message_is_dead_with_its_reason(store):
    paper = Paper(failures=[Refused("too long")])
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)
    await drain(store, {"paper": paper}, NOW)

    assert (await store.outbox())["dead"] == 1


async def test_a_sender_that_was_killed_is_noticed_and_its_message_retried_once(store):
    paper = Paper()
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)
    await store.claim_message(["paper"], NOW, LEASE)  # … and then the process is gone
    after = NOW + LEASE + timedelta(seconds=1)

    assert len(await reap(store, after)) == 1
    assert await drain(store, {"paper": paper}, after + timedelta(minutes=1)) == 1
    assert dict(await store.outbox())["sent"] == 1


async def test_a_chat_that_blocked_us_is_suspended_and_keeps_its_topics(store):
    paper = Paper(failures=[ChatGone("blocked")])
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)
    await drain(store, {"paper": paper}, NOW)

    (kept,) = await store.subscriptions()
    assert kept.suspended_at == NOW
    assert kept.topics == ("otan",)
    assert (await store.outbox())["dead"] == 1


async def test_a_chat_that_moved_gets_its_message_under_the_new_id(store):
    paper = Paper(failures=[ChatMoved("2")])
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, paper).compose_due(NOW)

    assert await drain(store, {"paper": paper}, NOW) == 1
    (moved,) = await store.subscriptions()
    assert moved.chat == Chat("paper", "2")


async def test_no_chat_waits_behind_another_and_no_second_holds_too_many(store):
    paper = Paper()
    times = []
    watch = Watch(NOW)
    for number in range(60):
        chat = Chat("paper", str(number))
        subscription = await store.save_subscription(Subscription(chat, ("otan",)))
        run = Run(subscription.id, "2026-11-22", "08:00", NOW, NOW)
        await store.enqueue(run, [OutgoingMessage(f"{number}/1", chat, "…")])
    send = paper.send
    paper.send = lambda message, now: times.append(now) or send(message, now)

    sent = await Post(store, {"paper": paper}, watch, watch.pause, {"paper": Pacer(25)}).drain()

    assert sent == 60
    assert max(sum(t <= other < t + timedelta(seconds=1) for other in times) for t in times) <= 25
    assert watch.now - NOW <= timedelta(seconds=3)


async def test_chats_that_wait_between_two_messages_of_theirs_keep_no_place_from_the_others(store):
    paper, watch, before_waiting = Paper(), Watch(NOW), []
    for number in range(30):
        chat, parts = Chat("paper", str(number)), 2 if number < 12 else 1  # twelve: more than may be in flight
        subscription = await store.save_subscription(Subscription(chat, ("otan",)))
        run = Run(subscription.id, "2026-11-22", "08:00", NOW, NOW)
        texts = [f"{number}/{part}" for part in (1, 2)[:parts]]
        await store.enqueue(run, [OutgoingMessage(text, chat, text, int(text[-1]), parts) for text in texts])

    async def pause(length):
        before_waiting.append(set(paper.delivered))
        await watch.pause(length)

    sent = await Post(store, {"paper": paper}, watch, pause, {"paper": Pacer(100)}).drain()

    assert sent == 42
    assert before_waiting == [{f"{number}/1" for number in range(30)}]
    assert watch.now - NOW == timedelta(seconds=1)


@pytest.mark.parametrize("error", [ChatGone("blocked"), Refused("bad entities"), ThreadGone("deleted")])
def test_what_will_never_arrive_is_dead(error):
    assert fate(error, MESSAGE, NOW, "retry").state == "dead"


def test_what_a_lost_chat_missed_is_told_again_and_what_was_refused_for_its_content_is_not():
    tired = replace(MESSAGE, attempts=12)

    assert fate(ChatGone("blocked"), MESSAGE, NOW, "retry").untold
    assert fate(NotSent("refused"), tired, NOW, "retry").untold
    assert not fate(Refused("bad entities"), MESSAGE, NOW, "retry").untold
    assert not fate(ChatGone("blocked"), replace(MESSAGE, ambiguous=1), NOW, "retry").untold  # perhaps it was read


def test_what_was_for_a_lost_thread_goes_out_at_once():
    ends = fate(ThreadGone("deleted"), replace(MESSAGE, chat=Chat("paper", "1", "5")), NOW, "retry")

    assert (ends.state, ends.due) == ("pending", NOW)


def test_where_we_may_not_write_now_the_message_is_held():
    held = fate(NotAllowed("closed", "closed"), MESSAGE, NOW, "retry")

    assert (held.state, held.due) == ("pending", NOW + timedelta(hours=24))


def test_what_may_have_arrived_is_tried_once_more_and_then_unknown():
    first = fate(MaybeSent("timeout"), MESSAGE, NOW, "retry")
    second = fate(MaybeSent("timeout"), OutgoingMessage("k", CHAT, "…", attempts=2, ambiguous=1), NOW, "retry")

    assert (first.state, first.ambiguous) == ("pending", True)
    assert first.due - NOW == timedelta(seconds=45)
    assert second.state == "unknown"


def test_an_owner_may_prefer_silence_to_a_repetition():
    assert fate(MaybeSent("timeout"), MESSAGE, NOW, "drop").state == "unknown"


def test_retries_back_off_and_end():
    waits = [
        fate(NotSent("x"), OutgoingMessage("k", CHAT, "…", attempts=n), NOW, "retry").due - NOW for n in (1, 2, 11)
    ]

    assert waits == [timedelta(seconds=10), timedelta(seconds=20), timedelta(hours=1)]
    assert fate(NotSent("x"), OutgoingMessage("k", CHAT, "…", attempts=12), NOW, "retry").state == "dead"


async def test_what_joins_an_event_that_a_chat_wants_no_more_of_is_left_out_and_remembered(store):
    paper = Paper()
    subscription = await subscribe(store)
    await publish(store, "Le pont de Sarlange rouvre après trois ans de travaux")
    (first,) = await store.candidates(["otan"], NOW - timedelta(days=1), NOW)
    await store.change_subscription(subscription.id, lambda stored: replace(stored, hidden=(first.article.id,)))
    await publish(store, "Enfin, le pont de Sarlange rouvre après trois ans de travaux")
    await desk(store, paper).compose_due(NOW)

    assert await drain(store, {"paper": paper}, NOW) == 0
    assert len((await store.subscriptions())[0].hidden) == 2


async def test_the_buttons_of_a_digest_stand_under_its_last_part_and_are_those_of_its_edition(store):
    await subscribe(store)
    await publish(store, "Le pont rouvre")
    await desk(store, Paper()).compose_due(NOW)
    message = await store.claim_message(["paper"], NOW, timedelta(minutes=1))

    (edition,) = await store.latest_editions(message.chat, 5)
    assert [[button.data for button in row] for row in message.buttons] == [[f"s:{edition.id}:1"]]
