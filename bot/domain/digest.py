"""What a chat reads, in what order, how much.

Requirements (PRODUCT.md, section 7). Articles about the chat's topics, one story an event; opinion, live tickers,
sponsored text, games, horoscopes and sport results left out; a story told before comes back only with something new.
Stories by independent outlets, topic weight and freshness, and no outlet fills a digest.

How. Candidates hold fresh articles and those told in the days before, so that a follow-up finds its story. A group with
no fresh article is silent; a group with told ones needs a statement or a figure that they did not have. What was
decided about, shown or not, is listed in `article_ids`: it is never decided about again. What a chat wants no more of
is left out: outlets, the statements of a person, and a whole event, known by one of its articles being in the group.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.model import Article, Candidate, Chat, Density, Digest, Grouped, Story, Voice
from bot.domain.stories import KindRules, group_stories, kind_of, representative_order, same_speaker, same_words
from bot.domain.voices import choose_voices

STORIES: dict[Density, int] = {"titres": 15, "standard": 8, "détaillé": 5}
MEMORY = timedelta(days=3)  # how far back a told story can have a follow-up
LATE_NEWS = timedelta(days=2)  # an outlet may publish under an earlier date: seen in the period counts as well
_UNWANTED = "le lecteur n’en veut plus"
_LEADING_SHARE = 3  # one outlet leads at most a third of the stories, as long as there are others
_HALF_LIFE_HOURS = 12.0
_FIGURE = re.compile(r"\d[\d\u00a0\u202f., ]*\d|\d")


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked: topics, the period (after `since`, until `until`), how dense, where."""

    topics: tuple[str, ...]
    since: datetime
    until: datetime
    timezone: str = "Europe/Paris"
    language: str = "fr"
    density: Density = "standard"
    without_outlets: tuple[str, ...] = ()  # what this chat does not want to read
    chat: Chat | None = None  # whose own feeds count beside the owner's
    without_people: tuple[str, ...] = ()  # whose statements it does not want to read
    hidden: frozenset[int] = frozenset()  # articles of events of which it wants no more


def compose_digest(brief: Brief, candidates: Sequence[Candidate], told: frozenset[int], kinds: KindRules) -> Digest:
    """The digest of what is new among the candidates; `told` are the ids of articles decided about before."""
    candidates = [_without_people(c, brief) for c in candidates if c.article.outlet not in brief.without_outlets]
    news, left_out = _news(candidates, kinds)
    fresh = frozenset(c.article.id for c in news if c.article.id not in told and _in_period(c.article, brief))
    stories: list[Story] = []
    found: dict[int, Candidate] = {}
    hidden: list[int] = []
    at_hand = fresh | told | brief.hidden
    for group, why in _groups([c for c in news if c.article.id in at_hand], kinds):
        story = _story(group, fresh, brief, why)
        if isinstance(story, Story):
            stories.append(story)
            found |= {c.article.id: c for c in group}
            continue
        left_out.extend((c.article, story) for c in group if c.article.id in fresh)
        hidden.extend(c.article.id for c in group if story == _UNWANTED)
    limit = STORIES[brief.density]
    ordered = _balanced(sorted(stories, key=_rank), limit)
    shown = _with_voices(ordered[:limit], found, brief.density)
    counted = [article for story in stories for article in story.articles]
    return Digest(
        topics=brief.topics,
        since=brief.since,
        until=brief.until,
        timezone=brief.timezone,
        language=brief.language,
        density=brief.density,
        stories=shown,
        more=len(stories) - len(shown),
        rest=tuple(ordered[limit:]),
        articles=len(counted),
        outlets=len({article.outlet for article in counted}),
        article_ids=_decided(candidates, told, brief),
        left_out=tuple(left_out),
        hidden=tuple(sorted(hidden)),
    )


def _without_people(candidate: Candidate, brief: Brief) -> Candidate:
    """The candidate without the statements of people of whom the chat wants to read less."""
    if not brief.without_people:
        return candidate
    kept = (s for s in candidate.statements if not any(same_speaker(s.speaker, n) for n in brief.without_people))
    return replace(candidate, statements=tuple(kept))


def _with_voices(stories: Sequence[Story], found: Mapping[int, Candidate], density: Density) -> tuple[Story, ...]:
    """The stories with what is said in each; the same words stand only under the first that has them."""
    told: list[Story] = []
    said: list[Voice] = []
    for story in stories:
        candidates = [found[article.id] for article in story.articles]
        voices = choose_voices(candidates, headline=story.headline, density=density, said=said)
        said.extend(voices)
        told.append(replace(story, voices=voices))
    return tuple(told)


