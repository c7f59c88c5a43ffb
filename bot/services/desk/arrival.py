"""How a visit begins: whose words or press it is, about which chat, and whether the sender is served there."""

from datetime import datetime

from bot.domain.chats import KnownChat
from bot.domain.model import Chat
from bot.domain.talk import Incoming, Place
from bot.services.desk.around import look_around
from bot.services.desk.office import Office
from bot.services.desk.visit import Choice, Visit


async def arrive(office: Office, incoming: Incoming, target: int, now: datetime) -> Visit | None:
    """The visit that a message or press begins; None where it is about a channel that is not the sender's."""
    place = incoming.place
    if target:
        channel = await _channel(office, incoming, target)
        if channel is None:
            return None
        place = Place(channel.chat, "channel", channel.title)
    store = office.store
    known, subscription = await store.chat(place.chat), await store.subscription(place.chat)
    if subscription and (subscription.suspended_at or subscription.held == "missing") and not target:
        await store.revive(place.chat)  # who speaks can be reached
        subscription = await store.subscription(place.chat)
    own = tuple(Choice(topic.id, topic.name, "", topic.rule) for topic in await store.own_topics(place.chat))
    person = Chat(place.chat.platform, incoming.sender.id)
    owner = str(person) in (office.owners | await store.owners())
    host = await store.chat(incoming.place.chat) if target else known
    return Visit(
        office=office,
        said=incoming.place,
        place=place,
        sender=incoming.sender,
        now=now,
        pressed=bool(incoming.press),
        known=known,
        subscription=subscription,
        owner=owner,
        admitted=office.access == "open" or owner or (host is not None and host.admitted),
        own=own,
        around=await look_around(store, place),
        file=incoming.file,
    )


async def _channel(office: Office, incoming: Incoming, number: int) -> KnownChat | None:
    if incoming.place.kind != "private":
        return None
    known = await office.store.chat_numbered(number)
    if known is None or known.kind != "channel" or known.chat.platform != incoming.place.chat.platform:
        return None
    if known.admin != incoming.sender.id:
        return None
    admin = await office.is_admin(Place(known.chat, "channel", known.title), incoming.sender)
    return known if admin else None
