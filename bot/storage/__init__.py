"""Adapter: SQLite and PostgreSQL through SQLAlchemy Core, one code for both.

What the tables promise is a constraint wherever a constraint can say it: a feed is known by its address, an article by
its canonical address within its outlet, an item by its id within its feed, a run happens once, a message is queued
once, and at most one message of a chat is in flight.

Decisions:
- An article is thin and its page text stands beside it, so that texts go after seven days without touching anything.
- A statement carries outlet, address, title and date of its article: it outlives the article by months, and who said
  what stays answerable and linkable after the article is gone.
- "Still in the feed" is kept per item and written only when an item leaves its feed or comes back. A poll that brings
  nothing new writes one row, and a feed that answers 304 for months does not lose its articles to the retention.
- An item remembers what its feed last said (a fingerprint). Two feeds of one outlet that word a headline differently
  update the article once each, not at every poll.
- A claim is a row with an owner and an end; recording asks for the owner again, so a late worker cannot overwrite.
"""

from bot.storage.backup import back_up, inspect, restore
from bot.storage.compact import compact
from bot.storage.migrate import upgrade
from bot.storage.store import SqlStore, open_store

__all__ = ["SqlStore", "back_up", "compact", "inspect", "open_store", "restore", "upgrade"]
