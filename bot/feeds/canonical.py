"""One address per article: trackers, AMP and mobile variants removed. Two articles never get the same one by this.

Requirements: the same article from a newsletter, a phone or another feed is the same article. Theory: url-normalize
makes the spelling one (case, dots, escapes, ports), courlan's list of tracker names removes what follows the reader.
Known exceptions: courlan's list holds names by which some sites tell articles apart (`cid`, `keyword`); those stay.
Left alone: redirecting services (they would have to be asked), unknown `m.` hosts, http against https, and any other
fragment.
"""

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from courlan.clean import TRACKERS_RE
from url_normalize import url_normalize

# French measuring services beside courlan's list: AT Internet, Piano, Outbrain, Le Figaro's newsletters and the like.
OURS = re.compile(
    r"^(?:xtor|xtref|xtcr|at_\w*|actid|actcampaigntype|fbclid|gclid|dclid|wt_\w+|cmpid|m_i|ns_\w+|pk_\w+|mtm_\w+|"
    r"pnespid|een|seen|sc_src|ncid|rss|origin|tduid|__twitter_impression)$|^#?xtor="
)
ARTICLE_NAMES = frozenset({"cid", "clid", "eid", "uid", "gl", "ga", "keyword", "kwd", "session", "sessionid"})
AMP_PARAMETERS = frozenset({("outputtype", "amp"), ("amp", ""), ("amp", "1"), ("amp", "true"), ("output", "amp")})
TRACKING_FRAGMENT = re.compile(r"(?i)^(?:xtor|utm_|at_|:~:|xtref|ref=|rss|google_vignette|amp_|intcid|sr=)|:~:text=")
# Hosts whose other host is known to serve the same paths.
TWINS = {
    "amp.rfi.fr": "www.rfi.fr",
    "amp.france24.com": "www.france24.com",
    "amp.lefigaro.fr": "www.lefigaro.fr",
    "amp.lepoint.fr": "www.lepoint.fr",
    "amp.ouest-france.fr": "www.ouest-france.fr",
    "amp.theguardian.com": "www.theguardian.com",
    "mobile.lemonde.fr": "www.lemonde.fr",
    "m.20minutes.fr": "www.20minutes.fr",
    "m.leparisien.fr": "www.leparisien.fr",
    "m.rfi.fr": "www.rfi.fr",
    "m.rtl.fr": "www.rtl.fr",
    "m.youtube.com": "www.youtube.com",
}
CACHES = re.compile(r"^https?://(?:[\w-]+\.cdn\.ampproject\.org/[cv]|(?:www\.)?google\.\w{2,3}/amp)/(s/)?(?=[\w-]+\.)")
# What url-normalize would give back unchanged; it is slow, and nine addresses in ten are like this.
NORMAL = re.compile(
    r"https?://(?=[a-z])(?!xn--)[a-z0-9]++(?:(?:-|\.(?!xn--))[a-z0-9]++)*+(?<=[a-z])(?<=\w\w)"
    r"/(?:(?:[\w~-]++[.,]?+)++/?+)*+(?:\?(?:[\w.~-]++=[\w.~-]*+(?:&(?=\w)|$))++)?",
    re.ASCII,
)
ARTICLE_SLUG = re.compile(r"[\d-].*[\w]")


def absolute(base: str, link: str) -> str:
    """The link as an absolute web address, otherwise as given; "" for anything that is none."""
    link = "".join(link.split("\n")).strip()
    if not link:
        return ""
    try:
        joined = link if NORMAL.fullmatch(link) else urljoin(base, link)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def canonical(url: str) -> str:
    """The address that all variants of this address share; "" where it is no web address."""
    try:
        url = _out_of_cache(url.strip())
        parts = urlsplit(url if NORMAL.fullmatch(url) else url_normalize(url) or "")
    except (ValueError, UnicodeError):
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    host = TWINS.get(parts.netloc, parts.netloc)
    return urlunsplit((parts.scheme, host, _path(parts), _query(parts.query), _fragment(parts.fragment)))


def _out_of_cache(url: str) -> str:
    found = CACHES.match(url)
    return f"http{'s' if found[1] else ''}://{url[found.end() :]}" if found else url


def _path(parts: SplitResult) -> str:
    """Without the sign of an AMP variant, where it cannot be part of an article's own name."""
    path = re.sub(r"\.amp(?:\.html)?$", lambda end: ".html" if end[0].endswith("html") else "", parts.path)
    segments = path.split("/")
    named = [segment for segment in segments if segment]
    if len(named) > 1 and segments[1] == "amp":
        segments.pop(1)
    elif len(named) > 1 and named[-1] in ("amp", "amp.html") and ARTICLE_SLUG.search(named[-2]):
        del segments[len(segments) - 1 - segments[::-1].index(named[-1])]
    return "/".join(segments) or "/"


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _tracks(part)]
    return "&".join(sorted(kept))


def _tracks(part: str) -> bool:
    name, _, value = part.lower().partition("=")
    if (name, value) in AMP_PARAMETERS or OURS.match(name):
        return True
    return name not in ARTICLE_NAMES and bool(TRACKERS_RE.search(name))


def _fragment(fragment: str) -> str:
    return "" if TRACKING_FRAGMENT.search(unquote(fragment)) else fragment
