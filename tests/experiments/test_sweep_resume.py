"""A sweep that stops keeps what is finished, and goes on to the same tables; what does not fit is refused."""

from pathlib import Path

import fake_sweep
import pytest
from fake_sweep import assert_same_tables, interrupted_after, write_design
from fake_sweep import quietly as run

from experiments import Result, replay, sweep
from experiments.designs import sampling
from experiments.storage import provenance
from simulation.errors import InputError
from simulation.scenario import Scenario

ROOT = Path(__file__).parents[2]


@pytest.fixture
def reference(here, tmp_path):
    """Return a finished sweep of 24 runs; its design is beside its folder."""
    (tmp_path / "reference").mkdir()
    return run(write_design(tmp_path / "reference"), tmp_path / "reference" / "result")


def test_too_many_failures_stop_the_sweep_and_it_can_go_on(here, tmp_path, sweep_command):
    design = write_design(tmp_path, points=40, seeds=1)
    done = sweep_command(design, "--out", tmp_path / "r", "--max-failures", 1, model=fake_sweep.fails)
    assert done.exit_code == 1
    assert "stopped: 1 runs failed" in done.stderr
    assert f"twoclaims sweep --resume {tmp_path / 'r'}" in done.stderr
    result = Result.open(tmp_path / "r")
    assert result.manifest["status"] == "stopped"
    assert 0 < len(result.runs) < 80
    whole = run(None, None, fake_sweep.run, resume=tmp_path / "r")
    assert len(whole.failures) == 1, "what failed is not done again"
    with pytest.raises(InputError, match=r"nothing to resume; its 1 failed runs are done again by --retry-failed"):
        run(None, None, resume=tmp_path / "r")


def test_a_finished_sweep_does_its_failed_runs_again(here, tmp_path):
    """Also after it was interrupted while it did; and then there is nothing left to do again."""
    design, folder = write_design(tmp_path, points=10, seeds=1), tmp_path / "r"
    failed = len(run(design, folder, fake_sweep.fails).failures)
    assert failed > 0
    assert len(run(None, None, fake_sweep.fails, resume=folder, retry_failed=True).failures) == failed
    stopped = run(None, None, interrupted_after(0), resume=folder, retry_failed=True)
    assert stopped.manifest["status"] == "interrupted"
    assert run(None, None, resume=folder).failures.empty
    run(design, tmp_path / "other")
    assert_same_tables(folder, tmp_path / "other")
    with pytest.raises(InputError, match=r"nothing to resume$"):
        run(None, None, resume=folder, retry_failed=True)


def test_failed_runs_can_be_done_again(here, tmp_path):
    design = write_design(tmp_path, points=10, seeds=1)
    run(design, tmp_path / "r", fake_sweep.fails, max_failures=2)
    run(None, None, fake_sweep.run, resume=tmp_path / "r", retry_failed=True)
    run(design, tmp_path / "other")
    assert_same_tables(tmp_path / "r", tmp_path / "other")


def test_control_c_keeps_what_is_finished_and_resuming_completes_it(here, reference, tmp_path, sweep_command):
    """CL-16, with the same tables as if nothing had happened."""
    design, folder = reference.folder.parent / "tried.toml", tmp_path / "r"
    done = sweep_command(design, "--out", folder, model=interrupted_after(10))
    assert done.exit_code == 130
    assert (
        f"interrupted: 10 of 24 runs are done and kept; go on with `twoclaims sweep --resume {folder}`" in done.stderr
    )
    partial = Result.open(folder)
    assert partial.manifest["status"] == "interrupted"
    assert partial.runs["run_id"].tolist() == reference.runs["run_id"].tolist()[:10]
    again = sweep_command("--resume", folder, model=interrupted_after(4))
    assert again.exit_code == 130
    assert "10 of 24 runs are there already" in again.stderr
    left = []
    whole = sweep_command(
        design, "--resume", folder, model=lambda scenario, seed: left.append(1) or fake_sweep.run(scenario, seed)
    )
    assert whole.exit_code == 0, whole.stderr
    assert len(left) == 10
    assert_same_tables(reference.folder, folder)
    assert not (folder / "journal.sqlite").exists()
    assert len(Result.open(folder).manifest["sessions"]) == 3


