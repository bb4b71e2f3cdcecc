"""The commands run, compare and replay: what they print, write and return."""

import json
import sys

import fake_world
import pandas as pd
import pytest

from experiments.cli import main
from experiments.runs import execution

PAIR = ("agreement-renewed", "agreement-ended")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch, fake_engine):
    """Run in an empty folder, with the fake model."""
    monkeypatch.chdir(tmp_path)
    return fake_engine


def twoclaims(*arguments, workers="1"):
    """Call the command line; return its exit code."""
    extra = ["--workers", workers] if arguments[0] in ("run", "compare") else []
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments), *extra])
    return left.value.code or 0


def test_compare_prints_effects_and_writes_a_result(capsys, tmp_path, drawn):
    assert twoclaims("compare", *PAIR, "--seeds", 6) == 0
    out, err = capsys.readouterr()
    assert "Effect of A relative to B: mean of A minus B over 6 pairs" in out
    assert "not adjusted for looking at many outcomes" in out
    assert "Lower in A than in B: solve rate, reporting rate." in out
    assert "Identical in every pair: constant." in out
    assert max(map(len, out.splitlines())) <= 100
    (folder,) = (tmp_path / "results").iterdir()
    assert f"Results are in results/{folder.name}" in out
    assert folder.name.startswith("agreement-renewed-vs-agreement-ended-")
    assert len(list((folder / "figures").iterdir())) == 8
    assert "Running 12 worlds in 1 process, root seed 1" in err
    assert "12 of 12 runs" in err


def test_a_difference_within_noise_is_said_in_plain_words(capsys, fake_engine):
    def noisy(scenario, seed):
        result = fake_world.run(scenario, seed)
        result.outcomes["solve_rate"] = 10 + fake_world.noise(seed, scenario.name)
        return result

    fake_engine(noisy)
    twoclaims("compare", *PAIR, "--seeds", 6)
    out = capsys.readouterr().out
    assert "No difference beyond noise: solve rate." in out
    row = next(line for line in out.splitlines() if line.startswith("solve rate (percent)"))
    assert row.endswith("within noise")


def test_a_record_that_misleads_is_warned_of(capsys, monkeypatch):
    """As many crimes in both worlds, and fewer on record where sharing keeps people from reporting them."""
    names = ("crimes_happened", "crimes_recorded")
    declared = {
        name: fake_world.FakeOutcome(name, "crimes", "lower", "everyone", "crime", "Counted.") for name in names
    }

    def misled(scenario, seed):
        result = fake_world.run(scenario, seed)
        happened = 1000 + fake_world.noise(seed, "crimes")
        recorded = 0.4 * happened - 20 * (scenario.name == "agreement-renewed") + fake_world.noise(seed, scenario.name)
        result.outcomes |= dict(zip(names, (happened, recorded)))
        return result

    twoclaims("compare", *PAIR, "--seeds", 6, "--out", "agree")
    assert "Careful" not in capsys.readouterr().out
    engine = fake_world.engine(misled, {**fake_world.OUTCOMES, **declared})
    monkeypatch.setattr(execution, "simulation_engine", lambda: engine)
    twoclaims("compare", *PAIR, "--seeds", 6, "--out", "differ")
    out = " ".join(capsys.readouterr().out.split())
    assert "Recorded crime is lower in A, crimes that happened are not: a smaller share of them was reported." in out
    assert "from 6 pairs of worlds: crimes that happened the same; recorded crimes \N{MINUS SIGN}" in out
    assert "survey" not in out


def test_quiet_prints_the_table_and_nothing_on_stderr(capsys):
    assert twoclaims("compare", *PAIR, "--seeds", 2, "-q") == 0
    out, err = capsys.readouterr()
    assert "reporting rate" in out
    assert err == ""


def test_json_is_for_scripts(capsys):
    assert twoclaims("compare", *PAIR, "--seeds", 3, "--json", "--out", "r") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["folder"], found["status"], found["runs"], found["failed"]) == ("r", "complete", 6, 0)
    effects = {(row["outcome"], row["group"]): row for row in found["effects"]}
    assert effects["reporting_rate", "latino"]["effect"] == pytest.approx(-4, abs=0.02)
    assert effects["undefined", "all"]["effect"] is None
    assert effects["undefined", "all"]["undefined_pairs"] == 3


def test_options_reach_the_runs(tmp_path):
    arguments = ("--seeds", 2, "--seed", 9, "--set", "fear_effect=2.5", "--years", 3, "--csv", "--out", "r")
    assert twoclaims("compare", *PAIR, *arguments) == 0
    runs = pd.read_csv(tmp_path / "r" / "runs.csv")
    assert set(runs["parameter.fear_effect"]) == {2.5}
    assert set(runs["root_seed"]) == {9}
    assert set(runs["years"]) == {3.0}


