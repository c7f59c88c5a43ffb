"""The webhook instead of long polling: told to Telegram, told again where it was taken away, and watched.

Whether Telegram reaches us only Telegram can say: once a minute it is asked.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram.error import BadRequest, TelegramError

from bot.domain.errors import ConfigError
from bot.platforms.telegram.answer import Answerer
from bot.platforms.telegram.listen import Listener
from bot.platforms.telegram.wire import ALLOWED_UPDATES

log = logging.getLogger(__name__)

LOOK = timedelta(minutes=1)
RECENT = timedelta(minutes=10)  # a failure that counts while updates wait; an older one is over
UNREACHED = "Telegram cannot reach TELEGRAM_WEBHOOK_URL"


@dataclass(slots=True)
class Hook:
    """Where Telegram brings updates, and the secret that it says there."""

    listener: Listener
    url: str
    secret: str = field(repr=False)
    _set: bool = False

    async def keep(self, answerer: Answerer, stop: asyncio.Event) -> None:
        """Have it set until stopped. Raises ConfigError for an address that Telegram does not take."""
        while not stop.is_set():
            try:
                await self.listener.unless(stop, self._look(answerer.clock.now()))
            except TelegramError as error:
                wait = self.listener.failed(error)
            else:
                wait = LOOK
            await self.listener.unless(stop, answerer.clock.pause(wait))

    async def _look(self, now: datetime) -> None:
        info = await self.listener.wire.bot.get_webhook_info()
        if not self._set or info.url != self.url:
            if self._set:
                log.warning("the webhook was taken away by another program with the same token: it is set again")
            await self._tell()
        elif info.pending_update_count and info.last_error_date and now - info.last_error_date < RECENT:
            # Its words are for the log: they may hold an address.
            if self.listener.trouble != UNREACHED:
                log.error("%s: %s", UNREACHED, info.last_error_message)
            self.listener.trouble = UNREACHED
            return
        self.listener.worked()

    async def _tell(self) -> None:
        bot = self.listener.wire.bot
        try:
            await bot.set_webhook(self.url, allowed_updates=ALLOWED_UPDATES, secret_token=self.secret)
        except BadRequest as error:
            advice = "write a public https address that Telegram can reach"
            raise ConfigError("TELEGRAM_WEBHOOK_URL", f"Telegram does not take it ({error.message})", advice) from None
        if not self._set:
            await self.listener.put_up_menus()
        self._set = True
