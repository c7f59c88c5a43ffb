"""Pure: Digest → a whole HTML page, worth printing; and Digest → plain data for `--format json`."""

from collections.abc import Mapping
from html import escape

from bot.domain.model import Article, Digest, Story, Voice
from bot.domain.phrases import (
    count_line,
    date_of,
    foot_lines,
    head_line,
    head_notes,
    hour_of,
    outlet_label,
)
from bot.domain.telling import tell
from bot.domain.texts import Texts
from bot.domain.voices import deep_link

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee3; --paper: #fff; --accent: #8a1c1c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a3adb8; --line: #363c43; --paper: #16191d; --accent: #f0a3a3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 Georgia, "Times New Roman", serif; }
header { border-bottom: 3px double var(--line); margin-bottom: 1.5rem; padding-bottom: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .35rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .5rem; }
.counts, .outlets, .note, footer { color: var(--soft); font: .875rem/1.5 system-ui, sans-serif; margin: 0; }
.sample { background: var(--accent); color: var(--paper); display: inline-block; font: 600 .8rem system-ui, sans-serif;
  letter-spacing: .04em; margin: 0 0 .75rem; padding: .2rem .6rem; }
article { border-bottom: 1px solid var(--line); padding: 1.1rem 0; }
ul { list-style: none; margin: 0 0 .6rem; padding: 0; }
li { border-left: 3px solid var(--line); margin: .55rem 0; padding-left: .8rem; }
.follow { color: var(--accent); font-variant: small-caps; }
a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: .15em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
footer { padding-top: 1rem; }
@media print { body { max-width: none; } a { text-decoration: none; } }
"""


def render_page(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    """A page that stands by itself: no script, no image, nothing from elsewhere."""
    title = escape(head_line(digest, texts, names))
    body = "\n".join(_story(story, digest, texts) for story in digest.stories)
    foot = "".join(f"<p>{escape(line)}</p>" for line in (*foot_lines(digest, texts), texts("page.made")))
    return (
        f'<!doctype html>\n<html lang="{digest.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<header>\n{_head(digest, texts, title)}</header>\n<main>\n{body}\n</main>\n"
        f"<footer>{foot}</footer>\n</body>\n</html>\n"
    )


def digest_data(digest: Digest, texts: Texts) -> dict[str, object]:
    """The digest as JSON-ready data: stories, their statements with the line as told, outlets with addresses."""
    return {
        "topics": list(digest.topics),
        "since": digest.since.isoformat(),
        "until": digest.until.isoformat(),
        "sample": digest.sample,
        "widened": digest.widened,
        "articles": digest.articles,
        "outlets": digest.outlets,
        "stories": [_story_data(story, texts) for story in digest.stories],
        "more": digest.more,
        "silent": digest.silent,
        "watched": digest.watched,
    }


def _head(digest: Digest, texts: Texts, title: str) -> str:
    sample = f'<p class="sample">{escape(texts("digest.sample"))}</p>\n' if digest.sample else ""
    notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in head_notes(digest, texts))
    return f'{sample}<h1>{title}</h1>\n<p class="counts">{escape(count_line(digest, texts))}</p>\n{notes}'


def _story(story: Story, digest: Digest, texts: Texts) -> str:
    follow = f'<span class="follow">{escape(texts("digest.follow_up"))}</span> ' if story.follow_up else ""
    voices = "".join(f"<li>{_voice(voice, texts)}</li>\n" for voice in story.voices)
    said = f"<ul>\n{voices}</ul>\n" if voices else ""
    outlets = " · ".join(_outlet(article, digest, texts) for article in _one_an_outlet(story))
    headline = escape(story.headline)
    return f'<article>\n<h2>{follow}{headline}</h2>\n{said}<p class="outlets">{outlets}</p>\n</article>'


def _voice(voice: Voice, texts: Texts) -> str:
    outlets = ", ".join(_link(deep_link(a, voice.statement), outlet_label(a, texts)) for a in voice.articles)
    return f"{escape(tell(voice.statement, voice.text) or voice.text)} — {outlets}"


def _outlet(article: Article, digest: Digest, texts: Texts) -> str:
    when = ""
    if article.published_at:
        date = date_of(article.published_at, digest.timezone, texts)
        hour = hour_of(article.published_at, digest.timezone, texts)
        when = f' <time datetime="{article.published_at.isoformat()}">({escape(date)}, {escape(hour)})</time>'
    return _link(article.url, outlet_label(article, texts)) + when


def _one_an_outlet(story: Story) -> list[Article]:
    first: dict[str, Article] = {}
    for article in story.articles:
        first.setdefault(article.outlet, article)
    return list(first.values())


def _link(url: str, label: str) -> str:
    if not url.startswith(("http://", "https://")):
        return escape(label)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(label)}</a>'


def _story_data(story: Story, texts: Texts) -> dict[str, object]:
    return {
        "headline": story.headline,
        "topics": list(story.topics),
        "follow_up": story.follow_up,
        "score": round(story.score, 3),
        "articles": [_article_data(article) for article in story.articles],
        "statements": [_voice_data(voice) for voice in story.voices],
        "outlets": [outlet_label(article, texts) for article in _one_an_outlet(story)],
        "why": list(story.why),
    }


def _article_data(article: Article) -> dict[str, object]:
    return {
        "outlet": article.outlet,
        "title": article.title,
        "url": article.url,
        "published": article.published_at.isoformat() if article.published_at else None,
        "kind": article.feed.kind,
        "paywall": article.feed.paywall,
    }


def _voice_data(voice: Voice) -> dict[str, object]:
    statement = voice.statement
    return {
        "line": tell(statement, voice.text),
        "speaker": statement.speaker,
        "role": statement.role,
        "cue": statement.cue,
        "kind": statement.kind,
        "polarity": statement.polarity,
        "confidence": statement.confidence,
        "text": statement.text,
        "outlets": [{"outlet": a.outlet, "url": deep_link(a, statement)} for a in voice.articles],
    }
