"""A noun phrase and what it says about its bearer."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.statements.rules import Gender

SpeakerKind = Literal[
    "person", "role", "group", "body", "place", "medium", "document", "source", "name",
    "pronoun", "latter", "same", "nobody", "other",
]  # fmt: skip
_CAN_SPEAK = frozenset(
    {"person", "role", "group", "body", "place", "medium", "document", "source", "pronoun", "latter"}
)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase by its token indices, and what it says about its bearer."""

    first: int
    last: int
    text: str
    span: tuple[int, int]
    kind: SpeakerKind
    name: str = ""  # the person's name
    role: str = ""
    head: str = ""
    gender: Gender = ""
    plural: bool = False
    indefinite: bool = False
    possessive: bool = False  # son avocate: whose is another question

    @property
    def can_speak(self) -> bool:
        """Whether it surely names somebody who can say something."""
        return self.kind in _CAN_SPEAK
