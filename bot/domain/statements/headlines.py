"""H1–H7: the forms of headlines, where a colon or a bracket is all the cue."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.statements.nouns import NounPhrase
from bot.domain.statements.quotes import Quote
from bot.domain.statements.scene import Draft, Scene, Span, content, quoted_share, quoted_words

_COLON = re.compile(" ?: ")
_PREFIX_WORDS = 8  # a topic before a colon is short
_WORDS = 3
_QUOTED = 2  # words in quotation marks that a signed title holds at least
_SIGNATURE = 10  # tokens of a name in brackets


def headline_parts(text: str, units: Sequence[Span], quotes: Sequence[Quote]) -> tuple[Span, ...]:
    """H7: the units of a title, a topic before a colon (« Guerre en Ukraine : X affirme que ») apart."""
    parts: list[Span] = []
    for start, end in units:
        found = _COLON.search(text, start, end)
        colon, after_colon = found.span() if found else (-1, -1)
        inside = any(quote.start <= colon < quote.end for quote in quotes)
        after = text[after_colon : after_colon + 1]
        before_quote = colon > 0 and text[:colon].rstrip().endswith(("»", "”", '"'))
        if colon < 0 or inside or after in '«“"' or before_quote or len(text[start:colon].split()) > _PREFIX_WORDS:
            parts.append((start, end))
        else:
            parts += [(start, colon), (after_colon, end)]
    return tuple(parts)


def headlines(scene: Scene) -> Iterator[Draft]:
    """« X : « … » », « « … » : X », « « … » (X) »."""
    if (signed := _signed(scene)) is not None:
        yield signed
        return
    for index, token in enumerate(scene.tokens):
        if token.kind != "o":
            continue
        end = scene.after_quote(index)
        pieces = content(scene, (token.start, scene.tokens[end - 1].end))
        if not pieces or sum(len(scene.text[a:b].split()) for a, b in pieces) < _WORDS:
            continue
        if scene.low(index - 1) == ":" and (phrase := _before_colon(scene, index - 1)):
            yield _draft(scene, pieces, index - 1, phrase)
        elif scene.low(end) in {":", ","} and index == 0 and (phrase := _after_quote(scene, end)):
            yield _draft(scene, pieces, end, phrase)
        elif scene.low(end) in {":", ","} and index == 0 and (phrase := _who_goes_on(scene, end + 1)):
            yield Draft("H2", 2, pieces, scene.chars(end, end + 1), "quote", phrase)


def _signed(scene: Scene) -> Draft | None:
    """H5: « Les frappes « sont un choix » (Zelensky) »: the name in brackets at the end answers for the whole title."""
    last = len(scene.tokens) - 1
    while last > 0 and scene.low(last) in {".", "!", "?"}:
        last -= 1
    if scene.low(last) != ")" or scene.tokens[last].quote >= 0:
        return None
    opening = next((at for at in range(last - 1, max(last - _SIGNATURE, 0), -1) if scene.low(at) == "("), 0)
    phrase = scene.phrase(opening + 1, last) if opening else None
    if phrase is None or phrase.last != last - 1 or not _signs(scene, phrase):
        return None
    pieces = content(scene, scene.chars(_past_topic(scene), opening))
    source = phrase.kind in {"document", "body", "role"} and not scene.tokens[phrase.first].capital
    if not pieces or (quoted_words(scene, pieces) < _QUOTED and not source):
        return None
    cue = (scene.tokens[opening].start, scene.tokens[opening].end)
    whole = quoted_share(scene, pieces) == 1
    return Draft("H5", 2, pieces, cue, "quote" if whole else "incise", phrase)


def _signs(scene: Scene, phrase: NounPhrase) -> bool:
    """Whether the words in brackets are somebody's: « (Vidal) », « (opposition) »; not « (vidéo) », « (Paris) »."""
    if phrase.text.lower() in scene.rules.words["not_signatures"]:
        return False
    return phrase.kind in {"person", "name", "role", "body", "group", "document"}


def _past_topic(scene: Scene) -> int:
    """The index after « Guerre en Ukraine : », 0 where no topic stands first."""
    for at in range(1, min(_PREFIX_WORDS + 1, len(scene.tokens) - 1)):
        if scene.low(at) == ":" and scene.tokens[at].quote < 0:
            return at + 1
    return 0


def _who_goes_on(scene: Scene, at: int) -> NounPhrase | None:
    """« « Je tiendrai » : Anna Lutz assure que … »: whoever reports after a quote at the head, most often spoke it."""
    phrase = scene.phrase(at, len(scene.tokens))
    if phrase is None or phrase.plural or phrase.kind not in {"person", "name", "role", "body", "place"}:
        return None
    group = next((group for group in scene.verbs if group.first == phrase.last + 1), None)
    reports = group is not None and group.mood == "finite" and group.verb.strength != "C" and not group.passive
    return phrase if reports and group is not None and not group.verb.flags else None


def _draft(scene: Scene, pieces: tuple[Span, ...], cue: int, phrase: NounPhrase) -> Draft:
    return Draft("H", 2, pieces, (scene.tokens[cue].start, scene.tokens[cue].end), "quote", phrase)


def _names_somebody(phrase: NounPhrase | None) -> bool:
    """A person or a role; a place or a body before a colon is as likely the topic."""
    return phrase is not None and phrase.kind in {"person", "name", "role"}


def _before_colon(scene: Scene, colon: int) -> NounPhrase | None:
    if any(group.last < colon for group in scene.verbs):
        return None
    phrase = scene.phrase(0, colon)
    if phrase is None or not _names_somebody(phrase):
        return None
    return (
        phrase
        if phrase.last == colon - 1 or scene.low(phrase.last + 1) in {",", "sur", "à", "face", "(", "au"}
        else None
    )


def _after_quote(scene: Scene, at: int) -> NounPhrase | None:
    phrase = scene.phrase(at + 1, len(scene.tokens))
    if phrase is None or not _names_somebody(phrase) or (phrase.kind == "role" and scene.low(at) == ","):
        return None
    rest = scene.tokens[phrase.last + 1 :]
    return phrase if not rest or all(token.kind == "p" for token in rest) else None
