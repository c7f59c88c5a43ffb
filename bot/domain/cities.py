"""Places as people name them → time zones, and back to a name that readers know."""

from functools import lru_cache
from zoneinfo import available_timezones

from bot.domain.commands import fold
from bot.domain.zones import CITIES, is_zone, near_zones

# The cities of most readers, in the order in which they are offered.
OFFERED = {
    "Paris": "Europe/Paris",
    "Bruxelles": "Europe/Brussels",
    "Genève": "Europe/Zurich",
    "Montréal": "America/Toronto",
}
# What French readers call cities that the time zone database names otherwise, and cities that it does not name.
_FRENCH = {
    "londres": "Europe/London",
    "berne": "Europe/Zurich",
    "bale": "Europe/Zurich",
    "liege": "Europe/Brussels",
    "namur": "Europe/Brussels",
    "anvers": "Europe/Brussels",
    "gand": "Europe/Brussels",
    "lille": "Europe/Paris",
    "nantes": "Europe/Paris",
    "toulouse": "Europe/Paris",
    "bordeaux": "Europe/Paris",
    "strasbourg": "Europe/Paris",
    "nice": "Europe/Paris",
    "rennes": "Europe/Paris",
    "gatineau": "America/Toronto",
    "moncton": "America/Moncton",
    "varsovie": "Europe/Warsaw",
    "moscou": "Europe/Moscow",
    "lisbonne": "Europe/Lisbon",
    "athenes": "Europe/Athens",
    "vienne": "Europe/Vienna",
    "bucarest": "Europe/Bucharest",
    "copenhague": "Europe/Copenhagen",
    "alger": "Africa/Algiers",
    "le caire": "Africa/Cairo",
    "tanger": "Africa/Casablanca",
    "rabat": "Africa/Casablanca",
    "beyrouth": "Asia/Beirut",
    "jerusalem": "Asia/Jerusalem",
    "tel aviv": "Asia/Tel_Aviv",
    "pekin": "Asia/Shanghai",
    "singapour": "Asia/Singapore",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "miami": "America/New_York",
    "la reunion": "Indian/Reunion",
    "pointe-a-pitre": "America/Guadeloupe",
    "fort-de-france": "America/Martinique",
    "papeete": "Pacific/Tahiti",
    "saint-jean de terre-neuve": "America/St_Johns",
    "terre-neuve": "America/St_Johns",
    "st. john's": "America/St_Johns",
    "st john's": "America/St_Johns",
}
_SHOWN = {zone: city for city, zone in OFFERED.items()} | {
    "Europe/London": "Londres",
    "America/St_Johns": "Saint-Jean de Terre-Neuve",
    "Europe/Warsaw": "Varsovie",
    "Europe/Moscow": "Moscou",
    "Europe/Lisbon": "Lisbonne",
    "Europe/Athens": "Athènes",
    "Europe/Kyiv": "Kyiv",
    "Africa/Algiers": "Alger",
    "Africa/Cairo": "Le Caire",
    "Asia/Beirut": "Beyrouth",
}
_LONGEST = 40  # no city has a longer name: more is not looked at


def zone_of(place: str) -> str:
    """The zone of a city, or of a zone's own name; "" where we know none of that name."""
    wanted = fold(place[: _LONGEST + 1])
    if not wanted or len(wanted) > _LONGEST:
        return ""
    names = _names()
    return names.get(wanted, "") or names.get(wanted.replace("-", " "), "")


def likely_zones(place: str) -> tuple[str, ...]:
    """The zones that were probably meant by a misspelt city, the likeliest first."""
    return near_zones(place) if 0 < len(place) <= _LONGEST else ()


def city_of(zone: str) -> str:
    """A zone as readers know it: « Bruxelles », « New York »."""
    return _SHOWN.get(zone) or zone.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))
    names = {fold(zone.rpartition("/")[2].replace("_", " ")): zone for zone in zones if not zone.startswith("Etc")}
    names |= {fold(zone): zone for zone in [*zones, "UTC"]}
    ours = {**CITIES, **_FRENCH, **{fold(city): zone for city, zone in OFFERED.items()}}
    return names | {city: zone for city, zone in ours.items() if is_zone(zone)}
