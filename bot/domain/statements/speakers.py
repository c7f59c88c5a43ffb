"""Who a noun phrase names: a person, a role, a body, a state, a medium, a document, or nobody who can speak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.statements.persons import find_person, is_sigle, is_title, words_of
from bot.domain.statements.phrases import extent
from bot.domain.statements.rules import Gender, LanguageRules
from bot.domain.statements.tokens import Token

SpeakerKind = Literal[
    "person", "role", "group", "body", "place", "medium", "document", "source", "name",
    "pronoun", "latter", "same", "nobody", "other",
]  # fmt: skip
_DETERMINER = re.compile(r"^(?:l'|(?:le|la|un|une|son|sa|leur) )", re.IGNORECASE)
_COMMON = frozenset({"role", "group"})
_CAN_SPEAK = frozenset(
    {"person", "role", "group", "body", "place", "medium", "document", "source", "pronoun", "latter"}
)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase by its token indices, and what it says about its bearer."""

    first: int
    last: int
    text: str
    span: tuple[int, int]
    kind: SpeakerKind
    name: str = ""  # the person's name
    role: str = ""
    head: str = ""
    gender: Gender = ""
    plural: bool = False
    indefinite: bool = False
    possessive: bool = False  # son avocate: whose is another question

    @property
    def can_speak(self) -> bool:
        """Whether it surely names somebody who can say something."""
        return self.kind in _CAN_SPEAK


def read_phrase(
    tokens: Sequence[Token], first: int, end: int, rules: LanguageRules, *, strict: bool = True
) -> NounPhrase | None:
    """The noun phrase that begins at `first`, with its apposition; None where none does."""
    if first >= end or tokens[first].kind not in "wn":
        return None
    if pronoun := _pronoun(tokens, first, end, rules):
        return pronoun
    last = extent(tokens, first, end, rules, strict=strict)
    if last < first:
        return None
    phrase = _classify(tokens, first, last, rules)
    return _with_apposition(tokens, phrase, end, rules)


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


def _classify(tokens: Sequence[Token], first: int, last: int, rules: LanguageRules) -> NounPhrase:
    words = rules.words
    at = first
    while at < last and (
        tokens[at].low in words["determiners"] or tokens[at].kind == "n"
        or (tokens[at].low in {"d'", "de"} and tokens[at + 1].low in {"autres", "nombreux", "nombreuses"})
    ):  # fmt: skip
        at += 1
    determiner = tokens[first].low if at > first else ""
    determiner = "des" if determiner in {"d'", "de"} else determiner
    civility = tokens[at].low.rstrip(".") in words["civilities"] and at < last
    head = _head(tokens, at, last, rules)
    name = find_person(tokens, at, last, rules)
    kind: SpeakerKind = "person" if name else _kind(tokens, at, last, head, rules)
    plural = determiner in words["plural_determiners"] or tokens[first].kind == "n" or head in rules.plural_people
    if kind == "role" and plural:
        kind = "group"
    spoken = words_of(tokens, name[0], name[1]) if name else ""
    return NounPhrase(
        first, last, words_of(tokens, first, last), (tokens[first].start, tokens[last].end), kind, name=spoken,
        role=_role(tokens, at, name, rules), head=head,
        gender=_gender(tokens, at, determiner, head, name, rules), plural=plural and not name,
        indefinite=determiner in words["indefinite_determiners"]
        or (not determiner and not civility and kind in _COMMON),
        possessive=determiner in {"son", "sa", "ses", "leur", "leurs"},
    )  # fmt: skip


def _head(tokens: Sequence[Token], at: int, last: int, rules: LanguageRules) -> str:
    """The noun that says what the phrase is, two words where the language file has two (« premier ministre »)."""
    for index in range(at, last + 1):
        low = tokens[index].low
        pair = f"{low} {tokens[index + 1].low}" if index < last else ""
        if pair and (pair in rules.people or pair in rules.bodies):
            return pair
        if low in rules.words["before"] and index < last and tokens[index + 1].kind == "w":
            continue
        for prefix in ("ex-", "co-", "vice-", "néo-", "sous-"):
            low = low.removeprefix(prefix) if low.removeprefix(prefix) in rules.people else low
        return low
    return ""


def _kind(tokens: Sequence[Token], at: int, last: int, head: str, rules: LanguageRules) -> SpeakerKind:
    words = rules.words
    singular = head.removesuffix("s")
    if head in words["sources"]:
        return "source"
    tests: tuple[tuple[SpeakerKind, bool], ...] = (
        ("document", head in words["documents"] and not tokens[at].capital),
        ("role", head in rules.people or head in rules.plural_people),
        ("medium", head in words["media"]),
        ("body", head in rules.bodies or singular in rules.bodies),
        ("group", head in words["collective"]),
    )
    for kind, holds in tests:
        if holds:
            return kind
    if tokens[at].capital:
        return _capital_kind(tokens, at, last, rules)
    if head.endswith(tuple(words["human_endings"])) and head not in words["not_human"]:
        return "role"
    return "other"


