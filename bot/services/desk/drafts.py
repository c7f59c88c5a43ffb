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

    @property
    def packed(self) -> str:
        """As kept until it is saved."""
        return json.dumps([self.name, self.rule, self.topic], ensure_ascii=False)

    @property
    def stamp(self) -> str:
        """What its buttons repeat."""
        return sha256(self.packed.encode("utf-8", "replace")).hexdigest()[:8]


async def propose_text(visit: Visit, text: str) -> Replies:
    """A new topic as typed, with or without a name."""
    name, rule = split_topic(text)
    return await propose(visit, Draft(name or _name_of(rule), rule))


async def said_again(visit: Visit, text: str, packed: str) -> Replies:
    """Words typed under a draft are its better version."""
    draft = Draft(*json.loads(packed))
    name, rule = split_topic(text)
    return await propose(visit, replace(draft, name=name or draft.name, rule=rule))


async def propose(visit: Visit, draft: Draft) -> Replies:
    """What was understood, with the buttons to save it; or what was not, and the question stays open."""
    visit = await visit.remember()
    problem = name_problem(visit, draft.name, draft.topic)
    if problem:
        return (visit.reply("", problem),)
    rule = read_rule(draft.rule)
    if isinstance(rule, RuleError):
        await visit.wait_for(*(("edit", draft.topic) if draft.topic else ("new", "")))
        return (_mistake(visit, draft.rule, rule),)
    await visit.wait_for("draft", draft.packed)
    buttons = (
        (visit.button(visit.say("button.save"), "t", "y", draft.stamp),),
        (visit.button(visit.say("button.edit"), "t", "w", draft.stamp), *cancel_row(visit)[0]),
    )
    aloud = read_aloud(rule, visit.settings.language)
    return (visit.reply(draft.name, visit.say("rule.understood", aloud=aloud), buttons=buttons),)


async def decide(visit: Visit, stamp: str, *, save: bool) -> Replies:
    """Save the draft of that stamp, or ask for a better version."""
    dialogue = await visit.office.store.dialogue(visit.said.chat, visit.sender.id, visit.now)
    packed = dialogue.payload.partition("|")[2] if dialogue and dialogue.step == "draft" else ""
    draft = Draft(*json.loads(packed)) if packed else None
    if draft is None or draft.stamp != stamp:
        return visit.answer("rule.stale")
    if save:
        return await _save(visit, draft)
    return (visit.reply(draft.name, visit.say("rule.again"), cut(draft.rule), buttons=cancel_row(visit)),)


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


def _mistake(visit: Visit, text: str, error: RuleError) -> Reply:
    at = min(error.position, len(text))
    before, after = text[max(0, at - _SHOWN) : at], text[at : at + _SHOWN]
    advice = error.suggestion[:1].upper() + error.suggestion[1:]
    problem = visit.say("rule.mistake", problem=error.problem, position=error.position + 1)
    return visit.reply("", problem, f"{before} 👉 {after}".strip(), advice, buttons=cancel_row(visit))


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


def _name_of(rule: str) -> str:
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
