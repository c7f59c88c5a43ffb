import io
from typing import get_args

import pytest

from bot.catalog import load_texts
from bot.domain.model import Chat
from bot.domain.talk import Notice, NoticeKind
from bot.platforms.local import LocalPlatform
from bot.platforms.local.terminal import Terminal

TEXTS = load_texts()


@pytest.fixture
def local():
    return LocalPlatform(io.StringIO(), Terminal(), TEXTS, {})


@pytest.mark.parametrize("kind", get_args(NoticeKind))
@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_notice_names_its_chat_with_nothing_in_it_taken_for_markup(local, kind, language):
    body = local.render_notice(Notice(kind, "<b>Vaubrun</b> & Cie", language))

    assert "&lt;b&gt;Vaubrun&lt;/b&gt; &amp; Cie" in body


async def test_a_terminal_is_always_there(local):
    assert await local.reachable(Chat("local", "1"))
