"""The rules in force: those of config/ and those that chats wrote, compiled together, rebuilt when a chat edits one."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.chats import OwnTopic
from bot.domain.errors import RuleError
from bot.domain.matcher import Matcher
from bot.domain.rulelang import parse_rule
from bot.domain.rules import Rule, Topic
from bot.ports import Store
from bot.services.analyse import Rules


class Rulebook:
    """Holds the compiled rules; `refresh` looks whether chats have edited theirs."""

    def __init__(self, rules: Rules, topics: Iterable[Topic]) -> None:
        self.rules = rules
        self._shipped = {topic.id: topic.rule for topic in topics}
        self._version = rules.version
        self._own: tuple[tuple[str, str], ...] = ()

    async def refresh(self, store: Store) -> None:
        """Compile anew if any chat's topic has changed. Matching goes on with the old rules meanwhile."""
        own = await store.own_topics()
        written = tuple((topic.id, topic.rule) for topic in own)
        if written == self._own:
            return
        # A hundred thousand rules take seconds: not on the event loop.
        matcher = await asyncio.to_thread(Matcher, self._shipped | _readable(own))
        mark = hashlib.sha256(repr(written).encode()).hexdigest()[:12] if written else ""
        self.rules = replace(self.rules, matcher=matcher, version=f"{self._version}{mark}")
        self._own = written


def _readable(own: Iterable[OwnTopic]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for topic in own:
        try:
            rules[topic.id] = parse_rule(topic.rule)
        except RuleError:  # read by an earlier version of the language: its chat sees it when it edits it
            continue
    return rules
