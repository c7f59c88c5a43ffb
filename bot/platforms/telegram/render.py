"""Pure: Digest → HTML messages of Telegram, cut between stories, each within 3,900 UTF-16 units and 90 entities.

A single story that is longer than a message gives way in steps: fewer outlets behind a statement, shorter texts marked
« […] », then fewer statements, said by a line. The head stands on every part, because a part may be forwarded alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.model import Article, Digest, Story, Voice
from bot.domain.phrases import OUTLETS_SHOWN, count_line, counted, foot_lines, head_line, head_notes, outlet_label
from bot.domain.telling import ELLIPSIS, tell
from bot.domain.texts import Texts
from bot.domain.voices import deep_link
from bot.platforms.telegram.markup import FULL, Block, Line, Run, Size, clean, cut, html_of, packed, units

_HEAD_UNITS = 300
_NAME = Size(40, 1)
_BULLET = "   • "
_INDENT = "   "
_HOLE = "\0"  # stands for the links while a text is filled in


@dataclass(frozen=True, slots=True)
class _Form:
    """How much of a story is shown: outlets behind a statement (None: all), and the limits of texts and names."""

    outlets: int | None = None
    text: Size = FULL
    label: Size = FULL


_FORMS = (
    _Form(),
    _Form(outlets=OUTLETS_SHOWN),
    _Form(outlets=OUTLETS_SHOWN, text=Size(500, 10), label=Size(60, 1)),
)


def render_digest(digest: Digest, texts: Texts, names: Mapping[str, str]) -> tuple[str, ...]:
    """The digest as messages; at least one, the head of an empty one."""
    reserved = _title(digest, texts, names, " (99/99)")
    first, later = _head(digest, texts, reserved), _carry(digest, texts, reserved)
    room = Size(FULL.units - max(first.size.units, later.size.units) - len("\n\n"), FULL.entities - 10)
    one_line = digest.density == "titres"
    blocks = [
        _title_line(number, story, texts) if one_line else _story(number, story, texts, room)
        for number, story in enumerate(digest.stories, start=1)
    ]
    if one_line and blocks:
        blocks[0] = replace(blocks[0], gap="\n\n")
    foot = tuple((Run(clean(line), "i"),) for line in foot_lines(digest, texts))
    if foot:
        blocks.append(Block(foot))
    return _numbered(digest, texts, names, packed(blocks, first.size, later.size))


def _numbered(
    digest: Digest, texts: Texts, names: Mapping[str, str], groups: Sequence[Sequence[Block]]
) -> tuple[str, ...]:
    parts = []
    for part, group in enumerate(groups, start=1):
        mark = f" {texts('digest.part', part=part, parts=len(groups))}" if len(groups) > 1 else ""
        title = _title(digest, texts, names, mark)
        head = _head(digest, texts, title) if part == 1 else _carry(digest, texts, title)
        parts.append(html_of((head, *group)))
    return tuple(parts)


# --- head ------------------------------------------------------------------------------------------------------------


def _title(digest: Digest, texts: Texts, names: Mapping[str, str], mark: str) -> Line:
    named = {**names, **dict(digest.own_names)}
    shown = {topic: cut(clean(named.get(topic, topic)), _NAME) for topic in digest.topics}
    digest = replace(digest, own_names=())
    line = head_line(digest, texts, shown)
    count = len(digest.topics)
    while units(line) > _HEAD_UNITS and count > 1:
        count -= 1
        rest = texts("digest.more_outlets", n=len(digest.topics) - count)
        line = head_line(replace(digest, topics=(*digest.topics[:count], rest)), texts, shown)
    return Run("🗞 "), Run(line, "b"), Run(mark)


def _head(digest: Digest, texts: Texts, title: Line) -> Block:
    """What the first part begins with."""
    notes = tuple((Run(clean(note), "i"),) for note in head_notes(digest, texts))
    carry = _carry(digest, texts, title)
    return replace(carry, lines=(*carry.lines, (Run(clean(count_line(digest, texts))),), *notes))


def _carry(digest: Digest, texts: Texts, title: Line) -> Block:
    """What every part begins with: invented articles are said to be so in each."""
    sample = ((Run(clean(texts("digest.sample")), "b"),),) if digest.sample else ()
    return Block((*sample, title))


# --- stories ---------------------------------------------------------------------------------------------------------


def _story(number: int, story: Story, texts: Texts, room: Size) -> Block:
    """A headline, what was said, and who tells it; as much of it as one message holds."""
    for form in _FORMS:
        block = _story_in(form, number, story, texts)
        if block.size.fits(room):
            return block
    for kept in range(len(story.voices) - 1, -1, -1):
        block = _story_in(_FORMS[-1], number, replace(story, voices=story.voices[:kept]), texts)
        block = replace(block, lines=(*block.lines[:-1], (Run(_INDENT + ELLIPSIS),), block.lines[-1]))
        if block.size.fits(room):
            break
    return block


def _story_in(form: _Form, number: int, story: Story, texts: Texts) -> Block:
    headline = cut(clean(story.headline), form.text)
    first: Line = (Run(f"{number}. {_follow_up(story, texts)}{headline}", "b"),)
    voices = tuple(_voice(voice, texts, form) for voice in story.voices)
    return Block((first, *voices, (Run(_INDENT), *_outlets(story, texts, form))))


def _voice(voice: Voice, texts: Texts, form: _Form) -> Line:
    line = cut(clean(tell(voice.statement, voice.text) or voice.text), form.text)
    articles = voice.articles[: form.outlets]
    links = [_link(deep_link(article, voice.statement), article, texts, form) for article in articles]
    rest = len(voice.articles) - len(articles)
    more = (Run(f" {texts('digest.more_outlets', n=rest)}"),) if rest else ()
    return Run(_BULLET), Run(line), Run(" — "), *_joined(links, ", "), *more


def _title_line(number: int, story: Story, texts: Texts) -> Block:
    """A story as one line: its headline, and the outlet that it is taken from."""
    form, first = _FORMS[-1], story.articles[0]
    title = cut(clean(story.headline), form.text)
    others = len(story.outlets) - 1
    more = (Run(f" {texts('digest.more_outlets', n=others)}"),) if others else ()
    line = (
        Run(f"{number}. {_follow_up(story, texts)}{title}"),
        Run(" — "),
        _link(first.url, first, texts, form),
        *more,
    )
    return Block((line,), gap="\n")


def _follow_up(story: Story, texts: Texts) -> str:
    return f"{texts('digest.follow_up')}\u00a0: " if story.follow_up else ""


def _outlets(story: Story, texts: Texts, form: _Form) -> Line:
    """« 5 médias : A · B · C +2 », or the one outlet alone."""
    first: dict[str, Article] = {}
    for article in story.articles:
        first.setdefault(article.outlet, article)
    shown = [_link(article.url, article, texts, form) for article in first.values()][:OUTLETS_SHOWN]
    if len(first) == 1:
        return tuple(shown)
    label = counted("outlets", len(first), texts)
    before, after = texts("digest.outlets", outlets=label, names=_HOLE).split(_HOLE)
    rest = len(first) - len(shown)
    more = f" {texts('digest.more_outlets', n=rest)}" if rest else ""
    return Run(before), *_joined(shown, " · "), Run(more + after)


def _link(url: str, article: Article, texts: Texts, form: _Form) -> Run:
    label = cut(clean(outlet_label(article, texts)), form.label)
    # A space or a control character would end the address, or the link would be dropped without a word.
    href = "".join(character for character in clean(url) if character != " ")
    return Run(label, href=href if href.startswith(("http://", "https://")) else "")


def _joined(links: Iterable[Run], between: str) -> Line:
    runs: list[Run] = []
    for link in links:
        runs.extend((Run(between), link) if runs else (link,))
    return tuple(runs)
