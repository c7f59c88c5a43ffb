"""How right the topics of labelled texts are: precision, recall and F1 a topic, over all, and silence.

A label says 2 (about it: must fire), 0 (not: firing is an error) or 1 (debatable: counts neither way). Micro figures
count every decision alike, macro ones every topic alike. Silence is the share of the texts about none of the topics on
which none fires.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Labels = Mapping[str, int]  # topic → 0, 1 or 2
ABOUT, DEBATABLE = 2, 1


@dataclass(frozen=True, slots=True)
class Score:
    """Decisions counted: rightly fired, wrongly fired, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Score") -> "Score":
        """Both together."""
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of what fired that is right, 0 to 1; 0 where nothing fired."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share of what should fire that did, 0 to 1; 0 where nothing should."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a labelled set. `silent` of `none` texts about no topic were left alone."""

    topics: Mapping[str, Score]
    silent: int
    none: int

    @property
    def micro(self) -> Score:
        """All decisions together."""
        return sum(self.topics.values(), Score())

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the topics of which the set holds any text that is about them."""
        known = [score.f1 for score in self.topics.values() if score.right + score.missed]
        return sum(known) / len(known) if known else 0.0


def score(decided: Iterable[tuple[Labels, Collection[str]]], topics: Collection[str]) -> Scores:
    """The scores of texts, each given as its labels and the topics that fired."""
    counted = dict.fromkeys(topics, Score())
    silent = none = 0
    for labels, fired in decided:
        for topic in topics:
            counted[topic] += _decision(labels.get(topic, 0), fired=topic in fired)
        if not any(labels.get(topic, 0) for topic in topics):
            none += 1
            silent += not any(topic in fired for topic in topics)
    return Scores(counted, silent, none)


def _decision(label: int, *, fired: bool) -> Score:
    if label == DEBATABLE:
        return Score()
    about = label == ABOUT
    return Score(right=about and fired, wrong=fired and not about, missed=about and not fired)
