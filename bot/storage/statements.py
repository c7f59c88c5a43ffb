"""Statements: who said what, kept longer than the article that they stood in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import Candidate, Statement
from bot.storage.tables import statement

_SAID = tuple(field.name for field in fields(Statement))


async def statements_of(connection: AsyncConnection, articles: Sequence[int]) -> dict[int, list[Statement]]:
    """What was said in each of these articles, in the order it was found."""
    columns = (statement.c.article_id, *(statement.c[name] for name in _SAID))
    rows = await connection.execute(
        select(*columns).where(statement.c.article_id.in_(articles)).order_by(statement.c.id)
    )
    found: dict[int, list[Statement]] = defaultdict(list)
    for row in rows.mappings():
        found[row["article_id"]].append(Statement(**{name: row[name] for name in _SAID}))
    return found


async def delete_statements(connection: AsyncConnection, article_id: int, *, keep_text: bool) -> None:
    """Forget an article's statements, but for those of the page's text where they are to be kept."""
    gone = statement.delete().where(statement.c.article_id == article_id)
    await connection.execute(gone.where(statement.c.place != "text") if keep_text else gone)


async def insert_statements(connection: AsyncConnection, found: Candidate, source: RowMapping, now: datetime) -> None:
    """Store an article's statements with what is needed to name and link them when the article is gone."""
    known = {name: source[name] for name in ("outlet", "url", "title", "published_at")}
    known |= {"article_id": found.article.id, "found_at": now}
    rows = [known | {name: getattr(one, name) for name in _SAID} for one in found.statements]
    if rows:
        await connection.execute(statement.insert(), rows)
