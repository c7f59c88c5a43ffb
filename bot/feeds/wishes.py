"""What a feed document asks of its readers: RSS `ttl`, `skipHours` and `skipDays` (all in UTC), as written.

feedparser keeps only the last hour and day of a list, so those are read from the document itself, before its items.
"""

import re
from datetime import timedelta

LISTS = {
    name: re.compile(rf"<{name}>(.{{0,2000}}?)</{name}>".encode(), re.IGNORECASE | re.DOTALL)
    for name in ("skipHours", "skipDays")
}
HOUR = re.compile(rb"<hour>\s*0?(\d{1,2})\s*</hour>", re.IGNORECASE)
DAY = re.compile(rb"<day>\s*([a-z]{3,9})\s*</day>", re.IGNORECASE)
DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
FIRST_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
LOOKED_AT = 100_000
A_DAY = 24


def ttl_of(text: str) -> timedelta | None:
    """The wait that `<ttl>` asks for; None where it is no number of minutes."""
    text = text.strip()
    return timedelta(minutes=int(text)) if text.isascii() and text.isdigit() and int(text[:7]) > 0 else None


def skips_of(document: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hours of the day and days of the week (0 = Monday) in which nobody should ask; in some feeds 24 is midnight."""
    head = document[:LOOKED_AT]
    if b"<skip" not in head.lower():
        return (), ()
    first = FIRST_ITEM.search(head)
    head = head[: first.start()] if first else head
    hours = {int(hour) % A_DAY for hour in HOUR.findall(_list(head, "skipHours")) if int(hour) <= A_DAY}
    days = {DAYS.index(day[:3].lower()) for day in DAY.findall(_list(head, "skipDays")) if day[:3].lower() in DAYS}
    return tuple(sorted(hours)), tuple(sorted(days))


def _list(head: bytes, name: str) -> bytes:
    found = LISTS[name].search(head)
    return found[1] if found else b""
