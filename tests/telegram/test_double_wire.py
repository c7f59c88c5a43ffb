"""The double as an HTTP server: parameters however they are sent, bad requests, and a program in its own process."""

import asyncio
import json
import signal
import sys

import httpx
import pytest

# A bot as small as it gets, with the real updater; it takes token and address as Verbatim does.
ECHO = """
import os
from telegram.ext import Application, MessageHandler

async def answer(update, context):
    await update.effective_message.reply_text("vu : " + update.effective_message.text)

builder = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(os.environ["TELEGRAM_API_URL"] + "/bot")
application = builder.job_queue(None).build()
application.add_handler(MessageHandler(None, answer))
application.run_polling(timeout=20)
"""


@pytest.fixture
async def alice(double):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    return alice


@pytest.fixture
async def client(double):
    async with httpx.AsyncClient(base_url=f"{double.base_url}{double.token}/", trust_env=False) as client:
        yield client


async def test_parameters_come_as_query_form_json_or_multipart(double, client, alice):
    said = {"chat_id": str(alice.id), "text": "Été"}
    answers = [
        await client.get("sendMessage", params=said),
        await client.post("sendmessage", data=said),
        await client.post("sendMessage", json=said | {"chat_id": alice.id, "reply_markup": {"inline_keyboard": []}}),
        await client.post("sendMessage", data=said, files={"unused": ("a.txt", b"x")}),
    ]

    assert [answer.json()["result"]["text"] for answer in answers] == ["Été"] * 4
    assert double.complaints == ["sendMessage: the Bot API has no parameter « unused » here"]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"{", "application/json", "can't parse JSON object in the request body"),
        (b"[]", "application/json", "JSON object expected in the request body"),
        (b"x", "text/plain", 'content type "text/plain" of the body is not one that the Bot API reads'),
        (b'{"text": "x"}', "application/json", "chat_id is empty"),
        (b'{"text": "x", "reply_markup": "{"}', "application/json", "can't parse reply keyboard markup JSON object"),
        (b'{"text": "x", "reply_markup": 5}', "application/json", "object expected as reply markup"),
        (b'{"text": "x", "reply_markup": {"a": 1}}', "application/json", "reply markup of unknown kind"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(client, body, kind, words):
    answer = await client.post("sendMessage", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 400
    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}


async def test_parameters_that_no_check_foresaw_are_complained_of(double, client, alice):
    answer = await client.post("sendMessage", json={"chat_id": alice.id, "text": "x", "entities": [{"offset": 0}]})

    assert answer.status_code == 500
    assert double.complaints == ["sendMessage broke the double: KeyError('type')"]


async def test_requests_sent_ahead_are_answered_in_turn_and_nonsense_ends_the_connection(double, alice):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(double.address.rpartition(":")[2]))
    request = f"GET /bot{double.token}/getMe HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    writer.write(request + request + b"nonsense\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.count(b'"verbatim_bot"') == 2
    assert alice.private.started


async def start(double):
    environment = {"TELEGRAM_TOKEN": double.token, "TELEGRAM_API_URL": double.address}
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO, env=environment)
    await double.until(lambda: double.world.mailbox.polled, 30)
    return program


async def test_a_program_in_a_process_can_be_killed_and_comes_back(double):
    alice = double.user("Alice")
    first = await start(double)
    await alice.says(alice.private, "un")
    await double.next_message(alice, 0)
    # What was not confirmed before a kill comes again, here and in Telegram.
    await double.until(lambda: double.world.mailbox.polled and not double.world.mailbox.pending)
    first.kill()
    await first.wait()
    await double.until(lambda: not double.world.mailbox.polled)
    await alice.says(alice.private, "deux")
    second = await start(double)
    await double.next_message(alice, 1)
    second.send_signal(signal.SIGTERM)
    await second.wait()

    assert [message.text for message in double.messages(alice)] == ["vu : un", "vu : deux"]
    assert (second.returncode, double.refused, double.complaints) == (0, [], [])
    assert json.loads(json.dumps(double.world.mailbox.pending)) == []
