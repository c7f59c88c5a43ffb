"""P15, P17: a quote after a colon, or straight after its verb."""

from collections.abc import Iterator

from bot.domain.statements.inversion import after_verb
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.patterns_clause import find_que
from bot.domain.statements.patterns_infinitive import infinitive_at
from bot.domain.statements.scene import Draft, Scene, Span, content, with_marks
from bot.domain.statements.subjects import find_subject, main_subject, same_speaker
from bot.domain.statements.verbs import VerbGroup

_QUE = frozenset({"que", "qu'"})
_GAP = 6
_WORDS = 3  # a shorter quote after a verb is no speech of its own


def introduced_quotes(scene: Scene) -> Iterator[Draft]:
    """Quotes that their verb, a colon or a noun of speech announces."""
    seen: set[int] = set()
    for index, token in enumerate(scene.tokens if scene.own else ()):
        if token.kind != "o" or token.quote in seen:
            continue
        seen.add(token.quote)
        colon = scene.low(index - 1) == ":"
        draft = _after_colon(scene, index) if colon else _after_verb(scene, index)
        if draft:
            yield draft


def _spoken(scene: Scene, index: int) -> tuple[Span, ...]:
    """The quote, and one that is tied to it by a mere conjunction."""
    end = scene.after_quote(index)
    return content(scene, (scene.tokens[index].start, scene.tokens[end - 1].end))


def _after_colon(scene: Scene, index: int) -> Draft | None:
    group = _last_verb(scene, index - 1)
    pieces = _spoken(scene, index)
    if (
        group is not None
        and scene.low(index - 2) not in _QUE
        and (said := find_que(scene, group)) >= 0
        and said < index - 2
    ):
        return _colon_after_clause(scene, index, group, pieces)
    if group is not None and scene.low(index - 2) not in _QUE:
        if _about_the_subject(scene, index, group):
            return None
        phrase = _inverted_before(scene, index - 1, group) or find_subject(scene, group)
        if phrase is None and group.mood == "infinitive":
            phrase = same_speaker(scene, group)
        elif phrase is None and group.first > 0:
            phrase = after_verb(scene, group)[0]
        if phrase is not None and phrase.kind != "nobody":
            return Draft(
                "P15", 2, pieces, scene.cue(group), "quote", phrase, group.verb, group,
                question="question" in group.verb.flags,
            )  # fmt: skip
    return _without_verb(scene, index, pieces)


def _inverted_before(scene: Scene, colon: int, group: VerbGroup) -> NounPhrase | None:
    """« …, mais, répond Paul Roche : « … » »: the subject stands between its verb and the colon."""
    if group.first and scene.low(group.first - 1) != ",":
        return None
    phrase, end = after_verb(scene, group)
    return phrase if phrase is not None and end == colon and phrase.can_speak else None


def _about_the_subject(scene: Scene, index: int, group: VerbGroup) -> bool:
    """« X propose un gel : « Il veut nous affamer » »: in a title somebody else says that of X."""
    third = scene.low(index + 1) in scene.rules.words["subject_pronouns"]
    return scene.headline and third and group.last < index - 2


def _colon_after_clause(scene: Scene, index: int, group: VerbGroup, pieces: tuple[Span, ...]) -> Draft | None:
    """« a précisé que C : « Q » »: the quote goes on what the clause said."""
    phrase = find_subject(scene, group)
    if phrase is None or phrase.kind == "nobody":
        return None
    return Draft("C", 8, pieces, (scene.tokens[index - 1].start, scene.tokens[index - 1].end), "quote", phrase)


def _last_verb(scene: Scene, colon: int) -> VerbGroup | None:
    """The verb that the colon closes: the last one before it outside quotes."""
    for group in reversed(scene.verbs):
        if (
            group.last < colon
            and group.quote < 0
            and not group.passive
            and group.tense not in {"future", "subjunctive"}
        ):
            if group.mood == "participle" and scene.low(group.first - 1) not in {"et", ","}:
                continue
            return group
        if group.last < colon and group.quote >= 0:
            continue
    return None


def _without_verb(scene: Scene, index: int, pieces: tuple[Span, ...]) -> Draft | None:
    """« X, sur Y : « … » », « Réaction de X : « … » », « X a défendu sa décision : « … » »."""
    colon = index - 1
    if len(scene.text[pieces[0][0] : pieces[-1][1]].split()) < _WORDS if pieces else True:
        return None
    noun = _speech_noun(scene, colon)
    phrase = noun or main_subject(scene, colon)
    if phrase is None or phrase.kind not in {"person", "role", "body", "pronoun", "name"}:
        return None
    if phrase.kind == "name" or (scene.headline and phrase.kind == "body"):
        return None
    return Draft("P15n", 8, pieces, (scene.tokens[colon].start, scene.tokens[colon].end), "quote", phrase)


def _speech_noun(scene: Scene, colon: int) -> NounPhrase | None:
    for at in range(max(0, colon - 12), colon):
        if scene.low(at) in scene.rules.words["with_colon"] and scene.low(at + 1) in {"de", "du", "des", "d'"}:
            start = at + 1 if scene.low(at + 1) in {"du", "des"} else at + 2
            phrase = scene.phrase(start, colon, strict=False)
            if phrase is None and scene.low(at + 1) in {"du", "des"}:
                phrase = scene.phrase(at + 2, colon, strict=False)
            if phrase and phrase.can_speak:
                return phrase
    return None


def _after_verb(scene: Scene, index: int) -> Draft | None:
    """P17: « a déclaré « Je reste » »: no colon, no que."""
    group = next((g for g in reversed(scene.verbs) if g.last < index and g.quote < 0), None)
    if group is None or group.passive or not group.verb.frames & {"o", "q"} or group.tense in {"future", "subjunctive"}:
        return None
    if not _adjoins(scene, group, index):
        return None
    pieces = _spoken(scene, index)
    phrase = find_subject(scene, group)
    if phrase is None or phrase.kind in {"nobody", "other"}:
        return None
    if not pieces or len(scene.text[pieces[0][0] : pieces[-1][1]].split()) < _WORDS:
        return None
    if scene.low(index + 1) in _QUE:  # « a ajouté « qu'il partirait » »
        return Draft("P17", 2, with_marks(scene, pieces), scene.cue(group), "infinitive", phrase, group.verb, group)
    return Draft("P17", 2, pieces, scene.cue(group), "quote", phrase, group.verb, group)


def _adjoins(scene: Scene, group: VerbGroup, index: int) -> bool:
    """Whether only a few adverbs stand between the verb and the quote, and the quote is a sentence, not an object."""
    gap = range(group.last + 1, index)
    words = scene.rules.words
    if len(gap) > _GAP or any(scene.kind(at) != "w" or scene.low(at) in words["subordinators"] for at in gap):
        return False
    if any(infinitive_at(scene, at) for at in gap):  # « dit avoir pris « toutes les mesures » »
        return False
    if any(scene.low(at) in words["determiners"] or scene.low(at) in {"de", "d'", "à"} for at in gap):
        return False
    first = scene.text[scene.tokens[index].end : scene.tokens[index].end + 3].lstrip()[:1]
    sentence = scene.has_finite(index + 1, scene.after_quote(index))
    # « dénonce « une manœuvre » », « conclure « la semaine prochaine » » are no speech of their own
    return not first.islower() or (sentence and not group.verb.frames & {"n", "a"})
