"""What the fetcher may do, as explicit values: nothing here reads the environment."""

from dataclasses import dataclass
from datetime import timedelta

from bot import __version__
from bot.domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits and manners. `allow_private` and `ports` are for feeds from chats; the owner's own are his word."""

    contact: str = ""  # an address or page for webmasters, in the User-Agent
    allow_private: bool = False
    ports: frozenset[int] = frozenset({80, 443})
    blocked_hosts: frozenset[str] = frozenset()  # refused on every hop, sub-domains included
    proxy: str = ""
    connect: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=30)  # of the answers to one question, redirects and slow drips included
    parse: timedelta = timedelta(seconds=10)
    max_wire: int = 5_000_000
    max_body: int = 10_000_000
    max_redirects: int = 5
    in_flight: int = 30  # the slow ones among them hold a place for `total`: few places would let them stop the others
    host_gap: timedelta = timedelta(seconds=2)  # between two requests to one host, where a clock to wait by is given

    def __post_init__(self) -> None:
        if self.proxy and not self.proxy.lower().startswith(("http://", "https://")):
            raise ConfigError("FEED_PROXY", "only HTTP proxies are known", "write http://host:port")

    @property
    def user_agent(self) -> str:
        """Who we are and how to reach us; never a browser's name."""
        return f"verbatim-bot/{__version__}" + (f" (+{self.contact})" if self.contact else "")
