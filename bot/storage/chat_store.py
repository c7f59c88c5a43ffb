"""The store's methods about chats: each one transaction, as in store.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.chats import Dialogue, Edit, KnownChat, OwnTopic, Purpose
from bot.domain.model import Chat, Held, OutgoingMessage, Subscription
from bot.storage import chats, lives, outages, subscriptions
from bot.storage.engine import Database


class ChatStore:
    """All that is known of chats; the port says what each method means."""

    database: Database

    # --- chats and subscriptions -------------------------------------------------------------------------------------

    async def chat(self, chat: Chat) -> KnownChat | None:
        """The chat of that name; its thread does not matter."""
        async with self.database.read() as connection:
            return await chats.known(connection, chat)

    async def chat_numbered(self, number: int) -> KnownChat | None:
        """The chat of that id."""
        async with self.database.read() as connection:
            return await chats.numbered(connection, number)

    async def channels_of(self, platform: str, person: str) -> tuple[KnownChat, ...]:
        """The channels that a person configures."""
        async with self.database.read() as connection:
            return await chats.channels_of(connection, platform, person)

    async def save_chat(self, known: KnownChat) -> KnownChat:
        """Insert or update by name; as stored."""
        async with self.database.write() as connection:
            await chats.save(connection, known)
            return await chats.known(connection, known.chat) or known

    async def subscription(self, chat: Chat) -> Subscription | None:
        """The subscription of exactly this chat and thread."""
        async with self.database.read() as connection:
            return await subscriptions.of_chat(connection, chat)

    async def edit_subscription(self, chat: Chat, edit: Edit) -> Subscription:
        """Store what `edit` makes of the subscription as it stands; nobody comes between."""
        async with self.database.write() as connection:
            return await chats.edit_subscription(connection, chat, edit)

    async def change_subscription(self, number: int, change: Callable[[Subscription], Subscription]) -> None:
        """Likewise by its id; nothing happens where it was erased meanwhile."""
        async with self.database.write() as connection:
            await chats.change_subscription(connection, number, change)

    async def suspend(self, chat: Chat, now: datetime) -> None:
        """Nothing is sent by schedule to a chat that cannot be reached."""
        async with self.database.write() as connection:
            await outages.suspend(connection, chat, now)

    async def revive(self, chat: Chat) -> None:
        """The chat can be reached again."""
        async with self.database.write() as connection:
            await outages.revive(connection, chat)

    async def hold(self, chat: Chat, reason: Held, notice: OutgoingMessage | None, now: datetime) -> bool:
        """Compose nothing while we may not write there, and queue the notice; False where that was known."""
        async with self.database.write() as connection:
            return await outages.hold(connection, chat, reason, notice, now)

    async def lose_thread(self, chat: Chat, notice: OutgoingMessage | None, now: datetime) -> None:
        """What is to go to this thread goes to the chat itself from now on; the notice is queued once."""
        async with self.database.write() as connection:
            await outages.lose_thread(connection, chat, notice, now)

    async def claim_probes(self, platforms: Sequence[str], now: datetime, lease: timedelta) -> Mapping[Chat, datetime]:
        """Suspended chats to look after now, with the moment since when they are."""
        async with self.database.write() as connection:
            return await outages.claim_probes(connection, platforms, now, lease)

    async def plan_probe(self, chat: Chat, at: datetime | None) -> None:
        """When to look after a suspended chat again; None: it must come to us."""
        async with self.database.write() as connection:
            await outages.plan_probe(connection, chat, at)

    async def forget_chat(self, chat: Chat, person: str = "") -> None:
        """Delete everything of a chat and its threads."""
        async with self.database.write() as connection:
            await lives.forget(connection, chat, person)

    async def move_chat(self, old: Chat, new: Chat) -> None:
        """Give everything of a chat its new id."""
        async with self.database.write() as connection:
            await lives.move(connection, old, new)

    # --- own topics --------------------------------------------------------------------------------------------------

    async def own_topics(self, chat: Chat | None = None) -> tuple[OwnTopic, ...]:
        """The topics that a chat wrote; those of all chats without one."""
        async with self.database.read() as connection:
            return await chats.own_topics(connection, chat)

    async def own_topic_names(self, topics: Sequence[str]) -> Mapping[str, str]:
        """The names of those of these topics that chats wrote."""
        async with self.database.read() as connection:
            return await chats.own_names(connection, topics)

    async def add_own_topic(self, chat: Chat, name: str, rule: str, limit: int) -> OwnTopic | None:
        """Store a topic of a known chat; None where it has `limit` of them already."""
        async with self.database.write() as connection:
            return await chats.add_own_topic(connection, chat, name, rule, limit)

    async def change_own_topic(self, chat: Chat, topic: OwnTopic) -> bool:
        """Store another name and rule; False where the chat has no such topic."""
        async with self.database.write() as connection:
            return await chats.change_own_topic(connection, chat, topic)

    async def drop_own_topic(self, chat: Chat, topic: str) -> bool:
        """Delete a topic with all that it found; False where the chat has no such topic."""
        async with self.database.write() as connection:
            return await chats.drop_own_topic(connection, chat, topic)

    # --- dialogues, turns, invitations -------------------------------------------------------------------------------

    async def dialogue(self, chat: Chat, person: str, now: datetime) -> Dialogue | None:
        """What this person's next words mean here."""
        async with self.database.read() as connection:
            return await chats.waiting(connection, chat, person, now)

    async def save_dialogue(self, chat: Chat, person: str, dialogue: Dialogue | None) -> bool:
        """Replace what is waited for; whether anything was before."""
        async with self.database.write() as connection:
            return await chats.save_dialogue(connection, chat, person, dialogue)

    async def take_turn(self, chat: Chat, what: str, now: datetime, gap: timedelta) -> bool:
        """Whether the chat had none of it for so long; then it has it now."""
        async with self.database.write() as connection:
            return await chats.take_turn(connection, chat, what, now, gap)

    async def owners(self) -> frozenset[str]:
        """Who became owner by the link, as platform:person."""
        async with self.database.read() as connection:
            return await lives.owners(connection)

    async def owner_token(self, fresh: str, now: datetime) -> str:
        """The token that makes its opener the owner: the stored one, else `fresh`, which is stored."""
        async with self.database.write() as connection:
            return await lives.owner_token(connection, fresh, now)

    async def invite(self, token: str, purpose: Purpose, now: datetime) -> None:
        """Store a one-time token."""
        async with self.database.write() as connection:
            await lives.invite(connection, token, purpose, now)

    async def use_token(self, token: str, person: Chat) -> Purpose | None:
        """Use a token up: what it was good for; None where it is unknown or was used."""
        async with self.database.write() as connection:
            return await lives.use(connection, token, person)
