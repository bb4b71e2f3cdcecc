"""Scenario discovery: planted boxes are found, noise is called noise, and nothing that is left out goes uncounted."""

import json
import subprocess
import sys
from pathlib import Path

import fake_world
import numpy as np
import pandas as pd
import planted
import pytest

from experiments.discovery import prim as discovery_prim
from experiments.discovery.discovery import FOLDS, discover
from experiments.discovery.peeling import _library, peel
from experiments.storage import store
from simulation.errors import InputError

ROOT = Path(__file__).parents[2]
WHEN = "effect.solve_rate < 0"
NUMBERS = {"fear_effect": (0.0, 5.0), "substitution": (0.0, 1.0), "replacement": (0.0, 1.0)}
NAMES = {"detainers": {"values": ["never", "judicial_warrant", "honor"]}, "fingerprint_checks": {}}


def noise(values, replicate, size=0.4):
    """Return noise between -size and size that depends on point and replicate only."""
    return size * (2 * fake_world.noise(7, values["point"], replicate) - 1)


def in_the_box(values, replicate):
    inside = values["fear_effect"] > 2.0 and values["substitution"] < 0.6
    return (-1.0 if inside else 1.0) + noise(values, replicate)


def by_name(values, replicate):
    return (-1.0 if values["detainers"] != "judicial_warrant" and values["fear_effect"] > 2 else 1.0) + noise(
        values, replicate
    )


def run(folder, y, factors=NUMBERS, points=200, seeds=3, **design):
    return planted.write_result(folder, factors, None, y, seeds=seeds, design={"points": points, **design})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_box_is_found(tmp_path, seed):
    found = discover(run(tmp_path / "r", in_the_box, root_seed=seed), WHEN, write=False)
    (box,) = found.boxes
    assert box.stands_out
    assert set(box.step.limits) == {"fear_effect", "substitution"}
    fear, substitution = box.step.limits["fear_effect"], box.step.limits["substitution"]
    assert (fear.high, substitution.low) == (None, None)
    assert fear.low == pytest.approx(2.0, abs=0.25)
    assert substitution.high == pytest.approx(0.6, abs=0.05)
    assert box.step.coverage > 0.9
    assert box.step.density > 0.9
    assert box.held_out.all_points == 200
    assert box.held_out.cases / box.held_out.points > 0.85
    assert found.share == pytest.approx(0.36, abs=0.03)
    assert found.interval[0] < 0.36 < found.interval[1]
    assert "fear_effect is at least" in found.answer
    assert "(log-odds per unit of dread)" in found.answer


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_is_not_called_a_finding(tmp_path, seed):
    found = discover(run(tmp_path / "r", lambda v, r: noise(v, r), root_seed=seed, points=100), WHEN, write=False)
    assert not any(box.stands_out for box in found.boxes)
    assert "No part of it stands out" in found.answer
    assert "lie where" not in found.answer


def test_a_box_of_names_is_found_told_and_drawn(tmp_path):
    result = run(tmp_path / "r", by_name, {**NUMBERS, **NAMES})
    found = discover(result, WHEN, csv=True)
    (box,) = found.boxes
    assert box.stands_out
    assert box.step.limits["detainers"].levels == (0, 2)
    assert "detainers is never or honor" in found.answer
    table = store.read_table(found.folder, "discovery").set_index("factor")
    assert table.loc["detainers", "levels"] == "never, honor"
    assert table.loc["detainers", "all_levels"] == "never, judicial_warrant, honor"
    assert np.isnan(table.loc["detainers", "lower"])
    assert not table.loc["fingerprint_checks", "restricted"]
    assert table.loc["fear_effect", "highest"] == pytest.approx(5, abs=0.1)
    names = {path.name for path in found.folder.iterdir()}
    assert {f"{n}.{e}" for n in ("peeling", "box", "ranges") for e in ("pdf", "png")} <= names
    assert {f"{n}.{e}" for n in ("cases", "discovery", "trajectory") for e in ("parquet", "csv")} <= names
    written = {name: text_of(figure) for name, figure in found.figures().items()}
    assert "judicial warrant" in written["box"]
    assert "honor" in written["ranges"]
    for text in written.values():
        for part in (
            "1,200 runs finished: 200 points, 2 scenarios, 3 replicates on common seeds (root seed 1)",
            "Riverton, 100% of residents",
            "Version 0.",
            "Simulation under stated assumptions, not a forecast.",
            "effect.solve_rate < 0",
        ):
            assert part in text


