"""When a feed is asked again, and what is remembered of its answer. Pure: states in, states out.

The server's wishes come first, then our interval (rhythm.py); errors back off by doubling; jitter spreads the feeds. A
permanent redirect is believed only after it has held for several polls and within the same site: some are mistakes of
an afternoon, and some are made to follow readers. A feed that is gone (410), or not found for ten days, is not asked
again.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.errors import FeedError
from bot.domain.model import Feed, FeedState, FetchedFeed, ParsedFeed, Polled
from bot.domain.rhythm import FASTEST, interval_of, outside, rate_after, rate_of

LONGEST = timedelta(hours=24)
LONGEST_WISH = timedelta(days=7)
SPREAD = 0.1
MOVES_BELIEVED = 3
FAILURES_BEFORE_RETURN = 3  # of an address that we were moved to: then the configured one is asked again
MISSING_BELIEVED = timedelta(days=10)
NOT_FOUND = 404
MINUTE = timedelta(minutes=1)


def poll_url(state: FeedState) -> str:
    """The address to ask: the configured one until a permanent redirect has held for long enough."""
    return state.moved_to if state.moved_seen >= MOVES_BELIEVED else state.feed.url


def jitter_of(feed: Feed) -> float:
    """A number in [-1, 1] that is always the same for a feed, and evenly spread over feeds."""
    digest = hashlib.blake2b(feed.url.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest) / (2**32 - 1) * 2 - 1


def body_hash(body: bytes) -> str:
    """The fingerprint by which an unchanged body is recognised and never parsed again."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def after_success(
    state: FeedState,
    fetched: FetchedFeed,
    parsed: ParsedFeed | None,
    now: datetime,
    interval: timedelta,
    jitter: float,
) -> FeedState:
    """The state after an answer that could be used; `parsed` is None when it was the same as last time."""
    moved_to, moved_seen = _moved(state, fetched.permanent_url)
    state = _with_wishes(state, parsed, now)
    quiet = now - state.new_at if state.new_at else timedelta()
    conditional = bool(fetched.etag or fetched.last_modified)
    wait = interval_of(interval, state.rate, quiet, conditional=conditional)
    wish = max(fetched.wait or timedelta(), min(state.ttl_minutes * MINUTE, LONGEST))
    next_poll_at = now + _spread(wait, min(wish, LONGEST_WISH), jitter)
    return replace(
        state,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=body_hash(fetched.body) if fetched.body is not None else state.body_hash,
        next_poll_at=outside(next_poll_at, state.skip_hours, state.skip_days),
        polled_at=now,
        succeeded_at=now,
        failures=0,
        error="",
        error_message="",
        failing_since=None,
        missing_since=None,
        moved_to=moved_to,
        moved_seen=moved_seen,
        disabled="",
    )


def after_failure(state: FeedState, error: FeedError, now: datetime, interval: timedelta, jitter: float) -> FeedState:
    """The state after a failed poll; validators are kept, a feed that is gone is not asked again."""
    failures = state.failures + 1
    wait = min(interval * 2 ** min(failures - 1, 12), LONGEST)
    wish = min(error.retry_after or timedelta(), LONGEST_WISH)
    at_home = state.moved_seen < MOVES_BELIEVED
    back = not at_home and failures >= FAILURES_BEFORE_RETURN
    missing_since = None if back else _missing_since(state, error, now)
    return replace(
        state,
        next_poll_at=now + _spread(wait, wish, jitter),
        polled_at=now,
        failures=failures,
        error=error.kind,
        error_message=str(error),
        failing_since=state.failing_since or now,
        missing_since=missing_since,
        moved_to="" if back else state.moved_to,
        moved_seen=0 if back else state.moved_seen,
        disabled=_end(error, missing_since, now) if at_home else state.disabled,
    )


def observed(polled: Polled, succeeded_before: datetime | None, new: int, now: datetime) -> FeedState:
    """The state of a poll once it is known how many new articles it brought."""
    state = polled.state
    if state.error:
        return state
    if succeeded_before:
        state = replace(state, rate=rate_after(state.rate, now - succeeded_before, new))
    return replace(state, new_at=now) if new else state


def _with_wishes(state: FeedState, parsed: ParsedFeed | None, now: datetime) -> FeedState:
    """With what the document says of itself; where it is unchanged, what it said the last time holds."""
    if parsed is None:
        return state
    return replace(
        state,
        rate=rate_of(parsed.entries, now) if state.rate is None else state.rate,
        ttl_minutes=int(min(parsed.ttl or timedelta(), LONGEST) / MINUTE),
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _missing_since(state: FeedState, error: FeedError, now: datetime) -> datetime | None:
    """Since when the server has said nothing but 404; that it cannot be reached at times does not count."""
    if error.status == NOT_FOUND:
        return state.missing_since or now
    return None if error.status else state.missing_since


def _end(error: FeedError, missing_since: datetime | None, now: datetime) -> str:
    """Why it is not asked any more, "" while it is."""
    if error.kind == "gone":
        return "gone"
    return "missing" if missing_since and now - missing_since >= MISSING_BELIEVED else ""


def same_site(old: str, new: str) -> bool:
    """Whether `new` is the same site as `old`, as surely as names tell: the same host, or one below the other.

    `rss.example.fr` and `www.example.fr` are; two neighbours under a domain that strangers share are not. A step from
    https back to http is not.
    """
    before, after = urlsplit(old), urlsplit(new)
    if before.scheme == "https" and after.scheme != "https":
        return False
    one, other = (part.hostname or "" for part in (before, after))
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return bool(one and other) and (one == other or _below(one, other) or _below(other, one))


def _below(host: str, domain: str) -> bool:
    return "." in domain and host.endswith(f".{domain}")


def _moved(state: FeedState, permanent_url: str) -> tuple[str, int]:
    """Where the feed has moved to, and how many polls in a row have said so."""
    settled = state.moved_seen >= MOVES_BELIEVED
    if not permanent_url or not same_site(state.feed.url, permanent_url):
        return (state.moved_to, state.moved_seen) if settled else ("", 0)
    if permanent_url == state.feed.url:
        return "", 0
    if permanent_url == state.moved_to:
        return permanent_url, min(state.moved_seen + 1, MOVES_BELIEVED)
    return permanent_url, 1


def _spread(wait: timedelta, wish: timedelta, jitter: float) -> timedelta:
    """Our own wait moves both ways by a tenth; what a server asked for is only ever made longer."""
    ours = max(min(wait * (1 + SPREAD * jitter), LONGEST), FASTEST)
    theirs = wish * (1 + SPREAD * (jitter + 1) / 2)
    return max(ours, theirs)
