"""`verbatim run` as a person starts it: the first digest, the page, the end, and what goes wrong."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{outlet}</title>
<item><guid>{outlet}-1</guid><title>L’Otan enverra des renforts à ses frontières</title><link>{base}/otan</link>
<pubDate>Sun, 02 Feb 2025 07:00:00 +0100</pubDate>
<description>Le secrétaire général de l’Otan, Olaf Brandt, a déclaré dimanche que l’Alliance enverrait des renforts en
Pologne.</description></item></channel></rss>"""


class Program:
    """A running `verbatim run`, with its output as it comes."""

    def __init__(self, folder, *arguments, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=kept | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1", "WEB_PORT": "0"} | environment,
        )

    def until(self, stream, pattern):
        """Everything that a stream says up to the line that matches; the whole of it if none does."""
        said = []
        for line in getattr(self.process, stream):
            said.append(line)
            if re.search(pattern, line):
                break
        return "".join(said)

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(*arguments, **environment):
        program = Program(tmp_path, *arguments, **environment)
        started.append(program)
        return program

    yield begin
    for program in started:
        if program.process.poll() is None:
            program.process.kill()
            program.process.communicate()


@pytest.fixture
def newspaper(tmp_path):
    """An outlet on loopback with one feed, in a configuration folder of its own."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self):
            base = f"http://127.0.0.1:{self.server.server_port}"
            body = RSS.format(outlet="Le Courrier", base=base).encode()
            self.send_response(200 if self.path == "/rss" else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(body if self.path == "/rss" else b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    own = tmp_path / "own"
    own.mkdir()
    url = f"http://127.0.0.1:{server.server_port}/rss"
    (own / "feeds.toml").write_text(f'[[feed]]\noutlet = "Le Courrier"\nurl = "{url}"\n', encoding="utf-8")
    yield own
    server.shutdown()
    server.server_close()


def test_the_sample_newsroom_gives_a_digest_at_once_and_goes_on(start, tmp_path):
    program = start("--sample")
    digest = program.until("stdout", r"^3\. ")
    said = program.until("stderr", "Ctrl-C stops")

    assert digest.lstrip().startswith("ÉCHANTILLON\u00a0: articles inventés\n🗞 OTAN · Ukraine — ")
    assert re.search(r"   • .+ — .+ \(http://127\.0\.0\.1:\d+/", digest)
    assert "Next digest: " in said
    code, _, err = program.stop()
    assert code == 0
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "verbatim.db").exists()  # the sample's database is its own, and stays
    assert (tmp_path / "data" / "sample.db").exists()


def test_the_sample_started_again_shows_its_digest_under_the_same_link(start):
    said = []
    for _ in range(2):
        program = start("--sample")
        digest = program.until("stdout", r"^3\. ").split("événements")[1]
        token = re.search(r"token=(\S+)", program.until("stderr", r"as a page: "))[1]
        said.append((digest, token))
        assert program.stop()[0] == 0

    assert said[0] == said[1]


def test_the_pages_of_the_running_program_ask_for_the_token(start):
    program = start("--sample")
    link = re.search(r"http://\S+", program.until("stderr", r"as a page: "))[0]
    base = link.split("/?", maxsplit=1)[0]
    with urllib.request.urlopen(f"{base}/health") as answer:  # noqa: S310 (our own page)
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{base}/chat")  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    chat = opener.open(link)
    page = opener.open(f"{base}/digest").read().decode()

    assert chat.url == f"{base}/chat"
    assert "ÉCHANTILLON" in chat.read().decode()
    assert "ÉCHANTILLON" in page
    assert page.count("<article") > 2
    assert program.stop()[0] == 0


def test_the_chat_is_on_the_page_only_where_it_is_wanted(start):
    program = start("--sample", WEB_CHAT="false")
    link = re.search(r"http://\S+", program.until("stderr", r"as a page: "))[0]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    assert opener.open(link).url.endswith("/digest")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        opener.open(f"{link.split('/?', maxsplit=1)[0]}/chat")
    assert program.stop()[0] == 0


def test_feeds_of_ones_own_make_a_digest_however_old_they_are(start, newspaper):
    program = start(CONFIG_DIR=str(newspaper))
    digest = program.until("stdout", "Le Courrier")

    assert "ÉCHANTILLON" not in digest
    assert "articles depuis le" in digest
    assert "Olaf Brandt (secrétaire général de l’Otan) a déclaré que l’Alliance enverrait des renforts" in digest
    code, _, err = program.stop(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in err


def test_a_second_worker_on_the_same_database_is_refused_in_one_line(start, newspaper):
    first = start(CONFIG_DIR=str(newspaper))
    first.until("stderr", "Ctrl-C stops")
    second = start(CONFIG_DIR=str(newspaper))
    _, err = second.process.communicate(timeout=30)

    assert second.process.returncode == 1
    assert len([line for line in err.splitlines() if line.startswith("verbatim: ")]) == 1
    assert "Traceback" not in err
    assert first.stop()[0] == 0


def test_where_no_feed_answers_the_sample_stands_in_and_says_so(start, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "feeds.toml").write_text('[[feed]]\noutlet = "X"\nurl = "http://127.0.0.1:9/rss"\n', encoding="utf-8")
    program = start(CONFIG_DIR=str(own))

    assert "ÉCHANTILLON" in program.until("stdout", "ÉCHANTILLON")
    assert "sample newsroom" in program.until("stderr", "sample newsroom")
    assert program.stop()[0] == 0


def test_a_taken_port_is_a_warning_and_the_bot_goes_on(start):
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    program = start("--sample", WEB_PORT=str(server.server_port))
    said = program.until("stderr", "Ctrl-C stops")
    server.server_close()

    assert "set WEB_PORT to a free port" in said
    assert program.stop()[0] == 0


def test_a_database_that_cannot_be_written_is_one_line(start, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    program = start("--sample", DATA_DIR=str(tmp_path / "data"))
    program.stop()
    program = start(DATABASE_URL=f"sqlite:///{tmp_path}/data/verbatim.db")
    _, err = program.process.communicate(timeout=30)

    assert program.process.returncode == 1
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("verbatim: ")
