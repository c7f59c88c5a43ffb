"""What « selon X » is said of: the clause after it, before it, or around it."""

from bot.domain.statements.auxiliaries import is_adverb
from bot.domain.statements.inversion import skip_complements
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.patterns_infinitive import infinitive_at
from bot.domain.statements.persons import is_title
from bot.domain.statements.phrases import extent
from bot.domain.statements.scene import Scene, Span

_CAUSES = frozenset({"car", "puisque", "or"})
_STILL = frozenset({"toujours", "encore", "notamment", "également", "aussi"})


def source_content(scene: Scene, at: int, phrase: NounPhrase, end: int) -> list[Span]:
    """The stretches of text that the source at `at`, which ends at `end`, answers for; none where that is open."""
    opening = _clause_start(scene, at)
    before = at - 1 - (scene.low(at - 1) == ",")
    if opening >= at or scene.low(before) in _CAUSES:  # « … car, selon X, C »: X answers for the reason alone
        return _after_source(scene, at, phrase, end)
    inner = _in_brackets(scene, at) or _in_relative(scene, opening, at)
    if inner or scene.low(phrase.last + 1) in {"d'", "de"}:  # « victime, selon Lise d'une attaque »
        return []  # only the bracket, the relative clause or a part that goes on is the source's
    left = scene.chars(opening, _without_still(scene, at))
    rest = end + 1
    unfinished = _unfinished(scene, opening, at)
    if scene.low(end) != "," or rest >= len(scene.tokens):
        return [left] if at - opening > 1 and not unfinished else []
    if scene.low(rest) == "par":  # « a été provoqué, selon la police, par un habitant, qui … »
        stop = next((i for i in range(rest, len(scene.tokens)) if scene.low(i) == ","), len(scene.tokens))
        return [left, scene.chars(rest, stop)]
    if unfinished or _goes_on(scene, opening, at, rest):
        return [left, scene.chars(rest, _clause_end(scene, rest))]
    return [left]


def _after_source(scene: Scene, at: int, phrase: NounPhrase, end: int) -> list[Span]:
    """A1: the source comes first."""
    start = end + 1 if scene.low(end) == "," else phrase.last + 1
    first = scene.low(start)
    if scene.low(end) == "," and (is_title(first, scene.rules) or first in scene.rules.words["linkers"]):
        start = _after_apposition(scene, start)
    if scene.low(at) in scene.rules.words["initial"] and not _clause_follows(scene, end):
        return []
    return _around_incise(scene, start) if start < len(scene.tokens) else []


def _around_incise(scene: Scene, start: int) -> list[Span]:
    """« Selon X, les élus ont, dit-il, rejeté le texte »: the source's own « dit-il » is cut out."""
    for group in scene.verbs:
        if group.first > start and group.quote < 0 and group.pronoun and scene.low(group.first - 1) == ",":
            rest = group.last + 1 + (scene.low(group.last + 1) == ",")
            tail = [scene.chars(rest, len(scene.tokens))] if rest < len(scene.tokens) - 1 else []
            return [scene.chars(start, group.first - 1), *tail]
    return [scene.chars(start, len(scene.tokens))]


def _after_apposition(scene: Scene, at: int) -> int:
    """« Pour Anna Lutz, directrice du port, de la pêche et des quais, le … »: where the claim begins."""
    words = scene.rules.words
    for comma in range(at, len(scene.tokens) - 1):
        low = scene.low(comma + 1)
        begins = scene.kind(comma + 1) == "o" or low in words["determiners"] or low in words["subject_pronouns"]
        if scene.low(comma) == "," and begins and low not in words["linkers"]:
            return comma + 1
    return len(scene.tokens)


def _in_brackets(scene: Scene, at: int) -> bool:
    signs = [token.text for token in scene.tokens[:at] if token.text in {"(", ")"}]
    return bool(signs) and signs[-1] == "("


def _in_relative(scene: Scene, opening: int, at: int) -> bool:
    """« L'élève, qui sera convoqué selon le rectorat, … »: the main clause has not said its verb yet."""
    for index in range(opening, at):
        if scene.low(index) in {"qui", "dont"} and scene.tokens[index].quote < 0:
            before = scene.has_finite(opening, index)
            closed = any(scene.low(comma) == "," and scene.has_finite(comma, at) for comma in range(index + 2, at))
            return not before and not closed
    return False


