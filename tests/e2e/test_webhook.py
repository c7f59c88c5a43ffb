"""The whole program as a process, called by the double instead of calling it."""

import re
import socket

import httpx

from tests.e2e.program import TOKEN, button, message_saying, poll_once, running
from tests.telegram.double import slow_down

WRONG = "987654321:AAF-zzzzzzzzzzzzzzzzzzzzzzzzzzzz56789"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def called(double, folder, own, port, **environment):
    """`verbatim run` with a webhook at that port."""
    url = f"http://127.0.0.1:{port}/telegram"
    given = {"CONFIG_DIR": str(own), "WEB_PORT": str(port), "TELEGRAM_WEBHOOK_URL": url, **environment}
    return running(double, folder, **given)


async def test_from_start_to_the_first_digest_by_webhook(double, own, tmp_path):
    await poll_once(tmp_path, own)
    port = free_port()
    async with called(double, tmp_path, own, port) as bot:
        token = re.search(r"start=(\S+)", await bot.until("become the owner"))[1]
        await double.until(lambda: double.called("setWebhook"), 20)
        alice = double.user("Alice", language="fr")

        await alice.says(alice.private, f"/start {token}")
        for words in ("Continuer", "Paris", "8 h"):
            menu, label = await double.until(lambda words=words: button(double.messages(alice.private), words))
            await alice.presses(menu, label)
        digest = await double.until(lambda: message_saying(double, alice.private, "L’Otan enverra des renforts"))
        assert "Olaf Brandt" in digest.text

        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as stranger:
            update = {"update_id": 10**9}
            assert (await stranger.post("/telegram", json=update)).status_code == 403
            wrong = {"X-Telegram-Bot-Api-Secret-Token": "a" * 64}
            assert (await stranger.post("/telegram", json=update, headers=wrong)).status_code == 403
            health = await stranger.get("/health")
        assert (health.status_code, health.json()["checks"]["telegram"]) == (200, "ok")
        assert await bot.stop() == 0

    assert double.complaints == []
    assert double.refused == []
    assert not double.called("getUpdates")
    assert "Traceback" not in bot.said
    (told,) = double.called("setWebhook")
    assert told.fields.values["secret_token"] not in bot.said


async def test_what_was_taken_is_answered_although_the_program_is_told_to_stop(double, own, tmp_path):
    port = free_port()
    async with called(double, tmp_path, own, port, ACCESS="open") as bot:
        await bot.until("become the owner")
        await double.until(lambda: double.called("setWebhook"), 20)
        bob = double.user("Bob", language="fr")
        double.faults.order(slow_down(2))  # the answer is under way for that long

        await bob.says(bob.private, "/aide")
        await double.until(lambda: double.called("sendMessage"))
        assert await bot.stop() == 0

    assert len(double.messages(bob.private)) == 1
    assert "Traceback" not in bot.said


async def test_without_its_port_the_webhook_cannot_work_and_that_is_one_line(double, own, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        async with called(double, tmp_path, own, port) as bot:
            assert await bot.ended() == 1

    (line,) = [line for line in bot.lines if line.startswith("verbatim: ")]
    assert "TELEGRAM_WEBHOOK_URL" in line
    assert f"127.0.0.1:{port}" in line
    assert "WEB_PORT" in line
    assert "Traceback" not in bot.said


async def test_an_invalid_token_ends_with_one_line_as_with_polling(double, own, tmp_path):
    async with called(double, tmp_path, own, free_port(), TELEGRAM_BOT_TOKEN=WRONG) as bot:
        assert await bot.ended() == 1

    (line,) = [line for line in bot.lines if line.startswith("verbatim: ")]
    assert "TELEGRAM_BOT_TOKEN" in line
    assert WRONG not in bot.said
    assert "Traceback" not in bot.said


async def test_an_address_that_telegram_does_not_take_ends_with_one_line(double, own, tmp_path):
    elsewhere = "http://bot.example:8443/telegram"  # the double calls nothing but loopback
    async with called(double, tmp_path, own, free_port(), TELEGRAM_WEBHOOK_URL=elsewhere) as bot:
        assert await bot.ended() == 1

    (line,) = [line for line in bot.lines if line.startswith("verbatim: ")]
    assert "TELEGRAM_WEBHOOK_URL" in line
    assert TOKEN not in bot.said
    assert "Traceback" not in bot.said
