"""Which topics an article is about, and which words said so.

An article is about a topic when its rule holds with enough weight. A term weighs by where it stands: most in the title,
less in the lead, little in the body, where the first lines count more and the sum is capped, so that one mention at the
end of a long text never suffices. A feed item has no position; it is short, so its one sentence is its lead.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.domain.compiled import ExceptOf, Hit, Node, positive_terms
from bot.domain.matcher import Found, Matcher
from bot.domain.model import Article, Evidence, TopicMatch
from bot.domain.scanned import Scanned
from bot.domain.view import View

_TITLE, _TITLE_MORE = 3.0, 0.5
_LEAD, _LEAD_MORE = 2.0, 0.5
_LATE_LEAD = 1.25  # a first mention that far into the lead is often an afterthought
_EARLY, _LATE, _BODY_MOST = 0.5, 0.25, 2.0
_LEAD_LENGTH = 350  # folded characters of the text that stand for its lead where there is no summary
_OPENING = 150  # … and of the lead that everybody reads
_EARLY_LENGTH = 1500
_SHORT = 700  # a text up to here is a feed item or brief …
_ENOUGH_SHORT, _ENOUGH = 2.0, 3.0
_BESIDE, _PASSING = 0.3, 0.4
_CUE_REACH = 5  # tokens from « sur fond de » to what it makes background
_MOST_EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much an article is about a topic: `weight`, of which `enough` is needed; no weight where its rule does not
    hold. `words` said so; where the rule does not hold, they are those of its words that occur, and `against` those
    that the rule excludes.
    """

    topic: str
    weight: float | None
    enough: float
    words: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the article is about the topic."""
        return self.weight is not None and self.weight >= self.enough


def match_topics(article: Article, matcher: Matcher) -> tuple[TopicMatch, ...]:
    """The topics that the article is about, the surest first."""
    found = matcher.find(article)
    return judged(article, matcher, found, matcher.waiting_for(found))


def judged(article: Article, matcher: Matcher, found: Found, ids: Collection[str]) -> tuple[TopicMatch, ...]:
    """Which of these topics the article is about, by what was found in it."""
    if not ids:
        return ()
    view, enough, cues = _view(article, found), _enough(article), _cues(matcher, found)
    matches = []
    for id_ in ids:
        hits = view.holds(matcher.nodes[id_])
        if hits is None:
            continue
        weight = _weight(article, hits, cues) if hits else 2 * _ENOUGH  # a rule about the outlet alone is sure
        if weight >= enough:
            matches.append(TopicMatch(id_, round(weight / (weight + enough), 3), _evidence(matcher, found, hits)))
    return tuple(sorted(matches, key=lambda match: (-match.score, match.topic)))


def weigh_topics(article: Article, matcher: Matcher, topics: Iterable[str]) -> tuple[Weighed, ...]:
    """How `match_topics` decides about these topics, for people; those without a rule are missing."""
    found = matcher.find(article)
    view, enough, cues = _view(article, found), _enough(article), _cues(matcher, found)
    weighed = []
    for id_ in topics:
        if id_ not in matcher.nodes:
            continue
        node = matcher.nodes[id_]
        hits = view.holds(node)
        if hits is None:
            terms = positive_terms(node) & found.hits.keys()
            words = _evidence(matcher, found, [hit for term in terms for hit in found.hits[term]])
            weighed.append(Weighed(id_, None, enough, words, _against(matcher, found, view, node)))
            continue
        weight = _weight(article, hits, cues) if hits else 2 * enough
        weighed.append(Weighed(id_, weight, enough, _evidence(matcher, found, hits)))
    return tuple(weighed)


def _against(matcher: Matcher, found: Found, view: View, node: Node) -> tuple[Evidence, ...]:
    """The excluded words that keep a rule from holding."""
    if not isinstance(node, ExceptOf) or view.holds(node.node) is None:
        return ()
    return _evidence(matcher, found, view.holds(node.without) or ())


def _view(article: Article, found: Found) -> View:
    return View(found.hits, lambda hit: _zone(article, hit) != "body", article, found.title_length)


def _enough(article: Article) -> float:
    """The weight that is needed: more of a long text, which has room for what is not its subject."""
    return _ENOUGH if len(article.body) > _SHORT else _ENOUGH_SHORT


def _cues(matcher: Matcher, found: Found) -> list[Hit]:
    return [hit for cue in matcher.passing & found.hits.keys() for hit in found.hits[cue]]


def mentions(article: Article, matcher: Matcher) -> frozenset[str]:
    """The ids of the rules of which words that are not excluded occur anywhere: its page is worth reading."""
    found = matcher.find(article)
    view = View(found.hits, lambda _: True, article, found.title_length)
    return frozenset(id_ for id_ in matcher.touched_by(found) if view.touched(matcher.nodes[id_]))


def _zone(article: Article, hit: Hit) -> str:
    if hit.place == "title":
        return "title"
    if hit.place == "summary":
        return "lead"
    return "lead" if hit.start < _LEAD_LENGTH and not article.summary else "body"


def _weight(article: Article, hits: Iterable[Hit], cues: Iterable[Hit]) -> float:
    """What the hits weigh together; words counted once where terms overlap."""
    behind = {(cue.place, cue.last + reach) for cue in cues for reach in range(1, _CUE_REACH + 1)}
    # In an item with a title the end of its sentence is an afterthought; a longer text has its body to make up for it.
    item = bool(article.title) and len(article.body) <= _SHORT
    best = {"title": 0.0, "lead": 0.0, "body": 0.0}
    for hit in _distinct(hits):
        zone = _zone(article, hit)
        share = _BESIDE if hit.beside else _PASSING if (hit.place, hit.first) in behind else 1.0
        first, more = _worth(zone, hit.start, item)
        known = best[zone]
        best[zone] = max(first * share, known + more * share) if known else first * share
    return best["title"] + best["lead"] + min(best["body"], _BODY_MOST)


def _worth(zone: str, start: int, item: bool) -> tuple[float, float]:  # noqa: FBT001 - computed by its only caller
    """What a hit there is worth as the first of its zone, and what it adds as a further one."""
    if zone == "title":
        return _TITLE, _TITLE_MORE
    if zone == "lead":
        return (_LATE_LEAD if item and start >= _OPENING else _LEAD), _LEAD_MORE
    worth = _EARLY if start < _EARLY_LENGTH else _LATE
    return worth, worth


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that do not overlap an earlier, longer one."""
    ordered = sorted(set(hits), key=lambda hit: (hit.place, hit.first, -hit.last, hit.beside))
    if not ordered:
        return []
    kept = [ordered[0]]
    for hit in ordered[1:]:
        if hit.place != kept[-1].place or hit.first > kept[-1].last:
            kept.append(hit)
    return kept


def _evidence(matcher: Matcher, found: Found, hits: Iterable[Hit]) -> tuple[Evidence, ...]:
    rank = {"title": 0, "summary": 1, "text": 2}
    ordered = sorted(_distinct(hits), key=lambda hit: (rank[hit.place], hit.first))[:_MOST_EVIDENCE]
    return tuple(_shown(matcher.term(hit.term), hit, found.texts[hit.place]) for hit in ordered)


def _shown(term: str, hit: Hit, text: Scanned) -> Evidence:
    return Evidence(term, hit.place, *text.span(hit.first, hit.last))
