"""Words and signs of one sentence, elisions split after the apostrophe, each told whether it stands in a quote."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.statements.quotes import Quote

_TOKEN = re.compile(
    r"(?P<e>(?:[ldsnjcmtLDSNJCMT]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)'(?=[\w\[(«“\"]))"
    r"|(?P<a>(?=[A-ZÉÈ])(?:[A-ZÉÈ]\.(?:-?[A-ZÉÈ]\.)*|(?:MM|Dr|Pr|Mr|Mgr|Mme|Me|St|Ste)\.(?=[ ]*[A-ZÉ])))"
    r"|(?P<n>\d+(?:[.,  ]?\d+)*(?:h\d*|e|er|ème|nd)?\b)"
    r"|(?P<w>[^\W\d_]\w*(?:[-'&]\w+)*\+?|\w+)"
    r"|(?P<p>\.{2,}|[^\w\s])"
)
_KINDS = {"e": "w", "a": "w", "w": "w", "n": "n", "p": "p"}  # elided, abbreviated, word, number, sign
_ARABIC = ("al-", "el-")
_made = tuple.__new__  # what a NamedTuple calls in the end: every word of a text is made by it
# With a capital these begin a sentence, never a name.
_ELIDED = frozenset({"s'", "n'", "j'", "c'", "m'", "t'", "qu'", "lorsqu'", "puisqu'", "jusqu'", "quoiqu'"})


class Token(NamedTuple):
    """`kind`: w word, n number, p sign, o and c the marks of an outermost quote; `quote` its index, -1 outside."""

    text: str
    low: str
    start: int
    end: int
    kind: str
    quote: int
    capital: bool  # a word with a capital, al-Moualem included, « S' » not


def read_tokens(text: str, start: int, end: int, quotes: Sequence[Quote], starts: Sequence[int]) -> tuple[Token, ...]:
    """The tokens between two offsets; `starts` are the starts of the quotes."""
    found: list[Token] = []
    index = bisect_right(starts, start) - 1
    following = starts[index + 1] if index + 1 < len(starts) else len(text)
    limit = quotes[index].end if index >= 0 else -1
    for match in _TOKEN.finditer(text, start, end):
        at, stop = match.span()
        word = match.group()
        while following <= at:
            index += 1
            limit = quotes[index].end
            following = starts[index + 1] if index + 1 < len(starts) else len(text)
        inside = index if at < limit else -1
        kind = _KINDS[match.lastgroup or "p"]
        if inside >= 0 and kind == "p":
            quote = quotes[inside]
            kind = "o" if at == quote.start else "c" if quote.closed and stop == quote.end else "p"
        low = word.lower()
        capital = kind == "w" and (
            (low[0] != word[0] and low not in _ELIDED)
            or (low[2:3] == "-" and low[:3] in _ARABIC and word[3:4].isupper())
        )
        found.append(_made(Token, (word, low, at, stop, kind, inside, capital)))
    return tuple(found)
