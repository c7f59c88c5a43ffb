"""Who a noun phrase names: a person, a role, a body, a state, a medium, a document, or nobody who can speak."""

from collections.abc import Sequence

from bot.domain.statements.nouns import NounPhrase, SpeakerKind
from bot.domain.statements.persons import find_person, is_sigle, is_title, role_noun, words_of
from bot.domain.statements.rules import Gender, LanguageRules
from bot.domain.statements.tokens import Token

_COMMON = frozenset({"role", "group"})
_SHORT = 4  # letters: Caen, Laon


def classify(tokens: Sequence[Token], first: int, last: int, rules: LanguageRules) -> NounPhrase:
    """The phrase between two tokens, its kind and bearer told."""
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
        return role_noun(low, rules)
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
    if at == last and determiner in {"le", "la", "l'", "un", "une"} and _is_demonym(whole, rules):
        return "role"
    if (
        determiner in rules.words["determiners"]
        or is_sigle(tokens[at].text)
        or tokens[at].low in rules.words["not_people"]
    ):
        return "group" if determiner in {"les", "des", "plusieurs", "certains"} else "body"
    return "name"


def _is_demonym(low: str, rules: LanguageRules) -> bool:
    """« la Danoise », « le Letton »: somebody named before, by the country."""
    made = len(low) > _SHORT and low.endswith(tuple(rules.words["demonym_endings"]))
    return low in rules.words["demonyms"] or (made and low not in rules.words["not_people"])


def _role(tokens: Sequence[Token], at: int, name: tuple[int, int] | None, rules: LanguageRules) -> str:
    """The words before (or after) the name that say what the person is."""
    if not name or tokens[at].low.rstrip(".") in rules.words["civilities"]:
        return ""
    end = name[0] - 1
    first = next((index for index in range(at, end + 1) if is_title(tokens[index].low, rules)), -1)
    if first < 0:
        return ""
    while first > at and _leads(tokens[first - 1].low, rules):
        first -= 1
    return words_of(tokens, first, end).strip(" ,(")


def _leads(low: str, rules: LanguageRules) -> bool:
    """« ancien », « haut », « très influent »: what may stand between the article and the noun of a role."""
    no_adjective = ("linkers", "determiners", "prepositions", "subordinators")
    return not any(low in rules.words[name] for name in no_adjective) and low[:1].isalpha()


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
