"""What commands share: settings and knowledge, durations as typed, a progress bar, reading files."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.app import Knowledge
    from bot.settings import Settings

T = TypeVar("T")
Commands = argparse._SubParsersAction  # noqa: SLF001 (argparse gives it no public name)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "j": "days"}


def command(
    commands: "Commands[argparse.ArgumentParser]", name: str, what: str, *examples: str
) -> argparse.ArgumentParser:
    """A new command, with examples under its --help."""
    lines = "\n".join(f"  verbatim {example}" for example in examples)
    return commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=f"examples:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def say(line: str) -> None:
    """One line for the person at the terminal, not for a pipe."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def load_settings() -> "Settings":
    """The settings of this environment; logs are set up by them."""
    from bot import settings as room
    from bot.logs import set_up_logs

    settings = room.load_settings(os.environ, Path(".env"))
    given = (getattr(settings, name.lower()) for name in room.SECRETS)
    secrets = [secret.get_secret_value() for secret in given if secret is not None]
    set_up_logs(settings.log_level, settings.log_format, [s for s in secrets if "://" not in s])
    return settings


def load_all() -> "tuple[Settings, Knowledge]":
    """Settings and knowledge; warnings of the configuration are said."""
    from bot.app import learn

    settings = load_settings()
    knowledge = learn(settings)
    for warning in knowledge.catalog.warnings:
        say(f"warning: {warning}")
    return settings, knowledge


def period(text: str) -> timedelta:
    """A length of time as typed: 90m, 24h, 7d or 7j."""
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or int(number) == 0 or unit not in _UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no period: write 90m, 24h or 7d")
    try:
        return timedelta(**{_UNITS[unit]: int(number)})
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than time itself: write 90m, 24h or 7d") from None


def progress(items: Iterable[T], *, total: int, what: str) -> Iterable[T]:
    """The items, with a bar on stderr where that is a terminal and the work is long."""
    from tqdm import tqdm

    return tqdm(items, total=total, desc=what, unit="", leave=False, disable=not sys.stderr.isatty() or total < 4)  # noqa: PLR2004


def read_bytes(name: str) -> bytes | str:
    """The content of a file, or of standard input for `-`; a str says why it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        return f"{name}: {error.strerror or error}"
