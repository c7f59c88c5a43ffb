"""Feeds over eleven polls, each with a life of its own: every article once, edits known, nothing told twice."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.model import Candidate, Chat, Receipt, Subscription, TopicMatch
from bot.services.compose import Newsdesk
from tests.replays.conftest import HOUR, START, Story, edited, reply, rss

pytestmark = pytest.mark.asyncio(loop_scope="session")
WINDOW, POLLS = 20, 11
THINGS = (
    "quai",
    "phare",
    "pont",
    "marché",
    "navire",
    "hangar",
    "tramway",
    "verger",
    "moulin",
    "théâtre",
    "canal",
    "col",
)
DOES = ("rouvre", "ferme", "brûle", "s’agrandit", "déménage", "recrute", "fête son centenaire", "change de nom")


@dataclass
class Life:
    """What one feed does: the articles it ever showed, and what it shows now."""

    name: str
    chance: random.Random
    shown: list[Story] = field(default_factory=list)
    told: dict[int, str] = field(default_factory=dict)  # number → the title it has by now
    edits: int = 0
    numbers: int = 0

    def edition(self) -> bytes:
        """The next answer; now and then something happens to it."""
        event = self.chance.choice(["publish"] * 6 + ["edit", "shuffle", "ids", "addresses", "down", "cut", "html"])
        if event == "down":
            return reply(503)
        if event == "html":
            return reply(200, b"<html>Maintenance</html>", Content_Type="text/html")
        self._publish(self.chance.randrange(6))
        if event == "edit" and self.shown:
            self._edit(self.chance.randrange(len(self.shown)))
        elif event == "shuffle":
            self.chance.shuffle(self.shown)
        elif event in {"ids", "addresses"}:
            mark = f"{self.chance.random():.6f}"
            path = f"/{mark}" if event == "addresses" else ""
            self.shown = edited(
                self.shown,
                lambda s: replace(s, guid=f"{mark}-{s.number}", path=f"{path}/{s.number}" if path else s.path),
            )
        document = rss(self.shown)
        if event == "cut":
            document = document[: self.chance.randrange(len(document) // 2, len(document))]
        return reply(200, document, Content_Type=self.chance.choice(["application/rss+xml", "text/html", ""]))

    def _publish(self, count: int) -> None:
        for _ in range(count):
            self.numbers += 1
            words = (self.chance.choice(THINGS), self.chance.choice(DOES), self.name, self.numbers)
            title = "Le {} {} à {} ({})".format(*words)
            path = f"/{self.name}/{self.numbers}"
            story = Story(self.numbers, title, path=path, guid=f"{self.name}-{self.numbers}")
            self.shown.insert(0, replace(story, at=START + timedelta(minutes=self.numbers)))
            self.told[self.numbers] = title
        self.shown = sorted(self.shown, key=lambda s: -s.number)[:WINDOW]

    def _edit(self, position: int) -> None:
        before = self.shown[position]
        after = replace(before, title=f"{before.title}, corrigé {self.edits}", at=before.at + HOUR)
        self.edits += 1
        self.shown[position] = after
        self.told[before.number] = after.title


class Paper:
    """Takes every digest, and keeps the headlines."""

    name = "paper"

    def __init__(self):
        self.headlines = Counter()

    def render(self, digest):
        self.headlines.update(article.id for story in digest.stories for article in story.articles)
        return ("…",)

    async def send(self, _message, now):
        return Receipt("1", now)


@pytest.mark.parametrize("seed", [7, 8])
async def test_every_article_is_stored_once_and_told_once_at_most(press, seed):
    chance, paper = random.Random(seed), Paper()
    lives = [Life(f"media{n}", random.Random(chance.random())) for n in range(8)]
    await press.open(*(life.name for life in lives))
    newsdesk = Newsdesk(press.store, load_catalog().kinds, {"paper": paper})
    await press.store.save_subscription(
        Subscription(Chat("paper", "1"), ("x",), times=tuple(range(0, 24 * 60, 60)), density="titres")
    )
    for _ in range(POLLS):
        for life in lives:
            press.paper.routes[f"/{life.name}"] = life.edition()
        press.now += 3 * HOUR
        await press.poll()
        await analyse(press.store, press.now)
        await newsdesk.compose_due(press.now)
    for life in lives:  # a last look, with nothing in its way
        press.shows(life.name, life.shown)
    press.now += 24 * HOUR
    await press.poll()

    for life in lives:
        stored = await press.titles(life.name)
        expected = sorted(title for number, title in life.told.items() if number in seen_by(press, life))
        assert stored == expected
    assert paper.headlines
    assert max(paper.headlines.values()) == 1


def seen_by(press, life: Life) -> set[int]:
    """The numbers that any poll that worked brought: what came and went during an outage nobody can know."""
    entries = [entry for polled in press.outcomes if polled.state.feed.outlet == life.name for entry in polled.entries]
    return {int(entry.title.partition("(")[2].partition(")")[0]) for entry in entries}


async def analyse(store, now):
    for article in await store.unanalysed("v1", START - 24 * HOUR, 10_000):
        await store.save_analysis(Candidate(article, (TopicMatch("x", 0.9),)), "v1", now)
