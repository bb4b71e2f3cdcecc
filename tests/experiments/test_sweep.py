"""A sweep runs every point of its design once, writes the same tables however it is run, and refuses what is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import fake_sweep
import numpy as np
import pandas as pd
import pytest
from fake_sweep import assert_same_tables, write_design
from fake_sweep import quietly as run

from experiments import Design, Result, replay
from experiments.runs.execution import PROCESS_DIED
from experiments.storage import columns, provenance
from experiments.sweeps import columns as sweep_columns
from simulation.errors import InputError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Return a finished sweep of 24 runs with series, made by two processes."""
    folder = tmp_path_factory.mktemp("reference")
    design = write_design(folder, more='series = ["reported", "trust"]')
    return run(design, folder / "result", workers=2)


def test_every_run_of_the_design_is_there_once_in_its_order(reference):
    runs, design = reference.runs, reference.design
    assert reference.manifest["status"] == "complete"
    expected = [job.run_id for job in design.plan(fake_sweep.engine())]
    assert runs["run_id"].tolist() == expected
    assert runs["replicate"].is_monotonic_increasing
    assert runs["seed"].nunique() == 2
    assert len(reference.points) == 6
    pd.testing.assert_frame_equal(reference.points, design.points_table())
    assert reference.manifest["counts"] == {"planned": 24, "finished": 24, "failed": 0, "points": 6, "replicates": 2}


def test_a_row_says_all_that_went_into_its_run(reference):
    """CL-39: every parameter and lever, those that vary among them, and what the scenario says of period and place."""
    rows = reference.runs.merge(reference.points, on="point", suffixes=("", "_point"))
    assert (rows["parameter.fear_effect"] == rows["fear_effect"]).all()
    assert (rows["lever.detainers"] == rows["detainers"]).all()
    scenario = fake_sweep.engine().load("agreement-renewed", {})
    row = rows.iloc[0]
    for name, value in {**scenario.parameters}.items():
        if name != "fear_effect":
            assert row[f"parameter.{name}"] == value
    assert (row["place"], row["years"], row["scale"]) == ("riverton", 4.0, 1.0)
    assert row["start"] == scenario.start


def test_outcomes_follow_from_parameters_levers_and_seed(reference):
    assert reference.outcomes == columns.outcome_keys(fake_sweep.engine().outcomes)
    for row in reference.runs.to_dict("records")[:6]:
        scenario = fake_sweep.engine().load(row["scenario"], {})
        changed = {f.name: row[f.column] for f in reference.factors}
        scenario = fake_sweep.engine().load(row["scenario"], changed)
        for name, value in fake_sweep.run(scenario, row["seed"]).outcomes.items():
            np.testing.assert_equal(row[name], float(value))
    assert reference.runs["constant"].tolist() == [0.0] * 24


def test_series_are_kept_where_asked_for(reference):
    series = pd.read_parquet(reference.folder / "series.parquet")
    assert set(series["metric"]) == {"reported", "trust"}
    assert list(dict.fromkeys(series["run_id"])) == reference.runs["run_id"].tolist()
    one = series[series["run_id"] == "agreement-ended-p000002-r0001"]
    whole = fake_sweep.fake_world.run(fake_sweep.engine().load("agreement-ended", {}), reference.runs["seed"][0])
    counted = whole.series[whole.series["metric"] == "reported"]["value"]
    assert one[one["metric"] == "reported"]["value"].tolist() == counted.tolist()


def test_every_column_is_documented_and_every_documented_column_is_there(reference):
    """CL-41."""
    package = json.loads((reference.folder / "datapackage.json").read_text())
    described = {each["path"]: each["schema"]["fields"] for each in package["resources"]}
    assert set(described) == {path.name for path in reference.folder.glob("*.parquet")}
    for file, fields in described.items():
        assert list(pd.read_parquet(reference.folder / file).columns) == [field["name"] for field in fields]
        assert all(field["description"] for field in fields)
        assert "unit" in next(f for f in fields if f["name"] in ("seconds", "fear_effect", "value"))


