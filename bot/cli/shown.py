"""How things look on the command line: domain objects as JSON-ready data and as lines."""

from datetime import UTC, datetime

from bot.domain.errors import FeedError
from bot.domain.model import Article, Feed, ParsedFeed, Statement, TopicMatch

_BOLD, _CYAN, _FAINT, _END = "\033[1m", "\033[36m", "\033[2m", "\033[0m"


def statement_data(statement: Statement) -> dict[str, object]:
    """The fields of PRODUCT.md section 6; `in` only for what was found in a title."""
    record: dict[str, object] = {
        "speaker": statement.speaker,
        "mention": statement.mention,
        "role": statement.role,
        "cue": statement.cue,
        "kind": statement.kind,
        "text": statement.text,
        "spans": [list(span) for span in statement.spans],
        "polarity": statement.polarity,
        "confidence": round(statement.confidence, 3),
        "shown": statement.shown,
        "sentence": statement.sentence,
    }
    return record | ({"in": "title"} if statement.place == "title" else {})


def statement_line(statement: Statement, number: int, *, styled: bool) -> str:
    """One statement for a person, under the marked text: whether a digest shows it, how sure, who, cue, kind."""
    bold, cyan, faint, end = (_BOLD, _CYAN, _FAINT, _END) if styled else ("",) * 4
    mark = "+" if statement.shown else "-"
    role = f" ({statement.role})" if statement.role else ""
    polarity = "" if statement.polarity == "affirmed" else f" [{statement.polarity}]"
    head = f"  {number} {mark} {statement.confidence:.2f}  {bold}{statement.speaker}{end}{role}"
    cue = f"  {cyan}{statement.cue}{end}" if statement.cue else ""
    return f"{head}{cue}{polarity}  {faint}{statement.kind}{end}"


def evidence_data(match: TopicMatch) -> list[dict[str, object]]:
    """The words that said so."""
    return [{"term": e.term, "in": e.place, "start": e.start, "end": e.end} for e in match.evidence]


def parsed_data(answer: ParsedFeed | Exception) -> dict[str, object]:
    """Entries and what was dropped; a document that is no feed has neither, and says why."""
    if isinstance(answer, FeedError):
        return {"entries": [], "dropped": [{"reason": answer.kind, "detail": str(answer)}]}
    if isinstance(answer, Exception):
        raise answer
    entries = [
        {
            "id": entry.id,
            "url": entry.url,
            "link": entry.link,
            "title": entry.title,
            "summary": entry.summary,
            "published": entry.published.astimezone(UTC).isoformat() if entry.published else None,
        }
        for entry in answer.entries
    ]
    return {"entries": entries, "dropped": [{"reason": d.reason, "detail": d.detail} for d in answer.dropped]}


def article_of_line(record: dict[str, object]) -> Article:
    """An article given as JSON: {id, outlet, published, title, summary, url, text?}; what is missing is empty."""
    words = {key: str(record.get(key) or "") for key in ("outlet", "title", "summary", "url", "text")}
    return Article(
        title=words["title"],
        summary=words["summary"],
        text=words["text"],
        url=words["url"],
        published_at=_moment(record.get("published")),
        feed=Feed(outlet=words["outlet"], url=""),
    )


def _moment(value: object) -> datetime | None:
    """A date in ISO 8601, UTC where it names no zone; None where it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
