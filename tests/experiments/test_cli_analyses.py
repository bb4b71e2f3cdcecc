"""The commands discover, regret and figures: what they print, what they write, and one line for whatever is wrong."""

import json
import time

import planted
import pytest
from click.testing import CliRunner

from experiments.cli import main

FACTORS = {"fear_effect": (0.0, 5.0), "fingerprint_checks": {}}


def y(values, replicate):
    return 2.0 - values["fear_effect"] + 0.01 * replicate


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    outcomes = {"solve_rate": y, "immigration_arrests": y}
    return planted.write_result(
        tmp_path_factory.mktemp("cli") / "r", FACTORS, None, outcomes, seeds=2, design={"points": 60}
    )


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Return a function that runs `twoclaims` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(main, [str(arg) for arg in args], prog_name="twoclaims")


def test_discover_tells_the_finding_and_where_it_is(cli, result):
    told = cli("discover", result.folder, "--when", "effect.solve_rate < 0")
    assert told.exit_code == 0
    text = " ".join(told.stdout.split())
    assert "effect.solve_rate < 0 holds at 60% of the parameter space examined (36 of 60 points; 95% interval" in text
    assert "100% lie where fear_effect is at least " in text
    assert "The box, step" in text
    assert f"Tables and figures are in {result.folder / 'analysis' / 'discovery-'}" in text
    assert "Each point is judged by its means over 2 replicates." in told.stderr
    assert "Effects are a minus b." in told.stderr
    quiet = cli("discover", result.folder, "--when", "effect.solve_rate < 0", "-q", "--out", "here", "--csv")
    assert quiet.stderr == ""
    assert "Tables and figures are in here" in quiet.stdout


def test_discover_writes_json(cli, result):
    told = cli("discover", result.folder, "--when", "effect.solve_rate < 0", "--json", "--out", "out")
    record = json.loads(told.stdout)
    assert record["folder"] == "out"
    assert (record["points"], record["points_used"], record["cases"]) == (60, 60, 36)
    (box,) = record["boxes"]
    assert box["stands_out"]
    assert box["limits"]["fear_effect"]["unit"] == "log-odds per unit of dread"
    assert box["limits"]["fear_effect"]["lower"] == pytest.approx(2.0, abs=0.1)
    assert set(box["held_out"]) == {"points", "cases", "all_points", "all_cases", "p"}
    assert told.stderr == ""


def test_regret_tells_a_table(cli, result):
    told = cli("regret", result.folder, "--outcome", "solve_rate")
    assert told.exit_code == 0
    assert "solve_rate: higher is better; regret in percentage points" in told.stdout
    assert "* smallest maximum regret; (*) not told apart from it" in told.stdout
    assert "Solve rate, where higher is better: b has the smallest maximum regret" in told.stdout
    assert "With fewer than 5 replicates" in told.stderr
    record = json.loads(cli("regret", result.folder, "--outcome", "solve_rate", "--json", "--out", "o").stdout)
    assert [row["scenario"] for row in record["regret"]] == ["b", "a"]
    assert len(record["pairs"]) == 1


def test_figures_names_what_it_drew_and_what_not(cli, result):
    told = cli("figures", result.folder, "--target", "effect.solve_rate")
    assert told.stdout.startswith("parallel-effect.solve_rate\nstability\n\nFigures are in ")
    assert "no fan: no monthly series were kept" in told.stderr
    assert "no heat: a heat map needs a design with method = 'grid'" in told.stderr
    record = json.loads(cli("figures", result.folder, "--kind", "stability", "--json", "--out", "o").stdout)
    assert record["figures"] == ["stability.pdf", "stability.png"]


def test_analyses_of_one_second_get_folders_of_their_own(cli, result, monkeypatch):
    monkeypatch.setattr(time, "strftime", lambda form, *_: "20260101-000000")
    folders = [
        json.loads(cli("figures", result.folder, "--kind", "stability", "--json").stdout)["folder"] for _ in "ab"
    ]
    assert folders[0].endswith("analysis/figures-20260101-000000")
    assert folders[1].endswith("analysis/figures-20260101-000000-2")


