"""Reading values of a language file, each mistake told by its key."""

from collections.abc import Mapping
from itertools import pairwise

from bot.domain.errors import ConfigError


def section_of(data: Mapping[str, object], section: str) -> Mapping[str, object]:
    """The table of that name."""
    value = data.get(section)
    if not isinstance(value, Mapping):
        raise ConfigError(section, "the table is missing", f"add a [{section}] table")
    return value


def texts_of(data: Mapping[str, object], section: str) -> dict[str, str]:
    """Every key of a table of texts."""
    found: dict[str, str] = {}
    for key, value in section_of(data, section).items():
        if not isinstance(value, str) or not key:
            raise ConfigError(f'{section}."{key}"', "is not a text", "write it in quotation marks")
        found[key] = value
    return found


def list_of(data: Mapping[str, object], section: str, key: str) -> list[str]:
    """A list of words."""
    value = section_of(data, section).get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ConfigError(f"{section}.{key}", "is not a list of texts", 'write it like ["a", "b"]')
    return [str(item) for item in value]


def text_of(data: Mapping[str, object], key: str) -> str:
    """A text at the top of the file."""
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigError(key, "is missing or no text", f'write it like {key} = "fr"')
    return value


def share_of(data: Mapping[str, object], section: str, key: str) -> float:
    """A number between 0 and 1."""
    value = section_of(data, section).get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ConfigError(f"{section}.{key}", "is not a number between 0 and 1", "0.75 is a good start")
    return float(value)


def curve_of(data: Mapping[str, object], section: str, key: str) -> tuple[tuple[float, float], ...]:
    """Points of a curve that never falls, both numbers between 0 and 1."""
    value = section_of(data, section).get(key)
    wrong = ConfigError(f"{section}.{key}", "is not a rising list of points", "write it like [[0.0, 0.3], [1.0, 0.98]]")
    if not isinstance(value, list):
        raise wrong
    numbers = (int, float)
    points = [tuple(p) for p in value if isinstance(p, list) and all(isinstance(x, numbers) for x in p)]
    if len(points) != len(value) or len(points) < 2 or any(len(point) != 2 for point in points):  # noqa: PLR2004 - a line
        raise wrong
    rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(points))
    if not rising or not all(0 <= number <= 1 for point in points for number in point):
        raise wrong
    return tuple((float(x), float(y)) for x, y in points)
