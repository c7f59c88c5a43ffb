"""From a last name to the full name that the text gives somewhere."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.statements.entities import Entity
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.persons import is_sigle
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.speakers import without_article

_CLOSES = ("", ",", ".", ";", ":", ")", "\n")
_SIGLE = 5  # letters
_INITIAL = re.compile(r"^(?:[A-ZÉÈ]\.-?)+ ?")
_ELIDED = re.compile(r"(?:[LDSNJ]|Qu)'[a-zà-ÿ]")  # « L'agence Vorn » is one word and a name
_RUN = re.compile(
    r"(?<![\w.-])[A-ZÀ-Ý](?!\.)[\w'-]*"
    r"(?: (?:(?:von|van|der|den|de|du|la|le|al|el|ben|bin|ag) ){0,2}(?:[A-ZÀ-Ý]\.|(?:[A-ZÀ-Ý]|al-|el-)[\w'-]*)){1,4}"
)


_SURNAME = re.compile(r"(?:(?:L[ea]|D[eu]|Van|Von|Des|El|Al|Ben)[ -]){1,2}[A-ZÀ-Ý][\w'-]+")


class FullNames:
    """An index of the names of an article, built once: every last name leads to the first full name that ends so."""

    def __init__(self, context: str, rules: LanguageRules) -> None:
        self._context, self._rules = context, rules
        self._index: dict[str, str] | None = None
        self._asked: set[str] = set()
        self._holders: dict[str, str] = {}
        self._low: str | None = None
        self._ends: dict[int, str] = {}

    def asked(self, name: str) -> bool:
        """Whether the name was looked up before: then it is a speaker's."""
        return name in self._asked

    def of(self, name: str, known: Sequence[Entity]) -> str:
        """The full name that a last name (or an initial and a last name) leads back to."""
        words = name.split()
        if len(words) == 2 and _INITIAL.match(name):  # noqa: PLR2004 - V. Sapor
            words = words[1:]
        if surname := self.of_surname(name):
            return surname
        if len(words) > 1:
            same = (e.name for e in known if e.kind == "person" and e.name.split()[-1] == words[-1])
            return next((found for found in same if found.split()[0] == words[0]), "") or self._of_several(words)
        self._asked.add(words[0] if words else name)
        if self._index is None:
            self._index = self._build()
        found = self._index.get(words[0], name) if words else name
        return found if len(found.split()) > 1 else name

    def _of_several(self, words: Sequence[str]) -> str:
        """« Vidal de Morne » → « François Vidal de Morne »; the words themselves where the text gives no first name."""
        name = " ".join(words)
        if words[0].lower().split("-")[0] in self._rules.first_names or not any(word[:1].islower() for word in words):
            return name
        if self._index is None:
            self._index = self._build()
        return self._index.get(name, name)

    def of_surname(self, words: str) -> str:
        """The full name that ends in these words, « Le Pen », « De Wever »; "" where the text gives none."""
        if not _SURNAME.fullmatch(words):
            return ""
        if self._index is None:
            self._index = self._build()
        full = self._index.get(words, "")
        return "" if words.lower() in self._rules.words["outlets"] or full == words else full

    def holder(self, phrase: NounPhrase, *, bare: bool = False) -> str:
        """The one person whom the text names beside this very role, before or after it; "" where none or several."""
        role = without_article(phrase.text)
        if not bare and not self._singular(role):
            return ""
        if role not in self._holders:
            people = {name for name in self._beside(role) if self._is_name(name)}
            self._holders[role] = people.pop() if len(people) == 1 else ""
        return self._holders[role]

    def _beside(self, role: str) -> Iterator[str]:
        """The capitalised words straight after the role, or straight before it and a comma."""
        if self._low is None:
            low = self._context.lower()
            self._low = low if len(low) == len(self._context) else self._context
            self._ends = {run.end(): run.group() for run in _RUN.finditer(self._context)}
        for at in _places(role if self._low is self._context else role.lower(), self._low):
            end = at + len(role)
            if self._low[end : end + 1].isalnum() or self._low[max(0, at - 1) : at].isalnum():
                continue
            if run := _RUN.match(self._context, end + 1 + self._context.startswith(",", end)):
                yield run.group().rstrip(".")
            article = next((word for word in ("le ", "la ", "l'") if self._low.endswith(word, 0, at)), "")
            comma = at - len(article) - 2
            closed = (
                self._low[end : end + 2].strip()[:1] in _CLOSES
            )  # « Face à X, l'ancien ministre avait … » is no apposition
            if closed and comma in self._ends and self._context.startswith(", ", comma):
                yield self._ends[comma].rstrip(".")

    def _singular(self, role: str) -> bool:
        """Whether the role has one holder: « chef du Barn »; not « ministre de la Défense », of any country."""
        capitals = re.findall(r"\b[A-ZÀ-Ý][\w-]+", role)
        return any(
            word.lower() not in self._rules.words["not_people"] and word not in {"État", "Etat"} for word in capitals
        )

    def _is_name(self, name: str) -> bool:
        first = name.split(maxsplit=1)[0]
        return not self._no_name(first) and not is_sigle(first) and first.lower() not in self._rules.words["places"]

    def _build(self) -> dict[str, str]:
        index: dict[str, str] = {}
        family_first: dict[str, str] = {}
        for match in _RUN.finditer(self._context):
            words = match.group().rstrip(".").split()
            while len(words) > 1 and is_sigle(words[0]) and len(words[0]) <= _SIGLE and not is_sigle(words[-1]):
                words = words[1:]  # à l'AFP M. Roche
            while len(words) > 1 and words[0].lower() not in self._rules.first_names and self._no_name(words[0]):
                words = words[1:]
            whole = words[0] == match.group().split()[0]
            words = self._from_first_name(words[1:] if _ELIDED.match(words[0]) else words, whole=whole)
            low = words[0].lower()
            no_name = low in self._rules.words["places"] or self._no_name(words[0])
            if len(words) < 2 or (no_name and low not in self._rules.first_names):  # noqa: PLR2004
                continue
            full = " ".join(words)
            for last in (words[-1], words[-1].rpartition("-")[2], " ".join(words[1:])):
                index.setdefault(last, full)
            if words[0].lower() not in self._rules.first_names:
                family_first.setdefault(words[0], full)
        return family_first | index

    def _from_first_name(self, words: list[str], *, whole: bool) -> list[str]:
        """« RIA Novosti Valentin Sapor » holds two names: the person's begins with the first name."""
        firsts = self._rules.first_names
        starts = [at for at, word in enumerate(words[:-1]) if word.lower().split("-")[0] in firsts]
        if not starts:
            return words
        lead = words[0]
        own = whole and starts[0] == 1 and not is_sigle(lead) and not self._no_name(lead)  # Roch Marc Kalo
        return words if own and lead.lower() not in self._rules.words["places"] else words[starts[0] :]

    def _no_name(self, word: str) -> bool:
        low = word.lower().rstrip(".")
        words, rules = self._rules.words, self._rules
        lists = (
            "not_people",
            "civilities",
            "determiners",
            "prepositions",
            "openers",
            "according_cues",
            "adverbs",
            "times",
        )
        return low in rules.people or low in rules.bodies or any(low in words[name] for name in lists)


def _places(words: str, text: str) -> Iterator[int]:
    """Every offset at which the words stand in the text."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
