"""Walls in front of what was asked for: bot walls and captchas, whatever status they carry; pay walls, cookie walls.

A bot wall is told by who builds it. A pay or cookie wall is told by its words where the text ends, or is nothing else:
an article about cookies, or about the prices of newspapers, is none.
"""

import re
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

PAY = re.compile(
    r"(?:il vous reste|il reste) \d{1,3}(?:[.,]\d+)? ?% (?:de cet article|de l'article)? ?à (?:lire|découvrir)"
    r"|(?:cet article|la suite|ce contenu|cette page|la lecture de cet article) (?:de cet article )?(?:est|sont)"
    r" (?:exclusivement )?(?:réservée?s?|accessible)s? (?:exclusivement )?(?:aux|à nos|pour les?) (?:abonn|membres)"
    r"|(?:article|contenu|édition) réservée?s? (?:aux|à nos|exclusivement aux) abonn"
    r"|abonnez-vous (?:dès (?:1|maintenant).{0,30} )?pour (?:lire|accéder|continuer|découvrir|poursuivre)"
    r"|pour (?:lire la suite|accéder à (?:la suite|cet article|l'intégralité)|poursuivre (?:la|votre) lecture),?"
    r" (?:abonnez|connectez|identifiez|créez)"
    r"|(?:subscribe|log in|sign in) to (?:continue|read|keep) (?:reading|the)",
)
CONSENT = re.compile(
    r"(?:accepter|refuser|paramétrer|gérer|consent\w*|sans accepter|traceurs|partenaires publicitaires)"
)
COOKIES = re.compile(r"\bcookies?\b|\btraceurs?\b")
END = 700  # characters at the end of a text, where a pay wall stands
SHORT = 1_500  # a text that is a cookie wall is no longer
OFTEN = 2


def is_wall(headers: Mapping[str, str]) -> bool:
    """Whether the headers say that this answer is a challenge."""
    return any(name in headers and value in headers[name].lower() for name, value in HEADERS.items())


def looks_like_wall(body: bytes) -> bool:
    """Whether this HTML is a challenge."""
    start = body[:LOOKED_AT].lower()
    return any(mark in start for mark in MARKS)


def is_walled(text: str) -> bool:
    """Whether what was read off a page ends at a pay wall, or is a cookie wall: then it is not the article."""
    plain = " ".join(text.lower().replace("’", "'").split())
    if PAY.search(plain[-END:]):
        return True
    return len(plain) < SHORT and len(COOKIES.findall(plain)) >= OFTEN and len(CONSENT.findall(plain)) >= OFTEN
