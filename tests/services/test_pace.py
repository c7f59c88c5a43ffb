"""The pacer with a clock that stands still: what goes out in any second, in any minute, to whom."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.pace import Pacer

MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 8 h in Paris


def rush(pacer, chats, messages=1, start=MORNING):
    """All messages to all chats as early as the pacer lets them: (moment, chat), in order."""
    waiting = [(chat, number) for number in range(messages) for chat in chats]
    sent, now = [], start
    while waiting:
        free = [(pacer.next_at(chat, now), place) for place, (chat, _) in enumerate(waiting)]
        now, place = min(free)
        chat, _ = waiting.pop(place)
        pacer.sent(chat, now)
        sent.append((now, chat))
    return sent


def most_within(moments, window):
    return max(sum(1 for other in moments if moment <= other < moment + window) for moment in moments)


def test_a_thousand_chats_at_eight_are_served_in_forty_seconds_and_never_more_than_25_a_second():
    pacer, now, moments = Pacer(25), MORNING, []
    for number in range(1000):
        now = pacer.next_at(str(number), now)
        pacer.sent(str(number), now)
        moments.append(now)

    assert most_within(moments[:200], timedelta(seconds=1)) == 25
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in zip(moments, moments[25:], strict=False))
    assert moments[-1] - MORNING == timedelta(seconds=39)


def test_one_chat_gets_one_message_a_second():
    moments = [moment for moment, _ in rush(Pacer(25), ["7"], messages=5)]

    assert [(moment - MORNING).total_seconds() for moment in moments] == [0, 1, 2, 3, 4]


def test_a_group_gets_18_messages_in_any_minute_and_its_first_ones_at_one_a_second():
    moments = [moment for moment, _ in rush(Pacer(25), ["-7"], messages=40)]

    assert most_within(moments, timedelta(minutes=1)) == 18
    assert (moments[17] - MORNING, moments[18] - MORNING) == (timedelta(seconds=17), timedelta(seconds=60))


def test_a_chat_that_must_wait_holds_nobody_else():
    pacer = Pacer(25)
    pacer.slowed("-7", timedelta(seconds=35), MORNING)

    assert pacer.next_at("-7", MORNING) == MORNING + timedelta(seconds=35)
    assert pacer.next_at("8", MORNING) == MORNING
    assert most_within([m for m, _ in rush(pacer, [str(n) for n in range(60)])], timedelta(seconds=1)) == 25


def test_two_chats_slowed_within_a_second_halve_everything_for_a_minute():
    pacer = Pacer(25)
    pacer.slowed("1", timedelta(seconds=5), MORNING)
    pacer.slowed("2", timedelta(seconds=5), MORNING + timedelta(seconds=0.5))
    chats = [str(number) for number in range(10, 60)]
    busy = most_within([moment for moment, _ in rush(pacer, chats)], timedelta(seconds=1))
    later = MORNING + timedelta(seconds=61)
    again = most_within([moment for moment, _ in rush(pacer, chats, start=later)], timedelta(seconds=1))

    assert (busy, again) == (12, 25)


def test_while_halved_a_chat_gets_a_message_every_two_seconds_and_a_group_nine_a_minute():
    pacer = Pacer(25)
    pacer.slowed("", timedelta(seconds=1), MORNING)
    start = MORNING + timedelta(seconds=1)

    private = [(moment - start).total_seconds() for moment, _ in rush(pacer, ["7"], messages=3, start=start)]
    group = [moment for moment, _ in rush(pacer, ["-7"], messages=10, start=start)]
    assert private == [0, 2, 4]
    assert group[8] - start < timedelta(seconds=20)
    assert group[9] - start >= timedelta(seconds=59)


def test_the_same_chat_slowed_twice_is_its_own_affair():
    pacer = Pacer(25)
    pacer.slowed("1", timedelta(seconds=5), MORNING)
    pacer.slowed("1", timedelta(seconds=3), MORNING + timedelta(seconds=0.5))

    assert most_within([m for m, _ in rush(pacer, [str(n) for n in range(10, 60)])], timedelta(seconds=1)) == 25
    assert pacer.next_at("1", MORNING) == MORNING + timedelta(seconds=5)


def test_slowed_without_a_chat_holds_all():
    pacer = Pacer(25)
    pacer.slowed("", timedelta(seconds=4), MORNING)

    assert pacer.next_at("1", MORNING) == pacer.room_at(MORNING) == MORNING + timedelta(seconds=4)


def test_chats_that_are_long_quiet_are_forgotten():
    pacer = Pacer(25)
    for number in range(5000):
        pacer.sent(str(number), MORNING + timedelta(minutes=number))

    assert len(pacer._chats) <= 4096


@given(st.lists(st.sampled_from(["1", "2", "-1", "-2"]), min_size=1, max_size=60), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_whatever_is_sent_when_the_pacer_says_keeps_every_window(order, rate):
    pacer, now, sent = Pacer(rate), MORNING, []
    for chat in order:
        now = pacer.next_at(chat, now)
        pacer.sent(chat, now)
        sent.append((chat, now))

    assert most_within([at for _, at in sent], timedelta(seconds=1)) <= rate
    for chat in set(order):
        mine = [at for name, at in sent if name == chat]
        assert most_within(mine, timedelta(seconds=1)) == 1
        assert most_within(mine, timedelta(minutes=1)) <= (18 if chat.startswith("-") else 60)
