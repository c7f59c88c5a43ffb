"""A desk over a real store, and people who talk to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.catalog import load_catalog, load_texts
from bot.domain.matcher import Matcher
from bot.domain.model import Candidate, Chat, Evidence, Polled, TopicMatch
from bot.domain.phrases import NBSP
from bot.domain.rulelang import parse_rule
from bot.domain.rules import Topic
from bot.domain.talk import Incoming, Place, Reply, Sender
from bot.services.analyse import Rules
from bot.services.compose import Newsdesk
from bot.services.desk import Desk
from bot.storage import SqlStore
from tests.builders import NOW, entry

TOPICS = tuple(
    Topic(id_, emoji, {"fr": french, "en": english}, parse_rule(french), french)
    for id_, emoji, french, english in (
        ("otan", "🛡️", "OTAN", "NATO"),
        ("ukraine", "🌻", "Ukraine", "Ukraine"),
        ("defense-europe", "🛰", "Défense européenne", "European defence"),
    )
)
CATALOG = load_catalog()
KINDS = CATALOG.kinds
RULES = Rules(Matcher({topic.id: topic.rule for topic in TOPICS}), CATALOG.languages["fr"], "v1")
TEXTS = load_texts()
ANNA, BORIS = Sender("7", "Anna", "fr"), Sender("8", "Boris", "fr")
HOME = Place(Chat("telegram", "7"))
GROUP = Place(Chat("telegram", "-100"), "group", "Les Vaubrunois")


@dataclass
class Town:
    """Who administers what; and a desk that can be made anew, as after a restart."""

    store: SqlStore
    admins: set[tuple[str, str]] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)
    tokens: "count[int]" = field(default_factory=count)

    async def is_admin(self, place: Place, sender: Sender) -> bool:
        return (place.chat.id, sender.id) in self.admins

    @property
    def desk(self) -> Desk:
        chosen: dict[str, Any] = {"access": "open", "rules": lambda: RULES, "is_admin": self.is_admin} | self.options
        return Desk(
            store=self.store,
            newsdesk=Newsdesk(self.store, KINDS, {}, texts=TEXTS),
            topics=TOPICS,
            texts=TEXTS,
            make_token=lambda: f"secret-{next(self.tokens):08d}",
            bot_name=lambda _: "VerbatimBot",
            link=lambda _, token: f"https://telegram.example/VerbatimBot?start={token}",
            **chosen,
        )

    def at(self, place: Place = HOME, sender: Sender = ANNA) -> "Talk":
        return Talk(self, place, sender)


@dataclass
class Talk:
    """A person in a chat. Every reply is checked as a platform would."""

    town: Town
    place: Place
    sender: Sender
    now: datetime = NOW
    replies: Sequence[Reply] = ()

    async def say(self, text: str) -> "Talk":
        return await self._hear(text=text)

    async def press(self, label: str) -> "Talk":
        """Press the button of the last menu whose label holds this."""
        known = [(button.label.replace(NBSP, " "), button.data) for button in self.buttons]
        exact = [data for shown, data in known if shown.removeprefix("✅ ").removeprefix("▫️ ") == label]
        found = exact or [data for shown, data in known if label in shown]
        assert len(found) == 1, f"{label}: {[button.label for button in self.buttons]}"
        return await self.press_data(found[0])

    async def press_data(self, data: str) -> "Talk":
        await self._hear(press=data)
        assert self.replies, "a press without an answer"
        first = self.replies[0]
        assert first.edits or first.toast or first.digest or first.marked
        return self

    async def _hear(self, **said: Any) -> "Talk":
        menu = self.buttons
        incoming = Incoming(self.place, self.sender, self.now, **said)
        self.replies = await self.town.desk.hear(incoming, self.now)
        for reply in self.replies:
            check(reply)
        self._menu = self.own_buttons or (menu if all(reply.toast for reply in self.replies) else ())
        return self

    def later(self, **ago: float) -> "Talk":
        return replace(self, now=self.now + timedelta(**ago))

    @property
    def own_buttons(self):
        return tuple(button for reply in self.replies for row in reply.buttons for button in row)

    @property
    def buttons(self):
        return getattr(self, "_menu", ())

    @property
    def labels(self) -> str:
        return " | ".join(button.label for button in self.buttons).replace(NBSP, " ")

    @property
    def text(self) -> str:
        parts = (part for reply in self.replies for part in (reply.title, *reply.lines, *marked(reply)) if part)
        return "\n".join(parts).replace(NBSP, " ")

    @property
    def toast(self) -> str:
        return " ".join(reply.toast for reply in self.replies).replace(NBSP, " ")

    @property
    def digest(self):
        return next((reply.digest for reply in self.replies if reply.digest), None)

    async def subscription(self):
        return await self.town.store.subscription(self.place.chat)


def marked(reply: Reply) -> list[str]:
    return ["".join(piece.text for piece in line) for line in reply.marked]


def check(reply: Reply) -> None:
    """What every platform needs of a reply."""
    assert reply.title or reply.lines or reply.digest or reply.toast
    assert sum(map(len, marked(reply))) < 3900
    assert len(reply.toast) <= 200
    assert sum(len(part) for part in (reply.title, *reply.lines)) < 3000
    buttons = [button for row in reply.buttons for button in row]
    assert len(buttons) <= 100
    for row in reply.buttons:
        assert 1 <= len(row) <= 8
    for button in buttons:
        assert button.label
        assert len(button.label) <= 60
        assert bool(button.url) != bool(button.data)
        assert len(button.data.encode()) <= 64


async def publish(store, title, topic, feed, hours):
    states = {state.feed.url: state for state in await store.feed_states()}
    when = NOW - timedelta(hours=hours)
    number = abs(hash(title)) % 10**9
    await store.save_poll(Polled(states[feed.url], (entry(number, title=title, published=when),)), when)
    for article in await store.unanalysed("v1", NOW - timedelta(days=30), 10):
        found = TopicMatch(topic, 0.9, (Evidence(topic, "title", 0, 4),))
        await store.save_analysis(Candidate(article, (found,)), "v1", NOW)
