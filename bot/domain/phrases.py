"""The sentences around the stories of a digest: head, counts, marks, honest lines at the end. Plain text, no markup."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.model import Article, Digest
from bot.domain.texts import Texts

NBSP = "\u00a0"
OUTLETS_SHOWN = 3  # by name under a story; the others are counted: « +2 »


def day_of(moment: datetime, zone: str, texts: Texts) -> str:
    """« dimanche 22 novembre »."""
    local = moment.astimezone(ZoneInfo(zone))
    return texts(
        "date.day",
        weekday=texts(f"weekday.{local.weekday()}"),
        day=_day_number(local, texts),
        month=texts(f"month.{local.month}"),
    )


def date_of(moment: datetime, zone: str, texts: Texts) -> str:
    """« 22 novembre 2026 »."""
    local = moment.astimezone(ZoneInfo(zone))
    return texts("date.day_year", day=_day_number(local, texts), month=texts(f"month.{local.month}"), year=local.year)


def hour_of(moment: datetime, zone: str, texts: Texts) -> str:
    """« 8 h », « 8 h 30 »."""
    local = moment.astimezone(ZoneInfo(zone))
    key = "date.hour_minutes" if local.minute else "date.hour"
    return texts(key, hour=local.hour, minutes=local.minute)


def counted(what: str, n: int, texts: Texts) -> str:
    """« 1 article », « 14 articles »: `what` is articles, outlets or stories. French counts 0 as one."""
    one = n < 2 if texts.language == "fr" else n == 1  # noqa: PLR2004 (the plural begins at two)
    return texts(f"count.{what}_{'one' if one else 'other'}", n=n)


def head_line(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    """« OTAN · Ukraine — dimanche 22 novembre, 8 h »."""
    names = {**names, **dict(digest.own_names)}
    return texts(
        "digest.alert" if digest.alert else "digest.head",
        topics=" · ".join(names.get(topic, topic) for topic in digest.topics),
        day=day_of(digest.until, digest.timezone, texts),
        hour=hour_of(digest.until, digest.timezone, texts),
    )


def count_line(digest: Digest, texts: Texts) -> str:
    """« 14 articles de 8 médias, 3 événements », or « Rien de nouveau. »."""
    if not digest.stories:
        return texts("digest.empty")
    return texts(
        "digest.counts",
        articles=counted("articles", digest.articles, texts),
        outlets=counted("outlets", digest.outlets, texts),
        stories=counted("stories", len(digest.stories) + digest.more, texts),
    )


def head_notes(digest: Digest, texts: Texts) -> tuple[str, ...]:
    """What a reader must know before reading: an earlier period was taken, a digest was missed."""
    notes = []
    if digest.widened:
        notes.append(texts("digest.widened", date=date_of(digest.since, digest.timezone, texts)))
    if digest.caught_up:
        notes.append(texts("digest.caught_up"))
    return tuple(notes)


def foot_lines(digest: Digest, texts: Texts) -> tuple[str, ...]:
    """What is not in the digest: further stories, outlets that have fallen silent."""
    lines = []
    if digest.more:
        lines.append(texts("digest.more", n=digest.more))
    if digest.silent:
        key = "digest.silent_one" if digest.silent == 1 else "digest.silent_other"
        lines.append(texts(key, silent=digest.silent, watched=digest.watched))
    return tuple(lines)


def outlet_label(article: Article, texts: Texts) -> str:
    """The outlet as shown: behind a paywall with a lock; a state's or an institution's own with the word for it."""
    label = article.outlet
    if article.feed.kind in {"state", "institution"}:
        label += f" ({texts(f'digest.{article.feed.kind}')})"
    return f"{label}{NBSP}{texts('digest.paywall')}" if article.feed.paywall else label


def _day_number(local: datetime, texts: Texts) -> str:
    return texts("date.first") if local.day == 1 else str(local.day)
