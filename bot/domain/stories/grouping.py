"""From links between pairs to stories: an index that finds candidates, and a guard against chains."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from bot.domain.model import Article, Grouped, Tie
from bot.domain.stories.kinds import sign_of
from bot.domain.stories.likeness import Link, link_between, shared_words
from bot.domain.stories.rules import ROUNDUP, KindRules
from bot.domain.stories.vetoes import WINDOW, vetoed
from bot.domain.stories.witness import Witness, witnesses_of

_LED = 12  # rarest words of a lead that are looked for in titles
_RAREST = 5  # words of a lead by which copies of it are found
_SHARED = 1.8  # weight that a pair must share to be looked at: less than any link has
_LOOK_BACK = 40  # articles a word leads to, latest first
_CANDIDATES = 16  # pairs that are looked at closely, for an article
_SAMPLE = 10  # members that speak for a group where two groups meet
_LAST = datetime.max.replace(tzinfo=UTC)
_TITLE_SHOWN = 60


def group_stories(articles: Sequence[Article], rules: KindRules) -> tuple[Grouped, ...]:
    """For each article, in the order given: the index of the first article of its story, its kind, and why."""
    signs = [sign_of(article, rules) for article in articles]
    # A fixed order inside makes the partition independent of the order given.
    order = sorted((i for i, (kind, _) in enumerate(signs) if kind == "news"), key=lambda i: _place(articles[i]))
    witnesses = witnesses_of([articles[i] for i in order], rules.vocabulary)
    groups = _Groups(witnesses)
    for _, one, other in _links(witnesses):
        groups.join(one, other)
    grouped = [Grouped(i, "news" if kind == ROUNDUP else kind, why or "seul") for i, (kind, why) in enumerate(signs)]
    for members in groups.all():
        first = min(order[m] for m in members)
        for m in members:
            tie = groups.tie(m)
            grouped[order[m]] = Grouped(first, "news", _said(tie), tie)
    return tuple(grouped)


def _place(article: Article) -> tuple[object, ...]:
    return article.published_at or _LAST, article.outlet, article.title, article.url, article.summary, article.text


def _links(witnesses: Sequence[Witness]) -> list[tuple[float, int, int]]:
    """Pairs that are linked, the surest first."""
    index = _Index(witnesses)
    links: list[tuple[float, int, int]] = []
    for at, witness in enumerate(witnesses):
        found = ((other, link_between(witness, witnesses[other])) for other in index.candidates(at))
        links.extend((-link.score, other, at) for other, link in found if link)
        index.add(at)
    return sorted(links)


class _Index:
    """Finds, for an article, the earlier ones that tell what its title tells, or whose titles tell what it tells."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._witnesses = witnesses
        self._titles: dict[str, list[int]] = {}
        self._rarest: dict[str, list[int]] = {}
        self._words: dict[str, list[int]] = {}
        self._times = [w.article.published_at or _LAST for w in witnesses]
        self._counts = Counter(key for w in witnesses for key in w.facts.words)

    def add(self, at: int) -> None:
        """Make an article findable; articles are added in the order of time."""
        facts = self._witnesses[at].facts
        for key in facts.words:
            if self._counts[key] > 1:
                self._words.setdefault(key, []).append(at)
                if key in facts.titled:
                    self._titles.setdefault(key, []).append(at)
        for key in self._rare(facts.lead, _RAREST):
            self._rarest.setdefault(key, []).append(at)

    def candidates(self, at: int) -> list[int]:
        """Those that share most, the best first."""
        witness, earliest = self._witnesses[at], self._earliest(at)
        titled = witness.facts.titled
        shared: dict[int, float] = {}
        for key in (*titled, *self._rare(witness.facts.lead - titled, _LED)):
            weight = witness.weights[key]
            for other in (self._words if key in titled else self._titles).get(key, ())[-_LOOK_BACK:]:
                if other >= earliest:
                    shared[other] = shared.get(other, 0.0) + weight
        # Agency copy under two titles shares no word of a title perhaps, but the rarest words of the lead.
        for key in self._rare(witness.facts.lead, _RAREST):
            for other in self._rarest.get(key, ())[-_LOOK_BACK:]:
                if other >= earliest:
                    shared[other] = shared.get(other, 0.0) + 1.0
        enough = [other for other, weight in shared.items() if weight >= _SHARED]
        return sorted(enough, key=lambda other: (-shared[other], -other))[:_CANDIDATES]

    def _rare(self, keys: AbstractSet[str], most: int) -> list[str]:
        counts = self._counts
        return sorted([key for key in keys if counts[key] > 1], key=lambda key: (counts[key], key))[:most]

    def _earliest(self, at: int) -> int:
        """The first article that is not too old to tell the same event; without a date all may."""
        published = self._witnesses[at].article.published_at
        return bisect_left(self._times, published - WINDOW) if published else 0