def test_control_c_before_anything_is_finished_leaves_nothing(here, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(write_design(tmp_path), tmp_path / "r", interrupted_after(0))
    assert [path.name for path in tmp_path.iterdir()] == ["tried.toml"]


def test_resuming_refuses_another_design_and_says_when_the_code_differs(here, tmp_path, monkeypatch, capsys):
    run(write_design(tmp_path), tmp_path / "r", interrupted_after(5))
    other = write_design(tmp_path, points=7, name="other")
    with pytest.raises(InputError, match="begun with another design"):
        run(other, None, resume=tmp_path / "r")
    changed = {**provenance.code(), "fingerprint": "0123456789abcdef"}
    monkeypatch.setattr(provenance, "code", lambda: changed)
    result = sweep(resume=tmp_path / "r", engine=fake_sweep.engine())
    assert "warning: the code differs" in capsys.readouterr().err
    assert any("the code differs" in note for note in result.manifest["notes"])
    assert len(result.runs) == 24


def test_resuming_refuses_other_points_and_an_edited_design(here, tmp_path, monkeypatch):
    """Also where the design says the same, but a library that chooses the points is another one."""
    run(write_design(tmp_path), tmp_path / "r", interrupted_after(5))
    with monkeypatch.context() as patch:
        patch.setattr(sampling, "rows", lambda design: [(3.5, 0.5, "never")] * 6)
        with pytest.raises(InputError, match="the libraries installed now choose other points than those of then"):
            run(None, None, resume=tmp_path / "r")
    file = tmp_path / "r" / "design.toml"
    file.write_text(file.read_text().replace("seeds = 2", "seeds = 3"))
    with pytest.raises(InputError, match="was edited"):
        run(None, None, resume=tmp_path / "r")


def test_resuming_refuses_a_scenario_that_was_changed(here, tmp_path):
    run(write_design(tmp_path), tmp_path / "r", interrupted_after(5))
    file = tmp_path / "r" / "scenarios" / "agreement-ended.toml"
    file.write_text(file.read_text().replace("capacity = 1.0", "capacity = 2.0"))
    with pytest.raises(InputError, match="'agreement-ended' or its place has changed"):
        run(None, None, resume=tmp_path / "r")


def test_a_scenario_and_a_place_of_ones_own_are_kept_with_the_result(here, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    place = (ROOT / "scenarios" / "places" / "riverton.toml").read_text(encoding="utf-8")
    (own / "town.toml").write_text(place, encoding="utf-8")
    for name, shipped in (("mine", "agreement-renewed"), ("yours", "agreement-ended")):
        text = Scenario.load(shipped, {"place": "riverton", "years": 3}).to_toml()
        (own / f"{name}.toml").write_text(text.replace('"riverton"', '"town.toml"'), encoding="utf-8")
    text = 'scenarios = ["own/mine.toml", "own/yours.toml"]\nmethod = "fixed"\nseeds = 6\n'
    (tmp_path / "d.toml").write_text(text)
    engine = fake_sweep.engine()._replace(load=lambda name, overrides: Scenario.load(name, overrides))
    broken = engine._replace(run=interrupted_after(3))
    sweep(tmp_path / "d.toml", out=tmp_path / "r", progress=False, engine=broken)
    (tmp_path / "own").rename(tmp_path / "gone")
    result = sweep(resume=tmp_path / "r", progress=False, engine=engine)
    assert set(result.runs["place"]) == {"places/town.toml"}
    assert len(result.runs) == 12
    found = replay(result.folder, "mine-p000001-r0002", engine)
    assert found.identical
    assert found.notes == []
