"""What a rule means, in plain French or English: the bot says it before a rule is saved."""

from collections.abc import Sequence
from typing import Literal

from bot.domain.rulelang.build import is_condition
from bot.domain.rulelang.countries import country_named
from bot.domain.rules import All, Any, Country, Except, Near, Rule, Source, Term
from bot.domain.terms import is_acronym

Language = Literal["fr", "en"]
_VOWELS = "aâàäeéèêëiîïoôöuùûüyœæ"
_SAY = {
    "fr": {
        "code": "fr",
        "any": "Tous les articles",
        "about": "Articles qui parlent ",
        "or": " ou ",
        "and": " et ",
        "with": ", avec ",
        "beside": " avec ",
        "except": ", sauf ",
        "start": "un mot qui commence par « {} »",
        "exact": "« {} » (mot pour mot)",
        "title": "{} (dans le titre)",
        "lead": "{} (dans le titre ou les premières lignes)",
        "near": "{} et {} à {} mots au plus",
        "source": " publiés par {}",
        "country": " de médias {}",
        "capitals": "{} (en capitales)",
    },
    "en": {
        "code": "en",
        "any": "All articles",
        "about": "Articles about ",
        "or": " or ",
        "and": " and ",
        "with": ", with ",
        "beside": " with ",
        "except": ", but not ",
        "start": "a word that begins with “{}”",
        "exact": "“{}” (exactly)",
        "title": "{} (in the title)",
        "lead": "{} (in the title or first lines)",
        "near": "{} and {} within {} words",
        "source": " published by {}",
        "country": " from outlets of {}",
        "capitals": "{} (in capitals)",
    },
}


def read_aloud(rule: Rule, language: str = "fr") -> str:
    """« Articles qui parlent de Kiev ou Kyiv, avec missile ou drone, sauf football »; no full stop at the end."""
    say = _SAY["en" if language == "en" else "fr"]
    inner, excluded = (rule.rule, rule.without) if isinstance(rule, Except) else (rule, ())
    positive = inner.rules if isinstance(inner, All) else (inner,)
    conditions = [part for part in positive if is_condition(part)]
    wanted = [part for part in positive if not is_condition(part)]
    who = "".join(_condition(part, say) for part in conditions)
    if wanted:
        about = say["about"] if not who else say["about"].replace(" ", f"{who} ", 1)
        text = about + _of(_said(wanted[0], say), language) + "".join(say["with"] + _said(p, say) for p in wanted[1:])
    else:
        text = say["any"] + who
    return text + (say["except"] + _joined([_said(part, say) for part in excluded], say["or"]) if excluded else "")


def _condition(rule: Rule, say: dict[str, str]) -> str:
    parts = rule.rules if isinstance(rule, Any) else (rule,)
    names = [part.name for part in parts if isinstance(part, Source)]
    if len(names) == len(parts):
        return say["source"].format(_joined(names, say["or"]))
    codes = [part.code for part in parts if isinstance(part, Country)]
    if len(codes) == len(parts):
        return say["country"].format(_joined([country_named(code, say["code"]) for code in codes], say["or"]))
    return _joined([_said(part, say) for part in parts], say["or"].rstrip())


def _of(text: str, language: str) -> str:
    """« de Kiev », « d’Ukraine », « du mot… » is more than we promise."""
    if language == "en":
        return text
    return f"d’{text}" if text[:1].lower() in _VOWELS else f"de {text}"


def _said(rule: Rule, say: dict[str, str]) -> str:  # noqa: PLR0911 - one answer for each kind of rule
    match rule:
        case Term():
            return _term(rule, say)
        case Source(name):
            return say["source"].format(name)
        case Country(code):
            return say["country"].format(country_named(code, say["code"]))
        case Any(rules):
            return _either(rules, say)
        case All(rules):
            return say["and"].join(_inside(part, say) for part in rules)
        case Near(left, right, distance):
            return say["near"].format(_inside(left, say), _inside(right, say), distance)
        case Except(inner, out):
            return _inside(inner, say) + say["except"] + _joined([_inside(part, say) for part in out], say["or"])


def _either(rules: Sequence[Rule], say: dict[str, str]) -> str:
    if any(isinstance(part, All | Near | Except) for part in rules):
        return _joined([_alternative(part, say) for part in rules], f",{say['or']}")
    return _joined([_inside(part, say) for part in rules], say["or"])


def _alternative(rule: Rule, say: dict[str, str]) -> str:
    """One of several that are told apart by commas: « kiev, ou kyiv avec missile »."""
    match rule:
        case All(rules):
            return say["beside"].join(_inside(part, say) for part in rules)
        case Except(inner, out):
            without = _joined([_inside(part, say) for part in out], say["or"])
            return _alternative(inner, say) + say["except"].removeprefix(",") + without
        case Near():
            return _said(rule, say)
        case _:
            return _inside(rule, say)


def _inside(rule: Rule, say: dict[str, str]) -> str:
    text = _said(rule, say)
    return text if isinstance(rule, Term | Source | Country) else f"({text})"


def _term(term: Term, say: dict[str, str]) -> str:
    text = (term.shown or term.text).replace("'", "’")
    if text.endswith("*"):
        text = say["start"].format(text[:-1])
    elif term.quoted:
        text = say["exact"].format(text)
    elif is_acronym(text):
        text = say["capitals"].format(text)
    where = {"": "{}", "titre": say["title"], "debut": say["lead"]}[term.where]
    return where.format(text)


def _joined(parts: list[str], last: str) -> str:
    return last.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
