"""Pictures of predictions: what they say, in both languages and sizes, for rooms that are empty, large or hostile."""

import math
import re

import numpy as np
import pytest

from experiments import statistics
from experiments.exhibits.exhibit import Look
from experiments.language import CODES, load
from simulation import Scenario
from workshop.expectations import axis_of, overlay_exhibit, tally_exhibit
from workshop.predictions import HIGHER, LARGEST_SIZE, LOWER, NONE, Prediction
from workshop.question import Question
from workshop.rooms import Answer, Round
from workshop.takeaway import COLUMNS, predictions_csv, predictions_json

A, B = (Scenario.load(name, {"scale": 0.02}) for name in ("agreement-renewed", "agreement-ended"))
CLEAR = statistics.paired_effect([1.0, 1.2, 0.9, 1.1, 1.0, 1.05], np.zeros(6) + 2)
SAID = [Prediction(HIGHER, 0.5, 80, "Ana", "1"), Prediction(LOWER, 1.5, 95), Prediction(NONE, 0.0, 35)]
LOOKS = [
    Look(load(code), theme, width) for code in CODES for theme in ("light", "dark") for width in ("wide", "narrow")
]


def done(predictions=SAID, effect=CLEAR, key="solve_rate"):
    """Return a round that was revealed."""
    answer = Answer(effect, A, B, 1, effect.pairs, 0, "test")
    return Round(Question(), key, 12.0, {str(n): each for n, each in enumerate(predictions)}, answer)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language.code}-{look.theme}-{look.width}")
def test_everything_is_drawn_in_every_look(look):
    for exhibit in (tally_exhibit(done(), look), overlay_exhibit(done(), look)):
        svg = exhibit.svg()
        assert svg.startswith("<svg")
        assert exhibit.title
        assert load(look.language.code).t("exhibits.caution") in exhibit.caption
        assert "{" not in exhibit.message + exhibit.caption


def test_the_tally_says_shares_and_what_came_true():
    exhibit = tally_exhibit(done(), Look(load("en")))
    assert "Higher: 33%; No different: 33%; Lower: 33%" in exhibit.message
    assert "lower in A than in B" in exhibit.message
    assert list(exhibit.table["Shown by the worlds"]) == ["no", "no", "yes"]
    assert list(exhibit.table["People"]) == [1, 1, 1]


def test_the_overlay_has_every_prediction_the_median_and_the_result_and_no_name():
    exhibit = overlay_exhibit(done(), Look(load("en")))
    numbers = list(exhibit.table.iloc[:, 1])
    assert numbers[:3] == [-1.5, 0.0, 0.5]
    assert numbers[3] == pytest.approx(CLEAR.effect)
    assert "the median is 0 percentage points" in exhibit.message
    assert not any("Ana" in text for text in (exhibit.message, exhibit.caption, exhibit.csv().decode(), exhibit.svg()))


def test_as_many_dots_are_drawn_as_people_predicted():
    many = [Prediction(HIGHER, size, 65) for size in np.linspace(0.1, 3, 300)]
    figure = overlay_exhibit(done(many), Look(load("en"))).draw()
    artists = [*figure.axes[0].artists, *figure.axes[0].lines]
    (dots,) = [line for line in artists if line.get_label() == "prediction"]
    assert len(set(zip(*dots.get_data()))) == 300


@pytest.mark.parametrize("wild", [LARGEST_SIZE, 1e6])
@pytest.mark.parametrize("share", [0.01, 0.5])
def test_wild_numbers_do_not_hide_the_others(wild, share):
    many = [Prediction(LOWER, 1.0 + n / 100, 65) for n in range(100)]
    for n in range(int(100 * share)):
        many[n] = Prediction(HIGHER, wild, 95)
    low, high = axis_of(np.array([each.difference for each in many]), CLEAR)
    assert low < -1.9
    assert high < 60
    exhibit = overlay_exhibit(done(many), Look(load("en")))
    assert exhibit.svg()


@pytest.mark.parametrize("effect", [
    statistics.paired_effect([], []),
    statistics.paired_effect([1.0], [2.0]),
    statistics.paired_effect([1.0, 2.0], [2.0, 2.0]),
    statistics.paired_effect(np.ones(6), np.ones(6)),
    statistics.paired_effect([1.0, -1.0, 0.5, -0.5, 0.1, -0.2], np.zeros(6)),
])  # fmt: skip
@pytest.mark.parametrize("predictions", [SAID, SAID[:1], []], ids=len)
def test_results_that_say_nothing_and_empty_rooms_are_drawn(effect, predictions):
    for exhibit in (
        tally_exhibit(done(predictions, effect), LOOKS[1]),
        overlay_exhibit(done(predictions, effect), LOOKS[1]),
    ):
        assert exhibit.svg()
        assert not re.search(r"\bnan\b", exhibit.message)


@pytest.mark.parametrize("code", CODES)
def test_the_table_of_predictions_has_one_row_for_each_and_readable_columns(code):
    rounds = [done(), Round(Question(), "trust", predictions={"x": Prediction(HIGHER, 2.0, 50, "=1+1")})]
    lines = predictions_csv(rounds, load(code)).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 + 1
    assert len(lines[0].split(",")) == len(COLUMNS)
    assert "'=1+1" in lines[-1]
    said = load(code)
    for text in (said.t("report.origin.purpose_text"), said.t("report.caution")):
        assert text in lines[1]


def test_the_file_for_scripts_has_links_and_no_seat():
    import json

    rounds = [done(), Round(Question(), "trust", predictions={"secret-seat": SAID[0]})]
    text = predictions_json(rounds).decode()
    first, second = json.loads(text)
    assert "secret-seat" not in text
    assert first["result"]["direction"] == LOWER
    assert math.isclose(first["result"]["effect"], CLEAR.effect)
    assert first["predictions"][0] == {"direction": HIGHER, "size": 0.5, "confidence": 80, "name": "Ana", "table": "1"}
    assert second["result"] is None
    assert first["purpose"] == load("en").t("report.origin.purpose_text")
    assert first["link"].startswith("?v=")
