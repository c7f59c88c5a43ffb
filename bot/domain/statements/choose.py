"""The one place that decides between overlapping drafts of a unit: earlier sieves win, nested ones go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.statements.scene import Draft, Span

_SAME = 0.5  # of the shorter content: more than that in common is the same content


@dataclass(frozen=True, slots=True)
class Choice:
    """A draft that stays; `relays` where it tells what somebody else, who has a statement of his own, said."""

    draft: Draft
    relays: bool = False


def choose(drafts: Iterable[Draft]) -> tuple[Choice, ...]:
    """The drafts that stay, in the order of the text."""
    kept: list[Choice] = []
    for draft in sorted(drafts, key=lambda d: (d.sieve, d.cue)):
        if draft.speaker is None or not draft.spans:
            continue
        _place(kept, draft)
    return tuple(sorted(kept, key=lambda choice: min(choice.draft.spans[0], choice.draft.cue)))


def _place(kept: list[Choice], draft: Draft) -> None:
    """Add the draft if nothing that stays forbids it, removing what it holds inside."""
    verdicts = [(choice, _meet(choice.draft, draft)) for choice in kept]
    if any(verdict == "yield" for _, verdict in verdicts):
        return
    for choice, verdict in verdicts:
        if verdict == "take":
            kept.remove(choice)
    kept.append(Choice(draft, relays=any(verdict == "relay" for _, verdict in verdicts)))


def _meet(other: Draft, draft: Draft) -> Literal["yield", "take", "relay", "both"]:
    """What becomes of a new draft beside one that stays: it yields, takes the place, relays it, or both go on."""
    if other.cue == draft.cue or _inside(draft.cue, other.spans):
        return "both" if _may_relay(other) and other.cue != draft.cue else "yield"
    if _inside(other.cue, draft.spans):
        if draft.pattern in {"I2", "P8", "N"} or (_comes_last(draft) and other.pattern.startswith("I")):
            return "yield"  # « …, a dit X, selon Y »: X said it
        return "relay" if _may_relay(draft) else "take"
    return "yield" if overlap(draft.spans, other.spans) > _SAME else "both"


def _may_relay(draft: Draft) -> bool:
    """« Selon l'AFP, X a dit que … »: a medium or a document tells what somebody said; both count."""
    return draft.according and draft.speaker is not None and draft.speaker.kind in {"medium", "document", "source"}


def _comes_last(draft: Draft) -> bool:
    return draft.according and draft.cue[0] >= draft.spans[-1][1]


def _inside(cue: Span, spans: Sequence[Span]) -> bool:
    return any(start <= cue[0] and cue[1] <= end for start, end in spans)


def overlap(one: Sequence[Span], other: Sequence[Span]) -> float:
    """The share of the shorter content that both have in common."""
    common = sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
    shorter = min(sum(b - a for a, b in one), sum(d - c for c, d in other))
    return common / shorter if shorter else 0.0
