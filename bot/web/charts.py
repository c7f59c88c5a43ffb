"""Bars by day as inline SVG, with everything that they show in words beside them. Pure."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.measures import number
from bot.domain.phrases import day_of
from bot.domain.texts import Texts

_HEIGHT, _STEP, _BAR = 100, 10, 7  # of the drawing, which is stretched to its place: words stay outside it
_LEAST = 1.5  # so high is the bar of one among thousands
_NICE = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)


def bars_by_day(title: str, days: Sequence[datetime], counts: Sequence[int], zone: str, texts: Texts) -> str:
    """A figure: title, sum, one bar a day, and the same as a table to open."""
    if not counts:
        return ""
    names = [day_of(day, zone, texts) for day in days]
    names[-1] = texts("owner.today")
    top = ceiling(max(counts))
    total = texts(
        "owner.chart_total", total=number(sum(counts), texts), days=len(counts), most=number(max(counts), texts)
    )
    bars = "".join(
        _bar(place, count / top, texts("owner.chart_bar", day=name, n=number(count, texts)), last=name is names[-1])
        for place, (name, count) in enumerate(zip(names, counts, strict=True))
    )
    width = len(counts) * _STEP
    ends = f"<span>{escape(short_day(days[0], zone, texts))}</span><span>{escape(names[-1])}</span>"
    return (
        f'<figure class="chart">\n<figcaption><h2>{escape(title)}</h2>'
        f'<p class="soft small">{escape(total)}</p></figcaption>\n'
        f'<div class="plot"><span class="top" aria-hidden="true">{number(top, texts)}</span>'
        f'<svg viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)} : {escape(total)}">'
        f'<path class="grid" d="M0 .5H{width}M0 {_HEIGHT / 2}H{width}"/>{bars}'
        f'<path class="floor" d="M0 {_HEIGHT - 0.5}H{width}"/></svg></div>\n'
        f'<p class="ends soft small" aria-hidden="true">{ends}</p>\n{_table(names, counts, texts)}</figure>'
    )


def ceiling(most: int) -> int:
    """The round number at or above, for the top of the scale."""
    if most <= _NICE[0]:
        return max(most, 1)
    size = 1
    while most > _NICE[-1] * size:
        size *= 10
    return next(step * size for step in _NICE if most <= step * size)


def short_day(day: datetime, zone: str, texts: Texts) -> str:
    """« 24 octobre », without the day of the week."""
    local = day.astimezone(ZoneInfo(zone))
    first = texts("date.first") if local.day == 1 else str(local.day)
    return f"{first} {texts(f'month.{local.month}')}"


def _bar(place: int, share: float, words: str, *, last: bool) -> str:
    height = max(_LEAST, share * _HEIGHT) if share else 0
    left, up = place * _STEP + (_STEP - _BAR) / 2, _HEIGHT - height
    shape = f'<rect class="{"now" if last else "bar"}" x="{left:g}" y="{up:.1f}" width="{_BAR}" height="{height:.1f}"/>'
    # The whole column answers to the pointer, so that a day with nothing does, too.
    column = f'<rect class="column" x="{place * _STEP}" width="{_STEP}" height="{_HEIGHT}"/>'
    return f"<g><title>{escape(words)}</title>{shape}{column}</g>"


def _table(names: Sequence[str], counts: Sequence[int], texts: Texts) -> str:
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="number">{number(count, texts)}</td></tr>'
        for name, count in reversed(tuple(zip(names, counts, strict=True)))
    )
    head = f'<th scope="col">{texts("owner.day")}</th><th scope="col" class="number">{texts("owner.number")}</th>'
    return (
        f'<details class="small"><summary class="soft">{texts("owner.chart_figures")}</summary>'
        f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>\n'
    )
