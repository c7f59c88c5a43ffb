"""/why: why a story was shown or not, or any article that is stored: everything recomputed with the rules in force."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.digest import MEMORY
from bot.domain.editions import Edition
from bot.domain.model import Article, Candidate, Tie
from bot.domain.stories import KindRules, group_stories, kind_of
from bot.domain.talk import Reply
from bot.domain.topics import weigh_topics
from bot.domain.why import Inquiry, explain
from bot.services.analyse import Rules
from bot.services.desk import stories
from bot.services.desk.digests import read_here
from bot.services.desk.start import rows
from bot.services.desk.visit import Replies, Rows, Visit

_NUMBER = re.compile(r"(?:n\s*[°o.]\s*|#)?(\d{1,4})\.?", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)+/\S*)", re.IGNORECASE)
_LONGEST_LINK = 2000
_EDITIONS = 30  # in which an article is looked for
_OTHERS = 6  # articles of a story that can be asked about


async def why(visit: Visit, argument: str) -> Replies:
    """The stories of the last digest; or why one of them, or the article of a link, was shown or not."""
    given = argument.strip()
    if link := _LINK.search(given):
        return await _linked(visit, link[0])
    edition = await _latest(visit)
    number = _NUMBER.fullmatch(given)
    if edition is None:
        return (visit.reply("", visit.say("why.nothing")),)
    if given and not number:
        return (visit.reply("", visit.say("why.how")),)
    if not number:
        return await stories.listed(visit, edition, 0, why=True)
    if not edition.story(int(number[1])):
        return (visit.reply("", visit.say("why.no_number", n=number[1], most=len(edition.everything))),)
    return await story(visit, edition, int(number[1]))


async def _latest(visit: Visit) -> Edition | None:
    """The last digest here; an alert only where there was nothing else."""
    editions = await visit.office.store.latest_editions(visit.place.chat, _EDITIONS)
    return next((one for one in editions if not one.alert), editions[0] if editions else None)


async def story(visit: Visit, edition: Edition, number: int, place: int = 0) -> Replies:
    """Why a story was shown, by the article that stands at this place in it."""
    told = await stories.told_in(visit, edition, number)
    if place >= len(told):
        return visit.answer("edition.gone_story" if edition.story(number) else "edition.gone")
    back = visit.button(visit.say("button.back_to_story"), "s", edition.id, "o", number)
    others = [
        visit.button(stories.short(one.article.outlet, 30), "s", edition.id, "w", number, at)
        for at, one in enumerate(told[: _OTHERS + 1])
        if at != place
    ]
    buttons: Rows = (*rows(others, 3), (back,))
    return (await _explained(visit, told[place], buttons, (edition, number)),)


async def _linked(visit: Visit, link: str) -> Replies:
    address = link if "://" in link else f"https://{link}"
    url = visit.office.canonical(address) if len(address) <= _LONGEST_LINK else ""
    number = await visit.office.store.article_at(url, visit.place.chat) if url else None
    found = await visit.office.store.stored_articles([number], visit.place.chat) if number else ()
    if not found:
        return (visit.reply("", visit.say("why.unknown_link")),)
    editions = await visit.office.store.latest_editions(visit.place.chat, _EDITIONS)
    return (await _explained(visit, found[0], (), _place_in(editions, found[0].article.id)),)


def _place_in(editions: Sequence[Edition], article: int) -> tuple[Edition, int] | None:
    """The latest digest that shows an article, and under which number."""
    for edition in editions:
        for number, story_ in enumerate(edition.everything, start=1):
            if article in story_:
                return edition, number
    return None


async def _explained(visit: Visit, found: Candidate, buttons: Rows, place: tuple[Edition, int] | None) -> Reply:
    article, office, settings = found.article, visit.office, visit.settings
    read = read_here(visit)
    around = await _around(visit, found, [choice.id for choice in read])
    rules = office.rules()
    inquiry = Inquiry(
        found=found,
        settings=settings,
        now=visit.now,
        names={choice.id: choice.label for choice in read},
        rules={choice.id: choice.rule for choice in read if choice.rule},
        weighed=(),
        shown_from=rules.language.shown_from,
        telling=(await office.store.tellings(settings.id, [article.id])).get(article.id) if settings.id else None,
        place=place,
    )
    # A matcher of a hundred thousand rules and a grouped day take longer than the event loop may stand still.
    inquiry = await asyncio.to_thread(_looked_into, inquiry, around, rules, office.newsdesk.kinds)
    title = visit.say("why.title", title=stories.short(article.title))
    reply = visit.reply(title, stories.sample(visit), buttons=buttons)
    return replace(reply, marked=explain(inquiry, visit.texts))


async def _around(visit: Visit, found: Candidate, topics: Sequence[str]) -> tuple[Article, ...]:
    """The articles among which its story was looked for."""
    published = found.article.published_at
    about = tuple(dict.fromkeys((*topics, *(match.topic for match in found.matches))))
    if published is None or not about:
        return (found.article,)
    until = min(visit.now, published + MEMORY)
    near = await visit.office.store.candidates(about, published - MEMORY, until, visit.place.chat)
    articles = {one.article.id: one.article for one in near}
    return tuple({**articles, found.article.id: found.article}.values())


def _looked_into(inquiry: Inquiry, around: Sequence[Article], rules: Rules, kinds: KindRules) -> Inquiry:
    article = inquiry.found.article
    others, tie = _group(article, around, kinds)
    weighed = weigh_topics(article, rules.matcher, tuple(inquiry.names))
    return replace(inquiry, weighed=weighed, kind=kind_of(article, kinds), others=others, tie=tie)


def _group(article: Article, around: Sequence[Article], kinds: KindRules) -> tuple[tuple[Article, ...], Tie | None]:
    grouped = group_stories(around, kinds)
    mine = next(group for one, group in zip(around, grouped, strict=True) if one.id == article.id)
    others = [
        one for one, group in zip(around, grouped, strict=True) if group.story == mine.story and one.id != article.id
    ]
    return tuple(others), mine.tie
