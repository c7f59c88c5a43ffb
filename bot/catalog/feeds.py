"""`feeds.toml`, `feeds.local.toml` and `blocked_hosts.toml`: blocks of TOML ↔ feeds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import chain
from json import dumps
from pathlib import Path
from typing import get_args
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.catalog.countries import COUNTRIES
from bot.catalog.files import read_toml
from bot.catalog.table import Table
from bot.domain.errors import ConfigError
from bot.domain.hosts import is_blocked
from bot.domain.model import Feed, FullText, Kind
from bot.domain.zones import is_zone, near_zones

HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
KINDS: tuple[Kind, ...] = get_args(Kind)
FULL_TEXT: tuple[FullText, ...] = get_args(FullText)


def read_feeds(path: Path) -> tuple[dict[str, Feed], dict[str, str], list[str]]:
    """The feeds of a file by their identity, where each of them stands, and warnings."""
    document = Table(str(path), read_toml(path))
    blocks = document.blocks("feed")
    warnings = document.unknown()
    feeds: dict[str, Feed] = {}
    places: dict[str, str] = {}
    for number, block in enumerate(blocks, 1):
        outlet = block.get("outlet")
        table = Table(f"{path}, feed {number}" + (f" ({outlet})" if isinstance(outlet, str) else ""), block)
        feed = _feed(table)
        warnings += table.unknown()
        key = identity(feed.url)
        if key in feeds:
            first = places[key].removeprefix(f"{path}, ")
            raise table.wrong("url", f"is the same as that of {first}", "remove one of the two blocks")
        feeds[key], places[key] = feed, table.where
    return feeds, places, warnings


def merge_feeds(paths: Iterable[Path], blocked: frozenset[str]) -> tuple[tuple[Feed, ...], list[str]]:
    """The feeds of all files: one with the url of an earlier file's replaces it. None may be blocked."""
    feeds: dict[str, Feed] = {}
    places: dict[str, str] = {}
    warnings: list[str] = []
    for path in paths:
        more, where, found = read_feeds(path)
        feeds, places, warnings = feeds | more, places | where, warnings + found
    for key, feed in feeds.items():
        host = urlsplit(feed.url).hostname or ""
        if is_blocked(host, blocked):
            problem = f"{host} is under a broadcasting ban (blocked_hosts.toml)"
            raise ConfigError(f"{places[key]}, url", problem, "remove this feed")
    return tuple(feeds.values()), warnings


def read_blocked_hosts(path: Path) -> tuple[frozenset[str], list[str]]:
    """The hosts of `blocked_hosts.toml` and warnings; an empty file blocks nothing."""
    document = Table(str(path), read_toml(path))
    hosts = document.texts("hosts")
    for host in hosts:
        if not HOST.fullmatch(host.lower()):
            raise document.wrong(
                "hosts", f"“{host}” is not a host name", "write example.org, which covers its subdomains"
            )
    return frozenset(host.lower() for host in hosts), document.unknown()


def identity(url: str) -> str:
    """What two addresses of the same feed have in common: scheme and host count in any case."""
    parts = urlsplit(url)
    return urlunsplit(SplitResult(parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def render_feeds_toml(feeds: Sequence[Feed]) -> str:
    """The feeds as blocks of `feeds.toml`; what has its default is left out."""
    return "\n".join(chain.from_iterable(_block(feed) for feed in feeds))


def _block(feed: Feed) -> Iterable[str]:
    yield "[[feed]]"
    for field in fields(Feed):
        value = getattr(feed, field.name)
        if field.name != "trusted" and value != field.default:
            yield f"{field.name:<9} = {_toml(value)}"
    yield ""


def _toml(value: object) -> str:
    # A JSON text is a TOML text, but for DEL, which TOML wants escaped.
    return dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _feed(table: Table) -> Feed:
    return Feed(
        outlet=table.text("outlet"),
        url=_url(table),
        section=table.text("section", ""),
        country=_country(table),
        kind=table.choice("kind", KINDS, "private"),
        language=_language(table),
        timezone=_timezone(table),
        paywall=table.flag("paywall", default=False),
        full_text=table.choice("full_text", FULL_TEXT, "auto"),
    )


def _url(table: Table) -> str:
    url = table.text("url")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError as exc:
        raise table.wrong("url", f"“{url}” cannot be read ({exc})", "write https://host/path") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or " " in url:
        raise table.wrong("url", f"“{url}” is not a web address", "write https://host/path")
    return url


def _country(table: Table) -> str:
    code = table.text("country", "")
    if code and code not in COUNTRIES:
        better = {"UK": "GB"}.get(code.upper(), code.upper())
        advice = f"did you mean {better}?" if better in COUNTRIES else "write an ISO code such as FR, or EU, or INT"
        raise table.wrong("country", f"“{code}” is not a country code", advice)
    return code


def _language(table: Table) -> str:
    code = table.text("language", "fr")
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise table.wrong("language", f"“{code}” is not a language code", "write two small letters such as fr")
    return code


def _timezone(table: Table) -> str:
    zone = table.text("timezone", "Europe/Paris")
    if not is_zone(zone):
        near = near_zones(zone)
        advice = f"did you mean {' or '.join(near)}?" if near else "write an IANA name such as Europe/Paris"
        raise table.wrong("timezone", f"“{zone}” is not a time zone", advice)
    return zone
