"""People are answered while feeds are polled; `make bench` says how soon, this only that nobody waits for the poll."""

from benchmarks.answers import measure

BOUND = 3.0  # seconds: ten times what is wanted of a quiet machine (PRODUCT.md wants it to feel at once)


async def test_every_answer_starts_soon_while_feeds_are_polled_and_pages_read():
    answers = await measure(rounds=1, feeds=24, entries=20)

    assert len(answers.all) >= 40
    assert answers.all[-1] < BOUND, dict(answers.waits)
