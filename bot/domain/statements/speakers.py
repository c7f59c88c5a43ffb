"""Reading a noun phrase: pronouns, what opens none, and appositions."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.statements.classify import classify
from bot.domain.statements.nouns import NounPhrase, SpeakerKind
from bot.domain.statements.persons import is_title, words_of
from bot.domain.statements.phrases import extent
from bot.domain.statements.rules import Gender, LanguageRules
from bot.domain.statements.tokens import Token

_DETERMINER = re.compile(r"^(?:l'|(?:le|la|un|une|son|sa|leur) )", re.IGNORECASE)
_SPOKESMEN = frozenset(
    {"porte-parole", "avocat", "avocate", "conseiller", "conseillère"}
)  # of somebody, by their nature


def read_phrase(
    tokens: Sequence[Token], first: int, end: int, rules: LanguageRules, *, strict: bool = True
) -> NounPhrase | None:
    """The noun phrase that begins at `first`, with its apposition; None where none does."""
    if first >= end or tokens[first].kind not in "wn":
        return None
    if pronoun := _pronoun(tokens, first, end, rules):
        return pronoun
    if _opens_no_phrase(tokens, first, end, rules):
        return None
    last = extent(tokens, first, end, rules, strict=strict)
    if last < first:
        return None
    phrase = classify(tokens, first, last, rules)
    return _with_apposition(tokens, phrase, end, rules, strict=strict)


def _opens_no_phrase(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules) -> bool:
    """« Mais Anna Lutz », « Samedi », « le 14 juillet », « la veille »: a conjunction and a time name nobody."""
    words, low = rules.words, tokens[first].low
    if (
        low in words["times"]
        or tokens[first].text == "A"
        or _is_participle(tokens, first, end, rules)
        or (first + 1 < end and low in words["openers"] and tokens[first].capital)
    ):
        return True
    at = first + (low in words["determiners"])
    while at < end - 1 and tokens[at].kind == "n":
        at += 1
    return at > first and at < end and (tokens[at].low in words["times"] or tokens[at].low in words["time_nouns"])


def _is_participle(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules) -> bool:
    """« Interrogé par Ouest-Soir, Paul Roche … »: what was done to somebody, before he is named."""
    low = tokens[first].low
    if not tokens[first].capital or not low.endswith(("é", "ée", "és", "ées")) or low in rules.first_names:
        return False
    return first + 1 < end and tokens[first + 1].low in rules.words["prepositions"]


def _pronoun(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules) -> NounPhrase | None:
    low = tokens[first].low
    pair = f"{low} {tokens[first + 1].low}" if first + 1 < end else low
    words = rules.words
    for text, last in ((pair, first + 1), (low, first)):
        if text in words["latter"]:
            feminine = "tte" in text or text.startswith("celle")
            return _phrase(tokens, first, last, "latter", gender="f" if feminine else "m", plural=text[-1] == "s")
    if low in words["subject_pronouns"] or low in words["strong_pronouns"]:
        last = first + (first + 1 < end and tokens[first + 1].low in {"seul", "seule"})
        return _phrase(
            tokens, first, last, "pronoun", gender="f" if low.startswith("elle") else "m",
            plural=low in {"ils", "elles", "eux"},
        )  # fmt: skip
    if low in words["nobody"] and not (tokens[first].capital and first > 0):
        return _phrase(tokens, first, first, "nobody")
    return None


def _phrase(
    tokens: Sequence[Token], first: int, last: int, kind: SpeakerKind, *, gender: Gender = "", plural: bool = False
) -> NounPhrase:
    return NounPhrase(
        first, last, words_of(tokens, first, last), (tokens[first].start, tokens[last].end), kind,
        gender=gender, plural=plural,
    )  # fmt: skip


def _with_apposition(
    tokens: Sequence[Token], phrase: NounPhrase, end: int, rules: LanguageRules, *, strict: bool
) -> NounPhrase:
    """The phrase with what a comma adds to it: the name after a role, or the role after a name."""
    at = phrase.last + 1
    open_to_it = phrase.kind in {"role", "body"} or (phrase.kind == "person" and not phrase.role)
    if at + 1 >= end or tokens[at].text != ",":
        return phrase
    if not open_to_it and tokens[at + 1].kind != "n":
        return phrase
    if tokens[at + 1].kind == "n" and at + 2 < end and tokens[at + 2].low == "ans":
        return _with_apposition(tokens, _until(tokens, phrase, at + 2), end, rules, strict=strict)
    last = extent(tokens, at + 1, end, rules, strict=strict)
    if last < at + 1 or (last + 1 < end and tokens[last + 1].kind == "w" and not _closes(tokens, last + 1, rules)):
        return phrase
    return _joined(tokens, phrase, classify(tokens, at + 1, last, rules), rules)


def _until(tokens: Sequence[Token], phrase: NounPhrase, last: int) -> NounPhrase:
    """The phrase stretched to a later token."""
    span = (phrase.span[0], tokens[last].end)
    return replace(phrase, last=last, span=span, text=words_of(tokens, phrase.first, last))


def _two_offices(tokens: Sequence[Token], phrase: NounPhrase, rules: LanguageRules) -> bool:
    """Whether the phrase names an office inside the complement of another."""
    heads = (index for index in range(phrase.first, phrase.last + 1) if is_title(tokens[index].low, rules))
    first = next(heads, phrase.last)
    low = rules.words["linkers"] | {"l'", "la"}
    offices = (index for index in heads if tokens[index - 1].low in low or tokens[index - 2].low in low)
    return phrase.head not in _SPOKESMEN and any(index > first + 1 for index in offices)


def _joined(tokens: Sequence[Token], phrase: NounPhrase, added: NounPhrase, rules: LanguageRules) -> NounPhrase:
    """The phrase and its apposition as one, where the second says who or what the first is."""
    if added.kind == "person" and not added.role and not phrase.name and phrase.kind == "role":
        if _two_offices(tokens, phrase, rules):  # « la proche du ministre, Karl Brenner, … »: either may be meant
            return _until(tokens, phrase, added.last)
        gender = added.gender or phrase.gender
        return replace(
            _until(tokens, phrase, added.last),
            kind="person",
            name=added.name,
            role=without_article(phrase.text),
            gender=gender,
        )
    if phrase.kind == "person" and not phrase.role and added.kind == "role" and not added.name:
        gender = phrase.gender or added.gender
        return replace(
            _until(tokens, phrase, added.last), role=without_article(added.text), gender=gender, head=added.head
        )
    named_body = phrase.kind == "body" and added.kind in {"name", "body"} and tokens[added.first].capital
    return _until(tokens, phrase, added.last) if named_body else phrase


def _closes(tokens: Sequence[Token], at: int, rules: LanguageRules) -> bool:
    low = tokens[at].low
    return low in rules.words["subordinators"] or low in rules.words["times"] or low in rules.words["prepositions"]


def without_article(text: str) -> str:
    """« le maire de Lise » → « maire de Lise »: a role as it is printed in brackets."""
    return _DETERMINER.sub("", text)
