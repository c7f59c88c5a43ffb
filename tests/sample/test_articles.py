"""The sample's articles are all there, well formed, dated and invented."""

import re
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest

from bot.domain.errors import ConfigError
from bot.sample.articles import parse_age, parse_outlet, print_article, read_outlets

MONDAY = datetime(2030, 9, 9, 10, 0, tzinfo=UTC)
OUTLETS = read_outlets()
ARTICLES = [(outlet, article) for outlet in OUTLETS for article in outlet.articles]

# What a reader of the topic would look for in a title or summary; every shipped topic must have something to show.
TOPICS = {
    "ukraine": "Ukraine",
    "otan": "OTAN",
    "defense-europe": "fonds .*défense",
    "union-europeenne": "Commission européenne",
    "russie": "Russie",
    "etats-unis": "Sénat américain",
    "proche-orient": "Gaza",
    "nucleaire": "centrale nucléaire",
    "cyber": "rançongiciel",
    "energie": "prix .*gaz",
}

OFFICE_HOLDERS = """
Macron|Zelensky|Zelenskyy|Poutine|Putin|Trump|Biden|Vance|Rubio|Hegseth|Rutte|Stoltenberg|von der Leyen|Charles Michel
António Costa|Kallas|Borrell|Kubilius|Thierry Breton|Metsola|Scholz|Merz|Pistorius|Baerbock|Wadephul|Tusk|Duda|Nawrocki
Sikorski|Kosiniak|Orban|Orbán|Szijjarto|Fico|Meloni|Crosetto|Sánchez|Starmer|Sunak|Lammy|Healey|Lavrov|Peskov|Medvedev
Choïgou|Zakharova|Belooussov|Loukachenko|Iermak|Sybiha|Syrsky|Zaloujny|Oumerov|Svyrydenko|Lecornu|Vautrin|Barrot|Bayrou
Barnier|Attal|Hollande|Sarkozy|Le Pen|Mélenchon|Bardella|Retailleau|De Wever|Francken|Prévot|De Croo|Trudeau|Carney|Joly
Anand|Legault|Keller-Sutter|Cassis|Parmelin|Amherd|Netanyahou|Gallant|Katz|Khamenei|Pezeshkian|Erdogan|Xi Jinping
Guterres|Grossi|Sissi|Stubb|Orpo|Frederiksen|Kristersson|Nauseda|Nabioullina
"""
REAL_OUTLETS = """
Le Monde|Le Figaro|Libération|France 24|franceinfo|RFI|BFMTV|Le Parisien|Les Échos|La Croix|L'Obs|L'Express|Le Point
Ouest-France|Courrier international|Mediapart|L'Humanité|Marianne|HuffPost|20 Minutes|Slate|Sud Ouest|La Dépêche|Le Soir
La Libre|RTBF|L'Écho|Le Vif|RTL|RTS|Le Temps|Tribune de Genève|24 heures|Swissinfo|Radio-Canada|La Presse|Le Devoir
Journal de Montréal|L'actualité|Euronews|Euractiv|TASS|RIA|Sputnik|RT|Interfax|AFP|Reuters|Belga|Associated Press
"""


def files() -> list[str]:
    folder = resources.files("bot.sample") / "articles"
    return [file.read_text(encoding="utf-8").replace("’", "'") for file in folder.iterdir()]


def told(pattern: str) -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [outlet.name for outlet, article in ARTICLES if found.search(f"{article.title} {article.summary}")]


def carriers(words: str) -> set[str]:
    """Outlets that hold these words, whatever their apostrophes."""
    return {
        outlet.slug
        for outlet, article in ARTICLES
        if words in " ".join((article.title, article.summary, *article.paragraphs)).replace("’", "'")
    }


def test_there_is_enough_to_read_from_enough_outlets():
    assert len(OUTLETS) == 10
    assert len(ARTICLES) >= 30
    assert min(len(outlet.articles) for outlet in OUTLETS) >= 3
    assert {outlet.kind for outlet in OUTLETS} == {"public", "private", "agency", "institution", "state", "specialist"}
    assert {"FR", "BE", "CH", "CA"} <= {outlet.country for outlet in OUTLETS}
    assert [outlet.name for outlet in OUTLETS if outlet.paywall] == ["Le Fanal"]


