from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import FeedError
from bot.domain.model import Article, Feed
from bot.feeds.page import free, reserved
from bot.feeds.permission import robots_allow, tdm_reserved
from bot.feeds.walls import is_walled
from tests.feeds.conftest import NOW, QUICK, reply

PARAGRAPHS = (
    "La maire de Varenne, Odile Ferrand, a annoncé mardi que le pont rouvrirait avant la fin du mois de décembre.",
    "« Les travaux sont terminés, il ne reste que les contrôles de charge », a-t-elle précisé devant le conseil.",
    "L’opposition, par la voix de Marc Delvaux, estime que le chantier a coûté deux fois le prix annoncé en 2024.",
)
PAGE = (
    "<!DOCTYPE html><html lang='fr'><head><title>Le pont rouvre</title>{head}</head><body><nav><a href='/'>Accueil</a>"
    "</nav><article><h1>Le pont rouvre</h1>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "<p>Lire aussi : Le"
    " chantier en images</p><p>{extra}</p></article><footer>Mentions légales</footer></body></html>"
)


def page(head: str = "", extra: str = "", **headers: str) -> bytes:
    body = PAGE.format(head=head, extra=extra).encode()
    return reply(200, body, Content_Type="text/html; charset=utf-8", **headers)


def article(paper, path: str = "/pont", **fields) -> Article:
    feed = Feed(outlet="Le Courrier", url=paper.url("/rss"), **fields)
    return Article(title="Le pont rouvre", summary="Le pont rouvre.", link=paper.url(path), feed=feed)


def asked(paper) -> list[str]:
    return [request.path for request in paper.asked]


async def test_the_text_of_a_page_is_its_own_paragraphs(paper, fetcher):
    paper.routes["/pont"] = page(extra="(avec AFP)")

    text = await fetcher().read_page(article(paper), NOW)

    assert text.split("\n\n")[-3:] == list(PARAGRAPHS)
    assert "Lire aussi" not in text
    assert "AFP" not in text
    assert "Mentions" not in text


async def test_the_hosts_word_is_asked_for_once_a_day(paper, fetcher):
    paper.routes["/pont"] = page()
    reading = fetcher()

    for later in (timedelta(), timedelta(hours=23), timedelta(hours=25)):
        await reading.read_page(article(paper), NOW + later)

    rules = ["/robots.txt", "/.well-known/tdmrep.json"]
    assert asked(paper) == [*rules, "/pont", "/pont", *rules, "/pont"]


@pytest.mark.parametrize(
    "robots",
    [
        reply(200, b"User-agent: *\nDisallow: /", Content_Type="text/plain"),
        reply(200, b"User-agent: verbatim-bot\nDisallow: /pont", Content_Type="text/plain"),
        reply(500),
        reply(429),
        b"",
    ],
    ids=["all", "us", "in trouble", "too many", "hung up"],
)
async def test_a_page_is_not_asked_for_against_the_hosts_word_or_without_it(paper, fetcher, robots):
    paper.routes |= {"/pont": page(), "/robots.txt": robots}

    assert await fetcher().read_page(article(paper), NOW) == ""
    assert "/pont" not in asked(paper)


async def test_trouble_with_the_rules_is_looked_at_again_after_an_hour(paper, fetcher):
    paper.routes |= {"/pont": page(), "/robots.txt": reply(503)}
    reading = fetcher()

    assert await reading.read_page(article(paper), NOW) == ""
    paper.routes["/robots.txt"] = reply(404)
    assert await reading.read_page(article(paper), NOW + timedelta(minutes=59)) == ""
    assert await reading.read_page(article(paper), NOW + timedelta(minutes=61)) != ""


@pytest.mark.parametrize(
    "answer",
    [
        page(tdm_reservation="1"),
        page(head='<meta name="tdm-reservation" content="1">'),
        page(head="<META content='1' name='tdm-reservation' />"),
        page(head='<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'),
        reply(200, b"%PDF-1.7", Content_Type="application/pdf"),
        reply(200, b"<html><body></body></html>", Content_Type="text/html"),
    ],
    ids=["reserved by header", "by meta", "by meta the other way", "not free", "no page", "no text"],
)
async def test_a_page_that_forbids_it_or_holds_nothing_gives_nothing(paper, fetcher, answer):
    paper.routes["/pont"] = answer

    assert await fetcher().read_page(article(paper), NOW) == ""


async def test_tdmrep_json_reserves_by_path(paper, fetcher):
    rules = b'[{"location": "/pont*", "tdm-reservation": 1}]'
    paper.routes |= {
        "/pont": page(),
        "/gare": page(),
        "/.well-known/tdmrep.json": reply(200, rules, Content_Type="application/json"),
    }
    reading = fetcher()

    assert await reading.read_page(article(paper), NOW) == ""
    assert await reading.read_page(article(paper, "/gare"), NOW) != ""


async def test_of_an_outlet_with_a_paywall_only_free_pages_are_read(paper, fetcher):
    paper.routes |= {
        "/pont": page(),
        "/gare": page(head='<script type="application/ld+json">{"isAccessibleForFree": true}</script>'),
    }
    reading = fetcher()

    assert await reading.read_page(article(paper, paywall=True), NOW) == ""
    assert await reading.read_page(article(paper, "/gare", paywall=True), NOW) != ""


async def test_a_text_no_longer_than_the_feeds_own_is_not_taken(paper, fetcher):
    paper.routes["/pont"] = page()

    assert await fetcher().read_page(replace(article(paper), summary="x" * 5_000), NOW) == ""


