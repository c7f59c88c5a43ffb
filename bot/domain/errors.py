"""What can go wrong, drawn.

VerbatimError               one clear sentence for a person; `str(error)` is what is shown
├── ConfigError             a value in a file or in the environment is wrong: where, what, what would be right
├── UsageError              the command line asks for something that does not exist
├── RuleError               a topic rule cannot be read: position, what, suggestion
├── FeedError               a feed or page cannot be used; `kind` is stored and shown in /sources
├── StoreError              the database cannot be reached, is full, is locked or is not ours
└── DeliveryError           a message was not delivered
    ├── ChatGone            blocked, kicked, not found: suspend the chat, keep its configuration
    ├── ChatMoved           the chat has another id now: `new_chat_id`; nothing was sent
    ├── ThreadGone          the thread is no more, the chat is: fall back to the chat
    ├── SlowDown            told to wait: `retry_after`
    ├── NotSent             certainly not sent: retry freely
    ├── Refused             the platform will never take this message
    │   └── NotAllowed      not while we may not write there (rights taken, thread closed): hold
    └── MaybeSent           the answer was lost: it may have arrived

Adapters translate library errors into these; services decide what to do about them. Nobody reads error text.
"""

from datetime import timedelta
from typing import Literal, NamedTuple

FeedErrorKind = Literal[
    "address",  # forbidden or malformed address
    "dns",
    "connect",
    "tls",
    "timeout",
    "http",  # an error status; see `status`
    "gone",  # 410
    "redirects",  # too many, or to a place that it may not lead to
    "too-large",
    "encoding",  # content coding we refuse or cannot undo
    "empty",
    "not-a-feed",  # HTML, a captcha, JSON…
    "challenge",  # a bot wall stands in front of the feed
    "worker",  # the parser was killed after its time limit, or died
]


class VerbatimError(Exception):
    """One clear sentence for a person."""


class ConfigError(VerbatimError):
    """A wrong value in a file or the environment: `source` (file or variable), what is wrong, what would be right."""

    def __init__(self, source: str, problem: str, advice: str = "") -> None:
        self.source, self.problem, self.advice = source, problem, advice
        super().__init__(f"{source}: {problem}" + (f"; {advice}" if advice else ""))


class UsageError(VerbatimError):
    """The command line asks for something that does not exist."""


class Said(NamedTuple):
    """What is wrong with a rule and what would be right, in one language."""

    problem: str
    suggestion: str = ""


class RuleError(VerbatimError):
    """A topic rule that cannot be read; `position` counts characters from 0 in the rule as typed.

    Chats are told in their language; logs and terminals in English.
    """

    def __init__(self, position: int, french: Said, english: Said) -> None:
        self.position, self.french, self.english = position, french, english
        super().__init__(self.line("en"))

    def said(self, language: str) -> Said:
        """In that language, else in French."""
        return self.english if language == "en" else self.french

    def line(self, language: str) -> str:
        """Everything on one line."""
        problem, suggestion = self.said(language)
        between = "; " if language == "en" else "\u00a0; "
        return f"{problem} (position {self.position + 1}){between}{suggestion}"


class FeedError(VerbatimError):
    """A feed or page that cannot be used now, or ever (`kind` "gone")."""

    def __init__(
        self, kind: FeedErrorKind, message: str, *, status: int = 0, retry_after: timedelta | None = None
    ) -> None:
        self.kind: FeedErrorKind = kind
        self.status, self.retry_after = status, retry_after
        super().__init__(message)


class StoreError(VerbatimError):
    """The database cannot be used: what happened and what to do."""


class DeliveryError(VerbatimError):
    """A message was not delivered."""


class ChatGone(DeliveryError):
    """The chat does not want us or is no more. Not `sure`: it was only not found, which may pass."""

    def __init__(self, message: str, *, sure: bool = True) -> None:
        self.sure = sure
        super().__init__(message)


class ChatMoved(DeliveryError):
    """The chat lives on under another id: everything of it is to be moved there."""

    def __init__(self, new_chat_id: str) -> None:
        self.new_chat_id = new_chat_id
        super().__init__(f"the chat is now {new_chat_id}")


class ThreadGone(DeliveryError):
    """The thread was deleted; the chat itself still takes messages."""


class SlowDown(DeliveryError):
    """The platform asks to wait."""

    def __init__(self, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(f"asked to wait {retry_after.total_seconds():.0f} s")


class NotSent(DeliveryError):
    """Certainly not sent: connection refused, no connection free."""


class Refused(DeliveryError):
    """The platform will never take this message as it is."""


class NotAllowed(Refused):
    """We may not write there now, but may again one day: `reason` is "rights" or "closed" (the thread)."""

    def __init__(self, message: str, reason: Literal["rights", "closed"] = "rights") -> None:
        self.reason: Literal["rights", "closed"] = reason
        super().__init__(message)


class MaybeSent(DeliveryError):
    """The answer was lost: the message may have arrived."""
