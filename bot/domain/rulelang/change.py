"""A rule with a part of it put otherwise."""

from bot.domain.rulelang.build import all_of, any_of, without
from bot.domain.rules import All, Any, Except, Near, Rule, Term


def exchanged(rule: Rule, old: Rule, new: Rule) -> Rule:
    """The rule with one part in the place of another, wherever that stands and is not excluded."""
    if rule == old:
        return new
    match rule:
        case Any(rules):
            return any_of([exchanged(part, old, new) for part in rules])
        case All(rules):
            return all_of([exchanged(part, old, new) for part in rules])
        case Near(left, right, distance):
            return Near(exchanged(left, old, new), exchanged(right, old, new), distance)
        case Except(inner, out):
            return without(exchanged(inner, old, new), out)
        case _:
            return rule


def wanted(rule: Rule) -> tuple[Term, ...]:
    """Every term that is looked for, once: exclusions are not."""
    match rule:
        case Term():
            return (rule,)
        case Any(rules) | All(rules):
            return tuple(dict.fromkeys(term for part in rules for term in wanted(part)))
        case Near(left, right, _):
            return tuple(dict.fromkeys((*wanted(left), *wanted(right))))
        case Except(inner, _):
            return wanted(inner)
        case _:
            return ()
