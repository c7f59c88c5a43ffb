"""Time zone names: which exist, and which one was probably meant."""

import unicodedata
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.spelling import distance

# Cities that our readers type and that have no zone of their own name.
CITIES = {
    "bruxelles": "Europe/Brussels",
    "geneve": "Europe/Zurich",
    "lausanne": "Europe/Zurich",
    "montreal": "America/Toronto",
    "quebec": "America/Toronto",
    "ottawa": "America/Toronto",
    "lyon": "Europe/Paris",
    "marseille": "Europe/Paris",
    "kiev": "Europe/Kyiv",
}
FAR = 3  # letters; further away is another city


def is_zone(name: str) -> bool:
    """Whether this is a name of the IANA time zone database."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown; not a name at all ("../x"); a folder ("Europe")
        return False
    return True


def near_zones(name: str, limit: int = 3) -> tuple[str, ...]:
    """The zones that were probably meant, the likeliest first; none where nothing is near."""
    wanted = _fold(name)
    city = wanted.rpartition("/")[2]
    if city in CITIES:
        return (CITIES[city],)

    def far(zone: str) -> int:
        folded = _fold(zone)
        return min(distance(wanted, folded), distance(city, folded.rpartition("/")[2]))

    ranked = sorted((far(zone), zone) for zone in available_timezones() if not zone.startswith(("posix/", "right/")))
    best = ranked[0][0]
    allowed = min(FAR, len(city) // 3)
    return tuple(zone for letters, zone in ranked if letters == best)[:limit] if best <= allowed else ()


def _fold(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.strip().replace(" ", "_").lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
