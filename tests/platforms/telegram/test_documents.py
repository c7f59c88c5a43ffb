"""Files over real HTTP: given as documents, and fetched only by whoever reads them."""

import pytest

from bot.domain.errors import DeliveryError
from bot.domain.model import Chat
from bot.domain.talk import Document, Reply
from tests.platforms.telegram.conftest import Core, listening
from tests.telegram.double import slow_down

GIVEN = Reply("Vos choix", ("En un fichier.",), file=Document("verbatim-2026-11-22.json", '{"é": 1}'.encode()))


@pytest.fixture
def alice(double):
    return double.user("Alice")


async def test_a_file_comes_after_its_words_in_the_same_thread(double, platform, alice):
    forum = double.with_bot(double.supergroup("Forum", alice, forum=True))
    thread = await alice.opens_thread(forum, "Otan")
    async with listening(platform, Core(GIVEN)):
        await alice.says(forum, "/export", thread=thread.id)
        words, file = await double.next_message(forum, 0), await double.next_message(forum, 1)

    assert words.text == "Vos choix\nEn un fichier."
    assert (file.document.name, file.document.content) == ("verbatim-2026-11-22.json", '{"é": 1}'.encode())
    assert [words.thread, file.thread] == [thread.id, thread.id]
    assert (double.refused, double.complaints) == ([], [])


async def test_a_file_that_has_to_wait_is_given_after_the_wait(double, platform, alice, waits):
    double.faults.order(slow_down(3), method="sendDocument")
    async with listening(platform, Core(GIVEN)):
        await alice.says(alice.private, "/export")
        file = await double.next_message(alice, 1)

    assert (file.document.name, waits.seconds) == ("verbatim-2026-11-22.json", [3])


async def test_a_file_is_fetched_when_it_is_read_and_not_before(double, platform, alice):
    async with listening(platform, Core(Reply("Merci"))) as core:
        await alice.sends_file(alice.private, "verbatim.json", b'{"verbatim": 1}')
        await double.next_message(alice, 0)
        (heard,) = core.heard
        assert (heard.text, heard.file.name, heard.file.size) == ("", "verbatim.json", 15)
        assert double.called("getFile") == []

        assert await heard.file.read() == b'{"verbatim": 1}'
    assert len(double.called("getFile")) == 1


async def test_a_file_that_is_gone_is_a_delivery_error_without_the_token(double, platform, alice):
    async with listening(platform, Core(Reply("Merci"))) as core:
        await alice.sends_file(alice.private, "verbatim.json", b"{}")
        await double.next_message(alice, 0)
        double.world.files.clear()

        with pytest.raises(DeliveryError) as caught:
            await core.heard[0].file.read()
    shown = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    assert double.token not in shown


async def test_in_a_group_only_a_file_that_answers_us_or_commands_us_is_heard(double, platform, alice):
    group = double.with_bot(double.supergroup("Vaubrun", alice), admin=True)
    async with listening(platform, Core(Reply("Envoyez le fichier"))) as core:
        await alice.says(group, "/import")
        question = await double.next_message(group, 0)
        await alice.sends_file(group, "holiday.zip", b"1")
        await alice.sends_file(group, "holiday.zip", b"2", caption="look at this")
        await alice.sends_file(group, "verbatim.json", b"3", reply_to=question)
        await alice.sends_file(group, "verbatim.json", b"4", caption="/import")
        await double.next_message(group, 2)

    assert [(one.text, one.file.size if one.file else 0) for one in core.heard] == [
        ("/import", 0),
        ("", 1),
        ("/import", 1),
    ]
    assert {one.place.chat for one in core.heard} == {Chat("telegram", str(group.id))}
