"""The tables of /status. On a phone a row becomes a block and its cells name their columns (`data-label`). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape

from bot.domain.figures import STEPS, Edition, Figures
from bot.domain.health import FeedCondition, condition
from bot.domain.measures import number, span
from bot.domain.model import FeedState
from bot.domain.phrases import day_of, hour_of
from bot.domain.texts import Texts

_SIGNS: Mapping[FeedCondition, tuple[str, str]] = {  # told by form and word, not by colour alone
    "silent": ("bad", "▲"),
    "gone": ("bad", "■"),
    "failing": ("warn", "◆"),
    "unread": ("soft", "○"),
    "well": ("good", "●"),
}
_WORST_FIRST = tuple(_SIGNS)
_CHATS = ("active", "paused", "unsubscribed", "held", "unreachable")

Cell = tuple[str, str]  # its class, its HTML


def _table(heads: Sequence[Cell], rows: Iterable[Sequence[str]], *, stacked: bool = False) -> str:
    """A table of HTML cells under heads of text; `stacked` is too wide for a phone."""
    top = "".join(f'<th scope="col"{_class(kind)}>{escape(head)}</th>' for kind, head in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td{_class(kind)} data-label="{escape(head)}">{cell}</td>'
            for (kind, head), cell in zip(heads, row, strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    kind = "table stacked" if stacked else "table"
    return f'<table class="{kind}"><thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


# --- news ------------------------------------------------------------------------------------------------------------


def topics_table(now: Figures, names: Mapping[str, str], texts: Texts) -> str:
    """Topics by the articles about them, the most first; what chats wrote stands together and unnamed."""
    hits = sorted(now.hits.items(), key=lambda item: (-item[1], item[0]))
    shown = [(names.get(topic, topic), count) for topic, count in hits]
    if now.own_topics:
        shown.append((texts("owner.own_topics", n=number(now.own_topics, texts)), now.own_hits))
    most = max((count for _, count in shown), default=0) or 1
    rows = ((escape(name), _meter(count / most), number(count, texts)) for name, count in shown)
    heads = (("", texts("owner.topic")), ("wide", ""), ("number", texts("owner.number")))
    return _table(heads, rows)


def _meter(share: float) -> str:
    return f'<span class="meter" aria-hidden="true"><span style="width:{share:.1%}"></span></span>'


def lags_table(now: Figures, texts: Texts) -> str:
    """How long each step takes."""
    heads = [("", texts("owner.step")), *(("number", texts(f"owner.{name}")) for name in ("half", "most", "cases"))]
    rows = []
    for step in STEPS:
        lag = now.lags.get(step)
        spans = (span(lag.half, texts), span(lag.most, texts)) if lag and lag.cases else ("–", "–")
        rows.append((escape(texts(f"owner.step_{step}")), *spans, number(lag.cases if lag else 0, texts)))
    return f'{_table(heads, rows)}<p class="soft small note">{escape(texts("owner.lags_note"))}</p>'


# --- messages --------------------------------------------------------------------------------------------------------


def editions_table(now: Figures, zone: str, texts: Texts) -> str:
    """The latest digests."""
    if not now.editions:
        return f'<p class="soft">{escape(texts("owner.edition_none"))}</p>'
    heads = (
        ("", texts("owner.edition_due")),
        ("", texts("owner.edition_chat")),
        ("number", texts("owner.edition_articles")),
        ("", texts("owner.edition_outcome")),
    )
    rows = (
        (
            _edition_due(edition, now.at, zone, texts),
            escape(edition.title or f"{edition.chat.platform} {edition.chat.id}"),
            number(edition.articles, texts) if edition.articles else "–",
            _outcome(edition, texts),
        )
        for edition in now.editions
    )
    return _table(heads, rows, stacked=True)


def _edition_due(edition: Edition, now: datetime, zone: str, texts: Texts) -> str:
    day, hour = day_of(edition.due_at, zone, texts), hour_of(edition.due_at, zone, texts)
    day = texts("owner.today") if day == day_of(now, zone, texts) else day
    asked = f" · {texts('owner.edition_now')}" if edition.slot.startswith("now") else ""
    return f'{escape(day)}, {escape(hour)}<span class="soft">{escape(asked)}</span>'


def _outcome(edition: Edition, texts: Texts) -> str:
    """The worst that became of its messages."""
    messages = edition.messages
    unsent = messages.get("pending", 0) + messages.get("sending", 0)
    if messages.get("dead"):
        return _said("bad", "■", texts("owner.edition_dead"))
    if messages.get("unknown"):
        return _said("warn", "◆", texts("owner.edition_unknown"))
    if unsent:
        return _said("warn", "○", texts("owner.edition_unsent", n=unsent))
    if edition.sent_at:
        return _said("good", "●", texts("owner.edition_sent", span=span(edition.sent_at - edition.due_at, texts)))
    return _said("soft", "–", texts("owner.edition_empty"))


def outbox_table(now: Figures, texts: Texts) -> str:
    """Messages by state."""
    heads = (("", texts("owner.state")), ("number", texts("owner.number")))
    return _table(heads, ((escape(texts(f"owner.state_{state}")), number(n, texts)) for state, n in now.outbox.items()))


def chats_table(now: Figures, texts: Texts) -> str:
    """Subscriptions by platform and condition; only conditions that occur have a column."""
    platforms = sorted({platform for platform, _ in now.chats})
    shown = [how for how in _CHATS if how == "active" or any(found == how for _, found in now.chats)]
    heads = [("", texts("owner.platform")), *(("number", texts(f"owner.chat_{how}")) for how in shown)]
    counts = {(platform, str(how)): n for (platform, how), n in now.chats.items()}
    rows = ((escape(p.capitalize()), *(number(counts.get((p, how), 0), texts) for how in shown)) for p in platforms)
    return _table(heads, rows) if platforms else f'<p class="soft">{escape(texts("owner.none"))}</p>'


# --- feeds -----------------------------------------------------------------------------------------------------------


def feeds_tables(now: Figures, zone: str, texts: Texts) -> str:
    """Every feed: those with trouble, the worst first, and the others to be opened."""

    def place(state: FeedState) -> tuple[int, str, str]:
        return _WORST_FIRST.index(condition(state, now.at)), state.feed.outlet.casefold(), state.feed.section

    feeds = sorted(now.feeds, key=place)
    well = [state for state in feeds if condition(state, now.at) == "well"]
    troubled = feeds[: len(feeds) - len(well)]
    counts = texts("owner.feeds_counts", **{how: number(n, texts) for how, n in now.conditions.items()})
    first = _feeds(troubled, now, zone, texts) if troubled else ""
    rest = ""
    if well:
        summary = texts("owner.feeds_well", n=number(len(well), texts))
        rest = f"<details><summary>{escape(summary)}</summary>{_feeds(well, now, zone, texts)}</details>"
    return f'<p class="soft small">{escape(counts)}</p>{first}{rest}'


def _feeds(feeds: Sequence[FeedState], now: Figures, zone: str, texts: Texts) -> str:
    heads = (
        ("", texts("owner.feed")),
        ("", texts("owner.state")),
        ("", texts("owner.feed_answer")),
        ("", texts("owner.feed_new")),
        ("", texts("owner.feed_interval")),
    )
    rows = (
        (
            _feed(state),
            _condition(state, now.at, texts),
            _ago(state.succeeded_at, now.at, zone, texts),
            _ago(state.new_at, now.at, zone, texts),
            _interval(state, now.at, texts),
        )
        for state in feeds
    )
    return _table(heads, rows, stacked=True)


def _feed(state: FeedState) -> str:
    section = f' <span class="soft">· {escape(state.feed.section)}</span>' if state.feed.section else ""
    return f"<strong>{escape(state.feed.outlet)}</strong>{section}"


def _condition(state: FeedState, now: datetime, texts: Texts) -> str:
    how = condition(state, now)
    said = _said(*_SIGNS[how], texts(f"owner.feed_{how}"))
    if not state.error:
        return said
    key = f"owner.error_{state.error}"
    what = texts(key) if key in texts.formats else state.error
    since = f", {texts('owner.feed_since', span=span(now - state.failing_since, texts))}" if state.failing_since else ""
    return f'{said} · {escape(what + since)}<br><span class="soft small" lang="en">{escape(state.error_message)}</span>'


def _ago(moment: datetime | None, now: datetime, zone: str, texts: Texts) -> str:
    if moment is None:
        return f'<span class="soft">{escape(texts("owner.never"))}</span>'
    exact = f"{day_of(moment, zone, texts)}, {hour_of(moment, zone, texts)}"
    said = texts("owner.ago", span=span(now - moment, texts))
    return f'<time datetime="{moment.isoformat()}" title="{escape(exact)}">{escape(said)}</time>'


def _interval(state: FeedState, now: datetime, texts: Texts) -> str:
    if state.disabled or state.polled_at is None:
        return "–"
    # Jitter is not worth a decimal: 31 min of 30 are 30.
    minutes = max(1, round((state.next_poll_at - state.polled_at) / timedelta(minutes=5))) * 5
    left = span(max(state.next_poll_at - now, timedelta()), texts)
    title = texts("owner.feed_next", when=texts("owner.in", span=left))
    return f'<span title="{escape(title)}">{escape(span(timedelta(minutes=minutes), texts))}</span>'


def _said(kind: str, sign: str, words: str) -> str:
    return f'<span class="{kind}"><span aria-hidden="true">{sign}</span> {escape(words)}</span>'
