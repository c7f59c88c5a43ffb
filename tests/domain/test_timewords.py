from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import load_texts
from bot.domain.timewords import (
    EVERY_DAY,
    LONGEST,
    WEEKEND,
    WORKDAYS,
    Misread,
    Timing,
    read_period,
    read_schedule,
    schedule_aloud,
    time_aloud,
)

TEXTS = load_texts()


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("8h", [480]),
        ("8 h", [480]),
        ("8\u00a0h\u00a030", [510]),
        ("08:30", [510]),
        ("0830", [510]),
        ("8.30", [510]),
        ("8", [480]),
        ("20 heures", [1200]),
        ("8 h 30 et 19h", [510, 1140]),
        ("19h, 8h", [480, 1140]),
        ("7h 12h 19h", [420, 720, 1140]),
        ("8h, 8h00", [480]),
        ("à 8 heures et 20 heures", [480, 1200]),
        ("midi", [720]),
        ("midi et demi", [750]),
        ("minuit", [0]),
        ("24h", [0]),
        ("8h et demie", [510]),
        ("8 h du soir", [1200]),
        ("8:30 pm", [1230]),
        ("8:30PM", [1230]),
        ("8 a.m. and 8 p.m.", [480, 1200]),
        ("12 am", [0]),
        ("12 pm", [720]),
        ("noon and midnight", [0, 720]),
    ],
)
def test_times_are_read_as_people_type_them(typed, times):
    assert read_schedule(typed) == Timing(tuple(times))


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("en semaine 7h", WORKDAYS),
        ("weekdays 7h", WORKDAYS),
        ("du lundi au vendredi à 7h", WORKDAYS),
        ("lun-ven 7h", WORKDAYS),
        ("Monday to Friday at 7 am", WORKDAYS),
        ("le week-end 7h", WEEKEND),
        ("7h le weekend", WEEKEND),
        ("on weekends 7h", WEEKEND),
        ("tous les jours 7h", EVERY_DAY),
        ("chaque jour à 7h", EVERY_DAY),
        ("every day at 7:00", EVERY_DAY),
        ("lundi 7h", (0,)),
        ("les lundis et jeudis 7h", (0, 3)),
        ("lundi 7h et jeudi 7h", (0, 3)),
        ("samedi au lundi 7h", (0, 5, 6)),
        ("tous les jours sauf dimanche à 7h", (0, 1, 2, 3, 4, 5)),
        ("sauf samedi et dimanche 7h", WORKDAYS),
    ],
)
def test_days_are_read_as_people_type_them(typed, days):
    assert read_schedule(typed) == Timing((420,), days)


def test_what_a_schedule_does_not_speak_of_is_left_open():
    assert read_schedule("en semaine") == Timing(None, WORKDAYS)
    assert read_schedule("8h") == Timing((480,))


@pytest.mark.parametrize(
    ("typed", "place"),
    [("8h Montréal", "montreal"), ("New York", "new york"), ("8h, heure de Paris", "paris"), ("zzz", "zzz")],
)
def test_words_that_are_no_time_are_a_place(typed, place):
    assert read_schedule(typed).place == place


@pytest.mark.parametrize(
    ("typed", "misread"),
    [
        ("25h", Misread("hour", "25h")),
        ("8h75", Misread("hour", "8h75")),
        ("13 am", Misread("hour", "13 am")),
        ("9999", Misread("hour", "9999")),
        ("😀 8h", Misread("sign", "😀")),
        ("en semaine 7h, le week-end 10h", Misread("several")),
        ("lundi 8h mardi 9h", Misread("several")),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13", Misread("many", "12")),
        ("", Misread("none")),
        ("et", Misread("none")),
        ("8h " * 100, Misread("none")),
    ],
)
def test_what_is_not_understood_is_named(typed, misread):
    assert read_schedule(typed) == misread


@given(st.text(max_size=60) | st.text("0123456789h: .,apmetlundi-", max_size=40))
def test_any_text_is_read_without_an_error_and_gives_only_times_and_days_that_exist(typed):
    read = read_schedule(typed)

    if isinstance(read, Timing):
        assert all(0 <= minutes < 1440 for minutes in read.times or ())
        assert set(read.weekdays or ()) <= set(EVERY_DAY)
        assert read.times or read.weekdays or read.place
    read_period(typed)


@given(st.lists(st.integers(0, 1439), min_size=1, max_size=12, unique=True), st.sets(st.integers(0, 6), min_size=1))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_read_back_is_understood_as_the_same(language, times, days):
    times, days = tuple(sorted(times)), tuple(sorted(days))

    aloud = schedule_aloud(times, days, TEXTS[language])

    assert read_schedule(aloud) == (Timing(times, days) if len(aloud) <= LONGEST else Misread("none"))


@pytest.mark.parametrize(
    ("times", "days", "french"),
    [
        ((480,), EVERY_DAY, "tous les jours à 8 h"),
        ((450, 1140), WORKDAYS, "en semaine à 7 h 30 et 19 h"),
        ((600,), WEEKEND, "le week-end à 10 h"),
        ((540,), (0, 3), "le lundi et le jeudi à 9 h"),
        ((420, 720, 1140), (1,), "le mardi à 7 h, 12 h et 19 h"),
    ],
)
def test_a_schedule_is_read_back_in_plain_words(times, days, french):
    assert schedule_aloud(times, days, TEXTS["fr"]).replace("\u00a0", " ") == french
    assert time_aloud(485, TEXTS["fr"]).replace("\u00a0", " ") == "8 h 05"


@pytest.mark.parametrize(
    ("typed", "length", "rest"),
    [
        ("24h", timedelta(hours=24), ""),
        ("7j", timedelta(days=7), ""),
        ("3 jours", timedelta(days=3), ""),
        ("une semaine", timedelta(days=7), ""),
        ("2w", timedelta(days=14), ""),
        ("1 mois", timedelta(days=30), ""),
        ("ukraine 48h", timedelta(hours=48), "ukraine"),
        ("3d otan, ukraine", timedelta(days=3), "otan, ukraine"),
        ("Ukraine", None, "Ukraine"),
        ("G7", None, "G7"),
        ("", None, ""),
    ],
)
def test_a_length_of_time_is_found_in_what_was_typed(typed, length, rest):
    assert read_period(typed) == (length, rest)
