"""Items of a poll as articles: what identifies them, the rows that they make, and what an edit changes."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identity import Shown
from bot.domain.model import Entry
from bot.storage.engine import chunks
from bot.storage.tables import article, feed

_TOLERATED = timedelta(minutes=15)  # clocks differ; a date further ahead is a mistake
_TOLD = ("title", "summary", "url")  # what readers would notice: a link alone may carry another tracker each time
_EDITABLE = (*_TOLD, "link", "identity", "version")
_UPDATE_ARTICLE = (
    update(article)
    .where(article.c.id == bindparam("article"))
    .values({name: bindparam(f"new_{name}") for name in _EDITABLE})
)


@dataclass(frozen=True, slots=True)
class Source:
    """The feed that was polled, and when. `scope` keeps what a stranger's feed says of an address to that feed."""

    id: int
    outlet: str
    scope: str
    first: bool  # it never answered before
    now: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with what identifies it: in its feed, within its outlet, and what it said."""

    entry: Entry
    key: str
    identity: str
    fingerprint: str

    @property
    def shown(self) -> Shown:
        """As it is compared with others."""
        return Shown(self.entry.title, self.entry.url, self.entry.published)


def source_of(row: RowMapping, now: datetime) -> Source:
    """The source of a feed's row.

    The owner's feeds of an outlet share its articles. One that a chat added names itself as it likes: it must never
    change what others read under that name.
    """
    scope = "" if row["trusted"] else row["url"]
    return Source(row["id"], row["outlet"], scope, row["succeeded_at"] is None, now)


def items_of(source: Source, entries: Iterable[Entry]) -> Iterator[Item]:
    """The entries with what identifies them."""
    for entry in entries:
        yield Item(
            entry,
            key=_digest(entry.id),
            identity=identity_of(entry.url, source.scope) if entry.url else _digest(str(source.id), entry.id),
            fingerprint=_digest(entry.title, entry.summary, entry.url, entry.link),
        )


def identity_of(url: str, scope: str = "") -> str:
    """What identifies the article of a canonical address; of a stranger's feed within that feed only."""
    return _digest(scope, url) if scope else _digest(url)


def _digest(*parts: str) -> str:
    """Short enough for an index, whatever a feed calls an id."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


async def by_identity(connection: AsyncConnection, source: Source, identities: Sequence[str]) -> dict[str, int]:
    """Articles of the same outlet, as it is called now or was when they were stored."""
    found: dict[str, int] = {}
    outlet = or_(article.c.outlet == source.outlet, feed.c.outlet == source.outlet)
    query = select(article.c.identity, article.c.id).join_from(article, feed, feed.c.id == article.c.feed_id)
    for some in chunks(list(identities)):
        rows = await connection.execute(query.where(article.c.identity.in_(some), outlet))
        found |= {row.identity: row.id for row in rows}
    return found


async def create_articles(connection: AsyncConnection, source: Source, items: Sequence[Item]) -> dict[str, int]:
    """New articles; their ids by identity."""
    created: dict[str, int] = {}
    statement = article.insert().returning(article.c.identity, article.c.id)
    for some in chunks(list(items)):
        rows = await connection.execute(statement, [_article(source, one) for one in some])
        created |= {row.identity: row.id for row in rows}
    return created


def _article(source: Source, one: Item) -> dict[str, Any]:
    published = one.entry.published
    believed = published is not None and published <= source.now + _TOLERATED
    return {
        "feed_id": source.id,
        "outlet": source.outlet,
        "identity": one.identity,
        "url": one.entry.url,
        "link": one.entry.link,
        "title": one.entry.title,
        "summary": one.entry.summary,
        "published_at": published if believed else source.now,
        "seen_at": source.now,
        "from_first_poll": source.first,
    }


async def update_articles(connection: AsyncConnection, source: Source, said: Mapping[int, Item]) -> int:
    """Bring articles to what their item says now: how many readers would see changed. Those are analysed again."""
    updated = 0
    columns = tuple(article.c[name] for name in ("id", *_EDITABLE))
    for some in chunks(sorted(said)):
        rows = await connection.execute(select(*columns).where(article.c.id.in_(some)))
        stored = {row["id"]: row for row in rows.mappings()}
        moved = [said[number].identity for number, row in stored.items() if said[number].identity != row["identity"]]
        taken = await by_identity(connection, source, moved)
        edits = []
        for number, row in stored.items():
            edit = _edit(row, said[number], taken=said[number].identity in taken)
            updated += _differs(edit, row, _TOLD)
            if _differs(edit, row, _EDITABLE):
                edits.append({f"new_{name}": edit[name] for name in _EDITABLE} | {"article": number})
        if edits:
            await connection.execute(_UPDATE_ARTICLE, edits)
    return updated


def _differs(edit: Mapping[str, Any], stored: RowMapping, names: Iterable[str]) -> bool:
    return any(edit[name] != stored[name] for name in names)


def _edit(stored: RowMapping, one: Item, *, taken: bool) -> dict[str, Any]:
    """The article's new columns. It keeps its address where the item has none, or one that is another article's."""
    edit = {"title": one.entry.title, "summary": one.entry.summary, "link": one.entry.link}
    edit |= {"url": stored["url"], "identity": stored["identity"]}
    if one.entry.url and not taken:
        edit |= {"url": one.entry.url, "identity": one.identity}
    return edit | {"version": "" if _differs(edit, stored, _TOLD) else stored["version"]}
