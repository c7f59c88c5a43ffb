"""The nouns, in the order a piece of news meets them. All frozen; all datetimes aware, UTC.

Feed → FetchedFeed → Entry → Article → TopicMatch, Statement → Story → Digest → OutgoingMessage → Receipt
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["public", "private", "agency", "institution", "state", "specialist"]
FullText = Literal["auto", "always", "never"]
StatementKind = Literal["direct", "mixed", "indirect", "according-to"]
Polarity = Literal["affirmed", "denied", "hearsay", "question"]
Frame = Literal["clause", "infinitive", "incise", "quote", "according-to"]
Place = Literal["title", "summary", "text"]
StoryKind = Literal["news", "opinion", "live", "sponsored", "game", "horoscope", "sport"]


# --- Feeds ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of an outlet, as configured. `url` identifies it."""

    outlet: str
    url: str
    section: str = ""
    country: str = ""  # ISO 3166 code, EU or INT
    kind: Kind = "private"
    language: str = "fr"
    timezone: str = "Europe/Paris"  # for dates without one
    paywall: bool = False
    full_text: FullText = "auto"
    trusted: bool = True  # the owner's word (feeds.toml): private addresses and any port, though not by redirect


@dataclass(frozen=True, slots=True)
class FeedState:
    """What we remember of a feed between polls. `id` is the store's; 0 before the feed was stored."""

    feed: Feed
    next_poll_at: datetime
    id: int = 0
    etag: str = ""  # validators are opaque: sent back exactly as received
    last_modified: str = ""
    body_hash: str = ""  # of the last body that was parsed: an unchanged body is never parsed again
    polled_at: datetime | None = None  # last attempt
    succeeded_at: datetime | None = None  # last answer that could be used, a 304 included
    new_at: datetime | None = None  # last time it brought a new article
    failures: int = 0  # in a row
    error: str = ""  # FeedError.kind of the last failure; "" when the last attempt succeeded
    error_message: str = ""
    failing_since: datetime | None = None
    moved_to: str = ""  # where a permanent redirect of the same site leads …
    moved_seen: int = 0  # … and in how many polls in a row
    disabled: str = ""  # why it is not polled any more: "gone" (410), "missing" (404 for ten days)
    missing_since: datetime | None = None  # since when the server says that it is not there (404)
    rate: float | None = None  # new articles a day, as observed; None before anything is known
    ttl_minutes: int = 0  # the document's own wishes, which hold when the server only says « unchanged »: RSS <ttl> …
    skip_hours: tuple[int, ...] = ()  # … hours of the day, UTC, in which nobody should ask …
    skip_days: tuple[int, ...] = ()  # … and days, 0 = Monday
    reported: str = ""  # what the owners were told last: "" that all is well, "failing", "ended"


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """The answer to one conditional request. `body` is None when nothing changed (304)."""

    feed: Feed
    fetched_at: datetime
    body: bytes | None
    content_type: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    permanent_url: str = ""  # end of the unbroken prefix of permanent redirects, "" if there was none
    wait: timedelta | None = None  # the longest of the server's wishes (max-age, Expires, Retry-After)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed document: plain text, canonical address. `published` is None where missing or unreadable."""

    id: str  # what identifies it within its feed: guid, else canonical address, else a hash of the title
    url: str  # canonical: trackers, AMP and mobile variants removed; "" where the item has no link
    link: str  # as given
    title: str
    summary: str = ""
    published: datetime | None = None
    whole: bool = True  # False: the document ends within it, so nobody knows whether its words and address do


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that could not be used, and why."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """All that could be used of a feed document, in its order, and what could not."""

    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...] = ()
    ttl: timedelta | None = None  # the document's own wish: RSS <ttl>
    skip_hours: tuple[int, ...] = ()  # UTC
    skip_days: tuple[int, ...] = ()  # 0 = Monday
    title: str = ""  # of the whole feed


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed at an address that a person gave, or that the page there names; `others`: address and title."""

    url: str
    parsed: ParsedFeed
    page: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of one poll. `state` is the feed's state after it."""

    state: FeedState
    entries: tuple[Entry, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    unchanged: bool = False
    new: int = 0  # articles never seen before
    updated: int = 0  # known articles whose title, summary or address changed


# --- Articles ------------------------------------------------------------------------------------------------------

NO_FEED = Feed(outlet="", url="")


@dataclass(frozen=True, slots=True)
class Article:
    """An entry as stored, with the page's text where it was read; or any text (NO_FEED)."""

    title: str
    summary: str = ""
    text: str = ""  # of the page, "" where it was not read
    url: str = ""
    link: str = ""
    published_at: datetime | None = None  # never in the future: see services/poll
    seen_at: datetime | None = None  # first seen
    feed: Feed = NO_FEED
    id: int = 0
    from_first_poll: bool = False  # counts for digests by its date, never for alerts

    @property
    def outlet(self) -> str:
        """The outlet shown to readers."""
        return self.feed.outlet

    @property
    def body(self) -> str:
        """The longest text we have of it, title apart."""
        return self.text or self.summary


@dataclass(frozen=True, slots=True)
class Evidence:
    """A term of a rule found in an article: `start` and `end` are character offsets into that place's text."""

    term: str
    place: Place
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """An article is about a topic. `score` is 0 to 1; only matches that hold with enough weight exist."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what: a speaker, a cue, a content, all in the article's own words.

    `spans` are character offsets into the text named by `place`; `text` is the characters there, several pieces joined
    by « […] ». `speaker` is the resolved name, `mention` the words that stand in the sentence.
    """

    speaker: str
    mention: str
    cue: str  # as it stands: "a indiqué", "a-t-il souligné", "Selon"
    kind: StatementKind
    text: str
    spans: tuple[tuple[int, int], ...]
    frame: Frame = "clause"  # how the source ties cue and content together, hence how the digest may
    connector: str = ""  # "que", "qu'", "de", "d'", "à" or "" between cue and content, as it stands
    role: str = ""
    polarity: Polarity = "affirmed"
    confidence: float = 0.0
    shown: bool = False  # sure enough for a digest
    sentence: int = 0  # index of the sentence in its place
    place: Place = "text"
    cue_span: tuple[int, int] = (0, 0)
    mention_span: tuple[int, int] = (0, 0)


# --- Chats ---------------------------------------------------------------------------------------------------------

Density = Literal["titres", "standard", "détaillé"]
Mode = Literal["digest", "alert", "muted"]  # how a topic is read: see domain/modes
Held = Literal["", "rights", "closed", "missing"]  # rights were taken, the thread was closed, said once to be no chat


@dataclass(frozen=True, slots=True)
class Chat:
    """Where messages go: a chat of a platform, perhaps one thread of it."""

    platform: str
    id: str
    thread: str = ""

    def __str__(self) -> str:
        """As shown to the owner and in keys."""
        return f"{self.platform}:{self.id}" + (f"/{self.thread}" if self.thread else "")


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a chat reads and when. `times` are minutes after local midnight; `weekdays` 0 = Monday."""

    chat: Chat
    topics: tuple[str, ...]
    id: int = 0
    times: tuple[int, ...] = (8 * 60,)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    timezone: str = "Europe/Paris"
    density: Density = "standard"
    language: str = "fr"
    tell_empty: bool = False  # « Rien de nouveau » instead of silence
    next_due_at: datetime | None = None  # None: not planned yet
    last_digest_at: datetime | None = None  # end of the period that its last scheduled digest covered
    paused: bool = False
    paused_until: datetime | None = None  # a pause that ends by itself
    subscribed: bool = True  # False: it chose, but wants digests on demand only
    suspended_at: datetime | None = None  # since when the chat cannot be reached; its choices stay as they are
    held: Held = ""  # why we may not write there now: a message waits, and nothing more is composed meanwhile
    previews: bool = False  # of links
    sound: bool = True
    without_outlets: tuple[str, ...] = ()
    without_people: tuple[tuple[str, int], ...] = ()  # whose statements are not shown, and until when (Unix seconds)
    hidden: tuple[int, ...] = ()  # articles of events of which it wants no more
    muted: tuple[str, ...] = ()  # topics that stay in the list and send nothing
    alerts: tuple[tuple[str, int], ...] = ()  # topics that are told at once, and since when (seconds of Unix time)
    quiet: tuple[int, ...] = ()  # from, to: minutes after local midnight between which alerts wait; () is never
    taken: tuple[str, ...] = ()  # of a thread: topics given to it, which the chat around it reads no more

    @property
    def resting(self) -> bool:
        """Whether nothing is sent by schedule, for whatever reason."""
        return self.paused or not self.subscribed or self.suspended_at is not None or bool(self.held)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may enter a digest, with all that was found in it."""

    article: Article
    matches: tuple[TopicMatch, ...] = ()
    statements: tuple[Statement, ...] = ()


# --- Digests -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """A statement as a digest shows it, with every article that carries the same words, most representative first."""

    statement: Statement
    articles: tuple[Article, ...]
    text: str  # the statement's text, cut inside if it was too long (then it holds « […] »)


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties an article to another of its group: nearly the same title, the same lead, or the same facts."""

    reason: Literal["titles", "lead", "facts"]
    title: str  # of the other one
    words: tuple[str, ...] = ()
    likeness: float = 0.0  # of the titles, 0 to 1


@dataclass(frozen=True, slots=True)
class Grouped:
    """Where an article was put, and why: `story` is the index of the first article of its group, as given."""

    story: int
    kind: StoryKind
    why: str
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of different outlets about one event, most representative first."""

    articles: tuple[Article, ...]
    topics: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()
    follow_up: bool = False  # told before, and something is new
    score: float = 0.0
    why: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The most representative article's own title."""
        return self.articles[0].title

    @property
    def outlets(self) -> tuple[str, ...]:
        """Each outlet once, in the order of the articles."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles))


@dataclass(frozen=True, slots=True)
class Digest:
    """What a chat reads: stories in order, and honest lines about what is missing."""

    topics: tuple[str, ...]
    since: datetime
    until: datetime
    timezone: str
    language: str = "fr"
    density: Density = "standard"
    stories: tuple[Story, ...] = ()
    more: int = 0  # stories left out for length: « +9 autres »
    rest: tuple[Story, ...] = field(default=(), repr=False)  # … which are these, without what was said
    articles: int = 0
    outlets: int = 0
    silent: int = 0  # outlets that have not answered for more than six hours …
    watched: int = 0  # … of so many
    sample: bool = False  # « ÉCHANTILLON : articles inventés »
    widened: bool = False  # the period asked for held nothing: an earlier start was taken, and is said
    alert: bool = False  # told at once, outside of the schedule
    caught_up: bool = False  # a slot was missed: its stories are in here, and that is said
    own_names: tuple[tuple[str, str], ...] = ()  # of topics that the chat wrote itself: id, name
    article_ids: tuple[int, ...] = field(default=(), repr=False)  # all that it decided about, shown or not
    left_out: tuple[tuple[Article, str], ...] = field(default=(), repr=False)  # … and why some are not shown
    hidden: tuple[int, ...] = field(default=(), repr=False)  # articles of events of which the chat wants no more


# --- Delivery ------------------------------------------------------------------------------------------------------

MessageState = Literal["pending", "sending", "sent", "unknown", "dead"]


@dataclass(frozen=True, slots=True)
class Run:
    """One digest of one subscription: (subscription, local date, slot) happens once, whatever restarts."""

    subscription: int
    local_date: str  # ISO date in the subscription's zone
    slot: str  # "08:00", or "now-…" for one on demand, which counts nothing as told
    due_at: datetime
    until: datetime  # the articles up to here were considered …
    since: datetime | None = None  # … from here on: where the next one begins if nothing of this one can be sent
    told_since: datetime | None = None  # what was told since then was left out: refused where more has been meanwhile


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `data` comes back when it is pressed (at most 64 bytes), or `url` is opened."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One part of a run, or a notice, rendered, as it stands in the outbox."""

    key: str  # run + part, or what a notice is about: what has a receipt is never sent again
    chat: Chat
    body: str
    part: int = 1
    parts: int = 1
    id: int = 0
    attempts: int = 0  # this one included
    ambiguous: int = 0  # how many of them may have arrived
    previews: bool = False  # of links, as the chat chose
    sound: bool = True
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows under it


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that a message arrived."""

    message_id: str
    sent_at: datetime
