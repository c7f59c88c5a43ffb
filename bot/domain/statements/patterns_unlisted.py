"""I3, I8: an inverted verb after a quote that no list of verbs of speech holds."""

from collections.abc import Iterator

from bot.domain.statements.auxiliaries import is_adverb, split_inversion
from bot.domain.statements.inversion import looks_nominal
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.patterns_incise import left_edge
from bot.domain.statements.scene import Draft, Scene, content

_ADVERBS = 3  # between an auxiliary and its participle
_NO_VERB = (
    "determiners", "prepositions", "linkers", "subordinators", "openers", "times", "adverbs", "with_colon", "documents",
    "media",
)  # fmt: skip


def unlisted_incises(scene: Scene) -> Iterator[Draft]:
    """« … », tance-t-elle, « … », savoure Paul Roche: after a quote any inverted verb reports."""
    if not scene.own:
        return
    known = {index for group in scene.verbs for index in range(group.first, group.last + 1)}
    closed = [index for index, token in enumerate(scene.tokens) if token.kind == "c"]
    for index in (close + 1 + (scene.low(close + 1) == ",") for close in closed):
        if index >= len(scene.tokens) or scene.tokens[index].quote >= 0 or index in known:
            continue
        token = scene.tokens[index]
        _, pronoun = split_inversion(token.low)
        if pronoun in scene.rules.words["subject_pronouns"]:
            phrase: NounPhrase | None = NounPhrase(
                index, index, pronoun, (token.end - len(pronoun), token.end), "pronoun",
                gender="f" if pronoun.startswith("elle") else "m", plural=pronoun.endswith("s"),
            )  # fmt: skip
            last, pattern = index, "I3"
        else:
            phrase, last = _plain_inversion(scene, index)
            pattern = "I1u"
        if phrase is None:
            continue
        pieces = content(scene, (left_edge(scene, index, scene.span[0], quoted=True), scene.tokens[index - 1].end))
        if pieces:
            yield Draft(pattern, 1, pieces, scene.chars(index, last + 1), "quote", phrase)


def _plain_inversion(scene: Scene, index: int) -> tuple[NounPhrase | None, int]:
    """The subject after an unknown verb, « savoure X » or « a aussitôt éludé X », and the verb's last word."""
    tokens, words = scene.tokens, scene.rules.words
    last = index
    if scene.low(index) in {"a", "ont"}:
        while last < index + _ADVERBS and is_adverb(scene.low(last + 1), scene.rules):
            last += 1
        last += 1
        verb = scene.low(last).endswith(("é", "i", "u", "is", "it")) and last > index
    else:
        low = scene.low(index)
        verb = low.endswith(("e", "it", "d", "ent")) and not any(low in words[name] for name in _NO_VERB)
        verb = verb and low not in scene.rules.people and low not in scene.rules.bodies
    start = last + 1
    if not verb or scene.kind(index) != "w" or tokens[index].capital or start >= len(tokens):
        return None, index
    phrase = scene.phrase(start, len(tokens)) if looks_nominal(scene, start) else None
    if phrase is None or phrase.kind not in {"person", "name", "role", "body"}:
        return None, index
    if scene.low(index) not in {"a", "ont"} and not (tokens[start].capital and phrase.kind in {"person", "name"}):
        return None, index  # « « La Digue », film du cinéaste »
    return phrase, last
