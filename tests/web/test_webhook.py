"""Telegram's calls: who is let in, what is taken, and that it is taken once."""

import json
from contextlib import suppress

import httpx
import pytest

from bot.web import Site, serve_site
from bot.web.webhook import MOST_BYTES, REMEMBERED, SECRET_HEADER, Webhook

SECRET = "un-secret_1"
RIGHT = {SECRET_HEADER: SECRET}


class Ear:
    """What was taken; it can be closed."""

    def __init__(self):
        self.heard, self.open = [], True

    def take(self, update):
        if self.open:
            self.heard.append(update)
        return self.open


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
async def caller(ear):
    hook = Webhook("/telegram", SECRET, ear.take)
    site = Site("a-token-of-sixteen", anywhere=tuple(hook.routes()))
    serving = await serve_site(site, "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False) as client:
        yield client
    await serving.close()


async def test_an_update_with_the_secret_is_taken_under_the_public_host(caller, ear):
    answer = await caller.post("/telegram", json={"update_id": 1}, headers=RIGHT | {"Host": "bot.example.org"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert ear.heard == [{"update_id": 1}]


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: "é"}])
async def test_without_the_secret_nothing_is_taken_and_nothing_told(caller, ear, headers):
    raw = [(name, text.encode()) for name, text in headers.items()]

    answer = await caller.post("/telegram", content=b"x" * (2 * MOST_BYTES), headers=raw)

    assert (answer.status_code, answer.content) == (403, b"")
    assert ear.heard == []


async def test_an_update_that_comes_again_is_taken_once(caller, ear):
    for number in (1, 2, 1, 1):
        assert (await caller.post("/telegram", json={"update_id": number}, headers=RIGHT)).status_code == 200

    assert [update["update_id"] for update in ear.heard] == [1, 2]


async def test_what_cannot_be_taken_now_is_asked_for_again_and_then_taken(caller, ear):
    ear.open = False
    assert (await caller.post("/telegram", json={"update_id": 1}, headers=RIGHT)).status_code == 503
    ear.open = True
    assert (await caller.post("/telegram", json={"update_id": 1}, headers=RIGHT)).status_code == 200

    assert len(ear.heard) == 1


async def test_only_so_many_numbers_are_remembered(ear):
    hook = Webhook("/telegram", SECRET, ear.take)
    transport = httpx.ASGITransport(Site("token", anywhere=tuple(hook.routes())).application())
    async with httpx.AsyncClient(base_url="http://bot.example", transport=transport) as client:
        for number in range(REMEMBERED + 10):
            await client.post("/telegram", json={"update_id": number}, headers=RIGHT)

    assert len(hook._taken) == REMEMBERED


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"12", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff", b"[" * 100_000]
)
async def test_what_is_no_update_is_refused_in_a_word(caller, ear, body):
    assert (await caller.post("/telegram", content=body, headers=RIGHT)).status_code == 400
    assert ear.heard == []


async def test_a_body_that_no_update_has_is_not_read_to_its_end(caller, ear):
    body = json.dumps({"update_id": 5, "text": "é" * MOST_BYTES}, ensure_ascii=False)

    with suppress(httpx.TransportError):  # the connection is ended while we are still sending
        answer = await caller.post("/telegram", content=body, headers=RIGHT)
        assert answer.status_code == 413

    assert ear.heard == []
    body = json.dumps({"update_id": 5, "text": "é" * 1000})
    assert (await caller.post("/telegram", content=body, headers=RIGHT)).status_code == 200


async def test_only_posts_are_calls_and_the_path_opens_nothing_else(caller):
    assert (await caller.get("/telegram", headers=RIGHT)).status_code in {401, 404, 405}
    assert (await caller.get("/telegram/", headers=RIGHT)).status_code == 401
    assert (await caller.get("/", headers={"Host": "bot.example.org"})).status_code == 400


def test_the_secret_is_in_no_representation(ear):
    assert SECRET not in repr(Webhook("/telegram", SECRET, ear.take))
