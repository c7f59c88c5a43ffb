"""A topic as it would be saved: its rule is read aloud first, and saved on a press.

A draft is a row; it carries a stamp that its buttons repeat, so that an older button never saves a newer draft.
"""

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.domain.chats import OwnTopic
from bot.domain.commands import fold
from bot.domain.errors import RuleError
from bot.domain.model import Subscription
from bot.domain.rulelang import check_limits, parse_rule, read_aloud
from bot.domain.rules import Any, Rule
from bot.domain.talk import Reply
from bot.services.desk import doubts
from bot.services.desk.start import cancel_row
from bot.services.desk.visit import Replies, Rows, Visit

LONGEST_NAME = 40
_SHOWN = 200  # characters of a rule around a mistake
_NAMED = re.compile(r"\s*([^:\n,;*\"«“()+]{1,80}?)\s*:\s*(.+)", re.DOTALL)
_CONDITIONS = {"titre", "title", "source", "pays", "country", "debut", "lead"}  # « titre:otan » names no topic


@dataclass(frozen=True, slots=True)
class Draft:
    """A topic as it would be saved; `topic` is the id of the one that it changes."""

    name: str
    rule: str
    topic: str = ""
    settled: bool = False  # both of two terms are meant, though they rarely occur together
    variants: tuple[str, ...] = ()  # the rules that were perhaps meant; "": this one

    @classmethod
    def unpacked(cls, packed: str) -> "Draft":
        """The draft that was kept."""
        name, rule, topic, settled, variants = json.loads(packed)
        return cls(name, rule, topic, settled, tuple(variants))

    @property
    def packed(self) -> str:
        """As kept until it is saved."""
        return json.dumps([self.name, self.rule, self.topic, self.settled, self.variants], ensure_ascii=False)

    @property
    def stamp(self) -> str:
        """What its buttons repeat."""
        known = json.dumps([self.name, self.rule, self.topic, self.settled])
        return sha256(known.encode("utf-8", "replace")).hexdigest()[:8]


async def propose_text(visit: Visit, text: str) -> Replies:
    """A new topic as typed, with or without a name."""
    name, rule = split_topic(text)
    return await propose(visit, Draft(name or name_of(rule), rule))


async def said_again(visit: Visit, text: str, packed: str) -> Replies:
    """Words typed under a draft are its better version."""
    draft = Draft.unpacked(packed)
    name, rule = split_topic(text)
    return await propose(visit, Draft(name or draft.name, rule, draft.topic))


async def propose(visit: Visit, draft: Draft) -> Replies:
    """What was understood, with the buttons to save it; or what was not, and the question stays open."""
    visit = await visit.remember()
    problem = name_problem(visit, draft.name, draft.topic)
    if problem:
        return (visit.reply("", problem),)
    rule = read_rule(draft.rule)
    if isinstance(rule, RuleError):
        await visit.wait_for(*(("edit", draft.topic) if draft.topic else ("new", "")))
        return (mistaken(visit, draft.rule, rule, buttons=cancel_row(visit)),)
    found = await doubts.ask(visit, rule, settled=draft.settled)
    draft = replace(draft, variants=tuple(variant.rule for variant in doubts.variants(found)))
    await visit.wait_for("draft", draft.packed)
    buttons = (
        *doubts.rows(visit, found, draft.stamp),
        (visit.button(visit.say("button.save"), "t", "y", draft.stamp),),
        (visit.button(visit.say("button.edit"), "t", "w", draft.stamp), *cancel_row(visit)[0]),
    )
    aloud = read_aloud(rule, visit.settings.language)
    told = (visit.say("rule.understood", aloud=aloud), *doubts.lines(visit, found))
    return (visit.reply(draft.name, *told, visit.say("rule.save"), buttons=buttons),)


async def decide(visit: Visit, stamp: str, *, save: bool) -> Replies:
    """Save the draft of that stamp, or ask for a better version."""
    draft = await _kept(visit, stamp, "draft")
    if draft is None:
        return visit.answer("rule.stale")
    if save:
        return await _save(visit, draft)
    return (visit.reply(draft.name, visit.say("rule.again"), cut(draft.rule), buttons=cancel_row(visit)),)


async def take_up(visit: Visit, stamp: str) -> Replies:
    """Make a draft of the rule that was tried."""
    draft = await _kept(visit, stamp, "tried")
    return await propose(visit, draft) if draft else visit.answer("rule.stale")


