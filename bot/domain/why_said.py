"""What was found to be said in an article: speaker, cue and content in place, and why each is shown or not.

The words are the source's: no more of them than a digest would show of one article.
"""

from collections.abc import Iterator, Sequence

from bot.domain.model import Article, Candidate, Statement
from bot.domain.stories import same_speaker
from bot.domain.talk import Marked, Piece
from bot.domain.telling import ELLIPSIS, shorten, tell
from bot.domain.texts import Texts
from bot.domain.voices import ARTICLE_CHARACTERS

_MOST = 3
_GAP = 60  # characters between two marked places that are shown whole
_BULLET = "   • "


def said_lines(found: Candidate, shown_from: float, off: Sequence[str], texts: Texts) -> Iterator[Marked]:
    """A head that counts them, then the surest of them."""
    statements = sorted(found.statements, key=lambda one: (not one.shown, -one.confidence))
    stage = Piece(texts("why.said"), "b")
    if not statements:
        yield stage, Piece(f" {texts('why.said_none')}")
        return
    sure = sum(statement.shown for statement in statements)
    yield stage, Piece(f" {texts('why.said_count', n=len(statements), sure=sure)}")
    left = ARTICLE_CHARACTERS
    for statement in statements[:_MOST]:
        words = _in_place(found.article, statement, left)
        left -= sum(len(piece.text) for piece in words)
        verdict = Piece(f" ({_verdict(statement, shown_from, off, texts)})")
        yield Piece(_BULLET), Piece(f"{texts('why.said_by', name=statement.speaker)} "), *words, verdict
        if left <= 0:
            return


def _verdict(statement: Statement, shown_from: float, off: Sequence[str], texts: Texts) -> str:
    sure = _percent(statement.confidence)
    if statement.shown and any(same_speaker(name, statement.speaker) for name in off):
        return texts("why.said_off", sure=sure)
    if statement.shown:
        text = shorten(statement.text)
        told = text is not None and tell(statement, text) is not None
        return texts("why.said_yes" if told else "why.said_untold", sure=sure)
    if statement.confidence < shown_from:
        return texts("why.said_unsure", sure=sure, enough=_percent(shown_from))
    return texts("why.said_unclear", sure=sure)


def _percent(share: float) -> int:
    return round(100 * share)


def _in_place(article: Article, statement: Statement, most: int) -> Marked:
    """The sentence with its speaker and cue in bold and its content in italics; the content alone where it is gone."""
    text = {"title": article.title, "summary": article.summary, "text": article.text}[statement.place]
    spans = _spans(statement)
    stands = all(0 <= start < end <= len(text) for start, end, _ in spans)
    cue = slice(*statement.cue_span)
    if not spans or not stands or (statement.cue and text[cue] != statement.cue):
        return (Piece(_cut(statement.text, most), "i"),)
    pieces: list[Piece] = []
    at = spans[0][0]
    for start, end, bold in spans:
        if start < at:
            continue
        between = text[at:start]
        pieces.append(Piece(_flat(between) if len(between) <= _GAP else f" {ELLIPSIS} "))
        words = _cut(text[start:end], most)
        most -= len(words)
        pieces.append(Piece(_flat(words), "b" if bold else "i"))
        at = end
    return tuple(piece for piece in pieces if piece.text)


def _spans(statement: Statement) -> list[tuple[int, int, bool]]:
    """Speaker, cue and content in the order of the text; whether it is one of the first two."""
    named = [span for span in (statement.mention_span, statement.cue_span) if span[1] > span[0]]
    return sorted([(*span, True) for span in named] + [(*span, False) for span in statement.spans])


def _flat(text: str) -> str:
    """On one line, with the spaces at its ends."""
    inner = " ".join(text.split())
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() and inner else "")
    return f"{before}{inner}{after}"


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = text[: max(most, 0)].rsplit(" ", 1)[0]
    return f"{kept} {ELLIPSIS}" if kept else ELLIPSIS
