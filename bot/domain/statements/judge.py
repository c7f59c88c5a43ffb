"""Polarity of a statement, and how sure we are of it: named features, each with its weight."""

from bot.domain.model import Polarity
from bot.domain.statements.choose import Choice
from bot.domain.statements.entities import Resolved
from bot.domain.statements.scene import Draft, Scene, quoted_share

# How often each pattern was right, content and speaker together, where the speaker is named in the sentence.
_PATTERN = {
    "I1": 0.95, "I2": 0.9, "I3": 0.85, "I5": 0.9,
    "P15": 0.93, "P15n": 0.7, "P17": 0.85,
    "P1": 0.93, "P11": 0.85, "P12": 0.7,
    "P5": 0.93, "P6": 0.9, "P7": 0.88, "P8": 0.7, "P9": 0.85, "N": 0.82,
    "A": 0.85, "Ac": 0.85, "Aq": 0.85, "C": 0.75, "H": 0.8,
}  # fmt: skip
_LONGEST_NAME = 8


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
    """The probability that both the words and the speaker are right."""
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


def unshowable(choice: Choice, resolved: Resolved, anaphoric: frozenset[str]) -> bool:
    """What no digest may show however sure: nobody's name, a nameless crowd, a source that is not said."""
    entity = resolved.entity
    if entity is None or choice.relays or _cannot_be_told(choice.draft) or _points_back(resolved.name, anaphoric):
        return True
    nameless = not any(char.isupper() for char in resolved.name)
    if nameless and (entity.plural or entity.kind in {"group", "source", "other"}):
        return True
    phrase = choice.draft.speaker
    if phrase is None:
        return False
    return phrase.kind in {"source", "other"} or len(resolved.name.split()) > _LONGEST_NAME


def _points_back(name: str, anaphoric: frozenset[str]) -> bool:
    """« son avocate », « le même chercheur », « l'association »: who that is only the text before can tell."""
    words = name.lower().replace("'", "' ").split()
    if words[0] in {"son", "sa", "ses", "leur", "leurs"} or "même" in words:
        return True
    return len(words) <= 2 and words[-1] in anaphoric  # noqa: PLR2004 - article and noun


def _cannot_be_told(draft: Draft) -> bool:
    """Cues that make no sentence with a name before them: « précisé que », « pour qui », « de l'avis du »."""
    if draft.pattern in {"Ac", "Aq"}:
        return True
    group = draft.group
    return group is not None and draft.frame != "quote" and group.mood in {"participle", "infinitive"}
