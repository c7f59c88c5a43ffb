"""Verb groups of speech in a sentence: « a, quant à lui, affirmé », « a-t-elle souligné », « vient d'annoncer »."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.statements.auxiliaries import (
    Left,
    bare_left,
    find_auxiliary,
    find_clitics,
    find_governor,
    is_adverb,
    split_inversion,
)
from bot.domain.statements.lexicon import Form, Verb
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.tokens import Token

Mood = Literal["finite", "participle", "gerund", "infinitive"]
_FINITE = frozenset({"present", "imperfect", "past", "future", "conditional"})


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """A verb of speech as it stands: token indices of its first and last word, and what its form says."""

    verb: Verb
    first: int
    last: int
    main: int
    mood: Mood
    tense: str = "present"
    pronoun: str = ""  # the inverted subject of « a-t-il dit »
    plural: bool = False
    feminine: bool = False  # shown by an agreement
    agrees: bool = False  # whether the participle shows gender and number at all
    negated: bool = False
    passive: bool = False
    hearsay: bool = False
    object: bool = False  # « l'a rappelé »: the content is elsewhere
    quote: int = -1


def find_verbs(tokens: Sequence[Token], rules: LanguageRules) -> tuple[VerbGroup, ...]:
    """Every group of speech of the tokens, in order."""
    found: list[VerbGroup] = []
    for index, token in enumerate(tokens):
        if token.kind != "w":
            continue
        base, pronoun = split_inversion(token.low) if "-" in token.low else (token.low, "")
        forms = rules.forms.get(base)
        if forms and (group := _read(tokens, index, forms, pronoun, rules)):
            found.append(group)
    return tuple(found)


def _read(
    tokens: Sequence[Token], index: int, forms: Sequence[Form], pronoun: str, rules: LanguageRules
) -> VerbGroup | None:
    participles = [form for form in forms if form.tense == "participle"]
    if participles and not pronoun and (left := find_auxiliary(tokens, index, rules)):
        return _group(tokens, index, participles, left, rules)
    finite = [form for form in forms if form.tense in _FINITE]
    if finite and (left := find_clitics(tokens, index, rules, pronoun)):
        return _group(tokens, index, finite, left, rules)
    for tense in ("gerund", "infinitive"):
        same = [form for form in forms if form.tense == tense]
        if same and (_is_office(tokens, index, rules) if tense == "infinitive" else _is_person(tokens, index, rules)):
            return None
        if same:
            governed = find_governor(tokens, index, rules) if tense == "infinitive" else None
            left = governed or bare_left(tokens, index, tense)
            return _group(tokens, index, same, left, rules)
    if participles and not pronoun:
        return _group(tokens, index, participles, bare_left(tokens, index, "participle"), rules)
    return None


def _is_office(tokens: Sequence[Token], index: int, rules: LanguageRules) -> bool:
    """« Paul Roche, conseiller du ministre »: the noun, for nothing that leads to an infinitive stands before."""
    before = tokens[index - 1].low if index else ""
    leads = before in {"de", "d'", "à", "pour", "sans", "par"} or before in rules.words["clitics"]
    return tokens[index].low in rules.people and not leads and before not in rules.words["modals"]


def _is_person(tokens: Sequence[Token], index: int, rules: LanguageRules) -> bool:
    """« l'opposant Paul Roche »: the noun, not « opposant »."""
    before = tokens[index - 1].low if index else ""
    return tokens[index].low in rules.people and before in rules.words["determiners"]


def _group(
    tokens: Sequence[Token], index: int, forms: Sequence[Form], left: Left, rules: LanguageRules
) -> VerbGroup | None:
    for form in forms:
        if form.verb.reflexive != left.reflexive:
            continue
        last = _tail(tokens, index, form.verb.tail, rules)
        if last < 0:
            continue
        tense = left.tense or form.tense
        mood: Mood = "finite"
        if tense in {"gerund", "infinitive", "participle"}:
            mood = "gerund" if tense == "gerund" else "infinitive" if tense == "infinitive" else "participle"
        compound = form.tense == "participle" and bool(left.tense) and left.tense != "participle"
        return VerbGroup(
            form.verb, left.first, last, index, mood, tense, left.pronoun,
            plural=left.plural or (form.plural and (left.etre or not compound)),  # with avoir the object agrees
            feminine=form.feminine, agrees=compound and left.etre,
            negated=left.negated or _negated_after(tokens, index, left, rules),
            passive=left.passive and not left.reflexive,
            hearsay=tense == "conditional" and compound, object=left.object, quote=tokens[index].quote,
        )  # fmt: skip
    return None


def _negated_after(tokens: Sequence[Token], index: int, left: Left, rules: LanguageRules) -> bool:
    before = left.first > 0 and tokens[left.first - 1].low in {"n'", "ne"}
    inside = any(token.low in {"n'", "ne"} for token in tokens[left.first : index])
    after = index + 1 < len(tokens) and rules.has("negations", tokens[index + 1].low)
    return (before or inside) and (after or any(rules.has("negations", t.low) for t in tokens[left.first : index]))


def _tail(tokens: Sequence[Token], index: int, tail: Sequence[str], rules: LanguageRules) -> int:
    """The index of the last word of the verb, -1 where its tail is missing."""
    at = index
    for word in tail:
        at += 1
        if at < len(tokens) and tokens[at].low != word and is_adverb(tokens[at].low, rules):
            at += 1
        if at >= len(tokens) or tokens[at].low != word:
            return -1
    return at
