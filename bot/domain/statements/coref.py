"""Who is meant: names, last names, roles, « ce dernier », pronouns and definite phrases, in that order.

Requirements: a pronoun leads to somebody who was named, or to nobody; a wrong name is worse than none, so every answer
carries how sure it is. Theory: who spoke last is who « il » is, in three cases of four; where the sentence before had
another subject, that one. Known exceptions: « il » after another man was named last inside a quote.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.statements.cast import PEOPLE, Cast
from bot.domain.statements.entities import Entity, Resolved, agree
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.rules import LanguageRules
from bot.domain.statements.scene import Draft, Scene
from bot.domain.statements.subjects import main_subject

_BACK = 3  # sentences that are searched for a subject


class Resolver:
    """Follows a text from unit to unit and remembers who was named and who spoke."""

    def __init__(
        self, context: str, rules: LanguageRules, scene_of: Callable[[int], Scene], paragraph_of: Sequence[int]
    ) -> None:
        self._cast, self._rules = Cast(context, rules, paragraph_of), rules
        self._scene_of, self._paragraph_of = scene_of, paragraph_of
        self._noted = -1
        self._roles: list[tuple[int, NounPhrase]] = []  # singular offices that a unit names without a name
        self._determiners = rules.words["determiners"]

    def resolve(self, draft: Draft, unit: int) -> Resolved | None:
        """Who speaks in the draft; None where nobody can be told."""
        phrase = draft.speaker
        if phrase is None:
            return None
        self._note_until(unit - 1)
        found = self._find(phrase, unit, draft)
        if found and found.entity:
            found.entity.seen = found.entity.spoke = unit
            found.entity.paragraph = self._paragraph_of[unit]
        return found

    def continued(self, unit: int) -> Resolved | None:
        """Who goes on speaking in a quote without a cue: the last speaker, if nobody else was named since."""
        self._note_until(unit - 1)
        spoken = [e for e in self._cast.entities if e.spoke >= 0]
        last = max(spoken, key=lambda e: e.spoke, default=None)
        if last is None or unit - last.spoke > _BACK:
            return None
        if any(e.seen > last.spoke and e is not last and e.kind == "person" for e in self._cast.entities):
            return None
        near = unit - last.spoke == 1
        last.spoke = last.seen = unit
        return Resolved(last.name, last.role, min(last.sure, 0.8 if near else 0.5), "continuation", last)

    def _find(self, phrase: NounPhrase, unit: int, draft: Draft) -> Resolved | None:
        if phrase.kind == "pronoun":
            return self._pronoun(phrase, unit, draft)
        if phrase.kind == "same":
            last = max(
                (e for e in self._cast.entities if e.spoke >= max(0, unit - _BACK)), key=lambda e: e.spoke, default=None
            )
            if last is None:
                return self._subject_before(phrase, unit, draft)
            return Resolved(last.name, last.role, min(last.sure, 0.8), "same", last)
        if phrase.kind == "latter":
            return self._latter(phrase, unit)
        return self._cast.find(phrase, unit)

    # pronouns

    def _pronoun(self, phrase: NounPhrase, unit: int, draft: Draft) -> Resolved | None:
        if found := self._in_sentence(phrase, unit, draft):
            return found
        fits = [e for e in self._cast.entities if agree(e, phrase) and e.seen >= 0 and e.kind != "document"]
        if not fits:
            return self._subject_before(phrase, unit, draft)
        best = self._most_likely(fits, unit)
        far = 2 if best.kind in PEOPLE else 4  # a person who was named is a likelier « elle » than a body
        rivals = sum(1 for e in fits if e is not best and e.kind in PEOPLE and e.seen >= unit - far)
        rivals += self._roles_beside(best, phrase, unit)
        near = unit - max(best.seen, best.spoke) <= 2  # noqa: PLR2004 - two sentences back
        goes_on = draft.verb is not None and draft.verb.lemma in self._rules.words["continuing"]
        last = max(fits, key=lambda e: e.spoke)
        between = any(e.seen > last.spoke and e is not last and e.kind == "person" for e in fits)
        if goes_on and last.spoke >= unit - 2 and not between:
            return Resolved(last.name, last.role, min(0.85, last.sure), "pronoun", last)
        sure = 0.9 if near and not rivals else 0.6 if near else 0.5
        return Resolved(best.name, best.role, min(sure, best.sure), "pronoun", best)

    def _roles_beside(self, best: Entity, phrase: NounPhrase, unit: int) -> int:
        """How many others the sentence before names by their office alone."""
        return sum(
            1 for at, role in self._roles
            if at >= unit - 1 and not phrase.plural
            and role.head not in best.heads and role.gender in {"", phrase.gender}
        )  # fmt: skip

    def _subject_before(self, phrase: NounPhrase, unit: int, draft: Draft) -> Resolved | None:
        """The subject of the sentence before, where nobody else was named: « …, le premier ministre a … »."""
        scene = self._scene_of(unit - 1) if unit else None
        found = main_subject(scene, len(scene.tokens)) if scene else None
        wanted = {"role", "body", "person"} if phrase.kind == "same" else {"role", "body"}
        if found is None or found.kind not in wanted or found.plural != phrase.plural:
            return None
        if phrase.gender and found.gender and phrase.gender != found.gender:
            return None
        resolved = self._find(found, unit, draft)
        return replace(resolved, sure=min(resolved.sure, 0.6), how="sentence") if resolved else None

    def _most_likely(self, fits: list[Entity], unit: int) -> Entity:
        """The last speaker, or the subject of the sentence before where that is somebody else."""
        people = [e for e in fits if e.kind == "person" and max(e.seen, e.spoke) >= unit - _BACK]
        last = max(fits, key=lambda e: e.spoke)
        if people and not (last.spoke >= 0 and all(e.seen <= last.spoke for e in people)):
            fits = people
        here = self._paragraph_of[unit]
        recent = max(fits, key=lambda e: (e.seen, e.spoke, e.kind in PEOPLE))
        best = max((e for e in fits if e.spoke >= 0), key=lambda e: (e.paragraph == here, e.spoke), default=recent)
        return recent if recent.seen > best.spoke and recent.seen >= unit - 1 else best

    def _in_sentence(self, phrase: NounPhrase, unit: int, draft: Draft) -> Resolved | None:
        """The subject of the same sentence, before the pronoun and outside the content."""
        scene = self._scene_of(unit)
        if phrase.first < 4:  # noqa: PLR2004 - nothing can stand before it
            return None
        found = main_subject(scene, phrase.first)
        if (
            found is None
            or found.kind in {"pronoun", "latter", "nobody", "other", "document"}
            or found.plural != phrase.plural
        ):
            return None
        inside = any(start <= found.span[0] < end for start, end in draft.spans)
        if inside and not (draft.according and found.span[0] == draft.spans[0][0]):
            return None
        if inside or (phrase.gender and found.gender and phrase.gender != found.gender):
            return None
        resolved = self._find(found, unit, draft)
        return (
            Resolved(resolved.name, resolved.role, min(resolved.sure, 0.7), "sentence", resolved.entity)
            if resolved
            else None
        )

    def _latter(self, phrase: NounPhrase, unit: int) -> Resolved | None:
        people = [e for e in self._cast.entities if e.kind == "person" and agree(e, phrase) and e.seen >= unit - 2]
        if not people:
            return None
        best = max(people, key=lambda e: (e.seen, self._cast.entities.index(e)))
        return Resolved(best.name, best.role, 0.6, "latter", best)

    # what units without statements name

    def _note_until(self, unit: int) -> None:
        for index in range(max(self._noted + 1, 0), unit + 1):
            self._note(index)
        self._noted = max(self._noted, unit)

    def _note(self, unit: int) -> None:
        """Remember whom a unit names: full names and roles with names, outside quotes."""
        scene = self._scene_of(unit)
        after = -1
        for at, token in enumerate(scene.tokens):
            if at > after and token.quote < 0 and (
                token.capital or token.low == "au" or token.low in self._determiners
            ):  # fmt: skip
                start = at + (token.low == "au")
                phrase = scene.phrase(start, len(scene.tokens)) if self._may_name(scene, at) else None
                phrase = replace(phrase, indefinite=False) if phrase and start > at else phrase
                after = phrase.last if phrase and self._noted_phrase(phrase, unit, first=at == 0) else at

    def _may_name(self, scene: Scene, at: int) -> bool:
        """Whether a phrase that names somebody may begin there: cheap, for every word of a text is asked."""
        low = scene.low(at + 1)
        if scene.tokens[at].capital:
            return at == 0 or not self._lone_capital(scene, at, low)
        titled = low in self._rules.people or low in self._rules.words["before"]
        return at == 0 or titled or (at + 1 < len(scene.tokens) and scene.tokens[at + 1].capital)

    def _lone_capital(self, scene: Scene, at: int, following: str) -> bool:
        """One capital before a plain word, of nobody who was asked for: it would be noted as nobody."""
        words, before = self._rules.words, scene.low(at - 1)
        return (
            scene.kind(at + 1) == "w" and not scene.tokens[at + 1].capital
            and not self._cast.names.asked(scene.tokens[at].text)
            and not any(following in words[name] for name in ("particles", "linkers", "determiners"))
            and following != "et" and scene.low(at) not in words["determiners"]
            and before not in words["linkers"] and before not in words["determiners"]
        )  # fmt: skip

    def _noted_phrase(self, phrase: NounPhrase, unit: int, *, first: bool) -> bool:
        """Remember the phrase if it names somebody, or is what the sentence begins with."""
        if phrase.name and (len(phrase.name.split()) > 1 or phrase.role or self._cast.names.asked(phrase.name)):
            found: Resolved | None = self._cast.named(phrase, unit)
        elif phrase.kind == "role" and not (first or phrase.plural or phrase.indefinite):
            self._roles.append((unit, phrase))
            return False
        elif first and phrase.kind in {"body", "place", "role", "medium"}:
            found = self._find(phrase, unit, _NOTHING)
        else:
            return False
        if found and found.entity:
            found.entity.seen = max(found.entity.seen, unit)
            found.entity.paragraph = max(found.entity.paragraph, self._paragraph_of[unit])
        return True


_NOTHING = Draft("", 0, (), (0, 0), "clause", None)
