"""A strict double of the Telegram Bot API: real HTTP on loopback, people to act as, faults on order.

It refuses what the real server refuses, in the same words, and checks everything that it emits against the documented
objects. Rooms, from the wire up: wire, bodies, calls (a request and its parameters) · markup, entities, keyboards (what
a message is made of) · chats, messages, world (the state) · access, privacy, limits (what is allowed) · methods (what
the bot does) · updates, webhook (what the bot is told) · people, running (what persons do) · faults · server.

A new method is a function in `methods`, its parameters in `calls.PARAMETERS`, and a test.
"""

from tests.telegram.double.chats import GENERAL, Account, Chat, Thread
from tests.telegram.double.entities import Entity
from tests.telegram.double.faults import DROP, HANG, Ending, Fault, delivered, page, refusing, slow_down
from tests.telegram.double.keyboards import Button
from tests.telegram.double.limits import Rule
from tests.telegram.double.messages import Message
from tests.telegram.double.people import Person
from tests.telegram.double.server import TOKEN, Refused, TelegramDouble
from tests.telegram.double.world import Press

__all__ = [
    "DROP",
    "GENERAL",
    "HANG",
    "TOKEN",
    "Account",
    "Button",
    "Chat",
    "Ending",
    "Entity",
    "Fault",
    "Message",
    "Person",
    "Press",
    "Refused",
    "Rule",
    "TelegramDouble",
    "Thread",
    "delivered",
    "page",
    "refusing",
    "slow_down",
]
