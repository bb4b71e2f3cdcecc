"""The result folder: what is in it, that it is whole or absent, and that nothing is overwritten."""

import json
import tomllib

import fake_world
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments import compare, replay, replicate
from experiments.storage import columns, provenance, store
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS

PAIR = ("agreement-renewed", "agreement-ended")
FRICTIONLESS = {
    "string": ("string", "large_string", "dictionary"),
    "number": ("double",),
    "integer": ("int64",),
    "boolean": ("bool",),
    "date": ("date32[day]",),
}


@pytest.fixture
def folder(comparison):
    """Return the result folder of the shared comparison."""
    return comparison.folder


def quick(out, run=fake_world.run, **options):
    """Compare in this process and write the result."""
    options = {"seeds": 2, **options}
    return compare(*PAIR, out=out, workers=1, progress=False, engine=fake_world.engine(run), **options)


def test_folder_holds_what_it_should_and_nothing_else(folder):
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    figures = ["crimes-solved-by-pair", "difference-over-time", "effects", "flow"]
    assert found == sorted(
        [f"{table}.{form}" for table in ("runs", "series", "effects", "counting") for form in ("csv", "parquet")]
        + ["datapackage.json", "manifest.json", *(f"scenarios/{name}.toml" for name in PAIR)]
        + [f"figures/{name}.{form}" for name in figures for form in ("pdf", "png")]
    )


def test_every_column_is_documented_and_every_documented_column_exists(tmp_path):
    out = quick(tmp_path / "r", fake_world.fails_on_2).folder
    package = json.loads((out / "datapackage.json").read_text())
    assert {r["name"] for r in package["resources"]} == {"runs", "series", "effects", "counting", "failures"}
    for resource in package["resources"]:
        schema = pq.read_schema(out / resource["path"])
        fields = resource["schema"]["fields"]
        assert [f["name"] for f in fields] == schema.names
        for field, kind in zip(fields, schema.types):
            assert str(kind).split("<")[0] in FRICTIONLESS[field["type"]], field["name"]
            assert field["description"].endswith("."), field["name"]


def test_units_of_numbers_are_documented(folder):
    package = json.loads((folder / "datapackage.json").read_text())
    counted = {"seed", "root_seed", "replicate", "population_seed"}
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["type"] != "number" or field["unit"] or field["name"] in counted, field["name"]
    series = next(r for r in package["resources"] if r["name"] == "series")
    assert set(pd.read_parquet(folder / "series.parquet")["metric"].unique()) <= set(series["schema"]["metrics"])


def test_one_row_of_runs_says_how_to_make_it_again(folder):
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 12
    assert runs["run_id"].is_unique
    assert {columns.PARAMETER_PREFIX + name for name in PARAMETERS} <= set(runs)
    assert {columns.LEVER_PREFIX + name for name in LEVERS} <= set(runs)
    row = runs.iloc[0]
    scenario = tomllib.loads((folder / "scenarios" / f"{row['scenario']}.toml").read_text())
    assert scenario["parameters"]["fear_effect"] == row["parameter.fear_effect"]
    assert scenario["place"] == row["place"] == "riverton"
    assert scenario["outcomes_from"] == row["outcomes_from"]


def test_rates_that_happen_to_be_whole_stay_numbers(folder):
    constant = pq.read_table(folder / "runs.parquet").column("constant")
    assert str(constant.type) == "double"
    assert set(constant.to_pylist()) == {5.0}
    assert pq.read_table(folder / "runs.parquet").column("undefined").null_count in (0, 12)
    assert pd.read_parquet(folder / "runs.parquet")["undefined"].isna().all()


def test_series_join_the_runs_and_every_group_is_there(folder):
    runs, series = (pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "series"))
    joined = series.astype({"run_id": str}).merge(runs[["run_id", "replicate", "scenario"]], on="run_id", how="left")
    assert joined["replicate"].notna().all()
    sizes = joined[joined["metric"] == "happened"].groupby(["scenario", "replicate", "group"], observed=True).size()
    assert (sizes == 48).all()
    assert len(sizes) == 2 * 6 * 5


