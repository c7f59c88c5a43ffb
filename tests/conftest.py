"""Over all tests: a token in a log record, in captured output or in a file that a test leaves fails that test.

Tests that hand over a token by file on purpose name that file `.env` or `token`.
"""

import logging
import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# The suite tries the same examples every time: red for a change, not for luck. `make soak` tries others.
settings.register_profile("suite", derandomize=not os.environ.get("SOAK"))
settings.load_profile("suite")

TOKEN = re.compile(rb"(?<![0-9a-f])\d{6,}:[A-Za-z0-9_-]{30,}")  # as Telegram's look, and digests in a database do not
GIVEN = {".env", "token"}
LARGEST = 50_000_000  # bytes of a file that is looked into


class Ear(logging.Handler):
    """Hears every record of this process and keeps the loggers that said a token."""

    def __init__(self) -> None:
        super().__init__()
        self.loggers: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Read the record as a plain handler would write it, traceback included."""
        if holds_token(self.format(record).encode(errors="replace")):
            self.loggers.append(record.name)


EAR = Ear()


def holds_token(text: bytes) -> bool:
    """Whether something in there looks like a token."""
    return TOKEN.search(text) is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown":
        leaks = [*_heard(), *_captured(report), *_left(getattr(item, "funcargs", {}).get("tmp_path"))]
        if leaks:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: a token stands in " + ", ".join(leaks)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    root = logging.getLogger()
    if EAR not in root.handlers:
        root.addHandler(EAR)


def _heard() -> list[str]:
    heard, EAR.loggers = EAR.loggers, []
    return [f"a record of the logger « {name} »" for name in heard]


def _captured(report: pytest.TestReport) -> list[str]:
    return [title for title, content in report.sections if holds_token(content.encode(errors="replace"))]


def _left(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in GIVEN)
    return [
        f"the file {file.name}" for file in files if file.stat().st_size < LARGEST and holds_token(file.read_bytes())
    ]
