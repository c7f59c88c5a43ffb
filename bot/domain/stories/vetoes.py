"""What one event cannot have: articles far apart, other days, other figures, other names, opposite words."""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from bot.domain.model import Article
from bot.domain.stories.facts import Facts
from bot.domain.stories.witness import Witness
from bot.domain.stories.words import Vocabulary

WINDOW = timedelta(hours=36)
MONEY_DIFFERS = 0.1  # « près de 50 millions » and 49,75 are one sum

_MONEY = frozenset({"milion", "miliard", "euro", "euros", "€", "$", "dolar", "franc"})


def vetoed(one: Witness, other: Witness) -> bool:
    """Whether they cannot tell the same event, however alike they look."""
    return (
        _far_apart(one.article, other.article)
        or _other_days(one.facts, other.facts)
        or _other_figures(one.facts, other.facts, one.vocabulary)
        or _other_names(one.facts, other.facts, one.vocabulary)
        or _afterwards(one.facts, other.facts, one.vocabulary)
        or _opposed(one.facts, other.facts, one.vocabulary)
    )


def _far_apart(one: Article, other: Article) -> bool:
    if one.published_at is None or other.published_at is None:
        return False
    return abs(one.published_at - other.published_at) > WINDOW


def _other_days(one: Facts, other: Facts) -> bool:
    """« mardi » here and « jeudi » there, and no day in both."""
    return bool(one.days) and bool(other.days) and not one.days & other.days


def _other_figures(one: Facts, other: Facts, vocabulary: Vocabulary) -> bool:
    """Other ages, or titles that count one thing differently; the dead and injured are counted anew every hour."""
    if one.ages and other.ages and not one.ages & other.ages:
        return True
    for counted in {c for c, _ in one.title_figures} & {c for c, _ in other.title_figures}:
        if counted in vocabulary.tolls:
            continue
        ours = {value for c, value in one.title_figures if c == counted}
        theirs = {value for c, value in other.title_figures if c == counted}
        if not ours & theirs and not (counted in _MONEY and _close(ours, theirs)):
            return True
    return False


def _close(ours: AbstractSet[str], theirs: AbstractSet[str]) -> bool:
    numbers = [(_value(a), _value(b)) for a in ours for b in theirs]
    return any(abs(a - b) <= MONEY_DIFFERS * max(a, b) for a, b in numbers)


def _value(number: str) -> float:
    whole, _, part = number.partition(",")
    digits = "".join(c for c in whole if c.isdigit()) or "0"
    return float(f"{digits}.{''.join(c for c in part if c.isdigit()) or '0'}")


def _other_names(one: Facts, other: Facts, vocabulary: Vocabulary) -> bool:
    """Each title names somebody or some place that the other article does not know at all."""
    for name in one.firsts.keys() & other.firsts.keys():
        if not _same_firsts(one.firsts[name], other.firsts[name]):
            return True
    ours = one.title_names - other.words - other.maybe
    theirs = other.title_names - one.words - one.maybe
    if not ours or not theirs:
        return False
    # « Paris annonce » and « la France annonce » name the same.
    left_ours = {a for a in ours if not any((a, b) in vocabulary.stands_for for b in theirs)}
    left_theirs = {b for b in theirs if not any((a, b) in vocabulary.stands_for for a in ours)}
    return bool(left_ours) and bool(left_theirs)


def _same_firsts(ours: AbstractSet[str], theirs: AbstractSet[str]) -> bool:
    return any(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a in ours for b in theirs)


def _opposed(one: Facts, other: Facts, vocabulary: Vocabulary) -> bool:
    """One title says the opposite of the other."""
    ours, theirs = one.title - other.title, other.title - one.title
    return any((a, b) in vocabulary.opposites for a in ours for b in theirs)


def _afterwards(one: Facts, other: Facts, vocabulary: Vocabulary) -> bool:
    """One tells of the trial or the funeral, the other of what came long before."""
    return bool(vocabulary.aftermath & ((one.title - other.words) | (other.title - one.words)))
