"""Feeds that a chat adds itself: `/sources add <url>`, shown before it is kept; their list, and their removal.

A feed that was found waits in a dialogue; its button carries a stamp, so that an older button never adds a newer one.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from hashlib import sha256

from bot.domain.commands import fold
from bot.domain.errors import FeedError
from bot.domain.model import Feed, FeedState, Subscription
from bot.domain.talk import Reply
from bot.services.desk.start import cancel_row
from bot.services.desk.visit import Replies, Rows, Visit
from bot.services.discovery import Preview

_LONGEST_ADDRESS = 500
_LONGEST_TITLE = 160
_ON_A_LIST = 30


async def ask(visit: Visit) -> Replies:
    """Which address it is to be."""
    if not visit.office.scout or not visit.office.scout.allowed:
        return (visit.reply("", visit.say("feeds.off")),)
    await visit.wait_for("feed")
    return (visit.reply(visit.say("feeds.add"), visit.say("feeds.ask"), visit.answer_here, buttons=cancel_row(visit)),)


async def said_address(visit: Visit, text: str, _: str) -> Replies:
    """The address that was asked for."""
    return await add(visit, text)


async def add(visit: Visit, typed: str) -> Replies:
    """What is found at an address, with the button that keeps it; or why not."""
    scout = visit.office.scout
    if scout is None:
        return (visit.reply("", visit.say("feeds.off")),)
    if len(typed) > _LONGEST_ADDRESS or len(typed.split()) != 1:
        return (visit.reply("", visit.say("feeds.one_address")),)
    visit = await visit.remember()
    verdict = await scout.look(visit.place.chat, typed, visit.now)
    if isinstance(verdict, FeedState):
        return await _known(visit, verdict)
    if isinstance(verdict, FeedError):
        return (visit.reply("", visit.say("feeds.failed", why=visit.say(f"feed_error.{verdict.kind}"))),)
    if not isinstance(verdict, Preview):
        return (visit.reply("", visit.say(f"feeds.{verdict}", n=scout.most)),)
    return await _propose(visit, verdict)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press in what hangs on one's own feeds."""
    match arguments:
        case ["n"]:
            return await ask(visit)
        case ["l"]:
            return (await listing(visit),)
        case ["y", stamp]:
            return await _keep(visit, stamp)
        case ["x", number] if number.isascii() and number.isdigit():
            return await _drop(visit, int(number[:15]))
        case _:
            return visit.answer("access.stale")


async def remove(visit: Visit, words: str) -> Replies:
    """`/sources remove <name or address>`."""
    theirs = await visit.office.store.chat_feeds(visit.place.chat)
    wanted = fold(words).removeprefix("https://").removeprefix("http://")
    found = [state for state in theirs if wanted and wanted in fold(f"{_name(state.feed)} {state.feed.url}")]
    if len(found) != 1:
        return (await listing(visit),)
    return await _drop(visit, found[0].id)


async def listing(visit: Visit) -> Reply:
    """The chat's own feeds, each with the button that takes it away."""
    theirs = await visit.office.store.chat_feeds(visit.place.chat)
    lines = [f"• {_name(state.feed)}{_trouble(visit, state)} — {state.feed.url}" for state in theirs[:_ON_A_LIST]]
    buttons: Rows = tuple(
        (visit.button(f"🗑 {_name(state.feed)[:40]}", "o", "x", state.id),) for state in theirs[:_ON_A_LIST]
    )
    new = visit.button(visit.say("button.new_feed"), "o", "n")
    back = visit.button(visit.say("button.back_to_sources"), "o")
    title = visit.say("feeds.title")
    return visit.reply(title, *(lines or [visit.say("feeds.none")]), buttons=(*buttons, (new, back)))


async def _propose(visit: Visit, preview: Preview) -> Replies:
    packed = json.dumps(astuple(preview.feed), ensure_ascii=False)
    await visit.wait_for("newfeed", packed)
    titles = [f"• {_cut(title)}" for title in preview.titles] or [visit.say("feeds.empty")]
    others = [visit.say("feeds.others", names=" · ".join(_other(*link) for link in preview.others[:3]))]
    buttons = ((visit.button(visit.say("button.add_feed"), "o", "y", _stamp(packed)),), *cancel_row(visit))
    lines = (preview.feed.url, *titles, *(others if preview.others else []))
    return (visit.reply(_name(preview.feed), *lines, buttons=buttons),)


async def _keep(visit: Visit, stamp: str) -> Replies:
    scout, dialogue = visit.office.scout, await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    packed = dialogue.payload.partition("|")[2] if dialogue and dialogue.step == "newfeed" else ""
    if not packed or _stamp(packed) != stamp or scout is None:
        return visit.answer("rule.stale")
    await visit.wait_no_more()
    visit = await visit.remember()
    added = await scout.add(visit.place.chat, Feed(*json.loads(packed)), visit.sender.id, visit.now)
    if added is None:
        return visit.answer("feeds.many" if scout.allowed else "feeds.off", n=scout.most)
    if added.feed.trusted:
        return await _known(visit, added)
    visit = await _switched_on(visit, added.feed.outlet)
    return (visit.reply(_name(added.feed), visit.say("feeds.added"), buttons=_back(visit)),)


async def _drop(visit: Visit, number: int) -> Replies:
    theirs = {state.id: state for state in await visit.office.store.chat_feeds(visit.place.chat)}
    if number not in theirs or not await visit.office.store.drop_chat_feed(visit.place.chat, number):
        return visit.answer("feeds.gone")
    return (await listing(visit),)


async def _known(visit: Visit, state: FeedState) -> Replies:
    """It is read already: at most it had been switched off."""
    visit = await _switched_on(visit, state.feed.outlet)
    return (visit.reply("", visit.say("feeds.known", name=_name(state.feed)), buttons=_back(visit)),)


async def _switched_on(visit: Visit, outlet: str) -> Visit:
    if outlet not in visit.settings.without_outlets:
        return visit

    def switched(settings: Subscription) -> Subscription:
        return replace(settings, without_outlets=tuple(n for n in settings.without_outlets if n != outlet))

    return await visit.edit(switched)


def _back(visit: Visit) -> Rows:
    return ((visit.button(visit.say("button.own_feeds"), "o", "l"),),)


def _name(feed: Feed) -> str:
    return f"{feed.outlet} · {feed.section}" if feed.section and feed.section != feed.outlet else feed.outlet


def _trouble(visit: Visit, state: FeedState) -> str:
    why = "missing" if state.disabled == "missing" else state.error
    return f" ⚠️ {visit.say(f'feed_error.{why}')}" if why else ""


def _other(address: str, title: str) -> str:
    return f"{title} ({address})" if title else address


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _stamp(packed: str) -> str:
    return sha256(packed.encode("utf-8", "replace")).hexdigest()[:8]
