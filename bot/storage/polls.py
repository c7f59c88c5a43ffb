"""What a poll brought: new articles, edited ones, items that left the feed. Unchanged items cost one read, no write."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StoreError
from bot.domain.identity import Shown, are_places, renumbered
from bot.domain.model import Polled
from bot.domain.polling import observed
from bot.storage import items
from bot.storage.engine import chunks
from bot.storage.feeds import held_by, row_of
from bot.storage.items import Item, Source
from bot.storage.tables import article, feed, item

_LATELY = timedelta(days=7)  # so long an article that left its feed may come back under other names
_SEEN = (item.c.article_id, article.c.title, article.c.url, article.c.published_at)


@dataclass(slots=True)
class _Poll:
    """One poll being stored."""

    connection: AsyncConnection
    source: Source
    items: dict[str, Item] = field(default_factory=dict)  # by key; of two with one key the first counts
    new: int = 0
    updated: int = 0


async def save(connection: AsyncConnection, owner: str, polled: Polled, now: datetime) -> Polled:
    """Store entries and state in the given transaction; the poll with its counts."""
    row = await _feed(connection, polled)
    poll = _Poll(connection, items.source_of(row, now))
    for one in items.items_of(poll.source, polled.entries):
        poll.items.setdefault(one.key, one)
    if not polled.unchanged and not polled.state.error:
        await _save_entries(poll)
    state = replace(observed(polled, row["succeeded_at"], poll.new, now), id=row["id"])
    await connection.execute(
        update(feed)
        .where(feed.c.id == state.id, held_by(owner, now))
        .values(**row_of(state), owner=None, lease_until=None)
    )
    return replace(polled, state=state, new=poll.new, updated=poll.updated)


async def _feed(connection: AsyncConnection, polled: Polled) -> RowMapping:
    """The feed's row. All feeds of its outlet are locked: two workers never store one article of an outlet twice."""
    columns = (feed.c.id, feed.c.url, feed.c.outlet, feed.c.trusted, feed.c.succeeded_at)
    outlet = select(feed.c.outlet).where(feed.c.url == polled.state.feed.url).scalar_subquery()
    rows = await connection.execute(
        select(*columns).where(feed.c.outlet == outlet).order_by(feed.c.id).with_for_update()
    )
    for row in rows.mappings():
        if row["url"] == polled.state.feed.url:
            return row
    raise StoreError(f"the feed {polled.state.feed.url} is not in the database: it has to be configured first")


async def _save_entries(poll: _Poll) -> None:
    shown = await _shown(poll)
    known = shown | await _known(poll, [key for key in poll.items if key not in shown])
    numbers = await _articles(poll, known)
    await _update(poll, known, numbers)
    await _create(poll, known, numbers)
    await _keep_items(poll, known, numbers)
    gone = [key for key in shown if key not in poll.items]
    back = [key for key, row in known.items() if key in poll.items and row["left_at"] is not None]
    for keys, left_at in ((gone, poll.source.now), (back, None)):
        for some in chunks(sorted(keys)):
            these = (item.c.feed_id == poll.source.id, item.c.key.in_(some))
            await poll.connection.execute(update(item).where(*these).values(left_at=left_at))


# --- which items are known -------------------------------------------------------------------------------------------


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
    rows = await poll.connection.execute(select(*columns).where(item.c.feed_id == poll.source.id, condition))
    return {row["key"]: row for row in rows.mappings()}


async def _articles(poll: _Poll, known: Mapping[str, RowMapping]) -> dict[str, int]:
    """The article of every item that is one of ours, by key: as its id says, its address, or what left the feed."""
    numbers = {key: known[key]["article_id"] for key in poll.items if key in known}
    for key in await _reused(poll, known, numbers):
        del numbers[key]
    strange = [one for key, one in poll.items.items() if key not in numbers]
    ids = await items.by_identity(poll.connection, poll.source, [one.identity for one in strange])
    numbers |= {one.key: ids[one.identity] for one in strange if one.identity in ids}
    strange = [one for one in strange if one.identity not in ids]
    if strange and not poll.source.first:
        gone = await _gone(poll, set(numbers.values()))
        pairs = renumbered([one.shown for one in strange], list(gone.values()), len(poll.items))
        lost = list(gone)
        numbers |= {strange[new].key: lost[old] for new, old in pairs.items()}
    return numbers


