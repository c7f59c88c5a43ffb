"""Bad input to the whole program: a short answer or silence, never a traceback, and no button that keeps turning."""

from itertools import pairwise

import pytest

from bot.domain.commands import COMMANDS
from tests.e2e.program import button, message_saying, running

NONSENSE = ("!!! ???", "\u202e" + "𝕏" * 60, "<b>&amp;", "99h99 lundredi", "éé" * 120)
EMOJI = "🧨" * 4096  # as many as Telegram lets anybody write
OPEN = {"ACCESS": "open", "OWNER_IDS": "telegram:1"}


@pytest.fixture
def start(double, own, tmp_path):
    double.limits.lift()  # one person types here faster than anybody can
    return lambda: running(double, tmp_path, CONFIG_DIR=str(own), **OPEN)


async def test_nonsense_after_any_command_gets_a_short_answer(double, start):
    alice = double.user("Alice")
    names = [spec.name for spec in COMMANDS] + ["start@verbatim_test_bot", "nimportequoi", "🧨"]
    async with start() as bot:
        await bot.until("t.me/verbatim_test_bot")
        for number, name in enumerate(names):
            await alice.says(alice.private, f"/{name} {NONSENSE[number % len(NONSENSE)]}")
        for words in (EMOJI, f"/themes ajouter {EMOJI[:4000]}", f"/horaire {EMOJI[:4000]}", "\u2066\u202e\u200f", "/"):
            await alice.says(alice.private, words)
        await alice.edits(await alice.says(alice.private, "/privacy"), "/help")
        await finished(double, alice)
        assert await bot.stop() == 0

    untroubled(double, bot)
    answers = [m for m in double.messages(alice) if not m.text.startswith("🗞")]
    assert len(answers) >= len(names)
    assert max(m.units for m in answers) < 2500


async def test_buttons_pressed_twice_late_copied_or_on_what_is_gone_are_all_answered(double, start):
    alice, mallory = double.user("Alice"), double.user("Mallory")
    async with start() as bot:
        await bot.until("t.me/verbatim_test_bot")
        await alice.says(alice.private, "/start")
        menu, go = await double.until(lambda: button(double.messages(alice), "Continuer"))
        data = [b.data for row in menu.buttons for b in row]
        for label in (go, go, "🛡️ OTAN", "✅ 🛡️ OTAN"):
            if label in menu.button_texts:
                await alice.presses(menu, label)
        await finished(double, alice)
        await mallory.says(mallory.private, "/help")
        theirs = await double.next_message(mallory, 0)
        # A tampered client sends anything: another chat's buttons, other chats' numbers, and no sense at all.
        for copied in (*data, "b@1", "b:h:480@1", "h:t:1:99999", "t:1:../../x", "f:y", "🧨" * 16, "x" * 64, ":", "@@"):
            await mallory.presses(theirs, data=copied)
        await finished(double, mallory)
        assert await bot.stop() == 0
    untroubled(double, bot)

    await alice.presses(menu, data="b:go")  # while nobody was there
    async with start() as bot:
        await double.until(lambda: all(press.answered for press in double.world.presses.values()))
        menu.deleted = True
        await alice.presses(menu, data="b:z:Europe/Paris")
        await alice.presses(menu, data="b:h:480", inaccessible=True)
        await finished(double, alice)
        assert await bot.stop() == 0
    # Of what was deleted only the edit is refused, and its answer comes as a new message.
    untroubled(double, bot, refusals=("message to edit not found",))
    assert message_saying(double, alice, "C’est fait")


async def test_in_a_group_only_administrators_set_anything_and_a_bot_thrown_out_stays_quiet(double, start):
    boss, member, stranger = double.user("Cheffe"), double.user("Membre"), double.user("Autre")
    group = double.with_bot(double.supergroup("Rédaction", boss, member, forum=True))
    async with start() as bot:
        await bot.until("t.me/verbatim_test_bot")
        thread = await boss.opens_thread(group, "Presse")
        await member.says(group, "/start", thread=thread.id)
        refused = await double.next_message(group, 0)
        await boss.says(group, "/start", thread=thread.id, anonymous=True)
        menu, go = await double.until(lambda: button(double.messages(group), "Continuer"))
        press = await member.presses(menu, go)
        await double.until(lambda: press.answered)
        assert (refused.thread, menu.thread) == (thread.id, thread.id)
        assert "administrateurs" in press.text
        assert menu.edits == []

        await boss.presses(menu, go)
        await double.until(lambda: menu.edits)
        await boss.kicks_bot(group)
        before = len(double.called("sendMessage"))
        await boss.presses(menu, data="b:z:Europe/Paris")
        await stranger.says(stranger.private, "/help")
        await finished(double, stranger)
        assert (
            len([call for call in double.called("sendMessage")[before:] if call.text("chat_id") == str(group.id)]) <= 1
        )
        assert await bot.stop() == 0

    untroubled(double, bot, refusals=("bot was kicked",))
    assert "C’est fait" not in "".join(m.text for m in double.messages(group))


async def finished(double, person):
    """Everything before this was dealt with: updates of a chat are taken in order, and the last is answered too."""
    before = len(double.messages(person))
    await person.says(person.private, "/privacy")
    words = "Pas gardé"
    await double.until(lambda: any(words in m.text for m in double.messages(person)[before:]), 30)
    await double.until(lambda: all(press.answered for press in double.world.presses.values()))


def untroubled(double, bot, refusals=()):
    """No traceback, every press answered once, nothing refused but what is said."""
    assert "Traceback" not in bot.said
    assert " ERROR " not in bot.said
    assert double.complaints == []
    assert all(press.answered for press in double.world.presses.values())
    harmless = ("message is not modified", *refusals)
    assert [r for r in double.refused if not any(words in r.description for words in harmless)] == []
    ids = [call.text("callback_query_id") for call in double.called("answerCallbackQuery")]
    assert not any(one == other for one, other in pairwise(sorted(ids)))
