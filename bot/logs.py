"""What is written to stderr, and what never is: secrets. One of the outer rooms, because app alone may set it up."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Literal

# Libraries that print addresses with tokens in them at INFO (httpx does, for every Telegram call).
_TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "alembic",
    "trafilatura",
    "htmldate",
    "uvicorn",
    "asyncio",
)
_TOKEN = re.compile(r"\b(?:bot)?\d{6,}:[A-Za-z0-9_-]{30,}\b")
_PASSWORD = re.compile(r"(?<=://)([^/@\s:]+):([^@\s]+)@")


class Redaction(logging.Filter):
    """Takes the known secrets and everything that looks like one out of every record."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it always passes."""
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
            record.exc_info = record.exc_text = None
        record.msg, record.args = self.clean(text), ()
        return True

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _PASSWORD.sub(r"\1:[secret]@", _TOKEN.sub("[secret]", text))


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message."""
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(entry, ensure_ascii=False)


def set_up_logs(level: str, form: Literal["text", "json"], secrets: Iterable[str] = ()) -> None:
    """Send all logs to stderr in one form, redacted."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonLines() if form == "json" else text)
    handler.addFilter(Redaction(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # At WARNING it tells that a beat is still at work when the next one would come, which is as it should be.
    logging.getLogger("apscheduler").setLevel(max(logging.ERROR, root.level))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
