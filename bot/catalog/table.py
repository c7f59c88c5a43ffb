"""A TOML table being read: each key is asked for with its type; what nobody asked for is unknown."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bot.domain.errors import ConfigError
from bot.domain.spelling import nearest

Word = TypeVar("Word", bound=str)
LONGEST = 60  # characters of a wrong value that a message quotes


class Table:
    """One table and where it stands (`where` begins every message)."""

    def __init__(self, where: str, values: Mapping[str, object]) -> None:
        self.where = where
        self._values = values
        self._asked: set[str] = set()

    def text(self, key: str, default: str | None = None, *, lines: bool = False) -> str:
        """A text without spaces around it, of one line unless `lines`; without a default it must be there."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.wrong(key, "is missing", f'add {key} = "…"')
        if not isinstance(value, str):
            raise self.wrong(key, f"must be a text, not {_shown(value)}", f'write {key} = "…"')
        if not value.strip():
            raise self.wrong(
                key, "is empty", f"write a text or leave {key} out" if default is not None else "write a text"
            )
        if not lines and not value.isprintable():
            raise self.wrong(key, "holds a line break or an invisible sign", "write it on one line")
        return value.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(
                key, f"must be true or false, not {_shown(value)}", "write true or false without quote marks"
            )
        return value

    def choice(self, key: str, words: Sequence[Word], default: Word) -> Word:
        """One of the words."""
        value = self.text(key, default)
        for word in words:
            if word == value:
                return word
        near = nearest(value.lower(), words)
        advice = f"did you mean {near}?" if near else f"write one of: {', '.join(words)}"
        raise self.wrong(key, f"{_shown(value)} is unknown", advice)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is missing."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, f"must be a list of texts, not {_shown(value)}", f'write {key} = ["…", "…"]')
        return tuple(value)

    def table(self, key: str) -> "Table":
        """A table within, which must be there."""
        value = self._get(key)
        if not isinstance(value, dict):
            problem = "is missing" if value is None else f"must be a table, not {_shown(value)}"
            raise self.wrong(key, problem, f"write [{key}] on a line of its own, its keys below")
        return Table(f"{self.where}, {key}", value)

    def blocks(self, key: str) -> tuple[Mapping[str, object], ...]:
        """The tables written as [[key]], none where there is no such block."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"must be blocks, not {_shown(value)}", f"write [[{key}]] above each block")
        return tuple(value)

    def keys(self) -> tuple[str, ...]:
        """The keys that stand in the file."""
        return tuple(self._values)

    def unknown(self) -> list[str]:
        """A warning for every key that was not asked for, with the known one that was probably meant."""
        warnings = []
        for key in self._values:
            if key not in self._asked:
                near = nearest(key, sorted(self._asked), limit=max(2, len(key) // 3))
                warnings.append(f"{self.where}: unknown key {key}" + (f"; did you mean {near}?" if near else ""))
        return warnings

    def wrong(self, key: str, problem: str, advice: str) -> ConfigError:
        """The error about the value of a key."""
        return ConfigError(f"{self.where}, {key}", problem, advice)

    def _get(self, key: str) -> object:
        self._asked.add(key)
        return self._values.get(key)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
