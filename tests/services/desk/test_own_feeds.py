"""/sources add: a chat's own feeds, from the address to the list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import FoundFeed, ParsedFeed, Polled
from bot.services.discovery import Scout
from tests.builders import COURRIER, NOW, entry
from tests.fakes import PaperFetcher
from tests.services.desk.town import Talk

pytestmark = pytest.mark.usefixtures("fetcher")
QUAI = "https://quai.example/rss"
TITLES = [f"Le quai, épisode {n}" for n in range(1, 6)]


def found(url=QUAI, title="Le Quai - Toute l’actualité du port", **fields) -> FoundFeed:
    entries = tuple(entry(n, title=text) for n, text in enumerate(TITLES))
    return FoundFeed(url, ParsedFeed(entries, title=title), **fields)


@pytest.fixture
def fetcher(town, store) -> PaperFetcher:
    fetcher = PaperFetcher(found={"quai.example": found(), QUAI: found()})
    town.options["scout"] = Scout(store=store, fetcher=fetcher, most=2, blocked=frozenset({"banned.example"}))
    return fetcher


async def added(talk: Talk, address="quai.example") -> Talk:
    await talk.say(f"/sources add {address}")
    return await talk.press("➕ Ajouter")


async def own(talk: Talk) -> list[str]:
    return [state.feed.url for state in await talk.town.store.chat_feeds(talk.place.chat)]


async def test_an_address_is_shown_with_three_titles_before_anything_is_kept(anna):
    await anna.say("/sources add quai.example")

    assert anna.text.startswith("Le Quai\n")
    assert [title in anna.text for title in TITLES] == [True, True, True, False, False]
    assert await own(anna) == []

    await anna.press("➕ Ajouter")
    assert await own(anna) == [QUAI]
    assert "Ajouté" in anna.text


@pytest.mark.parametrize("words", ["/sources ajouter", "/sources add", "/medias +"])
async def test_without_an_address_it_is_asked_for(anna, words):
    await anna.say(words)
    await anna.say("quai.example")

    assert anna.text.startswith("Le Quai\n")


async def test_an_address_alone_is_meant_to_be_added(anna):
    await anna.say(f"/sources {QUAI}")

    assert anna.text.startswith("Le Quai\n")


async def test_in_the_menu_as_well(anna):
    await anna.say("/sources")
    await anna.press("📎 Vos propres flux")
    await anna.press("➕ Ajouter un flux")
    await anna.say("quai.example")
    await anna.press("➕ Ajouter")

    assert await own(anna) == [QUAI]


async def test_an_owners_feed_is_switched_on_and_not_fetched(anna, fetcher):
    await anna.say("/sources off Le Courrier")
    assert (await anna.subscription()).without_outlets == ("Le Courrier",)

    await anna.say(f"/sources add {COURRIER.url.replace('https://', 'http://www.')}/")

    assert "déjà lu" in anna.text
    assert (await anna.subscription()).without_outlets == ()
    assert fetcher.asked == []


async def test_another_feed_of_a_known_site_carries_its_name(anna, fetcher):
    url = "https://courrier.example/europe"
    fetcher.found[url] = found(url, "Europe")

    await added(anna, url)

    (state,) = await anna.town.store.chat_feeds(anna.place.chat)
    assert (state.feed.outlet, state.feed.section, state.feed.country) == ("Le Courrier", "Europe", "FR")
    assert not state.feed.trusted


async def test_what_is_no_feed_is_said_so(anna):
    await anna.say("/sources add https://rien.example/page")

    assert "ce n’est pas un flux" in anna.text
    assert await own(anna) == []


@pytest.mark.parametrize("address", ["banned.example", "https://www.banned.example/rss", "http://rss.banned.example."])
async def test_a_banned_outlet_is_refused_before_it_is_asked(anna, fetcher, address):
    await anna.say(f"/sources add {address}")

    assert "interdit de diffusion" in anna.text
    assert fetcher.asked == []


async def test_there_is_a_limit_and_it_says_so(anna, fetcher):
    for number in range(3):
        fetcher.found[f"{number}.example"] = found(f"https://{number}.example/rss", f"Quai {number}")
        anna = anna.later(minutes=1)
        await anna.say(f"/sources add {number}.example")
        if number < 2:
            await anna.press("➕ Ajouter")

    assert "2 flux, le maximum" in anna.text
    assert len(await own(anna)) == 2


async def test_an_owner_who_allows_none_is_respected_at_every_step(anna, town, fetcher):
    await anna.say("/sources add quai.example")
    town.options["scout"] = Scout(store=town.store, fetcher=fetcher, allowed=False)

    await anna.press("➕ Ajouter")
    assert "choisis par la personne qui héberge" in anna.toast
    await anna.later(minutes=1).say("/sources add quai.example")
    assert await own(anna) == []


async def test_addresses_are_tried_one_at_a_time(anna):
    await anna.say("/sources add quai.example")
    await anna.say("/sources add quai.example")

    assert "Un instant" in anna.text


async def test_an_older_button_adds_nothing(anna, fetcher):
    fetcher.found["autre.example"] = found("https://autre.example/rss", "Autre")
    await anna.say("/sources add quai.example")
    old = anna.buttons[0].data
    await (anna := anna.later(minutes=1)).say("/sources add autre.example")

    await anna.press_data(old)

    assert await own(anna) == []


async def test_the_list_shows_what_is_wrong_and_takes_a_feed_away(anna, town):
    await added(anna)
    (state,) = await town.store.chat_feeds()
    failed = replace(state, error="timeout", error_message="x", failing_since=NOW, polled_at=NOW)
    await town.store.save_poll(Polled(failed), NOW)

    await anna.press("📎 Vos propres flux")
    assert "Le Quai ⚠️ pas de réponse à temps" in anna.text
    await anna.press("🗑 Le Quai")

    assert "Aucun flux ajouté ici" in anna.text
    assert await own(anna) == []


async def test_a_feed_is_removed_by_its_name_too(anna):
    await added(anna)

    await anna.say("/sources retirer quai")

    assert await own(anna) == []


async def test_in_a_group_administrators_add_and_the_feed_is_the_groups(group, member, anna, fetcher):
    await member.say("/sources add quai.example")
    assert fetcher.asked == []

    await added(group)
    assert (await own(group), await own(anna)) == ([QUAI], [])


async def test_the_other_feeds_of_a_page_are_named(anna, fetcher):
    fetcher.found["page.example"] = found(others=(("https://quai.example/mer", "La mer"),))

    await anna.say("/sources add page.example")

    assert "La mer (https://quai.example/mer)" in anna.text


async def test_a_country_is_switched_as_a_whole(anna):
    await anna.say("/sources")
    await anna.press("France")
    await anna.press("▫️ Aucun")
    off = (await anna.subscription()).without_outlets
    await anna.press("✅ Tous")

    assert (off, (await anna.subscription()).without_outlets) == (("Le Courrier",), ())


@pytest.mark.parametrize(
    ("line", "off"),
    [
        ("off suisse", ("L’Observateur",)),
        ("désactiver BE", ("Radio Nord",)),
        ("sans radio", ("Radio Nord",)),
        ("off le courrier", ("Le Courrier",)),
        ("off nulle part", ()),
    ],
)
async def test_outlets_and_countries_are_switched_in_one_line(anna, line, off):
    await anna.say(f"/sources {line}")

    chosen = await anna.subscription()
    assert (chosen.without_outlets if chosen else ()) == off


async def test_an_outlet_that_brings_nothing_new_for_long_is_marked(anna, store):
    states = {state.feed.url: state for state in await store.feed_states()}
    start = NOW - timedelta(days=10)
    quiet = replace(states[COURRIER.url], succeeded_at=start, polled_at=start, next_poll_at=NOW, rate=24.0)
    polled = await store.save_poll(Polled(quiet, (entry(1),)), start)
    now = replace(polled.state, succeeded_at=NOW, polled_at=NOW)
    await store.save_poll(Polled(now, unchanged=True), NOW)

    await anna.say("/sources")
    await anna.press("France")

    assert "💤 Rien de neuf depuis bien plus longtemps que d’habitude : Le Courrier." in anna.text
