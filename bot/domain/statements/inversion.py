"""The subject after its verb: « a déclaré, lundi, à la presse, le maire »; and what a subject must agree with."""

from bot.domain.statements.auxiliaries import is_adverb, split_inversion
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.phrases import extent
from bot.domain.statements.scene import Scene
from bot.domain.statements.verbs import VerbGroup


def agreeing(phrase: NounPhrase | None, group: VerbGroup) -> NounPhrase | None:
    """The phrase unless its number is not the verb's: « 18.500 soldats » is no subject of « a souligné »."""
    if phrase is None or group.mood != "finite" or phrase.kind in {"medium", "latter", "nobody"}:
        return phrase
    several = phrase.plural or "," in phrase.text or " et " in phrase.text
    if phrase.plural and not group.plural and not phrase.name:
        return None
    if group.plural and not several and phrase.kind in {"person", "role", "place", "document"}:
        return None
    return phrase


def inverted_pronoun(scene: Scene, group: VerbGroup) -> NounPhrase | None:
    """The pronoun of « a-t-elle dit » as a phrase."""
    for index in range(group.first, group.last + 1):
        token = scene.tokens[index]
        _, pronoun = split_inversion(token.low)
        if pronoun:
            known = pronoun in scene.rules.words["subject_pronouns"]
            return NounPhrase(
                index, index, pronoun, (token.end - len(pronoun), token.end), "pronoun" if known else "nobody",
                gender="f" if pronoun.startswith("elle") else "m", plural=pronoun.endswith("s"),
            )  # fmt: skip
    return None


def looks_nominal(scene: Scene, start: int) -> bool:
    """Whether a noun phrase that names somebody may begin at the token."""
    token, rules = scene.tokens[start], scene.rules
    lists = ("determiners", "latter", "subject_pronouns", "nobody", "civilities")
    if token.low == "du":  # « des services et du renseignement »: the end of another phrase
        return False
    if token.capital or token.kind == "n" or token.low in {"celui", "celle", "d'"}:
        return True
    noun = token.low in rules.people or token.low in rules.plural_people
    return noun or any(token.low in rules.words[name] for name in lists)


def names_before(scene: Scene, comma: int) -> bool:
    """Whether a name in apposition, between commas, ends at the comma: the subject of the verb that follows."""
    for start in range(max(1, comma - 6), comma):
        if scene.low(start - 1) == "," and scene.tokens[start].capital:
            phrase = scene.phrase(start, comma)
            return bool(phrase and phrase.name and phrase.last == comma - 1)
    return False


def after_verb(scene: Scene, group: VerbGroup) -> tuple[NounPhrase | None, int]:
    """The inverted subject after the verb and its complements, and the index after it."""
    if group.pronoun:
        return inverted_pronoun(scene, group), group.last + 1
    at = skip_complements(scene, group.last + 1)
    if at >= len(scene.tokens) or scene.tokens[at].kind not in "wn":
        return None, at
    if not looks_nominal(scene, at):
        return None, at
    phrase = scene.phrase(at, len(scene.tokens))
    if agreeing(phrase, group) is None:
        return None, at
    return phrase, (phrase.last + 1 if phrase else at)


def skip_complements(scene: Scene, at: int) -> int:
    """Past adverbs, times, « à l'AFP », « dans un entretien au Soir », and the commas around them."""
    tokens, rules = scene.tokens, scene.rules
    limit = min(len(tokens), at + 24)
    while at < limit:
        low = tokens[at].low
        if low in rules.words["prepositions"] and rules.has("determiners", scene.low(at + 1)) and low != "après":
            at = max(at + 1, extent(tokens, at + 1, limit, rules, strict=True) + 1)  # « depuis la mairie »
        elif (
            is_adverb(low, rules)
            or low in rules.words["times"]
            or (tokens[at].kind == "n" and scene.low(at + 1) in rules.words["times"])
        ):
            at += 1
        elif (low == "ce" and scene.low(at + 1) in rules.words["times"]) or (
            low == "par" and scene.low(at + 1) == "exemple"
        ):
            at += 2
        elif low in {"avant", "après", "sans", "afin"} and scene.low(at + 1) in {"de", "d'", "avoir", "que", "qu'"}:
            break
        elif low in rules.words["prepositions"]:
            at = max(at + 1, extent(tokens, at + 1, limit, rules, strict=True) + 1)
        elif (
            low == ","
            and scene.low(at + 1) not in {"avant", "après", "sans", "pour", "selon"}
            and (scene.low(at + 1) in rules.words["prepositions"] or scene.low(at + 1) in rules.words["times"])
        ) or (low == "," and at > 0 and _closes_insertion(scene, at)):
            at += 1
        else:
            break
    return at


def _closes_insertion(scene: Scene, at: int) -> bool:
    """Whether the comma ends what « a déclaré, lundi, le ministre » put between."""
    return any(scene.low(back) == "," for back in range(max(0, at - 10), at)) and (
        scene.low(at - 1) in scene.rules.words["times"] or scene.tokens[at - 1].capital
    )
