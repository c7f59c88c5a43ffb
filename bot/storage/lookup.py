"""What is stored of the last days, page by page: a rule is tried on it before it is saved."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Article, Chat
from bot.storage import feeds
from bot.storage.own_feeds import visible
from bot.storage.tables import article, feed

_NAMES = ("id", "url", "link", "title", "published_at")
_MOST_SUMMARY = 1000  # characters; what stands behind them decides little


async def recent_articles(
    connection: AsyncConnection, since: datetime, limit: int, chat: Chat | None, before: int
) -> tuple[Article, ...]:
    """Articles that a chat may read, published since then, without their pages; the latest stored first."""
    query = (
        select(
            *(article.c[name] for name in _NAMES),
            func.substr(article.c.summary, 1, _MOST_SUMMARY).label("summary"),
            article.c.feed_id,
        )
        .join_from(article, feed, feed.c.id == article.c.feed_id)
        .where(article.c.seen_at > since, article.c.published_at > since, visible(chat))
        .order_by(article.c.id.desc())
        .limit(limit)
    )
    rows = (await connection.execute(query.where(article.c.id < before) if before else query)).mappings().all()
    sources = await feeds.by_id(connection, {row["feed_id"] for row in rows})
    names = (*_NAMES, "summary")
    return tuple(Article(feed=sources[row["feed_id"]], **{name: row[name] for name in names}) for row in rows)
