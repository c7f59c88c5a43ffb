"""The token of the pages is made once, kept for its owner alone, and never lost to a damaged file."""

import logging
import os

import pytest

from bot.app.token import FILE, web_token
from bot.settings import Settings


def test_it_is_made_at_the_first_start_and_kept(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    token = web_token(settings)

    assert len(token) >= 20
    assert web_token(settings) == token
    assert [file.name for file in (tmp_path / "data").iterdir()] == [FILE]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_nobody_else_may_read_it(tmp_path):
    web_token(Settings(data_dir=tmp_path))

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_the_configured_one_counts_and_is_not_written(tmp_path):
    assert web_token(Settings(data_dir=tmp_path, web_token="a-token-of-my-own")) == "a-token-of-my-own"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe" * 20, "é".encode() * 20, b"two\nlines-of-a-token-here"])
def test_a_damaged_file_is_replaced(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    settings = Settings(data_dir=tmp_path)
    token = web_token(settings)

    assert token.encode() != content
    assert web_token(settings) == token


def test_where_it_cannot_be_kept_the_pages_open_all_the_same_and_that_is_said(tmp_path, caplog):
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        token = web_token(Settings(data_dir=tmp_path / "data"))

    assert len(token) >= 20
    assert "another one at the next start" in caplog.text
    assert token not in caplog.text
