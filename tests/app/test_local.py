"""The local chat on the real desk and store: what is typed and pressed, and what stands in the conversation then."""

import asyncio
import io
from dataclasses import replace

import pytest

from bot.app import LOCAL_CHAT, learn, open_app
from bot.app.local import MOST_WAITING, greet, open_local
from bot.catalog import load_texts
from bot.domain.commands import COMMANDS
from bot.domain.errors import StoreError
from bot.settings import Settings
from bot.web.chat import NotTaken

FR = load_texts()["fr"]
TOKEN = "12:a"  # too short to be mistaken for a real one
NOBODY = ""


@pytest.fixture(scope="module")
def knowledge():
    return learn(Settings())


@pytest.fixture
async def app(tmp_path, knowledge):
    async with open_app(Settings(data_dir=tmp_path), knowledge, worker=True, feeds=()) as app:
        yield app


@pytest.fixture
def chat(app):
    return open_local(app)


async def messages(chat, *, mine=False):
    return [said for said in (await chat.talk.news(0)).messages if said.mine is mine]


async def says(chat, words):
    """The answers to these words."""
    before = len(await messages(chat))
    await chat.say(words, NOBODY)
    return (await messages(chat))[before:]


async def presses(chat, said, words):
    """Press the button of these words under a message; the toast."""
    data = next(b.data for row in said.rows for b in row if words in b.label.replace("\u00a0", " "))
    return await chat.press(said.id, data, NOBODY)


@pytest.mark.parametrize("name", sorted({name for spec in COMMANDS for name in (spec.name, spec.french)}))
async def test_every_command_is_answered_under_both_names(chat, name):
    answers = await says(chat, f"/{name}")

    assert answers
    assert FR("desk.trouble") not in "".join(said.body for said in answers)


async def test_the_first_start_follows_the_examples_and_still_asks_its_questions(app, chat):
    subscription = await app.local_subscription()
    await greet(app, subscription, app.clock.now())
    (menu,) = await says(chat, "/start")
    for words in ("Continuer", "Paris"):
        await presses(chat, (await messages(chat))[-1], words)
        assert (await messages(chat))[-1].id == menu.id  # the message itself goes on
    await presses(chat, (await messages(chat))[-1], "7 h")

    first, done, second = await messages(chat)
    assert "OTAN · Ukraine" in first.body
    assert "OTAN · Ukraine" in second.body
    assert (done.id, done.edited) == (menu.id, True)
    chosen = await app.store.subscription(LOCAL_CHAT)
    assert (chosen.times, chosen.subscribed, chosen.topics) == ((420,), True, subscription.topics)
    assert "7\u00a0h" in (await says(chat, "/start"))[0].body


async def test_the_digest_of_a_start_is_said_once_a_day_and_printed_always(app, chat):
    out = io.StringIO()
    app.platforms["local"] = replace(app.platforms["local"], out=out)
    subscription = await app.local_subscription()
    for _ in range(3):
        await greet(app, subscription, app.clock.now())

    assert len(await messages(chat)) == 1
    assert out.getvalue().count("OTAN · Ukraine") == 3


async def test_who_paused_or_left_is_not_greeted(app, chat):
    await greet(app, replace(await app.local_subscription(), paused=True), app.clock.now())

    assert await messages(chat) == []


async def test_a_press_on_what_is_gone_or_nonsense_gets_a_toast_and_changes_nothing(chat):
    (menu,) = await says(chat, "/themes")
    stale = FR("access.stale")

    assert await chat.press(menu.id + 1, "t", NOBODY) == stale
    for data in ("nothing:at:all", "t@99", "@", "b:h:99999", "é" * 40):
        assert await chat.press(menu.id, data, NOBODY)
    assert await messages(chat) == [menu]


async def test_a_doubled_press_is_done_once_and_answered_twice(app, chat):
    (menu,) = await says(chat, "/themes")
    button = next(b for row in menu.rows for b in row if "OTAN" in b.label)
    await asyncio.gather(*(chat.press(menu.id, button.data, NOBODY) for _ in range(2)))

    assert len(await messages(chat)) == 1
    assert ("otan" in (await app.store.subscription(LOCAL_CHAT)).topics) is button.data.startswith("t:1")


