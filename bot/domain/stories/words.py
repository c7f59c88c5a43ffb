"""Words and numbers of a text, and the keys under which different writings of one word meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from bot.domain.text import fold_word

DAYS = frozenset(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"])

TOKEN = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)*(?:er|re|e|ème|ᵉ)?(?![^\W\d_])|[^\W_]+(?:-[^\W_]+)*|[%€$]")
_ORDINAL = re.compile(r"(\d+)(?:er|re|e|ème|ᵉ)")
_INVERSION = re.compile(r"-(?:t-)?(?:il|elle|ils|elles|on|ce|je|tu|nous|vous|la|ci)$")
_DOUBLED = re.compile(r"(.)\1")
_PLAIN = frozenset([" ", "'"])
_BREAKS = frozenset('.!?…:;,«»"“”–—|()[]')
_INITIAL = frozenset('.!?…:«"“–—|([')


@dataclass(frozen=True, eq=False)  # compared by identity, so that forms of words can be remembered for it
class Vocabulary:
    """The words of `config/kinds/fr.toml`, as the keys that `key_of` gives."""

    stop: frozenset[str]  # folded, not stemmed
    before: frozenset[str]  # folded
    weak: frozenset[str]
    common: frozenset[str]
    same: dict[str, str]  # folded word → the key it is used under
    stands_for: frozenset[tuple[str, str]]
    opposites: frozenset[tuple[str, str]]
    aftermath: frozenset[str]
    tolls: frozenset[str]
    numbers: dict[str, str]  # folded word → digits
    boilerplate: tuple[str, ...]  # folded


class Token(NamedTuple):
    """A word or number of a text. `capital` says nothing where it is `initial`."""

    surface: str
    folded: str
    key: str
    capital: bool
    initial: bool  # where any word has a capital: start of a sentence, after an opening quote or a colon
    apart: bool  # punctuation stands between it and the token before


def fold(word: str) -> str:
    """The word without case and accents; a compound stays one word, and a number what it is."""
    return fold_word(word).replace(" ", "-") or word if word[0].isalpha() else word.lower()


@lru_cache(maxsize=50_000)
def _stem(folded: str) -> str:
    """The form under which inflections, and spellings such as Zelensky and Zelenskyy, meet."""
    # A stemmer must not be shared between threads; this cache is what remembers. Doubled letters and y vary where
    # names are transliterated.
    return _DOUBLED.sub(r"\1", str(Stemmer.Stemmer("french", 0).stemWord(folded)).replace("y", "i"))


def key_of(folded: str, same: dict[str, str]) -> str:
    """What a folded word is compared by."""
    return same.get(folded) or _stem(folded)


@lru_cache(maxsize=50_000)
def _forms(surface: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """A word folded, and its key."""
    folded = _INVERSION.sub("", fold(surface))
    folded = vocabulary.numbers.get(folded, folded)
    return folded, _number(folded) if folded[0].isdigit() else key_of(folded, vocabulary.same)


def tokens(text: str, vocabulary: Vocabulary) -> Iterator[Token]:
    """The words and numbers of a text in typographic form."""
    shouted = _shouted(text)
    end = 0
    for match in TOKEN.finditer(text):
        surface, between = match[0], text[end : match.start()]
        folded, key = _forms(surface, vocabulary)
        capital = not shouted and surface[0].isupper()
        if end and between in _PLAIN:
            yield Token(surface, folded, key, capital, initial=False, apart=False)
        else:
            initial = not end or not _INITIAL.isdisjoint(between)
            yield Token(surface, folded, key, capital, initial=initial, apart=not _BREAKS.isdisjoint(between))
        end = match.end()


def _shouted(text: str) -> bool:
    """Mostly capitals: then they say nothing."""
    return sum(map(str.isupper, text)) * 5 > sum(map(str.isalpha, text)) * 3


def _number(folded: str) -> str:
    """12 000 and 12000, 719e and 719 are one value; a designation such as 6e or 49.3 stays what it is."""
    ordinal = _ORDINAL.fullmatch(folded)
    return (ordinal[1] if ordinal else folded).replace(" ", "")


def says_something(token: Token, vocabulary: Vocabulary) -> bool:
    """Whether it is a word of content: no small word, no day of the week."""
    folded = token.folded
    return folded not in vocabulary.stop and (len(folded) > 1 or folded.isdigit()) and folded not in DAYS
