"""The tables as they are now; migrations/ holds how they became so, and a test keeps both the same."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.storage.columns import Instant, RowId, Tuples, Words

REVISION = "0001"  # the latest of migrations/, here so that a database that is up to date opens without Alembic
VERSION_TABLE = "verbatim_schema"  # tells our databases from others

metadata = MetaData()


def _words(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Words, nullable=False, server_default=default)


def _refers(name: str, target: str, *, ondelete: str = "CASCADE", nullable: bool = False) -> Column[int]:
    return Column(name, RowId, ForeignKey(target, ondelete=ondelete), nullable=nullable)


feed = Table(
    "feed",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    *(_words(name) for name in ("outlet", "section", "country", "kind", "language", "timezone")),
    Column("paywall", Boolean, nullable=False),
    _words("full_text"),
    Column("trusted", Boolean, nullable=False),
    Column("next_poll_at", Instant, nullable=False),
    *(_words(name) for name in ("etag", "last_modified", "body_hash")),
    *(Column(name, Instant) for name in ("polled_at", "succeeded_at", "new_at")),
    Column("failures", Integer, nullable=False, server_default="0"),
    *(_words(name) for name in ("error", "error_message")),
    Column("failing_since", Instant),
    _words("moved_to"),
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    _words("disabled"),
    Column("missing_since", Instant),
    Column("rate", Float),
    Column("ttl_minutes", Integer, nullable=False, server_default="0"),
    *(Column(name, Tuples, nullable=False, server_default="[]") for name in ("skip_hours", "skip_days")),
    _words("reported"),
    Column("shared", Boolean, nullable=False, server_default=true()),  # for everybody; False: chats added it
    Column("owner", Words),
    Column("lease_until", Instant),
)

article = Table(
    "article",
    metadata,
    Column("id", RowId, primary_key=True),
    _refers("feed_id", "feed.id"),
    _words("outlet"),
    _words("identity"),  # digest of the canonical address, or of feed and item id where there is none
    _words("url"),
    _words("link"),
    _words("title"),
    _words("summary"),
    Column("published_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("from_first_poll", Boolean, nullable=False),
    _words("version"),  # of the rules it was analysed under; "" when it has to be analysed
    Column("wants_page", Boolean, nullable=False, server_default=false()),
    Column("page_at", Instant),  # when its page was read; stays when the text goes
    Column("analysed_at", Instant),  # first
    UniqueConstraint("identity", "outlet", name="article_known_once"),
    Index("article_to_analyse", "seen_at", "version"),
    Index("article_feed", "feed_id"),
    Index(
        "article_wanted",
        "seen_at",
        sqlite_where=text("wants_page = 1"),  # as a question about it is written for SQLite, else it is not used
        postgresql_where=text("wants_page"),
    ),
    sqlite_autoincrement=True,  # an id is never given twice: it names a story and stands in buttons
)

page = Table(
    "page",
    metadata,
    Column("article_id", RowId, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _words("text", None),
)

item = Table(
    "item",
    metadata,
    Column("feed_id", RowId, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("key", Words, primary_key=True),  # digest of the item's id
    _refers("article_id", "article.id"),
    _words("fingerprint", None),
    Column("left_at", Instant),  # when the feed stopped showing it; None while it does
    Index("item_article", "article_id"),
    Index("item_shown", "feed_id", sqlite_where=text("left_at IS NULL"), postgresql_where=text("left_at IS NULL")),
)

topic_match = Table(
    "topic_match",
    metadata,
    Column("article_id", RowId, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("topic", Words, primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", Tuples, nullable=False),
    Column("published_at", Instant, nullable=False),  # the article's, which never moves
    Index("topic_match_by_date", "topic", "published_at"),
)

statement = Table(
    "statement",
    metadata,
    Column("id", RowId, primary_key=True),
    _refers("article_id", "article.id", ondelete="SET NULL", nullable=True),
    _words("outlet"),
    _words("url"),
    _words("title"),
    Column("published_at", Instant, nullable=False),
    Column("found_at", Instant, nullable=False),
    _words("speaker"),
    _words("mention"),
    _words("cue"),
    _words("kind"),
    _words("text"),
    Column("spans", Tuples, nullable=False),
    _words("frame"),
    _words("connector"),
    _words("role"),
    _words("polarity"),
    Column("confidence", Float, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("sentence", Integer, nullable=False),
    _words("place"),
    Column("cue_span", Tuples, nullable=False),
    Column("mention_span", Tuples, nullable=False),
    Index("statement_article", "article_id"),
    Index("statement_found", "found_at"),
    Index("statement_published", "published_at"),
)

_CHOICES = ("without_outlets", "without_people", "hidden", "muted", "alerts", "quiet", "taken")
subscription = Table(
    "subscription",
    metadata,
    Column("id", RowId, primary_key=True),
    _words("platform"),
    _words("chat"),
    _words("thread"),
    Column("topics", Tuples, nullable=False),
    Column("times", Tuples, nullable=False),
    Column("weekdays", Tuples, nullable=False),
    _words("timezone"),
    _words("density"),
    _words("language"),
    *(Column(name, Boolean, nullable=False) for name in ("tell_empty", "paused", "subscribed", "previews", "sound")),
    *(Column(name, Instant) for name in ("next_due_at", "last_digest_at", "paused_until", "suspended_at", "probe_at")),
    _words("held"),
    *(Column(n, Tuples, nullable=False) for n in _CHOICES),
    UniqueConstraint("platform", "chat", "thread", name="subscription_once_a_chat"),
)

run = Table(
    "run",
    metadata,
    Column("id", RowId, primary_key=True),
    _refers("subscription_id", "subscription.id"),
    _words("local_date"),
    _words("slot"),
    Column("due_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("since", Instant),
    UniqueConstraint("subscription_id", "local_date", "slot", name="run_once"),
)

told = Table(
    "told",
    metadata,
    Column(
        "subscription_id",
        RowId,
        ForeignKey("subscription.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("article_id", RowId, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _refers("run_id", "run.id"),
    Column("passed", Boolean, nullable=False, server_default=false()),  # alerts leave it to the digest: not told yet
    Index("told_article", "article_id"),
    Index("told_run", "run_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    _refers("run_id", "run.id", nullable=True),  # a notice has none
    _words("platform"),
    _words("chat"),
    _words("thread"),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    _words("body"),
    Column("buttons", Tuples, nullable=False, server_default="[]"),
    *(Column(name, Boolean, nullable=False) for name in ("previews", "sound")),
    _words("state"),
    Column("due_at", Instant, nullable=False),
    Column("owner", Words),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("ambiguous", Integer, nullable=False, server_default="0"),
    _words("message_id"),
    Column("sent_at", Instant),
    _words("error"),
    Index("outbox_run", "run_id"),
    Index("outbox_state", "sent_at", "state"),  # for figures, without reading a body; so ordered, claims do not take it
    Index(
        "outbox_due",
        *("due_at", "id"),
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "outbox_unsent",
        *("platform", "chat", "thread", "id"),
        sqlite_where=text("state IN ('pending', 'sending')"),
        postgresql_where=text("state IN ('pending', 'sending')"),
    ),
    Index(
        "outbox_one_in_flight",
        *("platform", "chat"),
        unique=True,
        sqlite_where=text("state = 'sending'"),
        postgresql_where=text("state = 'sending'"),
    ),
    sqlite_autoincrement=True,  # the order of a chat's messages is the order of their ids
)
