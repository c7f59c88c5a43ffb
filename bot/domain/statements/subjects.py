"""One way to find the subject of a verb of speech: before it, after it, through « qui », or shared."""

from bot.domain.statements.auxiliaries import is_adverb
from bot.domain.statements.inversion import after_verb, agreeing, inverted_pronoun, looks_nominal
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.scene import Scene
from bot.domain.statements.verbs import VerbGroup

_REACH = 60
_SEVERAL = frozenset({"nombreux", "nombreuses", "autres"})


def find_subject(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    """The subject of the verb as it stands; None where the sentence does not show one."""
    if group.main not in scene.subjects:
        scene.subjects[group.main] = None  # what shares a subject may ask back
        scene.subjects[group.main] = _find(scene, group)
    return scene.subjects[group.main]


def _find(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    if group.pronoun:
        return inverted_pronoun(scene, group)
    if group.mood != "finite":
        return _of_nonfinite(scene, group)
    at = _skip_adverbs(scene, group.first)
    if scene.low(at - 1) == "qui" or (scene.low(at - 1) == "," and _relative(scene, at)):
        found = antecedent(scene, at - 1) if scene.low(at - 1) == "qui" else _before(scene, at, group)
        return agreeing(found, group)
    found = _before(scene, at)
    fits = agreeing(found, group)
    if found is None:
        return _shared_if_joined(scene, group, at)
    return fits or _before(scene, at, group)


def _of_nonfinite(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    """The subject of a participle or an infinitive: after it, its own, or that of the verb before."""
    if group.mood == "gerund" and group.first <= 1:
        return following_subject(scene, group)[0]
    goes_on = group.verb.lemma in scene.rules.words["continuing"]
    if group.mood == "gerund" and (own := _own_subject(scene, group, goes_on=goes_on)) is not None:
        return None if own.kind == "other" else own
    if group.mood == "gerund" and _of_a_noun(scene, group):
        return None
    return shared_subject(scene, group)


def _own_subject(scene: Scene, group: VerbGroup, *, goes_on: bool) -> NounPhrase | None:
    """« …, la France accusant Ankara de … »: a participle with a subject of its own, straight before it."""
    before = scene.low(group.first - 1)
    if scene.kind(group.first - 1) != "w" or before in {"en", "et", "tout", "puis"} or is_adverb(before, scene.rules):
        return None
    found = agreeing(_before(scene, group.first), group)
    return None if found is not None and found.kind == "other" and goes_on else found


def _of_a_noun(scene: Scene, group: VerbGroup) -> bool:
    """« après une alerte signalant une hausse »: the noun signals; only « ajoutant » and its kin lose their comma."""
    at = group.first - 1
    joined = scene.low(at) in {"en", "et", "tout", "puis"} or is_adverb(scene.low(at), scene.rules)
    plain = scene.kind(at) == "w" and not scene.tokens[at].capital and not joined
    return plain and group.verb.lemma not in scene.rules.words["continuing"]


def _relative(scene: Scene, at: int) -> bool:
    return scene.low(at - 2) == "qui"


def _skip_adverbs(scene: Scene, at: int) -> int:
    rules = scene.rules
    while (
        at > 1
        and not scene.tokens[at - 1].capital
        and (is_adverb(scene.low(at - 1), rules) or scene.low(at - 1) in rules.words["times"])
    ):
        at -= 1
    return at


def _before(scene: Scene, end: int, group: VerbGroup | None = None) -> NounPhrase | None:
    """The noun phrase that ends where the verb begins, insertions between commas aside: the leftmost that fits."""
    if scene.low(end - 1) in {"et", "puis", "mais", "ou", "de", "d'"}:  # no phrase ends so
        return None
    low = max(0, end - _REACH)
    quote = scene.tokens[end].quote if end < len(scene.tokens) else -1
    for strictly in (True, False):
        for start in range(low, end):
            if scene.tokens[start].quote != quote or not _may_begin(scene, start, strictly=strictly):
                continue
            phrase = scene.phrase(start, end)
            if phrase is not None and not _reaches(scene, phrase, end) and _goes_further(scene, phrase):
                phrase = scene.phrase(start, end, strict=False)
            if phrase is not None and _reaches(scene, phrase, end) and (group is None or agreeing(phrase, group)):
                return phrase
    return None


def _another(scene: Scene, at: int) -> bool:
    return at < len(scene.tokens) and scene.tokens[at].capital


def _goes_further(scene: Scene, phrase: NounPhrase) -> bool:
    """Whether a freer reading could reach more: a plain word follows, no sign and no name."""
    at = phrase.last + 1
    return scene.kind(at) == "w" and not scene.tokens[at].capital


def _may_begin(scene: Scene, start: int, *, strictly: bool) -> bool:
    token, words = scene.tokens[start], scene.rules.words
    if token.kind not in "wn" or token.low in words["prepositions"] or is_adverb(token.low, scene.rules):
        return False
    if token.low in {"de", "d'"} and not (_another(scene, start + 1) or scene.low(start + 1) in _SEVERAL):
        return False  # « De son côté »; not « De Wever », « De nombreux élus »
    before = scene.low(start - 1)
    if start == 0 or scene.kind(start - 1) in "poc" or before in words["openers"] or before in words["times"]:
        return before not in {"(", "'"} and looks_nominal(scene, start)
    if strictly:
        return False
    barred = before in words["prepositions"] or before in words["linkers"] or before in words["determiners"]
    contracted = token.low == "du" or (token.low == "des" and before not in words["subordinators"])
    if barred or contracted:  # « L'examen du policier a révélé »: the complement of something else
        return False
    return (not scene.tokens[start - 1].capital and looks_nominal(scene, start)) or (
        token.low in words["determiners"] and scene.tokens[start - 1].kind == "w"
    )


def _reaches(scene: Scene, phrase: NounPhrase, end: int) -> bool:
    at = phrase.last + 1
    if at == end:
        return True
    if phrase.name and scene.low(at) == "," and _another(scene, at + 1):
        other = scene.phrase(at + 1, end)  # « avec son hôte, Li Vang, la présidente, Anna Lutz, a dit »
        if other is not None and other.name not in {"", phrase.name}:
            return False
    if scene.low(at) in {",", "(", "-", "–", "—"} and scene.low(end - 1) in {",", ")", "-", "–", "—"}:
        if at == end - 1:
            return True
        words = scene.rules.words
        first = scene.low(at + 1)
        return phrase.kind != "other" and (
            scene.low(at) != "," or first in words["insertions"] or is_adverb(first, scene.rules)
            or first in words["times"] or scene.kind(at + 1) == "n" or first.endswith(("é", "ée", "és", "ées", "ant"))
            or not scene.has_finite(at + 1, end - 1)
        )  # fmt: skip
    return all(
        is_adverb(scene.low(i), scene.rules) or scene.low(i) in scene.rules.words["times"] for i in range(at, end)
    )


def antecedent(scene: Scene, qui: int) -> NounPhrase | None:
    """The phrase that « qui » stands for: the longest that ends before it."""
    end = qui - (scene.low(qui - 1) == ",")
    for start in range(max(0, end - 24), end):
        token = scene.tokens[start]
        before = scene.low(start - 1)
        if token.kind not in "wn" or not looks_nominal(scene, start) or before in scene.rules.words["linkers"]:
            continue
        phrase = scene.phrase(start, end)
        if phrase and phrase.last == end - 1 and phrase.kind != "other":
            return phrase
    return None


def _shared_if_joined(scene: Scene, group: VerbGroup, at: int) -> NounPhrase | None:
    if scene.low(at - 1) in {"et", "puis", "mais", ",", "ou"}:
        return shared_subject(scene, group)
    return None


def shared_subject(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    """The subject of the verb before, for participles and coordinated verbs; else the sentence's own."""
    for other in reversed(scene.verbs):
        if other.first >= group.first or other.mood != "finite" or other.quote != group.quote or _nested(scene, other):
            continue
        if scene.low(other.first - 1) == "," and not other.pronoun:  # « …, a ajouté le maire, précisant que »
            found = after_verb(scene, other)[0]
            found = found if found and found.first == other.last + 1 else find_subject(scene, other) or found
        else:
            found = find_subject(scene, other) or after_verb(scene, other)[0]
        if found:
            return found
    return main_subject(scene, group.first)


def following_subject(scene: Scene, group: VerbGroup) -> tuple[NounPhrase | None, int]:
    """« Estimant que …, le maire a … »: the subject of the main clause, and the index of the comma before it."""
    for at in range(group.last + 1, len(scene.tokens) - 2):
        if scene.low(at) != "," or scene.tokens[at].quote >= 0 or not looks_nominal(scene, at + 1):
            continue
        phrase = scene.phrase(at + 1, len(scene.tokens))
        if phrase and (phrase.can_speak or phrase.kind == "name") and scene.kind(phrase.last + 1) == "w":
            return phrase, at
    return None, len(scene.tokens)


def _nested(scene: Scene, group: VerbGroup) -> bool:
    """Whether the verb stands in the que-clause of an earlier one, as far as the words show."""
    first = next((g for g in scene.verbs if g.mood == "finite" and g.first < group.first), None)
    if first is None or scene.low(group.first - 1) in {"et", ","}:
        return False
    return any(scene.low(at) in {"que", "qu'"} for at in range(first.last, group.first))


def same_speaker(scene: Scene, group: VerbGroup) -> NounPhrase:
    """P12: « Et d'ajouter que »: whoever spoke last."""
    at = scene.tokens[group.first].start
    return NounPhrase(group.first, group.first, "", (at, at), "same")


def main_subject(scene: Scene, end: int) -> NounPhrase | None:
    """The first phrase of the sentence that somebody's verb can follow."""
    for start in range(min(end, _REACH)):
        if scene.tokens[start].quote >= 0 or not _may_begin(scene, start, strictly=True):
            continue
        phrase = scene.phrase(start, end)
        if phrase is None or phrase.kind in {"other", "nobody"}:
            continue
        after = phrase.last + 1
        if phrase.kind == "name" and start == 0 and not scene.has_finite(after, after + 3):
            continue
        if scene.kind(after) == "w" or (scene.low(after) in {",", ":"} and phrase.can_speak):
            return phrase
    return None
