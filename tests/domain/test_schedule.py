from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import Chat, Subscription
from bot.domain.schedule import last_slot, next_slot, plan, planned

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
