"""The command `twoclaims sweep`: what it prints, how it ends, and what it refuses."""

import json

import pytest
from fake_sweep import write_design

from experiments import Result


def test_a_dry_run_says_what_it_would_take(sweep_command, tmp_path):
    design = write_design(tmp_path, points=500)
    done = sweep_command(design, "--dry-run", "--seeds", 3, "--workers", 2)
    assert done.exit_code == 0, done.stderr
    assert "3,000 runs: 500 points x 2 scenarios x 3 seeds" in done.stdout
    assert "in 2 processes, about" in done.stdout
    assert json.loads(sweep_command(design, "--dry-run", "--json").stdout)["runs"] == 2000
    assert [path.name for path in tmp_path.iterdir()] == ["tried.toml"]


def test_the_command_says_how_it_went(sweep_command, tmp_path):
    done = sweep_command(write_design(tmp_path), "--out", tmp_path / "r", "--seeds", 1, "--set", "levers.capacity=2")
    assert done.exit_code == 0, done.stderr
    assert "12 of 12 runs finished, 0 failed.\nResults are in" in done.stdout
    assert "Running 12 worlds in 1 process, root seed 1" in done.stderr
    assert set(Result.open(tmp_path / "r").runs["lever.capacity"]) == {2.0}
    quiet = sweep_command(write_design(tmp_path), "--out", tmp_path / "s", "-q", "--json")
    assert json.loads(quiet.stdout)["finished"] == 24
    assert quiet.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no design: name one"),
        (["what-decides-the-sing"], "did you mean 'what-decides-the-sign'"),
        (["DESIGN", "--out", "there"], "there exists already"),
        (["DESIGN", "--max-failures", "0"], "must be a whole number"),
        (["DESIGN", "--retry-failed"], "only a sweep that is resumed"),
        (["DESIGN", "--scheduler", "nonsense"], "must be an address such as tcp://host:8786"),
        (["DESIGN", "--scheduler", "tcp://127.0.0.1:9"], "no Dask scheduler answers there"),
        (["DESIGN", "--scheduler", "tcp://127.0.0.1:9", "--workers", "2"], "give one"),
        (["--resume", "missing"], "missing: no such folder"),
        (["--resume", "there"], "holds no sweep that could be resumed"),
        (["--resume", "there", "--out", "elsewhere"], "give one"),
        (["--resume", "there", "--seeds", "3"], "there: resumed as it was begun: seeds cannot be changed"),
        (["DESIGN", "--dry-run", "--resume", "there"], "--dry-run is about a design"),
    ],
)
def test_what_is_refused(sweep_command, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    write_design(tmp_path)
    done = sweep_command(*["tried.toml" if each == "DESIGN" else each for each in arguments])
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there", "tried.toml"]