def text_of(figure):
    from matplotlib.text import Text

    return " ".join(t.get_text() for t in figure.findobj(Text)).replace("\n", " ")


def test_factors_that_are_all_names(tmp_path):
    found = discover(
        run(tmp_path / "r", lambda v, r: -1.0 if v["fingerprint_checks"] else 1.0, NAMES, points=60), WHEN, write=False
    )
    assert found.boxes[0].step.limits == {"fingerprint_checks": found.boxes[0].step.limits["fingerprint_checks"]}
    assert "fingerprint_checks is true" in found.answer
    found.figures()


def test_what_is_left_out_is_counted_and_said(tmp_path):
    def y(values, replicate):
        point = values["point"]
        if point in (3, 4):
            return None if replicate == 2 else {"a": 1.0, "b": 0.0}
        return float("nan") if point == 5 and replicate == 1 else in_the_box(values, replicate)

    result = run(tmp_path / "r", y, {**NUMBERS, **NAMES}, points=150)
    found = discover(result, WHEN, write=False)
    assert found.cases.excluded == {"failed": 2, "undefined": 1}
    assert found.record()["excluded"] == {"failed": 2, "undefined": 1}
    assert "3 of 150 points are left out: a run failed (2), an outcome is undefined" in " ".join(found.notes)
    assert found.boxes[0].stands_out
    table = found.tables()["cases"][0].set_index("point")
    assert table.loc[[3, 4, 5], "state"].tolist() == ["failed", "failed", "undefined"]
    assert not table.loc[[3, 4, 5], "holds"].any()
    assert "147 of 150 points count" in text_of(found.figures()["peeling"])


def test_a_failure_in_a_scenario_that_is_not_asked_for_leaves_nothing_out(tmp_path):
    def y(values, replicate):
        return {"a": in_the_box(values, replicate), "b": None if values["point"] == 7 else 0.0}

    result = run(tmp_path / "r", y, points=40)
    assert discover(result, "solve_rate < 0", write=False).cases.excluded == {}
    assert discover(result, WHEN, write=False).cases.excluded == {"failed": 1}


def test_missing_runs_leave_out_points_only_if_no_replicate_is_whole(tmp_path):
    result = run(tmp_path / "r", in_the_box, points=40)
    runs = store.read_table(result.folder, "runs")
    gone = ((runs["replicate"] > 1) & (runs["point"] > 20)) | ((runs["point"] == 40) & (runs["scenario"] == "b"))
    runs[~gone].to_parquet(result.folder / "runs.parquet")
    found = discover(result.folder, WHEN, write=False)
    assert found.cases.excluded == {"incomplete": 1}
    assert "means over 1 to 3 replicates" in " ".join(found.notes)


def test_a_point_is_judged_by_its_mean_and_doubtful_if_one_replicate_decides(tmp_path):
    values = {1: (-1, -1, -1), 2: (-1, -1, 1.5), 3: (-5, 1, 1), 4: (1, 1, 1)}
    points = pd.DataFrame({"fear_effect": [1.0, 2.0, 3.0, 4.0]})
    result = planted.write_result(
        tmp_path / "r", {"fear_effect": (0, 5)}, points, lambda v, r: float(values[v["point"]][r - 1]), seeds=3
    )
    table = discover(result, WHEN, write=False).cases.table
    assert table["holds"].tolist() == [True, True, True, False]
    assert table["doubtful"].tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("y", "told"),
    [
        (lambda v, r: -1.0, "holds at every one of 60 points: there is nothing to tell apart."),
        (lambda v, r: 1.0, "holds at none of 60 points: there is nothing to tell apart."),
        (lambda v, r: -1.0 if v["point"] <= 4 else 1.0, "too few such points to search for a box (at least 10"),
        (lambda v, r: 1.0 if v["point"] <= 4 else -1.0, "too few points where it does not to search for a box"),
    ],
)
def test_without_anything_to_search_there_is_a_plain_answer(tmp_path, y, told):
    found = discover(run(tmp_path / "r", y, points=60, seeds=1), WHEN)
    assert told in found.answer
    assert found.boxes == ()
    assert found.record()["boxes"] == []
    assert (found.folder / "cases.parquet").is_file()