class _Groups:
    """Groups that grow by links, surest first, and only as a whole.

    A chain (A like B, B like C) is no story: two groups become one only if no member has a veto against a member of
    the other, and most pairs across are linked themselves.
    """

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._witnesses = witnesses
        self._of = list(range(len(witnesses)))
        self._members = {i: [i] for i in range(len(witnesses))}
        self._known: dict[tuple[int, int], Link | None] = {}

    def join(self, one: int, other: int) -> None:
        """Make one group of the groups of both, if it holds together."""
        a, b = sorted((self._of[one], self._of[other]))
        if a == b or not self._fit(self._members[a], self._members[b]):
            return
        for member in self._members.pop(b):
            self._of[member] = a
            self._members[a].append(member)

    def _fit(self, ours: Sequence[int], theirs: Sequence[int]) -> bool:
        pairs = [(a, b) for a in _sample(ours) for b in _sample(theirs)]
        if any(self._apart(a, b) for a, b in pairs):
            return False
        return 2 * sum(self._link(a, b) is not None for a, b in pairs) >= len(pairs)

    def _apart(self, one: int, other: int) -> bool:
        """A veto; or two articles of one outlet that are no two versions of one."""
        a, b = self._witnesses[one], self._witnesses[other]
        if a.article.outlet and a.article.outlet == b.article.outlet:
            return self._link(one, other) is None
        return vetoed(a, b)

    def _link(self, one: int, other: int) -> Link | None:
        pair = (min(one, other), max(one, other))
        if pair not in self._known:
            self._known[pair] = link_between(self._witnesses[pair[0]], self._witnesses[pair[1]])
        return self._known[pair]

    def all(self) -> list[list[int]]:
        """The groups of more than one."""
        return [sorted(members) for members in self._members.values() if len(members) > 1]

    def tie(self, member: int) -> Tie | None:
        """The surest link of a member within its group; None where only others tie it to the whole."""
        others = [m for m in _sample(self._members[self._of[member]]) if m != member]
        linked = [(link.score, -m, link, m) for m in others if (link := self._link(member, m))]
        if not linked:
            return None
        _, _, link, partner = max(linked, key=lambda entry: entry[:2])
        title = _short(self._witnesses[partner].article.title)
        if link.reason == "facts":
            return Tie("facts", title, tuple(shared_words(self._witnesses[member], self._witnesses[partner])))
        return Tie(link.reason, title, likeness=min(link.near, 1.0) if link.reason == "titles" else 0.0)


def _said(tie: Tie | None) -> str:
    if tie is None:
        return "mêmes faits que d’autres articles de ce groupe"
    if tie.reason == "titles":
        likeness = f"{tie.likeness:.2f}".replace(".", ",")
        return f"titres presque identiques ({likeness}) avec « {tie.title} »"
    if tie.reason == "lead":
        return f"même début de texte sous un autre titre que « {tie.title} »"
    return f"mêmes faits ({', '.join(tie.words)}) que « {tie.title} »"


def _sample(members: Sequence[int]) -> Sequence[int]:
    """Members spread over the group, the first and the last among them."""
    if len(members) <= _SAMPLE:
        return members
    step = (len(members) - 1) / (_SAMPLE - 1)
    return [members[round(i * step)] for i in range(_SAMPLE)]


def _short(title: str) -> str:
    title = title.strip()
    return title if len(title) <= _TITLE_SHOWN else title[: _TITLE_SHOWN - 2].rsplit(" ", 1)[0] + " …"
