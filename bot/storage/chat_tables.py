"""The tables of chats, beside those of news in tables.py: who they are, what they wrote, what they wait for."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from bot.storage.columns import Instant, RowId, Tuples, Words
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

chat_feed = Table(  # feeds that a chat added: what they bring is for that chat only
    "chat_feed",
    metadata,
    Column("chat_id", RowId, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("feed_id", RowId, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _words("added_by"),  # the person
    Index("chat_feed_feed", "feed_id"),
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

note = Table(  # what outlives a start and is of no chat; one with `until` is a lease
    "note",
    metadata,
    Column("name", Words, primary_key=True),
    _words("value"),
    Column("until", Instant),
)

edition = Table(  # what a digest showed, for its buttons
    "edition",
    metadata,
    Column("id", RowId, primary_key=True),
    *(_words(name) for name in ("platform", "chat", "thread", "token")),
    *(Column(name, Instant, nullable=False) for name in ("made_at", "since")),
    *(Column(name, Tuples, nullable=False) for name in ("topics", "stories", "further")),
    Column("alert", Boolean, nullable=False),
    UniqueConstraint("platform", "chat", "token", name="edition_once_a_chat"),
)

owner = Table("owner", metadata, *(Column(name, Words, primary_key=True) for name in ("platform", "person")))

local_message = Table(  # the conversation of the local chat, which nobody else keeps for it
    "local_message",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("version", BigInteger, nullable=False, unique=True),
    Column("key", Words, unique=True),
    Column("mine", Boolean, nullable=False),
    _words("body"),
    Column("rows", Tuples, nullable=False),
    Column("at", Instant, nullable=False),
    Column("edited", Boolean, nullable=False),
    _words("file_name"),
    Column("file", LargeBinary),
    sqlite_autoincrement=True,  # a page knows a message by its id, also when all before it were erased
)
