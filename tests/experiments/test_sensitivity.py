"""Sensitivity of a sweep's result: what is read, refused, said, written and drawn."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from planted_linear import DESIGNS, MORRIS, OAT, linear, noise, verdicts, write

from experiments import analyze_sensitivity
from experiments.sensitivity import columns as names
from experiments.sensitivity.columns import MATTERS, NO_EFFECT, NO_VARIATION, NOISE, UNKNOWN_LUCK
from experiments.sensitivity.values import Quantity, complete_groups
from simulation.errors import InputError


@pytest.fixture(autouse=True)
def no_warnings():
    """Nothing is divided by zero, whatever the data."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        yield


@pytest.fixture(scope="module", params=DESIGNS)
def found(request, tmp_path_factory):
    """Return an analysis of each method, with the folder that it wrote."""
    folder = tmp_path_factory.mktemp("results") / request.param
    return analyze_sensitivity(write(folder, design=DESIGNS[request.param]), csv=True)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the folder of a small Sobol sweep."""
    folder = tmp_path_factory.mktemp("results") / "sobol"
    return write(folder).folder


# ------------------------------------------------------------------ what is found


def test_every_method_tells_what_matters_from_what_does_not(found):
    assert verdicts(found) == {"fear_effect": MATTERS, "awareness": MATTERS, "belief_floor": NOISE}
    ranked = found.explained[0].ranked(names.DECISIVE[found.method])
    assert [row.factor for row in ranked] == ["fear_effect", "awareness", "belief_floor"]
    text = found.text()
    assert "Solve rate: a minus b (percentage points of crimes that happened)" in text
    assert "Matter, the strongest first: fear effect" in text
    assert "Not told from noise: belief floor." in text
    assert "Luck makes up" in text


def test_direction_is_said_where_it_is_known(found):
    rows = found.table[found.table["factor"] == "fear_effect"]
    assert set(rows["direction"]) == ({""} if found.method == "sobol" else {"", names.RAISES} & {*rows["direction"]})
    assert (found.method == "sobol") == (names.RAISES not in set(rows["direction"]))


def test_luck_is_a_row_of_its_own(found):
    luck = found.table[found.table["kind"] == names.LUCK].set_index("measure")
    wanted = {"sobol": {names.FIRST, names.TOTAL}}.get(found.method, {names.BY_SEED, names.SHARE})
    assert set(luck.index) == wanted
    assert (luck["lower"] < luck["estimate"]).all()
    if found.method != "sobol":  # two seeds differ by both kinds of noise
        assert luck.loc[names.BY_SEED, "estimate"] == pytest.approx(2 * 0.3 * np.sqrt(2 / np.pi), rel=0.5)


def test_the_same_result_gives_the_same_table(swept):
    a, b = (analyze_sensitivity(swept, write=False).table for _ in range(2))
    pd.testing.assert_frame_equal(a, b)


@pytest.mark.parametrize("method", DESIGNS)
def test_one_factor_is_enough(tmp_path, method):
    design = DESIGNS[method] | ({"center": {"fear_effect": 4.0}} if method == "one_at_a_time" else {})
    y = lambda values, r: values["fear_effect"] + noise(values["point"], r)  # noqa: E731
    found = analyze_sensitivity(write(tmp_path / "r", y, design, {"fear_effect": (0.0, 8.0)}), write=False)
    assert verdicts(found) == {"fear_effect": MATTERS}
    assert found.figures()


@pytest.mark.parametrize("method", DESIGNS)
def test_levers_of_words_and_switches_are_factors(tmp_path, method):
    detainers = ["never", "judicial_warrant", "honor"]
    factors = {"detainers": {"values": detainers}, "fingerprint_checks": {"values": [False, True]}, "awareness": None}
    center = {"detainers": "never", "fingerprint_checks": False, "awareness": 0.6}
    design = DESIGNS[method] | ({"center": center} if method == "one_at_a_time" else {})

    def y(values, r):
        return 3 * detainers.index(values["detainers"]) - 2 * values["fingerprint_checks"] + noise(values["point"], r)

    found = analyze_sensitivity(write(tmp_path / "r", y, design, factors), write=False)
    assert verdicts(found) == {"detainers": MATTERS, "fingerprint_checks": MATTERS, "awareness": NOISE}
    if method != "sobol":
        directions = found.table.set_index(["factor", "measure"])["direction"]
        decisive = names.DECISIVE[method]
        assert directions["detainers", decisive] == ""
        assert directions["fingerprint_checks", decisive] == names.LOWERS
    if method == "morris":
        mu = found.table.set_index(["factor", "measure"])["estimate"]["fingerprint_checks", "mu"]
        assert mu == pytest.approx(-2, abs=0.3)
    if method == "one_at_a_time":
        assert "judicial warrant" in set(found.curves["level"])
        assert "never" in found.text()
    assert found.figures()


def test_the_curve_of_each_factor_is_a_table(tmp_path):
    found = analyze_sensitivity(write(tmp_path / "r", design=OAT), write=False)
    curve = found.curves[found.curves["factor"] == "fear_effect"]
    assert list(curve["value"]) == [0, 2, 4, 6, 8]
    assert list(curve["is_base"]) == [False, False, True, False, False]
    np.testing.assert_allclose(curve["mean"], [1, 2, 3, 4, 5], atol=0.6)
    assert (curve["lower"] < curve["mean"]).all()
    assert curve.loc[curve["is_base"], "difference"].item() == 0


def test_second_order_is_in_table_and_text(tmp_path):
    y = lambda v, r: (v["fear_effect"] / 4 - 1) * (2 * v["awareness"] - 1) + noise(v["point"], r, size=0.1)  # noqa: E731
    found = analyze_sensitivity(
        write(tmp_path / "r", y, {"method": "sobol", "points": 64, "second_order": True}), write=False
    )
    pairs = found.table[found.table["measure"] == names.SECOND].set_index(["factor", "with_factor"])
    assert pairs["verdict"]["fear_effect", "awareness"] == MATTERS
    assert "Joint effects of two: fear effect with awareness" in found.text()
    assert verdicts(found)["fear_effect"] == MATTERS  # by its total: on its own it does nothing


def test_targets_are_effects_by_default_and_any_by_name(tmp_path):
    result = write(tmp_path / "r", {"solve_rate": linear, "victimization_rate": linear}, MORRIS)
    assert [e.target.spec for e in analyze_sensitivity(result, write=False).explained] == [
        "effect.solve_rate",
        "effect.victimization_rate",
    ]
    asked = ["solve_rate", "victimization_rate@b"]
    assert [e.target.spec for e in analyze_sensitivity(result, targets=asked, write=False).explained] == asked
    single = write(tmp_path / "s", linear, MORRIS, scenarios=("a",))
    assert [e.target.spec for e in analyze_sensitivity(single, write=False).explained] == ["solve_rate"]


# ------------------------------------------------------------------ failed, undefined, constant


def some_lost(lost, how):
    """Return an outcome that fails (None) or is undefined (NaN) where `lost(point, replicate)`."""

    def y(values, replicate):
        return how if lost(values["point"], replicate) else linear(values, replicate)

    return y


@pytest.mark.parametrize("how", [None, float("nan")], ids=["failed", "undefined"])
@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_missing_value_drops_its_group_and_nothing_else(tmp_path, method, how):
    whole = analyze_sensitivity(write(tmp_path / "whole", design=DESIGNS[method]), write=False)
    result = write(tmp_path / "r", some_lost(lambda point, r: point == 7 and r == 2, how), DESIGNS[method])
    found = analyze_sensitivity(result, write=False)
    assert set(found.table["groups_lost"]) == {1}
    assert verdicts(found) == verdicts(whole)
    key = ["factor", "measure"]
    both = whole.table.set_index(key)["estimate"].to_frame("a").join(found.table.set_index(key)["estimate"])
    assert np.abs(both["a"] - both["estimate"]).max() < 0.15 * np.abs(both["a"]).max()
    (warning,) = [note for note in found.explained[0].notes if "left out" in note]
    assert ("2 runs failed" if how is None else "1 value undefined") in warning
    assert f"1 of {len(result.points) // (5 if method == 'sobol' else 4)}" in warning
    assert warning[0].upper() + warning[1:] in " ".join(found.text().split())


def test_a_seed_that_is_missing_at_most_points_is_left_out(tmp_path):
    stopped = some_lost(lambda point, r: r == 4 and point > 40, None)
    found = analyze_sensitivity(write(tmp_path / "r", stopped), write=False)
    assert set(found.table["groups_lost"]) == {0}
    assert set(found.table["replicates"]) == {3}
    assert "1 of 4 seeds are left out at all points" in found.text()


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_too_much_missing_is_refused_in_one_line(tmp_path, method):
    broken = some_lost(lambda point, r: point % 5 == 0, None)
    result = write(tmp_path / "r", broken, DESIGNS[method])
    lost = 2 * 4 * (len(result.points) // 5)
    with pytest.raises(
        InputError, match=rf"only \d+ of \d+ \w+ are complete: {lost} runs failed.*; {lost} runs must"
    ) as e:
        analyze_sensitivity(result, write=False)
    assert "\n" not in str(e.value)


def test_one_at_a_time_needs_its_base_and_can_miss_others(tmp_path):
    found = analyze_sensitivity(write(tmp_path / "a", some_lost(lambda p, r: p == 2, None), OAT), write=False)
    assert verdicts(found) == {"fear_effect": MATTERS, "awareness": MATTERS, "belief_floor": NOISE}
    swing = found.explained[0].row("fear_effect", names.LOW_TO_HIGH)
    assert np.isnan(swing.estimate)  # the low end is missing
    assert 0.0 not in set(found.curves.query("factor == 'fear_effect'")["value"])
    with pytest.raises(InputError, match="all factors are at their base, is not complete"):
        analyze_sensitivity(write(tmp_path / "b", some_lost(lambda p, r: p == 1, None), OAT), write=False)


def test_a_target_that_cannot_be_explained_does_not_stop_the_others(tmp_path):
    y = {"solve_rate": linear, "victimization_rate": lambda values, r: float("nan")}
    result = write(tmp_path / "r", y, MORRIS)
    found = analyze_sensitivity(result, write=False)
    assert [e.target.spec for e in found.explained] == ["effect.solve_rate"]
    assert "only 0 of 6 trajectories are complete" in found.notes[0]
    with pytest.raises(InputError, match="only 0 of 6 trajectories"):
        analyze_sensitivity(result, targets=["effect.victimization_rate"], write=False)


@pytest.mark.parametrize("method", DESIGNS)
def test_a_constant_target_has_no_variation_and_no_figure(tmp_path, method):
    found = analyze_sensitivity(write(tmp_path / "r", lambda values, r: 12.5, DESIGNS[method]))
    assert set(verdicts(found).values()) == {NO_VARIATION}
    assert found.table["estimate"].isna().all()
    assert "No variation: the target is the same in all runs" in found.text()
    assert found.figures() == {}
    assert not list(found.folder.glob("*.png"))
    json.dumps(found.record(), allow_nan=False)


@pytest.mark.parametrize("method", DESIGNS)
def test_only_luck_is_called_luck(tmp_path, method):
    found = analyze_sensitivity(
        write(tmp_path / "r", lambda v, r: noise(v["point"], r), DESIGNS[method], seeds=5), write=False
    )
    assert set(verdicts(found).values()) == {NOISE}
    assert found.figures()
    assert any("luck" in note or "noise" in note for note in found.explained[0].notes)


@pytest.mark.parametrize("method", DESIGNS)
def test_a_seed_alone_moves_no_factor(tmp_path, method):
    found = analyze_sensitivity(write(tmp_path / "r", lambda v, r: noise(r), DESIGNS[method]), write=False)
    assert set(verdicts(found).values()) == {NO_EFFECT}
    assert "Never changed the target in any run" in found.text()
    assert found.figures()


@pytest.mark.parametrize("method", DESIGNS)
def test_one_seed_cannot_tell_luck(tmp_path, method):
    found = analyze_sensitivity(write(tmp_path / "r", design=DESIGNS[method], seeds=1), write=False)
    assert set(verdicts(found).values()) == {UNKNOWN_LUCK}
    assert any(note.startswith("warning: one seed at each point") for note in found.explained[0].notes)
    assert not (found.table["kind"] == names.LUCK).any()
    assert found.figures()


def test_complete_groups_keep_as_many_values_as_they_can():
    values = np.arange(24.0).reshape(6, 4)
    values[0, 3] = values[2, 3] = values[4, 3] = np.nan  # the last seed misses a point of every group
    values[5, 0] = np.nan
    groups = complete_groups(Quantity("t", "t", "", values, 0), 2)
    assert groups.values.shape == (2, 2, 3)
    assert groups.kept.tolist() == [0, 1]
    assert (groups.lost, groups.seeds_lost) == (1, 1)


# ------------------------------------------------------------------ warnings


def test_wide_intervals_are_said_with_what_would_mend_them(tmp_path):
    found = analyze_sensitivity(write(tmp_path / "r", design={"method": "sobol", "points": 16}), write=False)
    notes = found.explained[0].notes
    assert any("16 blocks are too few" in note for note in notes)
    (wide,) = [note for note in notes if "known only to within" in note]
    assert "asked for 0.1" in wide
    points = int(wide.split("points = ")[1].split(" ")[0].rstrip(",").replace(",", ""))
    assert points & (points - 1) == 0
    assert points > 16
    assert f"{wide.split(', ')[-1]}".endswith("runs")
    assert not [
        n for n in analyze_sensitivity(found.result, precision=9, write=False).explained[0].notes if "known only" in n
    ]


def test_an_order_that_is_not_settled_is_said(tmp_path):
    y = lambda v, r: v["fear_effect"] / 2 + 4 * 1.1 * v["awareness"] ** 2 + noise(v["point"], r)  # noqa: E731
    found = analyze_sensitivity(write(tmp_path / "r", y, MORRIS), write=False)
    assert any(
        "matters more is not settled" in note or "matter about equally" in note for note in found.explained[0].notes
    )
    sharp = lambda v, r: v["fear_effect"] + v["awareness"] + noise(v["point"], r, size=0.02)  # noqa: E731
    assert analyze_sensitivity(write(tmp_path / "s", sharp, MORRIS), write=False).explained[0].notes == ()


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"targets": ["effect.solve_rat"]}, "did you mean 'solve_rate'"),
        ({"targets": ["solve_rate@c"]}, "scenario"),
        ({"targets": ["solve_rate", "solve_rate"]}, "given twice"),
        ({"precision": 0}, "precision = 0: must be above 0"),
        ({"out": "."}, "exists already"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(swept, arguments, said):
    with pytest.raises(InputError, match=said) as error:
        analyze_sensitivity(swept, **arguments)
    assert "\n" not in str(error.value)


def test_other_designs_are_refused_and_the_right_command_is_named(tmp_path):
    result = write(tmp_path / "r", design={"method": "latin_hypercube", "points": 20})
    with pytest.raises(InputError, match=r"needs one_at_a_time, morris, sobol; .*twoclaims discover"):
        analyze_sensitivity(result)


def test_a_comparison_has_nothing_to_analyze(comparison):
    with pytest.raises(InputError, match="nothing was varied"):
        analyze_sensitivity(comparison.folder)


def test_points_that_are_not_the_designs_are_refused(tmp_path):
    result = write(tmp_path / "r", design=MORRIS)
    design = (result.folder / "design.toml").read_text()
    (result.folder / "design.toml").write_text(design.replace("root_seed = 1", "root_seed = 2"))
    with pytest.raises(InputError, match="differs from the points"):
        analyze_sensitivity(result.folder)
