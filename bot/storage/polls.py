"""What a poll brought: new articles, edited ones, items that left the feed. Unchanged items cost one read, no write."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StoreError
from bot.domain.model import Entry, Polled
from bot.storage.engine import chunks
from bot.storage.feeds import row_of
from bot.storage.tables import article, feed, item

_TOLERATED = timedelta(minutes=15)  # clocks differ; a date further ahead is a mistake
_TOLD = ("title", "summary", "url")  # what readers would notice: a link alone may carry another tracker each time
_EDITABLE = (*_TOLD, "link", "identity", "version")
_UPDATE_ARTICLE = (
    update(article)
    .where(article.c.id == bindparam("article"))
    .values({name: bindparam(f"new_{name}") for name in _EDITABLE})
)


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry with what identifies it: in its feed, within its outlet, and what it said."""

    entry: Entry
    key: str
    identity: str
    fingerprint: str


@dataclass(slots=True)
class _Poll:
    """One poll being stored."""

    connection: AsyncConnection
    feed: RowMapping
    now: datetime
    items: dict[str, _Item] = field(default_factory=dict)  # by key; of two with one key the first counts
    new: int = 0
    updated: int = 0
    settled: set[int] = field(default_factory=set)  # articles this poll has spoken for: the first item of two wins


async def save(connection: AsyncConnection, owner: str, polled: Polled, now: datetime) -> Polled:
    """Store entries and state in the given transaction; the poll with its counts."""
    row = await _feed(connection, polled)
    poll = _Poll(connection, row, now)
    for one in _items(row["id"], polled.entries):
        poll.items.setdefault(one.key, one)
    if not polled.unchanged and not polled.state.error:
        await _save_entries(poll)
    state = replace(polled.state, id=row["id"], new_at=now if poll.new else polled.state.new_at)
    # A worker that was too slow keeps what it found, but the state is the one's who holds the feed now.
    held = or_(feed.c.owner.is_(None), feed.c.owner == owner, feed.c.lease_until.is_(None), feed.c.lease_until <= now)
    await connection.execute(
        update(feed).where(feed.c.id == state.id, held).values(**row_of(state), owner=None, lease_until=None)
    )
    return replace(polled, state=state, new=poll.new, updated=poll.updated)


async def _feed(connection: AsyncConnection, polled: Polled) -> RowMapping:
    """The feed's row. All feeds of its outlet are locked: two workers never store one article of an outlet twice."""
    columns = (feed.c.id, feed.c.url, feed.c.outlet, feed.c.succeeded_at)
    outlet = select(feed.c.outlet).where(feed.c.url == polled.state.feed.url).scalar_subquery()
    rows = await connection.execute(
        select(*columns).where(feed.c.outlet == outlet).order_by(feed.c.id).with_for_update()
    )
    for row in rows.mappings():
        if row["url"] == polled.state.feed.url:
            return row
    raise StoreError(f"the feed {polled.state.feed.url} is not in the database: it has to be configured first")


def _items(feed_id: int, entries: Iterable[Entry]) -> list[_Item]:
    return [
        _Item(
            entry,
            key=_digest(entry.id),
            identity=_digest(entry.url) if entry.url else _digest(str(feed_id), entry.id),
            fingerprint=_digest(entry.title, entry.summary, entry.url, entry.link),
        )
        for entry in entries
    ]


