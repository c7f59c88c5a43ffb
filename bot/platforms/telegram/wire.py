"""The real telegram.Bot, with our time limits; and getUpdates as raw objects, so that one odd update stops no other.

Bot.get_updates parses a whole batch at once: an update that it cannot read would come again for ever, and be logged
with what people wrote. The library's own polling loop also ends for good on any 401 or 404, a captive portal's included
(DELIVERY.md 2.1), and forgets what a crash finds in its memory queue. So the request is the library's, the loop ours.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, HTTPXRequest

OFFICIAL = "https://api.telegram.org"
ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")
LONG_POLL = 30  # seconds that Telegram holds a request without news

_CONNECTIONS = 16
_CONNECT = 10.0
_READ = 25.0  # each time limit that is not hit is a message that nobody has to wonder about
_WRITE = 10.0
_POOL = 10.0
_HERE = ("127.0.0.1", "::1", "localhost")

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wire:
    """The connection to one Bot API server as one bot."""

    bot: Bot
    polling: BaseRequest

    async def updates(self, offset: int, wait: int = LONG_POLL) -> Sequence[Raw]:
        """What happened since `offset`, which confirms all before it. Raises TelegramError."""
        asked = {"offset": offset, "timeout": wait, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        url = f"{self.bot.base_url}/getUpdates?{urlencode(asked)}"
        result: object = await self.polling.post(url, read_timeout=wait + _READ)
        if not isinstance(result, list) or not all(isinstance(r, dict) and "update_id" in r for r in result):
            raise TelegramError("the answer to getUpdates holds no updates")
        return result

    async def close(self) -> None:
        """Close all connections."""
        await self.bot.shutdown()
        await self.bot.request.shutdown()
        await self.polling.shutdown()


def open_wire(token: str, api_url: str = OFFICIAL) -> Wire:
    """Nothing is asked yet."""
    root = api_url.rstrip("/")
    # A proxy of the environment leads outside; a Bot API server on this machine is not there.
    outside = urlsplit(root).hostname not in _HERE
    polling, request = _request(1, trust_env=outside), _request(_CONNECTIONS, trust_env=outside)
    bot = Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request,
        get_updates_request=polling,
    )
    return Wire(bot, polling)


def _request(connections: int, *, trust_env: bool) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        write_timeout=_WRITE,
        pool_timeout=_POOL,
        httpx_kwargs={"trust_env": trust_env},
    )
