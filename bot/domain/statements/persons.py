"""Which words of a noun phrase are a person's name: runs of capitals, particles inside, sigles and portfolios apart."""

from collections.abc import Sequence

from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.tokens import Token

_RANKS = ("ex-", "co-", "vice-", "néo-", "sous-")
_PORTFOLIO = 2  # Défense + a name of two words
_JOINTS = frozenset({"la", "l'", "le", "les", "à", "aux", "au", "et", "en", "pour", "sur", "("})


def words_of(tokens: Sequence[Token], first: int, last: int) -> str:
    """The tokens joined as they are written, one blank where there was any."""
    parts = [tokens[first].text]
    for at in range(first + 1, last + 1):
        if tokens[at].start > tokens[at - 1].end:
            parts.append(" ")
        parts.append(tokens[at].text)
    return "".join(parts)


def _runs(tokens: Sequence[Token], at: int, last: int, rules: LanguageRules) -> list[tuple[int, int]]:
    """Stretches of capitalised words, particles inside, sigles apart."""
    runs: list[tuple[int, int]] = []
    index = at
    while index <= last:
        token = tokens[index]
        if not token.capital or token.low.rstrip(".") in rules.words["civilities"]:
            index += 1
            continue
        end = index
        while end < last and (step := _name_step(tokens, index, end, last, rules)):
            end += step
        runs.append((index, end))
        index = end + 1
    return runs


def _name_step(tokens: Sequence[Token], first: int, end: int, last: int, rules: LanguageRules) -> int:
    here, following = tokens[end], tokens[end + 1]
    if is_sigle(here.text) and end == first:
        return 0
    if following.capital:
        return int(not is_sigle(following.text) or len(following.text) < 3)  # noqa: PLR2004 - « Al », « II »
    if following.low in rules.words["particles"] and (
        end == first or following.low not in {"de", "du", "d'", "la", "le"} or _noble(tokens, first, end, last, rules)
    ):
        for step in (2, 3):
            if end + step <= last and tokens[end + step].capital and not is_sigle(tokens[end + step].text):
                return step
            if end + step > last or tokens[end + step].low not in rules.words["particles"]:
                return 0
    return 0


def _noble(tokens: Sequence[Token], first: int, end: int, last: int, rules: LanguageRules) -> bool:
    """« François Vidal de Morne »: a first name, a last name, « de » and no place or body that we know."""
    after = tokens[end + 2] if end + 2 <= last else None
    if after is None or not after.capital or tokens[end + 1].low != "de":
        return False
    known = any(after.low in words for words in (rules.words["places"], rules.words["outlets"], rules.bodies))
    return not known and after.low not in rules.words["not_people"] and tokens[first].low in rules.first_names


def is_sigle(text: str) -> bool:
    """OTAN, ONU, CGT."""
    return len(text) > 1 and text.isupper() and "." not in text


def find_person(tokens: Sequence[Token], at: int, last: int, rules: LanguageRules) -> tuple[int, int] | None:
    """The first and last token of the person's name in the phrase; None where it names no person."""
    for first, end in _runs(tokens, at, last, rules):
        whole = words_of(tokens, first, end).lower()
        if whole in rules.words["places"] or whole in rules.words["outlets"]:
            continue
        before = tokens[first - 1].low if first > at else ""
        titled = _titled(tokens, at, first, rules)
        if before.rstrip(".") in rules.words["civilities"]:
            if first - 2 >= at and tokens[first - 2].low in rules.words["linkers"]:
                return None  # un allié de M. Roche: somebody else
            return first, end
        if before in rules.bodies and not titled:  # la fondation Jeanne Ollier
            continue
        complement = before in rules.words["linkers"] or before in _JOINTS
        if not complement and _is_person(tokens, first, end, rules, titled=first > at, at=at):
            return first, end
        if inner := _inner_person(tokens, first, end, rules, titled=titled):
            return inner
    return None


def role_noun(low: str, rules: LanguageRules) -> str:
    """The noun without a prefix of rank: vice-ministre → ministre."""
    if "-" not in low:
        return low
    for prefix in _RANKS:
        if low.startswith(prefix) and low.removeprefix(prefix) in rules.people:
            return low.removeprefix(prefix)
    return low


def is_title(low: str, rules: LanguageRules) -> bool:
    """Whether the noun says what a person is."""
    return role_noun(low, rules) in rules.people or low in rules.plural_people


def _titled(tokens: Sequence[Token], at: int, first: int, rules: LanguageRules) -> bool:
    """Whether a title stands before the name, no body nearer: not « directeur de l'organisation Veille Côtière »."""
    for index in range(first - 1, at - 1, -1):
        if is_title(tokens[index].low, rules):
            return True
        body = tokens[index].low in rules.bodies and (is_sigle(tokens[index].text) or not tokens[index].capital)
        if body and tokens[index + 1].low not in rules.words["linkers"]:
            return False
    return False


def _inner_person(
    tokens: Sequence[Token], first: int, end: int, rules: LanguageRules, *, titled: bool
) -> tuple[int, int] | None:
    """« de la Défense Oleg Marat »: the person after the complement, known by the first name or by the portfolio."""
    for index in range(first + 1, end):
        if tokens[index].low.split("-")[0] in rules.first_names:
            return (index, end) if titled or tokens[index - 1].low not in rules.bodies else None
    portfolio = titled and end - first >= _PORTFOLIO and tokens[first].low in rules.words["not_people"]
    named = portfolio and tokens[first + 1].capital and tokens[first + 1].low not in rules.words["not_people"]
    return (first + 1, end) if named else None


def _is_person(tokens: Sequence[Token], first: int, end: int, rules: LanguageRules, *, titled: bool, at: int) -> bool:
    low = tokens[first].low
    if is_sigle(tokens[first].text):
        return False
    determined = at > 0 and first == at and tokens[at - 1].low in rules.words["determiners"]
    if low.split("-")[0] in rules.first_names and not determined:
        return True
    if low in rules.words["not_people"] or low in rules.words["places"] or determined:
        return False
    if first == end and first - 2 >= at and _ends_complement(tokens, first, rules):
        return False  # lauréate du prix Valdor
    if titled:  # le président Obama, but le groupe Carrefour
        return tokens[first - 1].low not in rules.bodies and _titled(tokens, at, first, rules)
    return end > first and not any(is_sigle(tokens[i].text) for i in range(first, end + 1))


def _ends_complement(tokens: Sequence[Token], first: int, rules: LanguageRules) -> bool:
    """Whether the noun before the name is the complement of another, and no title."""
    linked = tokens[first - 2].low in rules.words["linkers"] or tokens[first - 2].low in {"la", "l'"}
    return linked and not is_title(tokens[first - 1].low, rules)
