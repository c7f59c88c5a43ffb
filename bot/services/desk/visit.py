"""One message or press, with all that is known when it comes: who, where, and what that chat has chosen.

What is acted upon is the chat in which it was said. There is one exception: a person configures a channel from their
private chat. Buttons of such a menu end in « @ » and the channel's number, which counts only for the person who gave
us that channel and who administers it still.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.chats import Dialogue, KnownChat
from bot.domain.commands import fold
from bot.domain.model import Density, Digest, Subscription
from bot.domain.modes import alerting_from
from bot.domain.schedule import planned
from bot.domain.talk import Button, Place, Reply, Sender, Upload
from bot.domain.texts import Texts
from bot.services.desk.around import ALONE, Around
from bot.services.desk.office import Office

PATIENCE = timedelta(hours=1)  # so long we wait for the words of a dialogue
MOST_BYTES = 64  # of a button's data
Rows = tuple[tuple[Button, ...], ...]
Replies = tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that a chat can follow: shipped, or written by itself."""

    id: str
    name: str
    emoji: str = ""
    rule: str = ""  # of its own ones

    @property
    def label(self) -> str:
        """As on a button."""
        return f"{self.emoji} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Visit:
    """See the module. A visit that changes something is a new one, with what is stored by then."""

    office: Office
    said: Place  # where it was said
    place: Place  # what it is about: the same, or a channel of the sender's
    sender: Sender
    now: datetime
    pressed: bool
    known: KnownChat | None
    subscription: Subscription | None
    owner: bool
    admitted: bool  # whether the sender is served where they said it
    own: tuple[Choice, ...] = ()
    around: Around = ALONE
    file: Upload | None = None

    # --- who and where -----------------------------------------------------------------------------------------------

    @property
    def private(self) -> bool:
        """Whether it is about a person's own chat."""
        return self.place.kind == "private"

    @property
    def steered(self) -> bool:
        """Whether it is about a channel, from a private chat."""
        return self.said.chat != self.place.chat

    @property
    def subscribed(self) -> bool:
        """Whether digests come by schedule, or would if they were not paused."""
        return self.subscription is not None and self.subscription.subscribed

    async def may_set(self) -> bool:
        """Whether the sender may change what this chat chose."""
        if self.private:
            return True
        if self.said.chat == self.place.chat and self.sender.anonymous:
            return True
        return await self.office.is_admin(self.place, self.sender)

    # --- what was chosen ---------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Subscription:
        """What was chosen, or what holds before anything was."""
        return self.subscription or self.fresh()

    def fresh(self) -> Subscription:
        """What holds for a chat that chose nothing yet: no digest by schedule. A thread begins as its group is."""
        if begun := self.around.begin(self.place):
            return begun
        english = self.private and self.sender.language.lower().startswith("en")
        density: Density = "standard" if self.private else "titres"
        return Subscription(
            self.place.chat,
            (),
            timezone=self.office.timezone,
            density=density,
            language="en" if english else "fr",
            subscribed=False,
        )

    async def edit(self, change: Callable[[Subscription], Subscription]) -> "Visit":
        """Store a change of what was chosen; the plan follows where it is about time."""

        def edited(stored: Subscription | None) -> Subscription:
            before = stored or self.fresh()
            after = change(before)
            if before.resting and not after.resting:
                after = alerting_from(after, self.now)
            anew = (before.times, before.weekdays, before.timezone, before.resting)
            moved = anew != (after.times, after.weekdays, after.timezone, after.resting)
            return planned(after, self.now) if moved or stored is None else after

        visit = await self.remember(chosen=True)
        return replace(visit, subscription=await self.office.store.edit_subscription(self.place.chat, edited))

    async def remember(self, *, chosen: bool = False) -> "Visit":
        """The chat is known from now on; and of a group, who chose last: it is they who are told of trouble with it."""
        admin = self.known.admin if self.known else ""
        if chosen and self.place.kind in {"group", "supergroup"} and not self.sender.anonymous:
            admin = self.sender.id
        here = KnownChat(replace(self.place.chat, thread=""), 0, self.place.kind, self.place.title, True, admin)  # noqa: FBT003 (admitted: it is served)
        if self.known == replace(here, id=self.known.id if self.known else 0):
            return self
        return replace(self, known=await self.office.store.save_chat(here))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All topics that this chat can follow, its own last."""
        language = self.settings.language
        shipped = (Choice(topic.id, topic.name(language), topic.emoji) for topic in self.office.topics)
        return (*shipped, *self.own)

    def choice(self, id_: str) -> Choice | None:
        """The topic of that id, if this chat can follow it."""
        return next((choice for choice in self.choices if choice.id == id_), None)

    @property
    def followed(self) -> tuple[Choice, ...]:
        """The topics it follows, in the order of the list."""
        return tuple(choice for choice in self.choices if choice.id in self.settings.topics)

    def named(self, name: str) -> Choice | None:
        """The topic that a person means: its name, its id, or the one name that begins so."""
        wanted = _plain(name)
        found = [choice for choice in self.choices if wanted in (_plain(choice.name), _plain(choice.id))]
        other = {t.id for t in self.office.topics if wanted in {_plain(n) for n in t.names.values()}}
        found += [choice for choice in self.choices if choice.id in other]
        if not found and len(wanted) >= _SHORTEST:
            begun = [choice for choice in self.choices if _plain(choice.name).startswith(wanted)]
            found = begun if len(begun) == 1 else []
        return found[0] if found else None

    # --- answers -----------------------------------------------------------------------------------------------------

    @property
    def texts(self) -> Texts:
        """In the language of the chat."""
        return self.office.texts[self.settings.language]

    def say(self, key: str, /, **values: object) -> str:
        """A text in the language of the chat."""
        return self.texts(key, **values)

    def button(self, label: str, *data: object) -> Button:
        """A button whose press comes back as these parts, about the same chat."""
        number = f"@{self.known.id}" if self.steered and self.known else ""
        return Button(label, ":".join(map(str, data)) + number)

    def reply(
        self, title: str, *lines: str, buttons: Rows = (), digest: Digest | None = None, toast: str = ""
    ) -> Reply:
        """An answer; to a press it takes the place of the message pressed."""
        if self.steered:
            title = " · ".join(part for part in (f"📣 {self.place.title or self.place.chat.id}", title) if part)
        kept = tuple(line for line in lines if line)
        return Reply(title, kept, digest, buttons, edits=self.pressed and digest is None, toast=toast)

    def answer(self, key: str, /, **values: object) -> Replies:
        """One line: under a press as a toast, so that the menu stays."""
        text = self.say(key, **values)
        return (Reply(toast=text),) if self.pressed else (self.reply("", text),)

    # --- dialogues ---------------------------------------------------------------------------------------------------

    async def wait_for(self, step: str, payload: str = "") -> None:
        """The sender's next words are for this step, about this chat."""
        number = self.known.id if self.steered and self.known else 0
        dialogue = Dialogue(step, f"{number}|{payload}", self.now + PATIENCE)
        await self.office.store.save_dialogue(self.said.chat, self.sender.id, dialogue)

    @property
    def answer_here(self) -> str:
        """How to answer a question: in groups a bot hears only what replies to it."""
        return "" if self.said.kind == "private" else self.say("talk.answer_here")

    async def wait_no_more(self) -> bool:
        """Nothing is waited for; whether anything was."""
        return await self.office.store.save_dialogue(self.said.chat, self.sender.id, None)


_SHORTEST = 3


def _plain(name: str) -> str:
    return fold(name[:60]).replace("-", " ")
