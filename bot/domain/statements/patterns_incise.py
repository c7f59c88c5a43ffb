"""I1–I12: « …, a souligné X »: the verb and its subject inverted, after the words or in the middle of them."""

from collections.abc import Iterator

from bot.domain.statements.inversion import after_verb, names_before, skip_complements
from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.persons import is_title
from bot.domain.statements.scene import Draft, Scene, Span, content
from bot.domain.statements.verbs import VerbGroup

_STOPS = frozenset({".", "!", "?", "…"})
_SENTENCE = 6  # words of a quote that stands by itself
_TOPIC = 6  # tokens of a topic and its colon
_SHORT = 3  # tokens: « Il est, disent-ils, la langue … »
_BEFORE = frozenset({",", "–", "—", "-", "?", "!", "…", "..."})


def incises(scene: Scene) -> Iterator[Draft]:
    """Every inverted verb that cuts or closes a content."""
    floor = scene.span[0]
    for group in scene.verbs:
        if draft := _incise(scene, group, floor):
            yield draft
            floor = max(floor, draft.cue[1], draft.speaker.span[1] if draft.speaker else 0)


def _incise(scene: Scene, group: VerbGroup, floor: int) -> Draft | None:
    first = group.first
    if (
        first == 0
        or group.passive
        or group.object
        or group.mood != "finite"
        or group.tense in {"future", "subjunctive"}
        or (group.pronoun and _has_source(scene, first))
    ):
        return None
    quoted = scene.kind(first - 1) == "c" or (scene.low(first - 1) in {",", "-", "–"} and scene.kind(first - 2) == "c")
    inside = group.quote >= 0
    if not quoted and (scene.low(first - 1) not in _BEFORE or not (inside or _plain_cue(scene, group))):
        return None
    phrase, end = after_verb(scene, group)
    if (
        phrase is None
        or scene.low(end) in {"que", "qu'"}
        or not _may_speak(phrase, quoted=quoted or inside, group=group)
    ):
        return None
    if inside:
        return _inside_quote(scene, group, phrase, end)
    if quoted and _has_incise(scene, first, floor):
        return None
    left = left_edge(scene, first, floor, quoted=quoted)
    spans = [(left, scene.tokens[first - 1].end)]
    spans += _right_piece(scene, end, first, quoted=quoted)
    return _draft(scene, group, phrase, "I1" if quoted else "I2", spans)


def _has_incise(scene: Scene, first: int, floor: int) -> bool:
    """« A, a dit X. B », a ajouté Y: the words belong to the incise inside the quote."""
    quote = scene.quotes[scene.tokens[first - 1 if scene.kind(first - 1) == "c" else first - 2].quote]
    return quote.start < floor < quote.end


def _has_source(scene: Scene, first: int) -> bool:
    """« Selon X, les élus ont, dit-il, rejeté le texte »: the sentence has named its source already."""
    led = scene.low(0) == "selon" or (scene.low(0) == "d'" and scene.low(1) == "après")
    return led and scene.low(first - 1) == "," and scene.kind(first - 2) != "c"


def _plain_cue(scene: Scene, group: VerbGroup) -> bool:
    """Without quotation marks only a verb that reports, or an inverted pronoun, makes an incise."""
    if names_before(scene, group.first - 1):
        return False  # « la députée, Anna Lutz, a interrogé le ministre »: the subject stands before
    frames = group.verb.frames
    reports = "q" in frames or ("o" in frames and not frames & {"d", "n"})
    return (group.verb.strength != "C" and reports) or bool(group.pronoun)


def _may_speak(phrase: NounPhrase, *, quoted: bool, group: VerbGroup) -> bool:
    if phrase.kind == "nobody":
        return False
    if quoted or (phrase.can_speak and phrase.kind != "group"):
        return True
    if phrase.kind == "name":
        return True
    return phrase.kind == "group" and "n" not in group.verb.frames


def left_edge(scene: Scene, first: int, floor: int, *, quoted: bool) -> int:
    """Where the content begins: the sentence, what the last incise left, or the quote after a colon."""
    start = max(scene.span[0], floor)
    if not quoted:
        return _after_topic(scene, start) if scene.headline else start
    if (dash := _open_dash(scene, first)) > start:
        return dash
    index = first - 1 if scene.kind(first - 1) == "c" else first - 2
    quote = scene.quotes[scene.tokens[index].quote]
    before = next((t for t in reversed(scene.tokens[:index]) if t.end <= quote.start), None)
    if before is None or before.start < start or before.text in {":", ".", "!", "?", "…", "..."}:
        return quote.start
    own = scene.text[quote.pieces[0][0]].isupper() and len(scene.text[quote.start : quote.end].split()) > _SENTENCE
    if own and before.kind == "w" and scene.has_finite(0, index) and not _leads_in(scene, before.low):
        return quote.start  # a whole sentence of the speaker's after one of the journalist's, the stop between lost
    if quote.start - start < 12 and not any(c.isalpha() for c in scene.text[start : quote.start]):  # noqa: PLR2004 - a bullet
        return quote.start
    return start


def _leads_in(scene: Scene, low: str) -> bool:
    """Whether the word before a quote needs it: « il faut « tenir » », « parce que « … » »."""
    words = scene.rules.words
    lists = ("linkers", "prepositions", "subordinators", "determiners", "modals", "finite")
    return any(low in words[name] for name in lists)


def _open_dash(scene: Scene, first: int) -> int:
    """« …, un classique – de « coexistence », corrigeait X »: the words after a dash that nothing closes."""
    dashes = [token for token in scene.tokens[:first] if token.low in {"–", "—"} and token.quote < 0]
    return dashes[-1].end if len(dashes) % 2 and dashes[-1].start > scene.span[0] else 0


