"""The double as the program's Telegram, and newspapers for it to read."""

import os

# Warnings are errors here, and python-telegram-bot warns of `RetryAfter.retry_after` as a number unless this is set.
os.environ["PTB_TIMEDELTA"] = "true"

import pytest

from tests.e2e.program import TOKEN, Press
from tests.telegram.double import TelegramDouble


@pytest.fixture
async def double():
    async with TelegramDouble(token=TOKEN, username="verbatim_test_bot") as double:
        yield double


@pytest.fixture
def press():
    press = Press()
    yield press
    press.close()


@pytest.fixture
def own(press, tmp_path):
    """A configuration folder with one newspaper, Le Courrier, and one article about the Otan."""
    summary = (
        "Le secrétaire général de l’Otan, Olaf Brandt, a déclaré dimanche que l’Alliance enverrait des renforts en "
        "Pologne."
    )
    press.feed("/courrier", "Le Courrier", [("1", "L’Otan enverra des renforts à ses frontières", summary, "")])
    return press.configure(tmp_path / "own", {"Le Courrier": "/courrier"})
