"""Those whom a text has named, and how a later phrase agrees with them."""

import re
from dataclasses import dataclass, field

from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.rules import Gender

_DETERMINERS = re.compile(
    r"(?:L'|(?:Les?|La|Une?|Des|Son|Sa|Ses|Leurs?|Plusieurs|Certaine?s|Ce|Cette|Ces|Deux|Trois)\b)"
)


@dataclass(slots=True)
class Entity:
    """Somebody the text has named."""

    name: str
    kind: str
    gender: Gender
    plural: bool
    role: str = ""
    heads: set[str] = field(default_factory=set)
    seen: int = -1  # unit of the last mention
    spoke: int = -1  # unit of the last statement
    paragraph: int = -1
    sure: float = 1.0  # that the name says who it is


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer: the name to print, the role, how sure (0 to 1), and how it was found."""

    name: str
    role: str
    sure: float
    how: str
    entity: Entity | None = None


def printed(text: str) -> str:
    """A noun phrase as it is printed inside a sentence: its article in lower case."""
    return text[0].lower() + text[1:] if _DETERMINERS.match(text) else text


def significant(text: str) -> set[str]:
    """The words of a phrase that tell it from others."""
    return {
        word
        for word in re.findall(r"[\w-]{3,}", text.lower())
        if word not in {"les", "des", "aux", "une", "son", "ses", "leur"}
    }


def agree(entity: Entity, phrase: NounPhrase) -> bool:
    """Whether gender and number let the phrase stand for the entity."""
    if phrase.plural != entity.plural and not (phrase.plural and entity.kind in {"body", "group"}):
        return False
    return not (phrase.gender and entity.gender and phrase.gender != entity.gender)
