"""A1–A6: « selon X », before, after or inside what X says."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.statements.according_content import source_content
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.scene import Draft, Scene, content, with_marks
from bot.domain.statements.subjects import antecedent

_MOST = 12  # sources in one unit: more is no prose, and would cost its square
_INSERTED = 40  # tokens that a clause about the source may have
_CONTRACTED = {"du": "le ", "des": "les "}
_OF = frozenset({"de", "du", "des", "d'"})


def according(scene: Scene) -> Iterator[Draft]:
    """Every source that a preposition names, with what it is the source of."""
    at = found_so_far = 0
    initial, cues = scene.rules.words["initial"], _possible(scene)
    if not cues and initial.isdisjoint(scene.words):
        return
    while at < len(scene.tokens) and found_so_far < _MOST:
        low = scene.tokens[at].low
        if low not in initial and low not in cues:
            at += 1
            continue
        if draft := _for_whom(scene, at):
            yield draft
        length = _cue(scene, at) if scene.tokens[at].kind == "w" and scene.tokens[at].quote < 0 else 0
        if length and (found := _source(scene, at, length)):
            phrase, end = found
            if draft := _draft(scene, at, length, phrase, end):
                yield draft
                found_so_far += 1
                at = end
                continue
        at += 1


def _possible(scene: Scene) -> frozenset[str]:
    """The first words of those cues whose every word stands in the unit."""
    return frozenset([first for first, words in scene.rules.cue_words if words <= scene.words])


def _for_whom(scene: Scene, at: int) -> Draft | None:
    """« le syndicat, pour qui le compte n'y est pas »."""
    if scene.low(at) not in scene.rules.words["initial"] or scene.low(at + 1) != "qui" or scene.tokens[at].quote >= 0:
        return None
    phrase = antecedent(scene, at)
    if phrase is None or not (phrase.can_speak or phrase.kind == "name"):
        return None
    pieces = content(scene, scene.chars(at + 2, len(scene.tokens)))
    return Draft("Aq", 6, pieces, scene.chars(at, at + 2), "according-to", phrase, according=True) if pieces else None


def _cue(scene: Scene, at: int) -> int:
    """How many tokens the cue at `at` has; 0 where there is none."""
    low = scene.low(at)
    rules = scene.rules
    if low in rules.words["initial"] and _begins(scene, at):
        return 1
    if low == "a" and scene.tokens[at].capital:
        low = "à"
    for words in rules.cues.get(low, ()):
        if all(_same(scene.low(at + i), word) for i, word in enumerate(words) if i):
            return len(words) - (words[-1] in {"du", "des"})
    return 0


def _same(low: str, word: str) -> bool:
    return low == word or (word == "de" and low == "d'")


def _begins(scene: Scene, at: int) -> bool:
    return at == 0 or (at <= 2 and scene.low(at - 1) in {"et", "mais", "-", "–", "—", "or"})  # noqa: PLR2004


def _source(scene: Scene, at: int, length: int) -> tuple[NounPhrase, int] | None:
    start = at + length
    words = scene.rules.words
    if scene.low(start) in words["never"] | {"qui"} or start >= len(scene.tokens):
        return None
    contracted = scene.low(start) in {"du", "des"} and length > 1
    initial = scene.low(at) in words["initial"]
    if (
        scene.low(start).endswith(("er", "ir", "oir"))
        and not scene.tokens[start].capital
        and not scene.rules.has("determiners", scene.low(start))
    ):
        return None
    phrase = scene.phrase(start + contracted, len(scene.tokens))
    if phrase is None or phrase.head in words["not_sources"] or phrase.kind == "nobody":
        return None
    if initial and not (
        phrase.kind in {"person", "role", "body", "pronoun", "group", "place", "medium"} or phrase.kind == "name"
    ):
        return None
    if phrase.kind == "other" and not initial and not _plausible(scene, phrase):
        return None
    if contracted:
        phrase = replace(phrase, text=_CONTRACTED[scene.low(start)] + phrase.text)
    phrase = _author(scene, phrase)
    return phrase, _source_end(scene, phrase)


