"""P5–P9: dit vouloir, promet de publier, accuse X d'avoir saboté, se dit « prêt », dénonce « une manœuvre »."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.statements.auxiliaries import is_adverb
from bot.domain.statements.clause_end import content_end
from bot.domain.statements.inversion import skip_complements
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.phrases import extent
from bot.domain.statements.scene import Draft, Scene, content, quoted_words, with_marks
from bot.domain.statements.subjects import find_subject
from bot.domain.statements.verbs import VerbGroup

# What may be left out before « prêt »; « peu surpris » may not.
_PLAIN_ADVERBS = frozenset({"également", "aussi", "toutefois", "cependant", "néanmoins", "pourtant", "ainsi", "alors"})
_TURNS = frozenset({"mais", "or", "tandis", "alors"})
_WORDS = 3  # words in quotation marks that make a noun object a statement
_PRONOUNS = frozenset(
    [
        "se",
        "s'",
        "le",
        "la",
        "l'",
        "les",
        "lui",
        "leur",
        "y",
        "en",
        "ne",
        "n'",
        "pas",
        "plus",
        "rien",
        "jamais",
        "tout",
        "me",
        "m'",
    ]
)  # what may stand before an infinitive


def infinitives(scene: Scene) -> Iterator[Draft]:
    """Reported infinitives, promises, accusations, adjectives after se dire, and noun objects that hold a quote."""
    for group in scene.verbs:
        if group.quote >= 0 or group.passive or group.object or group.tense in {"future", "subjunctive"}:
            continue
        joined = (
            group.mood == "participle" and scene.low(group.first - 1) in {"et", ","} and group.verb.frames & {"x", "n"}
        )
        if not (group.mood in {"finite", "gerund"} or joined) or (group.tense == "conditional" and not group.hearsay):
            continue
        for draft in (
            _bare(scene, group),
            _linked(scene, group),
            _accused(scene, group),
            _adjective(scene, group),
            _nominal(scene, group),
        ):
            if draft:
                yield draft
                break


def infinitive_at(scene: Scene, at: int) -> bool:
    """Whether an infinitive group begins there: vouloir, ne pas vouloir, l'avoir vu."""
    while at < len(scene.tokens) and (scene.low(at) in _PRONOUNS or is_adverb(scene.low(at), scene.rules)):
        at += 1
    low = scene.low(at)
    return (
        scene.kind(at) == "w" and len(low) > 3 and low.endswith(("er", "ir", "re", "oir"))  # noqa: PLR2004 - not « mer »
        and low not in scene.rules.words["not_infinitives"] and not scene.tokens[at].capital
    )  # fmt: skip


