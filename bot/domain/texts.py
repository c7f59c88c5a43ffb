"""What people read, in one language: formats by dotted key."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a language; a key or a value that is missing is a KeyError, which a test rules out for every key."""

    language: str
    formats: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of this key, its {words} filled in."""
        return self.formats[key].format(**values)