@pytest.mark.parametrize(
    ("y", "why"),
    [
        (lambda v, r: float("nan"), r"an outcome is undefined, or a claim is not tested \(60\)$"),
        (lambda v, r: None, r"a run failed \(60\)$"),
    ],
)
def test_a_condition_that_can_be_judged_nowhere_is_refused(tmp_path, y, why):
    with pytest.raises(InputError, match=f"no point can be judged: {why}"):
        discover(run(tmp_path / "r", y, points=60, seeds=1), WHEN)


def test_a_factor_with_one_value_is_dropped_and_said(tmp_path):
    points = pd.DataFrame({"fear_effect": np.linspace(0, 5, 60), "replacement": 0.5, "detainers": "never"})
    factors = {"fear_effect": (0, 5), "replacement": (0, 1), "detainers": NAMES["detainers"]}
    result = planted.write_result(tmp_path / "r", factors, points, lambda v, r: 2.5 - v["fear_effect"])
    found = discover(result, WHEN, write=False)
    assert "because it has one value at all points: replacement, detainers." in " ".join(found.notes)
    assert found.boxes[0].step.limits["fear_effect"].low == pytest.approx(2.5, abs=0.1)
    (tmp_path / "s").mkdir()
    alone = planted.write_result(tmp_path / "s" / "r", factors, points.assign(fear_effect=1.0), lambda v, r:
                                 float(v["point"] % 2) - 0.5)  # fmt: skip
    assert "no factor varies" in discover(alone, WHEN, write=False).answer


def test_several_boxes_lie_outside_each_other(tmp_path):
    def y(values, replicate):
        first = values["fear_effect"] > 3.5
        second = values["fear_effect"] < 2 and values["substitution"] > 0.7
        return -1.0 if first or second else 1.0

    found = discover(run(tmp_path / "r", y, points=180, seeds=1), WHEN, boxes=2, write=False)
    first, second = found.boxes
    assert first.stands_out
    assert second.stands_out
    assert first.step.limits["fear_effect"].low == pytest.approx(3.5, abs=0.2)
    assert second.step.limits["substitution"].low == pytest.approx(0.7, abs=0.1)
    assert sorted(np.unique(found.box_of_point))[:3] == [0, 1, 2]
    assert found.holds[found.box_of_point == 2].mean() == second.step.density
    assert "Outside, of all points where it holds" in found.answer


def test_any_step_can_be_asked_for(tmp_path):
    result = run(tmp_path / "r", in_the_box)
    whole = discover(result, WHEN, write=False)
    found = discover(result, WHEN, box=5, write=False)
    assert found.boxes[0].step == whole.boxes[0].search.steps[5]
    assert "Step 5 of the peeling trajectory was asked for." in found.notes
    found.figures()
    assert "restricts no factor" in discover(result, WHEN, box=0, write=False).answer
    with pytest.raises(InputError, match=r"--box 999: the peeling trajectory has the steps 0 to \d+"):
        discover(result, WHEN, box=999, write=False)