def _subject(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    phrase = find_subject(scene, group)
    return phrase if phrase is not None and phrase.kind not in {"nobody", "other"} else None


def _make(scene: Scene, group: VerbGroup, pattern: str, start: int, connector: str = "") -> Draft | None:
    phrase = _subject(scene, group)
    pieces = content(scene, scene.chars(start, _before_turn(scene, start, content_end(scene, group, start))))
    if phrase is None or not pieces:
        return None
    sieve = 9 if pattern in {"P8", "N"} else 5
    return Draft(
        pattern, sieve, with_marks(scene, pieces), scene.cue(group), "infinitive", phrase,
        group.verb, group, connector=connector,
    )  # fmt: skip


def _before_turn(scene: Scene, start: int, end: int) -> int:
    """« se dit prêt, mais la date reste à fixer »: an infinitive or adjective ends where another clause begins."""
    for at in range(start + 1, end - 2):
        turns = scene.low(at) == "," and scene.low(at + 1) in _TURNS and scene.tokens[at].quote < 0
        if turns and scene.has_finite(at + 2, end):
            return at
    return end


def _bare(scene: Scene, group: VerbGroup) -> Draft | None:
    if "i" not in group.verb.frames:
        return None
    at = group.last + 1
    while is_adverb(scene.low(at), scene.rules) or scene.low(at) in scene.rules.words["times"]:
        at += 1
    if scene.low(at) in scene.rules.words["prepositions"] and infinitive_at(scene, skip_complements(scene, at)):
        at = skip_complements(scene, at)  # « a annoncé dans un communiqué avoir ouvert une enquête »
    if scene.kind(at) == "o" and infinitive_at(scene, at + 1):
        return _make(scene, group, "P5", at)
    return _make(scene, group, "P5", at) if infinitive_at(scene, at) else None


def _linked(scene: Scene, group: VerbGroup) -> Draft | None:
    """P6, P8: promettre de, s'engager à, appeler … à."""
    if "d" not in group.verb.frames or group.mood == "gerund":
        return None
    start = group.last + 1
    for at in range(start, min(len(scene.tokens), start + 14)):
        low = scene.low(at)
        if low in {"que", "qu'", "qui", ":", ";", "dont", "si"} or scene.kind(at) in "oc":
            return None
        quoted = scene.kind(at + 1) == "o"
        if low in {"de", "d'", "à"} and infinitive_at(scene, at + 1 + quoted):
            told = at > skip_complements(scene, start)
            if told and group.verb.lemma in {"promettre", "menacer", "s'engager", "jurer"} and at - start > 4:  # noqa: PLR2004
                return None
            draft = _make(scene, group, "P8" if told else "P6", at + 1, scene.tokens[at].text)
            # « a demandé à l'armée de … »: who is told stays with the cue
            kept = told or scene.low(start) in {"à", "au", "aux"}
            return replace(draft, cue=scene.chars(group.first, at)) if draft and kept else draft
    return None


def _accused(scene: Scene, group: VerbGroup) -> Draft | None:
    """P7: the accused and the deed."""
    if "x" not in group.verb.frames:
        return None
    start = group.last + 1
    for at in range(start, min(len(scene.tokens), start + 26)):
        if scene.low(at) in {"de", "d'"} and (
            infinitive_at(scene, at + 1) or (scene.kind(at + 1) == "o" and infinitive_at(scene, at + 2))
        ):
            return _make(scene, group, "P7", start)
    return None


def _adjective(scene: Scene, group: VerbGroup) -> Draft | None:
    if "a" not in group.verb.frames:
        return None
    at = group.last + 1
    while scene.low(at) in _PLAIN_ADVERBS:
        at += 1
    if scene.kind(at) == "o" or (
        scene.kind(at) == "w" and not scene.tokens[at].capital and scene.low(at) not in scene.rules.words["determiners"]
        and scene.low(at) not in {"que", "qu'"} and scene.low(at) not in {"victime", "candidat"}
    ):  # fmt: skip
        return _make(scene, group, "P9", at)
    return None


def _nominal(scene: Scene, group: VerbGroup) -> Draft | None:
    """A noun object that holds words of the speaker's own."""
    if "n" not in group.verb.frames:
        return None
    start = group.last + 1
    if scene.low(start) in {"que", "qu'", ":"} or start >= len(scene.tokens):
        return None
    stop = _object_end(scene, group, start)
    pieces = content(scene, scene.chars(start, stop))
    if not pieces or quoted_words(scene, pieces) < _WORDS:
        return None
    phrase = _subject(scene, group)
    if phrase is None:
        return None
    return Draft(
        "N",
        9,
        with_marks(scene, pieces),
        scene.cue(group),
        "infinitive",
        phrase,
        group.verb,
        group,
    )


def _object_end(scene: Scene, group: VerbGroup, start: int) -> int:
    """The object ends with its last quote, or where its words end after that."""
    end = content_end(scene, group, start)
    last = start
    at = start
    while at < end:
        if scene.kind(at) == "o":
            at = last = scene.after_quote(at)
        else:
            at += 1
    tail = (
        extent(scene.tokens, last, end, scene.rules, strict=True) + 1
        if last < end and scene.kind(last) == "w" and scene.low(last) not in {"ce", "cet", "cette", "ces"}
        else last
    )
    return max(last, tail)