def test_auto_says_how_it_ended(capsys):
    assert twoclaims("compare", *PAIR, "--seeds", "auto", "--precision", "1e-9", "--cap", 12) == 0
    assert "warning: auto stopped at its cap of 12" in capsys.readouterr().err


def test_a_failed_run_gives_exit_code_1_and_its_reason(capsys, fake_engine):
    fake_engine(fake_world.fails_on_2)
    assert twoclaims("compare", *PAIR, "--seeds", 3) == 1
    out, err = capsys.readouterr()
    assert "over 2 pairs" in out
    assert "failed: agreement-ended-0002: ArithmeticError: planted failure" in err
    assert "1 of 6 runs failed" in err


def test_all_runs_failed_is_said_without_a_fault(capsys, fake_engine):
    fake_engine(lambda scenario, seed: 1 / 0)
    assert twoclaims("compare", *PAIR, "--seeds", 2) == 1
    assert twoclaims("run", PAIR[0], "--seeds", 2) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_interruption_gives_exit_code_130_and_keeps_the_finished_runs(capsys, fake_engine, tmp_path):
    calls = []

    def interrupted(scenario, seed):
        calls.append(seed)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return fake_world.run(scenario, seed)

    fake_engine(interrupted)
    assert twoclaims("compare", *PAIR, "--seeds", 9, "--out", "r") == 130
    assert "interrupted: 3 of 18 runs" in capsys.readouterr().err
    assert json.loads((tmp_path / "r" / "manifest.json").read_text())["status"] == "interrupted"


def test_interruption_before_the_first_run_gives_130_and_writes_nothing(fake_engine, tmp_path):
    def at_once(scenario, seed):
        raise KeyboardInterrupt

    fake_engine(at_once)
    assert twoclaims("run", PAIR[0], "--out", "r") == 130
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", PAIR[0]), "at least two scenarios"),
        (("compare", PAIR[0], PAIR[0]), "two scenarios are called"),
        (("compare", *PAIR, "--seeds", "0"), "from 1 to"),
        (("compare", *PAIR, "--headline", "solve_rat"), "did you mean 'solve_rate'"),
        (("compare", *PAIR, "--set", "fear_efect=1"), "fear_effect"),
        (("run", "agreement-endet"), "agreement-ended"),
        (("run", PAIR[0], "--out", "."), "exists already"),
        (("replay", "nowhere", "x"), "is not a result folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, capsys, tmp_path):
    assert twoclaims(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_run_summarizes_replicates_of_one_scenario(capsys, tmp_path):
    assert twoclaims("run", "agreement-ended", "--seeds", 5, "--out", "r") == 0
    out = capsys.readouterr().out
    assert "agreement-ended: 5 replicates" in out
    assert "95% interval" in out
    assert len(pd.read_parquet(tmp_path / "r" / "runs.parquet")) == 5


def test_one_run_has_no_interval_and_says_so(capsys):
    assert twoclaims("run", "agreement-ended") == 0
    assert "One replicate: no interval." in capsys.readouterr().out


def test_replay_of_a_result_of_run(capsys):
    twoclaims("run", "agreement-ended", "--seeds", 2, "--out", "r")
    capsys.readouterr()
    assert twoclaims("replay", "r", "agreement-ended-0002") == 0
    assert capsys.readouterr().out == "identical: all 17 outcomes of agreement-ended-0002\n"


def test_replay_that_differs_gives_exit_code_1(capsys, fake_engine):
    twoclaims("run", "agreement-ended", "--seeds", 2, "--out", "r")

    def changed(scenario, seed):
        result = fake_world.run(scenario, seed)
        return type(result)(**{**vars(result), "outcomes": {**result.outcomes, "constant": 6}})

    fake_engine(changed)
    capsys.readouterr()
    assert twoclaims("replay", "r", "agreement-ended-0002") == 1
    assert "constant: stored 5.0, now 6.0" in capsys.readouterr().out
    assert twoclaims("replay", "r", "agreement-ended-0002", "--json") == 1
    assert json.loads(capsys.readouterr().out)["differences"] == [["constant", 5.0, 6.0]]


def test_help_imports_no_engine():
    heavy = {name for name in ("numba", "mesa", "pandas", "matplotlib", "scipy") if name in sys.modules}
    for command in ("run", "compare", "replay"):
        assert twoclaims(command, "--help") == 0
    assert heavy == {name for name in ("numba", "mesa", "pandas", "matplotlib", "scipy") if name in sys.modules}
