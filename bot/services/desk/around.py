"""The group around a thread, and the threads within a group: what each has to know of the other."""

from dataclasses import dataclass, replace

from bot.domain.model import Subscription
from bot.domain.modes import NOWHERE, begun_in, given_away
from bot.domain.talk import Place
from bot.ports import Store


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a visit."""

    group: Subscription | None = None  # of a thread: what was chosen for the group itself
    elsewhere: frozenset[str] = NOWHERE  # of a group: topics that its threads took

    def begin(self, place: Place) -> Subscription | None:
        """What holds in a thread that chose nothing yet: as its group chose."""
        return begun_in(place.chat, self.group) if self.group else None


ALONE = Around()


async def look_around(store: Store, place: Place) -> Around:
    """What lies around a place; nothing but groups has threads."""
    if place.kind in {"private", "channel"}:
        return ALONE
    if place.chat.thread:
        return Around(group=await store.subscription(replace(place.chat, thread="")))
    given = given_away(await store.threads_of(place.chat))
    return Around(elsewhere=given.get(place.chat, NOWHERE))
