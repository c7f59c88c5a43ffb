"""Why an article was shown or not, stage by stage, for the person who asks: from what is stored to lines.

read → topics (rule, words, weight) → kind → group → what the chat chose → digest. What was said in it: why_said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.digest import LATE_NEWS
from bot.domain.editions import Edition, Telling
from bot.domain.less import is_off
from bot.domain.model import Article, Candidate, Evidence, StoryKind, Subscription, Tie
from bot.domain.phrases import day_of, hour_of
from bot.domain.schedule import next_slot
from bot.domain.talk import Marked, Piece
from bot.domain.texts import Texts
from bot.domain.topics import Weighed
from bot.domain.why_said import said_lines

_WORDS, _OUTLETS = 5, 8
_LONGEST_RULE = 120


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All that is known of an article when somebody asks about it, and of the chat in which they do."""

    found: Candidate
    settings: Subscription
    now: datetime
    names: Mapping[str, str]  # topic → name, of those that the chat reads
    rules: Mapping[str, str]  # topic → rule as written, of the chat's own
    weighed: Sequence[Weighed]  # the topics that the chat reads, by the rules in force
    shown_from: float  # how sure a statement has to be
    kind: tuple[StoryKind, str] = ("news", "")
    others: Sequence[Article] = ()  # of its group
    tie: Tie | None = None
    telling: Telling | None = None
    place: tuple[Edition, int] | None = None  # where a digest has it: the number of its story


def explain(inquiry: Inquiry, texts: Texts) -> tuple[Marked, ...]:
    """The answer, a line or two a stage."""
    stages = (_read, _topics, _kind, _group, _choices, _digest)
    lines = [line for stage in stages for line in stage(inquiry, texts)]
    off = [name for name, _ in inquiry.settings.without_people if is_off(inquiry.settings, name, inquiry.now)]
    return (*lines, *said_lines(inquiry.found, inquiry.shown_from, off, texts))


def _line(texts: Texts, stage: str, text: str) -> Marked:
    return Piece(texts(f"why.{stage}"), "b"), Piece(f" {text}")


def _moment(moment: datetime, inquiry: Inquiry, texts: Texts) -> str:
    zone = inquiry.settings.timezone
    return texts("why.moment", day=day_of(moment, zone, texts), hour=hour_of(moment, zone, texts))


# --- read ------------------------------------------------------------------------------------------------------------


def _read(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    article = inquiry.found.article
    feed = " · ".join(part for part in (article.feed.outlet, article.feed.section) if part)
    seen, published = (_moment(at, inquiry, texts) if at else "?" for at in (article.seen_at, article.published_at))
    notes = [texts("why.read_feed", feed=feed, seen=seen, published=published)]
    if article.text:
        notes.append(texts("why.read_page"))
    elif any(statement.place == "text" for statement in inquiry.found.statements):
        notes.append(texts("why.read_gone"))
    if article.from_first_poll:
        notes.append(texts("why.read_first"))
    yield _line(texts, "read", " ".join(notes))


# --- topics ----------------------------------------------------------------------------------------------------------


def _topics(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    if not inquiry.names:
        yield _line(texts, "topics", texts("why.topics_none"))
        return
    stored = {match.topic: match.evidence for match in inquiry.found.matches}
    silent = []
    for weighed in inquiry.weighed:
        told = _topic(inquiry, weighed, stored.get(weighed.topic, ()), texts)
        if not told:
            silent.append(inquiry.names[weighed.topic])
            continue
        rule = inquiry.rules.get(weighed.topic, "")
        written = texts("why.rule", rule=_cut(rule, _LONGEST_RULE)) if rule else ""
        name = texts("why.topic", name=inquiry.names[weighed.topic])
        yield Piece(name, "b"), Piece(" " + " ".join(part for part in (told, written) if part))
    if silent:
        yield _line(texts, "topics", texts("why.topics_silent", names=", ".join(silent)))


def _topic(inquiry: Inquiry, weighed: Weighed, stored: Sequence[Evidence], texts: Texts) -> str:
    """What one rule made of the article; "" where none of its words occurs."""
    article = inquiry.found.article
    words = _words(article, weighed.words, texts)
    weight, enough = _number(weighed.weight or 0.0, texts), _number(weighed.enough, texts)
    if weighed.holds:
        key = "why.topic_yes" if words else "why.topic_outlet"
        return texts(key, words=words, weight=weight, enough=enough)
    if stored and not article.text:  # the page said so, whose text is kept for a few days only
        return texts("why.topic_page", words=_terms(stored, texts))
    if weighed.weight is not None:
        return texts("why.topic_little", words=words, weight=weight, enough=enough)
    if weighed.against:
        return texts("why.topic_against", words=words, against=_words(article, weighed.against, texts))
    return texts("why.topic_part", words=words) if words else ""


def _words(article: Article, evidence: Iterable[Evidence], texts: Texts) -> str:
    """« Otan » (titre), « Rutte » (texte, 2 fois)."""
    places = {"title": article.title, "summary": article.summary, "text": article.text}
    counted: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], str] = {}
    for one in evidence:
        word = " ".join(places[one.place][one.start : one.end].split()) or one.term
        key = (word.casefold(), one.place)
        counted[key] += 1
        shown.setdefault(key, word)
    told = []
    for (folded, place), times in list(counted.items())[:_WORDS]:
        form = "why.word" if times == 1 else "why.word_times"
        told.append(texts(form, word=shown[folded, place], place=texts(f"why.place_{place}"), n=times))
    return ", ".join((*told, f"+{len(counted) - _WORDS}") if len(counted) > _WORDS else told)


