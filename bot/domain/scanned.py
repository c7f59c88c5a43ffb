"""A text made ready to be searched: its tokens, the stream of their keys, and the way back to its characters."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, compress, pairwise

from bot.domain.inflection import KEYS
from bot.domain.terms import METAL, Sequence, Word, is_metal
from bot.domain.text import Folded, fold

# Between two words of a phrase none of these may stand; a full stop may after an initial (« J. D. Vance »).
_BREAK = re.compile(r"[!?;:…()\[\]]|\n\s*\n|\.\s")
_GLUE = re.compile("[\\-‐‑–.'’ \u00a0\u202f/]?")
_MOST_SMALL = 4  # small words that may stand between two words of a phrase
_INITIAL = 2
_AFTER_SPACE = (1).__add__


class Scanned:
    """One text of an article (title, summary or page) and everything about its words, computed when asked for."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded: Folded = fold(text)
        self._pieces = self.folded.text.split(" ")  # the only separator that folding leaves; empty where it doubles
        self.tokens: list[str] = list(filter(None, self._pieces))
        self.keys: list[str] = list(map(KEYS.__getitem__, self.tokens))
        self._counted = self._keys_begin, 0  # keys before a position of the haystack

    @cached_property
    def haystack(self) -> str:
        """What the automaton reads: the folded text, then the keys, each between line ends."""
        return f" {self.folded.text} \n" + "\n".join(filter(None, self.keys)) + "\n"

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins in the folded text."""
        return list(compress(accumulate(map(_AFTER_SPACE, map(len, self._pieces)), initial=0), self._pieces))

    @cached_property
    def kept(self) -> list[int]:
        """The tokens that have a key, by their number in the stream."""
        return list(compress(range(len(self.keys)), self.keys))

    @property
    def _keys_begin(self) -> int:
        return len(self.folded.text) + 2

    def token_of(self, position: int) -> int:
        """The token that a pattern found at a position of the haystack begins with."""
        if position < self._keys_begin:  # the haystack is one space ahead of the folded text
            return bisect_right(self.starts, position) - 1
        # Asked for in the order of the text, or nearly: counted on from the last one, so that no text makes it slow.
        last, number = self._counted
        if position >= last:
            number += self.haystack.count("\n", last, position)
        else:
            number -= self.haystack.count("\n", position, last)
        self._counted = position, number
        return self.kept[number]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The original's characters from one token to another, both included."""
        return self.folded.span(self.starts[first], self.starts[last] + len(self.tokens[last]))

    def stands(self, sequence: Sequence, token: int) -> tuple[int, int] | None:
        """The first and last token of a sequence whose pattern begins at a token, None if it is not there after all."""
        places = self._contiguous(sequence, token) if sequence.contiguous else self._apart(sequence, token)
        if places is None:
            return None
        for word, at in zip(sequence.words, places, strict=True):
            if not self._is(word, at):
                return None
        for before, after in pairwise(places):
            if not self._joined(sequence, before, after):
                return None
        return places[0], places[-1]

    def _contiguous(self, sequence: Sequence, token: int) -> list[int] | None:
        first = token - sequence.lead
        last = first + len(sequence.words)
        return list(range(first, last)) if first >= 0 and last <= len(self.tokens) else None

    def _apart(self, sequence: Sequence, token: int) -> list[int] | None:
        """The places of a sequence's words in the stream, where small words do not count."""
        if len(sequence.words) == 1:
            return [token]
        first = bisect_left(self.kept, token) - sequence.lead
        last = first + len(sequence.words)
        if first < 0 or last > len(self.kept):
            return None
        return self.kept[first:last]

    def _is(self, word: Word, at: int) -> bool:
        if not word.is_like(self.tokens[at]):
            return False
        if word.folded == METAL and not (at and is_metal(self.tokens[at - 1])):
            return False
        return not word.asks or word.is_written(self.original[slice(*self.span(at, at))])

    def _joined(self, sequence: Sequence, before: int, after: int) -> bool:
        """Whether two tokens stand close enough, and in one sentence, to belong to one phrase."""
        if after - before > 1 + _MOST_SMALL:
            return False
        gap = self.original[self.span(before, before)[1] : self.span(after, after)[0]]
        if "," in gap and not sequence.punctuated:
            return False
        left, right = self.tokens[before], self.tokens[after]
        digits = left[-1].isdigit() + right[0].isdigit()
        if digits == 2 or (digits and sequence.contiguous):  # noqa: PLR2004 - 49.3, F-35: parts of one name
            return _GLUE.fullmatch(gap) is not None or (sequence.punctuated and gap == ",")
        broken = _BREAK.search(gap)
        return broken is None or sequence.punctuated or (broken[0][0] == "." and len(left) <= _INITIAL)