async def test_a_burst_is_answered_in_its_order_and_what_is_too_much_is_refused(chat):
    burst = [chat.say(f"bonjour {number}", NOBODY) for number in range(MOST_WAITING + 5)]
    done = await asyncio.gather(*burst, return_exceptions=True)

    refused = [problem.status for problem in done if isinstance(problem, NotTaken)]
    assert refused == [429] * len(refused)
    typed = [int(said.body.split()[1]) for said in await messages(chat, mine=True)]
    assert len(typed) == len(done) - len(refused) >= MOST_WAITING
    assert typed == sorted(typed)


async def test_4096_emoji_are_a_message_and_one_more_are_not(chat):
    assert await chat.say("🦉" * 4096, NOBODY) == ""
    with pytest.raises(NotTaken, match="4\u00a0096"):
        await chat.say("🦉" * 4097, NOBODY)

    assert [len(said.body) for said in await messages(chat, mine=True)] == [4096]


async def test_after_everything_was_erased_only_the_last_word_is_left(app, chat):
    await says(chat, "un secret")
    (question,) = await says(chat, "/effacer")
    await presses(chat, question, "Tout effacer")

    (last,) = (await chat.talk.news(0)).messages
    assert last.body == FR("forget.done")
    assert await app.store.subscription(LOCAL_CHAT) is None


async def test_the_person_at_the_page_is_the_owner(chat):
    (status,) = await says(chat, "/etat")

    assert FR("status.title") in status.body


async def test_what_was_exported_can_be_saved_and_brought_back(chat):
    await says(chat, "/topics add Drones : drone*")
    await presses(chat, (await messages(chat))[-1], "Enregistrer")
    (said,) = await says(chat, "/exporter")
    name, content = await chat.file(said.id)
    await says(chat, "/horaire 9h")
    await says(chat, "/importer")
    await chat.say("", NOBODY, (name, content))

    assert b"drone*" in content
    assert (await messages(chat, mine=True))[-1].body == f"📎 {name}"
    proposed = (await messages(chat))[-1]
    assert "Remplacer" in "".join(b.label for row in proposed.rows for b in row)
    assert await chat.file(proposed.id) is None


async def test_privacy_says_that_the_conversation_is_kept(chat):
    (said,) = await says(chat, "/confidentialite")

    assert "200" in said.body
    assert FR("privacy.not_stored") not in said.body


async def test_the_page_speaks_the_language_that_was_chosen(app, chat):
    english = replace(await app.local_subscription(), language="en")
    await app.store.edit_subscription(LOCAL_CHAT, lambda _: english)
    page = await chat.page()

    assert '<html lang="en">' in page
    assert 'data-name="topics"' in page


async def test_trouble_with_the_database_is_one_polite_line(chat):
    class Broken:
        async def hear(self, _incoming, _now):
            raise StoreError("the disk is full")

    chat.desk = Broken()
    (said,) = await says(chat, "/start")

    assert said.body == FR("desk.trouble")


async def test_news_go_on_until_the_program_ends(chat):
    news = chat.news(0)
    await says(chat, "/aide")
    version, told = await anext(news)
    chat.talk.close()

    assert told["version"] == version
    assert told["language"] == "fr"
    assert [("<article" in html, html.count("<article")) for html in told["messages"]] == [(True, 1)] * 2
    assert [one async for one in news] == []


@pytest.mark.parametrize(
    ("token", "wanted", "platforms"),
    [
        (None, None, {"local"}),
        (None, False, {"local"}),
        (TOKEN, None, {"telegram"}),
        (TOKEN, False, {"telegram"}),
        (TOKEN, True, {"telegram", "local"}),
    ],
)
async def test_with_a_platform_token_there_is_a_chat_only_where_it_is_wanted(
    tmp_path, knowledge, token, wanted, platforms
):
    settings = Settings(data_dir=tmp_path, telegram_bot_token=token, web_chat=wanted)
    async with open_app(settings, knowledge) as app:
        assert set(app.platforms) == platforms
        assert (open_local(app) is not None) is (wanted is True or (token is None and wanted is None))
        local = app.platforms.get("local")
        assert token is None or local is None or local.out is None