def _terms(evidence: Iterable[Evidence], texts: Texts) -> str:
    terms = list(dict.fromkeys(one.term for one in evidence))
    return ", ".join(texts("why.term", word=term) for term in terms[:_WORDS])


def _number(value: float, texts: Texts) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", texts("measure.decimal"))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


# --- kind and group --------------------------------------------------------------------------------------------------


def _kind(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    kind, sign = inquiry.kind
    if kind == "news":
        yield _line(texts, "kind", texts("why.kind_news"))
    else:
        yield _line(texts, "kind", texts("why.kind_other", kind=texts(f"why.kind_{kind}"), sign=sign))


def _group(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    if inquiry.kind[0] != "news":
        return
    outlets = [one.outlet for one in inquiry.others if one.outlet != inquiry.found.article.outlet]
    names = list(dict.fromkeys(outlets or [one.outlet for one in inquiry.others]))
    if not names:
        yield _line(texts, "group", texts("why.group_alone"))
        return
    more = f" +{len(names) - _OUTLETS}" if len(names) > _OUTLETS else ""
    reason = _tied(inquiry.tie, texts)
    yield _line(texts, "group", texts("why.group_with", names=", ".join(names[:_OUTLETS]) + more, reason=reason))


def _tied(tie: Tie | None, texts: Texts) -> str:
    if tie is None:
        return texts("why.tie_whole")
    likeness = round(100 * tie.likeness)
    return texts(f"why.tie_{tie.reason}", title=tie.title, words=", ".join(tie.words), likeness=likeness)


# --- the chat --------------------------------------------------------------------------------------------------------


def _choices(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    """What was chosen here that keeps it out."""
    settings, article = inquiry.settings, inquiry.found.article
    ids = {article.id, *(one.id for one in inquiry.others)}
    if article.outlet in settings.without_outlets:
        yield _line(texts, "here", texts("why.here_outlet", outlet=article.outlet))
    if ids & set(settings.hidden):
        yield _line(texts, "here", texts("why.here_hidden"))
    if settings.paused:
        yield _line(texts, "here", texts("why.here_paused"))


def _digest(inquiry: Inquiry, texts: Texts) -> Iterator[Marked]:
    text = _shown(inquiry, texts) or _told(inquiry, texts) or _planned(inquiry, texts)
    if text:
        yield _line(texts, "digest", text)


def _shown(inquiry: Inquiry, texts: Texts) -> str:
    if inquiry.place is None:
        return ""
    edition, number = inquiry.place
    at = _moment(edition.made_at, inquiry, texts)
    if number > len(edition.stories):
        return texts("why.digest_further", at=at, number=number)
    key = "why.digest_alert" if edition.alert else "why.digest_shown"
    sent = inquiry.telling.state if inquiry.telling else None
    waits = texts(f"why.message_{sent}") if sent and sent != "sent" else ""
    return " ".join(part for part in (texts(key, at=at, number=number), waits) if part)


def _told(inquiry: Inquiry, texts: Texts) -> str:
    telling = inquiry.telling
    if telling is None or telling.passed:
        return texts("why.digest_passed") if telling else ""
    key = "why.digest_known" if telling.slot.startswith("known-") else "why.digest_left"
    return texts(key, at=_moment(telling.at, inquiry, texts))


def _planned(inquiry: Inquiry, texts: Texts) -> str:
    """Whether the next digest will have it."""
    settings, article = inquiry.settings, inquiry.found.article
    about = any(weighed.holds for weighed in inquiry.weighed) or {m.topic for m in inquiry.found.matches} & {
        *inquiry.names
    }
    if not about or inquiry.kind[0] != "news":
        return ""
    if not settings.subscribed:
        return texts("why.digest_none")
    last, published = settings.last_digest_at, article.published_at
    if last and published and published <= last and not _came_late(article, last):
        return texts("why.digest_before", at=_moment(last, inquiry, texts))
    slot = next_slot(settings, inquiry.now)
    return texts("why.digest_next", at=_moment(slot.at, inquiry, texts)) if slot else ""


def _came_late(article: Article, last: datetime) -> bool:
    """Published under an earlier date, and seen since: then it counts all the same."""
    published, seen = article.published_at, article.seen_at
    late = seen is not None and seen > last and not article.from_first_poll
    return late and published is not None and published > last - LATE_NEWS