def test_tables_in_memory_and_on_disk_are_the_same(comparison, folder):
    for name, (table, _) in comparison.tables().items():
        stored = store.read_table(folder, name)
        for column in table.select_dtypes("number"):
            np.testing.assert_array_equal(table[column].to_numpy(float), stored[column].to_numpy(float))
        text = pd.read_csv(folder / f"{name}.csv")
        assert list(text) == list(stored)
        assert len(text) == len(stored)


def test_manifest_says_where_the_result_comes_from(folder):
    manifest = store.read_manifest(folder)
    assert manifest["status"] == "complete"
    assert manifest["counts"] == {"planned": 12, "finished": 12, "failed": 0, "replicates": 6}
    assert manifest["root_seed"] == 1
    assert [s["name"] for s in manifest["scenarios"]] == list(PAIR)
    assert all(s["fingerprint"] and s["place_fingerprint"] for s in manifest["scenarios"])
    assert manifest["code"]["fingerprint"] == provenance.code()["fingerprint"]
    assert {"numpy", "pandas", "numba"} <= set(manifest["dependencies"])
    assert manifest["started"] <= manifest["ended"]
    assert manifest["command"]
    assert "not a forecast" in manifest["caution"]


def test_an_existing_result_is_never_overwritten(tmp_path):
    out = tmp_path / "r"
    quick(out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="exists already"):
        quick(out, run=None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="exists already"):
        quick(tmp_path / "empty", run=None)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_folder_that_appears_meanwhile_is_left_alone(tmp_path):
    def intrude(scenario, seed):
        (tmp_path / "r").mkdir(exist_ok=True)
        (tmp_path / "r" / "other").write_text("somebody else's")
        return fake_world.run(scenario, seed)

    result = quick(tmp_path / "r", intrude)
    assert result.folder == tmp_path / "r-2"
    assert [p.name for p in (tmp_path / "r").iterdir()] == ["other"]


