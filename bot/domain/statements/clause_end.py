"""Where a reported clause ends: at the next cue, or where the journalist speaks again."""

from bot.domain.statements.auxiliaries import is_adverb, split_inversion
from bot.domain.statements.scene import Scene
from bot.domain.statements.subjects import following_subject
from bot.domain.statements.verbs import VerbGroup

_QUE = frozenset({"que", "qu'"})

_ANSWER = 7  # tokens of a short answer: « , le Kremlin dément »
_PAST = frozenset({"present", "past", "imperfect"})  # of the auxiliary, or the verb
_WHILE = frozenset({"alors", "tandis"})
_AND = frozenset({"et", "mais", "puis"})
_TURNING = _AND | {",", ":"}  # where the journalist may speak again


def content_end(scene: Scene, group: VerbGroup, start: int) -> int:
    """The index after the content that begins at `start`: the sentence, unless the next cue comes first."""
    for other in scene.verbs:
        if other.first > group.last and other.first >= start and other.quote < 0:
            cut = _sibling(scene, other) or _other_speaker(scene, other, start)
            if cut > start:
                return cut
    if group.mood == "gerund" and group.first <= 1:
        return max(start, following_subject(scene, group)[1])
    if scene.headline and (cut := _answer(scene, start) or _second_news(scene, start)):
        return cut
    if (cut := _main_clause(scene, group, start) or _contrast(scene, group, start)) > start:
        return cut
    return _before_journalist(scene, group, start)


def _before_journalist(scene: Scene, group: VerbGroup, start: int) -> int:
    """The index where the journalist's own words begin, or the end of the unit."""
    spoken = _own_auxiliary(scene, group)
    quoted = False
    for at in range(start, len(scene.tokens)):
        quoted = quoted or scene.kind(at) == "c"
        token = scene.tokens[at]
        if token.quote < 0 and token.low in _TURNING and (cut := _journalist(scene, at, spoken, quoted=quoted)) > start:
            return cut
    return len(scene.tokens)


def _second_news(scene: Scene, start: int) -> int:
    """« X annonce que la trêve tient, le maire veut partir »: the comma where a title tells something else."""
    if scene.low(start) in {"si", "s'", "quand", "lorsque", "lorsqu'"}:  # « que si rien ne vient, elle partira »
        return 0
    for at in range(start + 2, len(scene.tokens) - 3):
        if scene.low(at) == "," and scene.tokens[at].quote < 0 and scene.has_finite(start, at):
            phrase = scene.phrase(at + 1, len(scene.tokens))
            if (
                phrase
                and phrase.can_speak
                and phrase.kind != "pronoun"
                and scene.has_finite(phrase.last + 1, phrase.last + 2)
            ):
                return at
    return 0


def _main_clause(scene: Scene, group: VerbGroup, start: int) -> int:
    """« Si le maire a assuré que C, le projet … »: the comma where the journalist's main clause begins; else 0."""
    if group.quote >= 0 or not any(scene.low(at) in {"si", "s'"} for at in range(min(2, group.first))):
        return 0
    commas = (at for at in range(start, len(scene.tokens)) if scene.low(at) == "," and scene.tokens[at].quote < 0)
    return next((at for at in commas if _begins_clause(scene, at + 1)), 0)


def _begins_clause(scene: Scene, at: int) -> bool:
    words = scene.rules.words
    nominal = scene.low(at) in words["determiners"] or scene.low(at) in words["subject_pronouns"]
    return (nominal and scene.low(at) not in words["linkers"]) or scene.has_finite(at, len(scene.tokens))


def _contrast(scene: Scene, group: VerbGroup, start: int) -> int:
    """« a dit que le port rouvrirait, mais aucune date n'est fixée »: reported words do not change to the present."""
    if group.tense not in _PAST and group.mood != "gerund":
        return 0
    backshifted = False
    for at in range(start, len(scene.tokens)):
        low = scene.low(at)
        if scene.tokens[at].quote >= 0:
            continue
        if backshifted and low == "," and scene.low(at + 1) == "mais" and group.mood != "gerund":
            return at if _present_first(scene, at + 2) else 0
        if backshifted and low == "et" and group.mood != "gerund" and _own_deed(scene, at + 1):
            return at
        turns = low == "," and scene.low(at + 1) in _WHILE and scene.low(at + 2) in _QUE and at > start
        if turns and ((backshifted and _present_first(scene, at + 3)) or _speaks(scene, at + 3)):
            return at
        backshifted = backshifted or _imperfect(scene, at)
    return 0


def _own_deed(scene: Scene, at: int) -> bool:
    """« a jugé qu'un accord était possible et elle s'est dite prête »: not « et qu'elle »: the journalist's clause."""
    if scene.low(at) not in scene.rules.words["subject_pronouns"]:
        return False
    follow = at + 1 + (scene.low(at + 1) in {"s'", "l'"})
    return scene.rules.auxiliaries.get(scene.low(follow)) == "present"


