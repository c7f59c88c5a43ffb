"""The desk: what people say → what the bot answers, the same on every platform.

A message or press is gated (who may?), then handled by the file of its command. Nothing is kept in memory: menus are
made from what is stored and press data is a few short ids, so both go on after a restart.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chats import KnownChat
from bot.domain.commands import Command, parse_command, parse_word
from bot.domain.model import Chat
from bot.domain.talk import ChannelSeen, ChatEvent, Incoming, Place, Reply
from bot.services.desk import access, helping, start
from bot.services.desk.arrival import arrive
from bot.services.desk.office import IsAdmin, Office
from bot.services.desk.rooms import COMMANDS, PRESSES, STEPS
from bot.services.desk.visit import Replies, Visit

__all__ = ["Desk", "IsAdmin", "Office"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Office):
    """Answers people."""

    async def hear(self, incoming: Incoming, now: datetime) -> Replies:
        """The answers to words or to a press; none where it was not for us. Every press has one."""
        press, _, number = incoming.press.partition("@")
        target = int(number) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else 0
        if number and not target:
            return (Reply(toast=self.texts["fr"]("access.stale")),)
        visit = await arrive(self, incoming, target, now)
        if visit is None:
            return (Reply(toast=self.texts["fr"]("access.not_admin")),)
        if incoming.press:
            return await self._pressed(visit, press)
        return await self._heard(visit, incoming.text)

    async def on_event(self, event: ChatEvent, now: datetime) -> None:
        """A chat went away, came back, moved, or made us administrator: what it chose stays with it."""
        if event.kind == "gone":
            await self.store.suspend(event.chat, now)
        elif event.kind == "back":
            await self.store.revive(event.chat)
        elif event.kind == "moved" and event.new_id and event.new_id != event.chat.id:
            await self.store.move_chat(event.chat, Chat(event.chat.platform, event.new_id))
        elif event.kind == "promoted":
            await self.store.revive(event.chat)
            if event.chat_kind == "channel" and event.by:
                await self._give_channel(event.chat, event.title, event.by.id)

    async def channel_seen(self, seen: ChannelSeen, now: datetime) -> Replies:
        """A forwarded post names the channel that its sender wants to configure: its menu, if they administer it."""
        incoming = Incoming(seen.place, seen.sender, seen.at)
        visit = await arrive(self, incoming, 0, now)
        if visit is None or not visit.admitted:
            return await access.refuse(visit) if visit else ()
        if not await self.is_admin(Place(seen.channel, "channel", seen.title), seen.sender):
            return visit.answer("channel.not_admin", title=seen.title or seen.channel.id)
        known = await self._give_channel(seen.channel, seen.title, seen.sender.id)
        steered = await arrive(self, incoming, known.id, now)
        return await start.start(steered, "") if steered else ()

    async def owner_link_token(self, now: datetime) -> str:
        """The token that makes who opens it the owner; "" where there is an owner already."""
        configured = any(not owner.startswith("local:") for owner in self.owners)
        if configured or await self.store.owners():
            return ""
        return await self.store.owner_token(f"o_{self.make_token()}", now)

    async def _give_channel(self, chat: Chat, title: str, person: str) -> KnownChat:
        known = await self.store.chat(chat) or KnownChat(chat, kind="channel")
        return await self.store.save_chat(replace(known, title=title or known.title, admin=person))

    # --- words -------------------------------------------------------------------------------------------------------

    async def _heard(self, visit: Visit, text: str) -> Replies:
        if visit.said.kind == "channel":  # a channel is configured from a private chat
            return ()
        command = parse_command(text, self.bot_name(visit.said.chat.platform))
        if command is None and text.lstrip().startswith("/") and "@" in text.split(maxsplit=1)[0]:
            return ()  # for another bot
        if command and command.name == "start" and access.is_token(command.argument):
            return await access.open_link(visit, command.argument)
        if not visit.admitted:
            return await access.refuse(visit) if command or visit.private else ()
        return await self._commanded(visit, command) if command else await self._said(visit, text)

    async def _commanded(self, visit: Visit, command: Command) -> Replies:
        if command.name != "cancel":
            await _leave_dialogue(visit)
        spec = command.spec
        if spec is None:
            return helping.unknown(visit, command)
        if not spec.served:
            return helping.later(visit, command)
        if spec.audience == "owners" and not visit.owner:
            return visit.answer("access.owners_only")
        if spec.audience == "admins" and command.name != "resume" and not await visit.may_set():
            return visit.answer("access.admins_only")
        return await COMMANDS[command.name](visit, command.argument)

    async def _said(self, visit: Visit, text: str) -> Replies:
        """Words without a command: the answer to a question of ours, or a command's bare name."""
        dialogue = await self.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
        if dialogue and dialogue.step in STEPS and (visit.file is None or dialogue.step in FOR_FILES):
            number, _, payload = dialogue.payload.partition("|")
            here = Incoming(visit.said, visit.sender, visit.now, text, file=visit.file)
            about = await arrive(self, here, int(number), visit.now)
            if about is None or not await about.may_set():
                return visit.answer("access.not_admin")
            return await STEPS[dialogue.step](about, text.strip(), payload)
        if not visit.private:
            return ()
        command = parse_word(text)
        return await self._commanded(visit, command) if command else helping.confused(visit)

    # --- presses -----------------------------------------------------------------------------------------------------

    async def _pressed(self, visit: Visit, press: str) -> Replies:
        kind, *arguments = press.split(":")
        if kind not in PRESSES or len(press) > _LONGEST_PRESS:
            return visit.answer("access.stale")
        if not visit.admitted:
            return visit.answer("access.refused_short")
        if kind not in EVERYBODY and not await visit.may_set():
            return visit.answer("access.not_admin")
        return await PRESSES[kind](visit, tuple(arguments))


_DIGITS = 15  # of a chat's number
_LONGEST_PRESS = 64
FOR_FILES = frozenset({"import", "importing"})  # what is waited for when a file is
EVERYBODY = frozenset({"d", "s", "?"})  # a digest, what stands behind it, and help are for all members


async def _leave_dialogue(visit: Visit) -> None:
    """Another command ends what was waited for; a draft stays, its buttons are still there."""
    dialogue = await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    if dialogue and dialogue.step not in {"draft", "tried", "forget"}:
        await visit.wait_no_more()
