"""The double itself: a Bot API server for one bot, the people around it, and what the tests look at."""

import asyncio
import inspect
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from tests.telegram.double.bodies import read_fields
from tests.telegram.double.calls import Call, canonical
from tests.telegram.double.chats import GENERAL, Account, Chat, Member, Thread, admin_rights
from tests.telegram.double.faults import Faults
from tests.telegram.double.limits import InFlight, Limits
from tests.telegram.double.messages import Message
from tests.telegram.double.methods import METHODS
from tests.telegram.double.methods.sending import file_path
from tests.telegram.double.people import Person
from tests.telegram.double.refusals import Refusal, refusal
from tests.telegram.double.wire import Answer, Request, Wire
from tests.telegram.double.world import World

TOKEN = "123456789:AAtheTokenOfTheDoubleWhichIsNoneAtAll"
_Seen = TypeVar("_Seen")


@dataclass(frozen=True, slots=True)
class Refused:
    """An error answer that the bot earned."""

    method: str
    code: int
    description: str
    call: Call | None = None


class TelegramDouble:
    """`async with TelegramDouble() as double:` listens on loopback; `double.address` is the API's address."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "verbatim_bot",
        clock: Callable[[], float] = time.time,  # noqa: TID251 - a server of its own, with a clock of its own
        privacy: bool = True,
    ) -> None:
        bot = Account(int(token.partition(":")[0]), "Verbatim", is_bot=True, username=username)
        self.token, self.token_valid = token, True
        self.world = World(bot, clock, privacy=privacy)
        self.faults = Faults()
        self.in_flight = InFlight()
        self.calls: list[Call] = []
        self.refused: list[Refused] = []
        self._wire = Wire(self._respond)

    async def __aenter__(self) -> Self:
        await self._wire.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.world.webhooks.unset()
        await self._wire.close()

    async def goes_down(self) -> None:
        """Cut every connection and refuse new ones; all that happened is kept."""
        await self._wire.close()

    async def comes_up(self) -> None:
        """Listen again, at the same address."""
        await self._wire.open()

    # --- where it is -------------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """For TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._wire.port}"

    @property
    def base_url(self) -> str:
        """For `telegram.Bot(base_url=…)`."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot(base_file_url=…)`."""
        return f"{self.address}/file/bot"

    # --- people and chats --------------------------------------------------------------------------------------------

    def user(self, first_name: str, *, language: str = "fr", username: str = "", last_name: str = "") -> Person:
        """A person who has never met the bot."""
        fields = {"language": language, "username": username, "last_name": last_name}
        return Person(self.world.add_account(first_name, **fields), self.world)

    def group(self, title: str, owner: Person, *members: Person) -> Chat:
        """A basic group, without the bot."""
        return self._peopled(self.world.add_chat("group", title), owner, members)

    def supergroup(self, title: str, owner: Person, *members: Person, forum: bool = False, username: str = "") -> Chat:
        """A supergroup, without the bot; a forum has the General thread."""
        chat = self.world.add_chat("supergroup", title, forum=forum, username=username)
        if forum:
            chat.threads[GENERAL] = Thread(GENERAL, "General")
        return self._peopled(chat, owner, members)

    def channel(self, title: str, owner: Person, *members: Person, username: str = "") -> Chat:
        """A channel, without the bot."""
        return self._peopled(self.world.add_chat("channel", title, username=username), owner, members)

    def with_bot(self, chat: Chat, *, admin: bool = False) -> Chat:
        """The chat with the bot in it since long ago: no update tells of it."""
        me = Member(self.world.bot, "member")
        if admin or chat.type == "channel":
            me = Member(self.world.bot, "administrator", frozenset(admin_rights(chat.type)))
        chat.members[self.world.bot.id] = me
        chat.seen_by_bot = True
        return chat

    def _peopled(self, chat: Chat, owner: Person, members: Iterable[Person]) -> Chat:
        chat.members[owner.id] = Member(owner.account, "creator")
        chat.members |= {person.id: Member(person.account, "member") for person in members}
        return chat

    # --- what tests look at ------------------------------------------------------------------------------------------

    @property
    def limits(self) -> Limits:
        """The flood limits and everything that was counted under them."""
        return self.world.limits

    @property
    def complaints(self) -> list[str]:
        """What the server took, but nobody can have meant: unknown parameters, dropped links, costs."""
        return self.world.complaints

    def messages(self, chat: Chat | Person | None = None) -> list[Message]:
        """What the bot delivered, in order, to one chat or to all; deleted messages too."""
        place = chat.private if isinstance(chat, Person) else chat
        return [message for message in self.world.sent if place is None or message.chat is place]

    def called(self, method: str) -> list[Call]:
        """All requests for a method, refused ones too."""
        return [call for call in self.calls if call.method == method]

    async def until(self, seen: Callable[[], _Seen], seconds: float = 10.0) -> _Seen:
        """Wait for something to become true and return it; looks again whenever anything happens here."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := seen()):
                    await self.world.changed.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"not seen within {seconds:g} s; refused: {self.refused}") from None

    async def next_message(self, chat: Chat | Person, after: int, seconds: float = 10.0) -> Message:
        """The bot's message number `after` (from 0) in a chat, waiting for it."""
        return (await self.until(lambda: self.messages(chat)[after:], seconds))[0]

    # --- answering ---------------------------------------------------------------------------------------------------

    async def _respond(self, request: Request) -> Answer:
        path = unquote(urlsplit(request.target).path)
        if path.startswith("/file/bot"):
            return self._download(path)
        try:
            call = self._read(request, path)
        except Refusal as error:
            self.refused.append(Refused(path.rpartition("/")[2], error.code, error.description))
            return _json(error.code, error.as_json())
        if not call.method.startswith("send"):
            return await self._answer(call)
        with self.in_flight.counting(call.text("chat_id")):
            return await self._answer(call)

    async def _answer(self, call: Call) -> Answer:
        """The answer, or what was ordered in its place."""
        fault = self.faults.take(call.method, call.fields.values.get("chat_id"))
        if fault is None:
            return await self._carry_out(call)
        good = await self._carry_out(call) if fault.ending.delivers else None
        self.world.touch()
        return await fault.end(good)

    def _read(self, request: Request, path: str) -> Call:
        token, _, method = path.removeprefix("/bot").partition("/")
        self._check_token(token)
        name = canonical(method)
        if name is None:
            self.world.complaints.append(f"the double does not speak the method « {method} »")
            raise refusal(404, "method not found")
        call = Call(name, read_fields(request), self.world.clock())
        self.calls.append(call)
        self.world.complaints += call.complaints()
        return call

    def _check_token(self, token: str) -> None:
        if not token.partition(":")[0].isdigit():
            raise Refusal(404, "Not Found")
        if token != self.token or not self.token_valid:
            raise Refusal(401, "Unauthorized")

    async def _carry_out(self, call: Call) -> Answer:
        try:
            result = METHODS[call.method](self.world, call)
            if inspect.isawaitable(result):
                result = await result
        except Refusal as error:
            self.refused.append(Refused(call.method, error.code, error.description, call))
            self.world.touch()
            return _json(error.code, error.as_json())
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            # Parameters so wrong that no check foresaw them, or a fault of the double: a test must see either.
            self.complaints.append(f"{call.method} broke the double: {error!r}")
            return _json(500, Refusal(500, "Internal Server Error").as_json())
        return _json(200, {"ok": True, "result": result})

    def _download(self, path: str) -> Answer:
        token, _, wanted = path.removeprefix("/file/bot").partition("/")
        for file in self.world.files.values():
            if token == self.token and file_path(file) == wanted:
                return Answer(200, file.content, "application/octet-stream")
        return _json(404, Refusal(404, "Not Found").as_json())


def _json(status: int, body: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(body).encode())
