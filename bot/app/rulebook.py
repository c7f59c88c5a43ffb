"""The rules in force: those of config/ and those that chats wrote, compiled together, rebuilt when a chat edits one."""

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import suppress
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
        self._read: dict[str, Rule] = {}  # by text: an edit of one reads one

    async def refresh(self, store: Store) -> None:
        """Compile anew if any chat's topic has changed. Matching goes on with the old rules meanwhile."""
        own = await store.own_topics()
        written = tuple((topic.id, topic.rule) for topic in own)
        if written == self._own:
            return
        # A hundred thousand rules take seconds: not on the event loop.
        matcher = await asyncio.to_thread(self._compiled, own)
        mark = hashlib.sha256(repr(written).encode()).hexdigest()[:12] if written else ""
        self.rules = replace(self.rules, matcher=matcher, version=f"{self._version}{mark}")
        self._own = written

    def _compiled(self, own: Iterable[OwnTopic]) -> Matcher:
        read: dict[str, Rule] = {}
        for topic in own:
            # What an earlier version of the language could read and this one cannot, its chat sees when it edits it.
            with suppress(RuleError):
                read[topic.rule] = self._read.get(topic.rule) or parse_rule(topic.rule)
        self._read = read
        return Matcher(self._shipped | {topic.id: read[topic.rule] for topic in own if topic.rule in read})
