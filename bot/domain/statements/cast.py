"""Those whom an article has named so far: a name, a role or a body leads back to one of them, or to a new one."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.statements.entities import Entity, Resolved, agree, printed, significant
from bot.domain.statements.full_names import FullNames
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.speakers import without_article

PEOPLE = frozenset({"person", "role"})
_RANKS = frozenset({"république", "général", "générale", "délégué", "déléguée", "adjoint", "adjointe"})


class Cast:
    """The entities of one article, and the index of its full names."""

    def __init__(self, context: str, rules: LanguageRules, paragraph_of: Sequence[int]) -> None:
        self.names, self.entities = FullNames(context, rules), list[Entity]()
        self._rules, self._paragraph_of = rules, paragraph_of

    def find(self, phrase: NounPhrase, unit: int) -> Resolved:
        """Who a phrase that is no pronoun means."""
        if phrase.name:
            return self.named(phrase, unit)
        return self._role(phrase, unit) if phrase.kind == "role" else self._body(phrase, unit)

    def named(self, phrase: NounPhrase, unit: int) -> Resolved:
        """Somebody whose name stands there, whole or in part."""
        full = self.names.of(phrase.name, self.entities)
        entity = next((e for e in self.entities if e.name == full), None)
        if entity is None:
            entity = self._add(full, phrase, unit)
        entity.role = entity.role or phrase.role
        entity.gender = entity.gender or phrase.gender
        if phrase.head and phrase.role:
            entity.heads.add(phrase.head)
        bare = len(full.split()) == 1
        name = phrase.text if bare and phrase.text.startswith(("M.", "Mme", "Me ", "Dr", "Pr")) else full
        return Resolved(name, entity.role, 0.85 if bare else 1.0, "name", entity)

    def _role(self, phrase: NounPhrase, unit: int) -> Resolved:
        key = significant(phrase.text) - {phrase.head}
        for entity in sorted(self._people(phrase), key=lambda e: -e.seen):
            if phrase.head in entity.heads and not phrase.indefinite:
                about = significant(entity.role) - {phrase.head} - _RANKS
                own = key - _RANKS
                if not own or (own & about and (own <= about or about <= own)):
                    return Resolved(entity.name, entity.role, 0.9, "role", entity)
        bare = not key and not phrase.indefinite and not phrase.possessive
        if bare and (full := self.names.holder(phrase, bare=True)):
            found = self._as_person(full, replace(phrase, role=without_article(phrase.text)), unit)
            return replace(found, sure=0.75, how="class")
        if not bare and not phrase.indefinite and not phrase.possessive and (full := self.names.holder(phrase)):
            return self._as_person(full, replace(phrase, role=without_article(phrase.text)), unit)
        if bare:
            known = [e for e in self._people(phrase) if e.spoke >= unit - 2 and e.name[:1].isupper()]
            if known:
                entity = max(known, key=lambda e: e.spoke)
                return Resolved(entity.name, entity.role, 0.55, "class", entity)
        return self._itself(phrase, unit, 0.6 if phrase.indefinite or bare or phrase.possessive else 0.85)

    def _people(self, phrase: NounPhrase) -> list[Entity]:
        return [e for e in self.entities if e.kind in PEOPLE and agree(e, phrase) and not e.plural]

    def _body(self, phrase: NounPhrase, unit: int) -> Resolved:
        if surname := self.names.of_surname(phrase.text):
            return self._as_person(surname, phrase, unit)
        if phrase.kind == "name":
            full = self.names.of(phrase.text, self.entities)
            if full != phrase.text:
                return self._as_person(full, phrase, unit)
        key = significant(phrase.text) - {phrase.head}
        if not key and not phrase.indefinite and phrase.kind in {"body", "medium", "document"}:
            for entity in sorted(self.entities, key=lambda e: -e.seen):
                if phrase.head in entity.heads and entity.kind != "person":
                    return Resolved(entity.name, "", 0.85, "class", entity)
        vague = (
            phrase.indefinite or phrase.kind in {"group", "other", "source"} or (phrase.kind == "document" and not key)
        )
        return self._itself(phrase, unit, 0.5 if vague else 0.95)

    def _as_person(self, full: str, phrase: NounPhrase, unit: int) -> Resolved:
        entity = next((e for e in self.entities if e.name == full), None)
        if entity is None:
            entity = self._add(full, phrase, unit)
            entity.kind = "person"
            entity.gender = self._rules.first_names.get(full.split(maxsplit=1)[0].split("-", maxsplit=1)[0].lower(), "")
        entity.role = entity.role or phrase.role
        return Resolved(full, entity.role, 0.95, "last name", entity)

    def _itself(self, phrase: NounPhrase, unit: int, sure: float) -> Resolved:
        name = phrase.text if phrase.text.lower() in self._rules.words["outlets"] else printed(phrase.text)
        entity = next((e for e in self.entities if e.name == name), None) or self._add(name, phrase, unit)
        entity.sure = min(entity.sure, sure)
        return Resolved(name, "", sure, "itself", entity)

    def _add(self, name: str, phrase: NounPhrase, unit: int) -> Entity:
        entity = Entity(name, phrase.kind, phrase.gender, phrase.plural, phrase.role, {phrase.head} - {""}, unit)
        entity.paragraph = self._paragraph_of[unit]
        if phrase.name and not entity.gender:
            entity.gender = self._rules.first_names.get(name.split(maxsplit=1)[0].split("-", maxsplit=1)[0].lower(), "")
        self.entities.append(entity)
        return entity
