"""The three seams between decisions and the world. Each says what it raises, and nothing else is raised."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.alerts import Sighting
from bot.domain.chats import Dialogue, Edit, KnownChat, OwnTopic, Purpose
from bot.domain.editions import Edition, Telling
from bot.domain.figures import Asked, Figures
from bot.domain.model import (
    Article,
    Candidate,
    Chat,
    Digest,
    Feed,
    FeedState,
    FetchedFeed,
    FoundFeed,
    Held,
    MessageState,
    OutgoingMessage,
    ParsedFeed,
    Polled,
    Receipt,
    Run,
    Subscription,
)
from bot.domain.talk import Notice, Said


class Fetcher(Protocol):
    """Feeds and pages over the network. Every method raises FeedError; none blocks the event loop."""

    async def fetch(self, state: FeedState, now: datetime) -> FetchedFeed:
        """Ask for the feed once, conditionally; `body` is None for 304."""

    async def parse(self, fetched: FetchedFeed) -> ParsedFeed:
        """All entries of a body that could be used; a document that is no feed raises FeedError."""

    async def discover(self, typed: str, now: datetime) -> FoundFeed:
        """The feed at an address as a person typed it, or the one that the page there names; a stranger's."""

    async def read_page(self, article: Article, now: datetime) -> str:
        """The article's own text from its page, "" where we may not read it or it holds none."""

    async def close(self) -> None:
        """Close connections and end worker processes."""