BAD = [
    (["discover", "R"], "Missing option '--when'"),
    (["discover", "nowhere", "--when", "effect.solve_rate < 0"], "nowhere is not a result folder"),
    (["discover", "R", "--when", ""], "the condition is empty"),
    (["discover", "R", "--when", "effect.solve_rate"], "is a number, where a condition is needed"),
    (["discover", "R", "--when", "effect.solve_rat < 0"], "did you mean 'effect.solve_rate'?"),
    (["discover", "R", "--when", "open('x') < 0"], "text in quotes is not allowed"),
    (["discover", "R", "--when", "claim.M2"], "claim.M2: needs the outcome actual_sharing.immigrant_communities"),
    (
        ["discover", "R", "--when", "effect.solve_rate < 0", "--density", "1.1"],
        "a number above 0 and at most 1",
    ),
    (["discover", "R", "--when", "effect.solve_rate < 0", "--boxes", "0"], "must be a whole number from 1 to 10"),
    (["discover", "R", "--when", "effect.solve_rate < 0", "--box", "-1"], "must be a whole number from 0"),
    (
        ["discover", "R", "--when", "effect.solve_rate < 0", "--box", "9999"],
        "trajectory has the steps 0 to",
    ),
    (["discover", "R", "--when", "effect.solve_rate < 0", "--box", "1", "--boxes", "2"], "for one box only"),
    (["discover", "R", "--when", "effect.solve_rate < 0", "--out", "."], "exists already"),
    (["discover", "FIXED", "--when", "effect.solve_rate < 0"], "nothing was varied; discover needs a sweep over"),
    (["discover", "OAT", "--when", "effect.solve_rate < 0"], "varies one factor at a time; discover needs points all"),
    (["regret", "R"], "Missing option '--outcome'"),
    (["regret", "R", "--outcome", "solve_rat"], "did you mean 'solve_rate'?"),
    (["regret", "R", "--outcome", "immigration_arrests"], "which direction is better is in dispute"),
    (["regret", "R", "--outcome", "solve_rate", "--better", "more"], "'more' is not one of"),
    (["figures", "R", "--kind", "heat"], "a heat map needs a design with method = 'grid'"),
    (["figures", "R", "--kind", "pie"], "'pie' is not one of"),
    (["figures", "R", "--target", "effect.x"], "unknown outcome 'x'"),
    (["figures", "R", "--axes", "fear_effect", "nothing"], "unknown factor 'nothing'"),
    (["figures", "R", "--point", "61"], "they are numbered 1 to 60"),
    (["figures", "R", "--point", "one"], "must be a whole number"),
]


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    folder = tmp_path_factory.mktemp("others")
    base = {"method": "one_at_a_time", "center": {"fear_effect": 2.0}}
    return {
        "FIXED": planted.write_result(folder / "f", {}, planted.pd.DataFrame(index=[0]), lambda v, r: 1.0, seeds=2,
                                      design={"method": "fixed"}).folder,
        "OAT": planted.write_result(folder / "o", {"fear_effect": (0.0, 5.0)}, None, y, seeds=2, design=base).folder,
    }  # fmt: skip


@pytest.mark.parametrize(("args", "message"), BAD, ids=[" ".join(args)[:50] for args, _ in BAD])
def test_whatever_is_wrong_is_said_in_one_line(cli, result, others, args, message):
    places = {"R": result.folder, **others}
    told = cli(*(places.get(arg, arg) for arg in args))
    assert told.exit_code == 2, told.output
    assert told.stderr.startswith("error: ")
    assert len(told.stderr.splitlines()) == 1
    assert message in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("command", ["discover", "regret", "figures"])
def test_help_has_examples(cli, command):
    told = cli(command, "--help")
    assert told.exit_code == 0
    assert "Examples:" in told.stdout
