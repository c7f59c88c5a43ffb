"""The local chat in a real Chromium, by keyboard alone, against the program as a person starts it."""

import re
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.e2e.browser import CHROMIUM, SHIFT, chromium
from tests.e2e.program import running

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: the chat was not tried in a browser"),
    pytest.mark.timeout(120),
]

DIGESTS = "document.querySelectorAll('article.digest').length"
SAID = "document.getElementById('messages').textContent.replace(/\\s+/g, ' ').trim()"
FOCUSED = "document.activeElement.textContent.replace(/\\u00a0/g, ' ')"
IDLE = "!document.querySelector('[aria-busy=true]') && document.getElementById('writing').hidden"
WORDS = "document.getElementById('words')"


@pytest.fixture
async def browser(tmp_path):
    async with chromium(tmp_path / "profile") as browser:
        yield browser


@asynccontextmanager
async def sample(folder, **environment):
    """`verbatim run --sample` in a folder of its own, and the link that it prints."""
    folder.mkdir(exist_ok=True)
    async with running(None, folder, "-m", "bot", "run", "--sample", TELEGRAM_BOT_TOKEN="", **environment) as program:
        line = await program.until("as a page: ")
        yield program, re.search(r"http://\S+", line)[0]


async def says(page, *lines):
    """Type lines where a person types, and send them."""
    assert await page.get(f"document.activeElement === {WORDS}")
    for number, line in enumerate(lines):
        if number:
            await page.key("Enter", SHIFT)
        await page.type(line)
    await page.key("Enter")


async def tabs_to(page, label, presses=80):
    """Go back with the tabulator, from what is typed, to a button of this label."""
    for _ in range(presses):
        await page.key("Tab", SHIFT)
        if (await page.get(FOCUSED)).strip() == label:
            return
    raise AssertionError(f"no button {label!r}: {await page.get(SAID)}")


async def presses(page, label):
    """Press a button by keyboard, and wait until it is answered."""
    await page.get(f"{WORDS}.focus()")
    await tabs_to(page, label)
    await page.key("Enter")
    await page.until(IDLE)


async def answered(page, words):
    await page.until(f"{SAID}.includes({words!r})")
    await page.until(IDLE)


def quiet(page):
    """Nothing was complained about, and nothing asked for but our own program."""
    hosts = {urlsplit(address).hostname for address in page.asked}
    return page.complaints == [] and hosts == {"127.0.0.1"}


async def test_start_three_taps_a_digest_a_topic_and_hours_and_all_is_there_after_reload_and_restart(browser, tmp_path):
    home = tmp_path / "home"
    async with sample(home) as (program, link):
        page = await browser.open(link)
        assert await page.until(f"{DIGESTS} === 1")  # the first digest, as in the terminal
        await starts_in_three_taps(page)
        await follows_drones_at_half_past_seven(page)

        before = await page.get(SAID)
        await page.reload()
        assert await page.get(SAID) == before
        assert quiet(page), (page.complaints, page.asked)
        assert await program.stop() == 0
        await page.until("document.querySelector('#state.bad')")

    # The page that stayed open finds its way back; one that is opened anew holds the same; nothing was said twice.
    async with sample(home, WEB_PORT=str(urlsplit(link).port)) as (program, again):
        assert again == link
        await page.until("!document.querySelector('#state.bad')")
        await page.get(f"{WORDS}.focus()")
        await says(page, "/themes")
        await page.until(
            "[...document.querySelectorAll('[aria-pressed=true]')].some((b) => /Drones/.test(b.textContent))"
        )
        fresh = await browser.open(link)
        assert await fresh.get(SAID) == await page.get(SAID)
        assert (await fresh.get(SAID)).startswith(before)
        assert quiet(fresh), (fresh.complaints, fresh.asked)
        assert "Traceback" not in program.said


async def starts_in_three_taps(page):
    await says(page, "/start")
    await answered(page, "Quels thèmes voulez-vous suivre ?")
    for label in ("Continuer →", "Paris", "8 h"):
        await presses(page, label)
    await page.until(f"{DIGESTS} === 2")


async def follows_drones_at_half_past_seven(page):
    await page.get(f"{WORDS}.focus()")
    await says(page, "/topics add Drones : drone*, shahed")
    await answered(page, "Enregistrer")
    await presses(page, "💾 Enregistrer")
    await page.until(f"!{SAID}.includes('Enregistrer')")
    await page.get(f"{WORDS}.focus()")
    await says(page, "/schedule en semaine 7h30")
    await answered(page, "7 h 30")


