"""Whether a compiled rule holds for an article, and by which words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.compiled import AllOf, AnyOf, Condition, ExceptOf, Hit, Leaf, NearOf, Node
from bot.domain.model import Article
from bot.domain.rules import Where
from bot.domain.text import fold_word

_MOST_COMPARED = 200  # hits on each side of a « ~ »: more say nothing more
_ELSEWHERE = 1_000_000  # further apart than any rule asks
_TURN = 3  # words that the turn from the title to the text counts as
InLead = Callable[[Hit], bool]


@dataclass(frozen=True, slots=True)
class View:
    """An article as its rules see it: the hits, what counts as its first lines, and who published it."""

    hits: Mapping[int, tuple[Hit, ...]]
    in_lead: InLead
    article: Article
    title_length: int = 0  # in tokens

    def holds(self, node: Node) -> tuple[Hit, ...] | None:  # noqa: PLR0911 - one answer for each kind of node
        """The hits that make a rule true, None where it is not; () where its outlet alone does."""
        match node:
            case int():
                return self.hits.get(node) or None
            case Leaf(term, where):
                return tuple(hit for hit in self.hits.get(term, ()) if self._stands(hit, where)) or None
            case Condition(outlet, country):
                return () if self._published(outlet, country) else None
            case AnyOf():
                return self._any(node)
            case AllOf(nodes):
                return self._all(nodes)
            case NearOf():
                return self._near(node)
            case ExceptOf(inner, without):
                return None if self.holds(without) is not None else self.holds(inner)

    def touched(self, node: Node) -> bool:  # noqa: PLR0911 - as in `holds`
        """Whether any words of a rule occur, wherever they stand; of a `~` both sides."""
        match node:
            case int():
                return node in self.hits
            case Leaf(term, _):
                return term in self.hits
            case AnyOf(others=others):
                return bool(node.standing(self.hits.keys())) or any(map(self.touched, others))
            case AllOf(nodes):
                return any(map(self.touched, nodes))
            case NearOf(left, right, _):
                return self.touched(left) and self.touched(right)
            case ExceptOf(inner, _):
                return self.touched(inner)
            case _:
                return False

    def _stands(self, hit: Hit, where: Where) -> bool:
        return hit.place == "title" or (where == "debut" and self.in_lead(hit))

    def _published(self, outlet: str, country: str) -> bool:
        if country:
            return self.article.feed.country == country
        feed = self.article.feed
        if "." in outlet:
            return f".{outlet}/" in f".{_host(self.article.url or feed.url)}/"
        return bool(feed.outlet) and _squeezed(feed.outlet) == _squeezed(outlet)

    def _any(self, node: AnyOf) -> tuple[Hit, ...] | None:
        hits = [hit for term in node.standing(self.hits.keys()) for hit in self.hits[term]]
        held = bool(hits)
        for part in node.candidates(self.hits.keys()):
            inner = self.holds(part)
            if inner is not None:
                held = True
                hits += inner
        return tuple(hits) if held else None

    def _all(self, nodes: Iterable[Node]) -> tuple[Hit, ...] | None:
        hits: list[Hit] = []
        for part in nodes:
            inner = self.holds(part)
            if inner is None:
                return None
            hits += inner
        return tuple(hits)

    def _near(self, node: NearOf) -> tuple[Hit, ...] | None:
        left, right = self.holds(node.left), self.holds(node.right)
        if not left or not right:
            return None
        near, compared = node.distance, right[:_MOST_COMPARED]
        pairs = [(a, b) for a in left[:_MOST_COMPARED] for b in compared if self._apart(a, b) <= near]
        found = dict.fromkeys(a for a, _ in pairs) | dict.fromkeys(b._replace(beside=True) for _, b in pairs)
        return tuple(found) or None

    def _apart(self, one: Hit, other: Hit) -> int:
        """How many words apart two hits stand: the title is followed by the first words under it."""
        if one.place == other.place:
            return max(one.first - other.last, other.first - one.last, 0)
        above, below = (one, other) if one.place == "title" else (other, one)
        under = "summary" if self.article.summary else "text"
        if above.place != "title" or below.place != under:
            return _ELSEWHERE
        return self.title_length - above.last + below.first + _TURN


def _squeezed(outlet: str) -> str:
    folded = fold_word(outlet)
    return folded.removeprefix("le ").removeprefix("la ").removeprefix("les ").removeprefix("l ").replace(" ", "")


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