def _speaks(scene: Scene, at: int) -> bool:
    """Whether somebody who is named there reports something: the other side of what is told."""
    phrase = scene.phrase(at, len(scene.tokens))
    if phrase is None or not phrase.can_speak:
        return False
    return any(group.first == phrase.last + 1 and group.mood == "finite" for group in scene.verbs)


def _imperfect(scene: Scene, at: int) -> bool:
    """Whether the word is in the imperfect or the conditional, as its ending shows; not « le retrait »."""
    low = scene.low(at)
    return low.endswith(("ait", "aient")) and len(low) > 3 and low not in scene.rules.words["nouns_in_ait"]  # noqa: PLR2004 - an ending


def _present_first(scene: Scene, at: int) -> bool:
    """Whether the first finite verb that we know from there on is in the present, or reports somebody's speech."""
    for index in range(at, len(scene.tokens)):
        low, _ = split_inversion(scene.low(index))
        if _imperfect(scene, index):
            return False
        if scene.rules.auxiliaries.get(low) == "present":
            return True
    return False


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
    if low == "," and scene.low(at + 1) == "ce" and scene.low(at + 2) in {"qui", "que", "qu'", "dont"}:
        return at if scene.kind(at - 1) == "c" or any(other.first > at for other in scene.verbs) else 0
    if low == "," and (_resumed(scene, at) or (scene.low(at + 1).endswith("ant") and scene.low(at + 2) == "ainsi")):
        return at  # « …, apportant ainsi son soutien »
    if low == "," and scene.low(at + 1) == "selon":
        named = scene.low(at + 2) not in scene.rules.words["never"]
        return at if named and _last_comma(scene, at) else 0
    return at if low == ":" and scene.kind(at + 1) == "o" else 0


def _resumed(scene: Scene, comma: int) -> bool:
    """« …, une demande que Kiev rejette »: a word that sums up what was said is the journalist's."""
    return (
        scene.low(comma + 1) in {"un", "une"}
        and scene.low(comma + 2) in scene.rules.words["resuming"]
        and any(scene.low(at) in {"que", "qu'", "qui", "dont", "à"} for at in (comma + 3, comma + 4))
    )


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


def _follows(scene: Scene, other: VerbGroup) -> bool:
    """Whether what a verb reports comes after it."""
    low = scene.low(other.last + 1)
    if low == "à":  # « et appelle à la prudence »
        return "d" in other.verb.frames
    return low in _QUE or low in {":", "de", "d'"} or scene.kind(other.last + 1) == "o"


def _other_speaker(scene: Scene, other: VerbGroup, start: int) -> int:
    """« X accuse A d'avoir menti, Y accuse B de … »: the comma before somebody else's own sentence; else 0."""
    words = scene.rules.words
    if other.mood != "finite" or other.pronoun or not (_follows(scene, other) or "x" in other.verb.frames):
        return 0
    opening = scene.low(start)
    if opening == "," or opening in words["subordinators"] or opening in words["prepositions"]:
        return 0  # « que, quand il est venu, le maire a dit que »
    for comma in range(other.first - 1, start + 2, -1):
        if scene.low(comma) == "," and scene.tokens[comma].quote < 0:
            phrase = scene.phrase(comma + 1, other.first)
            whole = phrase is not None and phrase.last == other.first - 1 and phrase.kind not in {"nobody", "other"}
            return comma if whole and scene.low(comma - 1) not in words["linkers"] else 0
    return 0


def _sibling(scene: Scene, other: VerbGroup) -> int:
    """Where the content before another cue of the same speaker ends; 0 if that verb is inside the content."""
    first = other.first
    while other.mood == "gerund" and scene.low(first - 1) in scene.rules.words["clitics"] - {"en", "nous", "vous"}:
        first -= 1  # « …, la qualifiant de »
    before = scene.low(first - 1)
    follows = _follows(scene, other)
    if other.mood == "gerund" and follows and scene.kind(first - 1) == "w" and before not in {"en", "tout", "et"}:
        return first  # the comma is missing: « … à l'étranger ajoutant que »
    if other.mood == "gerund" and before in {",", "en", "tout", "et"}:
        cut = first - 1
        while cut > 0 and scene.low(cut - 1) in {"tout", ",", "en", "et"}:
            cut -= 1
        return cut
    if other.pronoun and before == ",":
        return other.first - 1
    if other.mood == "infinitive" and before in {"de", "d'"} and scene.low(other.first - 2) == "avant":
        return other.first - 2 - (scene.low(other.first - 3) == ",")
    goes_on = follows or "x" in other.verb.frames  # « … et accuse le préfet de … »
    if goes_on and before in {"et", "puis"} and other.mood in {"finite", "participle"} and other.verb.strength != "C":
        return other.first - 1 - (scene.low(other.first - 2) == ",")
    return 0
