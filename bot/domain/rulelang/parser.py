"""From tokens to a rule. Strength: exclusion, then `~`, then « et », then comma; a line or a bracket is a group.

An exclusion holds for the whole group it stands in, and so does `source:` or `pays:` beside other terms: who writes
« otan, ukraine, source:le monde » wants less, not everything of that outlet.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.inflection import SMALL
from bot.domain.rulelang.build import all_of, any_of, is_condition, placed, without
from bot.domain.rulelang.capitals import only_typing
from bot.domain.rulelang.countries import country_code, is_country
from bot.domain.rulelang.lexer import DASHES, clean, read
from bot.domain.rulelang.mistakes import mistake
from bot.domain.rulelang.tokens import Token
from bot.domain.rules import Any, Country, Near, Rule, Source, Term
from bot.domain.text import fold_word

_MAX_DEPTH = 20
_JOINING = {"et", "and", "ou", "or"}  # between words that are left out together
_NAMING = {"word", "quoted", "tag", "("}
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)  # « source:journal.example otan »
_EXAMPLE = {"titre": "otan", "debut": "otan", "source": "le monde", "pays": "BE"}


def parse_rule(text: str) -> Rule:
    """What a person meant by a rule. Raises RuleError, with the position and what would be right."""
    return _Parser(read(text)).rule()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    @property
    def after(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.at += token.kind != "end"
        return token

    def rule(self) -> Rule:
        lines: list[Rule] = []
        excluded: list[Rule] = []
        while self.now.kind != "end":
            start = self.now
            alternatives, out = self.group()
            if self.now.kind == ")":
                raise mistake("closed", self.now.position)
            if alternatives:
                lines.append(self.grouped(alternatives, out))
            elif out:
                excluded += out  # a line of exclusions alone holds for the whole rule
            elif self.now is start:
                self.take()
        if not lines:
            raise mistake("only_out" if excluded else "empty", 0)
        return self.grouped(lines, excluded)  # a line of conditions alone holds for the whole rule too

    def grouped(self, alternatives: list[Rule], excluded: list[Rule]) -> Rule:
        """A line or bracket: alternatives, restricted by its conditions, less its exclusions."""
        conditions = [rule for rule in alternatives if is_condition(rule)]
        texts = [rule for rule in alternatives if not is_condition(rule)]
        rule = all_of([any_of(texts), any_of(conditions)]) if conditions and texts else any_of(alternatives)
        return without(rule, excluded)

    def group(self) -> tuple[list[Rule], list[Rule]]:
        """Alternatives and exclusions up to the end of the line, bracket or rule."""
        alternatives: list[Rule] = []
        excluded: list[Rule] = []
        while True:
            while self.now.kind == "," or (self.now.kind == "line" and self.goes_on()):
                self.take()
            if self.now.kind in {"end", "line", ")"}:
                if self.now.kind == "line":
                    self.take()
                return alternatives, excluded
            if (rule := self.both(excluded)) is not None:
                alternatives.append(rule)

    def goes_on(self) -> bool:
        """Whether the line break here joins: inside brackets, after an operator or before one."""
        before = self.tokens[self.at - 1].kind if self.at else "line"
        after = next(token.kind for token in self.tokens[self.at :] if token.kind != "line")
        return self.depth > 0 or before in {",", "et", "sauf", "~", "field"} or after in {"et", "~", ","}

    def skip_lines(self) -> None:
        while self.now.kind == "line" and self.goes_on():
            self.take()

    def both(self, excluded: list[Rule]) -> Rule | None:
        """Terms joined by « et », or standing side by side; None where only exclusions stood."""
        found: list[Rule] = []
        while True:
            self.skip_lines()
            if self.now.kind == "sauf":
                self.leave_out(excluded)
            elif self.now.kind == "et":
                self.joined(bool(found))
            elif self.now.kind in {",", "line", ")", "end"}:
                return all_of(found) if found else None
            else:
                found.append(self.near())

    def leave_out(self, excluded: list[Rule]) -> None:
        """Read an exclusion. Who writes « sauf football et rugby » wants neither; a « - » is of what it touches."""
        sign = self.take()
        excluded.append(self.operand(sign))
        while sign.text not in DASHES and self.now.text.lower() in _JOINING and self.after.kind in _NAMING:
            excluded.append(self.operand(self.take()))

    def joined(self, something: bool) -> None:  # noqa: FBT001 - said by its only caller, two lines above
        """Read an « et »: something must stand on both sides, except for the `+` of « +otan +ukraine »."""
        sign = self.take()
        self.skip_lines()
        if self.now.kind in {",", ")", "end", "line", "et"}:
            raise mistake("and_after", sign.position, sign=sign.text)
        if not something and sign.text != "+" and self.now.kind != "sauf":
            raise mistake("and_before", sign.position, sign=sign.text)

    def near(self) -> Rule:
        left = self.unit()
        while self.now.kind == "~":
            sign = self.take()
            right = self.operand(sign)
            for side in (left, right):
                _only_words(side, sign)
            left = Near(left, right, sign.number)
        return left

    def operand(self, sign: Token) -> Rule:
        """What an operator governs, which must be there."""
        self.skip_lines()
        if self.now.kind in {",", ")", "end", "line", "et", "~", "sauf"}:
            raise mistake("after", sign.position, sign=sign.text)
        return self.unit()

    def unit(self) -> Rule:
        token = self.now
        if token.kind == "field":
            return self.filtered()
        if token.kind == "(":
            return self.bracket()
        if token.kind in {"quoted", "tag"}:
            self.take()
            return _term(token.text, token, quoted=token.kind == "quoted")
        if token.kind == "word":
            return self.bare()
        sign = self.take()
        raise mistake("near_before", sign.position, sign=sign.text)

    def bracket(self) -> Rule:
        opened = self.take()
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise mistake("deep", opened.position, n=_MAX_DEPTH)
        alternatives, excluded = self.group()
        if self.now.kind != ")":
            raise mistake("open", opened.position)
        if not alternatives:
            raise mistake("hollow_out" if excluded else "hollow", opened.position)
        self.take()
        self.depth -= 1
        return self.grouped(alternatives, excluded)

    def bare(self) -> Rule:
        """Words side by side: one term."""
        start = self.at
        while self.now.kind == "word":
            self.take()
        run = self.tokens[start : self.at]
        shown = " ".join(token.text for token in run)
        if run[0].first and only_typing(run, self.tokens[self.at :]):
            text = shown[0].lower() + shown[1:]
            return replace(_term(text, run[0]), shown=shown)
        return _term(shown, run[0])

    def country(self) -> str:
        """The words that name a country; what follows in `pays:BE otan` is something else."""
        start = self.at
        while self.now.kind == "word":
            self.take()
        names = [token.text for token in self.tokens[start : self.at]]
        known = next((n for n in range(len(names), 0, -1) if is_country(" ".join(names[:n]))), len(names))
        self.at = start + known
        return " ".join(names[:known])

    def filtered(self) -> Rule:
        field = self.take()
        if self.now.kind not in {"word", "quoted", "tag", "("}:
            raise mistake("field_word", field.position, field=field.text, example=_EXAMPLE[field.text])
        if field.text in {"titre", "debut"}:
            return placed(self.unit(), "titre" if field.text == "titre" else "debut")
        if field.text == "source" and _HOST.fullmatch(self.now.text):
            return _source(self.take().text, field)
        if field.text == "pays" and self.now.kind == "word":
            return _country(self.country(), field)
        make = _source if field.text == "source" else _country
        return _each(self.unit(), field, make)


def _term(text: str, token: Token, *, quoted: bool = False) -> Term:
    said = fold_word(text.rstrip("*")).split()
    if not said or (not quoted and not text.isupper() and all(word in SMALL for word in said)):
        raise mistake("common" if said else "no_word", token.position, text=text)
    return Term(text, quoted)


def _only_words(rule: Rule, sign: Token) -> None:
    inside = rule.rules if isinstance(rule, Any) else (rule,)
    if not all(isinstance(part, Term | Near) for part in inside):
        raise mistake("near_words", sign.position)


def _each(rule: Rule, field: Token, make: Callable[[str, Token], Rule]) -> Rule:
    parts = rule.rules if isinstance(rule, Any) else (rule,)
    names = [part.shown or part.text for part in parts if isinstance(part, Term)]
    if len(names) < len(parts):
        raise mistake("field_names", field.position, field=field.text, example=_EXAMPLE[field.text])
    return any_of([make(name, field) for name in names])


def _source(name: str, _: Token) -> Rule:
    return Source(clean(name).lower())


def _country(name: str, field: Token) -> Rule:
    return Country(country_code(name, field.position))
