"""Debian's Chromium without a window, driven over its debugging pipe: JSON and a NUL, both ways. No library needed."""

import asyncio
import base64
import json
import os
import shutil
import sys
from contextlib import asynccontextmanager, suppress

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--remote-debugging-pipe"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--disable-dev-shm-usage", "--mute-audio", "--lang=fr", "--accept-lang=fr", "--hide-scrollbars"),
)
# Chromium reads orders from file 3 and answers on file 4: who starts it puts them there.
LAUNCH = (
    "import os, sys; i, o = map(int, sys.argv[1:3]); os.dup2(i, 3); os.dup2(o, 4); os.execv(sys.argv[3], sys.argv[3:])"
)
KEYS = {
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "Escape": (27, ""),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
    " ": (32, " "),
}
ALT, CTRL, META, SHIFT = 1, 2, 4, 8


class Browser:
    """A running Chromium."""

    def __init__(self, process, orders, answers):
        self.process, self.pages = process, {}
        self._orders, self._answers = orders, answers
        self._number, self._waiting = 0, {}
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, method, session=None, **params):
        """The answer to one order."""
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        order = {"id": self._number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        async with asyncio.timeout(30):
            return await answer

    async def open(self, address="about:blank", width=1000, height=800):
        """A new tab."""
        target = (await self.ask("Target.createTarget", url="about:blank"))["targetId"]
        session = (await self.ask("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        page = self.pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.ask(f"{domain}.enable")
        await page.size(width, height)
        if address != "about:blank":
            await page.go(address)
        return page

    async def close(self):
        """End it."""
        with suppress(TimeoutError, ConnectionError, OSError):
            await asyncio.wait_for(self.ask("Browser.close"), 5)
        os.close(self._orders)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), 5)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        await self._listening

    async def _listen(self):
        with suppress(asyncio.IncompleteReadError):
            while True:
                said = json.loads((await self._answers.readuntil(b"\0"))[:-1])
                if "id" in said:
                    answer = self._waiting.pop(said["id"])
                    if "error" in said:
                        answer.set_exception(AssertionError(said["error"]["message"]))
                    else:
                        answer.set_result(said["result"])
                elif said.get("sessionId") in self.pages:
                    self.pages[said["sessionId"]].hear(said["method"], said["params"])
        for answer in self._waiting.values():
            answer.cancel()


class Page:
    """A tab: what it asked the network for, and what its console complained about."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.asked, self.complaints = [], []
        self._loaded = asyncio.Event()

    def hear(self, method, params):
        """An event of this tab."""
        if method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning", "assert"}:
            self.complaints.append(json.dumps(params["args"]))
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    async def ask(self, method, **params):
        """The answer to one order for this tab."""
        return await self.browser.ask(method, self.session, **params)

    async def go(self, address):
        """Open an address and wait until it is loaded."""
        self._loaded.clear()
        await self.ask("Page.navigate", url=address)
        async with asyncio.timeout(20):
            await self._loaded.wait()

    async def reload(self):
        """Load it anew."""
        self._loaded.clear()
        await self.ask("Page.reload")
        async with asyncio.timeout(20):
            await self._loaded.wait()

    async def size(self, width, height, scale=1, *, mobile=False):
        """The size of the window."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile
        )

    async def prefers(self, scheme):
        """Light or dark."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        await self.ask("Emulation.setEmulatedMedia", features=[feature])

    async def get(self, script):
        """What a script comes to."""
        found = await self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, script, seconds=15):
        """What a script comes to, as soon as that is something."""
        waiting = (
            "new Promise((found, lost) => { const end = performance.now() + %d; (function look() { let value = null;"
            "try { value = (%s); } catch { value = null; } if (value) found(value);"
            "else if (performance.now() > end) lost(new Error('in vain: ' + %s)); else setTimeout(look, 20); })(); })"
        )
        return await self.get(waiting % (seconds * 1000, script, json.dumps(script)))

    async def type(self, text):
        """Type words where the focus is."""
        await self.ask("Input.insertText", text=text)

    async def key(self, key, modifiers=0):
        """Press a key."""
        code, text = KEYS.get(key, (ord(key.upper()[0]), key))
        shared = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        await self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **shared)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", **shared)

    async def shot(self, path):
        """A picture of the window."""
        data = (await self.ask("Page.captureScreenshot", format="png"))["data"]
        await asyncio.to_thread(path.write_bytes, base64.b64decode(data))


@asynccontextmanager
async def chromium(folder):
    """A Chromium with a profile of its own in that folder."""
    read_orders, orders = os.pipe()
    read_answers, answers = os.pipe()
    nothing = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LAUNCH, str(read_orders), str(answers), CHROMIUM, *FLAGS, f"--user-data-dir={folder}"),
        pass_fds=(read_orders, answers),
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
    )
    os.close(read_orders)
    os.close(answers)
    reader = asyncio.StreamReader(limit=1 << 26)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_answers, "rb")
    )
    browser = Browser(process, orders, reader)
    try:
        yield browser
    finally:
        await browser.close()
        transport.close()
