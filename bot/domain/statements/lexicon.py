"""From lemmas to every form that the press uses: adding a verb is one line of the language file.

Only third persons are made: nobody reports a statement in the first. Spelling variants are made generously
(« appelle », « appèle »; « reconnaît », « reconnait »), because a form that nobody writes costs nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Tense = Literal["present", "imperfect", "past", "future", "conditional", "participle", "gerund", "infinitive"]
Strength = Literal["A", "B", "C"]

_SYLLABLE = 3
_E_ACUTE_OR_MUTE = "eé"
_SOFT = {"c": "ç", "g": "ge"}  # what keeps the consonant soft before a, o


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of speech: `word` is the part that is conjugated, `tail` what must follow it (faire *savoir*)."""

    lemma: str
    word: str
    tail: tuple[str, ...]
    reflexive: bool
    strength: Strength
    frames: frozenset[str]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """One inflected form: which verb, which tense, and the agreement that it shows."""

    verb: Verb
    tense: Tense
    plural: bool = False
    feminine: bool = False


def read_verb(lemma: str, value: str) -> Verb:
    """The verb written on one line; ValueError says what is wrong with it."""
    words = value.split()
    strength, frames, flags = "".join(words[:1]), "".join(words[1:2]), words[2:]
    if strength not in {"A", "B", "C"}:
        raise ValueError(f"strength {strength!r} is not one of A, B, C")
    wrong = sorted(set(frames) - set("qidonapx"))
    if wrong or not frames:
        raise ValueError(f"frames {frames!r} hold {', '.join(wrong) or 'nothing'}")
    unknown = sorted(set(flags) - {"denied", "question", "negated", "etre"})
    if unknown:
        raise ValueError(f"unknown flag {unknown[0]!r}")
    parts = (lemma.replace("s'", "se ", 1) if lemma.startswith("s'") else lemma).replace("l'", "l' ").split()
    reflexive = parts[0] == "se"
    parts = parts[1:] if parts[0] in {"se", "en"} and len(parts) > 1 else parts
    kind: Strength = "A" if strength == "A" else "B" if strength == "B" else "C"
    return Verb(lemma, parts[0], tuple(parts[1:]), reflexive, kind, frozenset(frames), frozenset(flags))


def conjugate(infinitive: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, Tense, bool, bool]]:
    """Every form of the verb: (form, tense, plural, feminine)."""
    ending = max((e for e in irregular if infinitive.endswith(e)), key=len, default="")
    if ending:
        made = _irregular(infinitive[: -len(ending)], irregular[ending])
    elif infinitive.endswith("er"):
        made = _first_group(infinitive[:-2])
    else:
        made = _second_group(infinitive[:-2])
    yield infinitive, "infinitive", False, False
    for form, tense, plural, feminine in made:
        yield form, tense, plural, feminine
        if "ît" in form or "aîtr" in form:
            yield form.replace("î", "i"), tense, plural, feminine


def _first_group(stem: str) -> Iterator[tuple[str, Tense, bool, bool]]:
    soft = stem[:-1] + _SOFT[stem[-1]] if stem[-1] in _SOFT else stem
    for strong in _strong_stems(stem):
        yield strong + "e", "present", False, False
        yield strong + "ent", "present", True, False
        for future in {strong, stem}:
            yield from _future(future + "er")
    yield soft + "ait", "imperfect", False, False
    yield soft + "aient", "imperfect", True, False
    yield soft + "a", "past", False, False
    yield stem + "èrent", "past", True, False
    yield soft + "ant", "gerund", False, False
    yield from _participles(stem + "é")


def _strong_stems(stem: str) -> set[str]:
    """The stems before a mute e: espèr-, appell- and appèl-, appui-."""
    stems = {stem}
    if len(stem) >= _SYLLABLE and stem[-2] in _E_ACUTE_OR_MUTE and stem[-1] not in "aeiouéy":
        stems = {stem[:-2] + "è" + stem[-1]}
        if stem[-2] == "e" and stem[-1] in "lt":
            stems.add(stem + stem[-1])
    elif stem.endswith("y"):
        stems.add(stem[:-1] + "i")
    return stems


def _second_group(stem: str) -> Iterator[tuple[str, Tense, bool, bool]]:
    yield stem + "it", "present", False, False
    yield stem + "issent", "present", True, False
    yield stem + "issait", "imperfect", False, False
    yield stem + "issaient", "imperfect", True, False
    yield stem + "irent", "past", True, False
    yield stem + "issant", "gerund", False, False
    yield from _future(stem + "ir")
    yield from _participles(stem + "i")


def _irregular(head: str, pattern: str) -> Iterator[tuple[str, Tense, bool, bool]]:
    present, imperfect, past, future, participle, gerund = (
        part.split() for part in pattern.replace("-", head).split("|")
    )
    for tense, forms in (("present", present), ("past", past)):
        kind: Tense = "present" if tense == "present" else "past"
        yield forms[0], kind, False, False
        yield forms[1], kind, True, False
    yield imperfect[0] + "ait", "imperfect", False, False
    yield imperfect[0] + "aient", "imperfect", True, False
    yield gerund[0], "gerund", False, False
    yield from _future(future[0])
    yield from _participles(participle[0])


def _future(stem: str) -> Iterator[tuple[str, Tense, bool, bool]]:
    yield stem + "a", "future", False, False
    yield stem + "ont", "future", True, False
    yield stem + "ait", "conditional", False, False
    yield stem + "aient", "conditional", True, False


def _participles(masculine: str) -> Iterator[tuple[str, Tense, bool, bool]]:
    yield masculine, "participle", False, False
    yield masculine + "e", "participle", False, True
    yield masculine if masculine.endswith("s") else masculine + "s", "participle", True, False
    yield masculine + "es", "participle", True, True
