"""When the day's edition of the sample began, remembered in a small file: what was published stays where it was.

The articles of a day are dated relative to the first start of that day, and carry the day in their address. So a
restart on the same day repeats nothing, and another day brings them as its own news. The port is remembered too: it
stands in every address.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/Paris")
_KEPT = 30  # days, as long as articles are
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Edition:
    """The articles of one day: its date, and the moment that their ages count back from."""

    day: str
    start: datetime


@dataclass(slots=True)
class Editions:
    """All editions that are remembered, in `file`; without one, for as long as the program runs."""

    file: Path | None = None
    port: int = 0  # of the last start; 0 before the first
    _starts: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self._starts = _read(self.file) if self.file else (0, {})

    def today(self, now: datetime) -> Edition:
        """The edition of this day; it begins now where the day has none yet."""
        day = now.astimezone(_ZONE).date().isoformat()
        if day not in self._starts:
            self._starts[day] = now
            self._starts = dict(sorted(self._starts.items())[-_KEPT:])
            self._write()
        return Edition(day, self._starts.get(day, now))

    def of(self, day: str) -> Edition | None:
        """The edition of that day; None where none is remembered."""
        start = self._starts.get(day)
        return Edition(day, start) if start else None

    def serve_on(self, port: int) -> None:
        """Remember where it is served."""
        if port != self.port:
            self.port = port
            self._write()

    def _write(self) -> None:
        if self.file is None:
            return
        starts = {day: start.isoformat() for day, start in self._starts.items()}
        beside = self.file.with_suffix(".new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps({"port": self.port, "editions": starts}), encoding="utf-8")
            beside.replace(self.file)
        except OSError:
            self.file = None  # a sample that forgets is better than none; its database will say what is wrong


def _read(file: Path) -> tuple[int, dict[str, datetime]]:
    """What the file holds; nothing where it is not as we write it."""
    try:
        kept: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        port, starts = kept["port"], kept["editions"]
        if not isinstance(starts, dict) or not isinstance(port, int) or not 0 <= port <= _MOST_PORT:
            return 0, {}
        dated = {str(day): datetime.fromisoformat(start) for day, start in starts.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return 0, {}
    return port, {day: start for day, start in dated.items() if start.tzinfo is not None}
