"""A few comparisons with the real model on the small fictional place."""

import numpy as np
import pandas as pd
import pytest

from experiments import compare, replay, sweep
from experiments.explanation.mechanisms import without
from experiments.runs.execution import simulation_engine
from experiments.storage import columns
from simulation import Scenario, run

pytest.importorskip("simulation.world")

PAIR = ("agreement-renewed", "agreement-ended")
OVERRIDES = {"place": "riverton", "scale": 0.2, "years": 3}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Return a comparison of two real worlds over three seeds."""
    out = tmp_path_factory.mktemp("real") / "pair"
    return compare(*PAIR, seeds=3, overrides=OVERRIDES, workers=1, progress=False, out=out)


def test_all_runs_finish_and_the_declared_outcomes_are_the_columns(pair):
    assert pair.failures.empty, pair.failures["reason"].tolist()
    declared = columns.outcome_keys(simulation_engine().outcomes)
    assert set(pair.records[0].outcomes) == set(declared)
    assert list(pair.runs.columns)[-len(declared) :] == declared
    assert len(pair.runs) == 6


def test_every_metric_of_the_series_is_documented_and_complete(pair):
    series = pair.series
    assert set(series["metric"].unique()) == set(columns.METRICS)
    counts = series[series["metric"] == "happened"].groupby(["run_id", "group", "crime_type"], observed=True)
    assert set(counts.size()) == {36}
    assert counts.ngroups == 6 * 5 * 9


def test_worlds_are_identical_until_their_policies_differ(pair):
    series = pair.series.astype({"run_id": str}).merge(pair.runs[["run_id", "scenario", "replicate"]], on="run_id")
    early = series[series["date"] < pd.Timestamp("2018-08-01")]
    keys = ["replicate", "metric", "group", "crime_type", "date"]
    a, b = (early[early["scenario"] == name].set_index(keys)["value"].sort_index() for name in PAIR)
    assert len(a) > 10_000
    assert a.equals(b)


def test_replicates_differ(pair):
    assert len(pair.runs.drop_duplicates(["scenario", "crimes_happened", "crimes_reported", "bookings"])) == 6


def test_two_workers_give_the_same_bits(pair):
    again = compare(*PAIR, seeds=1, overrides=OVERRIDES, workers=2, progress=False)
    declared = columns.outcome_keys(simulation_engine().outcomes)
    first = pair.runs[pair.runs["replicate"] == 1]
    np.testing.assert_array_equal(again.runs[declared].to_numpy(), first[declared].to_numpy())


def test_a_world_with_a_mechanism_off_is_the_scenario_with_its_parameters_overridden():
    scenario = Scenario.load(PAIR[0], {**OVERRIDES, "years": 2.75})
    switched = run(without(scenario, ["fear", "incapacitation"]), seed=3).outcomes
    off = {"fear_effect": 0.0, "replacement": 1.0, "domestic_replacement": 1.0}
    loaded = run(Scenario.load(PAIR[0], {**OVERRIDES, "years": 2.75, **off}), seed=3).outcomes
    np.testing.assert_equal(switched, loaded)
    assert switched["reporting_rate"] != run(scenario, seed=3).outcomes["reporting_rate"]


def test_claims_and_parts_of_the_real_effect():
    overrides = {**OVERRIDES, "offender_response": 0.0, "load_effect": 0.0, "replacement": 1.0}
    comparison = compare(
        "agreement-2008-terms", PAIR[1], seeds=2, overrides=overrides | {"domestic_replacement": 1.0}, workers=1,
        progress=False, claims=True, explain=True,
    )  # fmt: skip
    assert set(comparison.claims["world_with"]) == {"agreement-2008-terms"}
    assert comparison.explanation.planned == 2 * 2 * 3
    parts = comparison.explanation.by_replicate("reporting_rate.immigrant_communities")
    np.testing.assert_allclose(parts.drop(columns="whole").sum(axis=1), parts["whole"], rtol=0, atol=1e-9)
    assert parts["fear"].mean() < 0
    assert not parts[["offenders_learning", "caseload", "incapacitation", "deportation_deterrence"]].any(axis=None)


def test_a_replay_is_identical(pair):
    found = replay(pair.folder, "agreement-ended-0003")
    assert found.identical, found.differences[:5]
    assert found.notes == []


def test_a_sweep_runs_what_its_rows_say_and_a_row_can_be_replayed(here, tmp_path):
    file = tmp_path / "design.toml"
    file.write_text(
        'scenarios = ["agreement-renewed", "agreement-ended"]\nmethod = "latin_hypercube"\npoints = 3\nseeds = 1\n'
        'scale = 0.2\nyears = 2.75\nseries = ["reported"]\n[set]\nplace = "riverton"\n'
        '[factors]\nfear_effect = {}\n"jail_term.felony" = { low = 10, high = 60 }\nsubstitution = {}\n'
        "detainers = {}\nvictim_shield = {}\n"
    )
    result = sweep(file, out=tmp_path / "r", progress=False)
    assert result.failures.empty, result.failures["reason"].tolist()
    assert result.outcomes == columns.outcome_keys(simulation_engine().outcomes)
    row = result.runs.iloc[3]
    overrides = {**OVERRIDES, "years": 2.75, **{f.name: row[f.column] for f in result.factors}}
    overrides = {name: value.item() if hasattr(value, "item") else value for name, value in overrides.items()}
    alone = run(Scenario.load(row["scenario"], overrides), int(row["seed"])).outcomes
    np.testing.assert_equal(row[list(alone)].to_dict(), {name: float(value) for name, value in alone.items()})
    assert result.runs["solve_rate"].nunique() >= 3
    found = replay(result.folder, result.runs["run_id"][4])
    assert found.identical, found.differences[:5]
    series = pd.read_parquet(result.folder / "series.parquet")
    assert len(series) == 6 * 34 * 5 * 9
