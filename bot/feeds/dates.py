"""Dates as French feeds write them: RFC 822 and ISO 8601, French months, clock hours with « h », epochs, zone names.

The ladder: numbers alone (an epoch), ISO, day/month/year in figures, then words: the month's name says which number is
what. A date without a zone is in the feed's own; CET and CEST are what they say (feedparser takes them for UTC). What
cannot be read, or lies before 1995 when there were no feeds, is None. The present plays no part here.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_YEAR, LAST_YEAR = 1995, 2200
LONGEST = 80  # a sentence is no date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil juill jul july",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours east of Greenwich. AST, BST… are what they mean around the Atlantic; HNE and its like are Québec's.
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "tu": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1,
    "mest": 2, "mez": 1, "mesz": 2, "hec": 1, "heec": 2, "eet": 2, "eest": 3, "msk": 3, "ast": -4, "adt": -3, "hna": -4,
    "haa": -3, "est": -5, "edt": -4, "hne": -5, "hae": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7,
}  # fmt: skip

RFC822_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RFC822 = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d{{1,2}}) ({'|'.join(RFC822_MONTHS)}) (\d{{4}}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) "
    r"(?:GMT|UTC|([+-])(\d{2}):?(\d{2}))",
    re.ASCII,
)
EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{15,16})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(\d{4})(\d{2})(\d{2})(?=t|$)|(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
FIGURES = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
TIME = re.compile(
    r"(?:(?<=t)|(?<![\d+-]))(\d{1,2})\s?[:h]\s?(\d{2})(?!\d)(?:[:.m]\s?(\d{2})(?:[.,]\d+)?)?s?\s*([ap]\.?m\b)?"
    r"|(?<=t)(\d{2})(\d{2})(\d{2})|(?<!\d)(\d{1,2})\s?h(?:eures?)?\b"
)
OFFSET = re.compile(r"(?:gmt|utc|(?<![a-z]))\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
NAMED_ZONE = re.compile(r"\b([a-z]+/[a-z_]+)\b")
WORD = re.compile(r"[a-z]+")
NUMBER = re.compile(r"\d+")


def read_date(text: str, zone: str) -> datetime | None:
    """The moment that is meant, in UTC; None where it cannot be told. `zone` holds for dates without one."""
    if found := RFC822.fullmatch(text):
        return _rfc822(found)
    plain = _folded(text)
    if not plain or len(plain) > LONGEST:
        return None
    try:
        moment = _epoch(plain) or _calendar(plain, zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _rfc822(found: re.Match[str]) -> datetime | None:
    """As most feeds write it, without the ladder."""
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        zone = timezone(timedelta(hours=int(sign + hours), minutes=int(sign + minutes))) if sign else UTC
        when = (int(year), MONTHS[month.lower()], int(day), int(hour), int(minute), int(second))
        moment = datetime(*when, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _folded(text: str) -> str:
    plain = text.strip().lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"\([^)]*\)", " ", plain.replace("−", "-")).split())


def _epoch(plain: str) -> datetime | None:
    found = EPOCH.fullmatch(plain)
    if not found:
        return None
    seconds, milliseconds, microseconds = found.groups()
    number = int(seconds) if seconds else int(milliseconds) / 1e3 if milliseconds else int(microseconds) / 1e6
    return datetime.fromtimestamp(number, UTC)


def _calendar(plain: str, zone: str) -> datetime | None:
    """A date written with a calendar day."""
    if found := ISO.search(plain):
        year, month, day = (int(part) for part in found.groups() if part)
    elif found := FIGURES.search(plain):
        first, _, second, year = (int(part) if part.isdigit() else 0 for part in found.groups())
        day, month = (first, second) if second <= 12 else (second, first)  # noqa: PLR2004 - months in a year
    elif words := _in_words(plain):
        year, month, day = words
    else:
        return None
    rest = plain[: found.start()] + " " + plain[found.end() :] if found else plain
    return _at_time(datetime(year, month, day), rest, zone)  # noqa: DTZ001 - its zone is found next


def _in_words(plain: str) -> tuple[int, int, int] | None:
    """Year, month and day where the month has a name: the day stands nearest to it, the year is the other number."""
    months = [MONTHS[word] for word in WORD.findall(plain) if word in MONTHS]
    if not months:
        return None
    rest = OFFSET.sub(lambda found: " " * len(found[0]), TIME.sub(lambda found: " " * len(found[0]), plain))
    numbers = [found[0] for found in NUMBER.finditer(rest)]
    years = [number for number in numbers if len(number) == 4]  # noqa: PLR2004 - digits of a year
    days = [number for number in numbers if len(number) <= 2]  # noqa: PLR2004 - digits of a day
    if not years and len(days) == 2:  # noqa: PLR2004 - « 22 nov 26 »: the day and a short year
        years = [str(2000 + int(days.pop()))]
    if len(years) != 1 or len(days) != 1:
        return None
    return int(years[0]), months[-1], int(days[0])  # the last: « mar. 7 avril » is a Tuesday


def _at_time(day: datetime, rest: str, zone: str) -> datetime:
    hours, minutes, seconds = _clock(rest)
    moment = day + timedelta(hours=hours, minutes=minutes, seconds=min(seconds, 59))  # 24:00 is the next day's 0:00
    return moment.replace(tzinfo=_zone(rest, zone)).astimezone(UTC)


def _clock(rest: str) -> tuple[int, int, int]:
    found = TIME.search(rest)
    if not found:
        return 0, 0, 0
    hour, minute, second, half, *compact, bare = found.groups()
    if compact[0]:
        hour, minute, second = compact
    hours = int(hour or bare)
    if half and hours <= 12:  # noqa: PLR2004 - hours of a half day
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    if hours > 24 or int(minute or 0) > 59 or int(second or 0) > 60:  # noqa: PLR2004 - a leap second counts to 60
        raise ValueError(rest)
    return hours, int(minute or 0), int(second or 0)


def _zone(rest: str, default: str) -> tzinfo:
    """The zone that is written, else the feed's."""
    after = rest[found.end() :] if (found := TIME.search(rest)) else ""
    if offset := OFFSET.search(after):
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)))
    words = WORD.findall(after)
    if named := NAMED_ZONE.search(after):
        return _zone_info("/".join(part.title() for part in named[1].split("/")))
    hours = next((ZONES[word] for word in words if word in ZONES), None)
    return _zone_info(default) if hours is None else timezone(timedelta(hours=hours))


def _zone_info(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
