"""Pure: a story as a part of the page: headline, voices, topics, who tells it since when, and why it is shown.

The order of the source is the order of reading: a mail program that drops styles and drawings loses no word.
"""

import re
from collections.abc import Iterator
from html import escape

from bot.domain.model import Statement, Story, Voice
from bot.domain.telling import speaker_name, tell
from bot.domain.voices import deep_link
from bot.platforms.local.page_times import tellers_html
from bot.platforms.local.paper import Paper, before_colon, language_of, link, outlet_html, text, unbroken

# Words between quotation marks; guillemets may stand within guillemets. A mark left open is a sign like others.
_QUOTED = re.compile(r"«[^«»]*(?:«[^«»]*»[^«»]*)*»|“[^“”]*”|\"[^\"]*\"")
_LONG = 110  # characters of a headline; a longer one is set smaller


def story_html(number: int, story: Story, paper: Paper) -> str:
    """One story, numbered as in the chat."""
    mark = before_colon(paper.texts("digest.follow_up"), paper.texts)
    follow_up = f'<span class="follow">{text(mark)}</span> ' if story.follow_up else ""
    first = story.articles[0]
    headline = link(first.url, f"<bdi{language_of(first, paper)}>{text(unbroken(story.headline))}</bdi>")
    size = ' class="long"' if len(story.headline) > _LONG else ""
    parts = (
        f'<h2{size}><span class="n">{number}.</span> {follow_up}{headline}</h2>',
        _voices(story, paper),
        _topics(story, paper),
        tellers_html(story, paper),
        _why(story, paper) if paper.explain else "",
    )
    return "<article>\n" + "\n".join(part for part in parts if part) + "\n</article>"


# --- who said what ---------------------------------------------------------------------------------------------------


def _voices(story: Story, paper: Paper) -> str:
    if not story.voices:
        return ""
    items = "\n".join(_voice(voice, paper) for voice in story.voices)
    return f'<ul class="voices" role="list" aria-label="{escape(paper.texts("page.voices"))}">\n{items}\n</ul>'


def _voice(voice: Voice, paper: Paper) -> str:
    statement = voice.statement
    line = unbroken(tell(statement, voice.text) or voice.text)
    outlets = ", ".join(outlet_html(a, deep_link(a, statement), paper) for a in voice.articles)
    told = "".join(_styled(line, statement))
    return f'<li{language_of(voice.articles[0], paper)}>{told} <span class="by">— {outlets}</span></li>'


def _styled(line: str, statement: Statement) -> Iterator[str]:
    """The line with its speaker in bold and the words that the source quotes in italics."""
    start, end = _speaker_in(line, statement)
    if end > start:
        yield from _quotes(line[:start])
        yield f'<b class="who"><bdi>{text(line[start:end])}</bdi></b>'
    yield from _quotes(line[end:])


def _speaker_in(line: str, statement: Statement) -> tuple[int, int]:
    """Where the line names who speaks: before the content, or at its end; the content may hold the name as well."""
    lowered = line.lower()
    for name in (speaker_name(statement).lower(), statement.speaker.lower()):
        at = lowered.find(name) if _speaker_first(lowered, statement) else lowered.rfind(name)
        if at >= 0 and len(lowered) == len(line):  # a letter such as « İ » grows when it is lowered
            return at, at + len(name)
    return 0, 0


def _speaker_first(lowered: str, statement: Statement) -> bool:
    if statement.frame == "according-to":
        return lowered.startswith(statement.cue.lower())
    return statement.frame != "incise" and (statement.frame != "quote" or statement.polarity == "affirmed")


def _quotes(piece: str) -> Iterator[str]:
    at = 0
    for quoted in _QUOTED.finditer(piece):
        yield text(piece[at : quoted.start()])
        yield f"<i>{text(quoted[0])}</i>"
        at = quoted.end()
    yield text(piece[at:])


# --- what it is about, and why it is here ----------------------------------------------------------------------------


def _topics(story: Story, paper: Paper) -> str:
    """Chips, where the digest has several topics to tell apart."""
    if len(paper.digest.topics) < 2 or not story.topics:  # noqa: PLR2004 (several begin at two)
        return ""
    label = before_colon(paper.texts("page.topics"), paper.texts)
    chips = '<span class="dash"> · </span>'.join(
        f'<bdi class="chip">{text(paper.names.get(topic, topic))}</bdi>' for topic in story.topics
    )
    return f'<p class="topics"><span class="hidden">{text(label)} </span>{chips}</p>'


def _why(story: Story, paper: Paper) -> str:
    score = f"{story.score:.1f}".replace(".", "," if paper.texts.language == "fr" else ".")
    reasons = [text(paper.texts("page.why_score", score=score))]
    if len(story.articles) > 1:
        pairs = zip(story.articles, story.why, strict=False)
        reasons.extend(f"<bdi>{text(article.outlet)}</bdi> — {text(why)}" for article, why in pairs)
    items = "".join(f"<li>{reason}</li>\n" for reason in reasons)
    return f"<details>\n<summary>{text(paper.texts('page.why'))}</summary>\n<ul>\n{items}</ul>\n</details>"