async def test_the_page_is_a_good_messenger_for_whoever_uses_keys_or_hears_it(browser, tmp_path):
    async with sample(tmp_path / "home") as (program, link):
        page = await browser.open(link)
        await page.until(f"{DIGESTS} === 1")
        assert "token" not in await page.get("location.href")
        badge = await page.get("document.querySelector('.badge').textContent")
        assert badge == "ÉCHANTILLON\u00a0: articles inventés"

        await opens_the_menu_of_commands(page)
        await presses_a_switch_and_stays_there(page)
        await is_answered_whatever_it_presses(page)
        await may_say_much_at_once(page)
        assert await spoken(page) == dict.fromkeys(("log", "label", "language", "names", "links"), True)

        # A phone: nothing is wider than the screen.
        await page.size(360, 640, mobile=True)
        assert await page.get("document.documentElement.scrollWidth") == 360
        assert page.complaints == []
        assert "Traceback" not in program.said


async def opens_the_menu_of_commands(page):
    """It opens by itself, Escape leaves it, accents do not matter, arrows and Enter choose."""
    await page.type("/")
    assert await page.until("document.querySelectorAll('#menu li:not([hidden])').length > 10")
    assert await page.get(f"{WORDS}.getAttribute('aria-expanded')") == "true"
    await page.key("Escape")
    assert await page.get("document.getElementById('menu').hidden")
    await page.type("thè")
    active = f"document.getElementById({WORDS}.getAttribute('aria-activedescendant')).dataset.name"
    assert await page.until(active) == "themes"
    await page.key("ArrowDown")
    assert await page.get(active) == "themes"  # there is no other
    await page.key("Enter")
    await page.until("document.querySelector('.rows [aria-pressed]')")


async def presses_a_switch_and_stays_there(page):
    """The message is edited in its place, and the focus is on the same button."""
    await presses(page, "🛡️ OTAN")
    await page.until("document.activeElement.getAttribute('aria-pressed') === 'false'")
    assert (await page.get(FOCUSED)).strip() == "🛡️ OTAN"


async def is_answered_whatever_it_presses(page):
    """Twice at once, data that nobody gave, a message that is long gone."""
    number = "Number(document.activeElement.closest('article').dataset.id)"
    sent = (
        "Promise.all([[{n}, 't:1:otan'], [{n}, 't:1:otan'], [{n}, 'zz:y'], [999999, 't']].map(([message, data]) =>"
        "fetch('/chat/press', {{method: 'POST', headers: {{'Content-Type': 'application/json'}},"
        "body: JSON.stringify({{message, data}})}}).then((answer) => answer.json())))"
    )
    toasts = [answer["toast"] for answer in await page.get(sent.format(n=number))]
    assert sorted(map(bool, toasts)) == [False, True, True, True]  # it was done once


async def may_say_much_at_once(page):
    """4,096 emoji arrive, one more is refused and not lost; a burst is answered in its order."""
    await page.get(f"{WORDS}.focus(), {WORDS}.value = '🦉'.repeat(4096), 0")
    await page.key("Enter")
    await page.until("[...document.querySelectorAll('.me')].some((m) => m.textContent.includes('🦉'.repeat(4096)))")
    await page.get(f"{WORDS}.value = '🦉'.repeat(4097), 0")
    await page.key("Enter")
    await page.until("document.querySelector('#toast.shown')")
    assert await page.get(f"[...{WORDS}.value].length") == 4097
    await page.get(f"{WORDS}.value = '', 0")
    for number in range(8):
        await says(page, f"bonjour {number}", "et bonsoir")
    await answered(page, "bonjour 7")
    typed = await page.get("[...document.querySelectorAll('.me p')].map((p) => p.firstChild.textContent.trim())")
    assert typed[-8:] == [f"bonjour {number}\net bonsoir" for number in range(8)]


async def spoken(page):
    """What a screen reader needs, and where links lead."""
    wanted = {
        "log": "document.querySelector('#log[role=log][aria-live=polite][aria-label]')",
        "label": f"{WORDS}.labels[0].textContent",
        "language": "document.documentElement.lang === 'fr'",
        "names": "[...document.querySelectorAll('button')].every((b) => b.ariaLabel || b.textContent.trim())",
        "links": "[...document.querySelectorAll('article a')].every((a) => a.target === '_blank'"
        " && a.rel.includes('noopener'))",
    }
    return {name: bool(await page.get(f"!!({script})")) for name, script in wanted.items()}