def _without_still(scene: Scene, at: int) -> int:
    """« …, toujours selon l'institut »: the adverb belongs to the cue."""
    return at - 1 if at > 1 and scene.low(at - 1) in _STILL and scene.low(at - 2) == "," else at


def _unfinished(scene: Scene, opening: int, at: int) -> bool:
    """Whether the words before the cue need what follows it: « s'arrêtant, selon X, à … », « serait, selon X, … »."""
    if scene.low(opening) in {"si", "s'", "quand", "lorsque", "lorsqu'", "comme"}:
        return True
    last = at - 1
    while last > opening and (scene.low(last) in _STILL or scene.kind(last) == "p"):
        last -= 1
    low, words = scene.low(last), scene.rules.words
    if scene.tokens[last].quote >= 0:
        return False
    if low in scene.rules.auxiliaries or low in words["modals"] or low in words["finite"]:
        return True
    if low in words["linkers"] or low in words["subordinators"] or low in words["determiners"]:
        return True
    before = scene.low(last - 1)
    governed = before in scene.rules.auxiliaries or before in words["modals"] or before in {"à", "de", "d'", "pour"}
    return (governed and infinitive_at(scene, last)) or (
        low.endswith("ant") and scene.low(last - 1) in {",", "s'", "se", "en"}
    )


def _clause_start(scene: Scene, at: int) -> int:
    """The index where the clause around the cue begins."""
    start = 0
    for index in range(at):
        if scene.tokens[index].quote < 0 and scene.low(index) == ";":
            start = index + 1
    while start < at and (
        scene.kind(start) == "p"
        or (is_adverb(scene.low(start), scene.rules) and scene.low(start + 1) not in {"de", "d'"})  # « Plus de 20 »
        or scene.low(start) in {"et", "mais", "or", "car"}
    ):
        start += 1
    if (
        start < at
        and scene.low(start) in scene.rules.words["prepositions"]
        and skip_complements(scene, start) >= at - 1
    ):
        return start
    return start


def _clause_end(scene: Scene, start: int) -> int:
    for other in scene.verbs:
        if other.first > start and other.quote < 0 and other.pronoun and scene.low(other.first - 1) == ",":
            return other.first - 1
    return len(scene.tokens)


def _clause_follows(scene: Scene, end: int) -> bool:
    """A5: after « Pour X » a comma and a finite clause must come."""
    return scene.low(end) == "," and (scene.has_finite(end + 1, len(scene.tokens)) or scene.kind(end + 1) == "o")


def _goes_on(scene: Scene, opening: int, at: int, rest: int) -> bool:
    """A3: whether the words after the source finish the clause that it cuts."""
    low = scene.low(rest)
    words = scene.rules.words
    if low in words["linkers"]:  # « selon l'analyste X, de la Haute École »; but « n'a pas causé, selon X, de dégâts »
        return low in {"de", "d'"} and any(scene.low(i) in words["negations"] for i in range(opening, at))
    if not scene.has_finite(opening, at) or low in scene.rules.auxiliaries or low in words["modals"]:
        return True
    if low in words["prepositions"]:
        return not _of_the_source(scene, rest) and not scene.has_finite(rest, len(scene.tokens))
    if low in words["subordinators"] or low in words["times"] or low.endswith("ant"):
        return False
    reach = extent(scene.tokens, rest, len(scene.tokens), scene.rules, strict=True)
    return reach < rest and scene.has_finite(rest, len(scene.tokens))


def _of_the_source(scene: Scene, rest: int) -> bool:
    """« selon le maire, dans un communiqué », « lors d'un point presse », « sur BFMTV », « auprès de l'AFP »."""
    low, following = scene.low(rest), scene.low(rest + 1)
    if low in {"lors", "auprès", "devant", "interrogé", "via"} or following in {"un", "une", "son", "sa", "ses"}:
        return True
    return low in {"sur", "au", "à"} and (following in {"l'", "la", "micro", "cours", "site"} or (
        scene.tokens[min(rest + 1, len(scene.tokens) - 1)].capital and low != "à"))  # fmt: skip
