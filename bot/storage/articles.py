"""Articles and what was found in them: which are still to be looked at, and which may enter a digest."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Article, Candidate, Chat, Evidence, TopicMatch
from bot.storage import feeds
from bot.storage.engine import chunks, insert
from bot.storage.own_feeds import visible
from bot.storage.statements import delete_statements, insert_statements, statements_of
from bot.storage.tables import article, feed, page, statement, topic_match

_COPIED = ("id", "url", "link", "title", "summary", "published_at", "seen_at", "from_first_poll")
_COLUMNS = (*(article.c[name] for name in _COPIED), article.c.feed_id, func.coalesce(page.c.text, "").label("text"))

_SOURCE = ("outlet", "url", "title", "published_at", "page_at")
_FOUND_BEFORE = {"has_page": page, "has_matches": topic_match, "has_statements": statement}


async def unanalysed(connection: AsyncConnection, version: str, since: datetime, limit: int) -> tuple[Article, ...]:
    """Articles not analysed under this version, newest first."""
    return await _newest(connection, and_(article.c.version != version, article.c.seen_at >= since), limit)


async def wanted_pages(connection: AsyncConnection, since: datetime, limit: int) -> tuple[Article, ...]:
    """Articles whose page is still to be read, newest first."""
    return await _newest(connection, and_(article.c.wants_page, article.c.seen_at >= since), limit)


async def save_analysis(
    connection: AsyncConnection, found: Candidate, version: str, now: datetime, *, wants_page: bool
) -> None:
    """Replace what was found in an article. One that was deleted meanwhile is let go."""
    one = found.article
    # The update comes first: it holds off whoever analyses the same article, so that the next question is answered
    # with what they have done. An edit that came meanwhile is not covered by what was found: it stays to be analysed.
    unedited = and_(article.c.title == one.title, article.c.summary == one.summary)
    known: dict[str, Any] = {"version": case((unedited, version), else_=""), "wants_page": wants_page}
    known["analysed_at"] = func.coalesce(article.c.analysed_at, now)
    if one.text:
        known["page_at"] = func.coalesce(article.c.page_at, now)
    saved = update(article).where(article.c.id == one.id).values(**known)
    source = (await connection.execute(saved.returning(*(article.c[name] for name in _SOURCE)))).mappings().first()
    if source is None:
        return
    before = await _found_before(connection, one.id)
    await _replace_page(connection, one, had_page=before["has_page"])
    await _replace_matches(connection, found, source, had_matches=before["has_matches"])
    # Where the page's text has gone by age, its statements stay: they cannot be found anew.
    faded = source["page_at"] is not None and not before["has_page"] and not one.text
    if before["has_statements"]:
        await delete_statements(connection, one.id, keep_text=faded)
    await insert_statements(connection, found, source, now)


async def candidates(
    connection: AsyncConnection, topics: Sequence[str], since: datetime, until: datetime, chat: Chat | None = None
) -> tuple[Candidate, ...]:
    """Articles about any of the topics that a chat may read, with all that was found in them, newest first."""
    dates = (topic_match.c.published_at > since, topic_match.c.published_at <= until)
    rows = await connection.execute(
        select(topic_match.c.article_id, topic_match.c.published_at)
        .join_from(topic_match, article, article.c.id == topic_match.c.article_id)
        .join(feed, feed.c.id == article.c.feed_id)
        .where(topic_match.c.topic.in_(topics), *dates, visible(chat))
        .distinct()
        .order_by(topic_match.c.published_at.desc(), topic_match.c.article_id.desc())
    )
    found: list[Candidate] = []
    for some in chunks([row.article_id for row in rows]):
        found += await candidates_of(connection, some)
    # What a chat's own feed shows as well is the owner's, once.
    owners = {one.article.url for one in found if one.article.feed.trusted and one.article.url}
    return tuple(one for one in found if one.article.feed.trusted or one.article.url not in owners)


async def latest_match(connection: AsyncConnection, topics: Sequence[str]) -> datetime | None:
    """When the latest article about any of the topics was published."""
    latest = select(func.max(topic_match.c.published_at)).where(topic_match.c.topic.in_(topics))
    found: datetime | None = (await connection.execute(latest)).scalar()
    return found


async def _newest(connection: AsyncConnection, condition: ColumnElement[bool], limit: int) -> tuple[Article, ...]:
    order = (article.c.published_at.desc(), article.c.id.desc())
    return await _articles(connection, _selected().where(condition).order_by(*order).limit(limit))


def _selected() -> Select[Any]:
    return select(*_COLUMNS).join_from(article, page, page.c.article_id == article.c.id, isouter=True)


async def _articles(connection: AsyncConnection, query: Select[Any]) -> tuple[Article, ...]:
    rows = (await connection.execute(query)).mappings().all()
    sources = await feeds.by_id(connection, {row["feed_id"] for row in rows})
    names = (*_COPIED, "text")
    return tuple(Article(feed=sources[row["feed_id"]], **{name: row[name] for name in names}) for row in rows)


async def candidates_of(connection: AsyncConnection, ids: Sequence[int]) -> list[Candidate]:
    """These articles with what was found in them, in the order given."""
    by_id = {one.id: one for one in await _articles(connection, _selected().where(article.c.id.in_(ids)))}
    matches = await _matches(connection, ids)
    statements = await statements_of(connection, ids)
    return [
        Candidate(by_id[number], tuple(matches[number]), tuple(statements[number])) for number in ids if number in by_id
    ]


async def _matches(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[TopicMatch]]:
    rows = await connection.execute(
        select(topic_match)
        .where(topic_match.c.article_id.in_(ids))
        .order_by(topic_match.c.score.desc(), topic_match.c.topic)
    )
    found: dict[int, list[TopicMatch]] = defaultdict(list)
    for row in rows:
        evidence = tuple(Evidence(*parts) for parts in row.evidence)
        found[row.article_id].append(TopicMatch(row.topic, row.score, evidence))
    return found


async def _found_before(connection: AsyncConnection, number: int) -> RowMapping:
    """Which tables hold something of the article: mostly none, and deleting nothing costs as much as deleting."""
    asked = (exists().where(table.c.article_id == number).label(name) for name, table in _FOUND_BEFORE.items())
    return (await connection.execute(select(*asked))).mappings().one()


async def _replace_page(connection: AsyncConnection, one: Article, *, had_page: bool) -> None:
    if had_page:
        await connection.execute(page.delete().where(page.c.article_id == one.id))
    if one.text:
        await connection.execute(page.insert().values(article_id=one.id, text=one.text))


async def _replace_matches(
    connection: AsyncConnection, found: Candidate, source: RowMapping, *, had_matches: bool
) -> None:
    if had_matches:
        await connection.execute(topic_match.delete().where(topic_match.c.article_id == found.article.id))
    rows = [
        {
            "article_id": found.article.id,
            "topic": match.topic,
            "score": match.score,
            "evidence": [(hit.term, hit.place, hit.start, hit.end) for hit in match.evidence],
            "published_at": source["published_at"],
        }
        for match in found.matches
    ]
    if rows:
        await connection.execute(insert(connection, topic_match).on_conflict_do_nothing(), rows)
