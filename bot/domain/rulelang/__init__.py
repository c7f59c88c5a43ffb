"""The rule language: text → rule → text, and what it means in plain words."""

from bot.domain.rulelang.aloud import read_aloud
from bot.domain.rulelang.build import MAX_CHARACTERS, MAX_TERMS, check_limits
from bot.domain.rulelang.parser import parse_rule
from bot.domain.rulelang.printer import print_rule

__all__ = ["MAX_CHARACTERS", "MAX_TERMS", "check_limits", "parse_rule", "print_rule", "read_aloud"]
