"""Opening a result: what analyses see of a sweep, of a comparison and of repeated runs."""

import math

import pandas as pd
import pytest
from planted import write_result

from experiments import replicate
from experiments.storage.result import Result, label, of_difference
from simulation.errors import InputError

POINTS = pd.DataFrame({"fear_effect": [1.0, 2.0, 3.0], "detainers": ["never", "honor", "never"]})
FACTORS = {"fear_effect": (0, 4), "detainers": {"values": ["never", "honor"]}}


def solved(values, replicate):
    """Fail at the third point in the second replicate; undefined at the second in the first."""
    if (values["fear_effect"], replicate) == (3.0, 2):
        return {"a": 1.0, "b": None}
    if (values["fear_effect"], replicate) == (2.0, 1):
        return math.nan
    return values["fear_effect"] + replicate / 10


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return write_result(tmp_path_factory.mktemp("planted") / "r", FACTORS, POINTS, solved, seeds=2)


def test_what_a_sweep_holds(result):
    assert result.scenarios == ["a", "b"]
    assert result.outcomes == ["solve_rate"]
    assert [factor.name for factor in result.factors] == ["fear_effect", "detainers"]
    assert result.factors[0].bounds == (0.0, 4.0)
    assert result.factors[1].is_categorical
    pd.testing.assert_frame_equal(result.points.drop(columns="point"), POINTS)
    assert len(result.runs) == 11
    assert result.failures["run_id"].tolist() == ["b-p000003-r0002"]
    assert "planted failure" in result.failures["reason"][0]
    assert result.unit("solve_rate").startswith("percent")
    assert result.meaning("parameter.fear_effect")


def test_values_of_a_scenario_by_replicate_and_point(result):
    values = result.values("solve_rate")
    assert values[["point", "replicate"]].to_numpy().tolist() == [[1, 1], [2, 1], [3, 1], [1, 2], [2, 2], [3, 2]]
    assert values["value"].tolist()[:1] == [1.1]
    assert math.isnan(values["value"][1])
    assert len(result.values("solve_rate", "b")) == 5


def test_effects_are_pairs_that_are_complete(result):
    effects = result.effects("solve_rate")
    assert effects[["point", "replicate"]].to_numpy().tolist() == [[1, 1], [2, 1], [3, 1], [1, 2], [2, 2]]
    reverse = result.effects("solve_rate", "b", "a")
    pd.testing.assert_series_equal(reverse["value"], -effects["value"])


def test_targets(result):
    effect, unit, text = result.target("effect.solve_rate")
    pd.testing.assert_frame_equal(effect, result.effects("solve_rate"))
    assert unit == "percentage points of crimes that happened"
    assert text == "solve rate: a minus b"
    values, unit, text = result.target("solve_rate@b")
    pd.testing.assert_frame_equal(values, result.values("solve_rate", "b"))
    assert (unit, text) == ("percent of crimes that happened", "solve rate: b")
    assert result.target("solve_rate")[2] == "solve rate: a"
    pd.testing.assert_frame_equal(result.target("effect.solve_rate@b")[0], effect)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("effect.solv_rate", "did you mean 'solve_rate'"),
        ("solv_rate", "did you mean 'solve_rate'"),
        ("solve_rate@c", "unknown scenario 'c'"),
        ("effect.solve_rate@a", "name another one"),
    ],
)
def test_targets_that_are_none(result, spec, said):
    with pytest.raises(InputError, match=said) as raised:
        result.target(spec)
    assert "\n" not in str(raised.value)


def test_words():
    assert label("reporting_rate.latino") == "reporting rate, latino"
    assert of_difference("percent of crimes") == "percentage points of crimes"
    assert of_difference("crimes") == "crimes"


def test_a_comparison_is_a_result_with_one_point(comparison):
    result = Result.open(comparison.folder)
    assert result.factors == ()
    assert result.design is None
    assert result.points["point"].tolist() == [0]
    assert set(result.runs["point"]) == {0}
    assert "seconds" not in result.outcomes
    effects = result.effects("reporting_rate.latino")
    assert effects["replicate"].tolist() == [1, 2, 3, 4, 5, 6]
    own = comparison.effects.set_index(["outcome", "group"]).loc[("reporting_rate", "latino"), "effect"]
    assert effects["value"].mean() == pytest.approx(own)
    assert result.failures.empty


def test_repeated_runs_are_a_result_without_effects(tmp_path):
    import fake_world

    replicate("agreement-ended", seeds=3, workers=1, out=tmp_path / "r", progress=False, engine=fake_world.engine())
    result = Result.open(tmp_path / "r")
    assert len(result.values("solve_rate")) == 3
    with pytest.raises(InputError, match="one scenario only"):
        result.effects("solve_rate")


def test_what_is_no_result(tmp_path):
    with pytest.raises(InputError, match="not a result folder"):
        Result.open(tmp_path)
    (tmp_path / "journal.sqlite").touch()
    with pytest.raises(InputError, match=f"twoclaims sweep --resume {tmp_path}"):
        Result.open(tmp_path)
