"""Which article speaks for a story, and which statements are one."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.model import Article, Statement
from bot.domain.text import fold_word

_FIRST_KINDS = {"agency": 0, "public": 0, "private": 1, "specialist": 1, "institution": 2, "state": 3}
_LONG_WORD = 4
_LAST = datetime.max.replace(tzinfo=UTC)
_TITLES = frozenset(
    {"m", "mme", "mm", "me", "dr", "general", "president", "presidente", "ministre", "monsieur", "madame"}
)


def representative_order(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles of one story, the one that speaks best for all first.

    That is the one whose words most of the others use; among equals public media and agencies come before others, and
    the earliest before later ones. The order given does not matter.
    """
    words = [_words(f"{a.title} {a.title} {a.summary[:300]}") for a in articles]
    closeness = [_closeness(n, words) for n in range(len(articles))]

    def rank(n: int) -> tuple[object, ...]:
        article = articles[n]
        published = article.published_at or _LAST
        kind = _FIRST_KINDS.get(article.feed.kind, 1)
        return -round(closeness[n], 1), kind, published, article.outlet, article.title, article.url

    return tuple(articles[n] for n in sorted(range(len(articles)), key=rank))


def _closeness(at: int, words: Sequence[frozenset[str]]) -> float:
    """Mean share of words with the others."""
    others = [other for n, other in enumerate(words) if n != at]
    shares = [len(words[at] & other) / max(1, len(words[at] | other)) for other in others]
    return sum(shares) / max(1, len(shares))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in fold_word(text).split() if len(word) >= _LONG_WORD or word.isdigit())


def same_words(a: Statement, b: Statement) -> bool:
    """Whether two outlets carry one statement: one speaker, the same words and the same attitude to them.

    Only what typography may change (case, accents, quotation marks, spaces) may differ. Every word counts, small ones
    too: « il viendra » and « il ne viendra pas » share all their long words.
    """
    if (a.kind, a.polarity) != (b.kind, b.polarity):
        return False
    return _spoken(a.text) == _spoken(b.text) and same_speaker(a.speaker, b.speaker)


@lru_cache(maxsize=20_000)
def _spoken(text: str) -> str:
    return fold_word(re.sub(r"\[(?:…|\.\.\.)\]", " ", text))


def same_speaker(one: str, other: str) -> bool:
    """Whether two names are of one person, so far as they say: the same last name, and no two different first names."""
    ours, theirs = _name(one), _name(other)
    if not ours or not theirs or ours[-1] != theirs[-1]:
        return False
    firsts = ours[:-1], theirs[:-1]
    if not all(firsts):
        return True
    first, second = firsts[0][0], firsts[1][0]
    return first == second or (min(len(first), len(second)) == 1 and first[0] == second[0])


@lru_cache(maxsize=20_000)
def _name(speaker: str) -> tuple[str, ...]:
    return tuple(word for word in fold_word(speaker).split() if word not in _TITLES)
