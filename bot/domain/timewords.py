"""Times as people type them: « 8 h 30 et 19h », « en semaine 7h », « 8:30 pm », « 3 jours »; and read back to them.

A chat has one set of times on one set of days. Two sets (« en semaine 7h, le week-end 10h ») cannot be kept, so they
are refused and not half understood. What is no word of time is handed back as the name of a place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.domain.commands import fold
from bot.domain.texts import Texts

MOST_TIMES = 12
LONGEST = 200  # characters of a schedule
EVERY_DAY, WORKDAYS, WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)
_DAY_NAMES = (
    ("lundi", "lun", "monday", "mon"),
    ("mardi", "mar", "tuesday", "tue"),
    ("mercredi", "mer", "wednesday", "wed"),
    ("jeudi", "jeu", "thursday", "thu"),
    ("vendredi", "ven", "friday", "fri"),
    ("samedi", "sam", "saturday", "sat"),
    ("dimanche", "dim", "sunday", "sun"),
)
_DAYS = {form: day for day, names in enumerate(_DAY_NAMES) for name in names for form in (name, f"{name}s")}
_DAY = "(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")\b"
_HALF_DAY = r"(?:du matin|du soir|de l'apres-midi|in the (?:morning|evening)|[ap]\.? ?m\b\.?)"
_OCLOCK, _MINUTES = r"\s*(?:heures?|h|:|\.)\s*", r"\d{2}(?!\s*(?:h|:|\d))|et (?:demie|quart)\b"
_LEXICON = (
    ("noon", r"\b(?:midi|noon)\b(?: et (demie?))?"),
    ("midnight", r"\b(?:minuit|midnight)\b(?: et (demie?))?"),
    ("except", r"\b(?:sauf|except|but not)\b"),
    ("range", rf"\b({_DAY})\s*(?:-|–|au|a|to|jusqu'au)\s*({_DAY})"),
    ("every", r"\b(?:(?:tous les|chaque) (?:jour|matin|soir)s?|every ?day|daily|quotidien(?:nement)?|7j?/7)\b"),
    ("workdays", r"\b(?:en semaine|(?:les )?jours ouvres|(?:les )?jours ouvrables|(?:on )?weekdays|workdays)\b"),
    ("weekend", r"\b(?:le |les |on |the )*week-? ?ends?\b"),
    ("day", rf"\b{_DAY}"),
    ("compact", r"\b\d{4}\b"),
    ("time", rf"\b\d{{1,2}}(?:{_OCLOCK}(?:{_MINUTES})?)?(?:\s*{_HALF_DAY})?(?!\w)"),
    ("small", r"\b(?:et|a|and|at|puis|le|la|les|l'|du|de|on|the|vers|heures?|time|chaque)\b|[,;&+./()-]|\bl'"),
    ("place", r"[^\W\d_][^\s,;&+()]*"),
    ("sign", r"[^\s,;]+"),
)
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LEXICON))
_CLOCKS = frozenset({"time", "compact", "noon", "midnight"})
_PERIOD = re.compile(
    r"(?<!\w)(\d{1,6}|une?|a|an)\s?(h|heures?|hours?|d|days?|j|jours?|w|weeks?|s|sem|semaines?|mois|months?)(?!\w)"
)
_UNITS = {"h": 1, "d": 24, "j": 24, "w": 168, "s": 168, "m": 720}


Quiet = tuple[int, ...]  # from, to, in minutes after local midnight; () is never


@dataclass(frozen=True, slots=True)
class Timing:
    """What a schedule as typed asks for; what it does not speak of is None or "" and stays as it was."""

    times: tuple[int, ...] | None = None  # minutes after local midnight
    weekdays: tuple[int, ...] | None = None  # 0 = Monday
    place: str = ""  # words that are no time: probably a city


@dataclass(frozen=True, slots=True)
class Misread:
    """Why a schedule was not understood, as the end of a text key, and the words it is about."""

    reason: Literal["hour", "sign", "several", "many", "none", "quiet"]
    words: str = ""


@dataclass
class _Reader:
    """Groups of days, each with its times, in the order typed."""

    groups: list[tuple[set[int], list[int]]]
    place: list[str]
    excluding: bool = False

    def days(self, days: Sequence[int]) -> None:
        if self.excluding:
            self.groups[-1][0].difference_update(days)
            return
        if self.groups[-1][0] and self.groups[-1][1]:
            self.groups.append((set(), []))
        self.groups[-1][0].update(days)

    def exclude(self) -> None:
        self.excluding = True
        if not self.groups[-1][0]:
            self.groups[-1][0].update(EVERY_DAY)


def read_schedule(text: str) -> Timing | Misread:
    """The times, days and place of a schedule as typed, or what in it was not understood."""
    if len(text) > LONGEST:
        return Misread("none")
    reader = _Reader([(set(), [])], [])
    for token in _TOKEN.finditer(fold(text)):
        problem = _take(token, reader)
        if problem:
            return problem
    return _agreed(reader)


def _take(token: re.Match[str], reader: _Reader) -> Misread | None:
    kind, words = token.lastgroup, token[0]
    if kind == "sign":
        return Misread("sign", words)
    if kind == "place":
        reader.place.append(words)
    elif kind == "except":
        reader.exclude()
    elif kind in _CLOCKS:
        minutes = _minutes(token)
        if minutes is None:
            return Misread("hour", words.strip())
        reader.excluding = False
        reader.groups[-1][1].append(minutes)
    elif kind != "small":
        reader.days(_days(kind or "", words))
    return None


def _days(kind: str, words: str) -> Sequence[int]:
    if kind == "range":
        first, last = (_DAYS[word] for word in re.findall(_DAY, words))
        return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    whole = {"every": EVERY_DAY, "workdays": WORKDAYS, "weekend": WEEKEND}
    return whole[kind] if kind in whole else (_DAYS[words],)


_CLOCK = re.compile(rf"(\d{{1,2}})\D*?(?:(\d{{2}})|et (demie|quart))?\s*({_HALF_DAY})?")


def _minutes(token: re.Match[str]) -> int | None:
    """Minutes after midnight, None where there is no such time of day."""
    if token.lastgroup in {"noon", "midnight"}:
        return (720 if token.lastgroup == "noon" else 0) + (30 if "demi" in token[0] else 0)
    if token.lastgroup == "compact":
        hour, minutes = int(token[0][:2]), int(token[0][2:])
        return hour * 60 + minutes if hour < 24 and minutes < 60 else None  # noqa: PLR2004 (a day)
    found = _CLOCK.fullmatch(token[0].strip().replace(":", " ").replace(".", " ").replace(" m", "m").strip())
    if found is None:
        return None
    hour, minutes = int(found[1]), int(found[2] or {"demie": 30, "quart": 15}.get(found[3] or "", 0))
    half = (found[4] or "").replace(".", "").replace(" ", "")
    if half.startswith("p") or "soir" in half or "apres" in half or "evening" in half:
        hour += 12 if hour < 12 else 0  # noqa: PLR2004 (noon)
    elif half:
        hour = hour if hour < 12 else 0 if hour == 12 else 99  # noqa: PLR2004 (12 am is midnight; 13 am is nothing)
    hour = 0 if (hour, minutes) == (24, 0) else hour
    return hour * 60 + minutes if hour < 24 and minutes < 60 else None  # noqa: PLR2004 (a day)


def _agreed(reader: _Reader) -> Timing | Misread:
    groups = [(days, sorted(set(times))) for days, times in reader.groups if days or times]
    if len({tuple(times) for _, times in groups}) > 1:
        return Misread("several")
    times = tuple(groups[0][1]) if groups else ()
    days = tuple(sorted(set().union(*(days for days, _ in groups)))) if groups else ()
    if len(times) > MOST_TIMES:
        return Misread("many", str(MOST_TIMES))
    if not times and not days and not reader.place:
        return Misread("none")
    return Timing(times or None, days or None, " ".join(reader.place))


_QUIET = re.compile(
    r"\b(sans |no |pas de |pas d'|without )?(?:en |la nuit |nuit )?(?:heures? )?(?:de |du )?"
    r"(?:calmes?|silence|silencieux|silencieuses?|quiet(?: hours?| time)?|ne pas deranger|do not disturb)\b\s*:?"
)
_NEVER = re.compile(r"\b(?:aucune?|non|no|off|none|jamais|never|fin|stop)\b")
_BETWEEN = re.compile(r"\b(?:entre|between|from|to|until|jusqu'a|till)\b|[–—→]")


def read_quiet(text: str) -> tuple[Quiet | Misread | None, str]:
    """The quiet hours that a text asks for (« calme 22h-7h », « sans silence »), and the text before that.

    None where it speaks of none, () where it wants none.
    """
    folded = fold(text[:LONGEST])
    found = _QUIET.search(folded)
    if found is None:
        return None, text
    before, words = folded[: found.start()].strip(" ,;"), folded[found.end() :]
    if found[1] or _NEVER.search(words):
        return (), before
    times: list[int] = []
    for token in _TOKEN.finditer(_BETWEEN.sub(" a ", words)):
        minutes = _minutes(token) if token.lastgroup in _CLOCKS else None
        if minutes is not None:
            times.append(minutes)
        elif token.lastgroup != "small":
            return Misread("quiet", token[0].strip()), before
    if len(times) != 2 or times[0] == times[1]:  # noqa: PLR2004 (from and to)
        return Misread("quiet", words.strip()), before
    return (times[0], times[1]), before


def read_period(text: str) -> tuple[timedelta | None, str]:
    """The first length of time in a text (« 24h », « 3 jours », « une semaine »), and the text without it."""
    folded = fold(text)
    found = _PERIOD.search(folded)
    if found is None:
        return None, text.strip()
    number = int(found[1]) if found[1].isdigit() else 1
    unit = 24 if found[2].startswith(("j", "d")) else _UNITS[found[2][0]]
    rest = (folded[: found.start()] + " " + folded[found.end() :]).strip()
    return timedelta(hours=number * unit), rest


# --- read back -----------------------------------------------------------------------------------------------------


def time_aloud(minutes: int, texts: Texts) -> str:
    """« 8 h », « 8 h 30 »."""
    key = "date.hour_minutes" if minutes % 60 else "date.hour"
    return texts(key, hour=minutes // 60, minutes=minutes % 60)


def quiet_aloud(quiet: Quiet, texts: Texts) -> str:
    """« de 22 h à 7 h »."""
    return texts("quiet.between", begin=time_aloud(quiet[0], texts), end=time_aloud(quiet[1], texts))


def schedule_aloud(times: Sequence[int], weekdays: Sequence[int], texts: Texts) -> str:
    """« en semaine à 7 h et 19 h », « le lundi et le jeudi à 9 h »."""
    days = tuple(sorted(set(weekdays)))
    whole = {EVERY_DAY: "every", WORKDAYS: "workdays", WEEKEND: "weekend"}
    if days in whole:
        when = texts(f"when.{whole[days]}")
    else:
        when = joined([texts("when.day", day=texts(f"weekday.{day}")) for day in days], texts)
    return texts("when.at", days=when, times=joined([time_aloud(minutes, texts) for minutes in sorted(times)], texts))


def joined(words: Sequence[str], texts: Texts) -> str:
    """« a, b et c »."""
    return texts("when.and").join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
