"""What /health is told while Telegram refuses us."""

from bot.domain.talk import Reply
from tests.platforms.telegram.conftest import Core, listening
from tests.telegram.double import refusing


async def test_while_a_token_is_refused_health_says_so_and_updates_are_asked_for_rarely(double, platform, waits):
    alice = double.user("Alice")
    seen = []

    async def wait(length):
        seen.append((length.total_seconds(), platform.trouble))

    platform.pause = wait
    async with listening(platform, Core(Reply("oui"))):
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 0)
        fault = double.faults.order(refusing(401), method="getUpdates", times=4)
        await double.until(lambda: fault.met == 4)
        await alice.says(alice.private, "/aide")
        await double.next_message(alice, 1)

    refused = "Telegram refuses TELEGRAM_BOT_TOKEN"
    assert [told for _, told in seen][-2:] == [refused, refused]
    assert [length for length, _ in seen] == [60, 120, 240, 480]
    assert platform.trouble == ""
    assert waits.lengths == []
