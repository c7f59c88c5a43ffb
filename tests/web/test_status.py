"""The owner's page: what it says, in which language, and that nothing on it is markup from elsewhere."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import httpx
import pytest

from bot.catalog import load_texts
from bot.domain.errors import StoreError
from bot.domain.figures import Edition, Figures, Lag, asked
from bot.domain.model import Chat, Feed, FeedState
from bot.web import Site, serve_site
from bot.web.charts import bars_by_day, ceiling
from bot.web.guard import COOKIE
from bot.web.status import View, language_of, render_status, status_routes
from tests.builders import COURRIER, NOW, RADIO

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEXTS = load_texts()
NAMES = {"fr": {"otan": "OTAN", "energie": "Énergie"}, "en": {"otan": "NATO", "energie": "Energy"}}
VIEW = View(TEXTS, NAMES, "Europe/Paris", (("/digest", "owner.digest"),))
WELL = {"status": "ok", "checks": {"database": "ok", "polling": "ok", "sending": "ok"}}
HOSTILE = Feed('<script>alert("1")</script>', "https://x.example/rss", section="A & B")
CHAT = Chat("telegram", "42")


def feed(which, **state):
    known = {"polled_at": NOW - 5 * MINUTE, "succeeded_at": NOW - 5 * MINUTE, "new_at": NOW - 3 * HOUR}
    return FeedState(which, next_poll_at=NOW + 25 * MINUTE, **(known | state))


FIGURES = Figures(
    at=NOW,
    feeds=(
        feed(COURRIER),
        feed(RADIO, error="http", error_message="the server answers 503", failing_since=NOW - 31 * HOUR),
        feed(HOSTILE, polled_at=None, succeeded_at=None, new_at=None),
    ),
    articles=60_123,
    statements=54_321,
    fresh_articles=2_004,
    days=asked(NOW, (), "Europe/Paris").days,
    articles_a_day=tuple(range(30)),
    statements_a_day=(0,) * 29 + (7,),
    lags={"read": Lag(90, 14 * MINUTE, 50 * MINUTE), "sent": Lag()},
    outbox={"pending": 2, "sending": 0, "sent": 12_345, "unknown": 1, "dead": 0},
    unsent_since=NOW - 3 * HOUR,
    editions=(
        Edition(CHAT, "08:00", NOW - HOUR, "Rédaction <b>", 14, {"sent": 2}, NOW - HOUR + 40 * timedelta(seconds=1)),
        Edition(CHAT, "now-x", NOW - 26 * HOUR, "", 0, {}),
        Edition(CHAT, "09:00", NOW - HOUR, "", 3, {"sent": 1, "pending": 1}, NOW),
        Edition(CHAT, "10:00", NOW - HOUR, "", 3, {"dead": 1, "sent": 1}, NOW),
    ),
    chats={("telegram", "active"): 12, ("telegram", "unreachable"): 1},
    hits={"energie": 3, "otan": 340},
    own_hits=5,
    own_topics=2,
    bytes=128_000_000,
)


class Page(HTMLParser):
    """The visible text, the tags, and whether every tag was closed."""

    VOID = frozenset({"meta", "br", "rect", "path"})

    def __init__(self, source):
        super().__init__()
        self.tags, self.texts, self.attributes, self._open = [], [], [], []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, text):
        if "style" not in self._open:
            self.texts.append(text)

    @property
    def said(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))  # no-break spaces, too


@pytest.fixture(params=["fr", "en"])
def language(request):
    return request.param


def page(figures=FIGURES, health=WELL, language="fr"):
    return Page(render_status(figures, health, VIEW, language))


def test_the_page_is_whole_in_both_languages(language):
    shown = page(language=language)

    assert {"main", "svg", "table", "nav"} <= set(shown.tags)
    assert ("lang", language) in shown.attributes
    assert not {"script", "img", "link", "iframe", "form"} & set(shown.tags)
    assert not [name for name, _ in shown.attributes if name.startswith("on")]


def test_what_feeds_and_chats_are_called_is_text_and_never_markup():
    shown = page()

    assert "script" not in shown.tags
    assert '<script>alert("1")</script> · A & B' in shown.said
    assert "Rédaction <b>" in shown.said


def test_the_first_look_tells_feeds_articles_queue_chats_and_size():
    said = page().said

    assert "1 Flux qui répondent sur 3" in said
    assert "2 004 Articles lus en 24 h" in said
    assert "7 Déclarations aujourd’hui" in said
    assert "2 Messages à envoyer le plus ancien : 3 h" in said
    assert "12 Abonnements actifs injoignables : 1" in said
    assert "128 Mo" in said


def test_a_feed_shows_its_state_its_last_answer_its_interval_and_its_error_and_since_when():
    said = page().said

    assert "Radio Nord ▲ muet · réponse d’erreur, depuis 31 h the server answers 503" in said
    assert "Le Courrier ● répond il y a 5 min il y a 3 h 30 min" in said
    assert "○ pas encore lu jamais jamais –" in said


def test_feeds_with_trouble_come_first_and_the_others_are_to_be_opened():
    said = page().said

    assert said.index("Radio Nord") < said.index("Les flux qui répondent : 1") < said.index("Le Courrier")


def test_an_unknown_kind_of_error_is_shown_as_it_is():
    odd = replace(FIGURES, feeds=(feed(RADIO, error="solar-storm", error_message="static", failing_since=NOW),))

    assert "en échec · solar-storm, depuis 0 s static" in page(odd).said


def test_lags_are_told_and_a_step_without_cases_has_a_dash():
    said = page().said

    assert "Publié → lu dans le flux 14 min 50 min 90" in said
    assert "Heure prévue → envoyé – – 0" in said


def test_topics_stand_by_hits_and_those_of_readers_unnamed_at_the_end():
    said = page(language="en").said

    assert said.index("NATO 340") < said.index("Energy 3") < said.index("Topics that readers wrote (2) 5")


def test_digests_tell_the_worst_of_their_messages():
    said = page().said

    assert "aujourd’hui, 7 h Rédaction <b> 14 ● envoyée en 40 s" in said
    assert "samedi 21 novembre, 6 h · à la demande telegram 42 – – rien de nouveau" in said
    assert "○ à envoyer (1)" in said
    assert "■ abandonnée" in said


def test_invented_outlets_are_called_so():
    assert (
        "ÉCHANTILLON : articles inventés" in Page(render_status(FIGURES, WELL, replace(VIEW, sample=True), "fr")).said
    )
    assert "ÉCHANTILLON" not in page().said


def test_all_is_well_is_one_line():
    assert "Tout va bien" in page().said
    assert ("role", "alert") not in page().attributes


def test_what_is_wrong_comes_first_in_our_words_or_the_platforms():
    checks = {"database": "ok", "sending": "not-sent", "telegram": "Telegram refuses TELEGRAM_BOT_TOKEN <"}
    shown = page(health={"status": "failing", "checks": checks})

    assert ("role", "alert") in shown.attributes
    assert "Envoi — des messages sont à envoyer depuis plus d’un quart d’heure" in shown.said
    assert "Telegram — Telegram refuses TELEGRAM_BOT_TOKEN <" in shown.said
    assert "Tout va bien" not in shown.said


def test_an_empty_bot_has_a_page(language):
    said = page(Figures(at=NOW), language=language).said

    assert "0" in said


# --- charts ----------------------------------------------------------------------------------------------------------


def test_a_chart_says_in_words_and_as_a_table_what_it_draws():
    days = FIGURES.days[-3:]
    chart = Page(bars_by_day("Titre", days, (0, 5, 20), "Europe/Paris", TEXTS["fr"]))

    label = dict(chart.attributes)["aria-label"]
    assert label == "Titre : 25 en 3 jours, 20 au plus en un jour"
    assert "samedi 21 novembre : 5" in chart.said  # the pointer's text
    assert "aujourd’hui 20 samedi 21 novembre 5 vendredi 20 novembre 0" in chart.said


def test_a_bar_is_as_high_as_its_share_and_nothing_has_none():
    chart = bars_by_day("T", FIGURES.days[-4:], (0, 1, 500, 1000), "Europe/Paris", TEXTS["fr"])

    heights = [float(height) for height in re.findall(r'class="(?:bar|now)"[^>]* height="([\d.]+)"', chart)]
    assert heights == [0, 1.5, 50, 100]


def test_no_days_make_no_chart():
    assert bars_by_day("T", (), (), "Europe/Paris", TEXTS["fr"]) == ""


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (7, 7), (11, 12), (99, 100), (101, 120), (2083, 2500), (10**6, 10**6)]
)
def test_the_scale_ends_at_a_round_number(most, top):
    assert ceiling(most) == top


# --- over HTTP -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de, en;q=0.5", "en"),
        ("en;q=0.3, fr;q=0.7", "fr"),
        ("en;q=0, de", "fr"),
        ("en;q=x, ;;, *", "fr"),
        ("en; q=0.9, fr; q=0.1", "en"),
    ],
)
def test_the_browsers_wish_decides_the_language(accepted, language):
    assert language_of(accepted) == language


async def _well():
    return WELL


async def _ask(figures, **headers):
    site = Site("a-token-of-sixteen", guarded=tuple(status_routes(figures, _well, VIEW)))
    serving = await serve_site(site, "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False) as client:
        stranger = await client.get("/status")
        client.cookies.set(COOKIE, "a-token-of-sixteen")
        answer = await client.get("/status", headers=headers)
    await serving.close()
    return stranger, answer


async def test_it_is_served_to_whoever_has_the_token_in_their_language():
    async def figures():
        return FIGURES

    stranger, answer = await _ask(figures, **{"Accept-Language": "en"})

    assert stranger.status_code == 401
    assert "Courrier" not in stranger.text
    assert answer.status_code == 200
    assert "State of Verbatim" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_database_that_fails_is_a_page_that_says_so():
    async def figures():
        raise StoreError("PostgreSQL at db.internal: no route")

    _, answer = await _ask(figures)

    assert answer.status_code == 503
    assert "base de données" in answer.text
    assert "db.internal" not in answer.text
