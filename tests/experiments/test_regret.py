"""Regret: numbers worked out by hand, ties and noise said, and everything left out counted."""

import json

import fake_world
import numpy as np
import pandas as pd
import planted
import pytest

from experiments import statistics
from experiments.regret.regret import measure_regret, told_apart
from experiments.storage import store
from simulation.errors import InputError

FACTORS = {"fear_effect": (0.0, 5.0)}
POINTS = pd.DataFrame({"fear_effect": [1.0, 2.0, 3.0, 4.0]})
MEANS = {"a": (10.0, 10.0, 10.0, 10.0), "b": (12.0, 11.0, 9.0, 5.0), "c": (9.0, 10.5, 12.0, 11.0)}
LUCK = (-0.2, -0.1, 0.0, 0.1, 0.2)


def table_of(means, luck=LUCK):
    """Return a function of the outcome: the same luck in all scenarios."""

    def y(values, replicate):
        point = values["point"] - 1
        return {name: each[point] + luck[replicate - 1] for name, each in means.items()}

    return y


def run(folder, y, scenarios=("a", "b", "c"), seeds=5, points=POINTS, **design):
    return planted.write_result(folder, FACTORS, points, y, scenarios=scenarios, seeds=seeds, design=design)


def rows(found):
    return found.table.set_index("scenario")


def test_regret_is_the_distance_to_the_best_at_each_point(tmp_path):
    found = measure_regret(run(tmp_path / "r", table_of(MEANS)), "solve_rate", write=False)
    expected = {"a": (2, 1, 2, 1), "b": (0, 0, 3, 6), "c": (3, 0.5, 0, 0)}
    for name, each in expected.items():
        assert found.regrets[name].tolist() == pytest.approx(each)
    table = rows(found)
    assert table["mean_regret"].to_dict() == pytest.approx({"a": 1.5, "b": 2.25, "c": 0.875})
    assert table["maximum_regret"].to_dict() == pytest.approx({"a": 2, "b": 6, "c": 3})
    assert table["point_of_maximum"].to_dict() == {"a": 1, "b": 4, "c": 1}
    assert table["best_share"].to_dict() == {"a": 0, "b": 0.5, "c": 0.5}
    assert table["clearly_best_share"].to_dict() == {"a": 0, "b": 0.5, "c": 0.5}
    assert table["clearly_worse_share"].to_dict() == {"a": 1, "b": 0.5, "c": 0.5}
    assert table["mean"].to_dict() == pytest.approx({"a": 10, "b": 9.25, "c": 10.625})
    assert found.table["scenario"].tolist() == ["a", "c", "b"]
    assert table["minimax"].to_dict() == {"a": True, "b": False, "c": False}
    assert found.answer.startswith(
        "Solve rate, where higher is better: a has the smallest maximum regret, 2 percentage points over 4 points."
    )


def test_where_lower_is_better_the_smallest_is_best(tmp_path):
    found = measure_regret(run(tmp_path / "r", table_of(MEANS)), "solve_rate", better="lower", write=False)
    assert found.regrets["a"].tolist() == pytest.approx([1, 0, 1, 5])
    assert found.regrets["b"].tolist() == pytest.approx([3, 1, 0, 0])
    assert "Lower counts as better, as was asked for; declared is higher." in found.notes


def test_intervals_cover_luck_and_the_choice_of_points(tmp_path):
    luck = {"a": (0.3, -0.3, 0.1, -0.1, 0.0), "b": (0.0,) * 5}

    def y(values, replicate):
        return {"a": 10 - values["fear_effect"] + luck["a"][replicate - 1], "b": 10.0}

    grid = {"fear_effect": {"values": [1.0, 2.0, 3.0, 4.0]}}
    result = planted.write_result(tmp_path / "r", grid, None, y, seeds=5, design={"method": "grid"})
    row = rows(measure_regret(result, "solve_rate", write=False)).loc["a"]
    # The mean regret is 2.5 plus the mean luck, so its error is that of a mean of five: sd / sqrt(5).
    error = statistics.summarize(luck["a"]).standard_error
    half = statistics.t_quantile(0.975, 5) * error
    assert (row["mean_regret_lower"], row["mean_regret_upper"]) == pytest.approx((2.5 - half, 2.5 + half))
    assert (row["maximum_regret_lower"], row["maximum_regret_upper"]) == pytest.approx((4 - half, 4 + half))
    assert np.isnan(row["best_share_lower"])
    sampled = measure_regret(run(tmp_path / "s", y, ("a", "b")), "solve_rate", write=False)
    both = np.hypot(error, np.std([1, 2, 3, 4], ddof=1) / 2)
    row = rows(sampled).loc["a"]
    assert row["mean_regret_upper"] == pytest.approx(2.5 + statistics.t_quantile(0.975, 5) * both)
    assert row["best_share_upper"] == pytest.approx(0.4899, abs=1e-4)  # Wilson, 0 of 4
    assert "and the choice of points" in " ".join(sampled.notes)


def test_scenarios_within_noise_are_not_told_apart(tmp_path):
    def y(values, replicate):
        noise = {name: fake_world.noise(3, name, values["point"], replicate) for name in "abc"}
        return {"a": 10 + noise["a"], "b": 10 + noise["b"], "c": 20 + noise["c"]}

    found = measure_regret(run(tmp_path / "r", y), "solve_rate", better="lower", write=False)
    table = rows(found)
    assert not table.loc["c", "within_noise_of_minimax"]
    assert table.loc[["a", "b"], "within_noise_of_minimax"].all()
    assert "Not told apart from it: " in found.answer
    pair = found.pairs.set_index(["scenario", "relative_to"]).loc[("a", "b")]
    assert (pair["verdict"], pair["not_told_apart_points"]) == (statistics.NO_DIFFERENCE, 4)
    assert found.pairs.set_index(["scenario", "relative_to"]).loc[("a", "c"), "lower_points"] == 4


