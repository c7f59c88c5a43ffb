"""What a digest showed, remembered so that its buttons can be answered: every story as the ids of its articles.

A button holds the short id of an edition and the number of a story. It counts only in the chat whose edition it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from bot.domain.model import Button, Chat, Digest, MessageState, Story
from bot.domain.texts import Texts

Rows = tuple[tuple[Button, ...], ...]
MakeButton = Callable[..., Button]  # label, parts of the data

IN_A_ROW = 8
PAGE = 15  # further stories on one page
_MOST_FURTHER = 10 * PAGE
_MOST_ARTICLES = 40  # of one story


@dataclass(frozen=True, slots=True)
class Edition:
    """One digest as it was shown in a chat. `id` is short, and its own within the chat."""

    id: str
    chat: Chat
    made_at: datetime
    since: datetime
    topics: tuple[str, ...]
    stories: tuple[tuple[int, ...], ...]  # each the ids of its articles, the most representative first
    further: tuple[tuple[int, ...], ...] = ()  # left out for length
    alert: bool = False

    @property
    def everything(self) -> tuple[tuple[int, ...], ...]:
        """All stories in the order of their numbers, which begin at 1."""
        return (*self.stories, *self.further)

    def story(self, number: int) -> tuple[int, ...]:
        """The articles of the story of that number; () where it has none such."""
        return self.everything[number - 1] if 0 < number <= len(self.everything) else ()


@dataclass(frozen=True, slots=True)
class Telling:
    """The run that decided about an article: which slot, when, and what became of its messages."""

    slot: str  # « 08:00 », or what alerts write
    at: datetime
    passed: bool = False  # alerts left it to the digest: not told yet
    state: MessageState | None = None  # of the run's first message; None: it had none
    sent_at: datetime | None = None


def edition_of(digest: Digest, chat: Chat, key: str) -> Edition | None:
    """What this digest shows in a chat; None where it shows nothing. The same key gives the same id."""
    if not digest.stories:
        return None
    return Edition(
        id=blake2b(key.encode("utf-8", "replace"), digest_size=4).hexdigest(),
        chat=chat,
        made_at=digest.until,
        since=digest.since,
        topics=digest.topics,
        stories=tuple(map(_ids, digest.stories)),
        further=tuple(map(_ids, digest.rest[:_MOST_FURTHER])),
        alert=digest.alert,
    )


def rows_under(edition: Edition, texts: Texts | None, make: MakeButton) -> Rows:
    """The buttons under a digest: one a story, and one for those that were left out for length.

    A story that stands alone needs no number.
    """
    count = len(edition.stories)
    if count == 1 and texts:
        numbers = [make(texts("button.details"), "s", edition.id, 1)]
    else:
        numbers = [make(str(number), "s", edition.id, number) for number in range(1, count + 1)]
    further = len(edition.further)
    label = texts("digest.more", n=further) if texts else f"+{further}"
    last = ((make(label, "s", edition.id, "m"),),) if further else ()
    return (*in_rows(numbers), *last)


def in_rows(buttons: list[Button]) -> Rows:
    """Numbers in rows as long as a telephone can show."""
    return tuple(tuple(buttons[start : start + IN_A_ROW]) for start in range(0, len(buttons), IN_A_ROW))


def _ids(story: Story) -> tuple[int, ...]:
    return tuple(article.id for article in story.articles[:_MOST_ARTICLES])
