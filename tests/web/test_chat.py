"""The chat's routes over real HTTP: who may, what is taken, and how news come."""

import asyncio
import json
from contextlib import AsyncExitStack

import httpx
import pytest

from bot.web import Site, serve_site
from bot.web.chat import LONGEST_BODY, MOST_READERS, ChatDoor, NotTaken, chat_routes

TOKEN = "a-token-of-sixteen"
SAY = {"words": "/start"}
PRESS = {"message": 7, "data": "b:go"}


class Chat:
    """Remembers what it was told; news come as they are put."""

    def __init__(self):
        self.said, self.pressed, self.asked = [], [], []
        self.queue = asyncio.Queue()

    async def page(self):
        return "<!doctype html><title>Verbatim</title>"

    async def say(self, words, language, file):
        if words == "trop":
            raise NotTaken(413, "Message trop long.")
        self.said.append((words, language, *(file or ())))
        return ""

    async def press(self, message, data, language):
        self.pressed.append((message, data, language))
        return "C’est noté."

    async def file(self, message):
        return ("mes thèmes.json", b"<script>") if message == 7 else None

    async def news(self, version):
        self.asked.append(version)
        while (news := await self.queue.get()) != "end":
            yield news


@pytest.fixture
def chat():
    return Chat()


@pytest.fixture
async def address(chat):
    routes = chat_routes(ChatDoor(chat.page, chat.say, chat.press, chat.news, chat.file))
    serving = await serve_site(Site(TOKEN, guarded=tuple(routes), home="/chat"), "127.0.0.1", 0)
    yield serving.address
    await serving.close()


@pytest.fixture
async def client(address):
    async with httpx.AsyncClient(
        base_url=address, trust_env=False, cookies={"verbatim_token": TOKEN}, headers={"Origin": address}
    ) as client:
        yield client


async def test_the_link_opens_the_chat_under_a_strict_policy(client):
    client.cookies.clear()
    answer = await client.get(f"/?token={TOKEN}", follow_redirects=True)

    assert answer.url.path == "/chat"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_what_is_said_and_pressed_arrives_and_a_toast_comes_back(client, chat):
    headers = {"Accept-Language": "en-GB,en;q=0.8"}
    said = await client.post("/chat/say", json=SAY, headers=headers)
    pressed = await client.post("/chat/press", json=PRESS, headers=headers)

    assert (said.json(), chat.said) == ({"toast": ""}, [("/start", "en-GB")])
    assert (pressed.json(), chat.pressed) == ({"toast": "C’est noté."}, [(7, "b:go", "en-GB")])


async def test_a_file_comes_with_or_without_words(client, chat):
    file = {"name": "thèmes.json", "content": "e30="}

    assert (await client.post("/chat/say", json={"words": "", "file": file})).status_code == 200
    assert chat.said == [("", "", "thèmes.json", b"{}")]
    for wrong in ("x", {}, {"name": 1, "content": ""}, {"name": "x", "content": "é"}, {"name": "x", "content": "a"}):
        assert (await client.post("/chat/say", json={"words": "x", "file": wrong})).status_code == 400


async def test_a_file_of_ours_is_saved_and_never_shown(client):
    answer = await client.get("/chat/file/7")

    assert answer.content == b"<script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''mes%20th%C3%A8mes.json"
    assert (await client.get("/chat/file/8")).status_code == 404
    assert (await client.get("/chat/file/x")).status_code == 404


async def test_what_cannot_be_taken_is_told_with_its_status(client):
    answer = await client.post("/chat/say", json={"words": "trop"})

    assert (answer.status_code, answer.json()) == (413, {"toast": "Message trop long."})


@pytest.mark.parametrize("path", ["/chat", "/chat/events", "/chat/chat.js", "/chat/say", "/nowhere"])
@pytest.mark.parametrize("cookie", ["", "wrong", TOKEN[:-1], "é"])
async def test_without_the_right_token_nothing_is_served(client, path, cookie):
    client.cookies.clear()
    headers = {"Cookie": f"verbatim_token={cookie}".encode()} if cookie else {}

    assert (await client.get(path, headers=headers)).status_code == 401


@pytest.mark.parametrize("link", ["/?token=wrong", "/chat?token=", "/chat?token=a-token-of-sixteen-and-more"])
async def test_a_wrong_token_opens_nothing(client, link):
    client.cookies.clear()

    assert (await client.get(link)).status_code == 401


