"""/export gives all that a chat chose as a file, /import takes such a file: it shows what would change, and asks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from bot.domain.chats import KnownChat, OwnTopic
from bot.domain.cities import city_of
from bot.domain.commands import fold
from bot.domain.errors import DeliveryError, RuleError
from bot.domain.model import Subscription
from bot.domain.talk import Document
from bot.domain.timewords import schedule_aloud
from bot.services.archive import MOST_BYTES, OWN, Archive, Unreadable, pack, unpack
from bot.services.desk.start import cancel_row
from bot.services.desk.visit import Replies, Visit
from bot.services.move import Move, Present, carry_feeds, carry_out, merged, plan_move

_SETTINGS = (
    ("density", "density"),
    ("language", "language"),
    ("previews", "previews"),
    ("tell_empty", "empty"),
    ("sound", "sound"),
    ("quiet", "quiet"),
)
_NAMED = 12  # topics in a line


async def export(visit: Visit, _: str) -> Replies:
    """Everything that this chat chose, in all its threads, as a file."""
    chat = replace(visit.place.chat, thread="")
    known = visit.known or KnownChat(chat, kind=visit.place.kind, title=visit.place.title)
    everybody = await visit.office.store.subscriptions()
    here = [one for one in everybody if (one.chat.platform, one.chat.id) == (chat.platform, chat.id)]
    own = await visit.office.store.own_topics(chat)
    feeds = [state.feed for state in await visit.office.store.chat_feeds(chat)]
    if not here and not own and not feeds:
        return visit.answer("export.nothing")
    document = Document(f"verbatim-{visit.now:%Y-%m-%d}.json", pack(known, here, own, feeds, visit.now))
    reply = visit.reply(visit.say("export.title"), visit.say("export.what"), visit.say("export.how"))
    return (replace(reply, file=document),)


async def import_(visit: Visit, argument: str) -> Replies:
    """The question for the file; or the file itself, when it came along or was pasted."""
    if visit.file or argument:
        return await said(visit, argument, "")
    visit = await visit.remember()
    await visit.wait_for("import")
    question = visit.say("import.ask" if visit.private else "import.ask_group")
    return (visit.reply("", question, buttons=cancel_row(visit)),)


async def said(visit: Visit, text: str, _: str) -> Replies:
    """A file, or its content as text: what it would change."""
    content = await _content(visit, text)
    if content is None:
        return _refused(visit, visit.say("import.not_read"))
    archive = unpack(content, visit.now)
    if isinstance(archive, Unreadable):
        language = visit.settings.language
        values = {k: v.line(language) if isinstance(v, RuleError) else v for k, v in archive.values.items()}
        problem = visit.say(f"import.wrong_{archive.problem}", **values)
        where = visit.say("import.where", where=archive.where, problem=problem) if archive.where else problem
        return _refused(visit, visit.say("import.wrong", problem=where))
    problem = _does_not_fit(visit, archive)
    if problem:
        return _refused(visit, problem)
    return await _proposed(visit, archive, content)


async def pressed(visit: Visit, arguments: Sequence[str]) -> Replies:
    """« Remplacer »."""
    dialogue = await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    packed = dialogue.payload.partition("|")[2] if dialogue and dialogue.step == "importing" else ""
    archive = unpack(packed.encode("utf-8", "replace"), visit.now) if packed else None
    if tuple(arguments) != ("y", _stamp(packed)) or not isinstance(archive, Archive):
        return visit.answer("import.stale")
    if _does_not_fit(visit, archive):  # the owner changed something meanwhile
        return visit.answer("import.stale")
    visit = await visit.remember()
    await visit.wait_no_more()
    office, place, move = visit.office, visit.place.chat, await _move(visit, archive)
    done = await carry_out(office.store, move, place, office.max_topics, visit.now)
    await carry_feeds(office.store, office.scout, move, place, visit.sender.id, visit.now)
    return (visit.reply("", visit.say("import.done" if done else "import.half")),)


# --- reading ---------------------------------------------------------------------------------------------------------


async def _content(visit: Visit, text: str) -> bytes | None:
    """What was sent; None where it could not be fetched. One that is too large is not fetched, and refused by size."""
    if visit.file is None:
        return text.encode("utf-8", "replace")
    if visit.file.size > MOST_BYTES:
        return b" " * (MOST_BYTES + 1)
    try:
        return await visit.file.read()
    except DeliveryError:
        return None


def _refused(visit: Visit, line: str) -> Replies:
    return (visit.reply("", line, buttons=cancel_row(visit)),)


def _does_not_fit(visit: Visit, archive: Archive) -> str:
    """Why this bot cannot take what the file says, "" where it can."""
    if len(archive.own) > visit.office.max_topics:
        return visit.say("import.too_many", n=len(archive.own), most=visit.office.max_topics)
    if visit.office.scout and len(archive.feeds) > visit.office.scout.most:
        return visit.say("import.too_many_feeds", n=len(archive.feeds), most=visit.office.scout.most)
    taken = {fold(name) for topic in visit.office.topics for name in topic.names.values()}
    for topic in archive.own:
        if fold(topic.name) in taken:
            return visit.say("import.taken", name=topic.name)
    return ""


async def _move(visit: Visit, archive: Archive) -> Move:
    store, place = visit.office.store, visit.place.chat
    present = Present(
        own=tuple(OwnTopic(choice.id, choice.name, choice.rule) for choice in visit.own),
        feeds=await store.chat_feeds(place),
        shipped={topic.id for topic in visit.office.topics},
        shared=await store.feed_states(),
        takes_feeds=_takes_feeds(visit),
    )
    return plan_move(archive, place, present)


def _takes_feeds(visit: Visit) -> bool:
    return visit.office.scout is not None and visit.office.scout.allowed


# --- what would change -----------------------------------------------------------------------------------------------


async def _proposed(visit: Visit, archive: Archive, content: bytes) -> Replies:
    move = await _move(visit, archive)
    lines = tuple(_changes(visit, move))
    if not lines:
        await visit.wait_no_more()
        return (visit.reply("", visit.say("import.same")),)
    visit = await visit.remember()
    packed = content.decode("utf-8-sig")
    await visit.wait_for("importing", packed)
    buttons = ((visit.button(visit.say("button.replace"), "mv", "y", _stamp(packed)), *cancel_row(visit)[0]),)
    notes = (
        visit.say("import.unknown", names=", ".join(move.unknown[:_NAMED])) if move.unknown else "",
        visit.say("import.left", n=move.left) if move.left else "",
        visit.say("import.no_feeds") if archive.feeds and not _takes_feeds(visit) else "",
    )
    return (visit.reply(visit.say("import.title"), *lines, *notes, visit.say("import.sure"), buttons=buttons),)


def _changes(visit: Visit, move: Move) -> Iterator[str]:
    """A line for everything that would be another."""
    for key, topics in (("added", move.added), ("changed", move.changed), ("dropped", move.dropped)):
        if topics:
            yield visit.say(f"import.{key}", names=", ".join(topic.name for topic in topics[:_NAMED]))
    for key, feeds in (("feeds_added", move.feeds), ("feeds_dropped", [state.feed for state in move.feeds_dropped])):
        if feeds:
            yield visit.say(f"import.{key}", names=", ".join(feed.outlet for feed in feeds[:_NAMED]))
    for wanted in move.subscriptions:
        if wanted.chat == visit.place.chat:
            yield from _differences(visit, visit.settings, merged(visit.settings, wanted))
        else:
            yield visit.say("import.thread", thread=wanted.chat.thread or "–", topics=_names(visit, wanted))


def _differences(visit: Visit, old: Subscription, new: Subscription) -> Iterator[str]:
    pairs = (
        ("topics", _names(visit, old), _names(visit, new)),
        ("schedule", _hours(visit, old), _hours(visit, new)),
        ("digests", *(visit.say(f"import.{_state(one)}") for one in (old, new))),
    )
    for key, before, after in pairs:
        if before != after:
            yield visit.say(f"import.{key}", old=before, new=after)
    others = [label for name, label in _SETTINGS if getattr(old, name) != getattr(new, name)]
    if _modes(old) != _modes(new):
        others.append("modes")
    if set(old.without_outlets) != set(new.without_outlets):
        others.append("outlets")
    if {name for name, _ in old.without_people} != {name for name, _ in new.without_people}:
        others.append("people")
    if others:
        yield visit.say("import.settings", names=", ".join(visit.say(f"import.field_{label}") for label in others))


def _names(visit: Visit, subscription: Subscription) -> str:
    known = {choice.id: choice.name for choice in visit.choices}
    return " · ".join(known.get(topic, topic.removeprefix(OWN)) for topic in sorted(subscription.topics)) or "–"


def _hours(visit: Visit, subscription: Subscription) -> str:
    aloud = schedule_aloud(subscription.times, subscription.weekdays, visit.texts)
    return f"{aloud} ({city_of(subscription.timezone)})"


def _state(subscription: Subscription) -> str:
    if not subscription.subscribed:
        return "state_off"
    return "state_paused" if subscription.paused else "state_on"


def _modes(subscription: Subscription) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(subscription.muted), frozenset(topic for topic, _ in subscription.alerts)


def _stamp(packed: str) -> str:
    return sha256(packed.encode("utf-8", "replace")).hexdigest()[:8]
