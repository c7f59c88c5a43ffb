"""Polarity of a statement, and how sure we are of it: named features, each with its weight."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.domain.model import Polarity
from bot.domain.statements.auxiliaries import is_adverb
from bot.domain.statements.choose import Choice
from bot.domain.statements.entities import Resolved
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.scene import Draft, Scene, quoted_share, quoted_words

# How often each pattern was right, content and speaker together, where the speaker is named in the sentence.
_PATTERN = {
    "I1": 0.95, "I2": 0.9, "I3": 0.85, "I1u": 0.82, "I5": 0.9,
    "P15": 0.93, "P15n": 0.7, "P17": 0.85,
    "P1": 0.93, "P11": 0.85, "P12": 0.7,
    "P13": 0.85, "P18": 0.7, "P20": 0.8, "I11": 0.85,
    "P5": 0.93, "P6": 0.9, "P7": 0.88, "P8": 0.7, "P9": 0.85, "N": 0.82,
    "A": 0.85, "Ac": 0.85, "Aq": 0.85, "C": 0.75, "H": 0.8, "H5": 0.85, "H2": 0.72,
}  # fmt: skip
_LONGEST_NAME = 8
_OWN_WORDS = 3
_COMPLEMENT = frozenset({"par", "de", "du", "des", "d'", "à", "au", "avec", "chez"})
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"))


def polarity_of(draft: Draft) -> Polarity | None:
    """What the statement does with its content; None where the sentence states nothing (« n'a pas dit que »)."""
    group = draft.group
    if group is None or draft.verb is None:
        return "affirmed"
    flags = draft.verb.flags
    if ("negated" in flags) != group.negated:
        return None
    if draft.question or "question" in flags:
        return "question"
    if group.hearsay:
        return "hearsay"
    return "denied" if "denied" in flags else "affirmed"


def confidence_of(scene: Scene, choice: Choice, resolved: Resolved) -> float:
    """What the features say of words and speaker, 0 to 1; `calibrated` makes a probability of it."""
    draft = choice.draft
    value = _PATTERN.get(draft.pattern, 0.7) * (0.4 + 0.6 * resolved.sure)
    phrase = draft.speaker
    if phrase is not None and phrase.kind == "other":
        value *= 0.55
    if phrase is not None and phrase.kind == "name" and resolved.how == "itself":
        value *= 0.85
    if draft.verb is not None and draft.verb.strength == "C":
        value *= 0.85
    if len(resolved.name.split()) > _LONGEST_NAME:
        value *= 0.6
    words = sum(len(scene.text[a:b].split()) for a, b in draft.spans)
    if words < 3 or words > 120:  # noqa: PLR2004 - a scrap, or a run-away
        value *= 0.6
    if draft.frame == "incise" and quoted_share(scene, draft.spans) > 0.95:  # noqa: PLR2004 - all quoted
        value = min(0.97, value * 1.02)
    return round(min(value, 0.99), 3)


def calibrated(value: float, curve: Sequence[tuple[float, float]]) -> float:
    """How often statements of that value were right: the curve of the language file, straight between its points."""
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return round(low + (high - low) * max(0.0, value - left) / (right - left), 3)
    return curve[-1][1]


def unshowable(scene: Scene, choice: Choice, resolved: Resolved, words: Mapping[str, frozenset[str]]) -> bool:
    """What no digest may show however sure: nobody's name, a nameless crowd, a source that is not said."""
    entity = resolved.entity
    if (
        entity is None
        or choice.relays
        or _hangs(scene, choice.draft)
        or _cannot_be_told(scene, choice.draft)
        or _runs_into_main(scene, choice.draft)
        or _points_back(resolved.name, words["anaphoric"])
    ):
        return True
    nameless = not any(char.isupper() for char in resolved.name)
    if nameless and (entity.plural or entity.kind in {"group", "source", "other"}):
        return True
    phrase = choice.draft.speaker
    if phrase is None:
        return False
    if resolved.how == "itself" and phrase.kind == "role" and (phrase.head in words["describing"] or _bare(phrase)):
        return True
    return phrase.kind in {"source", "other"} or len(resolved.name.split()) > _LONGEST_NAME


def _bare(phrase: NounPhrase) -> bool:
    """« la Danoise », « le ministre »: an article and a noun."""
    return len(phrase.text.replace("'", "' ").split()) <= 2  # noqa: PLR2004 - article and noun


def _points_back(name: str, anaphoric: frozenset[str]) -> bool:
    """« son avocate », « le même chercheur », « l'association »: who that is only the text before can tell."""
    words = name.lower().replace("'", "' ").split()
    if words[0] in {"son", "sa", "ses", "leur", "leurs"} or "même" in words:
        return True
    named = any(char.isupper() for char in name)
    return not named and len(words) > 1 and words[1] in anaphoric and words[2:] in ([], ["de", "presse"])


def _hangs(scene: Scene, draft: Draft) -> bool:
    """Whether the content leans on words before it: « d'autant que … », « car … », « que … »."""
    start = draft.spans[0][0]
    first = next((i for i, token in enumerate(scene.tokens) if token.start >= start), -1)
    if first < 0 or draft.frame == "quote":
        return draft.frame == "quote" and _open_quote(scene, draft)
    pair = f"{scene.low(first)} {scene.low(first + 1)}"
    return (
        _cut_off(scene, draft)
        or scene.low(first) in {"que", "qu'", "qui", "dont", "car", "parce", "puisque", "puisqu'"}
        or pair == "d' autant"
    )


def _runs_into_main(scene: Scene, draft: Draft) -> bool:
    """« Le maire qui affirme que C quitte la salle »: where C ends, a sentence without its main verb so far hides."""
    group, phrase = draft.group, draft.speaker
    if group is None or phrase is None or group.quote >= 0:
        return False
    qui = group.first - 1
    while qui > phrase.last and is_adverb(scene.low(qui), scene.rules):
        qui -= 1
    if scene.low(qui) != "qui":
        return False
    closed = scene.low(qui - 1) == ","
    if not closed and scene.low(phrase.first - 1) in _COMPLEMENT:
        return True  # « un communiqué diffusé par l'AFP qui assure »: which of the two, the words do not say
    return not (closed and phrase.first > 1) and not scene.has_finite(0, phrase.first)


def _mild(scene: Scene, draft: Draft) -> bool:
    """« le service propose d'écouter », « le pays menace de sombrer »: no speech unless the words are quoted."""
    weak = draft.verb is not None and draft.verb.strength == "C" and draft.frame == "infinitive"
    return weak and quoted_words(scene, draft.spans) < _OWN_WORDS


def _listed(scene: Scene, draft: Draft) -> bool:
    """A headline « deux blessés, une route coupée selon le préfet »: how much of the list is the source's is open."""
    if not draft.according:
        return False
    inside = [i for i, token in enumerate(scene.tokens) if draft.spans[0][0] <= token.start < draft.spans[-1][1]]
    commas = any(scene.low(i) == "," for i in inside)
    return bool(inside) and commas and not scene.has_finite(inside[0], inside[-1] + 1)


def _cut_off(scene: Scene, draft: Draft) -> bool:
    """Whether a feed cut the text short right after the content: « … en début d'... »."""
    end = draft.spans[-1][1]
    marks = ("...", "…", "[…", "[...")
    return (
        scene.text[max(0, end - 4) : end].endswith(marks)
        or scene.text.startswith(marks, end)
        or _open_quote(scene, draft)
    )


def _open_quote(scene: Scene, draft: Draft) -> bool:
    """Whether the content stands in a quote whose end is missing."""
    words = "".join(scene.text[start:end] for start, end in draft.spans)
    if any(words.count(left) != words.count(right) for left, right in _PAIRS):
        return True
    return any(
        (not q.closed or "«" in scene.text[q.start + 1 : q.end]) and q.start < end and start < q.end
        for q in scene.own for start, end in draft.spans
    )  # fmt: skip


def _cannot_be_told(scene: Scene, draft: Draft) -> bool:
    """Cues that make no sentence with a name before them: « précisé que », « pour qui », « de l'avis du »."""
    if draft.pattern in {"Ac", "Aq", "P18", "P20"} or (draft.pattern == "H5" and not quoted_share(scene, draft.spans)):
        return True
    group = draft.group
    if group is not None and draft.frame != "quote" and scene.low(group.first) in {"lui", "leur", "nous", "vous"}:
        return True  # « leur reproche », « nous a précisé »: to whom, the line does not say
    if _mild(scene, draft) or (scene.headline and _listed(scene, draft)):
        return True
    return group is not None and draft.frame != "quote" and group.mood in {"participle", "infinitive"}
