"""What stands to the left of a verb: its auxiliary, the verb that governs it, and its clitics."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.tokens import Token

_INVERTED = re.compile(r"(.+?)(?:-t)?-(ils?|elles?|on|je|nous|vous|tu|ce)$")
_REACH = 14  # tokens between an auxiliary and its participle at most


@dataclass(frozen=True, slots=True)
class Left:
    """What stands to the left of a verb: its auxiliary (or governing verb) and clitics."""

    first: int
    tense: str
    pronoun: str = ""
    reflexive: bool = False
    negated: bool = False
    object: bool = False
    passive: bool = False
    plural: bool = False
    etre: bool = False


def split_inversion(low: str) -> tuple[str, str]:
    """« assure-t-elle » → (« assure », « elle »); a word without an inverted pronoun has « » there."""
    if "-" in low and (match := _INVERTED.match(low)):
        return match.group(1), match.group(2)
    return low, ""


def is_adverb(low: str, rules: LanguageRules) -> bool:
    """Whether the word is an adverb of the list, or made like one."""
    if low in rules.words["adverbs"]:
        return True
    return low.endswith("ment") and len(low) > 6 and low not in rules.words["not_adverbs"]  # noqa: PLR2004 - not « ment »


def find_auxiliary(tokens: Sequence[Token], index: int, rules: LanguageRules) -> Left | None:
    """The auxiliary of the participle at `index`, past adverbs and what commas enclose."""
    at = index - 1
    passive = False
    stop = max(0, index - _REACH)
    while at >= stop:
        low, pronoun = split_inversion(tokens[at].low)
        tense = rules.auxiliaries.get(low)
        if tense and tokens[at].kind == "w" and tokens[at].quote == tokens[index].quote:
            return _from_auxiliary(tokens, at, (low, pronoun), rules, passive=passive)
        if tokens[at].text == ",":
            at = _skip_insertion(tokens, at, stop)
            continue
        if low == "été":
            passive = True
        elif not (is_adverb(low, rules) or low in rules.words["fillers"] or low in rules.words["negations"]
                  or low in rules.words["times"]):  # fmt: skip
            return None
        at -= 1
    return None


def _skip_insertion(tokens: Sequence[Token], comma: int, stop: int) -> int:
    """The index before the comma that opens what `comma` closes."""
    for at in range(comma - 1, stop - 1, -1):
        if tokens[at].text == ",":
            return at - 1
    return -1


def _from_auxiliary(
    tokens: Sequence[Token],
    at: int,
    word: tuple[str, str],
    rules: LanguageRules,
    *,
    passive: bool,
) -> Left | None:
    low, pronoun = word
    left = find_clitics(tokens, at, rules, pronoun, auxiliary=True)
    if left is None:
        return None
    etre = low in rules.etre
    return Left(
        left.first, rules.auxiliaries[low], pronoun, left.reflexive, left.negated, left.object,
        passive=passive or (etre and not left.reflexive), plural=low.endswith(("nt", "ont")), etre=etre,
    )  # fmt: skip


def find_clitics(
    tokens: Sequence[Token], index: int, rules: LanguageRules, pronoun: str, *, auxiliary: bool = False
) -> Left | None:
    """The clitics before a finite verb; None where the word is a noun after all (« le juge »)."""
    at = index
    reflexive = negated = has_object = False
    while at > 0 and rules.has("clitics", low := tokens[at - 1].low) and tokens[at - 1].quote == tokens[index].quote:
        if low in {"le", "la", "les", "l'"} and not auxiliary and not _takes_object(tokens, at - 1, rules):
            return None
        reflexive = reflexive or low in {"se", "s'"}
        has_object = has_object or low in {"le", "l'"}
        at -= 1
    before = tokens[at - 1].low if at > 0 else ""
    if not auxiliary and not pronoun and at == index and _is_noun_after(before, rules):
        return None
    if before in {"n'", "ne"}:
        at -= 1
    return Left(at, "", pronoun, reflexive, negated, has_object)


def _takes_object(tokens: Sequence[Token], at: int, rules: LanguageRules) -> bool:
    """Whether the word before « l'indique » lets it be a verb: comme l'indique, qui le dit, il l'affirme."""
    before = tokens[at - 1].low if at > 0 else ""
    return before in {"comme", "que", "qui", "ne"} or before in rules.words["subject_pronouns"]


def _is_noun_after(before: str, rules: LanguageRules) -> bool:
    return before in rules.words["determiners"] or before in rules.words["linkers"] or before in {
        "à", "en", "par", "sans", "sous", "pour", "au", "aux", "cet", "très", "grand", "grande", "avec", "sur", "dans",
    }  # fmt: skip


def bare_left(tokens: Sequence[Token], index: int, tense: str) -> Left:
    """The clitics before a gerund, an infinitive or a participle that stands alone."""
    at = index
    reflexive = False
    while at > 0 and tokens[at - 1].low in {"se", "s'", "lui", "leur", "ne", "n'", "y"} and tense != "participle":
        reflexive = reflexive or tokens[at - 1].low in {"se", "s'"}
        at -= 1
    return Left(at, tense, reflexive=reflexive)


def find_governor(tokens: Sequence[Token], index: int, rules: LanguageRules) -> Left | None:
    """The finite verb that leads to an infinitive: a tenu à, vient de, a voulu."""
    inner = bare_left(tokens, index, "infinitive")
    at = inner.first - 1
    while at >= 0 and is_adverb(tokens[at].low, rules) and at > index - 5:
        at -= 1
    if at < 0:
        return None
    link = {"à": "à", "de": "de", "d'": "de", "par": "par"}.get(tokens[at].low, "")
    at -= bool(link)
    while at > 0 and is_adverb(tokens[at].low, rules):
        at -= 1
    low, pronoun = split_inversion(tokens[at].low) if at >= 0 else ("", "")
    if link not in rules.semi.get(low, ()):
        return None
    left = find_auxiliary(tokens, at, rules) or find_clitics(tokens, at, rules, pronoun)
    if left is None or left.passive:
        return None
    tense = left.tense or "present"
    return Left(left.first, tense, left.pronoun, inner.reflexive, left.negated, left.object, plural=left.plural)


def finite_after(tokens: Sequence[Token], start: int, end: int, rules: LanguageRules) -> Iterator[int]:
    """Indices of words between the two that are certainly finite verbs."""
    for at in range(start, end):
        low, _ = split_inversion(tokens[at].low)
        if low in rules.auxiliaries and rules.auxiliaries[low] not in {"gerund", "infinitive"}:
            yield at
