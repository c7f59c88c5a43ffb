"""The whole program as a process, and newspapers on loopback for it to read: what the tests of this folder share."""

import asyncio
import os
import re
import signal
import sys
import threading
from collections import Counter
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"
RUN = ("-m", "bot", "run")


class Program:
    """A running process of ours, and what it has said so far on both streams."""

    def __init__(self, process):
        self.process, self.lines = process, []
        self._more = asyncio.Event()
        self._pumps = [asyncio.create_task(self._pump(stream)) for stream in (process.stdout, process.stderr)]

    @property
    def said(self):
        """Everything."""
        return "".join(self.lines)

    async def until(self, pattern, seconds=30):
        """The line that matches, as soon as it has been said."""
        async with asyncio.timeout(seconds):
            while True:
                found = next((line for line in self.lines if re.search(pattern, line)), None)
                if found is not None:
                    return found
                assert not all(pump.done() for pump in self._pumps), self.said
                self._more.clear()
                await self._more.wait()

    async def ended(self, seconds=30):
        """The exit code, once it has ended."""
        async with asyncio.timeout(seconds):
            await asyncio.gather(*self._pumps)
            return await self.process.wait()

    async def stop(self, number=signal.SIGTERM):
        """The exit code after a signal."""
        self.process.send_signal(number)
        return await self.ended()

    async def _pump(self, stream):
        async for line in stream:
            self.lines.append(line.decode())
            self._more.set()
        self._more.set()


@asynccontextmanager
async def running(double, folder, *command, **environment):
    """`verbatim run` (or another command of Python) with the double as its Telegram, in a folder of its own."""
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PTB_TIMEDELTA": "true",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": double.address if double else "http://127.0.0.1:9",
        "WEB_PORT": "0",
        **environment,
    }
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *(command or RUN), cwd=folder, env=settings, stdout=pipe, stderr=pipe, limit=1 << 20
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        await program.ended()
        # Captured like everything that a test prints: seen where it fails, and searched for tokens (conftest.py).
        sys.stdout.write(program.said)


class Press:
    """Newspapers on loopback, one feed each, that publish when a test says so and remember who asked."""

    def __init__(self, host="127.0.0.1"):
        self.asked = Counter()  # path → requests
        self.served = {}  # path → the last answer's ETag
        self.documents = {}  # path → (ETag, bytes)
        self.slow = {}  # path → seconds until its answer
        self._closing = threading.Event()
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                press._answer(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 100

        self._server = Server((host, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self):
        """Where all of it is."""
        return "http://{}:{}".format(*self._server.server_address)

    def put(self, path, body, content_type="application/rss+xml"):
        """A document from now on."""
        body = body.encode() if isinstance(body, str) else body
        self.documents[path] = (f'"{hash(body) & 0xFFFFFFFF:x}"', body, content_type)

    def feed(self, path, outlet, items):
        """A feed of these items: (id, title, summary, RFC 822 date or "")."""
        entries = "".join(
            f"<item><guid>{escape(str(id_))}</guid><title>{escape(title)}</title>"
            f"<link>{self.address}/articles{path}/{escape(str(id_))}</link>"
            f"<description>{escape(summary)}</description>" + (f"<pubDate>{date}</pubDate>" if date else "") + "</item>"
            for id_, title, summary, date in items
        )
        head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(outlet)}</title>'
        self.put(path, f"{head}{entries}</channel></rss>")

    def configure(self, folder, outlets, **fields):
        """A configuration folder with the feeds of these outlets (name → path)."""
        folder.mkdir(parents=True, exist_ok=True)
        more = "".join(f"{name} = {value}\n" for name, value in fields.items())
        blocks = [
            f'[[feed]]\noutlet = "{outlet}"\nurl = "{self.address}{path}"\n{more}' for outlet, path in outlets.items()
        ]
        (folder / "feeds.toml").write_text("\n".join(blocks), encoding="utf-8")
        return folder

    def close(self):
        """Serve no more."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request):
        path = request.path
        self.asked[path] += 1
        if path in self.slow:
            self._closing.wait(self.slow[path])
        known = self.documents.get(path)
        status = 404 if known is None else 304 if request.headers.get("If-None-Match") == known[0] else 200
        request.send_response(status)
        body = known[1] if status == 200 else b""
        if known:
            request.send_header("ETag", known[0])
            request.send_header("Content-Type", known[2])
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        if known:
            self.served[path] = known[0]


async def poll_once(folder, own):
    """Let the feeds be read before anybody asks."""
    async with running(None, folder, "-m", "bot", "poll", "--once", CONFIG_DIR=str(own)) as poll:
        assert await poll.ended() == 0, poll.said
        return poll.said


def button(messages, words):
    """The latest of these messages that holds a button of these words, and the button's label as it stands there."""
    for message in reversed(messages):
        for label in message.button_texts:
            if words in label.replace("\u00a0", " ") and not message.deleted:
                return message, label
    return None


def message_saying(double, chat, words):
    """The first message of the bot there that holds these words."""
    return next((message for message in double.messages(chat) if words in message.text), None)
