"""/status and /invite: for the people who host the bot."""

from bot.domain.figures import Figures, Step, asked
from bot.domain.health import condition, silent_outlets
from bot.domain.measures import number, size, span
from bot.domain.phrases import hour_of
from bot.domain.talk import Button
from bot.services.desk.visit import Replies, Visit

_NAMED = 5  # outlets that do not answer


async def status(visit: Visit, _: str) -> Replies:
    """The figures of the owner's page in a few lines."""
    topics = tuple(topic.id for topic in visit.office.topics)
    now = await visit.office.store.figures(asked(visit.now, topics, visit.settings.timezone))
    lines = (*_of_news(visit, now), *_of_delivery(visit, now))
    return (visit.reply(visit.say("status.title"), *(line for line in lines if line)),)


def _of_news(visit: Visit, now: Figures) -> tuple[str, ...]:
    texts = visit.texts
    silent, watched = silent_outlets(now.feeds, now.at)
    answered = max((state.succeeded_at for state in now.feeds if state.succeeded_at), default=None)
    last = hour_of(answered, visit.settings.timezone, texts) if answered else visit.say("status.never")
    failing = [state for state in now.feeds if condition(state, now.at) in {"silent", "gone"}]
    names = dict.fromkeys(state.feed.outlet for state in failing)
    shown = ", ".join(list(names)[:_NAMED]) + (f" +{len(names) - _NAMED}" if len(names) > _NAMED else "")
    return (
        visit.say("status.feeds", feeds=len(now.feeds), outlets=watched, silent=silent, last=last),
        visit.say("status.failing", names=shown) if names else "",
        visit.say("status.fresh", n=number(now.fresh_articles, texts)),
        _lag(visit, now, "read"),
        visit.say(
            "status.found",
            articles=number(now.articles, texts),
            statements=number(now.statements, texts),
            size=size(now.bytes, texts),
        ),
    )


def _of_delivery(visit: Visit, now: Figures) -> tuple[str, ...]:
    texts = visit.texts
    oldest = now.unsent_since
    return (
        visit.say(
            "status.chats",
            n=now.chats_that_are("active"),
            all=sum(now.chats.values()),
            gone=now.chats_that_are("unreachable"),
        ),
        visit.say("status.outbox", **{str(state): number(n, texts) for state, n in now.outbox.items()}),
        visit.say("status.oldest", span=span(now.at - oldest, texts)) if oldest else "",
        _lag(visit, now, "sent"),
    )


def _lag(visit: Visit, now: Figures, step: Step) -> str:
    """How long a step takes; "" where nothing tells."""
    lag = now.lags.get(step)
    if lag is None or not lag.cases:
        return ""
    return visit.say(f"status.lag_{step}", half=span(lag.half, visit.texts), most=span(lag.most, visit.texts))


async def invite(visit: Visit, _: str) -> Replies:
    """A link that lets one chat in; given in private only, since who opens it first uses it up."""
    if not visit.private:
        return visit.answer("invite.in_private")
    if visit.office.access == "open":
        return visit.answer("invite.open")
    token = f"i_{visit.office.make_token()}"
    await visit.office.store.invite(token, "invite", visit.now)
    link = visit.office.link(visit.place.chat.platform, token)
    buttons = ((Button(visit.say("button.link"), url=link),),) if link else ()
    lines = (visit.say("invite.link", link=link) if link else "", visit.say("invite.token", token=token))
    return (visit.reply(visit.say("invite.title"), *lines, buttons=buttons),)
