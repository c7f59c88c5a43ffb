"""P1–P4, P10–P14, P16, P18, P19: a verb of speech and its que-clause."""

from collections.abc import Iterator

from bot.domain.statements.auxiliaries import finite_after, is_adverb, split_inversion
from bot.domain.statements.scene import Draft, Scene, content, with_marks
from bot.domain.statements.speakers import NounPhrase
from bot.domain.statements.subjects import after_verb, find_subject, following_subject, same_speaker
from bot.domain.statements.verbs import VerbGroup

_QUE = frozenset({"que", "qu'"})
_AND = frozenset({"et", "mais", "puis"})
_ANSWER = 7  # tokens of a short answer: « , le Kremlin dément »
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
            g.first == at for g in scene.verbs if g.mood == "finite"
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
    if (
        first in words["prepositions"] or first in words["times"] or is_adverb(first, scene.rules)
        or first in {",", "(", "-", "–"} or scene.kind(gap[0]) == "n" or first in words["negations"]
    ):  # fmt: skip
        return True
    if first == "ce" and scene.low(gap[0] + 1) in words["times"]:
        return True
    return "p" in group.verb.frames or (scene.tokens[gap[0]].capital and len(gap) <= 3)  # noqa: PLR2004 - assure Paul Roche que


def content_end(scene: Scene, group: VerbGroup, start: int) -> int:
    """The index after the content that begins at `start`: the sentence, unless the next cue comes first."""
    for other in scene.verbs:
        if other.first > group.last and other.first >= start and other.quote < 0:
            cut = _sibling(scene, other)
            if cut > start:
                return cut
    if group.mood == "gerund" and group.first <= 1:
        return max(start, following_subject(scene, group)[1])
    if scene.headline and (cut := _answer(scene, start)):
        return cut
    spoken = _own_auxiliary(scene, group)
    quoted = False
    for at in range(start, len(scene.tokens)):
        quoted = quoted or scene.kind(at) == "c"
        if scene.tokens[at].quote < 0 and (cut := _journalist(scene, at, spoken, quoted=quoted)) > start:
            return cut
    return len(scene.tokens)


def _answer(scene: Scene, start: int) -> int:
    """« X assure que C, Téhéran dément »: the comma before somebody else's short answer at the end of a title."""
    for at in range(len(scene.tokens) - 2, max(start, len(scene.tokens) - _ANSWER), -1):
        if scene.low(at) == "," and any(g.first > at and g.mood == "finite" for g in scene.verbs):
            return at
    return 0


def _journalist(scene: Scene, at: int, spoken: str, *, quoted: bool) -> int:
    """The index where the journalist's own words begin, if they do at the token; else 0."""
    low = scene.low(at)
    if spoken and low in _AND and _resumes(scene, at, spoken):
        return at - (scene.low(at - 1) == ",")
    if low == "," and scene.low(at + 1) == "alors" and quoted:
        return at
    if low == "," and scene.low(at + 1) == "selon":
        named = scene.low(at + 2) not in scene.rules.words["never"]
        return at if named and _last_comma(scene, at) else 0
    return at if low == ":" and scene.kind(at + 1) == "o" else 0


def _own_auxiliary(scene: Scene, group: VerbGroup) -> str:
    """« a » or « ont » where the cue, or the verb that a participle leans on, is in the compound past."""
    for at in range(group.main, -1, -1):
        low, _ = split_inversion(scene.low(at))
        if low in {"a", "ont"} and scene.tokens[at].quote < 0:
            return low
        if group.mood == "finite" and at < group.first:
            return ""
    return ""


def _resumes(scene: Scene, at: int, auxiliary: str) -> bool:
    """« … et a demandé … »: the speaker's next deed, for no subject stands between and the tense is the cue's."""
    follow = at + 1
    while is_adverb(scene.low(follow), scene.rules) or scene.low(follow) in {"s'", "l'", "y", "en", "lui", "leur"}:
        follow += 1
    return scene.low(follow) == auxiliary and scene.tokens[at].quote < 0


def _last_comma(scene: Scene, at: int) -> bool:
    return not any(scene.low(i) == "," for i in range(at + 1, len(scene.tokens)))


def _sibling(scene: Scene, other: VerbGroup) -> int:
    """Where the content before another cue of the same speaker ends; 0 if that verb is inside the content."""
    before = scene.low(other.first - 1)
    follows = (
        scene.low(other.last + 1) in _QUE
        or scene.low(other.last + 1) in {":", "de", "d'"}
        or scene.kind(other.last + 1) == "o"
    )
    if other.mood == "gerund" and before in {",", "en", "tout", "et"}:
        cut = other.first - 1
        while cut > 0 and scene.low(cut - 1) in {"tout", ",", "en", "et"}:
            cut -= 1
        return cut
    if other.pronoun and before == ",":
        return other.first - 1
    if other.mood == "infinitive" and before in {"de", "d'"} and scene.low(other.first - 2) == "avant":
        return other.first - 2 - (scene.low(other.first - 3) == ",")
    if follows and before in {"et", "puis"} and other.mood in {"finite", "participle"} and other.verb.strength != "C":
        return other.first - 1 - (scene.low(other.first - 2) == ",")
    return 0
