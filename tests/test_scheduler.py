"""The heartbeat over a machine's clock that leaps, and over beats that fail."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import StoreError
from bot.scheduler import Heartbeat

LONG = timedelta(hours=6)
GRACE = timedelta(seconds=1)


class Beat:
    """Counts, and tells that it came."""

    def __init__(self, error=None):
        self.times, self.came, self.error = 0, asyncio.Event(), error

    async def __call__(self):
        self.times += 1
        self.came.set()
        if self.error:
            raise self.error


@pytest.fixture
async def heart():
    hearts = []

    def begin(beat, interval=LONG):
        heart = Heartbeat({"due": (interval, beat)})
        heart.start()
        hearts.append(heart)
        return heart

    yield begin
    for heart in hearts:
        await heart.stop(GRACE)


def this_moment():
    return datetime.now(UTC)  # noqa: TID251 (the scheduler's own clock is the machine's)


async def came(beat):
    await asyncio.wait_for(beat.came.wait(), 5)


async def test_a_clock_that_leaps_by_half_a_century_costs_one_beat(heart):
    beat = Beat()
    heart(beat).hurry("due", datetime(1970, 1, 1, tzinfo=UTC))

    await came(beat)
    assert beat.times == 1


async def test_a_clock_that_is_set_back_holds_no_beat_up(heart):
    beat = Beat()
    beating = heart(beat)
    beating.hurry("due", this_moment() + timedelta(days=400))

    beating.catch_up(this_moment())
    await came(beat)


async def test_a_beat_that_is_not_yet_due_is_not_hurried_by_the_look_at_the_clock(heart):
    beat = Beat()
    heart(beat).catch_up(this_moment())

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(beat.came.wait(), 0.1)


async def test_a_beat_that_fails_comes_again_and_says_one_line(heart, caplog):
    beat = Beat(StoreError("the disk is full"))
    beating = heart(beat)
    beating.hurry("due", this_moment())
    await came(beat)
    beat.came.clear()
    beating.hurry("due", this_moment())
    await came(beat)

    assert "due: the disk is full" in caplog.text
    assert "Traceback" not in caplog.text