@pytest.mark.parametrize(("path", "sent"), [("/chat/say", SAY), ("/chat/press", PRESS)])
class TestWhatOtherSitesMayNot:
    async def test_a_foreign_host_is_refused(self, client, chat, path, sent):
        foreign = {"Host": "evil.example", "Origin": "http://evil.example"}

        assert (await client.post(path, json=sent, headers=foreign)).status_code == 400
        assert not chat.said + chat.pressed

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9", "https://127.0.0.1"])
    async def test_a_foreign_origin_is_refused(self, client, chat, path, sent, origin):
        assert (await client.post(path, json=sent, headers={"Origin": origin})).status_code == 403
        assert not chat.said + chat.pressed

    async def test_without_an_origin_nothing_is_taken(self, client, chat, path, sent):
        del client.headers["Origin"]

        assert (await client.post(path, json=sent)).status_code == 403
        assert not chat.said + chat.pressed

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    async def test_a_page_of_another_site_is_refused_even_of_another_port_here(self, client, chat, path, sent, site):
        assert (await client.post(path, json=sent, headers={"Sec-Fetch-Site": site})).status_code == 403
        assert not chat.said + chat.pressed

    async def test_a_form_is_refused(self, client, chat, path, sent):
        assert (await client.post(path, data=sent)).status_code == 415
        plain = {"Content-Type": "text/plain"}
        assert (await client.post(path, content=json.dumps(sent), headers=plain)).status_code == 415
        assert not chat.said + chat.pressed

    async def test_it_cannot_be_done_by_a_link(self, client, chat, path, sent):
        assert (await client.get(path, params=sent)).status_code == 405
        assert not chat.said + chat.pressed


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"words": 1}',
        '{"words": " "}',
        "[" * 5000,
        '{"words": "' + "x" * LONGEST_BODY,
    ],
)
async def test_a_body_that_is_no_message_is_one_clear_line(client, chat, body):
    answer = await client.post("/chat/say", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.text) == (400, 'Expected {"words": "…"}.\n')
    assert chat.said == []


@pytest.mark.parametrize("message", [0, -1, 2**53, True, "7", 1.5, None])
async def test_a_press_names_a_message_by_its_number(client, chat, message):
    assert (await client.post("/chat/press", json={"message": message, "data": "x"})).status_code == 400
    assert (await client.post("/chat/press", json={"message": 7, "data": "x" * 65})).status_code == 400
    assert chat.pressed == []


async def test_news_come_as_events_that_say_where_to_go_on(client, chat):
    for news in ((41, {"messages": ["<article>été</article>"]}), None, "end"):
        chat.queue.put_nowait(news)
    async with client.stream("GET", "/chat/events?since=40") as answer:
        text = "".join([piece async for piece in answer.aiter_text()])

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert text.endswith('id: 41\ndata: {"messages": ["<article>été</article>"]}\n\n:\n\n')
    assert chat.asked == [40]


async def test_a_connection_that_broke_goes_on_where_it_was(client, chat):
    for last, version in (("41", 41), ("x" * 99, 0), ("9" * 19, 0), ("-1", 0)):
        chat.queue.put_nowait("end")
        await client.get("/chat/events?since=40", headers={"Last-Event-ID": last})
        assert chat.asked[-1] == version


async def test_more_pages_than_there_is_room_for_are_told_so(client, chat):
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(client.stream("GET", "/chat/events")) for _ in range(MOST_READERS)]
        texts = [page.aiter_text() for page in pages]
        assert {await anext(text) for text in texts} == {"retry: 1000\n\n"}

        assert (await client.get("/chat/events")).status_code == 503
        for _ in pages:
            chat.queue.put_nowait("end")
        assert [[piece async for piece in text] for text in texts] == [[]] * MOST_READERS


@pytest.mark.parametrize("name", ["chat.js", "chat.css", "base.css", "icon.svg"])
async def test_what_the_page_needs_is_served_from_the_package(client, name):
    answer = await client.get(f"/chat/{name}")

    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "://" not in answer.text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", ["chat.py", "..%2Fchat.py", "chat.css.bak"])
async def test_nothing_else_is(client, name):
    assert (await client.get(f"/chat/{name}")).status_code == 404
