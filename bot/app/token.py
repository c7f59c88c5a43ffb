"""The token of the pages: the configured one, else one that is made at the first start and kept for the next."""

import logging
import os
import secrets
from pathlib import Path

from bot.settings import Settings

log = logging.getLogger(__name__)

FILE = "web-token"  # in DATA_DIR; nobody but its owner reads it
_LONG_ENOUGH = 16


def web_token(settings: Settings) -> str:
    """The token that opens the pages. Where it cannot be kept, which is said, it is good for this run."""
    if settings.web_token:
        return settings.web_token.get_secret_value()
    path = settings.data_dir / FILE
    known = _read(path)
    if known:
        return known
    fresh = secrets.token_urlsafe(_LONG_ENOUGH)
    try:
        return _kept(path, fresh)
    except OSError as error:
        log.warning("%s cannot be kept (%s): the link is another one at the next start", path, error.strerror)
        return fresh


def _read(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return token if len(token) >= _LONG_ENOUGH and token.isascii() and token.isprintable() else ""


def _kept(path: Path, token: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{FILE}.new-{os.getpid()}")
    # Written beside and moved: it is whole or not there, and never readable for others.
    beside.touch(0o600)
    beside.write_text(f"{token}\n", encoding="utf-8")
    beside.replace(path)
    return token
