"""/privacy says what is stored, /forget erases all of it; /cancel ends a dialogue."""

from collections.abc import Sequence
from dataclasses import replace

from bot.services.desk.visit import Replies, Visit


async def privacy(visit: Visit, _: str) -> Replies:
    """What is stored, and what is not."""
    words = "local" if visit.said.chat.platform == "local" else "not_stored"  # the local chat is kept nowhere but here
    lines = [visit.say(f"privacy.{key}") for key in ("stored", words, "shared", "erase")]
    return (visit.reply(visit.say("privacy.title"), *lines),)


async def forget(visit: Visit, _: str) -> Replies:
    """Asked once more before everything goes. The question is a row that ends, so an old button erases nothing."""
    await visit.wait_for("forget")
    lines = [visit.say("forget.what" if visit.private else "forget.what_group")]
    if visit.private and visit.owner:
        lines.append(visit.say("forget.owner"))
    if visit.office.access == "invite":
        lines.append(visit.say("forget.invite"))
    buttons = (
        (visit.button(visit.say("button.forget"), "f", "y"),),
        (visit.button(visit.say("button.cancel"), "x"),),
    )
    return (visit.reply(visit.say("forget.title"), *lines, buttons=buttons),)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """« Tout effacer »."""
    dialogue = await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    if tuple(arguments) != ("y",) or dialogue is None or dialogue.step != "forget":
        return visit.answer("forget.stale")
    answer = visit.reply("", visit.say("forget.done"))
    await visit.office.store.forget_chat(replace(visit.place.chat, thread=""), visit.sender.id if visit.private else "")
    return (answer,)


async def cancel(visit: Visit, _: str) -> Replies:
    """Nothing is waited for any more."""
    return visit.answer("cancel.done" if await visit.wait_no_more() else "cancel.nothing")


async def cancelled(visit: Visit, _: Sequence[str]) -> Replies:
    """« Annuler » under a question, which then is gone."""
    await visit.wait_no_more()
    return (visit.reply("", visit.say("cancel.done")),)
