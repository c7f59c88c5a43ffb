"""Raw 4 kB text → topic ids, for 100 to 100,000 rules, as ratios.

To a bare fold-and-scan of an automaton of the same words (no inflection, nothing confirmed, no rule looked at), to the
same with our own automaton and keys, and to one `re` a rule. Memory (rules, matcher and the peak while it is built) and
the time to build. Ratios carry over from one machine to another, microseconds do not.
"""

import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from benchmarks.table import Measurement, at_most
from bot.domain.matcher import Matcher
from bot.domain.model import Article
from bot.domain.rulelang import parse_rule
from bot.domain.scanned import Scanned
from bot.domain.text import fold
from bot.domain.topics import match_topics

SYLLABLES = "ba ko ri tu me lon dra vi nes po gar fi so leu mar tin ou ché gné vau".split()  # noqa: SIM905
SMALL = "de la le les en à un une des du et dans sur pour par au".split()  # noqa: SIM905
RANDOM = random.Random(7)
COMMON = ["".join(RANDOM.choices(SYLLABLES, k=RANDOM.choice((2, 3)))) for _ in range(3000)]
MATCHING = 60  # rules of words that the texts hold, however many others there are


def text() -> str:
    """An invented article of about 4 kB: small words, common words, commas, full stops and capitals."""
    said: list[str] = []
    while sum(map(len, said)) + len(said) < 4000:
        word = RANDOM.choice(SMALL) if RANDOM.random() < 0.4 else RANDOM.choice(COMMON)
        said.append(word + (". L’" if RANDOM.random() < 0.05 else ", " if RANDOM.random() < 0.05 else ""))
    return " ".join(said)


def rule(everywhere: float) -> str:
    """A rule as chats write them; its words are rare, or (sometimes) stand in the texts."""

    def word() -> str:
        return RANDOM.choice(COMMON) if RANDOM.random() < everywhere else "".join(RANDOM.choices(SYLLABLES, k=5))

    return RANDOM.choice(("{}", "{}", "{} {}", "{} et {}", "{}, {} sauf {}", "{} ~8 {}")).format(word(), word(), word())


def microseconds(work: Callable[[str], object], texts: list[str]) -> float:
    """The best of five rounds, a text."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for one in texts:
            work(one)
        best = min(best, (time.perf_counter() - start) / len(texts) * 1e6)
    return best


@dataclass(frozen=True, slots=True)
class Size:
    """What so many rules cost: microseconds a text of the product, the floor, our own scan and one `re` a rule."""

    rules: int
    whole: float
    bare: float
    scan: float
    one_re: float
    build: float
    megabytes: int


def measurements() -> Iterator[Measurement]:
    """The largest size beside its floors, and how much more it costs than the smallest."""
    texts = [text() for _ in range(30)]
    small, *_, large = [measure(size, texts) for size in (100, 1_000, 10_000, 100_000)]
    says = f"4 kB text → topic ids, {large.rules:,} rules"
    floor = f"bare fold and scan of the same words ({large.bare:.0f} µs)"
    remark = (
        f"The floor knows no inflection and weighs nothing: our own scan takes {large.scan:.0f} µs, the rest confirms"
        f" and weighs what was found. It hardly grows with the rules ({small.whole:.0f} µs for {small.rules})."
    )
    yield Measurement("match_100k", says, large.whole, "µs", floor, large.whole / large.bare, at_most(3), remark)
    own = f"fold, keys and our own scan ({large.scan:.0f} µs)"
    yield Measurement("match_own", says, large.whole, "µs", own, large.whole / large.scan)
    mine, plain = f"ours ({large.whole:.0f} µs)", large.one_re / 1e6
    yield Measurement(
        "match_naive", f"one `re` a rule, {large.rules:,} rules", plain, "s", mine, plain * 1e6 / large.whole
    )
    beside = f"{small.rules} rules ({small.whole:.0f} µs)"
    yield Measurement("match_growth", says, large.whole, "µs", beside, large.whole / small.whole, at_most(6))
    yield Measurement("match_build", f"building the matcher of {large.rules:,} rules", large.build, "s")
    yield Measurement("match_rss", "rules and matcher in memory, the peak of building included", large.megabytes, "MB")


def measure(size: int, texts: list[str]) -> Size:
    """So many rules."""
    before = _peak()  # sizes ascend: what the process needed at most so far is what it holds now, or more
    sources = [rule(MATCHING / size / 2) for _ in range(size)]
    rules = {str(number): parse_rule(source) for number, source in enumerate(sources)}
    start = time.perf_counter()
    matcher = Matcher(rules)
    match_topics(Article("", text=texts[0]), matcher)
    build = time.perf_counter() - start
    whole = microseconds(lambda one: match_topics(Article("", text=one), matcher), texts)
    peak = _peak() - before
    words = {fold(word.strip(",")).text for source in sources for word in source.split() if len(word) > len("sauf")}
    floor = AhoCorasick(words)
    bare = microseconds(lambda one: floor.find_matches_as_indexes(fold(one).text, overlapping=True), texts)
    scan = microseconds(lambda one: matcher.scan(Scanned(one).haystack), texts)
    first_words = [re.escape(source.split()[0].strip(",")) for source in sources[:200]]
    patterns = [re.compile(rf"\b{word}\b", re.IGNORECASE) for word in first_words]
    one_re = microseconds(lambda one: [p.search(one) for p in patterns], texts[:3]) / len(patterns) * size
    return Size(size, whole, bare, scan, one_re, build, peak)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    TEXTS = [text() for _ in range(30)]
    for each in [int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000, 100_000]:
        print(measure(each, TEXTS))
