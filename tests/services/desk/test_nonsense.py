"""Whatever people type or press, they get a short answer or silence, and never an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.commands import COMMANDS
from bot.domain.model import Chat
from bot.domain.talk import Place
from bot.services.desk.rooms import PRESSES
from bot.storage import open_store
from tests.builders import COURRIER, NOW
from tests.services.desk.test_start import subscribed
from tests.services.desk.town import ANNA, BORIS, GROUP, Town

NAMES = sorted({name for spec in COMMANDS for name in (spec.name, spec.french, *spec.aliases)})
NONSENSE = (
    "😀" * 4096,
    "x" * 4096,
    ":",
    "::::",
    "<b>&amp;</b>",
    "-1",
    "\0\ud800\u202e",
    "(((((((((",
    '"',
    "add",
    "add :",
    "rename",
    "rename otan",
    "delete otan",
    "add a: " + "(" * 30,
    "o_aaaaaaaaaaaaaaaa",
    "t_" + "x_" * 40,
    "0h 0h 0h",
    "\n\n",
)


@pytest.fixture(params=["before", "after"])
async def talk(request, anna):
    """Anna before and after she subscribed."""
    return await subscribed(anna) if request.param == "after" else anna


@pytest.mark.parametrize("name", NAMES)
async def test_nonsense_after_any_command_is_answered(talk, name):
    for number, words in enumerate(NONSENSE):
        later = talk.later(minutes=2 * number)
        await later.say(f"/{name} {words}")
        assert later.replies, words
    assert len(await talk.town.store.subscriptions()) <= 1


@pytest.mark.parametrize("step", ["t:n", "h:w", "h:c", "b:c"])
async def test_nonsense_after_a_question_is_answered(anna, step):
    for words in NONSENSE:
        await anna.press_data(step)
        await anna.say(words)
        assert anna.replies, words


async def test_commands_are_understood_with_accents_in_capitals_and_with_our_name(anna):
    for said in ("/Thèmes", "/THEMES", "/thèmes@verbatimbot", "  /themes  ", "/topics@VerbatimBot"):
        assert "OTAN" in (await anna.say(said)).labels
    assert not (await anna.say("/themes@OtherBot")).replies


PRESS = st.builds(
    lambda kind, parts: ":".join([kind, *parts]),
    st.sampled_from(sorted(PRESSES)),
    st.lists(st.sampled_from(["0", "1", "t", "h", "z", "c", "d", "D", "go", "y", "w", "r", "o", "otan", "c1-1", ""])),
)


async def test_any_data_is_answered_and_touches_no_other_chat(tmp_path):
    async with await open_store(f"sqlite:///{tmp_path}/verbatim.db", now=NOW) as store:
        await store.sync_feeds([COURRIER], NOW)
        town = Town(store, {(GROUP.chat.id, ANNA.id)})
        group = await subscribed(town.at(GROUP))
        await group.say("/topics add drones: drone*")
        await group.press("Enregistrer")
        kept = (await group.subscription(), await store.own_topics(GROUP.chat))
        boris = town.at(Place(Chat("telegram", "8")), BORIS)

        presses: list[str] = []

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(PRESS | st.text(max_size=70), st.sampled_from(["", "@1", "@2", "@x"]))
        def collect(data, number):
            presses.append((data + number) or "?")

        collect()
        for press in presses:
            await boris.press_data(press)

        assert (await group.subscription(), await store.own_topics(GROUP.chat)) == kept
