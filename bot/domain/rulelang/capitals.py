"""Whether the capital that begins a line is a name's, or only a phone's."""

from collections.abc import Sequence

from bot.domain.rulelang.tokens import Token


def only_typing(run: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Whether the capital that begins a line says nothing: phones put it there, whatever the word."""
    word = run[0].text
    if not (_capitalised(word) and word[1:].islower()):
        return False
    if len(run) > 1:
        return not _capitalised(run[1].text)  # « Mélanie Joly » is a name
    if word[-1] in "sx":
        return True  # « Drones »
    line = [token.kind for token in rest].index("line") if any(t.kind == "line" for t in rest) else len(rest)
    return not any(token.kind == "word" and _capitalised(token.text) for token in rest[:line])


def _capitalised(word: str) -> bool:
    return word[:1].isupper() and word[1:2].islower()
