"""A quote without a cue: a sentence, or a paragraph, that stands wholly between quotation marks."""

from bot.domain.statements.scene import Draft, Scene

_WORDS = 5


def floating_quote(scene: Scene) -> Draft | None:
    """The unit's quote if the unit is nothing but that quote."""
    if not scene.tokens or scene.kind(0) != "o" or scene.headline:
        return None
    quote = scene.quotes[scene.tokens[0].quote]
    end = scene.after_quote(0)
    rest = scene.text[quote.end : scene.span[1]].strip(" .,;:!?…")
    words = sum(len(scene.text[start:stop].split()) for start, stop in quote.pieces)
    if rest or words < _WORDS or end < 2 or not quote.closed:  # noqa: PLR2004 - an empty quote
        return None
    return Draft("C", 8, quote.pieces, (quote.start, quote.start), "quote", None)
