"""/subscribe, /unsubscribe, /pause, /resume: none of them ever loses what a chat chose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.model import Subscription
from bot.domain.schedule import resumed
from bot.domain.timewords import read_period
from bot.services.desk import digests, start
from bot.services.desk.summary import next_line, paused_line, summary_lines
from bot.services.desk.visit import Choice, Replies, Rows, Visit

_OFFERED = (1, 3, 7)  # days
_LONGEST = timedelta(days=366)


async def subscribe(visit: Visit, argument: str) -> Replies:
    """Digests by schedule from now on; a topic named is followed too, and in a thread given to it."""
    if argument:
        choice = visit.named(argument)
        if choice is None:
            return digests.unknown_topic(visit, argument)
        if visit.place.chat.thread:
            return await _give(visit, choice)
        visit = await visit.edit(lambda s: replace(s, topics=_with(s.topics, choice.id)))
    if not visit.followed:
        return await start.start(visit, "")
    if visit.subscribed and not visit.settings.paused:
        return (await start.overview(visit),)
    visit = await visit.edit(lambda s: resumed(replace(s, subscribed=True), visit.now))
    return (visit.reply(visit.say("start.done"), *summary_lines(visit), buttons=start.overview_buttons(visit)),)


async def _give(visit: Visit, choice: Choice) -> Replies:
    """The topic is read in this thread from now on, and in the group itself no more."""
    group = visit.around.group
    last = group.last_digest_at if group else None

    def given(settings: Subscription) -> Subscription:
        taken = replace(settings, topics=_with(settings.topics, choice.id), taken=_with(settings.taken, choice.id))
        taken = replace(taken, last_digest_at=taken.last_digest_at or last)
        return taken if settings.subscribed else resumed(replace(taken, subscribed=True), visit.now)

    visit = await visit.edit(given)
    moved = visit.say("subscribe.given", name=choice.name)
    return (visit.reply(visit.say("start.done"), moved, *summary_lines(visit), buttons=start.overview_buttons(visit)),)


def _with(topics: tuple[str, ...], topic: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*topics, topic)))


async def unsubscribe(visit: Visit, _: str) -> Replies:
    """No digest by schedule any more; the choices stay. What a thread had taken is the group's again."""
    if not visit.subscribed:
        return visit.answer("subscribe.not")
    back = " · ".join(choice.name for choice in visit.followed if choice.id in visit.settings.taken)
    visit = await visit.edit(lambda s: replace(s, subscribed=False, paused=False, paused_until=None))
    again = ((visit.button(visit.say("button.subscribe"), "a", "s"),),)
    returned = visit.say("subscribe.returned", names=back) if back else ""
    return (visit.reply("", visit.say("subscribe.ended"), returned, buttons=again),)


async def pause(visit: Visit, argument: str) -> Replies:
    """No digest until `/resume`, or for as long as said."""
    if not visit.subscribed:
        return visit.answer("subscribe.not")
    length, rest = read_period(argument[:_LONGEST_ARGUMENT])
    if argument and (length is None or rest):
        return (visit.reply("", visit.say("pause.unclear"), buttons=_lengths(visit)),)
    return await _pause(visit, min(length, _LONGEST) if length else None)


async def resume(visit: Visit, argument: str) -> Replies:
    """Digests again; where nothing is paused, /resume is a digest, as its French namesake says."""
    if argument or not visit.settings.paused:
        return await digests.digest(visit, argument)
    if not await visit.may_set():
        return visit.answer("access.admins_only")
    return await _resume(visit)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """A press under a pause or an end."""
    match arguments:
        case ["s"]:
            return await subscribe(visit, "") if not visit.subscribed else visit.answer("start.already")
        case ["r"]:
            return await _resume(visit) if visit.settings.paused else visit.answer("pause.not")
        case ["p", days] if days in map(str, _OFFERED) and visit.subscribed:
            return await _pause(visit, timedelta(days=int(days)))
        case _:
            return visit.answer("access.stale")


_LONGEST_ARGUMENT = 60


async def _pause(visit: Visit, length: timedelta | None) -> Replies:
    until = visit.now + length if length else None

    def paused(settings: Subscription) -> Subscription:
        return replace(settings, paused=True, paused_until=until)

    visit = await visit.edit(paused)
    again = (visit.button(visit.say("button.resume"), "a", "r"),)
    buttons = (again,) if length else (*_lengths(visit), again)
    return (visit.reply("", paused_line(visit), visit.say("pause.kept"), buttons=buttons),)


async def _resume(visit: Visit) -> Replies:
    visit = await visit.edit(lambda settings: resumed(settings, visit.now))
    return (visit.reply("", visit.say("pause.over"), next_line(visit)),)


def _lengths(visit: Visit) -> Rows:
    return (tuple(visit.button(visit.say(f"button.pause_{days}"), "a", "p", days) for days in _OFFERED),)