def _news(candidates: Sequence[Candidate], kinds: KindRules) -> tuple[list[Candidate], list[tuple[Article, str]]]:
    news: list[Candidate] = []
    left_out: list[tuple[Article, str]] = []
    for candidate in candidates:
        kind, why = kind_of(candidate.article, kinds)
        if kind == "news":
            news.append(candidate)
        else:
            left_out.append((candidate.article, f"{kind} : {why}"))
    return news, left_out


def _in_period(article: Article, brief: Brief) -> bool:
    """Published in the period; or only seen in it, by a feed that we were reading already."""
    published, seen = article.published_at, article.seen_at
    if published is None or published > brief.until:
        return False
    if published > brief.since:
        return True
    late = seen is not None and seen > brief.since and not article.from_first_poll
    return late and published > brief.since - LATE_NEWS


def _decided(candidates: Sequence[Candidate], told: frozenset[int], brief: Brief) -> tuple[int, ...]:
    return tuple(c.article.id for c in candidates if c.article.id not in told and _in_period(c.article, brief))


def _groups(news: Sequence[Candidate], kinds: KindRules) -> list[tuple[list[Candidate], tuple[str, ...]]]:
    grouped: Sequence[Grouped] = group_stories([c.article for c in news], kinds)
    groups: dict[int, list[int]] = {}
    for index, group in enumerate(grouped):
        groups.setdefault(group.story, []).append(index)
    return [([news[i] for i in members], tuple(grouped[i].why for i in members)) for members in groups.values()]


def _story(group: Sequence[Candidate], fresh: frozenset[int], brief: Brief, why: tuple[str, ...]) -> Story | str:
    """The story of a group, or why it is not told."""
    if any(c.article.id in brief.hidden for c in group):
        return _UNWANTED
    new = [c for c in group if c.article.id in fresh]
    before = [c for c in group if c.article.id not in fresh]
    if not new:
        return "déjà raconté"
    if before and not _brings_something(new, before):
        return "déjà raconté, et rien de nouveau depuis"
    articles = representative_order([c.article for c in new])
    reasons = {c.article: reason for c, reason in zip(group, why, strict=True)}
    matches = [match for c in new for match in c.matches if match.topic in brief.topics]
    story = Story(
        articles=tuple(articles),
        topics=tuple(dict.fromkeys(match.topic for match in sorted(matches, key=lambda m: -m.score))),
        follow_up=bool(before),
        why=tuple(reasons[article] for article in articles),
    )
    return replace(story, score=_score(story, max((m.score for m in matches), default=0.0), brief.until))


def _brings_something(new: Sequence[Candidate], before: Sequence[Candidate]) -> bool:
    """A statement, or a figure in title or summary, that what was told did not have."""
    known = [statement for c in before for statement in c.statements]
    fresh = [statement for c in new for statement in c.statements if statement.shown]
    if any(not any(same_words(statement, other) for other in known) for statement in fresh):
        return True
    return bool(_figures(new) - _figures(before))


def _figures(candidates: Sequence[Candidate]) -> set[str]:
    texts = (f"{c.article.title} {c.article.summary}" for c in candidates)
    return {re.sub(r"\D", "", figure) for text in texts for figure in _FIGURE.findall(text)}


def _score(story: Story, topic_weight: float, until: datetime) -> float:
    """Independent outlets first, then how much it is about the topic, then how fresh it is."""
    latest = max((a.published_at for a in story.articles if a.published_at), default=until)
    age = max(0.0, (until - latest).total_seconds() / 3600)
    return math.log2(1 + len(story.outlets)) + topic_weight + 0.5 * math.exp2(-age / _HALF_LIFE_HOURS)


def _rank(story: Story) -> tuple[float, str]:
    return -story.score, story.headline


def _balanced(stories: Sequence[Story], limit: int) -> list[Story]:
    """The same stories; those led by an outlet that leads enough of the first `limit` already come after the others."""
    share = math.ceil(min(len(stories), limit) / _LEADING_SHARE)
    led: dict[str, int] = {}
    first: list[Story] = []
    rest: list[Story] = []
    for story in stories:
        outlet = story.articles[0].outlet
        led[outlet] = led.get(outlet, 0) + 1
        (first if led[outlet] <= share else rest).append(story)
    return first + rest
