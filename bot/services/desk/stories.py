"""What stands behind the buttons under a digest: the list of its stories, and one story in full.

All of it can be seen by everybody in the chat; what changes something is in less.py.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.editions import PAGE, Edition, in_rows
from bot.domain.less import is_off
from bot.domain.model import Article, Candidate, Voice
from bot.domain.phrases import day_of, hour_of, outlet_label
from bot.domain.talk import Button, Marked, Piece, Reply
from bot.domain.telling import tell
from bot.domain.voices import all_voices, deep_link
from bot.services.desk.less import less_rows
from bot.services.desk.visit import Replies, Rows, Visit

_OUTLETS = 15  # in full
_NAMED = 3  # behind one statement
_HEADLINE = 180
_SHORT = 120


async def story(visit: Visit, edition: Edition, number: int, *, fresh: bool = False) -> Replies:
    """A story in full; `fresh` as a message of its own, so that the digest stays."""
    told = await told_in(visit, edition, number)
    if not told:
        return visit.answer("edition.gone_story" if edition.story(number) else "edition.gone")
    reply = _details(visit, edition, number, told)
    return (replace(reply, edits=False) if fresh else reply,)


async def told_in(visit: Visit, edition: Edition, number: int) -> tuple[Candidate, ...]:
    """The articles of a story that are still kept, the most representative first."""
    return await visit.office.store.stored_articles(edition.story(number), visit.place.chat)


def _details(visit: Visit, edition: Edition, number: int, told: Sequence[Candidate]) -> Reply:
    quiet = [
        replace(c, statements=tuple(s for s in c.statements if not is_off(visit.settings, s.speaker, visit.now)))
        for c in told
    ]
    headline = told[0].article.title
    voices = all_voices(quiet, headline=headline, density=visit.settings.density)
    marked = (*(_voice(visit, voice) for voice in voices), *_outlets(visit, [one.article for one in told]))
    back = visit.button(visit.say("button.back_to_stories"), "s", edition.id, "p", page_of(edition, number))
    why = visit.button(visit.say("button.why"), "s", edition.id, "w", number)
    buttons = ((why, back), *less_rows(visit, edition, number, told))
    return replace(visit.reply(f"{number}. {short(headline)}", sample(visit), buttons=buttons), marked=marked)


def sample(visit: Visit) -> str:
    """What stands above everything that is invented."""
    return visit.say("digest.sample") if visit.office.newsdesk.sample else ""


def _voice(visit: Visit, voice: Voice) -> Marked:
    line = tell(voice.statement, voice.text) or voice.text
    pieces = [Piece(f"   • {' '.join(line.split(' '))} — ")]
    for number, article in enumerate(voice.articles[:_NAMED]):
        pieces += [Piece(", ")] if number else []
        pieces.append(Piece(outlet_label(article, visit.texts), href=deep_link(article, voice.statement)))
    rest = len(voice.articles) - _NAMED
    return (*pieces, Piece(f" {visit.say('digest.more_outlets', n=rest)}")) if rest > 0 else tuple(pieces)


def _outlets(visit: Visit, articles: Sequence[Article]) -> Iterator[Marked]:
    """Every outlet with its link and hour, the first to tell it first."""
    ordered = sorted(articles, key=lambda one: (one.published_at or visit.now, one.id))
    for article in ordered[:_OUTLETS]:
        when = _when(visit, article.published_at) if article.published_at else ""
        label = outlet_label(article, visit.texts)
        yield Piece("   "), Piece(label, href=article.url), Piece(f", {when}" if when else "")
    if len(ordered) > _OUTLETS:
        yield (Piece(f"   {visit.say('digest.more_outlets', n=len(ordered) - _OUTLETS)}"),)


def _when(visit: Visit, moment: datetime) -> str:
    """« 7 h 42 », with the day where that is another."""
    zone = visit.settings.timezone
    hour = hour_of(moment, zone, visit.texts)
    if moment.astimezone(ZoneInfo(zone)).date() == visit.now.astimezone(ZoneInfo(zone)).date():
        return hour
    return visit.say("edition.when", day=day_of(moment, zone, visit.texts), hour=hour)


# --- lists -----------------------------------------------------------------------------------------------------------


def pages(edition: Edition) -> tuple[range, ...]:
    """The numbers on each page: what the digest showed, then the rest, fifteen at a time."""
    shown, every = len(edition.stories), len(edition.everything)
    rest = (range(start, min(start + PAGE, every + 1)) for start in range(shown + 1, every + 1, PAGE))
    return (range(1, shown + 1), *rest)


def page_of(edition: Edition, number: int) -> int:
    """The page that has this number."""
    return next((page for page, numbers in enumerate(pages(edition)) if number in numbers), 0)


async def listed(visit: Visit, edition: Edition, page: int, *, why: bool = False, fresh: bool = False) -> Replies:
    """A page of the list, one line a story; its numbers open them, or say why each is there."""
    every = pages(edition)
    if page >= len(every):
        return visit.answer("edition.gone")
    kept = await _first_articles(visit, edition, every[page])
    opens = "w" if why else "o"
    numbers = [visit.button(str(n), "s", edition.id, opens, n) for n in every[page] if n in kept]
    turns = _turns(visit, edition, page, why=why)
    zone = visit.settings.timezone
    at = {"day": day_of(edition.made_at, zone, visit.texts), "hour": hour_of(edition.made_at, zone, visit.texts)}
    title = visit.say("edition.title_alert" if edition.alert else "edition.title", **at)
    hint = visit.say("why.pick") if why else ""
    marked = tuple(_title_line(visit, n, kept.get(n, ())) for n in every[page])
    reply = replace(visit.reply(title, sample(visit), hint, buttons=(*in_rows(numbers), *turns)), marked=marked)
    return (replace(reply, edits=False) if fresh else reply,)


async def _first_articles(visit: Visit, edition: Edition, numbers: range) -> dict[int, tuple[Article, ...]]:
    """Number → the articles of that story that are still kept."""
    ids = [article for number in numbers for article in edition.story(number)]
    stored = await visit.office.store.stored_articles(ids, visit.place.chat)
    by_id = {one.article.id: one.article for one in stored}
    found = {n: tuple(by_id[one] for one in edition.story(n) if one in by_id) for n in numbers}
    return {number: articles for number, articles in found.items() if articles}


def _title_line(visit: Visit, number: int, articles: Sequence[Article]) -> Marked:
    if not articles:
        return (Piece(f"{number}. {visit.say('edition.gone_line')}", "i"),)
    first, others = articles[0], len({one.outlet for one in articles}) - 1
    more = f" {visit.say('digest.more_outlets', n=others)}" if others else ""
    title = Piece(f"{number}. {short(first.title, _SHORT)} — ")
    return title, Piece(outlet_label(first, visit.texts), href=first.url), Piece(more)


def _turns(visit: Visit, edition: Edition, page: int, *, why: bool) -> Rows:
    def turn(other: int, label: Callable[[range], str]) -> list[Button]:
        if not 0 <= other < len(pages(edition)):
            return []
        return [visit.button(label(pages(edition)[other]), "s", edition.id, "v" if why else "p", other)]

    before = turn(page - 1, lambda numbers: f"← {numbers[0]}–{numbers[-1]}")
    after = turn(page + 1, lambda numbers: f"{numbers[0]}–{numbers[-1]} →")
    return ((*before, *after),) if before or after else ()


def short(title: str, longest: int = _HEADLINE) -> str:
    """A title on one line."""
    flat = " ".join(title.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
