"""The invented outlets and their articles: read from `articles/*.toml`, one file an outlet, and checked.

A text may hold {jour}, {veille}, {avant-veille} and {lendemain}: the weekday on which its article is published, and the
ones around it. So « a annoncé mardi » is true on whatever day the sample runs.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.errors import ConfigError
from bot.domain.model import Kind

_Choice = TypeVar("_Choice")

NOTICE = "ÉCHANTILLON : articles inventés"

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAYS = {"avant-veille": -2, "veille": -1, "jour": 0, "lendemain": 1}
_TOKEN = re.compile(r"\{([^{}]*)\}")
_AGE = re.compile(r"(-?)(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORMATS = ("rss", "atom")
_ENCODINGS = ("utf-8", "iso-8859-1")
_OUTLET_KEYS = {"name", "country", "kind", "motto", "timezone", "paywall", "robots", "format", "encoding", "article"}
_ARTICLE_KEYS = {"path", "age", "section", "author", "title", "summary", "page"}


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """An article as written: `age` counts back from the start of the sample, and is negative for what is still to come.

    Without `paragraphs` it is a brief: the feed's summary is all there is.
    """

    path: str
    age: timedelta
    section: str
    author: str
    title: str
    summary: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """An invented outlet, with the habits that real ones have: how it writes its feed, whom it lets read its pages."""

    slug: str
    name: str
    country: str
    kind: Kind
    motto: str
    zone: ZoneInfo
    paywall: bool
    robots: bool  # False: its pages are closed to robots, its feed is not
    format: str
    encoding: str
    articles: tuple[SampleArticle, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """An article with its date, in its outlet's zone, and with its weekdays filled in."""

    path: str
    section: str
    author: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published_at: datetime


def read_outlets() -> tuple[SampleOutlet, ...]:
    """Every outlet of the sample, in the order of its address. Raises ConfigError."""
    folder = resources.files("bot.sample") / "articles"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(parse_outlet(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")) for file in files)


def parse_outlet(slug: str, document: str) -> SampleOutlet:
    """The outlet that this TOML document describes. Raises ConfigError."""
    source = f"bot/sample/articles/{slug}.toml"
    try:
        table = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(source, f"is not TOML: {error}") from error
    _refuse_unknown(table, _OUTLET_KEYS, source)
    articles = tuple(_article(item, f"{source}, article {n}") for n, item in enumerate(table.get("article", ()), 1))
    if len({article.path for article in articles}) < len(articles):
        raise ConfigError(source, "two articles have the same path", "a path names one article")
    kind: Kind = _one_of(table, "kind", get_args(Kind), source)
    return SampleOutlet(
        slug=slug,
        name=_text(table, "name", source),
        country=_text(table, "country", source),
        kind=kind,
        motto=_text(table, "motto", source),
        zone=_zone(table.get("timezone", "Europe/Paris"), source),
        paywall=_flag(table, "paywall", source, default=False),
        robots=_flag(table, "robots", source, default=True),
        format=_one_of({"format": "rss", **table}, "format", _FORMATS, source),
        encoding=_one_of({"encoding": "utf-8", **table}, "encoding", _ENCODINGS, source),
        articles=articles,
    )


def parse_age(text: str, source: str = "age") -> timedelta:
    """How long before the start something was published: "2d", "5h20m", "45m"; "-12m" is in 12 minutes."""
    found = _AGE.fullmatch(text)
    if found is None:
        raise ConfigError(source, f'"{text}" is no age', 'write it like "5h20m", "2d" or "-12m"')
    sign, days, hours, minutes = found.groups(default="0")
    age = timedelta(days=int(days), hours=int(hours), minutes=int(minutes))
    return -age if sign == "-" else age


def print_article(article: SampleArticle, outlet: SampleOutlet, start: datetime) -> Printed:
    """The article as it appears in a sample that started at `start`."""
    published = (start - article.age).astimezone(outlet.zone).replace(microsecond=0)
    return Printed(
        path=f"/{outlet.slug}/articles/{article.path}",
        section=article.section,
        author=article.author,
        title=_dated(article.title, published),
        summary=_dated(article.summary, published),
        paragraphs=tuple(_dated(paragraph, published) for paragraph in article.paragraphs),
        published_at=published,
    )


def _dated(text: str, published: datetime) -> str:
    return _TOKEN.sub(lambda token: _WEEKDAYS[(published.weekday() + _DAYS[token[1]]) % 7], text)


def _article(item: Mapping[str, object], source: str) -> SampleArticle:
    _refuse_unknown(item, _ARTICLE_KEYS, source)
    path = _text(item, "path", source)
    if not _SLUG.fullmatch(path):
        raise ConfigError(source, f'path "{path}" is no path', "small letters, digits and hyphens")
    page = _text({"page": "", **item}, "page", source, empty=True)
    article = SampleArticle(
        path=path,
        age=parse_age(_text(item, "age", source), f"{source}, age"),
        section=_text(item, "section", source),
        author=_text(item, "author", source),
        title=_text(item, "title", source),
        summary=_text(item, "summary", source),
        paragraphs=tuple(block.strip() for block in page.split("\n\n") if block.strip()),
    )
    for token in _TOKEN.findall(" ".join((article.title, article.summary, *article.paragraphs))):
        if token not in _DAYS:
            raise ConfigError(source, f"{{{token}}} is no day", "write one of " + ", ".join(f"{{{d}}}" for d in _DAYS))
    return article


def _refuse_unknown(table: Mapping[str, object], known: set[str], source: str) -> None:
    if unknown := sorted(table.keys() - known):
        raise ConfigError(source, f'unknown key "{unknown[0]}"', "known are " + ", ".join(sorted(known)))


def _text(table: Mapping[str, object], key: str, source: str, *, empty: bool = False) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not (value.strip() or empty):
        raise ConfigError(source, f'"{key}" is missing or no text', f'{key} = "…"')
    return value


def _flag(table: Mapping[str, object], key: str, source: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise ConfigError(source, f'"{key}" is neither true nor false', f"{key} = true")
    return value


def _one_of(table: Mapping[str, object], key: str, choices: tuple[_Choice, ...], source: str) -> _Choice:
    for choice in choices:
        if table.get(key) == choice:
            return choice
    raise ConfigError(source, f'"{key}" is {table.get(key)!r}', "one of " + ", ".join(map(str, choices)))


def _zone(name: str, source: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(source, f'timezone "{name}" is unknown', '"Europe/Paris" for instance') from error
