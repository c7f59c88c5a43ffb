"""Every text that the desk says exists; a test of the catalog keeps both languages alike."""

import re
from pathlib import Path

import pytest

from bot.catalog import load_texts
from bot.domain.commands import COMMANDS
from bot.services import desk

KEY = re.compile(r'"([a-z_]+\.[a-z_0-9]+)"')


@pytest.mark.parametrize("file", sorted(Path(desk.__file__).parent.glob("*.py")), ids=lambda file: file.stem)
def test_every_text_that_is_named_exists(file):
    known = load_texts()["fr"].formats

    assert [key for key in KEY.findall(file.read_text(encoding="utf-8")) if key not in known] == []


def test_every_served_command_is_described():
    known = load_texts()["fr"].formats

    assert [spec.name for spec in COMMANDS if spec.served and f"command.{spec.name}" not in known] == []


def test_french_texts_keep_their_spaces_together():
    """No line may begin with « : » or « ? », nor a guillemet stand alone."""
    loose = re.compile(r" [:;!?»]|« | %")

    assert {key: text for key, text in load_texts()["fr"].formats.items() if loose.search(text)} == {}