def _after_topic(scene: Scene, start: int) -> int:
    """« Espagne: « de longs jours » pour comprendre, avertit X »: a topic before a colon is no part of the content."""
    for at in range(1, min(_TOPIC, len(scene.tokens) - 1)):
        if scene.low(at) == ":" and scene.tokens[at].quote < 0 and scene.tokens[0].start == start:
            return scene.tokens[at + 1].start
    return start


def _right_piece(scene: Scene, end: int, first: int, *, quoted: bool) -> list[Span]:
    """What goes on after the incise: a second quote, or the rest of the cut clause."""
    at = _past_complement(scene, end)
    separator = scene.low(at)
    rest = at + 1 if separator in {",", ".", ";", ":", "–", "-", "—"} else at
    if rest >= len(scene.tokens):
        return []
    if scene.kind(rest) == "o" and separator != ".":
        if rest == at:
            return []  # a quote in the complement: « …, a dit X devant le « Conseil » »
        close = scene.after_quote(rest)
        unfinished = scene.text[scene.tokens[first - 1].end - 2 : scene.tokens[first - 1].end].strip()
        if separator == ":" or (unfinished and unfinished[-1] in ".!?" and separator != ","):
            return []
        return [scene.chars(rest, close)]
    if separator != "," or quoted or not _continues(scene, rest, first):
        return []
    stop = next((i for i in range(rest, len(scene.tokens)) if _tail_begins(scene, i)), len(scene.tokens))
    return [scene.chars(rest, stop)]


def _past_complement(scene: Scene, end: int) -> int:
    if scene.low(end) in scene.rules.words["prepositions"] or scene.low(end) in scene.rules.words["times"]:
        end = skip_complements(scene, end)
    while end < len(scene.tokens) and scene.kind(end) in "wn" and scene.low(end) not in {"ajoutant", "que", "qu'"}:
        if scene.low(end) in {"et", "mais", "qui", "dont", "où", "alors", "lorsque", "avant"}:
            break
        end += 1
    return end


def _continues(scene: Scene, rest: int, first: int) -> bool:
    """Whether the words after the comma finish the clause: the incise stood inside it."""
    low, words = scene.low(rest), scene.rules.words
    if any(group.first <= rest <= group.last and group.mood == "gerund" for group in scene.verbs):
        return False
    if low in words["before"] or is_title(low, scene.rules):  # « a indiqué le syndicat, premier du pays »
        return False
    if first <= _SHORT or not scene.has_finite(0, first):
        return scene.has_finite(rest, len(scene.tokens)) or not (low.endswith("ant") or low in words["prepositions"])
    if low in words["prepositions"] or low in words["times"] or low in words["questioned"] or low.endswith("ant"):
        return False
    if low in words["subordinators"] and low not in {"que", "qu'", "mais", "car"}:
        return False
    return scene.has_finite(rest, len(scene.tokens)) and len(scene.tokens) - rest > 2  # noqa: PLR2004 - two words and a stop


def _tail_begins(scene: Scene, index: int) -> bool:
    if scene.low(index) != ",":
        return False
    return any(g.first in {index + 1, index + 2} and g.mood == "gerund" for g in scene.verbs)


def _inside_quote(scene: Scene, group: VerbGroup, phrase: NounPhrase, end: int) -> Draft | None:
    """I5: « Le port est sûr, assure la capitaine. Les bateaux repartiront. »."""
    quote = scene.quotes[group.quote]
    at = end
    while at < len(scene.tokens) and scene.tokens[at].quote == group.quote and scene.kind(at) in "wn":
        at += 1
    if (
        at < len(scene.tokens)
        and scene.tokens[at].quote == group.quote
        and scene.text[scene.tokens[at].start] not in ',.;!?:»”"…'
    ):
        return None
    if scene.low(group.first - 1) not in {",", "?", "!", "…"} or (phrase.kind in {"group", "other"}):
        return None
    at = _past_setting(scene, at)
    rest = scene.tokens[at].end if at < len(scene.tokens) else quote.end
    spans = [(quote.pieces[0][0], scene.tokens[group.first - 1].start)]
    last = quote.pieces[-1][1]
    spans += [(rest, last)] if rest < last else []
    return _draft(scene, group, phrase, "I5", spans)


def _past_setting(scene: Scene, comma: int) -> int:
    """« a lancé la maire, en conférence de presse lundi. Il faut … »: where and when it was said, up to the stop."""
    following = scene.low(comma + 1)
    if scene.low(comma) == "," and following.endswith("ant"):  # « …, cachant mal sa colère. Il faut … »
        return next((at for at in range(comma, len(scene.tokens)) if scene.low(at) in _STOPS), comma)
    if scene.low(comma) != "," or following not in scene.rules.words["prepositions"]:
        return comma
    stop = skip_complements(scene, comma + 1)
    return stop if scene.low(stop) in _STOPS else comma


def _draft(scene: Scene, group: VerbGroup, phrase: NounPhrase, pattern: str, spans: list[Span]) -> Draft | None:
    pieces = content(scene, *spans)
    if not pieces:
        return None
    quoted = any(
        quote.pieces[0][0] <= start and end <= quote.pieces[-1][1] for start, end in pieces[:1] for quote in scene.own
    )
    return Draft(
        pattern, 1 if quoted else 3, pieces, scene.cue(group), "quote" if quoted else "incise",
        phrase, group.verb, group, question="question" in group.verb.flags,
    )  # fmt: skip