def test_all_articles_are_of_the_last_three_days_and_a_few_are_still_to_come():
    ages = [article.age for _, article in ARTICLES]

    assert max(ages) <= timedelta(days=3)
    assert min(ages) >= timedelta(hours=-2)
    assert len([age for age in ages if age < timedelta()]) >= 3
    assert all(any(a.age > timedelta() for a in outlet.articles) for outlet in OUTLETS)


def test_no_two_articles_share_a_path():
    paths = [article.path for _, article in ARTICLES]

    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_shipped_topic_has_an_article(topic):
    assert told(TOPICS[topic])


@pytest.mark.parametrize(
    "kind", ["^Éditorial", "^Tribune", "^EN DIRECT", "^Contenu sponsorisé", "^Horoscope", "^Mots cr"]
)
def test_what_a_digest_leaves_out_is_there_to_be_left_out(kind):
    assert told(kind)


def test_the_same_words_are_carried_by_several_outlets_and_typed_in_their_own_ways():
    assert len(carriers("L'Ukraine ne peut pas attendre le printemps pour savoir qui la protégera")) >= 5
    assert len(carriers("C'est la onzième fois, et la chance n'est pas une procédure de sûreté")) == 2
    assert carriers("«L'Ukraine") == {"le-nouveau-leman"}
    assert carriers("“") == {"kilowatt-hebdo"}
    assert len(carriers("«\u00a0")) >= 4
    assert carriers("«\u202f") == {"le-fanal"}


@pytest.mark.parametrize("names", [OFFICE_HOLDERS, REAL_OUTLETS], ids=["office-holders", "outlets"])
def test_nobody_real_speaks_and_no_real_outlet_appears(names):
    # Capitals count: « poutine » is also a dish, and its recipe is here on purpose.
    listed = names.strip().replace("\n", "|")
    real = re.compile(rf"\b(?:{listed})\b")

    assert listed.count("|") >= 40
    assert [found for text in files() for found in real.findall(text)] == []


@pytest.mark.parametrize(
    ("text", "minutes"), [("5h20m", 320), ("45m", 45), ("2d", 2880), ("1d2h3m", 1563), ("-12m", -12), ("0m", 0)]
)
def test_an_age_is_days_hours_and_minutes(text, minutes):
    assert parse_age(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "-", "5", "h", "20m5h", "1.5h", "5h 20m", "soon"])
def test_an_age_that_cannot_be_read_is_refused(text):
    with pytest.raises(ConfigError, match="is no age"):
        parse_age(text)


def document(head: str = "", article: str = "") -> str:
    return f"""
name = "La Feuille d'essai"
country = "FR"
kind = "private"
motto = "Pour essayer"
{head}
[[article]]
path = "un"
age = "1h"
section = "Monde"
author = "Personne"
title = "Le port rouvre {{lendemain}}"
summary = "Fermé {{veille}}, annoncé {{jour}}, prévu {{avant-veille}}."
{article}
"""


def test_weekdays_are_those_of_the_publication_where_the_outlet_lives():
    outlet = parse_outlet("essai", document(head='timezone = "America/Toronto"'))
    just_after_midnight_in_paris = MONDAY.replace(hour=0)

    printed = print_article(outlet.articles[0], outlet, just_after_midnight_in_paris)

    assert printed.title == "Le port rouvre lundi"
    assert printed.summary == "Fermé samedi, annoncé dimanche, prévu vendredi."
    assert printed.published_at.isoformat() == "2030-09-08T19:00:00-04:00"


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (document() + "=", "essai.toml: is not TOML"),
        (document(head='colour = "blue"'), 'unknown key "colour"'),
        (document(head='timezone = "Europe/Pariss"'), 'timezone "Europe/Pariss" is unknown'),
        (document(head='encoding = "ebcdic"'), "\"encoding\" is 'ebcdic'; one of utf-8, iso-8859-1"),
        (document(head='paywall = "yes"'), '"paywall" is neither true nor false'),
        (document(article='page = "A dit {mardi}."'), "article 1: {mardi} is no day"),
        (document(article="page = 3"), '"page" is missing or no text'),
        (document().replace('"un"', '"../un"'), 'path "../un" is no path'),
        (document().replace('kind = "private"', ""), '"kind" is None'),
        (document() + document().partition("[[")[2].join(["[[", ""]), "two articles have the same path"),
    ],
)
def test_a_mistake_in_an_article_is_named(broken, complaint):
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        parse_outlet("essai", broken)