async def test_a_feed_that_must_not_be_read_further_is_not(paper, fetcher):
    assert await fetcher().read_page(article(paper, full_text="never"), NOW) == ""
    assert asked(paper) == []


async def test_a_page_that_fails_says_so(paper, fetcher):
    paper.routes["/pont"] = reply(403, b"Non")

    with pytest.raises(FeedError) as raised:
        await fetcher().read_page(article(paper), NOW)

    assert (raised.value.kind, raised.value.status) == ("http", 403)


WALL = "<script src='/cdn-cgi/challenge-platform/h/b.js'></script>"


async def test_a_page_that_can_be_read_is_no_bot_wall_for_its_scripts(paper, fetcher):
    paper.routes["/pont"] = page(head=WALL)

    assert await fetcher().read_page(article(paper), NOW) != ""


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, f"<html><head>{WALL}</head></html>".encode(), Content_Type="text/html"),
        reply(403, f"<html><head>{WALL}</head></html>".encode(), Content_Type="text/html"),
        page(CF_Mitigated="challenge"),
    ],
)
async def test_a_bot_wall_in_front_of_a_page_is_known_whatever_its_status(paper, fetcher, answer):
    paper.routes["/pont"] = answer

    with pytest.raises(FeedError) as raised:
        await fetcher().read_page(article(paper), NOW)

    assert raised.value.kind == "challenge"


@pytest.mark.parametrize(
    "extra",
    [
        "Il vous reste 72,4 % de cet article à lire. La suite est réservée aux abonnés.",
        "Cet article est réservé à nos abonnés.",
        "Abonnez-vous pour lire la suite de cet article.",
        "Pour poursuivre votre lecture, connectez-vous.",
    ],
)
async def test_a_text_that_ends_at_a_pay_wall_is_not_taken_for_the_article(paper, fetcher, extra):
    paper.routes["/pont"] = page(extra=extra)

    assert await fetcher().read_page(article(paper), NOW) == ""


def test_a_cookie_wall_is_known_and_an_article_about_cookies_is_none():
    wall = "En cliquant sur « Accepter », vous consentez aux cookies. Refuser les cookies ? Gérer vos choix, ou partez."
    news = "La maire a fait servir des cookies aux enfants de Vaubrun. Elle dit refuser toute polémique."

    assert is_walled(wall)
    assert not is_walled(news)
    assert not is_walled(f"{wall} {news * 30}")
    assert not is_walled("Le prix de l’abonnement au Courrier augmente ; les abonnés s’en plaignent à la rédaction.")


async def test_a_page_redirected_to_another_host_needs_that_hosts_permission_too(paper, fetcher):
    ports = replace(QUICK, allow_private=True, ports=frozenset({paper.port}))
    other = paper.url("/gare", "other.example")
    paper.routes |= {"/pont": reply(302, Location=other), "/gare": page()}

    async def only_there(request, _reader, writer):
        there = request.headers["host"].startswith("other")
        writer.write(reply(200, b"User-agent: *\nDisallow: /", Content_Type="text/plain") if there else reply(404))

    paper.routes["/robots.txt"] = only_there

    assert await fetcher(ports, other_example=("127.0.0.1",)).read_page(article(paper), NOW) == ""


async def test_the_guard_stands_before_pages_too(paper, fetcher):
    paper.routes["/pont"] = page()
    strangers = replace(article(paper), feed=replace(article(paper).feed, trusted=False))

    assert await fetcher(replace(QUICK, ports=frozenset({paper.port}))).read_page(strangers, NOW) == ""
    assert asked(paper) == []


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: GPTBot\nDisallow: /", True),
        ("User-agent: *\nDisallow: /prive/", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: verbatim-bot\nAllow: /", True),
        ("User-agent: *\nDisallow: /*.html$", False),
        ("<html>rien</html>", True),
    ],
)
def test_robots_txt_is_read_as_its_authors_mean_it(rules, allowed):
    assert robots_allow(rules, "https://courrier.example/pont.html") is allowed


@pytest.mark.parametrize(
    ("rules", "reserved_there"),
    [
        ('[{"location": "/", "tdm-reservation": 1}]', True),
        ('[{"location": "/*/2026/*", "tdm-reservation": 1}]', True),
        ('[{"location": "*.html$", "tdm-reservation": "1"}]', True),
        ('[{"location": "/*.htm$", "tdm-reservation": 1}]', False),
        ('[{"location": "/pont/*", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', False),
        ('[{"location": "/gare", "tdm-reservation": 1}]', False),
        ('{"location": "/"}', False),
        ("[1, null, {}]", False),
        ("<html>", False),
        ("[" * 100_000, False),
    ],
)
def test_tdmrep_is_read_as_its_protocol_says(rules, reserved_there):
    assert tdm_reserved(rules, "/pont/2026/a.html") is reserved_there


def test_reservation_and_price_are_seen_in_the_source_of_a_page():
    assert reserved(b"<meta name=tdm-reservation content=1>")
    assert not reserved(b'<meta name="tdm-reservation" content="0"><meta name="x" content="1">')
    assert not free(b'"isAccessibleForFree":true,"hasPart":{"isAccessibleForFree":"False"}', unless_said=True)
    assert free(b"<p>Bonjour</p>", unless_said=True)
    assert not free(b"<p>Bonjour</p>", unless_said=False)