async def _gone(poll: _Poll, still_shown: Collection[int]) -> dict[int, Shown]:
    """Articles that the feed showed until now or lately, and does not show any more, as they are stored."""
    lately = or_(item.c.left_at.is_(None), item.c.left_at >= poll.source.now - _LATELY)
    query = select(*_SEEN).join_from(item, article, article.c.id == item.c.article_id)
    rows = await poll.connection.execute(query.where(item.c.feed_id == poll.source.id, lately))
    return {
        row.article_id: Shown(row.title, row.url, row.published_at) for row in rows if row.article_id not in still_shown
    }


async def _reused(poll: _Poll, known: Mapping[str, RowMapping], numbers: Mapping[str, int]) -> set[str]:
    """The keys that stand for other articles than the last time, where ids turn out to number places."""
    changed = [key for key in numbers if known[key]["fingerprint"] != poll.items[key].fingerprint]
    if len(changed) * 2 <= len(numbers):
        return set()
    before = dict(await _seen(poll, changed))
    changes = [(before[numbers[key]], poll.items[key].shown) for key in changed if numbers[key] in before]
    return set(changed) if are_places(changes, len(numbers)) else set()


async def _seen(poll: _Poll, keys: Iterable[str]) -> list[tuple[int, Shown]]:
    """The articles of these items as they are stored."""
    found: list[tuple[int, Shown]] = []
    for some in chunks(sorted(keys)):
        query = select(*_SEEN).join_from(item, article, article.c.id == item.c.article_id)
        rows = await poll.connection.execute(query.where(item.c.feed_id == poll.source.id, item.c.key.in_(some)))
        found += [(row.article_id, Shown(row.title, row.url, row.published_at)) for row in rows]
    return found


# --- what becomes of them --------------------------------------------------------------------------------------------


async def _update(poll: _Poll, known: Mapping[str, RowMapping], numbers: Mapping[str, int]) -> None:
    """Bring articles to what their item says. Of several items of one article the first in the feed speaks for it."""
    speakers: dict[int, Item] = {}
    for key, one in poll.items.items():
        if key in numbers:
            speakers.setdefault(numbers[key], one)
    said = {
        number: one
        for number, one in speakers.items()
        if one.key not in known
        or known[one.key]["fingerprint"] != one.fingerprint
        or known[one.key]["article_id"] != number
    }
    poll.updated += await items.update_articles(poll.connection, poll.source, said)


async def _create(poll: _Poll, known: Mapping[str, RowMapping], numbers: dict[str, int]) -> None:
    """Articles for the items that nobody knew, and what article each item shows."""
    strange = [one for key, one in poll.items.items() if key not in numbers]
    first = {one.identity: one for one in reversed(strange)}
    created = await items.create_articles(poll.connection, poll.source, list(first.values())[::-1])
    poll.new += len(created)
    numbers |= {one.key: created[one.identity] for one in strange}
    rows = [_item_row(poll, one, numbers) for key, one in poll.items.items() if key not in known]
    for some in chunks(rows):
        await poll.connection.execute(item.insert(), list(some))


def _item_row(poll: _Poll, one: Item, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "feed_id": poll.source.id,
        "key": one.key,
        "article_id": numbers[one.key],
        "fingerprint": one.fingerprint,
    }


async def _keep_items(poll: _Poll, known: Mapping[str, RowMapping], numbers: Mapping[str, int]) -> None:
    """Remember what known items say now, and of which article."""
    changed = [
        {"item": key, "said": one.fingerprint, "shows": numbers[key]}
        for key, one in poll.items.items()
        if key in known and (known[key]["fingerprint"], known[key]["article_id"]) != (one.fingerprint, numbers[key])
    ]
    statement = update(item).where(item.c.feed_id == poll.source.id, item.c.key == bindparam("item"))
    statement = statement.values(fingerprint=bindparam("said"), article_id=bindparam("shows"))
    for some in chunks(changed):
        await poll.connection.execute(statement, list(some))
