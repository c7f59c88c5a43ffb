"""Who may change the settings of a chat: its administrators, asked of Telegram and remembered for a minute."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.domain.talk import Place, Sender
from bot.platforms.telegram.receive import ADMINS
from bot.platforms.telegram.wire import Wire

REMEMBERED = timedelta(seconds=60)
_MOST = 2000  # answers kept at once


@dataclass(frozen=True, slots=True)
class Rights:
    """Asks who is an administrator. When Telegram cannot be asked, nobody is."""

    wire: Wire
    known: dict[tuple[str, str], tuple[bool, datetime]] = field(default_factory=dict)

    async def is_admin(self, place: Place, sender: Sender, now: datetime) -> bool:
        """Whether the sender runs this chat: always in private; as the chat itself; else by membership."""
        if place.kind == "private" or sender.anonymous:
            return place.chat.id == sender.id
        key = (place.chat.id, sender.id)
        answer, until = self.known.get(key, (False, now))
        if until > now:
            return answer
        asked = await self._ask(place.chat.id, sender.id)
        if asked is None:
            return False
        if len(self.known) >= _MOST:
            self.known.clear()
        self.known[key] = (asked, now + REMEMBERED)
        return asked

    async def _ask(self, chat: str, user: str) -> bool | None:
        """None where nobody could say; asking twice does no harm, so a lost answer is asked for once more."""
        for _ in range(2):
            try:
                member = await self.wire.bot.get_chat_member(chat, int(user))
            except (BadRequest, Forbidden):
                return False
            except NetworkError:
                continue
            except (TelegramError, ValueError):
                return None
            return member.status in ADMINS
        return None
