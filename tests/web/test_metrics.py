"""/metrics, read by a strict reader of Prometheus' text format."""

import re
from datetime import timedelta

import httpx
import pytest

from bot.domain.figures import Figures, Lag
from bot.domain.model import FeedState
from bot.web import Site, serve_site
from bot.web.metrics import CONTENT_TYPE, Family, exposition, families, metrics_routes
from tests.builders import COURRIER, NOW, RADIO

MINUTE = timedelta(minutes=1)
FIGURES = Figures(
    at=NOW,
    feeds=(
        FeedState(COURRIER, NOW, polled_at=NOW, succeeded_at=NOW - MINUTE),
        FeedState(RADIO, NOW, polled_at=NOW, error="dns", failing_since=NOW - MINUTE),
    ),
    articles=1234,
    statements=56,
    statements_a_day=(4, 9),
    lags={"read": Lag(10, 5 * MINUTE, 90.5 * timedelta(seconds=1)), "sent": Lag()},
    outbox={"pending": 1, "sent": 7},
    unsent_since=NOW - 3 * MINUTE,
    chats={("telegram", "active"): 3},
    hits={"otan": 12},
    bytes=4096,
)

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def read(text):
    """Name → (kind, samples); every rule of the format that we could break is asserted."""
    assert text.endswith("\n")
    found, described = {}, None
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, what = line.split(" ", 3)
            assert NAME.fullmatch(name)
            assert name not in found  # a family stands once, and in one piece
            assert re.fullmatch(r"(?:[^\\]|\\\\|\\n)+", what)
            described = name
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == described
            assert kind in {"counter", "gauge"}
            assert (kind == "counter") == name.endswith("_total")
            found[name] = kind, {}
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert sample[1] == described
            labels = labels_of(sample[2] or "")
            assert labels not in found[described][1]  # no sample twice
            found[described][1][labels] = float(sample[3])
    return found


def labels_of(text):
    pairs, place = [], 0
    while place < len(text):
        pair = LABEL.match(text, place)
        assert pair, text
        pairs.append((pair[1], re.sub(r'\\[\\"n]', lambda sign: UNESCAPED[sign[0]], pair[2])))
        place = pair.end()
    assert len({name for name, _ in pairs}) == len(pairs)
    return tuple(pairs)


@pytest.fixture
def told():
    return read(exposition(families(FIGURES, {"answered": 5, "failed": 1})))


def test_every_figure_is_told_under_our_name(told):
    assert all(name.startswith("verbatim_") for name in told)
    assert told["verbatim_articles"] == ("gauge", {(): 1234})
    assert told["verbatim_storage_bytes"] == ("gauge", {(): 4096})
    assert told["verbatim_statements_today"] == ("gauge", {(): 9})
    assert told["verbatim_polls_total"] == ("counter", {(("outcome", "answered"),): 5, (("outcome", "failed"),): 1})
    assert told["verbatim_outbox_oldest_unsent_seconds"] == ("gauge", {(): 180})
    assert told["verbatim_feed_answer_age_seconds"] == ("gauge", {(): 60})


def test_feeds_messages_chats_and_topics_are_told_by_how_they_are(told):
    feeds = told["verbatim_feeds"][1]
    assert feeds[("condition", "well"),] == feeds[("condition", "failing"),] == 1
    assert feeds[("condition", "gone"),] == 0
    assert told["verbatim_outbox_messages"][1] == {(("state", "pending"),): 1, (("state", "sent"),): 7}
    assert told["verbatim_chats"][1] == {(("platform", "telegram"), ("condition", "active")): 3}
    assert told["verbatim_topic_articles_last_week"][1] == {(("topic", "otan"),): 12}


def test_lags_are_quantiles_and_a_step_without_cases_has_none(told):
    assert told["verbatim_lag_seconds"][1] == {
        (("step", "read"), ("quantile", "0.5")): 300,
        (("step", "read"), ("quantile", "0.9")): 90.5,
    }
    assert told["verbatim_lag_cases"][1] == {(("step", "read"),): 10, (("step", "sent"),): 0}


def test_nothing_stored_is_told_without_inventing_an_age():
    told = read(exposition(families(Figures(at=NOW), {})))

    assert told["verbatim_feed_answer_age_seconds"] == ("gauge", {})
    assert told["verbatim_outbox_oldest_unsent_seconds"] == ("gauge", {(): 0})


def test_quotes_backslashes_and_line_ends_in_labels_come_back_as_they_were():
    odd = 'a"b\\c\nd é'
    text = exposition([Family("verbatim_odd", "gauge", "Une ligne\\\net une autre.", (({"topic": odd}, 0.25),))])

    assert read(text)["verbatim_odd"][1] == {(("topic", odd),): 0.25}
    assert len(text.splitlines()) == 3


async def test_it_is_served_without_a_token_as_prometheus_asks_for_it():
    async def figures():
        return FIGURES

    site = Site("a-token-of-sixteen", public=tuple(metrics_routes(figures, {"answered": 1})))
    serving = await serve_site(site, "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=serving.address, trust_env=False) as client:
        answer = await client.get("/metrics")
    await serving.close()

    assert (answer.status_code, answer.headers["content-type"]) == (200, CONTENT_TYPE)
    assert read(answer.text)
