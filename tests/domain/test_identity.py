from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.identity import Shown, are_places, is_live, page_of, renumbered

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SITE = "https://courrier.example"


def seen(title: str, path: str = "/a", minutes_ago: float | None = 0) -> Shown:
    published = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    return Shown(title, SITE + path, published)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("EN DIRECT, grève : le port de Vaubrun bloqué", "/a"),
        ("🔴 DIRECT. Le port de Vaubrun", "/a"),
        ("En direct : le port de Vaubrun", "/a"),
        ("Le port de Vaubrun", "/monde/live/2026/11/22/le-port_6211111.html"),
        ("Le port de Vaubrun", "/monde/en-direct-le-port_6211111.html"),
    ],
)
def test_a_live_page_is_told_by_its_title_or_address(title, path):
    assert is_live(title, SITE + path)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Directeur du port, il démissionne", "/directeur-du-port"),
        ("En direct de Vaubrun, notre envoyée raconte", "/a"),
        ("Le direct du droit d’Odile Tessandier", "/a"),
        ("Livraison record au port", "/livraison"),
    ],
)
def test_other_pages_are_not_live(title, path):
    assert not is_live(title, SITE + path)


def test_the_posts_of_a_live_page_are_one_page_and_other_places_are_kept():
    assert page_of("EN DIRECT, le port", f"{SITE}/live/1#post-12") == f"{SITE}/live/1"
    assert page_of("Le port", f"{SITE}/forum#post-12") == f"{SITE}/forum#post-12"


def test_a_corrected_address_is_the_same_article_where_title_and_date_are_the_same():
    old, new = seen("Le pont rouvre", "/le-pont-rouvr"), seen("Le pont rouvre", "/le-pont-rouvre")

    assert renumbered([new], [seen("Autre", "/b"), old], 20) == {0: 1}


@pytest.mark.parametrize(
    ("fresh", "lost"),
    [
        ([seen("Le journal de 8 h", "/2", 0)], [seen("Le journal de 8 h", "/1", 1440)]),
        ([seen("Le pont", "/2", None)], [seen("Le pont", "/1", None)]),
        ([seen("Le pont", "/2"), seen("Le pont", "/3")], [seen("Le pont", "/1")]),
        ([seen("Le pont", "/2")], [seen("Le pont", "/1"), seen("Le pont", "/0")]),
        ([seen("Le pont", "/2")], [seen("Le quai", "/1")]),
    ],
    ids=["a rubric", "no dates", "two new ones", "two old ones", "another title"],
)
def test_what_may_be_another_article_is_one(fresh, lost):
    assert renumbered(fresh, lost, 20) == {}


def test_a_feed_whose_items_all_changed_ids_and_addresses_shows_the_articles_it_showed():
    lost = [seen(f"Titre {n}", f"/{n}", None) for n in range(10)]
    fresh = [seen("Nouveau", "/x"), *(seen(f"Titre {n}", f"/neuf/{n}") for n in range(9))]

    assert renumbered(fresh, lost, 10) == {n + 1: n for n in range(9)}


def test_a_live_page_whose_title_changes_its_address_stays_one_article():
    old = seen("EN DIRECT, le port bloqué", "/live/en-direct-le-port-bloque_6211111_3210.html")
    new = seen("EN DIRECT, le port rouvre", "/live/en-direct-le-port-rouvre_6211111_3210.html", 5)
    other = seen("EN DIRECT, la grève", "/live/en-direct-la-greve_6222222_3210.html")

    assert renumbered([other, new], [old], 20) == {1: 0}
    assert renumbered([other], [old], 20) == {}


def test_two_live_pages_of_one_day_are_two():
    old, new = seen("EN DIRECT, le port", "/live/port-20261122"), seen("EN DIRECT, la grève", "/live/greve-20261122")

    assert renumbered([new], [old], 20) == {}


def test_ids_that_number_places_are_found_out_when_everything_moves_down_one():
    titles = ["D", "C", "B", "A"]
    before = [seen(title, f"/{title}") for title in titles]
    shifted = [seen("E", "/E"), *before[:-1]]
    edited = [seen(f"{s.title} bis", s.url.removeprefix(SITE)) for s in before]
    moved = [seen(s.title, f"/neuf{s.url.removeprefix(SITE)}") for s in before]

    assert are_places(list(zip(before, shifted, strict=True)), 4)
    assert not are_places(list(zip(before, edited, strict=True)), 4)
    assert not are_places(list(zip(before, moved, strict=True)), 4)
    assert not are_places(list(zip(before, shifted, strict=True))[:2], 4)
