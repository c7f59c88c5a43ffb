"""How each kind of setting is read from its text: the value, or a ConfigError that names the variable.

These are pydantic validators. They raise ConfigError, which pydantic passes on untouched: its own errors would show
the value, and the value may be a secret. What is no text is given by our own code and is taken as it is.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from math import isfinite
from pathlib import Path

from pydantic import ValidationInfo

from bot.domain.errors import ConfigError
from bot.domain.spelling import nearest
from bot.domain.zones import is_zone, near_zones

Validator = Callable[[object, ValidationInfo], object]

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
TOO_LONG = timedelta(days=36_500)
FASTEST = 1000  # messages a second; no platform gives more
LONGEST = 60  # characters of a value that a message quotes
YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})
PORTS = range(1, 65_536)


def variable(info: ValidationInfo) -> str:
    """The environment variable that a field is read from."""
    return (info.field_name or "").upper()


def shown(value: str) -> str:
    """A value as quoted in a message: one line, not too long."""
    line = "".join(sign if sign.isprintable() else "?" for sign in value)
    return f"“{line}”" if len(line) <= LONGEST else f"“{line[: LONGEST - 1]}…”"


def duration(shortest: str) -> Validator:
    """Validator: a number and its unit, `shortest` at least."""
    least = _duration(shortest)

    def read(value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        found = _duration(value)
        if found is None:
            number = re.fullmatch(r"\s*(\d{1,9})\s*", value)
            example = f"{number[1]}m, {number[1]}h or {number[1]}d" if number else "30m, 24h or 7d"
            raise ConfigError(variable(info), f"{shown(value)} is not a duration", f"write for example {example}")
        if least is not None and not least <= found <= TOO_LONG:
            raise ConfigError(
                variable(info), f"{shown(value)} is out of bounds", f"write {shortest} at least, 36500d at most"
            )
        return found

    return read


def whole(allowed: range) -> Validator:
    """Validator: a whole number within bounds."""

    def read(value: object, info: ValidationInfo) -> object:
        return _number(value, allowed, info) if isinstance(value, str) else value

    return read


def ports(value: object, info: ValidationInfo) -> object:
    """Port numbers between commas."""
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(_number(part.strip(), PORTS, info) for part in value.split(",")))


def rate(value: object, info: ValidationInfo) -> object:
    """Messages a second."""
    if not isinstance(value, str):
        return value
    try:
        found = float(value)
    except ValueError:
        found = 0.0
    if not (isfinite(found) and 0 < found <= FASTEST):
        raise ConfigError(variable(info), f"{shown(value)} is not a rate", "write messages per second, for example 25")
    return found


def choice(*words: str) -> Validator:
    """Validator: one of these words, in any case."""
    known = {word.lower(): word for word in words}

    def read(value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str) or value in words:
            return value
        if value.lower() not in known:
            near = nearest(value.lower(), known)
            advice = f"did you mean {known[near]}?" if near else f"write {' or '.join(words)}"
            raise ConfigError(variable(info), f"{shown(value)} is unknown", advice)
        return known[value.lower()]

    return read


def switch(value: object, info: ValidationInfo) -> object:
    """On or off."""
    if not isinstance(value, str):
        return value
    if value.lower() not in YES | NO:
        raise ConfigError(variable(info), f"{shown(value)} is neither true nor false", "write true or false")
    return value.lower() in YES


def zone(value: object, info: ValidationInfo) -> object:
    """A time zone of the IANA database."""
    if isinstance(value, str) and not is_zone(value):
        near = near_zones(value)
        advice = f"did you mean {' or '.join(near)}?" if near else "write an IANA name, for example Europe/Paris"
        raise ConfigError(variable(info), f"{shown(value)} is not a time zone", advice)
    return value


def owners(value: object, info: ValidationInfo) -> object:
    """People as `platform:id`, between commas."""
    if not isinstance(value, str):
        return value
    people = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    for person in people:
        if not re.fullmatch(r"(telegram|discord):[0-9]+", person):
            problem = f"{shown(person)} is not a platform and a numeric id"
            raise ConfigError(variable(info), problem, "write for example telegram:123,discord:456")
    return people


def folder(value: object, info: ValidationInfo) -> object:
    """A folder that is there, or can still be made."""
    if not isinstance(value, str):
        return value
    try:
        path = Path(value).expanduser()
        taken = path.exists() and not path.is_dir()
    except RuntimeError:  # "~somebody" who does not exist
        raise ConfigError(variable(info), f"{shown(value)}: no such home folder", "write the whole path") from None
    except OSError as exc:
        raise ConfigError(variable(info), f"{shown(value)}: {exc.strerror}", "name another folder") from None
    if taken:
        raise ConfigError(variable(info), f"{shown(value)} is not a folder", "name a folder")
    return path


def existing_folder(value: object, info: ValidationInfo) -> object:
    """A folder that is there."""
    path = folder(value, info)
    if isinstance(value, str) and isinstance(path, Path) and not path.is_dir():
        raise ConfigError(
            variable(info), f"{shown(value)}: there is no such folder", "create it or leave the name empty"
        )
    return path


def secret(pattern: str, right: str) -> Validator:
    """Validator: a secret of this form; `right` says where a right one comes from."""

    def read(value: object, info: ValidationInfo) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ConfigError(variable(info), "this cannot be one", right)
        return value

    return read


def _duration(text: str) -> timedelta | None:
    found = re.fullmatch(r"([0-9]{1,9})([mhd])", text.strip().lower())
    try:
        return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None
    except OverflowError:
        return timedelta.max


def _number(text: str, allowed: range, info: ValidationInfo) -> int:
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
    if number not in allowed:
        bounds = f"write a whole number from {allowed[0]} to {allowed[-1]}"
        raise ConfigError(variable(info), f"{shown(text)} is not possible", bounds)
    return number