def test_the_density_asked_for_is_reached_or_it_is_said(tmp_path):
    def y(values, replicate):
        return -1.0 if (values["fear_effect"] < 1.5) != (values["point"] % 4 == 0) else 1.0

    factors = {"fear_effect": {"values": [1.0, 2.0]}}
    points = pd.DataFrame({"fear_effect": [1.0] * 40 + [2.0] * 40})
    result = planted.write_result(tmp_path / "r", factors, points, y)
    modest, strict = (discover(result, WHEN, density=d, write=False) for d in (0.7, 1.0))
    for found, reached in ((modest, True), (strict, False)):
        (box,) = found.boxes
        assert box.search.reached == reached
        assert (box.step.density, box.step.coverage) == (0.75, 0.75)
        assert ("No box reaches density 100%" in " ".join(found.notes)) != reached
    assert modest.boxes[0].stands_out


def test_points_that_share_coordinates_are_kept_out_together(tmp_path):
    from experiments.discovery.discovery import _folds

    result = planted.write_result(tmp_path / "r", NUMBERS, None, in_the_box, design={"method": "sobol", "points": 32})
    found = discover(result, WHEN, write=False)
    folds = _folds(found)
    blocks = np.arange(160) // 5
    assert all(len(set(folds[blocks == block])) == 1 for block in range(32))
    assert np.bincount(folds).tolist() == [35, 35, 30, 30, 30]
    assert len(set(folds)) == FOLDS
    by_block = found.holds.reshape(32, 5).mean(axis=1)
    half = 2.0395 * by_block.std(ddof=1) / np.sqrt(32)  # Student's t, 31 degrees of freedom
    assert found.interval == pytest.approx((by_block.mean() - half, by_block.mean() + half), abs=1e-3)


def test_shares_of_a_grid_are_not_of_the_parameter_space(tmp_path):
    factors = {"fear_effect": {"low": 0.0, "high": 5.0, "levels": 8}, "substitution": {"low": 0.0, "high": 1.0,
               "levels": 8}}  # fmt: skip
    result = planted.write_result(tmp_path / "r", factors, None, in_the_box, design={"method": "grid"})
    found = discover(result, WHEN, write=False)
    assert found.interval is None
    assert "of the grid (25 of 64 points)" in found.answer
    assert found.boxes[0].stands_out
    assert 1.43 < found.boxes[0].step.limits["fear_effect"].low < 2.15


CLAIM_OUTCOMES = ("solve_rate", "actual_sharing.immigrant_communities")


def claims_result(folder, seeds=5, outcomes=CLAIM_OUTCOMES):
    """Write points 1 to 30 where sharing lowers the solve rate, 31 to 60 where it raises it, 61 to 70 without luck of
    one sign, 71 to 80 without sharing."""  # fmt: skip

    def solved(values, replicate):
        point = values["point"]
        base = 1.0 if 30 < point <= 60 else 0.0 if 60 < point <= 70 else -1.0
        luck = (-0.2, 0.2, -0.1, 0.1, 0.0)[replicate - 1]
        return {"a": 10 + base + luck, "b": 10.0}

    def sharing(values, replicate):
        return {"a": 0.0 if values["point"] > 70 else 0.5 + 0.01 * replicate, "b": 0.0}

    y = {"solve_rate": solved, "actual_sharing.immigrant_communities": sharing}
    points = pd.DataFrame({"fear_effect": np.linspace(5, 0, 80)})
    return planted.write_result(folder, {"fear_effect": (0, 5)}, points, {key: y[key] for key in outcomes}, seeds=seeds)


def test_a_claim_holds_where_its_measures_are_beyond_noise(tmp_path):
    result = claims_result(tmp_path / "r")
    supported = discover(result, "claim.M2", write=False)
    assert supported.cases.excluded == {"undefined": 10}
    assert supported.cases.used["holds"].tolist() == [True] * 30 + [False] * 40
    contradicted = discover(result, "claim.M2.contradicted", write=False)
    assert contradicted.cases.used["holds"].tolist() == [False] * 30 + [True] * 30 + [False] * 10
    both = discover(result, "not claim.M2 and not claim.M2.contradicted and effect.solve_rate > -9", write=False)
    assert int(both.holds.sum()) == 10
    assert "fear_effect is at least" in supported.answer


