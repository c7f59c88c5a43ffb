"""Promises about how right topics are, counted."""

import pytest

from bot.domain.score import Score, score


def test_what_is_debatable_counts_neither_way():
    scores = score([({"otan": 1}, {"otan"}), ({"otan": 1}, set())], ["otan"])

    assert scores.topics["otan"] == Score()


def test_precision_recall_and_f1_come_from_what_fired_and_what_should_have():
    decided = [({"otan": 2}, {"otan"}), ({"otan": 2}, set()), ({"otan": 0}, {"otan"}), ({"otan": 2}, {"otan"})]

    otan = score(decided, ["otan"]).topics["otan"]

    assert (otan.precision, otan.recall, otan.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_micro_counts_decisions_and_macro_topics():
    decided = [({"otan": 2}, {"otan"})] * 9 + [({"cyber": 2}, set())]

    scores = score(decided, ["otan", "cyber"])

    assert scores.micro.recall == 0.9
    assert scores.macro_f1 == 0.5


def test_silence_is_counted_on_texts_about_none_of_the_topics():
    decided = [({}, set()), ({}, {"otan"}), ({"otan": 1}, {"otan"}), ({"otan": 2}, set())]

    scores = score(decided, ["otan"])

    assert (scores.silent, scores.none) == (1, 2)
