"""/try: what a rule would have found in the last days, before anything is saved."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.errors import RuleError
from bot.domain.model import Article, Chat
from bot.domain.rulelang import read_aloud
from bot.domain.survey import Survey
from bot.domain.talk import Button
from bot.services.desk import doubts, drafts
from bot.services.desk.drafts import Draft
from bot.services.desk.visit import Replies, Rows, Visit

GAP = timedelta(minutes=1)  # between two tries of a person
_OUTLETS = 8  # by name; the others are counted
_LONGEST_TITLE, _LONGEST_OUTLET = 160, 24


async def try_rule(visit: Visit, argument: str) -> Replies:
    """What a rule means, how many articles it finds, whose they are, and five of them."""
    name, text = drafts.split_topic(argument)
    if not text:
        return visit.answer("try.ask")
    rule = drafts.read_rule(text)
    if isinstance(rule, RuleError):
        return (drafts.mistaken(visit, text, rule),)
    person = Chat(visit.said.chat.platform, visit.sender.id)
    if not await visit.office.store.take_turn(person, "try", visit.now, GAP):
        return visit.answer("try.too_soon")
    found = await doubts.ask(visit, rule)
    aloud = visit.say("rule.means_first", aloud=read_aloud(rule, visit.settings.language))
    draft = Draft(name or drafts.name_of(text), text, variants=tuple(v.rule for v in doubts.variants(found)))
    told = doubts.lines(visit, found) or (visit.say("try.nothing_stored"),)
    lines = (aloud, told[0], *_outlets(visit, found), *told[1:], *_examples(found))
    buttons = (*_links(found), *await _to_save(visit, draft, found))
    return (visit.reply(name or _cut(" ".join(text.split()), _LONGEST_TITLE), *lines, buttons=buttons),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """« Enregistrer comme thème »: as a draft it can be named anew, then it is saved."""
    match arguments:
        case ["s", stamp]:
            return await drafts.take_up(visit, stamp)
        case _:
            return visit.answer("access.stale")


async def _to_save(visit: Visit, draft: Draft, found: Survey) -> Rows:
    """What makes a topic of it, for who may set topics here."""
    if not await visit.may_set():
        return ()
    visit = await visit.remember()
    await visit.wait_for("tried", draft.packed)
    save = visit.button(visit.say("button.save_as_topic"), "e", "s", draft.stamp)
    return (*doubts.rows(visit, found, draft.stamp), (save,))


def _outlets(visit: Visit, found: Survey) -> tuple[str, ...]:
    if not found.outlets:
        return ()
    named = [f"{outlet} {number}" for outlet, number in found.outlets[:_OUTLETS]]
    more = len(found.outlets) - _OUTLETS
    return (" · ".join(named) + (f" · {visit.say('try.more', n=more)}" if more > 0 else ""),)


def _examples(found: Survey) -> tuple[str, ...]:
    return tuple(
        f"{number}. {_cut(one.title, _LONGEST_TITLE)} — {one.outlet}" for number, one in enumerate(found.examples, 1)
    )


def _links(found: Survey) -> Rows:
    """The examples' own pages, two in a row."""
    buttons = [
        Button(f"{number}. {_cut(one.outlet, _LONGEST_OUTLET)}", url=address)
        for number, one in enumerate(found.examples, 1)
        if (address := _address(one))
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _address(article: Article) -> str:
    address = article.url or article.link
    return address if address.startswith(("http://", "https://")) else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
