"""`topics/<id>.toml`: a name, an emoji and a rule → a Topic with its rule read."""

import re
from collections.abc import Mapping
from pathlib import Path

from bot.catalog.files import read_toml
from bot.catalog.table import Table
from bot.domain.errors import ConfigError, RuleError
from bot.domain.rulelang import parse_rule
from bot.domain.rules import Rule, Topic

LONGEST_EMOJI = 10  # characters: a family or a flag is one sign made of many


def read_topics(files: Mapping[str, Path]) -> tuple[tuple[Topic, ...], list[str]]:
    """The topics of these files, keyed by file name without ending, in order, and warnings."""
    topics: dict[str, Topic] = {}
    warnings: list[str] = []
    for name, path in files.items():
        topic, found = _topic(name, path)
        if topic.id.lower() in topics:
            raise ConfigError(
                f"{path}, id", f"“{topic.id}” is the id of another topic", "choose another id and file name"
            )
        topics[topic.id.lower()] = topic
        warnings += found
    return tuple(topics.values()), warnings


def _topic(name: str, path: Path) -> tuple[Topic, list[str]]:
    table = Table(str(path), read_toml(path))
    identifier = table.text("id")
    if not re.fullmatch(r"[A-Za-z0-9-]+", identifier):
        raise table.wrong("id", f"“{identifier}” holds other signs", "write letters a to z, digits and hyphens")
    if identifier != name:
        raise table.wrong(
            "id", f"“{identifier}” is not the name of the file", f'write id = "{name}" or rename the file'
        )
    emoji = table.text("emoji")
    if len(emoji) > LONGEST_EMOJI or re.search(r"[A-Za-z\s]", emoji):
        raise table.wrong(
            "emoji", f"“{emoji[:LONGEST_EMOJI]}” is not one emoji", 'write one sign, for example emoji = "🛰"'
        )
    names, rules = table.table("name"), table.table("rules")
    french = names.text("fr")
    topic = Topic(
        id=identifier,
        emoji=emoji,
        names={"fr": french, "en": names.text("en", french)},
        rule=_rule(rules),
        source=rules.text("fr", lines=True),
        description=table.text("description", ""),
    )
    return topic, [*table.unknown(), *names.unknown(), *rules.unknown()]


def _rule(rules: Table) -> Rule:
    source = rules.text("fr", lines=True)
    try:
        return parse_rule(source)
    except RuleError as exc:
        line = source.count("\n", 0, exc.position) + 1
        column = exc.position - source.rfind("\n", 0, exc.position)
        problem, suggestion = exc.english
        raise rules.wrong("fr", f"line {line}, position {column}: {problem}", suggestion) from None
