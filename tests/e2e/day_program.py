"""`verbatim run` by the clock of a test: `python day_program.py CLOCK`, the rest by the environment as ever."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.app import running
from bot.cli.options import load_all, say
from tests.e2e.fast_clock import FastClock

# The heartbeat goes by the machine's time, of which a simulated hour has but a second.
running.BEATS.update(
    poll=timedelta(seconds=0.15), due=timedelta(seconds=0.1), drain=timedelta(seconds=0.1), tend=timedelta(seconds=2)
)

if __name__ == "__main__":
    settings, knowledge = load_all()
    clock = FastClock(Path(sys.argv[1]))
    asyncio.run(running.run(settings, knowledge, sample=False, say=say, watch=lambda _: None, clock=clock))
