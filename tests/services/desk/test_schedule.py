from datetime import timedelta

import pytest

from bot.domain.model import Subscription
from tests.builders import NOW
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import HOME


@pytest.mark.parametrize(
    ("line", "times", "weekdays", "zone"),
    [
        ("/schedule 8 h 30 et 19h", (510, 1140), (0, 1, 2, 3, 4, 5, 6), "Europe/Paris"),
        ("/horaire en semaine 7h", (420,), (0, 1, 2, 3, 4), "Europe/Paris"),
        ("/horaires lundi 9h Montréal", (540,), (0,), "America/Toronto"),
        ("/schedule le week-end", (480,), (5, 6), "Europe/Paris"),
        ("/schedule new york", (480,), (0, 1, 2, 3, 4, 5, 6), "America/New_York"),
        ("/schedule 8:30 pm", (1230,), (0, 1, 2, 3, 4, 5, 6), "Europe/Paris"),
    ],
)
async def test_a_schedule_is_set_in_one_line(anna, line, times, weekdays, zone):
    await subscribed(anna)
    await anna.say(line)

    chosen = await anna.subscription()
    assert (chosen.times, chosen.weekdays, chosen.timezone) == (times, weekdays, zone)
    assert chosen.next_due_at > NOW


async def test_what_was_understood_is_read_back(anna):
    await anna.say("/schedule lundi et jeudi 9h Bruxelles")

    assert "Le lundi et le jeudi à 9 h (Bruxelles)" in anna.text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("25h", "« 25h » n’est pas une heure."),
        ("😀", "Je ne comprends pas « 😀 »."),
        ("en semaine 7h, le week-end 10h", "Les mêmes heures valent pour tous les jours"),
        ("8h Montreux-les-Bains", "« montreux-les-bains »"),
        ("😀" * 4000, "ni heure ni jour"),
        ("et", "ni heure ni jour"),
    ],
)
async def test_what_was_not_understood_is_said_and_changes_nothing(anna, line, answer):
    await subscribed(anna)
    before = await anna.subscription()
    await anna.say(f"/schedule {line}")

    assert answer in anna.text
    assert "Par exemple" in anna.text
    assert await anna.subscription() == before


async def test_hours_and_days_are_switched_by_taps(anna):
    await subscribed(anna)
    await anna.say("/schedule")
    await anna.press("19 h")
    await anna.press("En semaine")
    await anna.press("Sam")
    await anna.press("Lun")

    chosen = await anna.subscription()
    assert (chosen.times, chosen.weekdays) == ((480, 1140), (1, 2, 3, 4, 5))
    await anna.press("8 h")
    assert (await anna.subscription()).times == (1140,)
    await anna.press("19 h")
    assert "Il faut garder une heure" in anna.toast


async def test_the_last_day_stays(anna):
    await anna.say("/schedule lundi 8h")
    await anna.press("Lun")

    assert "Il faut garder un jour" in anna.toast


async def test_the_same_press_twice_does_it_once(anna):
    for press in ("h:t:1:1140", "h:d:0:6", "h:D:work"):
        await anna.press_data(press)
        before = await anna.subscription()
        await anna.press_data(press)
        assert anna.toast == "C’est déjà le cas."
        assert await anna.subscription() == before


async def test_an_hour_that_was_typed_has_its_button(anna):
    await anna.say("/schedule")
    await anna.press("Autre heure")
    await anna.say("nonsense")
    assert "Je ne connais ni heure ni ville" in anna.text
    await anna.say("7 h 15")

    assert "✅ 7 h 15" in anna.labels


async def test_the_zone_is_chosen_by_city(anna):
    await subscribed(anna)
    before = (await anna.subscription()).next_due_at
    await anna.say("/schedule")
    await anna.press("Paris")
    await anna.press("Montréal")

    assert "Il est 2 h à Montréal." in anna.text
    assert (await anna.subscription()).next_due_at == before - timedelta(hours=18)


async def test_a_new_schedule_never_brings_back_a_slot_that_is_due_now(anna, store):
    await store.save_subscription(Subscription(HOME.chat, ("otan",), next_due_at=NOW))
    await anna.say("/topics on ukraine")
    assert (await anna.subscription()).next_due_at == NOW
    await anna.say("/schedule 8h et 9h")

    assert (await anna.subscription()).next_due_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "data",
    [
        "h:t:1:1440",
        "h:t:1:-1",
        "h:t:1:99999999999999999999",
        "h:t:1:٣",
        "h:d:1:7",
        "h:D:x",
        "h:z:../../etc/passwd",
        "h:z:",
        "h:t:2:480",
        "h:x",
        "h:t:1",
        "h" + ":" * 50,
    ],
)
async def test_data_that_we_never_gave_changes_nothing(anna, data):
    await anna.press_data(data)

    assert "ne sert plus" in anna.toast
    assert await anna.subscription() is None


async def test_a_question_in_a_group_says_how_to_answer_it(anna, group):
    await group.say("/horaire")
    await group.press("Autre heure")
    await anna.say("/horaire")
    await anna.press("Autre heure")

    assert "Répondez à ce message" in group.text
    assert "Répondez" not in anna.text
