"""One way to find the subject of a verb of speech: before it, after it, through « qui », or shared."""

from bot.domain.statements.auxiliaries import is_adverb, split_inversion
from bot.domain.statements.phrases import extent
from bot.domain.statements.scene import Scene
from bot.domain.statements.speakers import NounPhrase, read_phrase
from bot.domain.statements.verbs import VerbGroup

_REACH = 60


def find_subject(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    """The subject of the verb as it stands; None where the sentence does not show one."""
    if group.pronoun:
        return _inverted_pronoun(scene, group)
    if group.mood == "gerund" and group.first <= 1:
        return following_subject(scene, group)[0]
    if group.mood != "finite":
        return shared_subject(scene, group)
    at = _skip_adverbs(scene, group.first)
    if scene.low(at - 1) == "qui" or (scene.low(at - 1) == "," and _relative(scene, at)):
        return antecedent(scene, at - 1) if scene.low(at - 1) == "qui" else _before(scene, at)
    return _before(scene, at) or _shared_if_joined(scene, group, at)


def _relative(scene: Scene, at: int) -> bool:
    return scene.low(at - 2) == "qui"


def _skip_adverbs(scene: Scene, at: int) -> int:
    rules = scene.rules
    while at > 1 and (is_adverb(scene.low(at - 1), rules) or scene.low(at - 1) in rules.words["times"]):
        at -= 1
    return at


def _inverted_pronoun(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    for index in range(group.first, group.last + 1):
        token = scene.tokens[index]
        _, pronoun = split_inversion(token.low)
        if pronoun:
            known = pronoun in scene.rules.words["subject_pronouns"]
            return NounPhrase(
                index, index, pronoun, (token.end - len(pronoun), token.end), "pronoun" if known else "nobody",
                gender="f" if pronoun.startswith("elle") else "m", plural=pronoun.endswith("s"),
            )  # fmt: skip
    return None


def _before(scene: Scene, end: int) -> NounPhrase | None:
    """The noun phrase that ends where the verb begins, insertions between commas aside: the leftmost that fits."""
    low = max(0, end - _REACH)
    quote = scene.tokens[end].quote if end < len(scene.tokens) else -1
    for strictly in (True, False):
        for start in range(low, end):
            if scene.tokens[start].quote != quote or not _may_begin(scene, start, strictly=strictly):
                continue
            phrase = read_phrase(scene.tokens, start, end, scene.rules, strict=True)
            if phrase is None or not _reaches(scene, phrase, end):
                phrase = read_phrase(scene.tokens, start, end, scene.rules, strict=False)
            if phrase is not None and _reaches(scene, phrase, end):
                return phrase
    return None


def _may_begin(scene: Scene, start: int, *, strictly: bool) -> bool:
    token, words = scene.tokens[start], scene.rules.words
    if token.kind not in "wn" or token.low in words["prepositions"] or is_adverb(token.low, scene.rules):
        return False
    before = scene.low(start - 1)
    if start == 0 or scene.kind(start - 1) in "poc" or before in words["openers"] or before in words["times"]:
        return before not in {"(", "'"} and _looks_nominal(scene, start)
    if strictly:
        return False
    barred = before in words["prepositions"] or before in words["linkers"] or before in words["determiners"]
    return (not barred and not scene.tokens[start - 1].capital and _looks_nominal(scene, start)) or (
        token.low in words["determiners"] and scene.tokens[start - 1].kind == "w" and not barred
    )


def _looks_nominal(scene: Scene, start: int) -> bool:
    token, rules = scene.tokens[start], scene.rules
    lists = ("determiners", "latter", "subject_pronouns", "nobody", "civilities")
    if token.capital or token.kind == "n" or token.low in {"celui", "celle", "d'"}:
        return True
    noun = token.low in rules.people or token.low in rules.plural_people
    return noun or any(token.low in rules.words[name] for name in lists)


def _reaches(scene: Scene, phrase: NounPhrase, end: int) -> bool:
    at = phrase.last + 1
    if at == end:
        return True
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
        if token.kind not in "wn" or not _looks_nominal(scene, start) or before in scene.rules.words["linkers"]:
            continue
        phrase = read_phrase(scene.tokens, start, end, scene.rules, strict=True)
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
        found = find_subject(scene, other) or after_verb(scene, other)[0]
        if found:
            return found
    return main_subject(scene, group.first)


def following_subject(scene: Scene, group: VerbGroup) -> tuple[NounPhrase | None, int]:
    """« Estimant que …, le maire a … »: the subject of the main clause, and the index of the comma before it."""
    for at in range(group.last + 1, len(scene.tokens) - 2):
        if scene.low(at) != "," or scene.tokens[at].quote >= 0 or not _looks_nominal(scene, at + 1):
            continue
        phrase = read_phrase(scene.tokens, at + 1, len(scene.tokens), scene.rules, strict=True)
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
        phrase = read_phrase(scene.tokens, start, end, scene.rules, strict=True)
        if phrase is None or phrase.kind in {"other", "nobody"}:
            continue
        after = phrase.last + 1
        if phrase.kind == "name" and start == 0 and not scene.has_finite(after, after + 3):
            continue
        if scene.kind(after) == "w" or (scene.low(after) in {",", ":"} and phrase.can_speak):
            return phrase
    return None


def after_verb(scene: Scene, group: VerbGroup) -> tuple[NounPhrase | None, int]:
    """The inverted subject after the verb and its complements, and the index after it."""
    if group.pronoun:
        return _inverted_pronoun(scene, group), group.last + 1
    at = skip_complements(scene, group.last + 1)
    if at >= len(scene.tokens) or scene.tokens[at].kind not in "wn":
        return None, at
    if not _looks_nominal(scene, at):
        return None, at
    phrase = read_phrase(scene.tokens, at, len(scene.tokens), scene.rules, strict=True)
    return phrase, (phrase.last + 1 if phrase else at)


def skip_complements(scene: Scene, at: int) -> int:
    """Past adverbs, times, « à l'AFP », « dans un entretien au Soir », and the commas around them."""
    tokens, rules = scene.tokens, scene.rules
    limit = min(len(tokens), at + 24)
    while at < limit:
        low = tokens[at].low
        if (
            is_adverb(low, rules)
            or low in rules.words["times"]
            or (tokens[at].kind == "n" and scene.low(at + 1) in rules.words["times"])
        ):
            at += 1
        elif low == "ce" and scene.low(at + 1) in rules.words["times"]:
            at += 2
        elif low in {"avant", "après", "sans", "afin"} and scene.low(at + 1) in {"de", "d'", "avoir", "que", "qu'"}:
            break
        elif low in rules.words["prepositions"]:
            at = max(at + 1, extent(tokens, at + 1, limit, rules, strict=True) + 1)
        elif (
            low == ","
            and scene.low(at + 1) not in {"avant", "après", "sans", "pour", "selon"}
            and (scene.low(at + 1) in rules.words["prepositions"] or scene.low(at + 1) in rules.words["times"])
        ) or (low == "," and at > 0 and _closes_insertion(scene, at)):
            at += 1
        else:
            break
    return at


def _closes_insertion(scene: Scene, at: int) -> bool:
    """Whether the comma ends what « a déclaré, lundi, le ministre » put between."""
    return any(scene.low(back) == "," for back in range(max(0, at - 10), at)) and (
        scene.low(at - 1) in scene.rules.words["times"] or scene.tokens[at - 1].capital
    )
