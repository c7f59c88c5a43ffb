"""Who said what: verbatim, rightly attributed, or left out."""

from bot.domain.statements.engine import extract_statements, extract_text, split_sentences
from bot.domain.statements.rules import LanguageRules, compile_language

__all__ = ["LanguageRules", "compile_language", "extract_statements", "extract_text", "split_sentences"]
