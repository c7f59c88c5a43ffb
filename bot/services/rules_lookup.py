"""Use case: what the stored articles of the last days say about a rule.

They are read and looked through page by page, so that the event loop does not notice how many there are.
"""

import asyncio
from datetime import datetime, timedelta

from bot.domain.model import Chat
from bot.domain.rules import Rule
from bot.domain.survey import Survey, Surveyor
from bot.ports import Store

PERIOD = timedelta(days=7)
MOST = 30_000  # articles, the latest stored
_PAGE = 250


async def survey(store: Store, rule: Rule, chat: Chat, now: datetime) -> Survey:
    """What the rule finds in what this chat may read."""
    surveyor = Surveyor(rule)
    before = 0
    while surveyor.read < MOST:
        page = await store.recent_articles(now - PERIOD, _PAGE, chat, before=before)
        await asyncio.to_thread(surveyor.look, page)
        if len(page) < _PAGE:
            break
        before = page[-1].id
    return await asyncio.to_thread(surveyor.result)