def test_a_place_that_cannot_be_written_is_said_before_any_run(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write results to"):
        quick(tmp_path / "file" / "r", run=None)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_result_that_cannot_be_written_whole_is_not_there_at_all(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(store, "manifest", fail)  # the last thing that is written
    with pytest.raises(type(error)):
        quick(tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_appears_in_one_step(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(store, "manifest", lambda ensemble: seen.append((tmp_path / "r").exists()) or {})
    quick(tmp_path / "r")
    assert seen == [False]
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_an_interrupted_result_says_so_and_has_the_finished_runs(tmp_path):
    calls = []

    def interrupted(scenario, seed):
        calls.append(seed)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return fake_world.run(scenario, seed)

    out = quick(tmp_path / "r", interrupted, seeds=5).folder
    manifest = store.read_manifest(out)
    assert manifest["status"] == "interrupted"
    assert manifest["counts"] == {"planned": 10, "finished": 3, "failed": 0, "replicates": 2}
    assert len(store.read_table(out, "runs")) == 3
    assert set(store.read_table(out, "effects")["pairs"]) == {0, 1}


def test_failures_have_reason_traceback_and_parameters(tmp_path):
    out = quick(tmp_path / "r", fake_world.fails_on_2, seeds=3).folder
    failures = store.read_table(out, "failures")
    assert failures["run_id"].tolist() == ["agreement-ended-0002"]
    row = failures.iloc[0]
    assert row["reason"] == "ArithmeticError: planted failure"
    assert "Traceback" in row["traceback"]
    assert json.loads(row["parameters"])["fear_effect"] == PARAMETERS["fear_effect"].default
    runs = store.read_table(out, "runs").set_index("run_id")
    assert runs["status"].value_counts().to_dict() == {"finished": 5, "failed": 1}
    assert np.isnan(runs.loc["agreement-ended-0002", "solve_rate"])


def test_no_failures_no_failures_table(folder):
    assert not (folder / "failures.parquet").exists()
    with pytest.raises(InputError, match="has no table"):
        store.read_table(folder, "failures")


def test_what_is_no_result_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not a result folder"):
        store.read_manifest(tmp_path)


def test_a_table_whose_columns_are_not_declared_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="differ from their declaration"):
        store.write_table(pd.DataFrame({"surprise": [1]}), columns.EFFECTS, tmp_path / "effects.parquet")


def test_default_folders_are_unique_within_a_second(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store.time, "strftime", lambda _: "20260301-101500")
    first = store.default_folder("my scenario/ä")
    assert str(first) == "results/my-scenario--20260301-101500"
    first.mkdir(parents=True)
    assert store.default_folder("my scenario/ä").name == "my-scenario--20260301-101500-2"


def test_replay_is_identical(folder):
    found = replay(folder, "agreement-ended-0004", fake_world.engine())
    assert found.identical
    assert found.notes == []
    assert found.outcomes == len(columns.outcome_keys(fake_world.OUTCOMES))


def test_replay_lists_what_differs_by_one_bit(folder):
    def nudged(scenario, seed):
        result = fake_world.run(scenario, seed)
        result.outcomes["solve_rate"] = np.nextafter(result.outcomes["solve_rate"], 100)
        return result

    found = replay(folder, "agreement-ended-0004", fake_world.engine(nudged))
    (difference,) = found.differences
    assert difference[0] == "solve_rate"
    assert 0 < difference[2] - difference[1] < 1e-12


def test_replay_says_that_the_code_or_the_scenario_differs(tmp_path):
    out = quick(tmp_path / "r").folder
    manifest = store.read_manifest(out)
    manifest["code"]["fingerprint"] = "0123"
    (out / "manifest.json").write_text(json.dumps(manifest))
    scenario = out / "scenarios" / "agreement-ended.toml"
    scenario.write_text(
        scenario.read_text().replace(f"fear_effect = {PARAMETERS['fear_effect'].default}", "fear_effect = 3.5")
    )
    notes = replay(out, "agreement-ended-0001", fake_world.engine()).notes
    assert "the code differs" in notes[0]
    assert "0123" in notes[0]
    assert "has changed since" in notes[1]


def test_replay_refuses_an_unknown_and_a_failed_run(tmp_path):
    out = quick(tmp_path / "r", fake_world.fails_on_2).folder
    with pytest.raises(InputError, match="did you mean 'agreement-ended-0002'"):
        replay(out, "agreement-ended-002", fake_world.engine())
    with pytest.raises(InputError, match="failed when it was run"):
        replay(out, "agreement-ended-0002", fake_world.engine())


def test_summary_over_replicates_is_written_and_right(tmp_path):
    result = replicate(
        "agreement-ended", seeds=5, out=tmp_path / "r", workers=1, progress=False, engine=fake_world.engine()
    )
    runs, summary = store.read_table(result.folder, "runs"), store.read_table(result.folder, "summary")
    row = summary[(summary["outcome"] == "solve_rate") & (summary["group"] == "latino")].iloc[0]
    values = runs["solve_rate.latino"]
    assert (row["runs"], row["mean"]) == (5, pytest.approx(values.mean()))
    assert row["sd"] == pytest.approx(values.std())
    assert row["upper"] - row["mean"] == pytest.approx(2.776445 * values.sem(), rel=1e-6)  # t(0.975, 4)


def test_the_fingerprint_of_the_code_follows_the_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    before = provenance.fingerprint(tmp_path)
    (tmp_path / "note.txt").write_text("not code")
    assert provenance.fingerprint(tmp_path) == before
    (tmp_path / "a.py").write_text("x = 2\n")
    assert provenance.fingerprint(tmp_path) != before


def test_version_text_says_commit_and_changes():
    described = {"version": "0.1.0", "commit": "abcdef0123", "modified": True}
    assert provenance.version_text(described) == "0.1.0 (commit abcdef0, modified)"
    assert provenance.version_text({"version": "0.1.0", "commit": None, "modified": None}) == "0.1.0"
