import io
import json
import logging
import sys

import pytest

from bot.logs import Redaction, set_up_logs

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


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


def test_words_that_are_no_secret_stay():
    assert Redaction(["", "hunter2hunter2"]).clean("8:30 https://a.example/x?y=1") == "8:30 https://a.example/x?y=1"
