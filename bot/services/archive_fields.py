"""The fields of an archive, one by one: how each is written, and what is wrong with one that cannot be read."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

from bot.domain.errors import RuleError
from bot.domain.model import Density, Feed, Mode, Subscription
from bot.domain.rulelang import check_limits, parse_rule
from bot.domain.rules import Any as AnyOf
from bot.domain.timewords import MOST_TIMES
from bot.domain.zones import is_zone
from bot.services.archive_values import OWN, Wrong, choice, cut, exactly, listed, switch, text

LONGEST_NAME = 40
_LONGEST_OUTLET = 80
_LONGEST_ADDRESS = 500
_NO_ADDRESS = frozenset(' \t\r\n<>"')
_MOST_OUTLETS = 500
_MOST_PEOPLE = 50
_MINUTES = 60
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Followed:
    """A topic of a subscription."""

    topic: str
    mode: Mode
    followed: bool
    here: bool


# --- topics ----------------------------------------------------------------------------------------------------------


def name(value: Any, where: str, longest: int = LONGEST_NAME) -> str:
    """The name of a topic, or of an outlet."""
    given = " ".join(text(value, where).split())
    if not given or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in given):
        raise Wrong(where, "name")
    if len(given) > longest:
        raise Wrong(where, "long", n=longest)
    return given


def rule(value: Any, where: str) -> str:
    """A rule that can be read."""
    if not isinstance(value, str):
        raise Wrong(where, "text")
    try:
        check_limits(value, AnyOf(()))
        check_limits(value, parse_rule(value))
    except RuleError as error:
        raise Wrong(where, "rule", problem=error) from None
    return value


def followed(value: Any, where: str, own: frozenset[str]) -> Followed:
    """A topic that is followed, shipped or one's own, and how."""
    given = exactly(value, where, ("mode",), ("topic", "own", "followed", "here"))
    if ("topic" in given) == ("own" in given):
        raise Wrong(where, "topic")
    if "own" in given and text(given["own"], f"{where}.own") not in own:
        raise Wrong(f"{where}.own", "own", given=cut(given["own"]))
    topic = OWN + given["own"] if "own" in given else text(given["topic"], f"{where}.topic")
    modes: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}
    return Followed(
        topic,
        modes[choice(given["mode"], f"{where}.mode", tuple(modes))],
        switch(given.get("followed", True), f"{where}.followed"),
        switch(given.get("here", False), f"{where}.here"),
    )


def feed(value: Any, where: str) -> Feed:
    """A feed that the chat added: a stranger's, whatever the file says; each fetch checks whether it may be read."""
    given = exactly(value, where, ("outlet", "url"))
    address = text(given["url"], f"{where}.url", _LONGEST_ADDRESS)
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not set(address) & _NO_ADDRESS
    except ValueError:
        good = False
    if not good:
        raise Wrong(f"{where}.url", "address", given=cut(address))
    return Feed(name(given["outlet"], f"{where}.outlet", _LONGEST_OUTLET), address, trusted=False)


# --- what a subscription says beside its topics ----------------------------------------------------------------------


def _clock(value: Any, where: str) -> int:
    hours, colon, minutes = text(value, where).partition(":")
    good = hours.isascii() and minutes.isascii() and hours.isdigit() and minutes.isdigit() and len(minutes) == len("00")
    if not colon or not good or int(hours[:3]) > 23 or int(minutes) >= _MINUTES:  # noqa: PLR2004 (hours of a day)
        raise Wrong(where, "time", given=cut(value))
    return int(hours) * _MINUTES + int(minutes)


def _clock_told(minutes: int) -> str:
    return f"{minutes // _MINUTES:02d}:{minutes % _MINUTES:02d}"


def _times(value: Any, where: str) -> tuple[int, ...]:
    return tuple(sorted(set(listed(value, where, _clock, MOST_TIMES))))


def _days(value: Any, where: str) -> tuple[int, ...]:
    return tuple(sorted(set(listed(value, where, lambda one, at: _DAYS.index(choice(one, at, _DAYS)), len(_DAYS)))))


def _quiet(value: Any, where: str) -> tuple[int, ...]:
    hours = listed(value, where, _clock, 2)
    if len(hours) == 1:
        raise Wrong(where, "quiet")
    return hours


def _zone(value: Any, where: str) -> str:
    if not is_zone(text(value, where)):
        raise Wrong(where, "zone", given=cut(value))
    return str(value)


def _moment(value: Any, where: str) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(text(value, where))
    except ValueError:
        raise Wrong(where, "moment", given=cut(value)) from None
    if moment.tzinfo is None:
        raise Wrong(where, "moment", given=cut(value))
    return moment


def _moment_told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _outlets(value: Any, where: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(listed(value, where, text, _MOST_OUTLETS)))


def _people_told(people: Sequence[tuple[str, int]]) -> list[dict[str, str | None]]:
    return [{"name": person, "until": _moment_told(datetime.fromtimestamp(end, UTC))} for person, end in people]


def _people(value: Any, where: str) -> tuple[tuple[str, int], ...]:
    return listed(value, where, _person, _MOST_PEOPLE)


def _person(value: Any, where: str) -> tuple[str, int]:
    given = exactly(value, where, ("name", "until"))
    until = _moment(given["until"], f"{where}.until")
    if until is None:
        raise Wrong(f"{where}.until", "text")
    return name(given["name"], f"{where}.name", _LONGEST_OUTLET), int(until.timestamp())


def _density(value: Any, where: str) -> str:
    return choice(value, where, get_args(Density))


def _language(value: Any, where: str) -> str:
    return choice(value, where, _LANGUAGES)


@dataclass(frozen=True, slots=True)
class _Field:
    """How a field of a subscription is called in the file, written and read."""

    of: str
    told: Callable[[Any], Any]
    read: Callable[[Any, str], Any]


def _clocks_told(times: Sequence[int]) -> list[str]:
    return [_clock_told(minutes) for minutes in times]


def _days_told(days: Sequence[int]) -> list[str]:
    return [_DAYS[day] for day in days]


_FIELDS: Mapping[str, _Field] = {
    "digests": _Field("subscribed", bool, switch),
    "times": _Field("times", _clocks_told, _times),
    "days": _Field("weekdays", _days_told, _days),
    "timezone": _Field("timezone", str, _zone),
    "quiet": _Field("quiet", _clocks_told, _quiet),
    "paused": _Field("paused", bool, switch),
    "paused_until": _Field("paused_until", _moment_told, _moment),
    "language": _Field("language", str, _language),
    "density": _Field("density", str, _density),
    "previews": _Field("previews", bool, switch),
    "tell_empty": _Field("tell_empty", bool, switch),
    "sound": _Field("sound", bool, switch),
    "outlets_off": _Field("without_outlets", list, _outlets),
    "people_off": _Field("without_people", _people_told, _people),
}
NAMES = tuple(_FIELDS)
TOPICS = frozenset({"topics", "muted", "alerts", "taken"})
CARRIED = TOPICS | {field.of for field in _FIELDS.values()}
# Of one place and moment, or articles of one bot.
LEFT = frozenset({"chat", "id", "hidden", "next_due_at", "last_digest_at", "suspended_at", "held"})


def told(subscription: Subscription) -> dict[str, Any]:
    """What stands in the file about a subscription, its topics apart."""
    return {label: field.told(getattr(subscription, field.of)) for label, field in _FIELDS.items()}


def read(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The same, as the fields of a Subscription."""
    return {field.of: field.read(given[label], f"{where}.{label}") for label, field in _FIELDS.items()}
