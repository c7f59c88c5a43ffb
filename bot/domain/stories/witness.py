"""An article as grouping looks at it: its facts, and what each of their words is worth in the batch at hand."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.domain.model import Article
from bot.domain.stories.facts import Facts, facts_of
from bot.domain.stories.words import Vocabulary

WEAK, COMMON, RARE_FLOOR = 0.3, 0.4, 0.4
_NOT_RARE = 0.01  # share of the batch above which a word loses weight …
_FEW = 8  # … when it is in more articles than that


@dataclass(frozen=True, slots=True)
class Witness:
    """An article with its facts, and the weights that the batch gives to words."""

    article: Article
    facts: Facts
    weights: Mapping[str, float]
    vocabulary: Vocabulary
    told: float = 0.0  # weight of what the title tells …
    titled: float = 0.0  # … of all the title …
    led: float = 0.0  # … and of the lead

    def weight(self, keys: AbstractSet[str]) -> float:
        """How much these words say together."""
        weights = self.weights
        return sum([weights[key] for key in keys])


def witnesses_of(articles: Sequence[Article], vocabulary: Vocabulary) -> list[Witness]:
    """The articles as witnesses, in the order given."""
    facts = [facts_of(article, vocabulary) for article in articles]
    weights = _weights(facts, vocabulary)
    return [_witness(a, f, weights, vocabulary) for a, f in zip(articles, facts, strict=True)]


def _witness(article: Article, facts: Facts, weights: Mapping[str, float], vocabulary: Vocabulary) -> Witness:
    told, titled, led = (sum([weights[key] for key in keys]) for keys in (facts.title, facts.titled, facts.lead))
    return Witness(article, facts, weights, vocabulary, told, titled, led)


def _weights(facts: Sequence[Facts], vocabulary: Vocabulary) -> Mapping[str, float]:
    """What sharing a word is worth: little for words of every day, less the more of the batch has it."""
    counts = Counter(key for fact in facts for key in fact.words)
    often = max(_FEW, _NOT_RARE * len(facts))
    weights: dict[str, float] = {}
    for key, count in counts.items():
        weight = WEAK if key in vocabulary.weak else COMMON if key in vocabulary.common else 1.0
        if count > often:
            weight *= max(RARE_FLOOR, math.log(len(facts) / count + 1) / math.log(len(facts) / often + 1))
        weights[key] = weight
    return weights
