"""Grouping articles into stories: what an article costs among many, as a ratio to what it costs among few."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

from benchmarks.match import COMMON, SMALL, SYLLABLES
from benchmarks.table import Measurement, at_most
from bot.app import learn
from bot.domain.model import Article, Feed
from bot.domain.stories import KindRules, group_stories
from bot.settings import Settings

FEW, SOME, MANY = 2_000, 8_000, 20_000
WINDOW = timedelta(hours=48)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def measurements() -> Iterator[Measurement]:
    """Microseconds an article at 20,000 ÷ at 2,000, all within two days; and ÷ the plain way at 8,000."""
    kinds = learn(Settings()).kinds
    cast = articles(MANY)
    few = min(seconds(lambda: group_stories(cast[:FEW], kinds)) for _ in range(3)) / FEW * 1e6
    many = seconds(lambda: group_stories(cast, kinds)) / MANY * 1e6
    says = f"grouping {MANY:,} articles of two days into stories, an article"
    yield Measurement("group_20k", says, many, "µs", f"the same among {FEW:,} ({few:.0f} µs)", many / few, at_most(2))
    some = cast[:SOME]
    mine = seconds(lambda: group_stories(some, kinds)) / SOME * 1e6
    plain = seconds(lambda: by_words(some)) / SOME * 1e6
    beside = f"word overlap over an inverted index ({plain:.0f} µs; {quality(by_words(some), SOME)})"
    says = f"grouping {SOME:,} articles ({quality(by_stories(some, kinds), SOME)}), an article"
    yield Measurement("group_peer", says, mine, "µs", beside, mine / plain)  # copies: the easy half, so no target


def articles(count: int) -> list[Article]:
    """Invented ones of two days: of every eight, three tell one event and five something else each."""
    dice = random.Random(3)
    feeds = [Feed(f"Média {number}", f"https://outlet{number}.example/rss") for number in range(40)]
    cast = []
    for n in range(count):
        event = n - n % 8 if n % 8 < 3 else n
        title, summary = _told(event, n)
        published = NOW - WINDOW * dice.random()
        link = f"https://outlet{n % 40}.example/{n}"
        cast.append(Article(title, summary, url=link, feed=feeds[n % 40], published_at=published, id=n + 1))
    return cast


def _told(event: int, outlet: int) -> tuple[str, str]:
    """Title and summary of an event, in the words of an outlet."""
    about, words = random.Random(event), random.Random(outlet)
    person, place = (_name(about) for _ in range(2))
    facts = about.sample(COMMON, 8)
    said = words.sample(facts, 5) + words.sample(COMMON, 2)
    others = " ".join(words.choice((*SMALL, *COMMON)) for _ in range(25))
    return f"{place} : {person} {' '.join(said)}", f"À {place}, {person} {' '.join(facts)} {others}."


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=3)).capitalize()


def by_words(cast: Sequence[Article], alike: float = 0.15) -> set[tuple[int, int]]:
    """Pairs whose words are alike (Jaccard over an inverted index): the plain way that finds most of them."""
    bearers: dict[str, list[int]] = {}
    words = [{w for w in f"{one.title} {one.summary}".lower().split() if len(w) > 3} for one in cast]
    pairs = set()
    for at, mine in enumerate(words):
        shared: Counter[int] = Counter()
        for word in mine:
            shared.update(bearers.setdefault(word, []))
            bearers[word].append(at)
        pairs |= {(one, at) for one, both in shared.items() if both >= alike * (len(mine) + len(words[one]) - both)}
    return pairs


def by_stories(cast: Sequence[Article], kinds: KindRules) -> set[tuple[int, int]]:
    """Pairs that we put into one story."""
    stories: dict[int, list[int]] = {}
    for at, grouped in enumerate(group_stories(cast, kinds)):
        stories.setdefault(grouped.story, []).append(at)
    return {pair for members in stories.values() for pair in combinations(members, 2)}


def quality(found: set[tuple[int, int]], count: int) -> str:
    """How many of the pairs found are right, and how many of the right ones were found."""
    true = {pair for first in range(0, count, 8) for pair in combinations(range(first, first + 3), 2)}
    right = len(found & true)
    return f"precision {right / max(1, len(found)):.2f}, recall {right / len(true):.2f}"


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
