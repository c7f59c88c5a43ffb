"""What a server's headers ask of its next visitor, as time to wait."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_CACHE = timedelta(hours=24)
LONGEST_RETRY = timedelta(days=7)
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def wished_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The longest of the server's wishes; None where it has none."""
    wishes = [wish for wish in (retry_after(headers, now), _freshness(headers, now)) if wish is not None]
    return max(wishes, default=None)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date, seven days at most."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,10}", text):
        wait = timedelta(seconds=int(text))
    elif (moment := _http_date(text)) is not None:
        wait = moment - _server_time(headers, now)
    else:
        return None
    return min(max(wait, timedelta()), LONGEST_RETRY)


def _freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer may be kept: `max-age` less the time it already spent in caches, else `Expires`."""
    control = headers.get("cache-control", "")
    if re.search(r"\bno-(?:cache|store)\b", control, re.IGNORECASE):
        return None
    if found := MAX_AGE.search(control):
        age = re.fullmatch(r"\s*(\d{1,10})\s*", headers.get("age", ""))
        wait = timedelta(seconds=int(found[1]) - (int(age[1]) if age else 0))
    elif (moment := _http_date(headers.get("expires", ""))) is not None:
        wait = moment - _server_time(headers, now)
    else:
        return None
    return min(wait, LONGEST_CACHE) if wait > timedelta() else None


def _server_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Its own clock where it tells it: the difference of two of its dates is right even when both are wrong."""
    return _http_date(headers.get("date", "")) or now


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
