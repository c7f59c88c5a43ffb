"""/status and /invite: for the people who host the bot."""

from bot.domain.health import silent_outlets
from bot.domain.phrases import hour_of
from bot.domain.talk import Button
from bot.services.desk.visit import Replies, Visit


async def status(visit: Visit, _: str) -> Replies:
    """Feeds, queue and chats in a few lines."""
    store = visit.office.store
    states, subscriptions = await store.feed_states(), await store.subscriptions()
    outbox, stats = await store.outbox(), await store.stats()
    silent, watched = silent_outlets(states, visit.now)
    answered = max((state.succeeded_at for state in states if state.succeeded_at), default=None)
    zone = visit.settings.timezone
    last = hour_of(answered, zone, visit.texts) if answered else visit.say("status.never")
    lines = (
        visit.say("status.feeds", feeds=len(states), outlets=watched, silent=silent, last=last),
        visit.say("status.found", articles=stats["articles"], statements=stats["statements"]),
        visit.say(
            "status.chats",
            n=sum(not subscription.resting for subscription in subscriptions),
            all=len(subscriptions),
            gone=sum(subscription.suspended_at is not None for subscription in subscriptions),
        ),
        visit.say("status.outbox", **{str(state): n for state, n in outbox.items()}),
    )
    return (visit.reply(visit.say("status.title"), *lines),)


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
