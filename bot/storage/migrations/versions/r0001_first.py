"""The first tables. Written out: a revision stays what it was, whatever tables.py becomes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create all tables."""
    _create_feeds()
    _create_articles()
    _create_found()
    _create_subscriptions()
    _create_outbox()
    _create_chats()
    _create_editions()


def _create_feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("url", sa.Text(), nullable=False, unique=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_words("outlet", "section", "country", "kind", "language", "timezone"),
        sa.Column("paywall", sa.Boolean(), nullable=False),
        *_words("full_text"),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("next_poll_at", _instant(), nullable=False),
        *_words("etag", "last_modified", "body_hash"),
        *_dates("polled_at", "succeeded_at", "new_at"),
        _count("failures"),
        *_words("error", "error_message"),
        *_dates("failing_since"),
        *_words("moved_to"),
        _count("moved_seen"),
        *_words("disabled"),
        *_dates("missing_since"),
        sa.Column("rate", sa.Float()),
        _count("ttl_minutes"),
        *(sa.Column(name, sa.JSON(), nullable=False, server_default="[]") for name in ("skip_hours", "skip_days")),
        *_words("reported"),
        sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("owner", sa.Text()),
        *_dates("lease_until"),
    )


def _create_articles() -> None:
    op.create_table(
        "article",
        sa.Column("id", _ROW_ID, primary_key=True),
        _reference("feed_id", "feed"),
        *_words("outlet", "identity", "url", "link", "title", "summary"),
        sa.Column("published_at", _instant(), nullable=False),
        sa.Column("seen_at", _instant(), nullable=False),
        sa.Column("from_first_poll", sa.Boolean(), nullable=False),
        *_words("version"),
        sa.Column("wants_page", sa.Boolean(), nullable=False, server_default=sa.false()),
        *_dates("page_at", "analysed_at"),
        sa.UniqueConstraint("identity", "outlet", name="article_known_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("article_to_analyse", "article", ["seen_at", "version"])
    op.create_index("article_feed", "article", ["feed_id"])
    op.create_index(
        "article_wanted",
        "article",
        ["seen_at"],
        sqlite_where=sa.text("wants_page = 1"),
        postgresql_where=sa.text("wants_page"),
    )
    op.create_table("page", _key("article_id", "article"), sa.Column("text", sa.Text(), nullable=False))
    op.create_table(
        "item",
        _key("feed_id", "feed"),
        sa.Column("key", sa.Text(), primary_key=True),
        _reference("article_id", "article"),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        *_dates("left_at"),
    )
    op.create_index("item_article", "item", ["article_id"])
    _create_partial_index("item_shown", "item", ["feed_id"], "left_at IS NULL")


def _create_found() -> None:
    op.create_table(
        "topic_match",
        _key("article_id", "article"),
        sa.Column("topic", sa.Text(), primary_key=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("published_at", _instant(), nullable=False),
    )
    op.create_index("topic_match_by_date", "topic_match", ["topic", "published_at"])
    op.create_table(
        "statement",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("article_id", _ROW_ID, sa.ForeignKey("article.id", ondelete="SET NULL")),
        *_words("outlet", "url", "title"),
        sa.Column("published_at", _instant(), nullable=False),
        sa.Column("found_at", _instant(), nullable=False),
        *_words("speaker", "mention", "cue", "kind", "text"),
        sa.Column("spans", sa.JSON(), nullable=False),
        *_words("frame", "connector", "role", "polarity"),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=False),
        *_words("place"),
        sa.Column("cue_span", sa.JSON(), nullable=False),
        sa.Column("mention_span", sa.JSON(), nullable=False),
    )
    op.create_index("statement_article", "statement", ["article_id"])
    op.create_index("statement_found", "statement", ["found_at"])
    op.create_index("statement_published", "statement", ["published_at"])


def _create_subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", _ROW_ID, primary_key=True),
        *_words("platform", "chat", "thread"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("topics", "times", "weekdays")),
        *_words("timezone", "density", "language"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("tell_empty", "paused", "subscribed")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("previews", "sound")),
        *_dates("next_due_at", "last_digest_at", "paused_until", "suspended_at", "probe_at"),
        *_words("held"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("without_outlets", "without_people", "hidden")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("muted", "alerts", "quiet", "taken")),
        sa.UniqueConstraint("platform", "chat", "thread", name="subscription_once_a_chat"),
    )
    op.create_table(
        "run",
        sa.Column("id", _ROW_ID, primary_key=True),
        _reference("subscription_id", "subscription"),
        *_words("local_date", "slot"),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("until", _instant(), nullable=False),
        *_dates("since"),
        sa.UniqueConstraint("subscription_id", "local_date", "slot", name="run_once"),
    )
    op.create_table(
        "told",
        _key("subscription_id", "subscription"),
        _key("article_id", "article"),
        _reference("run_id", "run"),
        sa.Column("passed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("told_article", "told", ["article_id"])
    op.create_index("told_run", "told", ["run_id"])


def _create_editions() -> None:
    op.create_table(
        "edition",
        sa.Column("id", _ROW_ID, primary_key=True),
        *_words("platform", "chat", "thread", "token"),
        *(sa.Column(name, _instant(), nullable=False) for name in ("made_at", "since")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("topics", "stories", "further")),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("platform", "chat", "token", name="edition_once_a_chat"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("run_id", _ROW_ID, sa.ForeignKey("run.id", ondelete="CASCADE")),
        *_words("platform", "chat", "thread"),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        *_words("body"),
        sa.Column("buttons", sa.JSON(), nullable=False, server_default="[]"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("previews", "sound")),
        *_words("state"),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("owner", sa.Text()),
        *_dates("lease_until"),
        _count("attempts"),
        _count("ambiguous"),
        *_words("message_id"),
        *_dates("sent_at"),
        *_words("error"),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_run", "outbox", ["run_id"])
    op.create_index("outbox_state", "outbox", ["sent_at", "state"])
    _create_partial_index("outbox_due", "outbox", ["due_at", "id"], "state = 'pending'")
    unsent = "state IN ('pending', 'sending')"
    _create_partial_index("outbox_unsent", "outbox", ["platform", "chat", "thread", "id"], unsent)
    _create_partial_index("outbox_one_in_flight", "outbox", ["platform", "chat"], "state = 'sending'", unique=True)


def _create_chats() -> None:
    op.create_table(
        "chat",
        sa.Column("id", _ROW_ID, primary_key=True),
        *_words("platform", "chat", "kind", "title"),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        *_words("admin"),
        _count("topics_made"),
        sa.UniqueConstraint("platform", "chat", name="chat_known_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("chat_admin", "chat", ["admin"])
    op.create_table(
        "own_topic",
        sa.Column("topic", sa.Text(), primary_key=True),
        _reference("chat_id", "chat"),
        *_words("name", "rule"),
    )
    op.create_index("own_topic_chat", "own_topic", ["chat_id"])
    op.create_table("chat_feed", _key("chat_id", "chat"), _key("feed_id", "feed"), *_words("added_by"))
    op.create_index("chat_feed_feed", "chat_feed", ["feed_id"])
    op.create_table(
        "dialogue",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("platform", "chat", "thread", "person")),
        *_words("step", "payload"),
        sa.Column("expires_at", _instant(), nullable=False),
    )
    op.create_table(
        "turn",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("platform", "chat", "what")),
        sa.Column("at", _instant(), nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("token", sa.Text(), primary_key=True),
        *_words("purpose"),
        sa.Column("made_at", _instant(), nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("name", sa.Text(), primary_key=True),
        *_words("value"),
        *_dates("until"),
    )
    op.create_table(
        "local_message",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("key", sa.Text(), unique=True),
        sa.Column("mine", sa.Boolean(), nullable=False),
        *_words("body"),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        *_words("file_name"),
        sa.Column("file", sa.LargeBinary()),
        sqlite_autoincrement=True,
    )
    op.create_table("owner", *(sa.Column(name, sa.Text(), primary_key=True) for name in ("platform", "person")))


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default="") for name in names]


def _dates(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, _instant()) for name in names]


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _reference(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, _ROW_ID, sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False)


def _key(name: str, table: str) -> sa.Column[int]:
    target = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, _ROW_ID, target, primary_key=True, autoincrement=False)


def _create_partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
