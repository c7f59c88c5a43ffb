import tomllib
from pathlib import Path

import pytest

from bot.domain.statements import LanguageRules, compile_language

FRENCH = Path(__file__).parents[3] / "config" / "languages" / "fr.toml"


@pytest.fixture(scope="session")
def french() -> dict[str, object]:
    return tomllib.loads(FRENCH.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rules(french) -> LanguageRules:
    return compile_language(french)
