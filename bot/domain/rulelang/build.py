"""Putting rules together without brackets in brackets, and the limits that chats write within."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.rulelang.mistakes import mistake
from bot.domain.rules import All, Any, Country, Except, Near, Rule, Source, Term, Where, leaves

MAX_CHARACTERS = 500
MAX_TERMS = 50


def check_limits(text: str, rule: Rule) -> None:
    """Refuse a rule of a chat that is longer than we let chats write. Raises RuleError."""
    if len(text) > MAX_CHARACTERS:
        raise mistake("long", MAX_CHARACTERS, n=MAX_CHARACTERS, given=len(text))
    if (terms := sum(1 for _ in leaves(rule))) > MAX_TERMS:
        raise mistake("many", 0, n=MAX_TERMS, given=terms)


def any_of(rules: Sequence[Rule]) -> Rule:
    """One of them, without brackets in brackets and without repeating itself."""
    flat = [part for rule in rules for part in (rule.rules if isinstance(rule, Any) else (rule,))]
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else Any(once)


def all_of(rules: Sequence[Rule]) -> Rule:
    """All of them, likewise."""
    flat = [part for rule in rules for part in (rule.rules if isinstance(rule, All) else (rule,))]
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else All(once)


def without(rule: Rule, excluded: Sequence[Rule]) -> Rule:
    """The rule less what must not occur, in one layer."""
    flat = [part for one in excluded for part in (one.rules if isinstance(one, Any) else (one,))]
    inner, known = (rule.rule, rule.without) if isinstance(rule, Except) else (rule, ())
    out = tuple(dict.fromkeys([*known, *flat]))
    return Except(inner, out) if out else inner


def placed(rule: Rule, where: Where) -> Rule:
    """The rule with every term only there, unless a term says otherwise itself."""
    match rule:
        case Term():
            return replace(rule, where=rule.where or where)
        case Any(rules):
            return Any(tuple(placed(part, where) for part in rules))
        case All(rules):
            return All(tuple(placed(part, where) for part in rules))
        case Near(left, right, distance):
            return Near(placed(left, where), placed(right, where), distance)
        case Except(inner, out):
            return Except(placed(inner, where), tuple(placed(part, where) for part in out))
        case _:
            return rule


def is_condition(rule: Rule) -> bool:
    """Whether it asks for outlets or countries only, and for no words."""
    return all(isinstance(leaf, Source | Country) for leaf in leaves(rule))
