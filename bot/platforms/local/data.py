"""Pure: Digest → plain data for `--format json`."""

from bot.domain.model import Article, Digest, Story, Voice
from bot.domain.phrases import outlet_label
from bot.domain.telling import tell
from bot.domain.texts import Texts
from bot.domain.timeline import tellers
from bot.domain.voices import deep_link


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


def _story_data(story: Story, texts: Texts) -> dict[str, object]:
    return {
        "headline": story.headline,
        "topics": list(story.topics),
        "follow_up": story.follow_up,
        "score": round(story.score, 3),
        "articles": [_article_data(article) for article in story.articles],
        "statements": [_voice_data(voice) for voice in story.voices],
        "outlets": [outlet_label(article, texts) for article in tellers(story)],
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
