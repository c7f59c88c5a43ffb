"""Bot walls and captchas: pages that stand in front of what was asked for, whatever status they carry."""

from collections.abc import Mapping

# Headers that a wall sets on its own page, and what they then hold; "" = whatever.
HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": ""}

# Words in the first kilobytes of the HTML of a wall, each with whose it is.
MARKS = (
    b"cdn-cgi/challenge-platform",  # Cloudflare
    b"cf-browser-verification",
    b"cf_chl_",
    b"captcha-delivery.com",  # DataDome
    b"_incapsula_resource",  # Imperva
    b"/_sec/cp_challenge",  # Akamai
    b"px-captcha",  # HUMAN
    b"awswafintegration",  # AWS
    b"anubis_challenge",  # Anubis
    b"g-recaptcha",
    b"h-captcha",
)
LOOKED_AT = 20_000


def is_wall(headers: Mapping[str, str]) -> bool:
    """Whether the headers say that this answer is a challenge."""
    return any(name in headers and value in headers[name].lower() for name, value in HEADERS.items())


def looks_like_wall(body: bytes) -> bool:
    """Whether this HTML is a challenge."""
    start = body[:LOOKED_AT].lower()
    return any(mark in start for mark in MARKS)
