"""Values for tests: every field has a plain default, so that a test names only what it is about."""

from datetime import UTC, datetime, timedelta

from bot.domain.model import (
    Article,
    Candidate,
    Entry,
    Evidence,
    Feed,
    Statement,
    TopicMatch,
)

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # a Sunday, 8 h in Paris
COURRIER = Feed("Le Courrier", "https://courrier.example/rss", country="FR")
RADIO = Feed("Radio Nord", "https://radio.example/rss", country="BE", kind="public")
OBSERVATEUR = Feed("L’Observateur", "https://observateur.example/rss", country="CH", paywall=True)


def article(title="Un pont rouvre à Sarlange", *, feed=COURRIER, hours_ago=2.0, **fields) -> Article:
    """An article of Le Courrier, two hours old, seen when it was published."""
    published = fields.pop("published_at", NOW - timedelta(hours=hours_ago))
    fields.setdefault("seen_at", published)
    number = fields.setdefault("id", 1)
    fields.setdefault("url", f"{feed.url.rsplit('/', 1)[0]}/articles/{number}")
    return Article(title=title, feed=feed, published_at=published, **fields)


def statement(text="le pont rouvrira lundi", **fields) -> Statement:
    """Anna Lutz a annoncé que …, sure enough to be shown."""
    fields.setdefault("speaker", "Anna Lutz")
    fields.setdefault("mention", fields["speaker"])
    fields.setdefault("cue", "a annoncé")
    fields.setdefault("connector", "que")
    fields.setdefault("kind", "indirect")
    fields.setdefault("confidence", 0.95)
    fields.setdefault("shown", True)
    return Statement(text=text, spans=((0, len(text)),), **fields)


def match(topic="otan", score=0.9, *terms) -> TopicMatch:
    """The article is about the topic."""
    return TopicMatch(topic, score, tuple(Evidence(term, "title", 0, len(term)) for term in terms))


def candidate(title="Un pont rouvre à Sarlange", *statements, topics=("otan",), **fields) -> Candidate:
    """An article about OTAN with these statements."""
    return Candidate(article(title, **fields), tuple(match(topic) for topic in topics), statements)


def entry(number=1, **fields) -> Entry:
    """An item of a feed document, an hour old."""
    fields.setdefault("id", f"item-{number}")
    fields.setdefault("url", f"https://courrier.example/articles/{number}")
    fields.setdefault("link", fields["url"])
    fields.setdefault("title", f"Titre numéro {number}")
    fields.setdefault("published", NOW - timedelta(hours=1))
    return Entry(**fields)
