"""Predictions: what is taken and refused, what a room expects, how sure it was and how right, and files of it."""

import csv
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import statistics
from simulation.errors import InputError
from workshop.predictions import (
    CONFIDENCES,
    DIRECTIONS,
    HIGHER,
    LONGEST_NAME,
    LOWER,
    NONE,
    Prediction,
    as_csv,
    as_json,
    calibration,
    clean,
    direction_of,
    read_prediction,
    tally,
    within,
)  # fmt: skip

UP = statistics.paired_effect([3.0, 3.2, 2.9, 3.1, 3.0], np.ones(5))
DOWN = statistics.paired_effect([-3.0, -3.2, -2.9, -3.1, -3.0], np.ones(5))
ROOM = [
    Prediction(HIGHER, 2.0, 80), Prediction(HIGHER, 4.0, 95), Prediction(LOWER, 1.0, 80), Prediction(NONE, 0.0, 35),
]  # fmt: skip


def test_a_prediction_is_a_signed_difference():
    assert [each.difference for each in ROOM] == [2.0, 4.0, -1.0, 0.0]
    assert read_prediction(NONE, 7, 50).difference == 0.0


@pytest.mark.parametrize("direction", ["up", "", None, 1, ["higher"], "HIGHER", "higher "])
def test_directions_that_are_not_offered_are_refused(direction):
    with pytest.raises(InputError, match="direction"):
        read_prediction(direction, 1, 50)


@pytest.mark.parametrize("size", ["1", None, math.nan, math.inf, -1, 1e10, True, [1], 0])
def test_sizes_that_are_no_difference_are_refused(size):
    with pytest.raises(InputError, match="size"):
        read_prediction(HIGHER, size, 50)


@pytest.mark.parametrize("confidence", [0, 100, 34.9, "50", None, True])
def test_confidences_that_are_not_offered_are_refused(confidence):
    with pytest.raises(InputError, match="confidence"):
        read_prediction(HIGHER, 1, confidence)


@given(st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text())))
def test_names_become_one_short_line(name):
    cleaned = clean(name)
    assert len(cleaned) <= LONGEST_NAME
    assert cleaned.isprintable()
    assert cleaned == clean(cleaned)


def test_a_name_keeps_what_people_write_in_names():
    assert clean("  Ana María O'Brien-Núñez  ") == "Ana María O'Brien-Núñez"
    assert clean("a\x00b\r\nc\u202ed") == "a b c d"


def test_the_tally_counts_and_takes_quartiles():
    found = tally(ROOM)
    assert (found.counts, found.people) == ({HIGHER: 2, NONE: 1, LOWER: 1}, 4)
    assert (found.share(HIGHER), found.share(NONE)) == (50.0, 25.0)
    assert found.quantiles == pytest.approx((-0.25, 1.0, 2.5))


def test_an_empty_room_expects_nothing():
    found = tally([])
    assert (found.people, found.counts) == (0, dict.fromkeys(DIRECTIONS, 0))
    assert math.isnan(found.share(NONE))
    assert all(map(math.isnan, found.quantiles))


def test_confidence_is_compared_with_being_right():
    assert [tuple(step) for step in calibration(ROOM, UP)] == [(35, 1, 0), (80, 2, 1), (95, 1, 1)]
    assert sum(step.right for step in calibration(ROOM, DOWN)) == 1
    none = UP._replace(effect=0.0, lower=-1.0, upper=1.0, verdict=statistics.NO_DIFFERENCE)
    assert [step.right for step in calibration(ROOM, none)] == [1, 0, 0]


@pytest.mark.parametrize("verdict", [statistics.TOO_FEW, statistics.UNDEFINED])
def test_nobody_is_right_or_wrong_where_the_pairs_do_not_say(verdict):
    result = UP._replace(lower=math.nan, upper=math.nan, verdict=verdict)
    assert direction_of(result) is None
    assert calibration(ROOM, result) == []
    assert within(ROOM, result) == 0


def test_no_direction_is_favored():
    """Exchange the worlds: every prediction and the result turn round, and as many are right."""
    turned = {HIGHER: LOWER, LOWER: HIGHER, NONE: NONE}
    mirrored = [Prediction(turned[each.direction], each.size, each.confidence) for each in ROOM]
    assert calibration(mirrored, DOWN) == calibration(ROOM, UP)
    assert tally(mirrored).quantiles == pytest.approx([-q for q in reversed(tally(ROOM).quantiles)])


def test_how_many_predicted_a_difference_inside_the_interval():
    result = UP._replace(lower=1.5, upper=4.0)
    assert within(ROOM, result) == 2


def test_a_spreadsheet_runs_no_name_as_a_formula():
    names = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "Ana", 'quote"d, name']
    file = as_csv(["name", "size"], [(name, -1.5) for name in names])
    assert file.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+cmd|' /C calc'!A0", "'-2", "'@SUM(A1)", "'\t=1", *names[5:]]
    assert {row[1] for row in rows[1:]} == {"-1.5"}


def test_json_has_null_for_what_is_undefined():
    found = json.loads(as_json([{"effect": math.nan, "predictions": [{"size": 2.0, "name": "Ana"}]}]))
    assert found == [{"effect": None, "predictions": [{"size": 2.0, "name": "Ana"}]}]


def test_every_confidence_is_at_least_a_guess():
    assert min(CONFIDENCES) > 100 / len(DIRECTIONS)
    assert list(CONFIDENCES) == sorted(CONFIDENCES)
