"""P13, P18, P20, I11 and « dixit »: ways of reporting that are neither clause, incise nor selon."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.statements.inversion import after_verb
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.scene import Draft, Scene, content, with_marks
from bot.domain.statements.subjects import find_subject
from bot.domain.statements.verbs import VerbGroup

_QUE = frozenset({"que", "qu'"})
_OF = frozenset({"de", "du", "des", "d'"})
_REACH = 12  # tokens between a noun of speech and « selon lesquels », or a passive and its agent


def others(scene: Scene) -> Iterator[Draft]:
    """Every statement of the rarer forms."""
    words = scene.words
    for group in scene.verbs:
        if group.quote >= 0 or group.mood != "finite" or group.tense in {"future", "subjunctive"}:
            continue
        for draft in (_like(scene, group), _which(scene, group), _by_agent(scene, group), _whether(scene, group)):
            if draft:
                yield draft
                break
    if "dixit" in words:
        yield from _dixit(scene)
    if not words.isdisjoint({"lesquels", "lesquelles", "lequel", "laquelle"}):
        yield from _according_to_which(scene)
    if not words.isdisjoint(scene.rules.words["sources"]):
        yield from _from_source(scene)


def _like(scene: Scene, group: VerbGroup) -> Draft | None:
    """P13: « Comme l'a rappelé la juge, C », « C, comme le souligne la juge »."""
    lead = group.first - 1
    if scene.low(lead) == "que" and scene.low(lead - 1) == "ainsi":
        lead -= 1
    elif scene.low(lead) != "comme":
        return None
    if not group.object or "q" not in group.verb.frames:
        return None
    phrase, end = after_verb(scene, group)
    if phrase is None or not (phrase.can_speak or phrase.kind == "name"):
        return None
    if lead <= 1 and scene.low(end) == ",":
        span = scene.chars(end + 1, len(scene.tokens))
    elif scene.low(lead - 1) == "," and (end >= len(scene.tokens) or scene.kind(end) == "p"):
        span = scene.chars(0, lead)
    else:
        return None
    return _draft(scene, "P13", (span,), (lead, group.last + 1), phrase, group)


def _which(scene: Scene, group: VerbGroup) -> Draft | None:
    """I11: « C, ce que confirme la préfecture », « C, ce qu'a démenti le maire »."""
    que = group.first - 1
    if scene.low(que) not in _QUE or scene.low(que - 1) != "ce" or scene.low(que - 2) != ",":
        return None
    if not group.verb.frames & {"q", "o"} or group.verb.strength == "C":
        return None
    phrase, end = after_verb(scene, group)
    if phrase is None or not phrase.can_speak or scene.kind(end) == "w":
        return None
    draft = _draft(scene, "I11", (scene.chars(0, que - 2),), (que - 1, group.last + 1), phrase, group)
    return replace(draft, frame="incise") if draft else None


def _by_agent(scene: Scene, group: VerbGroup) -> Draft | None:
    """P20: « Il a été annoncé par la préfecture que C »."""
    if not group.passive or "q" not in group.verb.frames or scene.low(group.last + 1) != "par":
        return None
    phrase = scene.phrase(group.last + 2, len(scene.tokens))
    if phrase is None or not phrase.can_speak:
        return None
    que = next((at for at in range(phrase.last + 1, phrase.last + _REACH) if scene.low(at) in _QUE), -1)
    if que < 0 or any(scene.kind(at) == "p" for at in range(phrase.last + 1, que)):
        return None
    pieces = content(scene, scene.chars(que + 1, len(scene.tokens)))
    return Draft(
        "P20", 4, with_marks(scene, pieces), scene.cue(group), "clause", phrase, group.verb, group,
        connector=scene.tokens[que].text,
    ) if pieces else None  # fmt: skip


def _whether(scene: Scene, group: VerbGroup) -> Draft | None:
    """« s'est demandé si C »: a question in the reporter's words."""
    at = group.last + 1
    if group.verb.lemma not in scene.rules.words["asking"] or scene.low(at) not in {"si", "s'"} or group.passive:
        return None
    phrase = find_subject(scene, group)
    pieces = content(scene, scene.chars(at + 1, len(scene.tokens)))
    if phrase is None or phrase.kind in {"nobody", "other"} or not pieces:
        return None
    return Draft(
        "P1", 4, with_marks(scene, pieces), scene.cue(group), "clause", phrase, group.verb, group,
        connector=scene.tokens[at].text, question=True,
    )  # fmt: skip


def _dixit(scene: Scene) -> Iterator[Draft]:
    """A4: « C, dixit le maire »."""
    for at in range(2, len(scene.tokens) - 1):
        if scene.low(at) == "dixit" and scene.low(at - 1) == "," and scene.tokens[at].quote < 0:
            phrase = scene.phrase(at + 1, len(scene.tokens))
            if phrase and (phrase.can_speak or phrase.kind == "name"):
                pieces = content(scene, scene.chars(0, at - 1))
                if pieces:
                    yield Draft("A", 6, with_marks(scene, pieces), scene.chars(at, at + 1), "incise", phrase)


def _according_to_which(scene: Scene) -> Iterator[Draft]:
    """P18: « les propos du pape selon lesquels C »."""
    nouns = scene.rules.words["with_colon"] | scene.rules.words["with_que"] | scene.rules.words["documents"]
    for at in range(3, len(scene.tokens) - 2):
        if scene.low(at) != "selon" or scene.low(at + 1) not in {"lesquels", "lesquelles", "lequel", "laquelle"}:
            continue
        for noun in range(at - 2, max(0, at - _REACH), -1):
            if scene.low(noun) in nouns and scene.low(noun + 1) in _OF:
                contracted = scene.low(noun + 1) in {"du", "des"}
                phrase = scene.phrase(noun + 2, at)
                pieces = content(scene, scene.chars(at + 2, len(scene.tokens)))
                if phrase and phrase.can_speak and phrase.last == at - 1 and pieces:
                    article = {"du": "le ", "des": "les "}.get(scene.low(noun + 1), "") if contracted else ""
                    phrase = replace(phrase, text=article + phrase.text)
                    yield Draft("P18", 6, with_marks(scene, pieces), scene.chars(at, at + 2), "according-to", phrase)
                break


def _from_source(scene: Scene) -> Iterator[Draft]:
    """A4: « De source policière, C »."""
    if scene.low(0) != "de" or scene.low(1) not in scene.rules.words["sources"]:
        return
    phrase = scene.phrase(1, len(scene.tokens))
    if phrase and scene.low(phrase.last + 1) == ",":
        pieces = content(scene, scene.chars(phrase.last + 2, len(scene.tokens)))
        if pieces:
            yield Draft("A", 6, with_marks(scene, pieces), scene.chars(0, 1), "according-to", phrase, according=True)


def _draft(
    scene: Scene, pattern: str, spans: tuple[tuple[int, int], ...], cue: tuple[int, int], phrase: NounPhrase,
    group: VerbGroup,
) -> Draft | None:  # fmt: skip
    pieces = content(scene, *spans)
    if not pieces:
        return None
    return Draft(pattern, 5, with_marks(scene, pieces), scene.chars(*cue), "according-to", phrase, group.verb, group)