class Store(Protocol):
    """All that outlives the process. Every method raises StoreError; each is one transaction.

    `now` is always given; datetimes are aware, UTC, and come back as such. Any number of processes may share a
    PostgreSQL store: what is claimed by one is not given to another before `lease` has passed.
    """

    # --- feeds -------------------------------------------------------------------------------------------------------

    async def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the configured feeds the polled ones: new ones are due now, known ones keep their state, others rest."""

    async def claim_feeds(self, now: datetime, lease: timedelta, limit: int) -> tuple[FeedState, ...]:
        """At most `limit` active, enabled feeds that are due, longest overdue first, claimed until `now + lease`."""

    async def hurry_feeds(self, errors: Sequence[str], now: datetime) -> None:
        """Let feeds be due now whose last failure was of one of these kinds (FeedErrorKind)."""

    async def retry_feeds(self, now: datetime, url: str = "") -> int:
        """Let active feeds that have ended, or fail, be due now; or just the one of this address. How many."""

    async def save_poll(self, polled: Polled, now: datetime) -> Polled:
        """Store the state and the entries of a poll, release the claim, and say how many were new and updated.

        An entry is known by its id within the feed, else by its canonical address anywhere in the same outlet. A known
        one updates (title, summary, link; then it is to be analysed again) and is never new. `published` in the future
        by more than 15 minutes, or None, becomes `now` when first seen; later polls never move a stored date.
        `from_first_poll` is set when the feed had never succeeded before. Sets `new_at` of the state if any was new.
        """

    async def save_states(self, states: Sequence[FeedState], now: datetime) -> None:
        """Store the states after polls that brought nothing, and release the claims; one claimed by another meanwhile
        stays as it is.
        """

    async def feed_states(self) -> tuple[FeedState, ...]:
        """Every active feed of the owner, in the order of outlet and section."""

    async def chat_feeds(self, chat: Chat | None = None) -> tuple[FeedState, ...]:
        """The feeds that a chat added, in that order; those of all chats without one."""

    async def chats_of_feeds(self, ids: Sequence[int]) -> Mapping[int, tuple[Chat, ...]]:
        """Feed → the chats that added it."""

    async def add_chat_feed(self, chat: Chat, feed: Feed, person: str, limit: int, now: datetime) -> FeedState | None:
        """Let a known chat have a feed, due now; None where it has `limit` of them already. What it brings is for the
        chats that have it. An address of the owner's stays the owner's: its state, and nothing is added.
        """

    async def drop_chat_feed(self, chat: Chat, number: int) -> bool:
        """Take a feed from a chat; False where it had none such."""

    async def report_feeds(
        self, reported: Mapping[int, str], notices: Sequence[OutgoingMessage], now: datetime
    ) -> None:
        """Queue notices about feeds, each key once, and remember in `FeedState.reported` what was told of which."""

    # --- articles ----------------------------------------------------------------------------------------------------

    async def unanalysed(self, version: str, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles seen since `since` that were not analysed under this version of the rules, newest first."""

    async def save_analysis(self, found: Candidate, version: str, now: datetime, *, wants_page: bool = False) -> None:
        """Replace what was found in an article (page text, matches, statements) and mark it analysed.

        `wants_page` marks it as one whose page is still to be read.
        """

    async def wanted_pages(self, since: datetime, limit: int) -> tuple[Article, ...]:
        """Articles seen since `since` that were last saved with `wants_page`, newest first."""

    async def candidates(
        self, topics: Sequence[str], since: datetime, until: datetime, chat: Chat | None = None
    ) -> tuple[Candidate, ...]:
        """Articles about any of the topics, published after `since` and until `until`, newest first: those of the
        owner's feeds, and of the feeds that this chat added.
        """

    async def recent_articles(
        self, since: datetime, limit: int, chat: Chat | None = None, *, before: int = 0
    ) -> tuple[Article, ...]:
        """Articles that a chat may read (see `candidates`), published and seen after `since`, the latest stored first,
        without their pages and with the beginning of long summaries; those stored before the article `before`.
        """

    async def latest_match(self, topics: Sequence[str]) -> datetime | None:
        """When the latest article about any of the topics was published; None where there is none."""

    # --- subscriptions and runs --------------------------------------------------------------------------------------

    async def save_subscription(self, subscription: Subscription) -> Subscription:
        """Insert (id 0) or update; a chat has one subscription, so the same chat updates. Returned with its id."""

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """All of them, paused ones too."""

    async def told(self, subscription: int, since: datetime) -> frozenset[int]:
        """Ids of the articles that runs of this subscription have decided about since then."""

    async def enqueue(
        self,
        run: Run,
        messages: Sequence[OutgoingMessage],
        *,
        told: Sequence[int] = (),
        next_due_at: datetime | None = None,
        edition: Edition | None = None,
    ) -> bool:
        """In one transaction: the run, all its messages, the articles it told, what it showed, and when the next one
        is due.

        False, and nothing changed, when that run exists already, or when one of these articles was told meanwhile (see
        `Run.told_since`). `next_due_at` None leaves the subscription as it is;
        otherwise its `last_digest_at` becomes `run.until`.
        """

    async def alerting(self) -> tuple[Subscription, ...]:
        """Those with topics that alert, and those of threads that took topics from their chat."""

    async def threads_of(self, chat: Chat) -> tuple[Subscription, ...]:
        """The subscriptions of a chat's threads."""

    async def sightings(self, topics: Sequence[str], since: datetime, age: timedelta) -> tuple[Sighting, ...]:
        """Articles about these topics seen after `since`, younger than `age` by then; none of a first poll."""

    async def decided(self, articles: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """Subscription that alerts → those of these articles that it was told, or that alerts left to its digest."""

    async def alerts_since(self, subscription: int, moment: datetime) -> int:
        """How many alerts it had since then: runs whose slot begins with « alert- »."""

    async def leave_to_digest(self, run: Run, articles: Sequence[int]) -> None:
        """Store that alerts passed these articles over: they are decided about, and not told."""

    # --- editions ----------------------------------------------------------------------------------------------------

    async def save_edition(self, edition: Edition) -> None:
        """Remember what a digest on demand showed."""

    async def edition(self, chat: Chat, id_: str) -> Edition | None:
        """The edition of that id in this chat, whichever thread; None where it has none such (any more)."""

    async def latest_editions(self, chat: Chat, limit: int) -> tuple[Edition, ...]:
        """What was shown in this chat and thread, the latest first."""

    async def stored_articles(self, ids: Sequence[int], chat: Chat | None = None) -> tuple[Candidate, ...]:
        """Those of these articles that a chat may read, with all that was found in them, in the order given."""

    async def article_at(self, url: str, chat: Chat | None = None) -> int | None:
        """The article of that canonical address that a chat may read: its id."""

    async def tellings(self, subscription: int, articles: Sequence[int]) -> Mapping[int, Telling]:
        """Article → the run of this subscription that decided about it; those that none did are missing."""

    # --- chats -------------------------------------------------------------------------------------------------------

    async def chat(self, chat: Chat) -> KnownChat | None:
        """What is known of a chat; its thread does not matter."""

    async def chat_numbered(self, number: int) -> KnownChat | None:
        """The chat of that id."""

    async def channels_of(self, platform: str, person: str) -> tuple[KnownChat, ...]:
        """The channels that a person configures from their private chat."""

    async def save_chat(self, known: KnownChat) -> KnownChat:
        """Insert, or update the chat of that name; as stored, with its id."""

    async def subscription(self, chat: Chat) -> Subscription | None:
        """The subscription of exactly this chat and thread."""

    async def edit_subscription(self, chat: Chat, edit: Edit) -> Subscription:
        """Store what `edit` makes of the chat's subscription as it stands (None: it has none); nobody comes between."""

    async def change_subscription(self, number: int, change: Callable[[Subscription], Subscription]) -> None:
        """Likewise by its id; nothing happens where it was erased meanwhile."""

    async def suspend(self, chat: Chat, now: datetime) -> None:
        """The chat cannot be reached, as a whole: nothing is sent by schedule, all its choices stay. What is queued for
        it is dead, and counts as not told: the next digest tells it.
        """

    async def revive(self, chat: Chat) -> None:
        """The chat can be reached again; its subscriptions are planned anew, what was held for it is due."""

    async def hold(self, chat: Chat, reason: Held, notice: OutgoingMessage | None, now: datetime) -> bool:
        """We may not write there: nothing is composed until a message arrives, and the notice is queued. False, and
        nothing is queued, where that was known. "closed" is of this thread only, all else of the whole chat.
        """

    async def lose_thread(self, chat: Chat, notice: OutgoingMessage | None, now: datetime) -> None:
        """The thread is no more: what is queued for it goes to the chat itself, and so do its later digests, unless
        the chat is subscribed already; then the thread's subscription ends. The notice is queued once.
        """

    async def claim_probes(self, platforms: Sequence[str], now: datetime, lease: timedelta) -> Mapping[Chat, datetime]:
        """Suspended chats to look after now → since when they are; again after `lease` if nothing is said of one."""

    async def plan_probe(self, chat: Chat, at: datetime | None) -> None:
        """When to look after a suspended chat again; None: it must come to us."""

    async def forget_chat(self, chat: Chat, person: str = "") -> None:
        """Delete everything of a chat and its threads; with `person` also that they own the bot or lead channels."""

    async def move_chat(self, old: Chat, new: Chat) -> None:
        """Give everything of a chat its new id; what was chosen in the old one counts. Harmless when repeated."""

    async def own_topics(self, chat: Chat | None = None) -> tuple[OwnTopic, ...]:
        """The topics that a chat wrote itself, in that order; those of all chats without one."""

    async def own_topic_names(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Id → name of those of these topics that chats wrote."""

    async def add_own_topic(self, chat: Chat, name: str, rule: str, limit: int) -> OwnTopic | None:
        """Store a topic of a known chat; None where it has `limit` of them already."""

    async def change_own_topic(self, chat: Chat, topic: OwnTopic) -> bool:
        """Store another name and rule; False where the chat has no such topic."""

    async def drop_own_topic(self, chat: Chat, topic: str) -> bool:
        """Delete a topic with all that it found, also from the chat's subscriptions; False where it has none such."""

    async def dialogue(self, chat: Chat, person: str, now: datetime) -> Dialogue | None:
        """What the next words of this person mean here; None where nothing is waited for (any more)."""

    async def save_dialogue(self, chat: Chat, person: str, dialogue: Dialogue | None) -> bool:
        """Replace what is waited for; whether anything was before."""

    async def take_turn(self, chat: Chat, what: str, now: datetime, gap: timedelta) -> bool:
        """Whether the chat had no `what` for so long; then it has it now. Of two at once one is told so."""

    async def owners(self) -> frozenset[str]:
        """Who became owner by the link, as platform:person."""

    async def owner_token(self, fresh: str, now: datetime) -> str:
        """The one-time token that makes its opener the owner: the stored one, else `fresh`, which is stored."""

    async def invite(self, token: str, purpose: Purpose, now: datetime) -> None:
        """Store a one-time token."""

    async def use_token(self, token: str, person: Chat) -> Purpose | None:
        """Use a token up: what it was good for; None where it is unknown or was used. An owner's makes one."""

    # --- outbox ------------------------------------------------------------------------------------------------------

    async def claim_message(self, platforms: Sequence[str], now: datetime, lease: timedelta) -> OutgoingMessage | None:
        """The next message that is due on one of these platforms, now `sending`; never one behind an unsent earlier
        one of its chat.
        """

    async def mark_sent(self, message: OutgoingMessage, receipt: Receipt) -> bool:
        """Record the receipt; False if the claim was lost meanwhile."""

    async def mark_failed(
        self,
        message: OutgoingMessage,
        state: MessageState,
        error: str,
        *,
        due: datetime,
        ambiguous: bool = False,
        untold: bool = False,
    ) -> bool:
        """Put a claimed message to `pending` (again at `due`), `unknown` or `dead`; a dead part takes the later parts
        of its run with it. With `untold`, a run of which nothing arrived is told by the next digest. False if the claim
        was lost meanwhile.
        """

    async def put_back(self, message: OutgoingMessage, due: datetime) -> bool:
        """Put a claimed message that was not tried to `pending`: the claim is no attempt. False if it was lost."""

    async def expired(self, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Messages still `sending` though their claim has run out: nobody knows whether they arrived. They are claimed
        anew by this call, so that `mark_failed` decides about each once.
        """

    async def sent_since(self, moment: datetime) -> tuple[tuple[Chat, datetime], ...]:
        """What was sent since then: to whom (threads apart) and when, in that order."""

    async def outbox(self) -> Mapping[MessageState, int]:
        """How many messages are in each state; every state is a key."""

    # --- notes -------------------------------------------------------------------------------------------------------

    async def recall(self, name: str) -> str:
        """What was noted under this name, "" where nothing was."""

    async def note(self, name: str, value: str) -> None:
        """Note it, in place of what was noted."""

    async def lease(self, name: str, now: datetime, length: timedelta) -> bool:
        """Whether this process may do the thing of that name until `now + length`, as no other may."""

    async def release(self, name: str, now: datetime) -> None:
        """Let another process have it at once."""

    # --- local chat --------------------------------------------------------------------------------------------------

    async def keep_said(self, said: Said, most: int) -> Said:
        """Keep a message of the local chat and forget the oldest beyond `most`; as kept. One whose key is kept already
        is returned as it was.
        """

    async def change_said(self, said: Said) -> bool:
        """Give the message of that id another body and other buttons; False where it is not kept (any more)."""

    async def said(self, number: int) -> Said | None:
        """The message of that id."""

    async def said_since(self, version: int) -> tuple[int, tuple[Said, ...]]:
        """The smallest id that is kept (0: none), and what was said or changed after that version, in its order."""

    async def drop_unlisted(self) -> int:
        """Delete every article that no feed we read shows any more, unless an unsent message needs it; how many."""

    # --- upkeep ------------------------------------------------------------------------------------------------------

    async def prune(self, now: datetime, articles: timedelta, statements: timedelta) -> Mapping[str, int]:
        """Delete what is older than its retention (an article: not seen in any feed for that long), page texts after
        7 days; never what an unsent message needs. How many rows of what.
        """

    async def stats(self) -> Mapping[str, int]:
        """Rows of each kind: feeds, articles, pages, matches, statements, subscriptions, runs, sent and so on."""

    async def figures(self, wanted: Asked) -> Figures:
        """How everything is, at one moment: cheap enough for every look at a page, not for every beat."""

    async def waiting_since(self, platforms: Sequence[str], now: datetime) -> datetime | None:
        """Since when the oldest message of these platforms is due although no back-off, hold, limit or earlier message
        of its chat explains it; None where there is none.
        """

    async def close(self) -> None:
        """Close all connections."""


class Platform(Protocol):
    """One chat platform."""

    @property
    def name(self) -> str:
        """What its chats are stored under."""

    def render(self, digest: Digest) -> tuple[str, ...]:
        """The digest as message bodies, each within the platform's limits, cut between stories; at least one."""

    def render_notice(self, notice: Notice) -> str:
        """One line to the person who set up a chat, as a message body."""

    async def send(self, message: OutgoingMessage, now: datetime) -> Receipt:
        """Deliver one rendered message. Raises DeliveryError and nothing else."""

    async def reachable(self, chat: Chat) -> bool:
        """Whether a chat takes messages (again), without disturbing it. DeliveryError where nobody can say."""
