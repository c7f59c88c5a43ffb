"""Who is served: everybody, or those whom an owner let in; and the one-time links that do so."""

import re
from datetime import timedelta

from bot.domain.model import Chat
from bot.services.desk import start
from bot.services.desk.visit import Replies, Visit

_TOKEN = re.compile(r"[oi]_[A-Za-z0-9_-]{8,62}")
_REFUSAL = timedelta(days=1)  # one polite line in so long


def is_token(argument: str) -> bool:
    """Whether what follows /start is a one-time token, and no topics."""
    return _TOKEN.fullmatch(argument) is not None


async def refuse(visit: Visit) -> Replies:
    """One polite line, once a day."""
    if await visit.office.store.take_turn(visit.said.chat, "refusal", visit.now, _REFUSAL):
        return (visit.reply("", visit.say("access.refused")),)
    return ()


async def open_link(visit: Visit, token: str) -> Replies:
    """What a one-time link was good for, or that it was used. An owner's counts in private only."""
    if token.startswith("o_") and not visit.private:
        return visit.answer("access.owner_in_private")
    if not visit.private and not await visit.may_set():
        return visit.answer("access.admins_only")
    if token.startswith("i_") and visit.admitted:  # a link that is not needed here stays good for another chat
        return await start.start(visit, "")
    person = Chat(visit.said.chat.platform, visit.sender.id)
    purpose = await visit.office.store.use_token(token, person)
    if purpose is None:
        return visit.answer("access.used")
    visit = await visit.remember()
    welcome = visit.say("access.owner" if purpose == "owner" else "access.welcome")
    return (visit.reply("", welcome), *await start.start(visit, ""))
