"""The whole program as a process, against the strict double: what people tap and read."""

import re

from tests.e2e.program import TOKEN, button, message_saying, poll_once, running


async def test_the_owner_opens_the_link_and_reads_a_first_digest_three_taps_later(double, own, tmp_path):
    assert "articles: 1 new" in await poll_once(tmp_path, own)
    async with running(double, tmp_path, CONFIG_DIR=str(own), LOG_LEVEL="DEBUG") as bot:
        link = await bot.until("become the owner")
        token = re.search(r"start=(\S+)", link)[1]
        alice = double.user("Alice", language="fr")

        await alice.says(alice.private, f"/start {token}")
        for words in ("Continuer", "Paris", "8 h"):
            menu, label = await double.until(lambda words=words: button(double.messages(alice), words))
            await alice.presses(menu, label)

        digest = await double.until(lambda: message_saying(double, alice, "L’Otan enverra des renforts"))
        assert "Olaf Brandt" in digest.text
        assert await bot.stop() == 0

    assert double.complaints == []
    assert double.refused == []
    assert "Traceback" not in bot.said


async def test_an_uninvited_chat_gets_one_polite_line(double, own, tmp_path):
    async with running(double, tmp_path, CONFIG_DIR=str(own)) as bot:
        await bot.until("become the owner")
        bob = double.user("Bob", language="fr")
        await bob.says(bob.private, "/start")
        await double.until(lambda: double.messages(bob.private))
        await bob.says(bob.private, "/digest")
        await bob.says(bob.private, "/topics")
        assert await bot.stop() == 0

    assert len(double.messages(bob.private)) == 1


async def test_an_invalid_token_ends_with_one_line(double, own, tmp_path):
    wrong = "987654321:AAF-zzzzzzzzzzzzzzzzzzzzzzzzzzzzz56789"
    async with running(double, tmp_path, CONFIG_DIR=str(own), TELEGRAM_BOT_TOKEN=wrong) as bot:
        assert await bot.ended() == 1

    lines = [line for line in bot.lines if line.startswith("verbatim: ")]
    assert len(lines) == 1
    assert "TELEGRAM_BOT_TOKEN" in lines[0]
    assert wrong not in bot.said
    assert TOKEN not in bot.said
    assert "Traceback" not in bot.said
