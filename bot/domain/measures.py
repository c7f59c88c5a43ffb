"""How figures are said: numbers, lengths of time and sizes, as a language writes them. Pure."""

from datetime import timedelta

from bot.domain.texts import Texts

_THOUSAND, _UNITS = 1000, ("B", "kB", "MB", "GB", "TB")
_MANY = 10  # from here on a decimal says nothing
_SPANS = (("day", 86_400, 2), ("hour", 3600, 1), ("minute", 60, 1))  # seconds, and from how many on it is said


def number(value: int, texts: Texts) -> str:
    """« 12 840 », "12,840"."""
    return f"{value:,}".replace(",", texts("measure.thousands"))


def span(length: timedelta, texts: Texts) -> str:
    """The largest unit that says enough: « 45 s », « 12 min », « 3 h 20 », « 31 h 05 », « 5 j »."""
    seconds = max(0, round(length.total_seconds()))
    for name, size, least in _SPANS:
        count, rest = divmod(seconds, size)
        if count < least:
            continue
        if name == "hour" and rest // 60:
            return texts("measure.hour_minutes", n=count, minutes=rest // 60)
        return texts(f"measure.{name}", n=number(count, texts))
    return texts("measure.second", n=seconds)


def size(count: int, texts: Texts) -> str:
    """« 4,2 Mo », "4.2 MB": thousands, not 1,024s."""
    value, unit = float(count), 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    shown = f"{value:.1f}" if unit and value < _MANY else f"{value:.0f}"
    return texts(f"measure.{_UNITS[unit]}", n=shown.replace(".", texts("measure.decimal")))
