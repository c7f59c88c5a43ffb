import pytest

from bot.domain.cities import OFFERED, city_of, likely_zones, zone_of
from bot.domain.zones import is_zone


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Paris", "Europe/Paris"),
        ("bruxelles", "Europe/Brussels"),
        ("GENÈVE", "Europe/Zurich"),
        ("Montreal", "America/Toronto"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Fort-de-France", "America/Martinique"),
        ("Pointe-à-Pitre", "America/Guadeloupe"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("utc", "UTC"),
    ],
)
def test_a_city_leads_to_its_zone(place, zone):
    assert zone_of(place) == zone


@pytest.mark.parametrize("place", ["", "Sarlange", "../../etc/passwd", "x" * 5000, "😀", "GMT+1"])
def test_what_is_no_city_has_no_zone(place):
    assert zone_of(place) == ""


def test_a_misspelt_city_has_likely_ones():
    assert likely_zones("Tokio") == ("Asia/Tokyo",)
    assert likely_zones("x" * 5000) == ()


@pytest.mark.parametrize("city", OFFERED)
def test_the_cities_that_are_offered_are_known_and_read_back(city):
    assert is_zone(OFFERED[city])
    assert zone_of(city) == OFFERED[city]
    assert city_of(OFFERED[city]) == city


def test_a_zone_is_shown_as_a_city():
    assert city_of("America/New_York") == "New York"
    assert city_of("Europe/Warsaw") == "Varsovie"