def test_few_files_that_describe_themselves(reference):
    """CL-19: their number does not depend on the number of runs."""
    files = {path.relative_to(reference.folder).as_posix() for path in reference.folder.rglob("*") if path.is_file()}
    assert files == {
        "runs.parquet", "series.parquet", "points.parquet", "design.toml", "manifest.json", "datapackage.json",
        "ro-crate-metadata.json", "scenarios/agreement-renewed.toml", "scenarios/agreement-ended.toml",
    }  # fmt: skip
    crate = json.loads((reference.folder / "ro-crate-metadata.json").read_text())
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert {part["@id"] for part in entities["./"]["hasPart"]} == files - {"ro-crate-metadata.json"}
    assert all(part["@id"] in entities for part in entities["./"]["hasPart"])
    assert entities["#sweep"]["instrument"]["@id"] in entities
    manifest = reference.manifest
    assert manifest["design"]["resolved"]["points"] == 6
    assert manifest["code"]["fingerprint"] == provenance.code()["fingerprint"]
    assert {"filelock", "loky", "numpy"} <= set(manifest["dependencies"])
    assert manifest["started"] <= manifest["ended"]


def test_the_number_of_workers_and_the_order_of_runs_change_nothing(reference, tmp_path, monkeypatch):
    """CL-11."""
    design = reference.folder.parent / "tried.toml"
    run(design, tmp_path / "three", workers=3)
    assert_same_tables(reference.folder, tmp_path / "three")
    monkeypatch.setattr("experiments.sweeps.sweep.Pool", fake_sweep.Shuffled)
    run(design, tmp_path / "shuffled")
    assert_same_tables(reference.folder, tmp_path / "shuffled")


SCRIPT = """
import sys
from types import SimpleNamespace
sys.path.insert(0, {here!r})
import fake_sweep
from experiments import sweep
{main}
engine = fake_sweep.engine(own)
sweep({design!r}, out={out!r}, workers=2, progress=False, engine=engine)
print("done")
"""
OWN_MODEL = """
def own(scenario, seed):
    return fake_sweep.run(scenario, seed)
"""


@pytest.mark.parametrize("how", ["a script without a main guard, under spawn", "standard input"])
def test_where_a_sweep_may_be_called(reference, tmp_path, how):
    """CL-52, CL-53: also with a model that is defined in the script or notebook itself, and under any hash seed."""
    main = OWN_MODEL
    if "spawn" in how:
        main += "import multiprocessing; multiprocessing.set_start_method('spawn')"
    design = str(reference.folder.parent / "tried.toml")
    code = SCRIPT.format(here=str(HERE), main=main, design=design, out=str(tmp_path / "r"))
    script = tmp_path / "script.py"
    script.write_text(code)
    arguments, text = ([script], None) if how != "standard input" else (["-"], code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(len(how))}
    done = subprocess.run(
        [sys.executable, *arguments], input=text, env=environment, capture_output=True, text=True, timeout=100
    )
    assert done.stdout == "done\n", done.stderr
    assert_same_tables(reference.folder, tmp_path / "r")


def test_a_failing_run_is_a_row_of_failures_and_the_rest_go_on(here, tmp_path, sweep_command):
    """CL-14."""
    design = write_design(tmp_path, points=20, seeds=1)
    done = sweep_command(design, "--out", tmp_path / "r", model=fake_sweep.fails)
    result = Result.open(tmp_path / "r")
    bad = result.points[result.points["fear_effect"] < fake_sweep.POISON]["point"].tolist()
    assert 0 < len(bad) < 10
    assert sorted(set(result.failures["point"])) == sorted(bad)
    assert len(result.failures) == 2 * len(bad)
    assert len(result.runs) == 40 - 2 * len(bad)
    assert list(result.failures.columns) == columns.names(sweep_columns.FAILURES)
    first = result.failures.iloc[0]
    assert first["reason"] == "ArithmeticError: planted failure"
    assert "in fails" in first["traceback"]
    assert json.loads(first["parameters"])["fear_effect"] < fake_sweep.POISON
    assert done.exit_code == 1
    assert f"{2 * len(bad)} of 40 runs failed; see failures.parquet" in done.stderr
    assert len(result.effects("solve_rate")) == 20 - len(bad)
    with pytest.raises(InputError, match="failed when it was run"):
        replay(result.folder, first["run_id"], fake_sweep.engine())