def _digest(*parts: str) -> str:
    """Short enough for an index, whatever a feed calls an id."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


async def _save_entries(poll: _Poll) -> None:
    shown = await _shown(poll)
    known = shown | await _known(poll, [key for key in poll.items if key not in shown])
    await _update_known(poll, known)
    await _add_unknown(poll, [one for key, one in poll.items.items() if key not in known])
    gone = [key for key in shown if key not in poll.items]
    back = [key for key, row in known.items() if key in poll.items and row["left_at"] is not None]
    for keys, left_at in ((gone, poll.now), (back, None)):
        for some in chunks(sorted(keys)):
            these = (item.c.feed_id == poll.feed["id"], item.c.key.in_(some))
            await poll.connection.execute(update(item).where(*these).values(left_at=left_at))


async def _shown(poll: _Poll) -> dict[str, RowMapping]:
    """The items that the feed showed last time, by key."""
    return await _rows(poll, item.c.left_at.is_(None))


async def _known(poll: _Poll, keys: list[str]) -> dict[str, RowMapping]:
    """Items that it showed earlier, by key."""
    found: dict[str, RowMapping] = {}
    for some in chunks(keys):
        found |= await _rows(poll, item.c.key.in_(some))
    return found


async def _rows(poll: _Poll, condition: Any) -> dict[str, RowMapping]:
    columns = (item.c.key, item.c.article_id, item.c.fingerprint, item.c.left_at)
    rows = await poll.connection.execute(select(*columns).where(item.c.feed_id == poll.feed["id"], condition))
    return {row["key"]: row for row in rows.mappings()}


async def _update_known(poll: _Poll, known: Mapping[str, RowMapping]) -> None:
    poll.settled |= {row["article_id"] for key, row in known.items() if key in poll.items}
    changed = [one for key, one in poll.items.items() if key in known and known[key]["fingerprint"] != one.fingerprint]
    await _update_articles(poll, {known[one.key]["article_id"]: one for one in reversed(changed)})
    statement = update(item).where(item.c.feed_id == poll.feed["id"], item.c.key == bindparam("item"))
    for some in chunks(changed):
        said = [{"item": one.key, "said": one.fingerprint} for one in some]
        await poll.connection.execute(statement.values(fingerprint=bindparam("said")), said)


async def _add_unknown(poll: _Poll, items: list[_Item]) -> None:
    """Items the feed never showed: articles of the outlet known by their address, or new ones."""
    first = {one.identity: one for one in reversed(items)}
    ids = await _by_identity(poll, list(first))
    spoken = {ids[key]: one for key, one in first.items() if key in ids and ids[key] not in poll.settled}
    await _update_articles(poll, spoken)
    created = await _create(poll, [one for one in items if one.identity not in ids and first[one.identity] is one])
    poll.new += len(created)
    ids |= created
    for some in chunks(items):
        rows = [
            {
                "feed_id": poll.feed["id"],
                "key": one.key,
                "article_id": ids[one.identity],
                "fingerprint": one.fingerprint,
            }
            for one in some
        ]
        await poll.connection.execute(item.insert(), rows)


async def _by_identity(poll: _Poll, identities: list[str]) -> dict[str, int]:
    """Articles of the same outlet, as it is called now or was when they were stored."""
    found: dict[str, int] = {}
    outlet = or_(article.c.outlet == poll.feed["outlet"], feed.c.outlet == poll.feed["outlet"])
    query = select(article.c.identity, article.c.id).join_from(article, feed, feed.c.id == article.c.feed_id)
    for some in chunks(identities):
        rows = await poll.connection.execute(query.where(article.c.identity.in_(some), outlet))
        found |= {row.identity: row.id for row in rows}
    return found


async def _create(poll: _Poll, items: list[_Item]) -> dict[str, int]:
    """New articles; their ids by identity."""
    created: dict[str, int] = {}
    statement = article.insert().returning(article.c.identity, article.c.id)
    for some in chunks(items):
        rows = await poll.connection.execute(statement, [_article(poll, one) for one in some])
        created |= {row.identity: row.id for row in rows}
    return created


def _article(poll: _Poll, one: _Item) -> dict[str, Any]:
    published = one.entry.published
    believed = published is not None and published <= poll.now + _TOLERATED
    return {
        "feed_id": poll.feed["id"],
        "outlet": poll.feed["outlet"],
        "identity": one.identity,
        "url": one.entry.url,
        "link": one.entry.link,
        "title": one.entry.title,
        "summary": one.entry.summary,
        "published_at": published if believed else poll.now,
        "seen_at": poll.now,
        "from_first_poll": poll.feed["succeeded_at"] is None,
    }


async def _update_articles(poll: _Poll, said: Mapping[int, _Item]) -> None:
    """Bring articles to what their item says now; one whose words or address changed is to be analysed again."""
    columns = tuple(article.c[name] for name in ("id", *_EDITABLE))
    for some in chunks(sorted(said)):
        rows = await poll.connection.execute(select(*columns).where(article.c.id.in_(some)))
        stored = {row["id"]: row for row in rows.mappings()}
        moved = [said[number].identity for number, row in stored.items() if said[number].identity != row["identity"]]
        taken = await _by_identity(poll, moved)
        edits = []
        for number, row in stored.items():
            edit = _edit(row, said[number], taken=said[number].identity in taken)
            poll.updated += _differs(edit, row, _TOLD)
            if _differs(edit, row, _EDITABLE):
                edits.append({f"new_{name}": edit[name] for name in _EDITABLE} | {"article": number})
        if edits:
            await poll.connection.execute(_UPDATE_ARTICLE, edits)


def _differs(edit: Mapping[str, Any], stored: RowMapping, names: Iterable[str]) -> bool:
    return any(edit[name] != stored[name] for name in names)


def _edit(stored: RowMapping, one: _Item, *, taken: bool) -> dict[str, Any]:
    """The article's new columns. It keeps its address where the item has none, or one that is another article's."""
    edit = {"title": one.entry.title, "summary": one.entry.summary, "link": one.entry.link}
    edit |= {"url": stored["url"], "identity": stored["identity"]}
    if one.entry.url and not taken:
        edit |= {"url": one.entry.url, "identity": one.identity}
    return edit | {"version": "" if _differs(edit, stored, _TOLD) else stored["version"]}
