"""Pure: Digest → a whole HTML page that stands by itself, worth sending by e-mail or printing."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.cities import city_of
from bot.domain.model import Digest
from bot.domain.phrases import NBSP, count_line, counted, day_of, foot_lines, head_line, head_notes, hour_of
from bot.domain.texts import Texts
from bot.domain.timeline import axis_of
from bot.platforms.local.look import style
from bot.platforms.local.page_story import story_html
from bot.platforms.local.paper import Paper, link, text

_LONG = 60  # characters; a longer head is set smaller
_PREVIEWED = 3  # headlines that a mail program shows beside the subject
_HOLE = "\0"  # stands for the topics while the head is filled in


def render_page(digest: Digest, texts: Texts, names: Mapping[str, str], *, explain: bool = False) -> str:
    """The digest as one file: no script, no image, nothing from elsewhere. `explain` adds, folded, why each story is
    shown and what was left out.
    """
    names = {**names, **dict(digest.own_names)}
    paper = Paper(digest, texts, names, axis_of(digest), explain)
    stories = "\n".join(story_html(number, story, paper) for number, story in enumerate(digest.stories, start=1))
    return (
        f'<!doctype html>\n<html lang="{digest.language}">\n<head>\n{_meta(digest, texts, names)}</head>\n'
        f'<body class="digest {_kind(paper)}">\n{_preheader(digest)}'
        f"<header>\n{_head(digest, texts, names)}</header>\n<main>\n{stories}\n</main>\n"
        f"<footer>\n{_foot(paper)}</footer>\n</body>\n</html>\n"
    )


def _meta(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    return (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no,date=no,address=no">\n'
        f"<title>{text(head_line(digest, texts, names))}</title>\n"
        # Two, because a known mail program drops a sheet of more than 8 kB.
        f"<style>{style('base')}</style>\n<style>{style('digest')}</style>\n"
    )


def _kind(paper: Paper) -> str:
    """What the style sheet must know: how dense it is, and whether all hours are of one day."""
    start, end = (at.astimezone(ZoneInfo(paper.axis.zone)).date() for at in (paper.axis.start, paper.axis.end))
    return ("brief" if paper.digest.density == "titres" else "full") + (" today" if start == end else "")


def _preheader(digest: Digest) -> str:
    """What a mail program shows beside the subject; its style stands in the tag because others may be dropped."""
    headlines = " · ".join(story.headline for story in digest.stories[:_PREVIEWED])
    hidden = "display:none;max-height:0;overflow:hidden"
    return f'<div class="preheader" style="{hidden}" aria-hidden="true">{text(headlines)}</div>\n' if headlines else ""


def _head(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    sample = f'<p class="badge">{text(texts("digest.sample"))}</p>\n' if digest.sample else ""
    notes = "".join(f'<p class="note">{text(note)}</p>\n' for note in head_notes(digest, texts))
    kind = "counts" if digest.stories else "nothing"
    return (
        f'{sample}<p class="mark" aria-hidden="true">Verbatim</p>\n{_title(digest, texts, names)}\n'
        f'<p class="{kind}">{text(count_line(digest, texts))}</p>\n'
        f'<p class="period">{text(_period(digest, texts))}</p>\n{notes}'
    )


def _title(digest: Digest, texts: Texts, names: Mapping[str, str]) -> str:
    """The head line, its topics and its date told apart; the dash between them is drawn only without styles."""
    topics = f"{NBSP}· ".join(names.get(topic, topic) for topic in digest.topics)
    unnamed = replace(digest, own_names=())
    rest = head_line(unnamed, texts, dict.fromkeys(digest.topics, _HOLE)).rpartition(_HOLE)[2]
    dash, _, date = rest.strip().partition(" ")
    size = ' class="long"' if len(topics) > _LONG else ""
    named = f'<bdi>{text(topics)}</bdi> <span class="dash">{text(dash)}</span>'
    return f'<h1{size}>{named} <span class="date">{text(date)}</span></h1>'


def _period(digest: Digest, texts: Texts) -> str:
    """Since when, and whose hours these are; a note says the former already where an earlier start was taken."""
    city = city_of(digest.timezone)
    if digest.widened:
        return texts("page.hours", city=city)
    day, hour = day_of(digest.since, digest.timezone, texts), hour_of(digest.since, digest.timezone, texts)
    return texts("page.since", day=day, hour=hour, city=city)


def _foot(paper: Paper) -> str:
    digest, texts = paper.digest, paper.texts
    left_out = _left_out(paper) if paper.explain and digest.left_out else ""
    lines = [f'<p class="missing">{text(line)}</p>\n' for line in foot_lines(digest, texts)]
    lines.append(f"<p>{text(texts('page.made'))}</p>\n")
    if any(article.feed.paywall for story in digest.stories for article in story.articles):
        lines.append(f"<p>{text(texts('page.locked'))}</p>\n")
    return left_out + "".join(lines)


def _left_out(paper: Paper) -> str:
    items = "".join(
        f"<li>{link(article.url, f'<bdi>{text(article.title)}</bdi>')} — <bdi>{text(article.outlet)}</bdi>"
        f" ({text(why)})</li>\n"
        for article, why in paper.digest.left_out
    )
    label = paper.texts("page.left_out", articles=counted("articles", len(paper.digest.left_out), paper.texts))
    return f"<details>\n<summary>{text(label)}</summary>\n<ul>\n{items}</ul>\n</details>\n"
