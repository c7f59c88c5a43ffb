"""How surely two articles tell the same event, and in which words one says why.

Three ways lead to a link: titles that are nearly the same, leads that are nearly the same, or enough shared evidence of
different sorts (a rare name, a figure together with what it counts, words between quotation marks, words of what
happened). After each, the vetoes: what one event cannot have.
"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.stories.facts import Facts
from bot.domain.stories.vetoes import vetoed
from bot.domain.stories.witness import Witness

# Missing a link shows a story twice; a wrong one puts an outlet's words on another event. We prefer the first mistake.
# Cases: tests/cases/stories/.
NEAR_TITLES = 0.75  # shared weight of both titles
NEAR_LEADS = 0.7  # the same agency copy under two titles
ENOUGH = 4.6  # points of evidence
TOLD_BY_BOTH = 0.5  # share of each title that the other article tells, on average …
TOLD_AT_LEAST = 0.34  # … and at least
SAME_LEAD, SAME_LEAD_TITLES = 0.9, 0.5  # a new title over the old lead
LEADS_AGREE = 0.2  # needed where titles are short, or differ by a word on both sides
LEADS_STRANGE = 0.06  # below, two long leads under nearly the same title tell of different things
LONG_LEAD = 10

_SAYS_LITTLE = 0.5  # weight of words that weak and common ones do not reach
_TITLE_WORDS, _TITLE_WEIGHT = 3, 1.5  # less makes no title that could not be another's
_DEEDS = 2  # words of what happened, names apart


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles tell the same event. Higher scores are surer; any that exists is sure enough."""

    score: float
    reason: Literal["titles", "lead", "facts"]
    near: float = 0.0  # likeness of the titles


def link_between(one: Witness, other: Witness) -> Link | None:
    """The link, or None where there is a veto or not enough."""
    link = _by_titles(one, other) or _by_lead(one, other) or _by_facts(one, other)
    return None if link is None or vetoed(one, other) else link


def shared_words(one: Witness, other: Witness) -> tuple[str, ...]:
    """The words that speak most for the link, as they stand in the first article."""
    keys = one.facts.words & other.facts.words
    keys = frozenset(k for k in keys if one.weights[k] > _SAYS_LITTLE)
    ranked = sorted(keys, key=lambda k: (k not in one.facts.names, k not in one.facts.title, -one.weights[k], k))
    return tuple(one.facts.surface[key] for key in ranked[:5])


def _by_titles(one: Witness, other: Witness) -> Link | None:
    """Nearly the same titles, unless the leads tell of different things."""
    near = _likeness(one, other)
    if near < NEAR_TITLES:
        return None
    agreement = _agreement(one, other)
    if _long_leads(one, other) and agreement < LEADS_STRANGE:
        return None
    if agreement < LEADS_AGREE and _poor_titles(one, other):
        return None
    return Link(10.0 + near, "titles", near)


def _likeness(one: Witness, other: Witness) -> float:
    """How alike the titles are, 0.0 to 1.0."""
    shared = one.weight(one.facts.titled & other.facts.titled)
    return 2 * shared / max(one.titled + other.titled, 1e-9) if shared else 0.0


def _poor_titles(one: Witness, other: Witness) -> bool:
    """« Accident de la route », « Guerre en Ukraine : le point »; or « un hôpital » in place of « une école »."""
    ours, theirs = one.facts.titled, other.facts.titled
    shared = ours & theirs
    if len(shared) < _TITLE_WORDS or one.weight(shared) < _TITLE_WEIGHT:
        return True
    return min(one.weight(ours - theirs), one.weight(theirs - ours)) > _SAYS_LITTLE


def _by_lead(one: Witness, other: Witness) -> Link | None:
    """The same agency copy under two titles; within one outlet, a new title over the old lead."""
    if not _long_leads(one, other) or (agreement := _agreement(one, other)) < NEAR_LEADS:
        return None
    if _same_outlet(one, other) and (agreement < SAME_LEAD or _likeness(one, other) < SAME_LEAD_TITLES):
        return None
    return Link(8.0 + agreement, "lead")


def _by_facts(one: Witness, other: Witness) -> Link | None:
    """Evidence of different sorts, and most of each title told by the other article."""
    if _same_outlet(one, other) or (points := _points(one, other)) < ENOUGH or not _both_tell(one, other):
        return None
    return Link(min(points, 8.0), "facts")


def _same_outlet(one: Witness, other: Witness) -> bool:
    return bool(one.article.outlet) and one.article.outlet == other.article.outlet


def _long_leads(one: Witness, other: Witness) -> bool:
    return min(len(one.facts.lead), len(other.facts.lead)) >= LONG_LEAD


def _agreement(one: Witness, other: Witness) -> float:
    """How alike the leads are."""
    total = one.led + other.led
    return 2 * one.weight(one.facts.lead & other.facts.lead) / total if total else 0.0


def _crossing(one: Facts, other: Facts) -> frozenset[str]:
    """Words that one title tells and the other article too; a label in front of both titles is a topic, no event."""
    return ((one.title & other.words) | (other.title & one.words)) - (one.label & other.label)


def _points(one: Witness, other: Witness) -> float:
    """Evidence of different sorts; no sort alone is enough, and places weigh like any name."""
    a, b, vocabulary = one.facts, other.facts, one.vocabulary
    crossing = _crossing(a, b)
    if len(crossing) <= _DEEDS:
        return 0.0
    deeds = crossing - a.names - b.names - vocabulary.common - vocabulary.weak - a.numbers
    if len(deeds) < _DEEDS:
        return 0.0
    # « Affaire Castaing : … »: a name in both labels is shared, though the label is no deed.
    names = _shared_names(a, b) & (crossing | (a.label & b.label))
    figures = {figure for figure in a.figures & b.figures if figure[0]}
    quoted = bool(a.quoted & b.quoted)
    if not (names - vocabulary.common or figures or quoted):
        return 0.0
    return (
        min(one.weight(names - vocabulary.common), 3.0)
        + 0.4 * min(len(names & vocabulary.common), 2)
        + 1.2 * min(len(figures), 2)
        + 2.0 * quoted
        + 0.7 * min(one.weight(deeds), 5.0)
    )


def _shared_names(one: Facts, other: Facts) -> frozenset[str]:
    """Names of both; one of them at least has it where only a name has a capital."""
    return (one.names & (other.names | other.maybe)) | (other.names & one.maybe)


def _both_tell(one: Witness, other: Witness) -> bool:
    """Each article tells enough of what stands in the other's title."""
    ours = one.weight(one.facts.title & other.facts.words) / max(one.told, 1e-9)
    theirs = other.weight(other.facts.title & one.facts.words) / max(other.told, 1e-9)
    return (ours + theirs) / 2 >= TOLD_BY_BOTH and min(ours, theirs) >= TOLD_AT_LEAST