def test_a_claim_needs_its_outcomes_and_enough_replicates(tmp_path):
    with pytest.raises(InputError, match=r"at least 5 replicates at a point, and this result has 3"):
        discover(claims_result(tmp_path / "few", seeds=3), "claim.M2", write=False)
    with pytest.raises(InputError, match=r"needs the outcome actual_sharing.immigrant_communities, which this result"):
        discover(claims_result(tmp_path / "none", outcomes=CLAIM_OUTCOMES[:1]), "claim.M2", write=False)


def test_the_finding_is_the_same_under_every_hash_seed(tmp_path):
    result = run(tmp_path / "r", by_name, {**NUMBERS, **NAMES}, points=80)
    here = discover(result, WHEN, write=False).record()
    code = (
        "import json, sys; from experiments import discover; "
        f"print(json.dumps(discover(sys.argv[1], {WHEN!r}, write=False).record()))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(result.folder)], cwd=ROOT, capture_output=True, text=True,
                          check=True, env={"PYTHONHASHSEED": "4"})  # fmt: skip
    assert json.loads(done.stdout) == json.loads(json.dumps(here))


def test_steps_and_quasi_p_values_are_those_of_the_library(tmp_path):
    """The library's own box works out the same statistics, only much more slowly."""
    import warnings

    import ema_workbench.analysis.prim as library

    found = discover(run(tmp_path / "r", by_name, {**NUMBERS, **NAMES}, points=150), WHEN, write=False)
    x, holds = found.space.x.reset_index(drop=True), found.holds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box = library.Prim(x, holds.astype(int), threshold=1e-9, mass_min=discovery_prim.SMALLEST_MASS).find_box()
    points = discovery_prim._Points(x, holds, len(x), int(holds.sum()))
    limits = peel(x, holds, discovery_prim.SMALLEST_MASS, patient=False)
    steps = [points.with_quasi_p(points.step(each)) for each in limits]
    expected = box.peeling_trajectory
    assert len(steps) == len(expected) > 10
    for name in ("coverage", "density", "mass"):
        assert [getattr(step, name) for step in steps] == pytest.approx(expected[name].tolist())
    for step, quasi_p in zip(steps, box.qp):
        ours = {name: [-1 if p is None else p for p in (e.p_low, e.p_high)] for name, e in step.limits.items()}
        assert ours == {name: pytest.approx(each) for name, each in quasi_p.items()}


def test_a_detour_is_avoided_by_searching_few_factors_at_a_time(tmp_path):
    """Peeling all factors together stops at once: no single restriction makes cases denser in either corner."""

    def y(values, replicate):
        fear, replacement = values["fear_effect"] > 2.5, values["replacement"] > 0.5
        return -1.0 if fear == replacement else 1.0

    found = discover(run(tmp_path / "r", y, seeds=1, points=120), WHEN, boxes=2, write=False)
    assert [set(box.step.limits) for box in found.boxes] == [{"fear_effect", "replacement"}] * 2
    assert all(box.stands_out for box in found.boxes)
    assert sum(box.step.coverage for box in found.boxes) > 0.9


def test_without_the_library_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    _library.cache_clear()
    with pytest.raises(InputError, match=r"python3 -m pip install ema_workbench"):
        discover(run(tmp_path / "r", in_the_box, points=60), WHEN, write=False)


def test_every_column_is_described(tmp_path):
    result = run(tmp_path / "r", in_the_box, points=80, seeds=1)
    found = discover(result, WHEN, out=tmp_path / "out")
    package = json.loads((found.folder / "datapackage.json").read_text())
    assert {each["name"] for each in package["resources"]} == {"cases", "discovery", "trajectory"}
    for each in package["resources"]:
        table = pd.read_parquet(found.folder / each["path"])
        assert [field["name"] for field in each["schema"]["fields"]] == list(table.columns)
        assert all(field["description"] for field in each["schema"]["fields"])
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest["condition"] == WHEN
    assert manifest["library"].startswith("ema_workbench 2.")
    assert manifest["result"] == str(result.folder)
    with pytest.raises(InputError, match="exists already"):
        discover(result, WHEN, out=tmp_path / "out")
