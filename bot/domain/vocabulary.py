"""The words that articles are written with, and those that a word was perhaps meant to be."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from bot.domain.inflection import inflected
from bot.domain.spelling import distance
from bot.domain.text import fold, fold_word

_SHORTEST = 4  # letters of a word that may have one mistake …
_LONG_NAME, _LONG = 7, 9  # … and two: names are misspelt more, common words have more neighbours (missile, massive)
_SELDOM = 2  # a word in fewer articles may be misspelt itself
_MOST = 2
_SIGHTINGS = 20  # that decide how a word is written
_VARIANTS = {"a": "aàâäáãå", "c": "cç", "e": "eéèêë", "i": "iîïíì", "n": "nñ", "o": "oôöóò", "u": "uûüúù", "y": "yÿý"}


class Vocabulary:
    """Every word of some texts, with the number of texts that it stands in."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._counts: Counter[str] = Counter()
        for text in texts:
            self._counts.update(set(fold(text).text.split()))

    def near(self, typed: str) -> list[tuple[str, int]]:
        """The words that are spelt almost so, as they are mostly written, and in how many texts; nearest first."""
        word = fold_word(typed)
        if len(word) < _SHORTEST or " " in word or any(sign.isdigit() for sign in word):
            return []
        most = 2 if len(word) >= (_LONG_NAME if typed[:1].isupper() else _LONG) else 1
        close = [(apart, -number, other) for apart, number, other in self._close(word, most)]
        nearest = sorted(close)[:_MOST]
        return [(self._written(other), -number) for _, number, other in nearest]

    def _close(self, word: str, most: int) -> Iterable[tuple[int, int, str]]:
        key = inflected(word)
        for other, number in self._counts.items():
            if number < _SELDOM or abs(len(other) - len(word)) > most or inflected(other) == key:
                continue
            if (other[0] == word[0] or other[1:4] == word[1:4]) and (apart := distance(word, other)) <= most:
                yield apart, number, other

    def _written(self, word: str) -> str:
        """A folded word as it mostly stands in the texts, with its accents and capitals."""
        letters = "".join(f"[{_VARIANTS[sign]}]" if sign in _VARIANTS else re.escape(sign) for sign in word)
        pattern = re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)
        seen = (match[0] for text in self._texts for match in pattern.finditer(text))
        forms = Counter(islice(seen, _SIGHTINGS))
        return forms.most_common(1)[0][0] if forms else word
