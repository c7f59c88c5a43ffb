"""Pure: Digest → HTML of the local platform (`b`, `i`, `a` and line breaks as newlines), shown by terminal and page."""

from collections.abc import Mapping
from html import escape

from bot.domain.model import Article, Digest, Story, Voice
from bot.domain.phrases import OUTLETS_SHOWN, count_line, counted, foot_lines, head_line, head_notes, outlet_label
from bot.domain.talk import Notice
from bot.domain.telling import tell
from bot.domain.texts import Texts
from bot.domain.voices import deep_link


def render_digest(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    """The whole digest as one message: there is no limit here."""
    head = [f"<b>{escape(texts('digest.sample'), quote=False)}</b>"] if digest.sample else []
    head.append(f"🗞 <b>{escape(head_line(digest, texts, names), quote=False)}</b>")
    head.append(escape(count_line(digest, texts), quote=False))
    head.extend(f"<i>{escape(note, quote=False)}</i>" for note in head_notes(digest, texts))
    one_line = digest.density == "titres"
    form = _title_line if one_line else render_story
    stories = [form(number, story, texts) for number, story in enumerate(digest.stories, start=1)]
    foot = "\n".join(f"<i>{escape(line, quote=False)}</i>" for line in foot_lines(digest, texts))
    body = ["\n".join(stories)] if one_line else stories
    return "\n\n".join(block for block in ("\n".join(head), *body, foot) if block)


def render_notice(notice: Notice, texts: Texts) -> str:
    """What stands in the way of a chat's digests."""
    return escape(texts(f"notice.{notice.kind}", title=notice.title), quote=False)


def render_story(number: int, story: Story, texts: Texts) -> str:
    """A headline, what was said, and who tells it."""
    lines = [f"<b>{number}. {_follow_up(story, texts)}{escape(story.headline, quote=False)}</b>"]
    lines.extend(_voice(voice, texts) for voice in story.voices)
    lines.append(f"   {_outlets(story, texts)}")
    return "\n".join(lines)


def _title_line(number: int, story: Story, texts: Texts) -> str:
    first = story.articles[0]
    others = len(story.outlets) - 1
    more = f" {texts('digest.more_outlets', n=others)}" if others else ""
    title = f"{_follow_up(story, texts)}{escape(story.headline, quote=False)}"
    return f"{number}. {title} — {_link(first.url, outlet_label(first, texts))}{more}"


def _follow_up(story: Story, texts: Texts) -> str:
    return f"{escape(texts('digest.follow_up'), quote=False)}\u00a0: " if story.follow_up else ""


def _voice(voice: Voice, texts: Texts) -> str:
    line = tell(voice.statement, voice.text) or voice.text
    outlets = ", ".join(_link(deep_link(a, voice.statement), outlet_label(a, texts)) for a in voice.articles)
    return f"   • {escape(line, quote=False)} — {outlets}"


def _outlets(story: Story, texts: Texts) -> str:
    first: dict[str, Article] = {}
    for article in story.articles:
        first.setdefault(article.outlet, article)
    shown = [_link(article.url, outlet_label(article, texts)) for article in first.values()][:OUTLETS_SHOWN]
    names = " · ".join(shown)
    if len(first) == 1:
        return names
    if len(first) > len(shown):
        names += " " + texts("digest.more_outlets", n=len(first) - len(shown))
    label = escape(counted("outlets", len(first), texts), quote=False)
    return texts("digest.outlets", outlets=label, names=names)


def _link(url: str, label: str) -> str:
    text = escape(label, quote=False)
    return f'<a href="{escape(url)}">{text}</a>' if url.startswith(("http://", "https://")) else text
