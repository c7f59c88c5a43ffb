"""Alerts over a real store: what is told at once, what is not, and that nothing is lost or told twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.catalog import load_catalog
from bot.domain.model import Candidate, Chat, Evidence, Polled, Subscription, TopicMatch
from bot.domain.modes import alerting_from, with_mode
from bot.domain.schedule import planned
from bot.services.alerts import Lookout
from bot.services.compose import Newsdesk
from bot.storage import open_store
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, entry, statement

KINDS = load_catalog().kinds
START = NOW - timedelta(days=1)  # feeds are known since then, and alerts asked for
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHAT = Chat("paper", "1")
STRIKE = "Frappe sur le pont de Vaubrun en Ukraine : trois morts"
AGAIN = "Ukraine : trois morts dans la frappe sur le pont de Vaubrun"
MORE = "Ukraine : la frappe sur le pont de Vaubrun a fait trois morts et 12 blessés"
OTHER = "Les ministres de l’Otan se retrouvent à Sarlange pour un budget commun"
NUMBERS = count(1000)


class Paper:
    """A platform that writes what it was given to render."""

    name = "paper"

    def render(self, digest):
        stories = (f"{'Suite : ' * story.follow_up}{story.headline}" for story in digest.stories)
        return ("\n".join((f"{'alerte' if digest.alert else 'digest'} {' '.join(digest.topics)}", *stories)),)

    async def send(self, message, now):
        raise NotImplementedError


@pytest.fixture
async def store(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=START) as opened:
        await opened.sync_feeds([COURRIER, RADIO, OBSERVATEUR], START)
        for feed in (COURRIER, RADIO, OBSERVATEUR):
            await seen(opened, "Rien à signaler au marché de Sarlange", feed, START, topics=())
        yield opened


@pytest.fixture
def desk(store):
    return Newsdesk(store, KINDS, {"paper": Paper()})


@pytest.fixture
def look(desk):
    return Lookout(desk).compose_alerts


@pytest.fixture
async def reader(store):
    """Follows Ukraine with alerts, OTAN without, digest at 20 h."""
    return await follows(store)


async def follows(store, chat=CHAT, **changes):
    wanted = Subscription(chat, ("ukraine", "otan"), times=(1200,), **changes)
    wanted = planned(with_mode(wanted, "ukraine", "alert", START), NOW)
    return await store.save_subscription(wanted)


async def seen(store, title, feed, when, *, topics=("ukraine",), ago=MINUTE, said=()):
    """An article about these topics, polled and analysed at that moment."""
    (state,) = [one for one in await store.feed_states() if one.feed.url == feed.url]
    number = next(NUMBERS)
    found = entry(number, url=f"{feed.url}/{number}", title=title, published=when - ago)
    await store.save_poll(Polled(replace(state, polled_at=when, succeeded_at=when), (found,)), when)
    for article in await store.unanalysed("v1", when - timedelta(days=30), 10):
        matches = tuple(TopicMatch(topic, 0.9, (Evidence(topic, "title", 0, 4),)) for topic in topics)
        await store.save_analysis(Candidate(article, matches, tuple(said)), "v1", when)
    return article


async def queued(store, when):
    """What is in the outbox, claimed one by one, the earliest first."""
    bodies = []
    while message := await store.claim_message(["paper"], when, HOUR):
        bodies.append(message.body)
        assert await store.mark_failed(message, "dead", "read", due=when)
    return bodies


# --- at once -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("reader")
async def test_an_article_about_a_topic_that_alerts_is_told_at_once_and_once(store, look):
    await seen(store, STRIKE, COURRIER, NOW)

    assert await look(NOW) == 1
    assert await look(NOW + MINUTE) == 0
    assert await queued(store, NOW) == [f"alerte ukraine\n{STRIKE}"]


@pytest.mark.usefixtures("reader")
async def test_the_next_outlet_of_the_same_story_alerts_only_with_something_new(store, look):
    await seen(store, STRIKE, COURRIER, NOW)
    await look(NOW)
    await seen(store, AGAIN, RADIO, NOW + MINUTE)
    assert await look(NOW + MINUTE) == 0
    await seen(store, MORE, OBSERVATEUR, NOW + 2 * MINUTE)
    assert await look(NOW + 2 * MINUTE) == 1

    assert (await queued(store, NOW + HOUR))[-1] == f"alerte ukraine\nSuite : {MORE}"


@pytest.mark.usefixtures("reader")
async def test_two_stories_are_two_messages_and_two_outlets_of_one_are_one(store, look):
    await seen(store, STRIKE, COURRIER, NOW)
    await seen(store, AGAIN, RADIO, NOW)
    await seen(store, "En Ukraine, un verger de Sarlange reçoit des abeilles", OBSERVATEUR, NOW)

    assert await look(NOW) == 2
    assert len(await queued(store, NOW)) == 2


@pytest.mark.usefixtures("reader")
async def test_other_topics_wait_for_the_digest(store, look):
    await seen(store, OTHER, COURRIER, NOW, topics=("otan",))

    assert await look(NOW) == 0


@pytest.mark.parametrize(
    "away", [{"paused": True}, {"subscribed": False}, {"suspended_at": START}, {"muted": ("ukraine",)}]
)
async def test_nobody_is_alerted_who_rests_or_muted_the_topic(store, look, away):
    await store.save_subscription(replace(await follows(store), **away))
    await seen(store, STRIKE, COURRIER, NOW)

    assert await look(NOW) == 0


@pytest.mark.usefixtures("reader")
async def test_old_news_alerts_nobody(store, look):
    await seen(store, STRIKE, COURRIER, NOW, ago=7 * HOUR)
    assert await look(NOW) == 0
    await seen(store, OTHER, RADIO, NOW, ago=5 * HOUR)

    assert await look(NOW) == 1


async def test_a_first_poll_alerts_nobody(store, look, reader):
    newcomer = replace(COURRIER, outlet="La Gazette", url="https://gazette.example/rss")
    await store.sync_feeds([COURRIER, RADIO, OBSERVATEUR, newcomer], NOW)
    await seen(store, STRIKE, newcomer, NOW)

    assert await look(NOW) == 0
    assert await store.told(reader.id, START) == frozenset()


async def test_what_was_seen_before_the_topic_alerted_waits_for_the_digest(store, look):
    chosen = await store.save_subscription(planned(Subscription(CHAT, ("ukraine",)), NOW))
    await seen(store, STRIKE, COURRIER, NOW - MINUTE)
    await store.save_subscription(with_mode(chosen, "ukraine", "alert", NOW))

    assert await look(NOW) == 0


async def test_what_was_seen_in_a_pause_does_not_alert_after_it(store, desk, look, reader):
    await store.save_subscription(replace(reader, paused=True, paused_until=NOW + HOUR))
    await seen(store, STRIKE, COURRIER, NOW)
    await desk.compose_due(NOW + HOUR)

    assert not (await store.subscription(CHAT)).resting
    assert await look(NOW + HOUR) == 0
    await seen(store, OTHER, RADIO, NOW + HOUR + MINUTE)
    assert await look(NOW + HOUR + MINUTE) == 1


async def test_a_chat_that_came_back_alerts_from_then_on(store, desk, look, reader):
    await store.suspend(CHAT, NOW)
    await seen(store, STRIKE, COURRIER, NOW + MINUTE)
    await store.revive(CHAT)

    assert await look(NOW + 2 * MINUTE) == 0
    await desk.compose_due(NOW + 3 * MINUTE)
    assert await look(NOW + 4 * MINUTE) == 0
    assert (await store.subscription(CHAT)).alerts == alerting_from(reader, NOW + 3 * MINUTE).alerts


async def test_opinion_is_left_out_and_not_looked_at_again(store, look, reader):
    await seen(store, "Éditorial. L’Ukraine et nous", COURRIER, NOW)

    assert await look(NOW) == 0
    assert reader.id in await store.decided([(await store.sightings(["ukraine"], START, HOUR))[0].article])


# --- with the digest ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("reader")
async def test_the_digest_does_not_repeat_what_was_alerted(store, desk, look):
    await seen(store, STRIKE, COURRIER, NOW)
    await seen(store, OTHER, RADIO, NOW, topics=("otan",))
    await look(NOW)
    await queued(store, NOW)
    evening = NOW + 12 * HOUR

    assert await desk.compose_due(evening) == 1
    assert await queued(store, evening) == [f"digest ukraine otan\n{OTHER}"]


@pytest.mark.usefixtures("reader")
async def test_what_is_new_since_the_alert_is_a_follow_up_in_the_digest(store, desk, look):
    await seen(store, STRIKE, COURRIER, NOW)
    await look(NOW)
    await queued(store, NOW)
    await seen(store, MORE, RADIO, NOW + HOUR, topics=("otan",))
    evening = NOW + 12 * HOUR
    await desk.compose_due(evening)

    assert await queued(store, evening) == [f"digest ukraine otan\nSuite : {MORE}"]


@pytest.mark.usefixtures("reader")
async def test_what_the_digest_told_is_not_alerted(store, desk, look):
    evening = NOW + 12 * HOUR
    await seen(store, STRIKE, COURRIER, evening)
    await desk.compose_due(evening)
    await seen(store, AGAIN, RADIO, evening + MINUTE)

    assert await look(evening + MINUTE) == 0


@pytest.mark.usefixtures("reader")
async def test_more_than_six_an_hour_wait_for_the_digest_and_stay_there(store, desk, look):
    words = ("verger", "musée", "tramway", "lycée", "théâtre", "barrage", "marché", "stade")
    for number, word in enumerate(words):
        await seen(
            store, f"En Ukraine, le {word} de {word.capitalize()}bourg ferme ses portes", RADIO, NOW + number * MINUTE
        )
        await look(NOW + number * MINUTE)
    assert len(await queued(store, NOW + HOUR)) == 6
    assert await look(NOW + 2 * HOUR) == 0
    evening = NOW + 12 * HOUR
    await desk.compose_due(evening)
    (digest,) = await queued(store, evening)

    assert [word for word in words if word in digest] == ["marché", "stade"]


# --- muted, and in threads ---------------------------------------------------------------------------------------


async def test_a_muted_topic_is_in_no_digest(store, desk, reader):
    await store.save_subscription(with_mode(reader, "otan", "muted", NOW))
    await seen(store, OTHER, COURRIER, NOW, topics=("otan",))
    await seen(store, STRIKE, RADIO, NOW)
    evening = NOW + 12 * HOUR
    await desk.compose_due(evening)

    assert await queued(store, evening) == [f"digest ukraine\n{STRIKE}"]


async def test_where_all_topics_are_muted_nothing_is_sent_not_even_that(store, desk, reader):
    silent = with_mode(with_mode(reader, "otan", "muted", NOW), "ukraine", "muted", NOW)
    await store.save_subscription(replace(silent, tell_empty=True))
    await desk.compose_due(NOW + 12 * HOUR)

    assert await queued(store, NOW + 12 * HOUR) == []
    assert (await store.subscription(CHAT)).next_due_at == NOW + 36 * HOUR


@pytest.mark.usefixtures("reader")
async def test_a_topic_given_to_a_thread_is_read_and_alerts_there_only(store, desk, look):
    thread = replace(CHAT, thread="7")
    mine = Subscription(thread, ("ukraine",), times=(1200,), taken=("ukraine",))
    await store.save_subscription(planned(with_mode(mine, "ukraine", "alert", START), NOW))
    await seen(store, STRIKE, COURRIER, NOW)
    assert await look(NOW) == 1
    message = await store.claim_message(["paper"], NOW, HOUR)
    assert message.chat == thread
    await store.mark_failed(message, "dead", "read", due=NOW)
    await seen(store, OTHER, RADIO, NOW, topics=("otan", "ukraine"))
    evening = NOW + 12 * HOUR
    await desk.compose_due(evening)

    assert await queued(store, evening) == [f"digest otan\n{OTHER}", f"digest ukraine\n{OTHER}"]


async def test_a_thread_that_unsubscribed_gives_its_topics_back(store, desk, reader):
    thread = replace(CHAT, thread="7")
    await store.save_subscription(Subscription(thread, ("ukraine",), taken=("ukraine",), subscribed=False))
    await seen(store, STRIKE, COURRIER, NOW)
    await desk.compose_due(NOW + 12 * HOUR)

    assert await queued(store, NOW + 12 * HOUR) == [f"digest ukraine otan\n{STRIKE}"]
    assert reader.chat == CHAT


# --- quiet hours -------------------------------------------------------------------------------------------------


async def test_alerts_of_the_quiet_hours_come_at_their_end_as_one_message(store, look):
    await follows(store, quiet=(22 * 60, 7 * 60))  # Paris: 21 h to 6 h UTC
    night = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    await seen(store, STRIKE, COURRIER, night)
    await seen(store, "En Ukraine, un verger de Sarlange reçoit des abeilles", RADIO, night + HOUR)
    for hours in range(7):
        assert await look(night + hours * HOUR) == 0
    morning = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert await look(morning - MINUTE) == 0
    assert await look(morning) == 1
    assert await look(morning + MINUTE) == 0

    (message,) = await queued(store, morning)
    assert message.count("\n") == 2


async def test_a_digest_asked_for_in_the_quiet_hours_comes(store, desk):
    await follows(store, quiet=(19 * 60, 7 * 60))
    await seen(store, STRIKE, COURRIER, NOW)

    assert await desk.compose_due(NOW + 12 * HOUR) == 1


async def test_what_waits_in_the_quiet_hours_is_not_alerted_when_a_digest_told_it_in_between(store, desk, look):
    await follows(store, quiet=(19 * 60, 21 * 60))
    await seen(store, STRIKE, COURRIER, NOW + 11 * HOUR + MINUTE)
    await desk.compose_due(NOW + 12 * HOUR)

    assert await look(NOW + 13 * HOUR) == 0


# --- crashes and races -------------------------------------------------------------------------------------------


class Crash(Exception):
    """The power went."""


@pytest.mark.usefixtures("reader")
async def test_a_kill_between_composing_and_queueing_loses_nothing(store):
    class Breaking(Paper):
        def render(self, _):
            raise Crash

    await seen(store, STRIKE, COURRIER, NOW)
    with pytest.raises(Crash):
        await Lookout(Newsdesk(store, KINDS, {"paper": Breaking()})).compose_alerts(NOW)
    assert await queued(store, NOW) == []

    assert await Lookout(Newsdesk(store, KINDS, {"paper": Paper()})).compose_alerts(NOW + HOUR) == 1


async def test_an_alert_that_the_digest_told_while_it_was_composed_is_not_queued(store, desk, reader):
    """The digest of this minute is queued between our look at what was told and our own queueing."""
    evening = NOW + 12 * HOUR
    await seen(store, STRIKE, COURRIER, evening)

    class Racing(Paper):
        done = False

    paper = Racing()
    lookout = Lookout(Newsdesk(_Between(store, desk, evening), KINDS, {"paper": paper}))

    assert await lookout.compose_alerts(evening) == 0
    assert await queued(store, evening) == [f"digest ukraine otan\n{STRIKE}"]
    assert reader.id


async def test_a_digest_that_an_alert_overtook_is_composed_anew(store, look, reader):
    evening = NOW + 12 * HOUR
    await seen(store, STRIKE, COURRIER, evening)
    await seen(store, OTHER, RADIO, evening, topics=("otan",))
    between = Newsdesk(_Overtaken(store, look, evening), KINDS, {"paper": Paper()})

    assert await between.compose_due(evening) == 0
    assert await between.compose_due(evening + MINUTE) == 1
    assert await queued(store, evening + MINUTE) == [f"alerte ukraine\n{STRIKE}", f"digest ukraine otan\n{OTHER}"]
    assert reader.id


async def test_alerts_that_nobody_looked_for_in_hours_are_left_to_the_digest(store, desk, look, reader):
    await seen(store, STRIKE, COURRIER, NOW)
    assert await look(NOW + 4 * HOUR) == 0
    await desk.compose_due(NOW + 12 * HOUR)

    assert await queued(store, NOW + 12 * HOUR) == [f"digest ukraine otan\n{STRIKE}"]
    assert reader.id


class _Wrapped:
    """A real store in front of which something happens once, right before a run is queued."""

    def __init__(self, store):
        self._store, self._done = store, False

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def enqueue(self, *given, **named):
        if not self._done:
            self._done = True
            await self.happens()
        return await self._store.enqueue(*given, **named)


class _Between(_Wrapped):
    def __init__(self, store, desk, when):
        super().__init__(store)
        self.happens = lambda: desk.compose_due(when)


class _Overtaken(_Wrapped):
    def __init__(self, store, look, when):
        super().__init__(store)
        self.happens = lambda: look(when)


async def test_many_chats_that_know_the_same_are_told_the_same(store, look):
    for number in range(20):
        await follows(store, Chat("paper", str(number)))
    await seen(store, STRIKE, COURRIER, NOW, said=(statement("le pont rouvrira lundi"),))

    assert await look(NOW) == 20
    assert set(await queued(store, NOW)) == {f"alerte ukraine\n{STRIKE}"}


async def test_an_event_of_which_a_chat_wants_no_more_alerts_no_more_nor_does_what_joins_it(store, look, reader):
    first = await seen(store, STRIKE, COURRIER, NOW)
    await store.change_subscription(reader.id, lambda stored: replace(stored, hidden=(first.id,)))
    more = await seen(store, MORE, OBSERVATEUR, NOW + MINUTE)

    assert await look(NOW + MINUTE) == 0
    assert (await store.subscription(CHAT)).hidden == (first.id, more.id)
