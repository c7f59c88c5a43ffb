"""/digest: what is new, now. It never changes what the next scheduled digest holds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import fold
from bot.domain.editions import edition_of, rows_under
from bot.domain.model import Subscription
from bot.domain.modes import read_topics
from bot.domain.spelling import nearest
from bot.domain.talk import Reply
from bot.domain.timewords import read_period
from bot.services.compose import DAY, brief_of
from bot.services.desk.visit import Choice, Replies, Rows, Visit

_GAP = timedelta(minutes=1)  # between two digests on demand of a chat
_LONGEST = timedelta(days=31)
_LONGEST_ARGUMENT = 200
_BETWEEN = re.compile(r"\s*[,;+·]\s*|\s+(?:et|and|ou|or)\s+")


async def digest(visit: Visit, argument: str) -> Replies:
    """A digest of the chat's topics since its last one, or of the topics and the period asked for."""
    period, words = read_period(argument[:_LONGEST_ARGUMENT])
    topics = topics_named(visit, words) if words else read_here(visit)
    if isinstance(topics, str):
        return unknown_topic(visit, topics)
    if not topics:
        return (visit.reply("", visit.say("now.no_topics"), buttons=_to_topics(visit)),)
    if not await visit.office.store.take_turn(visit.place.chat, "digest", visit.now, _GAP):
        return visit.answer("now.too_soon")
    asked = replace(visit.settings, topics=tuple(choice.id for choice in topics))
    return (await _composed(visit, asked, period),)


async def pressed(visit: Visit, _: Sequence[str]) -> Replies:
    """« Digest maintenant »."""
    return await digest(visit, "")


async def sample(visit: Visit) -> Reply:
    """The first digest: what a day held."""
    topics = tuple(choice.id for choice in read_here(visit))
    return await _composed(visit, replace(visit.settings, topics=topics), DAY)


def unknown_topic(visit: Visit, words: str) -> Replies:
    """There is no topic of that name; perhaps another one was meant."""
    names = {fold(choice.name): choice.name for choice in visit.choices}
    near = nearest(fold(words[:_SHOWN]), names)
    shown = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    lines = [visit.say("topics.unknown", name=shown)]
    lines += [visit.say("topics.meant", name=names[near])] if near else []
    lines.append(visit.say("topics.all", names=" · ".join(choice.name for choice in visit.choices)))
    return (visit.reply("", *lines),)


_SHOWN = 40


async def _composed(visit: Visit, asked: Subscription, period: timedelta | None) -> Reply:
    since = visit.now - min(period, _LONGEST) if period else asked.last_digest_at or visit.now - DAY
    since = max(since, visit.now - _LONGEST)
    composed = await visit.office.newsdesk.widest(brief_of(asked, since, visit.now))
    edition = edition_of(composed, visit.place.chat, f"{visit.place.chat}/{visit.now.isoformat()}")
    if edition is None:
        return visit.reply("", digest=composed)
    await visit.office.store.save_edition(edition)
    return visit.reply("", digest=composed, buttons=rows_under(edition, visit.texts, visit.button))


def read_here(visit: Visit) -> tuple[Choice, ...]:
    """The topics of the chat's digests: without what is muted or in a thread of its own."""
    read = read_topics(visit.settings, visit.around.elsewhere)
    return tuple(choice for choice in visit.followed if choice.id in read)


def topics_named(visit: Visit, words: str) -> tuple[Choice, ...] | str:
    """The topics named: as one name, else between commas and « et », else word by word; or the name that is none."""
    pieces = [piece for piece in _BETWEEN.split(words) if piece]
    for names in ([words], pieces, words.split()):
        found = [visit.named(name) for name in names]
        if found and all(found):
            return tuple(dict.fromkeys(choice for choice in found if choice))
    return next((piece for piece in pieces if visit.named(piece) is None), words)


def _to_topics(visit: Visit) -> Rows:
    return ((visit.button(visit.say("button.topics"), "t"),),)
