"""The whole program as a process, against the strict double: what people tap and read."""

import asyncio
import os
import re
import signal
import sys
import threading
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.telegram.double import TelegramDouble

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Le Courrier</title>
<item><guid>1</guid><title>L’Otan enverra des renforts à ses frontières</title><link>https://courrier.example/otan</link>
<description>Le secrétaire général de l’Otan, Olaf Brandt, a déclaré dimanche que l’Alliance enverrait des renforts en
Pologne.</description></item></channel></rss>"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(tmp_path):
    """A configuration folder with one feed, served on loopback."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(RSS.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = tmp_path / "own"
    folder.mkdir()
    url = f"http://127.0.0.1:{server.server_port}/rss"
    (folder / "feeds.toml").write_text(f'[[feed]]\noutlet = "Le Courrier"\nurl = "{url}"\n', encoding="utf-8")
    yield folder
    server.shutdown()
    server.server_close()


class Bot:
    """`verbatim run` with a token, and what it says."""

    def __init__(self, process):
        self.process, self.said = process, []

    async def until(self, pattern):
        async for line in self.process.stderr:
            self.said.append(line.decode())
            if re.search(pattern, self.said[-1]):
                return self.said[-1]
        raise AssertionError("".join(self.said))

    async def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        _, err = await asyncio.wait_for(self.process.communicate(), 30)
        self.said.append(err.decode())
        return self.process.returncode


@asynccontextmanager
async def running(double, folder, **environment):
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PTB_TIMEDELTA": "true",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": double.address,
        "WEB_PORT": "0",
        **environment,
    }
    command = (sys.executable, "-m", "bot", "run")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=settings, stdout=pipe, stderr=pipe)
    try:
        yield Bot(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.fixture
async def double():
    async with TelegramDouble(token=TOKEN, username="verbatim_test_bot") as double:
        yield double


async def test_the_owner_opens_the_link_and_reads_a_first_digest_three_taps_later(double, own, tmp_path):
    await fill(own, tmp_path)
    async with running(double, tmp_path, CONFIG_DIR=str(own)) as bot:
        link = await bot.until("become the owner")
        token = re.search(r"start=(\S+)", link)[1]
        alice = double.user("Alice", language="fr")

        await alice.says(alice.private, f"/start {token}")
        for words in ("Continuer", "Paris", "8 h"):
            menu, label = await double.until(lambda words=words: button(double, alice, words))
            await alice.presses(menu, label)

        digest = await double.until(lambda: message_saying(double, alice, "L’Otan enverra des renforts"))
        assert "Olaf Brandt" in digest.text
        assert await bot.stop() == 0

    assert double.complaints == []
    assert double.refused == []
    assert TOKEN not in "".join(bot.said)
    assert "Traceback" not in "".join(bot.said)


async def fill(own, folder):
    """Let the feed be read before anybody asks."""
    settings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CONFIG_DIR": str(own)}
    command = (sys.executable, "-m", "bot", "poll", "--once")
    pipe = asyncio.subprocess.PIPE
    poll = await asyncio.create_subprocess_exec(*command, cwd=folder, env=settings, stderr=pipe)
    _, said = await poll.communicate()
    assert "articles: 1 new" in said.decode()


def button(double, person, words):
    """The message that holds a button of these words, and the button's label as it stands there."""
    for message in double.messages(person.private):
        for label in message.button_texts:
            if label.replace("\u00a0", " ").startswith(words):
                return message, label
    return None


def message_saying(double, person, words):
    return next((message for message in double.messages(person.private) if words in message.text), None)


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
        _, err = await asyncio.wait_for(bot.process.communicate(), 30)

    assert bot.process.returncode == 1
    lines = [line for line in err.decode().splitlines() if line.startswith("verbatim: ")]
    assert len(lines) == 1
    assert "TELEGRAM_BOT_TOKEN" in lines[0]
    assert wrong not in err.decode()
    assert "Traceback" not in err.decode()
