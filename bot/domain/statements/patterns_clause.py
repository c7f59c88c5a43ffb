"""P1–P4, P10–P14, P16, P18, P19: a verb of speech and its que-clause."""

from collections.abc import Iterator

from bot.domain.statements.auxiliaries import finite_after, is_adverb
from bot.domain.statements.clause_end import content_end
from bot.domain.statements.inversion import after_verb, skip_complements
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.scene import Draft, Scene, content, with_marks
from bot.domain.statements.subjects import find_subject, same_speaker
from bot.domain.statements.verbs import VerbGroup

_QUE = frozenset({"que", "qu'"})
_DEFINITE = frozenset({"le", "la", "les", "l'", "ses", "son", "sa", "leurs", "leur", "des", "un", "une"})
_REACH = 26  # tokens between the verb and its que


def clauses(scene: Scene) -> Iterator[Draft]:
    """Every reported clause after que."""
    for group in scene.verbs:
        if not _may_open(scene, group):
            continue
        que = find_que(scene, group)
        if que < 0:
            continue
        phrase = _subject(scene, group)
        if phrase is None or phrase.kind == "nobody":
            continue
        if group.verb.strength == "C" and phrase.kind in {"other", "document"}:
            continue
        start = que + 1
        if scene.low(start) == ":":
            start += 1
        pieces = content(scene, scene.chars(start, content_end(scene, group, start)))
        if not pieces:
            continue
        pattern = "P11" if group.mood == "gerund" else "P12" if group.mood == "infinitive" else "P1"
        noun = scene.low(que - 1) in scene.rules.words["with_que"]  # a émis l'espoir que
        cue = scene.chars(group.first, que) if noun else scene.cue(group)
        yield Draft(
            pattern, 4, with_marks(scene, pieces), cue, "clause", phrase, group.verb, group,
            connector=scene.tokens[que].text,
        )  # fmt: skip


def _may_open(scene: Scene, group: VerbGroup) -> bool:
    if group.quote >= 0 or group.passive or group.tense in {"future", "subjunctive"}:
        return False
    frames = group.verb.frames
    if "q" not in frames and not _noun_follows(scene, group):
        return False
    if group.mood == "infinitive":
        return _free_infinitive(scene, group)
    if group.mood == "participle":
        return scene.low(group.first - 1) in {"et", ","} and any(
            g.first < group.first and g.mood == "finite" for g in scene.verbs
        )
    return not (group.tense == "conditional" and not group.hearsay)


def _noun_follows(scene: Scene, group: VerbGroup) -> bool:
    return any(scene.low(i) in scene.rules.words["with_que"] for i in range(group.last + 1, group.last + 5))


def _free_infinitive(scene: Scene, group: VerbGroup) -> bool:
    """P12: « Et d'ajouter que », « avant de préciser que », « pour affirmer que »."""
    before, further = scene.low(group.first - 1), scene.low(group.first - 2)
    return (before in {"d'", "de"} and further in {"et", "avant"}) or (before == "pour" and further != "")


def _subject(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    if group.object:
        return None
    phrase = find_subject(scene, group)
    if phrase is None and group.mood == "infinitive":
        return same_speaker(scene, group)
    if phrase is None and group.mood == "finite" and scene.low(group.first - 1) in {"comme", "que", ","}:
        phrase = after_verb(scene, group)[0]
    return phrase


def restrictive(scene: Scene, group: VerbGroup) -> bool:
    """« ne prévoit que »: only, no reported clause."""
    return not group.negated and any(scene.low(at) in {"ne", "n'"} for at in range(group.first, group.main))


def find_que(scene: Scene, group: VerbGroup) -> int:
    """The index of the que that belongs to the verb, -1 where another word comes first."""
    if restrictive(scene, group):
        return -1
    words = scene.rules.words
    at = group.last + 1
    limit = min(len(scene.tokens), at + _REACH)
    crossed = set(finite_after(scene.tokens, at, limit, scene.rules))
    while at < limit:
        low = scene.low(at)
        if scene.tokens[at].quote >= 0 or low in {";", ":"} or at in crossed:
            return -1
        if low in _QUE:
            before = scene.low(at - 1)
            allowed = at == group.last + 1 or before not in words["not_before_que"]
            return at if allowed and _opens_clause(scene, group, at) else -1
        if low in {"qui", "dont", "où", "lequel", "laquelle", "si"} or any(
            g.first == at for g in scene.verbs if g.mood in {"finite", "gerund"}
        ):
            return -1
        at += 1
    return -1


def _opens_clause(scene: Scene, group: VerbGroup, que: int) -> bool:
    """Whether what stands between verb and que leaves que to the verb, not to a noun: a salué l'offre que."""
    gap = range(group.last + 1, que)
    if not gap:
        return True
    words = scene.rules.words
    first = scene.low(gap[0])
    noun = scene.low(que - 1)
    if noun in words["with_que"]:
        return True
    if _object_between(scene, group, que):
        return False
    if (
        first in words["prepositions"] or first in words["times"] or is_adverb(first, scene.rules)
        or first in {",", "(", "-", "–"} or scene.kind(gap[0]) == "n" or first in words["negations"]
    ):  # fmt: skip
        return True
    if first == "ce" and scene.low(gap[0] + 1) in words["times"]:
        return True
    return "p" in group.verb.frames or (scene.tokens[gap[0]].capital and len(gap) <= 3)  # noqa: PLR2004 - assure Paul Roche que


def _object_between(scene: Scene, group: VerbGroup, que: int) -> bool:
    """« a rappelé lundi les objectifs, qu'un gouvernement … »: the noun has the que, not the verb."""
    at = skip_complements(scene, group.last + 1)
    return at < que - 1 and scene.low(que - 1) == "," and scene.low(at) in _DEFINITE and "p" not in group.verb.frames
