import io
import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.options import load_settings
from bot.logs import Redaction, set_up_logs
from bot.settings import SECRETS

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"
SAMPLE_WORD = "s3cretword"
ADDRESSES = ("DATABASE_URL", "FEED_PROXY")  # of an address only the password is secret
SAMPLES = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "DATABASE_URL": f"postgresql://owner:{SAMPLE_WORD}@db.example/verbatim",
    "FEED_PROXY": f"http://owner:{SAMPLE_WORD}@proxy.example:3128",
}


@pytest.fixture
def root():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield root
    root.handlers[:], level = before
    root.setLevel(level)


def logged(monkeypatch, form="text"):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs("INFO", form, secrets=["hunter2hunter2"])
    return stream


@pytest.mark.usefixtures("root")
def test_no_secret_reaches_the_log(monkeypatch):
    stream = logged(monkeypatch)
    log = logging.getLogger("bot.test")
    log.warning("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.warning("connect to postgresql://owner:s3cretword@db.example/verbatim")
    log.warning("the page's token is hunter2hunter2")
    try:
        int(TOKEN)
    except ValueError:
        log.exception("it failed")

    written = stream.getvalue()
    assert written.count("[secret]") == 4
    for secret in (TOKEN, "s3cretword", "hunter2hunter2"):
        assert secret not in written


@pytest.mark.usefixtures("root")
def test_libraries_that_print_addresses_are_quiet_at_info(monkeypatch):
    stream = logged(monkeypatch)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/…")
    logging.getLogger("apscheduler.executors.default").info("Running job")

    assert stream.getvalue() == ""


@pytest.mark.usefixtures("root")
def test_json_logs_are_one_object_a_line(monkeypatch):
    stream = logged(monkeypatch, "json")
    logging.getLogger("bot.test").warning("Le pont « rouvre »\nlundi")

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "Le pont « rouvre »\nlundi"
    assert json.loads(line)["level"] == "warning"


@pytest.mark.usefixtures("root")
def test_a_traceback_stays_in_its_line_of_json_and_keeps_no_secret(monkeypatch):
    stream = logged(monkeypatch, "json")
    try:
        raise ValueError(f"GET https://api.telegram.org/bot{TOKEN}/getMe by hunter2hunter2")  # noqa: TRY301 (what is logged)
    except ValueError:
        logging.getLogger("bot.test").exception("poll failed: %s", "« Le Courrier »")

    (line,) = stream.getvalue().splitlines()
    message = json.loads(line)["message"]
    assert message.startswith("poll failed: « Le Courrier »\nTraceback (most recent call last):\n")
    assert message.endswith("ValueError: GET https://api.telegram.org/[secret]/getMe by [secret]")
    assert json.loads(line)["time"][:2] == "20"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.usefixtures("root")
def test_no_secret_of_the_settings_reaches_the_log_however_it_was_given(monkeypatch, tmp_path, form):
    """Every secret there is, half of them from files, logged inside a message and inside a traceback."""
    given = {name: SAMPLES.get(name, f"secret-of-{name.lower()}") for name in SECRETS}
    assert set(SAMPLES) <= set(SECRETS)
    environment = {}
    for number, (name, value) in enumerate(given.items()):
        path = tmp_path / name
        path.write_text(f"{value}\n", encoding="utf-8")
        environment |= {f"{name}_FILE": str(path)} if number % 2 else {name: value}
    stream = io.StringIO()
    for name in [*SECRETS, *(f"{name}_FILE" for name in SECRETS)]:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("LOG_FORMAT", form)

    load_settings()
    for name in given:
        (tmp_path / name).unlink()  # no test leaves a token in a file
    for value in given.values():
        logging.getLogger("bot.test").warning("it is %s", value)
        try:
            raise ValueError(value)  # noqa: TRY301 (what is logged)
        except ValueError:
            logging.getLogger("bot.test").exception("it failed")

    written = stream.getvalue()
    words = [SAMPLE_WORD if name in ADDRESSES else value for name, value in given.items()]
    assert [word for word in words if word in written] == []
    assert written.count("[secret]") == 2 * len(given)


def test_words_that_are_no_secret_stay():
    assert Redaction(["", "hunter2hunter2"]).clean("8:30 https://a.example/x?y=1") == "8:30 https://a.example/x?y=1"


LEAKS = {
    "a record": "logging.getLogger('any').warning('asked %s', TOKEN)",
    "a traceback": "logging.getLogger('any').exception('it failed', exc_info=ValueError(TOKEN))",
    "captured output": "print(TOKEN)",
    "a file": "(tmp_path / 'left.db').write_text(TOKEN)",
}


@pytest.mark.parametrize("leak", LEAKS, ids=str)
def test_a_token_that_leaks_anywhere_fails_the_test_that_leaked_it(tmp_path, leak):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    head = "import logging\nTOKEN = '123456789:' + 'A' * 35\ndef test_other(): pass\n"
    test = f"{head}def test_it(tmp_path):\n    {LEAKS[leak]}\n"
    (tmp_path / "test_leak.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "test_leak.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert "test_leak.py::test_it: a token stands in" in ran.stdout
    assert "1 error" in ran.stdout or "1 failed" in ran.stdout