def test_a_run_that_takes_its_process_with_it(tmp_path):
    result = run(write_design(tmp_path, points=10, seeds=1), tmp_path / "r", fake_sweep.dies, workers=1)
    assert set(result.failures["reason"]) == {PROCESS_DIED}
    assert (result.points["fear_effect"] < fake_sweep.POISON).sum() * 2 == len(result.failures) > 0
    assert len(result.runs) + len(result.failures) == 20


def test_a_row_is_replayed_with_its_parameters_and_levers(reference, monkeypatch):
    for run_id in reference.runs["run_id"][[0, 7, 23]]:
        found = replay(reference.folder, run_id, fake_sweep.engine())
        assert found.identical, found.differences
        assert found.notes == []
    monkeypatch.setattr(provenance, "code", lambda: {**reference.manifest["code"], "fingerprint": "0" * 16})
    assert "the code differs" in replay(reference.folder, run_id, fake_sweep.engine()).notes[0]
    with pytest.raises(InputError, match="did you mean"):
        replay(reference.folder, "agreement-ended-p000009-r0001", fake_sweep.engine())


def test_only_the_outcomes_of_the_design_are_kept(here, tmp_path):
    more = 'outcomes = ["reporting_rate.latino", "solve_rate"]\n[set]\nstart = 2017-01-01'
    result = run(write_design(tmp_path, more=more), tmp_path / "r", csv=True)
    assert result.manifest["design"]["resolved"]["set"] == {"start": "2017-01-01"}
    assert result.outcomes == ["reporting_rate.latino", "solve_rate"]
    assert replay(result.folder, result.runs["run_id"][3], fake_sweep.engine()).outcomes == 2
    assert pd.read_csv(tmp_path / "r" / "runs.csv")["solve_rate"].tolist() == result.runs["solve_rate"].tolist()


def test_outcomes_that_are_not_declared_are_a_fault(here, tmp_path):
    def more(scenario, seed):
        result = fake_sweep.run(scenario, seed)
        result.outcomes["unheard_of"] = 1.0
        return result

    with pytest.raises(ValueError, match="unheard_of"):
        run(write_design(tmp_path), tmp_path / "r", more)


MEMORY = """
import sys
sys.path.insert(0, {here!r})
import fake_sweep, psutil
from experiments.sweeps import sweep as module
from experiments.runs.execution import Pool
from experiments.sweeps.journal import Journal
sizes = {{}}
tick = Journal.tick
def noting(journal):
    tick(journal)
    sizes[journal.finished] = psutil.Process().memory_info().rss
Journal.tick = noting
module.Pool = lambda run, workers, **options: Pool(run, 1, **{{**options, "apart": False}})
module.sweep({design!r}, out={out!r}, progress=False, engine=fake_sweep.engine())
print(sizes[1000], sizes[10000], psutil.Process().memory_info().rss)
"""


def test_memory_stays_flat_over_ten_thousand_runs(tmp_path):
    """CL-22: runs go to the journal as they finish, and to the tables a few thousand at a time."""
    design = write_design(tmp_path, points=500, seeds=10)
    code = MEMORY.format(here=str(HERE), design=str(design), out=str(tmp_path / "r"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=100)
    early, late, after = (int(text) / 1e6 for text in done.stdout.split())
    assert late - early < 10, "while running"
    assert after - early < 150, "after writing the tables"
    assert len(Result.open(tmp_path / "r").runs) == 10_000


def test_a_design_given_as_an_object(here, tmp_path):
    design = Design.load(write_design(tmp_path))
    assert len(run(design, tmp_path / "r").runs) == 24
    with pytest.raises(InputError, match="loaded already"):
        run(design, tmp_path / "s", overrides={"seeds": 1})