async def choose(visit: Visit, stamp: str, number: str) -> Replies:
    """Take what was perhaps meant for what was."""
    draft = await _kept(visit, stamp, "draft", "tried")
    if draft is None or number not in {str(n) for n in range(len(draft.variants))}:
        return visit.answer("rule.stale")
    rule = draft.variants[int(number)]
    return await propose(visit, replace(draft, rule=rule, settled=False) if rule else replace(draft, settled=True))


async def _kept(visit: Visit, stamp: str, *steps: str) -> Draft | None:
    """The draft of that stamp, if it is the sender's latest."""
    dialogue = await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    packed = dialogue.payload.partition("|")[2] if dialogue and dialogue.step in steps else ""
    draft = Draft.unpacked(packed) if packed else None
    return draft if draft and draft.stamp == stamp else None


async def _save(visit: Visit, draft: Draft) -> Replies:
    store, chat = visit.office.store, visit.place.chat
    problem = name_problem(visit, draft.name, draft.topic)  # somebody else may have taken the name meanwhile
    if problem:
        return (Reply(toast=problem),)
    await visit.wait_no_more()
    if draft.topic:
        if not await store.change_own_topic(chat, OwnTopic(draft.topic, draft.name, draft.rule)):
            return visit.answer("topics.gone")
        return (visit.reply(draft.name, visit.say("rule.changed"), buttons=back_row(visit)),)
    visit = await visit.remember()
    made = await store.add_own_topic(chat, draft.name, draft.rule, visit.office.max_topics)
    if made is None:
        return visit.answer("rule.too_many", n=visit.office.max_topics)

    def follow(settings: Subscription) -> Subscription:
        return replace(settings, topics=(*settings.topics, made.id))

    visit = await visit.edit(follow)
    return (visit.reply(draft.name, visit.say("rule.saved"), buttons=back_row(visit)),)


def mistaken(visit: Visit, text: str, error: RuleError, *, buttons: Rows = ()) -> Reply:
    """Where a rule cannot be read, why, and what would be right."""
    said = error.said(visit.settings.language)
    at = min(error.position, len(text))
    before, after = text[max(0, at - _SHOWN) : at], text[at : at + _SHOWN]
    advice = said.suggestion[:1].upper() + said.suggestion[1:]
    problem = visit.say("rule.mistake", problem=said.problem, position=error.position + 1)
    return visit.reply("", problem, f"{before} 👉 {after}".strip(), advice, buttons=buttons)


def back_row(visit: Visit) -> Rows:
    """Under what hangs on the list of topics."""
    return ((visit.button(visit.say("button.back_to_topics"), "t"),),)


# --- names and rules -------------------------------------------------------------------------------------------------


def split_topic(text: str) -> tuple[str, str]:
    """« drones: drone*, shahed » → name and rule; a rule alone has no name."""
    found = _NAMED.fullmatch(text)
    if found is None or fold(found[1]) in _CONDITIONS:
        return "", text.strip()
    return " ".join(found[1].split()), found[2].strip()


def name_of(rule: str) -> str:
    """A name for a rule that came without one: its first words."""
    first = re.split(r"[,;\n|]", rule, maxsplit=1)[0]
    return " ".join(re.sub(r"[\"«»“”*()]", " ", first).split())[:LONGEST_NAME].strip()


def name_problem(visit: Visit, name: str, topic: str) -> str:
    """Why a topic cannot have this name, "" where it can; `topic` is the one that would."""
    if not name or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
        return visit.say("rule.no_name")
    if len(name) > LONGEST_NAME:
        return visit.say("rule.long_name", n=LONGEST_NAME)
    if any(fold(choice.name) == fold(name) and choice.id != topic for choice in visit.choices):
        return visit.say("rule.taken", name=name)
    return ""


def read_rule(text: str) -> Rule | RuleError:
    """A rule of a chat, or why it is none."""
    try:
        check_limits(text, Any(()))  # its length, before anybody reads it
        rule = parse_rule(text)
        check_limits(text, rule)
    except RuleError as error:
        return error
    return rule


def cut(rule: str) -> str:
    """A rule as quoted in a question."""
    return rule if len(rule) <= _SHOWN else f"{rule[: _SHOWN - 1]}…"