def _capital_kind(tokens: Sequence[Token], at: int, last: int, rules: LanguageRules) -> SpeakerKind:
    end = at
    while end < last and (
        tokens[end + 1].capital or tokens[end + 1].kind == "n" or tokens[end + 1].low in rules.words["particles"]
    ):
        end += 1
    whole = words_of(tokens, at, last).lower()
    determiner = tokens[at - 1].low if at else ""
    full = f"{determiner} {whole}".replace("' ", "'")
    for text in (whole, full, words_of(tokens, at, end).lower(), tokens[at].low):
        if text in rules.words["outlets"]:
            return "medium"
        if text in rules.words["places"]:
            return "place"
    if (
        determiner in rules.words["determiners"]
        or is_sigle(tokens[at].text)
        or tokens[at].low in rules.words["not_people"]
    ):
        return "group" if determiner in {"les", "des", "plusieurs", "certains"} else "body"
    return "name"


def _role(tokens: Sequence[Token], at: int, name: tuple[int, int] | None, rules: LanguageRules) -> str:
    """The words before (or after) the name that say what the person is."""
    if not name or tokens[at].low.rstrip(".") in rules.words["civilities"]:
        return ""
    end = name[0] - 1
    titled = any(is_title(tokens[index].low, rules) for index in range(at, end + 1))
    return words_of(tokens, at, end).strip(" ,(") if titled else ""


def _gender(
    tokens: Sequence[Token], at: int, determiner: str, head: str, name: tuple[int, int] | None, rules: LanguageRules
) -> Gender:
    if (
        tokens[at].low.rstrip(".") in rules.words["feminine_civilities"]
        or determiner in rules.words["feminine_determiners"]
    ):
        return "f"
    if tokens[at].low.rstrip(".") in rules.words["civilities"]:
        return "m"
    if determiner in {"le", "un", "ce", "cet"}:
        if not name:
            return "m"
        known = rules.first_names.get(tokens[name[0]].low.split("-")[0], "")
        return known or "m"
    singular = head.removesuffix("s")
    known = rules.people.get(head) or rules.bodies.get(head) or rules.bodies.get(singular) or ""
    return (rules.first_names.get(tokens[name[0]].low.split("-")[0], "") if name else "") or known


def _with_apposition(tokens: Sequence[Token], phrase: NounPhrase, end: int, rules: LanguageRules) -> NounPhrase:
    """The phrase with what a comma adds to it: the name after a role, or the role after a name."""
    at = phrase.last + 1
    if at + 1 >= end or tokens[at].text != "," or phrase.kind in {"document", "other", "source", "group"}:
        return phrase
    if tokens[at + 1].kind == "n" and at + 2 < end and tokens[at + 2].low == "ans":
        return _with_apposition(tokens, _until(tokens, phrase, at + 2), end, rules)
    last = extent(tokens, at + 1, end, rules, strict=True)
    if last < at + 1 or (last + 1 < end and tokens[last + 1].kind == "w" and not _closes(tokens, last + 1, rules)):
        return phrase
    return _joined(tokens, phrase, _classify(tokens, at + 1, last, rules))


def _until(tokens: Sequence[Token], phrase: NounPhrase, last: int) -> NounPhrase:
    """The phrase stretched to a later token."""
    span = (phrase.span[0], tokens[last].end)
    return replace(phrase, last=last, span=span, text=words_of(tokens, phrase.first, last))


def _joined(tokens: Sequence[Token], phrase: NounPhrase, added: NounPhrase) -> NounPhrase:
    """The phrase and its apposition as one, where the second says who or what the first is."""
    whole = _until(tokens, phrase, added.last)
    if added.kind == "person" and not added.role and not phrase.name and phrase.kind in {"role", "body"}:
        gender = added.gender or phrase.gender
        return replace(whole, kind="person", name=added.name, role=_undetermined(phrase.text), gender=gender)
    if phrase.kind == "person" and not phrase.role and added.kind == "role" and not added.name:
        gender = phrase.gender or added.gender
        return replace(whole, role=_undetermined(added.text), gender=gender, head=added.head)
    named_body = phrase.kind == "body" and added.kind in {"name", "body"} and tokens[added.first].capital
    return whole if named_body else phrase


def _closes(tokens: Sequence[Token], at: int, rules: LanguageRules) -> bool:
    low = tokens[at].low
    return low in rules.words["subordinators"] or low in rules.words["times"] or low in rules.words["prepositions"]


def _undetermined(text: str) -> str:
    return _DETERMINER.sub("", text)
