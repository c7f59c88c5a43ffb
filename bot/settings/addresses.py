"""How addresses among the settings are read: of databases, proxies, web pages, our own host."""

import re
from urllib.parse import urlsplit

from pydantic import ValidationInfo

from bot.domain.errors import ConfigError
from bot.settings.values import shown, variable

OFFICIAL_API = "https://api.telegram.org"
TELEGRAM_PORTS = (443, 80, 88, 8443)
TAKEN_PATHS = ("", "/", "/chat", "/digest", "/health", "/metrics", "/status")
DATABASES = ("sqlite", "postgresql", "postgres")


def web_url(value: object, info: ValidationInfo) -> object:
    """An http or https address, without a slash at its end; not shown, it may hold a password."""
    if not isinstance(value, str):
        return value
    if not _is_web(value):
        raise ConfigError(variable(info), "this is not a web address", "write https://host or http://host:port")
    return value.rstrip("/")


def webhook(value: object, info: ValidationInfo) -> object:
    """A public address of ours for Telegram; its path is what our web server answers to."""
    if not isinstance(value, str):
        return value
    url = web_url(value, info)
    parts = urlsplit(str(url))
    ours = info.data.get("telegram_api_url") != OFFICIAL_API  # one's own Bot API server may call anything
    if parts.path in TAKEN_PATHS or parts.query or parts.fragment or parts.username:
        advice = "write one with a path of its own, for example https://bot.example.org/telegram"
        raise ConfigError(variable(info), "this address has no path that only Telegram knows", advice)
    if not ours and (parts.scheme != "https" or (parts.port or 443) not in TELEGRAM_PORTS):
        problem = "Telegram only calls https on ports 443, 80, 88 and 8443"
        raise ConfigError(variable(info), problem, "put a proxy with a certificate in front of it")
    return url


def proxy(value: object, info: ValidationInfo) -> object:
    """An http or https address; not shown, it may hold a password."""
    if isinstance(value, str) and not _is_web(value):
        raise ConfigError(variable(info), "this is not the address of an HTTP proxy", "write http://host:port")
    return value


def database(value: object, info: ValidationInfo) -> object:
    """The address of a database; not shown, it may hold a password."""
    if not isinstance(value, str):
        return value
    scheme, _, rest = value.partition("://")
    if scheme not in DATABASES:
        problem = "this is not the address of a database that we know"
        raise ConfigError(
            variable(info), problem, "write sqlite:///path/to/file or postgresql://user:password@host/name"
        )
    if scheme == "sqlite" and not re.fullmatch(r"/(?!:memory:)[^?]+", rest):
        raise ConfigError(variable(info), "this names no SQLite file", "write sqlite:/// and the path of a file")
    if scheme != "sqlite" and not rest.strip("/"):
        raise ConfigError(variable(info), "this names no server", "write postgresql://user:password@host/name")
    return value


def host(value: object, info: ValidationInfo) -> object:
    """A host name or an address, brackets of IPv6 taken off."""
    if not isinstance(value, str):
        return value
    bare = value.removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"[\w.-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\w+)?", bare) or bare.count(":") == 1:
        raise ConfigError(
            variable(info), f"{shown(value)} is not a host", "write a name or an address, the port in WEB_PORT"
        )
    return bare


def header_text(value: object, info: ValidationInfo) -> object:
    """Text that may stand in an HTTP header."""
    if isinstance(value, str) and not (value.isascii() and value.isprintable()):
        raise ConfigError(
            variable(info), f"{shown(value)} cannot be sent", "write an address or URL in plain ASCII letters"
        )
    return value


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