def test_identical_scenarios_share_the_first_place(tmp_path):
    found = measure_regret(run(tmp_path / "r", table_of({**MEANS, "c": MEANS["a"]})), "solve_rate", write=False)
    assert rows(found)["minimax"].to_dict() == {"a": True, "b": False, "c": True}
    assert "a and c have the smallest maximum regret" in found.answer
    assert "Not told apart" not in found.answer
    pair = found.pairs.set_index(["scenario", "relative_to"]).loc[("a", "c")]
    assert (pair["verdict"], pair["not_told_apart_points"]) == (statistics.IDENTICAL, 4)


def test_the_rule_at_a_point_is_that_of_a_comparison():
    y = np.array([[[10 * fake_world.noise(p, r, s) + 3 * s for s in range(3)] for r in range(7)] for p in range(20)])
    y[3, 2:] = y[5, 4] = np.nan
    found = told_apart(y)
    signs = {statistics.HIGHER: 1, statistics.LOWER: -1}
    expected = [
        [[signs.get(statistics.paired_effect(y[p, :, a], y[p, :, b]).verdict, 0) for b in range(3)] for a in range(3)]
        for p in range(20)
    ]
    assert (found == expected).all()
    assert {-1, 0, 1} == set(np.unique(found))


def test_with_few_replicates_nothing_is_told_apart(tmp_path):
    found = measure_regret(run(tmp_path / "r", table_of(MEANS), seeds=4), "solve_rate", write=False)
    assert rows(found)["clearly_best_share"].to_dict() == {"a": 0, "b": 0, "c": 0}
    assert rows(found)["within_noise_of_minimax"].all()
    assert "With fewer than 5 replicates no two scenarios are told apart" in " ".join(found.notes)
    single = measure_regret(run(tmp_path / "s", table_of(MEANS), seeds=1), "solve_rate", write=False)
    assert "With a single replicate, nothing tells how much of the regret is luck." in single.notes
    ends = [f"{name}_{end}" for name in ("mean_regret", "maximum_regret") for end in ("lower", "upper")]
    grid = measure_regret(run(tmp_path / "g", table_of(MEANS), seeds=1, method="list"), "solve_rate", write=False)
    assert rows(grid)[ends].isna().all(axis=None)
    assert rows(single).loc["a", ["maximum_regret_lower", "maximum_regret_upper"]].isna().all()


def test_what_is_left_out_is_said(tmp_path):
    def y(values, replicate):
        found = table_of(MEANS)(values, replicate)
        if values["point"] == 1 and replicate == 3:
            return {**found, "b": None}
        return {**found, "c": float("nan")} if values["point"] == 4 else found

    found = measure_regret(run(tmp_path / "r", y), "solve_rate", write=False)
    assert found.regrets.index.tolist() == [1, 2, 3]
    assert rows(found).loc["b", "points"] == 3
    assert "Points left out, because no replicate has the outcome in every scenario: 1." in found.notes
    assert "Points at which some replicates are left out, for the same reason: 1." in found.notes
    assert found.regrets.loc[1, "a"] == pytest.approx(2)
    assert found.pairs["replicates"].tolist() == [4, 4, 4]


def test_one_point_without_factors(tmp_path):
    result = planted.write_result(tmp_path / "r", {}, pd.DataFrame(index=[0]), lambda v, r: {"a": 3.0, "b": 5.0 + r},
                                  seeds=5, design={"method": "fixed"})  # fmt: skip
    found = measure_regret(result, "solve_rate")
    assert found.regrets["a"].tolist() == [5.0]
    assert "at the only point" in found.answer
    assert store.read_table(found.folder, "regret")["scenario"].tolist() == ["b", "a"]
    assert (found.folder / "regret.png").is_file()


def test_tables_and_figure_are_written_and_described(tmp_path):
    found = measure_regret(run(tmp_path / "r", table_of(MEANS)), "solve_rate", out=tmp_path / "out", csv=True)
    assert sorted(path.name for path in found.folder.iterdir()) == [
        "datapackage.json", "manifest.json", "pairs.csv", "pairs.parquet", "regret.csv", "regret.parquet",
        "regret.pdf", "regret.png", "regret.txt",
    ]  # fmt: skip
    package = json.loads((found.folder / "datapackage.json").read_text())
    described = {each["path"]: [field["name"] for field in each["schema"]["fields"]] for each in package["resources"]}
    assert described["regret.csv"] == list(pd.read_csv(found.folder / "regret.csv").columns)
    json.dumps(found.record())


@pytest.mark.parametrize(
    ("outcome", "better", "message"),
    [
        ("solve_rat", None, "did you mean 'solve_rate'?"),
        (
            "immigration_arrests",
            None,
            "which direction is better is in dispute (declared: neither); say --better higher",
        ),
        ("solve_rate", "more", "better = 'more': must be higher or lower"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, outcome, better, message):
    y = table_of(MEANS)
    result = run(tmp_path / "r", {"solve_rate": y, "immigration_arrests": y})
    with pytest.raises(InputError) as refused:
        measure_regret(result, outcome, better, write=False)
    assert message in str(refused.value)


def test_one_scenario_has_no_regret(tmp_path):
    result = run(tmp_path / "r", lambda v, r: 1.0, ("a",))
    with pytest.raises(InputError, match="regret compares scenarios, and there is only a"):
        measure_regret(result, "solve_rate")
    nothing = run(tmp_path / "s", lambda v, r: float("nan"), ("a", "b"))
    with pytest.raises(InputError, match="is defined in all scenarios at no point"):
        measure_regret(nothing, "solve_rate")
