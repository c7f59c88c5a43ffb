"""Words of a rule that are operators: « et », « ou », « sauf », « mais pas »; and « or », which is also a metal."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.rulelang.tokens import Kind, Token
from bot.domain.text import fold_word

_AND = frozenset({"et", "and"})
_OR = frozenset({"ou", "or"})
NOT = frozenset({"sauf", "not", "except", "excepte", "hormis", "ni"})
_BUT = {"mais": "pas", "but": "not", "et": "pas", "and": "not"}  # « mais pas », « but not »


def settled(tokens: list[Token]) -> Iterator[Token]:
    """Words that are operators become so; « or » stays a word where it cannot join two things."""
    before: Token | None = None
    skip = False
    for token, after in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if skip:
            skip = False
            continue
        settled = _operator(token, before, after)
        skip = settled.kind == "sauf" and token.text.lower() in _BUT
        yield settled
        before = settled


def _operator(token: Token, before: Token | None, after: Token) -> Token:
    if token.kind != "word":
        return token
    said = fold_word(token.text)
    if said in _BUT and after.kind == "word" and fold_word(after.text) in {_BUT[said], "non"}:
        return replace(token, kind="sauf")
    if said == "or" and not _joins(before, after):
        return token
    kind: Kind = "et" if said in _AND else "," if said in _OR else "sauf" if said in NOT else "word"
    return replace(token, kind=kind)


def _joins(before: Token | None, after: Token) -> bool:
    """Whether an « or » between the two is the English word, and not the metal."""
    if before is None or before.kind not in {"word", "quoted", "tag", ")"}:
        return False
    if before.text.lower().endswith("'") or before.text.lower() in {"un", "en", "cet"}:
        return False
    return after.kind in {"word", "quoted", "tag", "(", "field", "sauf"}
