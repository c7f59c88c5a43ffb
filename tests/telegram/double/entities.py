"""Visible text and its entities: what Telegram adds (addresses, commands), trims, counts and drops."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

MAX_ENTITIES = 100
_SPACE = " \t\r\n\v\f"

# What the server finds by itself, the first pattern winning. A command is ASCII: « /thèmes » is none.
_DETECTED = (
    ("url", re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}")),
)
_OPAQUE = {"code", "pre", "text_link"}  # nothing is found inside of these


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the visible text, in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    custom_emoji_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """The MessageEntity."""
        optional = {"url": self.url, "language": self.language, "custom_emoji_id": self.custom_emoji_id}
        required = {"type": self.type, "offset": self.offset, "length": self.length}
        return required | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Formatted:
    """Visible text, its entities, and what was dropped silently on the way (a link that is none)."""

    text: str
    entities: tuple[Entity, ...] = ()
    dropped: tuple[str, ...] = ()


def entity_from_json(given: Mapping[str, Any]) -> Entity:
    """An entity that was posted as JSON instead of markup."""
    names = ("url", "language", "custom_emoji_id")
    optional = {name: str(given[name]) for name in names if name in given}
    return Entity(str(given["type"]), int(given["offset"]), int(given["length"]), **optional)


def utf16_length(text: str) -> int:
    """UTF-16 units of a text, in which entities are counted."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_link(url: str) -> bool:
    """Telegram keeps a link only if it leads somewhere: http, https, tg or ton, with a host that could exist."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme in {"tg", "ton"}:
        return bool(host)
    plausible = "." in host.strip(".") or ":" in host or host == "localhost"
    return parts.scheme in {"http", "https"} and plausible and not re.search(r"\s", url)


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Entities as Telegram lists them: by place, the outer before the inner."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def tidy(given: Formatted) -> Formatted:
    """What is kept of a message: ends trimmed, empty entities gone, addresses and commands found, 100 entities."""
    text = given.text.replace("\r", "").strip(_SPACE)
    before = utf16_length(given.text[: len(given.text) - len(given.text.lstrip(_SPACE))])
    clipped = (_clip(entity, before, utf16_length(text)) for entity in given.entities)
    kept = [entity for entity in clipped if entity.length > 0 and _cut(text, entity).strip()]
    entities = in_order((*kept, *_found(text, kept)))
    return Formatted(text, entities[:MAX_ENTITIES], given.dropped)


def _clip(entity: Entity, before: int, length: int) -> Entity:
    start = min(max(entity.offset - before, 0), length)
    end = min(max(entity.offset + entity.length - before, 0), length)
    return replace(entity, offset=start, length=end - start)


def _cut(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")


def _found(text: str, given: list[Entity]) -> list[Entity]:
    taken = [(entity.offset, entity.offset + entity.length) for entity in given if entity.type in _OPAQUE]
    found = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= low or high <= start for low, high in taken):
                taken.append((start, end))
                found.append(Entity(kind, start, end - start))
    return found
