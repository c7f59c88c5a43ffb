"""The owner's page, /status: how feeds, delivery and chats are. Plain HTML without a script; guarded.

What is wrong comes first, then what one wants to know at a glance, then the tables to look things up in.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.domain.errors import StoreError
from bot.domain.figures import Figures
from bot.domain.measures import number, size, span
from bot.domain.phrases import day_of, hour_of
from bot.domain.texts import Texts
from bot.web.charts import bars_by_day
from bot.web.status_tables import chats_table, editions_table, feeds_tables, lags_table, outbox_table, topics_table

Health = Mapping[str, object]
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class View:
    """What the page is written with: texts and names of topics by language, the owner's zone, other pages to go to."""

    texts: Mapping[str, Texts]
    names: Mapping[str, Mapping[str, str]]
    zone: str
    pages: Sequence[tuple[str, str]] = ()  # address, key of its name
    sample: bool = False  # the outlets are invented, and that is said


def status_routes(
    figures: Callable[[], Awaitable[Figures]], health: Callable[[], Awaitable[Health]], view: View
) -> list[Route]:
    """/status."""

    async def show(request: Request) -> Response:
        language = language_of(request.headers.get("accept-language", ""))
        well = await health()
        try:
            found: Figures | None = await figures()
        except StoreError:  # why is in the log: the page need not hold an address
            found = None
        page = render_status(found, well, view, language)
        return HTMLResponse(
            page, 200 if found else 503, headers={"content-language": language, "vary": "Accept-Language"}
        )

    return [Route("/status", show)]


def language_of(accepted: str) -> str:
    """The language of ours that a browser likes best; French where it likes none of them."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(accepted.split(",")):
        name, _, weight = wish.strip().partition(";")
        code = name.strip().lower().partition("-")[0]
        try:
            liking = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in LANGUAGES and liking > 0:
            wishes.append((-liking, place, code))
    return min(wishes)[2] if wishes else LANGUAGES[0]


def render_status(now: Figures | None, health: Health, view: View, language: str) -> str:
    """The whole page; without figures it says that the database does not answer."""
    texts = view.texts[language]
    title = escape(texts("owner.title"))
    body = _body(now, view, texts) if now else f'<p class="card">{escape(texts("owner.no_database"))}</p>'
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{_style()}</style>\n</head>\n'
        f"<body>\n{_head(now, health, view, texts)}<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _style() -> str:
    look = files("bot") / "look"
    return "".join((look / name).read_text(encoding="utf-8") for name in ("base.css", "status.css"))


# --- head ------------------------------------------------------------------------------------------------------------


def _head(now: Figures | None, health: Health, view: View, texts: Texts) -> str:
    sample = f'<p class="badge">{escape(texts("digest.sample"))}</p>' if view.sample else ""
    at = f'<p class="soft small">{_moment(now.at, view.zone, texts)}</p>' if now else ""
    links = "".join(f'<a href="{escape(address)}">{escape(texts(key))}</a>' for address, key in view.pages)
    nav = f'<nav aria-label="{escape(texts("owner.nav"))}">{links}</nav>' if links else ""
    title = f"<div>{sample}<h1>{escape(texts('owner.title'))}</h1>{at}</div>"
    return f"<header>\n{title}\n{nav}\n{_verdict(health, texts)}</header>\n"


def _moment(at: datetime, zone: str, texts: Texts) -> str:
    said = texts("owner.at", day=day_of(at, zone, texts), hour=hour_of(at, zone, texts), zone=zone)
    return f'<time datetime="{at.isoformat()}">{escape(said)}</time>'


def _verdict(health: Health, texts: Texts) -> str:
    """One line where all is well; else what is not, check by check."""
    checks = health.get("checks")
    wrong = {name: said for name, said in checks.items() if said != "ok"} if isinstance(checks, Mapping) else {}
    if not wrong:
        return f'<p class="verdict good"><span aria-hidden="true">●</span> {escape(texts("owner.well"))}</p>\n'
    rows = "".join(
        f"<li><strong>{escape(_check(name, texts))}</strong> — {_fault(str(said), texts)}</li>"
        for name, said in wrong.items()
    )
    head = f'<p class="verdict bad"><span aria-hidden="true">▲</span> {escape(texts("owner.failing"))}</p>'
    return f'<div class="card trouble" role="alert">{head}<ul>{rows}</ul></div>\n'


def _fault(said: str, texts: Texts) -> str:
    """What is wrong, in our own words; a platform's trouble in its own."""
    key = f"owner.fault_{said}"
    return escape(texts(key)) if key in texts.formats else f'<span lang="en">{escape(said)}</span>'


def _check(name: str, texts: Texts) -> str:
    key = f"owner.check_{name}"
    return texts(key) if key in texts.formats else name


# --- body ------------------------------------------------------------------------------------------------------------


def _body(now: Figures, view: View, texts: Texts) -> str:
    counted = (("owner.statements_a_day", now.statements_a_day), ("owner.articles_a_day", now.articles_a_day))
    charts = "".join(
        _card("", bars_by_day(texts(title), now.days, counts, view.zone, texts)) for title, counts in counted
    )
    tables = (
        ("owner.topics", topics_table(now, view.names[texts.language], texts)),
        ("owner.chats", chats_table(now, texts)),
        ("owner.lags", lags_table(now, texts)),
        ("owner.messages", outbox_table(now, texts)),
    )
    cards = [_card(texts(title), table) for title, table in tables]
    left, right = "".join(cards[:2]), "".join(cards[2:])
    return (
        f'<ul class="tiles">{_tiles(now, texts)}</ul>\n'
        f"{_card(texts('owner.feeds'), feeds_tables(now, view.zone, texts))}\n"
        f'<div class="pair">{charts}</div>\n'
        f"{_card(texts('owner.editions'), editions_table(now, view.zone, texts))}\n"
        f'<div class="pair"><div class="stack">{left}</div><div class="stack">{right}</div></div>\n'
    )


def _card(title: str, content: str) -> str:
    head = f"<h2>{escape(title)}</h2>" if title else ""
    return f'<section class="card">{head}{content}</section>'


def _tiles(now: Figures, texts: Texts) -> str:
    well, feeds = now.conditions["well"], len(now.feeds)
    gone = now.chats_that_are("unreachable")
    lost = texts("owner.tile_unreachable", n=gone) if gone else texts("owner.tile_all_reachable")
    said = number(now.statements_a_day[-1] if now.statements_a_day else 0, texts)
    stored = texts("owner.tile_stored", articles=number(now.articles, texts), statements=number(now.statements, texts))
    waits = texts("owner.tile_nothing")
    if now.unsent_since:
        waits = texts("owner.tile_oldest", span=span(now.at - now.unsent_since, texts))
    tiles = (
        (str(well), texts("owner.tile_feeds"), texts("owner.tile_of", all=feeds)),
        (number(now.fresh_articles, texts), texts("owner.tile_articles"), ""),
        (said, texts("owner.tile_statements"), ""),
        (number(now.unsent, texts), texts("owner.tile_unsent"), waits),
        (number(now.chats_that_are("active"), texts), texts("owner.tile_chats"), lost),
        (size(now.bytes, texts), texts("owner.tile_size"), stored),
    )
    return "".join(_tile(*tile) for tile in tiles)


def _tile(figure: str, what: str, note: str) -> str:
    said = f'<span class="soft small">{escape(note)}</span>' if note else ""
    return f'<li class="card"><span class="figure">{escape(figure)}</span> <span>{escape(what)}</span> {said}</li>'
