from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import Chat, Subscription
from bot.domain.schedule import last_quiet, last_slot, next_probe, next_slot, plan, planned

PARIS = Subscription(Chat("local", "1"), ("otan",), id=1, times=(8 * 60,), timezone="Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_eight_in_paris_is_seven_utc_in_winter_and_six_in_summer():
    assert next_slot(PARIS, utc("2026-11-22T00:00")).at == utc("2026-11-22T07:00")
    assert next_slot(PARIS, utc("2026-07-01T00:00")).at == utc("2026-07-01T06:00")


def test_a_slot_is_strictly_after_and_the_last_one_may_be_now():
    eight = utc("2026-11-22T07:00")

    assert next_slot(PARIS, eight).at == utc("2026-11-23T07:00")
    assert last_slot(PARIS, eight).at == eight


def test_only_the_chosen_weekdays_have_slots():
    weekdays_only = replace(PARIS, weekdays=(0, 1, 2, 3, 4))

    assert next_slot(weekdays_only, utc("2026-11-20T08:00")).local_date == "2026-11-23"


def test_a_subscription_without_times_is_never_due():
    never = replace(PARIS, times=())

    assert next_slot(never, utc("2026-11-20T08:00")) is None
    assert plan(replace(never, next_due_at=utc("2026-11-20T08:00")), utc("2026-11-21T08:00")).serve is None


@pytest.mark.parametrize(
    ("day", "times"),
    [("2027-03-28", 1), ("2027-10-31", 1)],
    ids=["spring: 02:30 does not exist", "autumn: 02:30 comes twice"],
)
def test_a_slot_in_a_clock_change_fires_exactly_once(day, times):
    night = replace(PARIS, times=(150,))
    moment, end = utc(f"{day}T00:00") - timedelta(hours=2), utc(f"{day}T22:00")
    slots = []
    while (slot := next_slot(night, moment)) and slot.at < end:
        slots.append(slot)
        moment = slot.at

    assert len(slots) == times
    assert slots[0].local_date == day


def test_a_spring_slot_lands_right_after_the_gap():
    night = replace(PARIS, times=(150,))

    assert next_slot(night, utc("2027-03-27T12:00")).at == utc("2027-03-28T01:30")  # 03:30 in Paris


def test_due_now_is_served_and_the_next_is_tomorrow():
    due = planned(PARIS, utc("2026-11-22T06:59"))
    served = plan(due, utc("2026-11-22T07:00:10"))

    assert (served.serve.local_date, served.serve.name) == ("2026-11-22", "08:00")
    assert served.next_due_at == utc("2026-11-23T07:00")


def test_a_digest_less_than_three_hours_late_still_goes_out():
    due = planned(PARIS, utc("2026-11-21T12:00"))

    assert plan(due, utc("2026-11-22T09:59")).serve.name == "08:00"


def test_a_digest_three_hours_late_waits_for_the_next():
    due = planned(PARIS, utc("2026-11-21T12:00"))
    late = plan(due, utc("2026-11-22T10:00"))

    assert late.serve is None
    assert late.next_due_at == utc("2026-11-23T07:00")


def test_after_a_long_absence_only_the_latest_slot_is_served():
    twice = replace(PARIS, times=(8 * 60, 9 * 60), next_due_at=utc("2026-11-20T07:00"))
    served = plan(twice, utc("2026-11-22T08:05"))

    assert (served.serve.local_date, served.serve.name) == ("2026-11-22", "09:00")


def test_a_paused_subscription_is_not_served_but_planned():
    paused = replace(PARIS, paused=True, next_due_at=utc("2026-11-20T07:00"))

    assert plan(paused, utc("2026-11-22T07:01")).serve is None


def test_before_it_is_due_nothing_changes():
    due = planned(PARIS, utc("2026-11-22T06:00"))
    early = plan(due, utc("2026-11-22T06:59"))

    assert early.serve is None
    assert early.next_due_at == due.next_due_at


def test_a_lost_chat_is_looked_after_a_day_a_week_and_a_month_later_and_then_not_any_more():
    lost = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    asked, at = [], next_probe(lost, lost)
    while at:
        asked.append((at - lost).days)
        at = next_probe(lost, at)

    assert asked == [1, 7, 30]
    assert next_probe(lost, lost + timedelta(days=3)) == lost + timedelta(days=7)  # the bot was down on the first day


# --- quiet hours -----------------------------------------------------------------------------------------------------


def night(begin="22:00", end="7:00", zone="Europe/Paris"):
    minutes = tuple(int(hour) * 60 + int(minute) for hour, minute in (begin.split(":"), end.split(":")))
    return Subscription(Chat("local", "1"), ("otan",), timezone=zone, quiet=minutes)


def is_quiet(subscription, moment):
    span = last_quiet(subscription, moment)
    return span is not None and span.holds(moment)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 11, 22, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 2, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_go_over_midnight(moment, quiet):
    assert is_quiet(night(), moment) is quiet


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = night("12:00", "14:00")

    assert is_quiet(noon, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    assert not is_quiet(noon, datetime(2026, 11, 22, 13, 0, tzinfo=UTC))
    assert last_quiet(replace(noon, quiet=()), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) is None


def test_the_latest_quiet_hours_are_known_after_they_are_over():
    span = last_quiet(night(), datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

    assert (span.start, span.end) == (
        datetime(2026, 11, 21, 21, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    )


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter():
    span = last_quiet(night(), datetime(2026, 3, 29, 3, 0, tzinfo=UTC))

    assert span.end - span.start == timedelta(hours=8)
    assert span.end == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_the_night_in_which_clocks_go_back_is_an_hour_longer():
    span = last_quiet(night(), datetime(2026, 10, 25, 3, 0, tzinfo=UTC))

    assert span.end - span.start == timedelta(hours=10)
    assert span.end == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


def test_quiet_hours_that_end_in_the_hour_shown_twice_end_once():
    """Until 2 h 30, which Paris shows at 0 h 30 and at 1 h 30 UTC."""
    ending = night("22:00", "2:30")
    moments = [datetime(2026, 10, 24, 22, 0, tzinfo=UTC) + timedelta(minutes=15 * step) for step in range(24)]
    quiet = [is_quiet(ending, moment) for moment in moments]

    assert quiet == sorted(quiet, reverse=True)
    assert moments[quiet.index(False)] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_quiet_hours_that_begin_in_the_hour_that_is_left_out_begin_after_it():
    beginning = night("2:30", "8:00")

    assert not is_quiet(beginning, datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    assert is_quiet(beginning, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert not is_quiet(beginning, datetime(2026, 3, 29, 6, 0, tzinfo=UTC))


def test_quiet_hours_that_lie_in_the_hour_that_is_left_out_do_not_happen():
    assert not any(
        is_quiet(night("2:15", "3:00"), datetime(2026, 3, 29, 0, 0, tzinfo=UTC) + timedelta(minutes=5 * step))
        for step in range(36)
    )


def test_every_quiet_span_of_a_year_follows_the_one_before():
    """In each zone, at each hour: the latest span never goes back, and holds about as long as its clock says."""
    for zone in ("Europe/Paris", "America/Toronto", "America/St_Johns", "Pacific/Chatham"):
        starts = []
        for hours in range(0, 366 * 24, 5):
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
            span = last_quiet(night(zone=zone), moment)
            assert span.start <= moment < span.start + timedelta(hours=25, minutes=1)
            assert timedelta(hours=8) <= span.end - span.start <= timedelta(hours=10)
            starts.append(span.start)
        assert starts == sorted(starts)
