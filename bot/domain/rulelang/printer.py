"""A rule as text in its normal form: reading what is printed gives the same rule."""

from bot.domain.rulelang.parser import parse_rule
from bot.domain.rules import All, Any, Country, Except, Near, Rule, Source, Term


def print_rule(rule: Rule) -> str:
    """The rule on one line, in the language it is typed in."""
    text = _printed(rule)
    # A line that begins with a lone capital is read as a phone's; brackets say that it is meant.
    return text if parse_rule(text) == rule else f"({text})"


def _printed(rule: Rule) -> str:  # noqa: PLR0911 - one answer for each kind of rule
    match rule:
        case Term():
            quote = '"' if rule.quoted else ""
            return f"{f'{rule.where}:' if rule.where else ''}{quote}{rule.text}{quote}"
        case Source(name):
            return f'source:"{name}"'
        case Country(code):
            return f"pays:{code}"
        case Any(rules):
            return ", ".join(_inside(part, Except) for part in rules)
        case All(rules):
            return " et ".join(_inside(part, Any, Except) for part in rules)
        case Near(left, right, distance):
            return f"{_inside(left, Any, Near)} ~{distance} {_inside(right, Any, Near)}"
        case Except(inner, out):
            excluded = "".join(f" sauf {_inside(part, Any, All, Near, Except)}" for part in out)
            return f"{_printed(inner)}{excluded}"


def _inside(rule: Rule, *bracketed: type[Rule]) -> str:
    return f"({_printed(rule)})" if isinstance(rule, bracketed) else _printed(rule)
