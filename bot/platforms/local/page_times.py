"""Pure: which outlets tell a story and since when, each with its hour and as a dot on the page's axis.

The hours stand as text, so that nothing is lost where drawings are; the drawn ones are hidden from screen readers.
"""

from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.model import Article, Digest, Story
from bot.domain.phrases import counted, hour_of
from bot.domain.texts import Texts
from bot.domain.timeline import Tick, by_hour, tellers
from bot.platforms.local.paper import Paper, before_colon, outlet_html, text

_WEEK = timedelta(days=6)  # within it a weekday says which day is meant


def tellers_html(story: Story, paper: Paper) -> str:
    """« 3 médias : » and each with its hour, drawn on the page's axis too; one alone needs no drawing."""
    articles = by_hour(tellers(story))
    drawn = len(articles) > 1 and paper.digest.density != "titres" and any(a.published_at for a in articles)
    rows = [_teller(article, paper, drawn=drawn) for article in articles]
    axis = f'<div class="axis" aria-hidden="true">{_hours(paper)}</div>\n' if drawn else ""
    label = counted("outlets", len(articles), paper.texts)
    head = f"<p>{text(before_colon(label, paper.texts))}</p>\n" if len(articles) > 1 else ""
    items = "\n".join(rows)
    kind = "tellers drawn" if drawn else "tellers"
    listed = f'<ul role="list" aria-label="{escape(paper.texts("page.tellers"))}">\n{items}\n</ul>'
    return f'<div class="{kind}">\n{head}{listed}\n{axis}</div>'


def _teller(article: Article, paper: Paper, *, drawn: bool) -> str:
    name = f'<span class="name">{outlet_html(article, article.url, paper)}</span>'
    when = article.published_at
    if when is None:
        return f"<li>{name}</li>"
    hour = f'<time datetime="{when.isoformat()}">{text(moment(when, paper.digest, paper.texts))}</time>'
    return f"<li>{name} {_dot(paper.axis.place(when)) if drawn else ''}{hour}</li>"


def moment(when: datetime, digest: Digest, texts: Texts) -> str:
    """« 7 h 12 », with the weekday « samedi 18 h », or « 14 novembre »: as much as tells it from other days."""
    zone = ZoneInfo(digest.timezone)
    local, end = when.astimezone(zone), digest.until.astimezone(zone)
    hour = hour_of(when, digest.timezone, texts)
    if local.date() == end.date():
        return hour
    if end.date() - local.date() <= _WEEK and local < end:
        return texts("page.weekday_hour", weekday=texts(f"weekday.{local.weekday()}"), hour=hour)
    return _date(local, texts)


def _date(local: datetime, texts: Texts) -> str:
    day = texts("date.first") if local.day == 1 else local.day
    return texts("page.day", day=day, month=texts(f"month.{local.month}"))


def _dot(place: float) -> str:
    return (
        '<svg class="track" width="100%" height="12" aria-hidden="true" focusable="false">'
        f'<line x1="0" x2="100%" y1="6" y2="6"/><circle cx="{place:.1%}" cy="6" r="4"/></svg>'
    )


def _hours(paper: Paper) -> str:
    ticks = paper.axis.ticks
    names = "".join(
        f'<g{_role(n, ticks)}><line x1="{tick.place:.1%}" x2="{tick.place:.1%}" y1="-3" y2="1"/>'
        f'<text x="{tick.place:.1%}" y="12" text-anchor="middle">{text(_tick_name(tick, ticks, paper))}</text></g>'
        for n, tick in enumerate(ticks)
    )
    kind = "hours dates" if _only_dates(ticks) else "hours"
    return f'<svg class="{kind}" width="100%" height="15" focusable="false">{names}</svg>'


def _role(at: int, ticks: tuple[Tick, ...]) -> str:
    """Where there is little room, only the first and the last tick are named."""
    last = len(ticks) - 1
    return ' class="last"' if at == last else ' class="mid"' if at else ""


def _only_dates(ticks: tuple[Tick, ...]) -> bool:
    return all(tick.midnight for tick in ticks)


def _tick_name(tick: Tick, ticks: tuple[Tick, ...], paper: Paper) -> str:
    """The hour; midnight has the name of its day, and where the axis has only midnights, its date."""
    local = tick.at.astimezone(ZoneInfo(paper.axis.zone))
    if not tick.midnight:
        return hour_of(tick.at, paper.axis.zone, paper.texts)
    if _only_dates(ticks):
        return _date(local, paper.texts)
    return paper.texts(f"when.short_{local.weekday()}")