def _plausible(scene: Scene, phrase: NounPhrase) -> bool:
    """An unknown noun may be a source when it is determined and no plain thing: l'entourage, les riverains."""
    return scene.tokens[phrase.first].low in scene.rules.words["determiners"] and phrase.last > phrase.first


def _author(scene: Scene, phrase: NounPhrase) -> NounPhrase:
    """A6: « selon un communiqué de la préfecture »: the prefecture says it; a report stays the report."""
    words = scene.rules.words
    if phrase.head not in words["transparent"]:
        return phrase
    for at in range(phrase.first + 1, phrase.last):
        if scene.low(at) in _OF:
            inner = scene.phrase(at + 1, phrase.last + 1)
            if inner is not None and inner.can_speak and _determined(scene, inner):
                text = _CONTRACTED.get(scene.low(at), "") + inner.text
                return replace(inner, first=phrase.first, last=phrase.last, text=text)
            return phrase
    return phrase


def _determined(scene: Scene, phrase: NounPhrase) -> bool:
    """« des informations de presse » have no author."""
    contracted = scene.low(phrase.first - 1) in {"du", "des"}
    first = scene.tokens[phrase.first]
    return contracted or first.capital or first.low in scene.rules.words["determiners"]


def _source_end(scene: Scene, phrase: NounPhrase) -> int:
    """The index after the source and what is said of it: « publié mardi », « cité par l'AFP »."""
    at = phrase.last + 1
    while at < len(scene.tokens) and scene.kind(at) in "wn" and scene.low(at) != ",":
        at += 1
    if scene.low(at) == "," and _insertion(scene, at + 1):
        close = next((i for i in range(at + 1, min(at + _INSERTED, len(scene.tokens))) if scene.low(i) == ","), -1)
        at = close if close > 0 else at
    return at


def _insertion(scene: Scene, at: int) -> bool:
    low = scene.low(at)
    words = scene.rules.words
    if low.endswith(("é", "ée", "és", "ées")) and scene.low(at + 1) == "par":  # « relayé par Le Fanal »
        return True
    return low in words["questioned"] or low in {"qui", "dont"} or low in words["published"]


def _aside(scene: Scene, at: int, phrase: NounPhrase) -> bool:
    """« X a dénoncé un texte qui, selon elle, … »: the speaker again, answering for those few words only."""
    if phrase.kind != "pronoun" or at < 2:  # noqa: PLR2004 - « Et selon lui, … »
        return False
    spoke = (group for group in scene.verbs if group.last < at and group.mood == "finite" and group.quote < 0)
    return scene.low(at - 1) in {"qui", "dont"} or any(group.verb.strength != "C" for group in spoke)


def _said_by_another(scene: Scene, start: int) -> bool:
    """« Pour la majorité, X et Y s'inquiètent, mais, répond Z : « … » »: for whom they speak, no source."""
    return any(
        group.first > start and group.quote < 0 and group.mood == "finite" and scene.low(group.first - 1) == ","
        for group in scene.verbs if not group.pronoun
    )  # fmt: skip


def _draft(scene: Scene, at: int, length: int, phrase: NounPhrase, end: int) -> Draft | None:
    if _aside(scene, at, phrase):
        return None
    spans = source_content(scene, at, phrase, end)
    if not spans or (scene.low(at) in scene.rules.words["initial"] and _said_by_another(scene, end)):
        return None
    pieces = content(scene, *spans)
    if not pieces or sum(b - a for a, b in pieces) < 8:  # noqa: PLR2004 - shorter is no statement
        return None
    contracted = scene.low(at + length) in {"du", "des"} and length > 1
    pattern = "Ac" if contracted else "A"
    cue = scene.chars(at, at + length)
    return Draft(pattern, 6, with_marks(scene, pieces), cue, "according-to", phrase, according=True)
