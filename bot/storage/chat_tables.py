"""The tables of chats, beside those of news in tables.py: who they are, what they wrote, what they wait for."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from bot.storage.columns import Instant, RowId, Words
from bot.storage.tables import metadata


def _words(name: str) -> Column[str]:
    return Column(name, Words, nullable=False, server_default="")


chat = Table(
    "chat",
    metadata,
    Column("id", RowId, primary_key=True),
    _words("platform"),
    _words("chat"),
    _words("kind"),
    _words("title"),
    Column("admitted", Boolean, nullable=False),
    _words("admin"),
    Column("topics_made", Integer, nullable=False, server_default="0"),  # also those deleted since
    UniqueConstraint("platform", "chat", name="chat_known_once"),
    Index("chat_admin", "admin"),
    sqlite_autoincrement=True,  # an id is never given twice: it stands in topics and buttons
)

own_topic = Table(
    "own_topic",
    metadata,
    Column("topic", Words, primary_key=True),  # stays what it is when its chat moves
    Column("chat_id", RowId, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    _words("name"),
    _words("rule"),
    Index("own_topic_chat", "chat_id"),
)

dialogue = Table(
    "dialogue",
    metadata,
    *(Column(name, Words, primary_key=True) for name in ("platform", "chat", "thread", "person")),
    _words("step"),
    _words("payload"),
    Column("expires_at", Instant, nullable=False),
)

turn = Table(  # when a chat last had what it gets only so often
    "turn",
    metadata,
    *(Column(name, Words, primary_key=True) for name in ("platform", "chat", "what")),
    Column("at", Instant, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("token", Words, primary_key=True),
    _words("purpose"),
    Column("made_at", Instant, nullable=False),
)

owner = Table("owner", metadata, *(Column(name, Words, primary_key=True) for name in ("platform", "person")))
