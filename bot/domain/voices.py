"""Which statements of a story are told, and in whose articles they stand.

The same words in several outlets are one voice with all its outlets; wordings that differ are never merged. Different
speakers come before a second statement of one, and never two that say the same. From one article at most as many
statements as its density allows and 500 characters: short extracts and links, never a substitute for the article.
What one story of a digest says, a later one does not say again.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from bot.domain.model import Article, Candidate, Density, Statement, Voice
from bot.domain.stories import same_speaker, same_words
from bot.domain.telling import shorten, tell

VOICES: dict[Density, int] = {"titres": 0, "standard": 2, "détaillé": 3}
ARTICLE_CHARACTERS = 500
_MOST = 12  # of one story, wherever it is told
_GOOD_WORDS = range(8, 46)  # shorter says little, longer is a speech
_OWN_WORDS = 6
_FRAGMENT_WORDS = 5  # at each end of a long text fragment


def choose_voices(
    candidates: Sequence[Candidate], *, headline: str, density: Density, said: Sequence[Voice] = ()
) -> tuple[Voice, ...]:
    """The best statements of a story, most telling first; what the headline says or was `said` before is left out."""
    return _chosen(candidates, headline, said, VOICES[density], VOICES[density])


def all_voices(candidates: Sequence[Candidate], *, headline: str, density: Density) -> tuple[Voice, ...]:
    """All that may be shown of a story; from one article no more than ever."""
    return _chosen(candidates, headline, (), _MOST, VOICES[density] or VOICES["standard"])


def _chosen(
    candidates: Sequence[Candidate], headline: str, said: Sequence[Voice], limit: int, an_article: int
) -> tuple[Voice, ...]:
    if not limit:
        return ()
    merged = [m for m in _merged(candidates) if not _said_by(headline, m[0]) and not _was_said(m[0], said)]
    ranked = sorted(merged, key=lambda m: (-_weight(m[0], m[1], candidates), m[0].spans))
    chosen: list[Voice] = []
    for repeat in (False, True):  # first one statement a speaker, then further ones
        for statement, articles in ranked:
            if len(chosen) < limit and _repeats(statement, chosen) is repeat:
                voice = _voice(statement, articles)
                if voice and _fits(voice, chosen, an_article):
                    chosen.append(voice)
    return tuple(chosen)


def deep_link(article: Article, statement: Statement) -> str:
    """The article's address, pointing at the sentence itself where the page holds these words exactly once."""
    if not article.url or statement.place != "text" or not article.text or "#" in article.url:
        return article.url
    piece = statement.text.split(" […] ")[0]
    if article.text.count(piece) != 1:
        return article.url
    return f"{article.url}#:~:text={_fragment(piece)}"


def _fragment(piece: str) -> str:
    """The piece's own characters, no-break spaces included; of a long one only its ends."""
    words = list(re.finditer(r"\S+", piece))
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return _encoded(piece)
    return f"{_encoded(piece[: words[_FRAGMENT_WORDS - 1].end()])},{_encoded(piece[words[-_FRAGMENT_WORDS].start() :])}"


def _encoded(text: str) -> str:
    # A hyphen would be read as the mark of a prefix or suffix.
    return quote(text, safe="").replace("-", "%2D")


def _merged(candidates: Sequence[Candidate]) -> list[tuple[Statement, list[Article]]]:
    """Statements that may be shown, each with every article that carries the same words, once an outlet."""
    merged: list[tuple[Statement, list[Article]]] = []
    for candidate in candidates:
        for statement in candidate.statements:
            if not statement.shown:
                continue
            for known, articles in merged:
                if same_words(known, statement):
                    if candidate.article.outlet not in {a.outlet for a in articles}:
                        articles.append(candidate.article)
                    break
            else:
                merged.append((statement, [candidate.article]))
    return merged


def _said_by(headline: str, statement: Statement) -> bool:
    return _squeezed(statement.text) in _squeezed(headline)


def _was_said(statement: Statement, said: Sequence[Voice]) -> bool:
    """Whether an earlier story gave these words to the same person; more words than it gave are new.

    Nobody else is quoted with as many words just so: « la secrétaire générale » is then the name that stood there.
    """
    words = _squeezed(statement.text)
    many = statement.kind == "direct" and len(statement.text.split()) >= _OWN_WORDS
    return any(
        same_words(statement, voice.statement)
        or (
            (many or same_speaker(statement.speaker, voice.statement.speaker))
            and words in _squeezed(voice.statement.text)
        )
        for voice in said
    )


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _weight(statement: Statement, articles: Sequence[Article], candidates: Sequence[Candidate]) -> float:
    """How telling a statement is: sure, by a named speaker, of a good length, about the topic, carried by many."""
    weight = statement.confidence
    weight += 0.3 if statement.speaker.istitle() or " " in statement.speaker else 0.0
    weight += 0.3 if len(statement.text.split()) in _GOOD_WORDS else 0.0
    weight += 0.2 if statement.kind in {"direct", "mixed"} else 0.0
    weight += 0.3 if _holds_topic_words(statement, candidates) else 0.0
    return weight + 0.2 * (len(articles) - 1)


def _holds_topic_words(statement: Statement, candidates: Sequence[Candidate]) -> bool:
    terms = {evidence.term.casefold() for c in candidates for match in c.matches for evidence in match.evidence}
    text = statement.text.casefold()
    return any(term in text for term in terms)


def _repeats(statement: Statement, chosen: Sequence[Voice]) -> bool:
    return statement.speaker.casefold() in {voice.statement.speaker.casefold() for voice in chosen}


def _voice(statement: Statement, articles: Sequence[Article]) -> Voice | None:
    text = shorten(statement.text)
    if text is None or tell(statement, text) is None:
        return None
    return Voice(statement, tuple(articles), text)


def _fits(voice: Voice, chosen: Sequence[Voice], limit: int) -> bool:
    """The article that it is taken from has not given enough yet; and it does not say again what is chosen."""
    if voice.statement in [other.statement for other in chosen]:
        return False
    same = [other for other in chosen if other.articles[0].id == voice.articles[0].id]
    if any(_squeezed(voice.text) in _squeezed(other.text) for other in chosen):
        return False
    return len(same) < limit and sum(len(other.text) for other in same) + len(voice.text) <= ARTICLE_CHARACTERS
