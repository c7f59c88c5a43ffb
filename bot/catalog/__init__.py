"""The catalog: what `config/` and `bot/texts/` say, checked and compiled.

The shipped files lie inside an installed package, beside it in a checkout. A folder of the owner's lies over them file
by file; `feeds.local.toml` adds feeds to `feeds.toml` instead of replacing it. A wrong value is a ConfigError of one
line: file, key or position, what is wrong, what would be right. An unknown key is a warning; in shipped files a test
lets none pass.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot import __version__
from bot.catalog.feeds import merge_feeds, read_blocked_hosts, render_feeds_toml
from bot.catalog.files import LOCAL_FEEDS, PACKAGE, Layers, read_toml, shipped_config, unreadable
from bot.catalog.topics import read_topics
from bot.domain.errors import ConfigError
from bot.domain.model import Feed
from bot.domain.rules import Topic
from bot.domain.statements.rules import LanguageRules, compile_language
from bot.domain.stories.rules import KindRules, compile_kinds
from bot.domain.texts import Texts

__all__ = ["Catalog", "load_catalog", "load_texts", "render_feeds_toml", "shipped_config"]

Rules = TypeVar("Rules")


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that the configuration files say. `languages` is keyed by language code."""

    feeds: tuple[Feed, ...]
    blocked_hosts: frozenset[str]
    topics: tuple[Topic, ...]
    languages: Mapping[str, LanguageRules]
    kinds: KindRules
    story_kinds: Mapping[str, object]  # what `kinds` was compiled from
    fingerprint: str  # of all that decides what is found in an article: another one means that articles are read again
    warnings: tuple[str, ...] = ()  # what an owner should look at, though we can go on


def load_catalog(config_dir: Path | None = None, data_dir: Path | None = None) -> Catalog:
    """The shipped configuration under the owner's folder; `feeds.local.toml` is read from all three places.

    Raises ConfigError for the first thing that is wrong.
    """
    if config_dir is not None and not config_dir.is_dir():
        raise ConfigError("CONFIG_DIR", f"{config_dir}: there is no such folder", "create it or leave the name empty")
    layers = Layers(shipped_config(), config_dir)
    try:
        return _load(layers, data_dir)
    except OSError as exc:
        raise unreadable(exc) from None


def load_texts() -> Mapping[str, Texts]:
    """The texts shown to people, by language code."""
    folder = PACKAGE / "texts"
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    return MappingProxyType({path.stem: _texts(path) for path in paths})


def _load(layers: Layers, data_dir: Path | None) -> Catalog:
    blocked, about_hosts = read_blocked_hosts(layers.file("blocked_hosts.toml"))
    feeds, about_feeds = merge_feeds(_feed_files(layers, data_dir), blocked)
    topics, about_topics = read_topics(layers.files("topics"))
    languages = {code: (path, read_toml(path)) for code, path in layers.files("languages").items()}
    kinds = layers.files("kinds")["fr"]
    signs = read_toml(kinds)
    return Catalog(
        feeds=feeds,
        blocked_hosts=blocked,
        topics=topics,
        languages=MappingProxyType({code: _compiled(compile_language, *file) for code, file in languages.items()}),
        kinds=_compiled(compile_kinds, kinds, signs),
        story_kinds=MappingProxyType(signs),
        fingerprint=_fingerprint(topics, {code: data for code, (_, data) in languages.items()}),
        warnings=(*layers.strangers(), *about_hosts, *about_feeds, *about_topics),
    )


def _fingerprint(topics: Sequence[Topic], languages: Mapping[str, Mapping[str, object]]) -> str:
    rules = {topic.id: topic.source for topic in topics}
    decides = json.dumps([__version__, rules, languages], sort_keys=True, default=str)  # a TOML file may hold dates
    return sha256(decides.encode()).hexdigest()[:16]


def _feed_files(layers: Layers, data_dir: Path | None) -> list[Path]:
    folders = (layers.shipped, data_dir, layers.own)
    local = (folder / LOCAL_FEEDS for folder in folders if folder is not None)
    return [layers.file("feeds.toml"), *(path for path in local if path.exists())]


def _compiled(compiler: Callable[[Mapping[str, object]], Rules], path: Path, data: Mapping[str, object]) -> Rules:
    try:
        return compiler(data)
    except ConfigError as exc:
        raise ConfigError(f"{path}, {exc.source}", exc.problem, exc.advice) from None


def _texts(path: Path) -> Texts:
    formats: dict[str, str] = {}

    def collect(values: Mapping[str, object], prefix: str) -> None:
        for key, value in values.items():
            if isinstance(value, dict):
                collect(value, f"{prefix}{key}.")
            elif isinstance(value, str):
                formats[prefix + key] = value
            else:
                raise ConfigError(f"{path}, {prefix}{key}", "must be a text", f'write {key} = "…"')

    collect(read_toml(path), "")
    return Texts(path.stem, MappingProxyType(formats))
