"""Explanation: parts that add up to the effect, which runs are made, what is left out, and what a reader sees."""

import json

import fake_claims
import fake_world
import numpy as np
import pandas as pd
import pytest
from test_figures import text_of

from experiments import compare
from experiments.cli import main
from experiments.explanation.explanation import Explanation
from experiments.explanation.mechanisms import ALL_ELSE, MECHANISMS, WHOLE
from experiments.statistics import IDENTICAL, LOWER, TOO_FEW, summarize
from experiments.storage import columns, store
from simulation.errors import InputError

PAIR = ("agreement-renewed", "agreement-ended")
REPORTING = f"reporting_rate.{fake_claims.IMMIGRANT}"
ON = ("fear", "trust", "offenders_learning", "caseload", "incapacitation")
"""Mechanisms that are on by default."""


def quick(*scenarios, **options):
    """Explain without progress, in this process."""
    options = {"workers": 1, "progress": False, "engine": fake_claims.engine(), "explain": True, **options}
    return compare(*(scenarios or PAIR), **options)


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """Return a comparison of two fake worlds over six seeds with its explanation."""
    with pytest.MonkeyPatch.context() as patch:
        from experiments.comparison.comparison import Comparison

        patch.setattr(Comparison, "figures", lambda self: {})
        return quick(seeds=6, headline="solve_rate", out=tmp_path_factory.mktemp("explain") / "r", csv=True)


def test_parts_are_those_that_the_fake_model_was_given(explained):
    parts = explained.explanation.parts(REPORTING)
    # Fear and trust share what they take together; the world's noise is below 0.01.
    assert parts.loc["fear", "effect"] == pytest.approx(-fake_claims.FEAR - fake_claims.BOTH / 2)
    assert parts.loc["trust", "effect"] == pytest.approx(-fake_claims.TRUST - fake_claims.BOTH / 2)
    assert parts.loc["fear", "alone"] == pytest.approx(-fake_claims.FEAR - fake_claims.BOTH)
    assert parts.loc[ALL_ELSE, "effect"] == pytest.approx(-fake_claims.ALL_ELSE, abs=0.01)
    assert parts.loc["fear", "verdict"] == parts.loc[WHOLE, "verdict"] == LOWER
    assert parts["pairs"].tolist() == [6] * 8
    for idle in ("caseload", "incapacitation", "deportation_deterrence"):
        assert parts.loc[idle, ["effect", "lower", "upper", "alone", "alone_lower", "alone_upper"]].eq(0).all()
        assert parts.loc[idle, ["verdict", "alone_verdict"]].tolist() == [IDENTICAL] * 2
    assert parts["on"].to_dict() == {part: part != "deportation_deterrence" for part in parts.index}


def test_parts_add_up_in_every_replicate_to_the_effect_of_the_ordinary_pairs(explained):
    by_replicate = explained.explanation.by_replicate("victimization_rate")
    assert by_replicate.index.tolist() == [1, 2, 3, 4, 5, 6]
    summed = by_replicate.drop(columns=WHOLE).sum(axis=1)
    np.testing.assert_allclose(summed, by_replicate[WHOLE], rtol=0, atol=1e-12)
    a, b = (explained.values(name, "victimization_rate") for name in PAIR)
    assert by_replicate[WHOLE].tolist() == [a[r] - b[r] for r in range(1, 7)]
    parts = explained.explanation.parts("victimization_rate")["effect"]
    assert parts.drop(WHOLE).sum() == pytest.approx(parts[WHOLE], abs=1e-12)


def test_intervals_are_those_of_the_replicates(explained):
    values = explained.explanation.by_replicate("solve_rate")[ALL_ELSE]
    row = explained.explanation.parts("solve_rate").loc[ALL_ELSE]
    wanted = summarize(values)
    assert row[["effect", "standard_error", "lower", "upper"]].tolist() == pytest.approx(
        [wanted.mean, wanted.standard_error, wanted.lower, wanted.upper]
    )


def test_each_run_is_made_once_and_the_usual_pair_is_not_run_again(explained):
    explanation = explained.explanation
    assert explanation.planned == len(explanation.records) == 6 * 2 * 31
    runs = explanation.runs
    assert runs["run_id"].is_unique
    switches = [columns.SWITCH_PREFIX + name for name in MECHANISMS]
    assert not runs[[columns.SWITCH_PREFIX + name for name in ON]].all(axis=1).any()
    assert not runs["on.deportation_deterrence"].any()
    assert not runs.duplicated(["scenario", "replicate", *switches]).any()
    assert set(runs.groupby("replicate")["seed"].nunique()) == {1}
    assert explained.runs.groupby("replicate")["seed"].first().equals(runs.groupby("replicate")["seed"].first())
    assert all(record.series is None for record in explanation.records)


def test_ordinary_runs_and_effects_are_as_without_an_explanation(explained):
    plain = quick(seeds=6, explain=False)
    assert len(explained.runs) == 12
    pd.testing.assert_frame_equal(plain.effects, explained.effects)
    assert plain.explanation is None


def test_the_folder_has_both_tables_described_and_the_counts_apart(explained):
    folder = explained.folder
    table = store.read_table(folder, "explain")
    assert list(table.columns) == columns.names(columns.EXPLAIN)
    assert len(table) == 8 * len(columns.outcome_keys(fake_claims.OUTCOMES))
    pd.testing.assert_frame_equal(table, explained.explanation.table, check_dtype=False)
    runs = store.read_table(folder, "explain_runs")
    assert list(runs.columns) == columns.names(columns.explain_run_columns(fake_claims.OUTCOMES))
    counts = store.read_manifest(folder)["counts"]
    assert (counts["planned"], counts["finished"], counts["replicates"]) == (12, 12, 6)
    assert counts["explanation"] == {"planned": 372, "finished": 372, "failed": 0, "replicates": 6}
    package = json.loads((folder / "datapackage.json").read_text())
    assert {"explain", "explain_runs", "explain-csv"} <= {resource["name"] for resource in package["resources"]}


def test_a_mechanism_that_one_world_has_off_is_run_only_in_the_other():
    worlds = [fake_world.load(PAIR[0], {}), fake_world.load(PAIR[1], {"fear_effect": 0.0})]
    explanation = quick(*worlds, seeds=1).explanation
    assert explanation.planned == 31 + 15
    assert explanation.mechanisms == ON
    summed = explanation.by_replicate(REPORTING).drop(columns=WHOLE).sum(axis=1)
    assert summed.item() == pytest.approx(explanation.by_replicate(REPORTING)[WHOLE].item())


def test_with_nothing_to_switch_off_everything_is_all_else():
    off = {name: value for mechanism in MECHANISMS.values() for name, value in mechanism.off.items()}
    explanation = quick(seeds=2, overrides=off).explanation
    assert (explanation.planned, explanation.mechanisms) == (0, ())
    parts = explanation.parts(REPORTING)["effect"]
    assert parts[ALL_ELSE] == parts[WHOLE] != 0


def test_a_pair_with_a_failed_run_is_left_out_and_the_failure_is_told():
    comparison = quick(seeds=6, engine=fake_claims.engine(fake_claims.fails_on_2))
    explanation = comparison.explanation
    assert explanation.replicates == (1, 3, 4, 5, 6)
    assert explanation.parts(REPORTING).loc[WHOLE, "pairs"] == 5
    assert len(comparison.runs) == 12
    assert len(comparison.failed) == len(comparison.failures) == 32  # half of two times 32 has fear off
    assert comparison.failures["run_id"].str.contains("-0002-without-.*fear").all()
    assert "the explanation rests on 5 of 6 pairs" in comparison.notes[-1]


def test_an_ordinary_pair_that_failed_is_not_explained():
    comparison = quick(seeds=3, engine=fake_claims.engine(fails_usual))
    assert comparison.explanation.replicates == (1, 3)
    assert comparison.explanation.planned == 2 * 62


def fails_usual(scenario, seed):
    """Fail in one ordinary run."""
    if seed == fake_world.POISONED_SEED and scenario.parameters["fear_effect"] and scenario.name == PAIR[1]:
        raise ArithmeticError("planted failure")
    return fake_claims.run(scenario, seed)


def test_an_outcome_that_one_run_leaves_undefined_loses_that_pair_in_all_parts():
    def undefined(scenario, seed):
        result = fake_claims.run(scenario, seed)
        if seed == fake_world.POISONED_SEED and not scenario.parameters["trust_effect"]:
            result.outcomes["solve_rate"] = float("nan")
        return result

    explanation = quick(seeds=3, engine=fake_claims.engine(undefined)).explanation
    parts = explanation.parts("solve_rate")
    assert set(parts["pairs"]) == {2}
    assert set(parts["undefined_pairs"]) == {1}
    assert explanation.by_replicate("solve_rate").loc[2].isna().all()
    assert set(explanation.parts(REPORTING)["pairs"]) == {3}


def interrupted_after(runs):
    """Return the fake model, interrupted in the run after so many."""
    calls = []

    def run(scenario, seed):
        calls.append(seed)
        if len(calls) > runs:
            raise KeyboardInterrupt
        return fake_claims.run(scenario, seed)

    return fake_claims.engine(run)


def test_interruption_keeps_the_pairs_that_are_complete(tmp_path):
    comparison = quick(seeds=6, engine=interrupted_after(12 + 62 * 2 + 10), out=tmp_path / "r")
    assert comparison.interrupted
    assert comparison.explanation.replicates == (1, 2)
    assert len(comparison.runs) == 12
    assert "interrupted: 134 of 372 runs with mechanisms off were finished" in comparison.notes[-1]
    assert "rests on the 2 of 6 pairs" in comparison.notes[-1]
    assert store.read_manifest(tmp_path / "r")["status"] == store.INTERRUPTED
    assert set(store.read_table(tmp_path / "r", "explain")["pairs"]) == {2}


def test_interruption_before_a_pair_is_complete_explains_nothing_and_keeps_the_effects(capsys):
    comparison = quick(seeds=2, engine=interrupted_after(4 + 5))
    assert comparison.explanation.replicates == ()
    assert set(comparison.explanation.table["pairs"]) == {0}
    assert comparison.effects["pairs"].max() == 2
    usual = quick(seeds=2, engine=interrupted_after(3))
    assert usual.explanation is None
    assert usual.notes[-1] == "no explanation: the pairs of worlds are not complete"


def test_two_processes_give_the_same_parts(explained):
    again = quick(seeds=2, workers=2)
    for part in ("fear", ALL_ELSE):
        first = explained.explanation.by_replicate(REPORTING)[part].iloc[:2]
        assert first.equals(again.explanation.by_replicate(REPORTING)[part])


def test_an_explanation_is_of_two_worlds_and_of_known_outcomes(explained, tmp_path):
    with pytest.raises(InputError, match="exactly two scenarios, and 3 are given"):
        quick(*PAIR, "no-sharing-ever", engine=fake_claims.engine(run=None), out=tmp_path / "r")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="no such outcome"):
        explained.explanation.parts("solve_rat")


def test_the_number_of_runs_is_said_before_anything_runs(capsys):
    def at_once(scenario, seed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        quick(seeds=6, engine=fake_claims.engine(at_once), progress=True)
    first = capsys.readouterr().err.splitlines()[0]
    assert "takes 62 runs for each pair of worlds besides the usual 2, 372 for 6 pairs" in first
    assert "5 mechanisms" in first


def test_the_figure_shows_every_part_with_its_interval(explained):
    from experiments.explanation.figure import explanation_figures

    figure = explanation_figures(explained)["explain"]
    text = text_of(figure)
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert titles[0].startswith("Solve rate (percent")
    assert [title.split(" (")[0] for title in titles[1:]] == [
        "Reporting rate, immigrant communities", "Victimization rate",
    ]  # fmt: skip
    said = (
        "all else",
        "deportation deterrence",
        "off in both worlds",
        "6 pairs of worlds",
        "root seed 1",
        "Version 0.",
    )
    for part in (*said, "whole effect", "95% interval", "not a forecast"):
        assert part in text
    bars = figure.axes[1].patches
    parts = explained.explanation.parts(REPORTING)["effect"]
    assert [bar.get_width() for bar in bars] == pytest.approx(parts.tolist())
    assert bars[1].get_x() == pytest.approx(parts[ALL_ELSE])
    assert bars[-1].get_x() == 0
    figure.set_dpi(100)
    figure.draw_without_rendering()
    for axis in figure.axes:
        for label in axis.texts:
            assert label.get_window_extent().x1 <= figure.bbox.x1 + 1


def test_no_complete_pair_no_figure():
    from experiments.explanation.figure import explanation_figures

    keys = columns.outcome_keys(fake_claims.OUTCOMES)
    comparison = quick(seeds=1, explain=False)
    comparison.explanation = Explanation(
        comparison.scenarios, fake_claims.OUTCOMES, ON, (), np.empty((32, 0, len(keys))), [], 62
    )
    assert explanation_figures(comparison) == {}


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Call the command line with a fake model in an empty folder; return its exit code."""
    from experiments.runs import execution

    monkeypatch.chdir(tmp_path)

    def twoclaims(*arguments, engine=None):
        monkeypatch.setattr(execution, "simulation_engine", lambda: engine or fake_claims.engine())
        with pytest.raises(SystemExit) as left:
            main(["compare", *map(str, arguments), "--workers", "1", "--out", "r"])
        return left.value.code or 0

    return twoclaims


def test_the_command_prints_parts_with_intervals_and_their_sum(command, capsys, tmp_path, drawn):
    assert command(*PAIR, "--seeds", 6, "--explain", "--claims") == 0
    out, err = capsys.readouterr()
    assert err.startswith("The explanation takes 62 runs")
    assert "Running 372 worlds with mechanisms off in 1 process" in err
    text = out[out.index("What the effect is made of") :]
    assert max(map(len, text.splitlines())) <= 100
    for title in ("Solve rate (percent", "Reporting rate, immigrant communities", "Victimization rate"):
        assert title in text
    lines = [line for line in text.splitlines() if line.startswith("fear ")]
    assert len(lines) == 3
    assert all(line.count(" to ") == 2 for line in lines)
    assert text.count("whole effect (sum)") == 3
    joined = " ".join(text.split())
    for mechanism in MECHANISMS.values():
        assert mechanism.meaning in joined
    assert (tmp_path / "r" / "figures" / "explain.pdf").is_file()
    assert (tmp_path / "r" / "figures" / "explain.png").is_file()


def test_few_pairs_make_no_finding(command, capsys):
    assert command(*PAIR, "--seeds", 2, "--explain", "-q") == 0
    out, err = capsys.readouterr()
    assert err == ""
    line = next(line for line in out[out.index("What the effect") :].splitlines() if line.startswith("fear "))
    assert "too few" in line


def test_json_has_the_explanation(command, capsys):
    assert command(*PAIR, "--seeds", 2, "--explain", "--json", "-q") == 0
    found = json.loads(capsys.readouterr().out)
    rows = {(row["outcome"], row["group"], row["mechanism"]): row for row in found["explain"]}
    row = rows["reporting_rate", fake_claims.IMMIGRANT, "fear"]
    assert (row["effect"], row["verdict"], row["on"]) == (pytest.approx(-3.25), TOO_FEW, True)
    assert rows["solve_rate", "all", WHOLE]["alone"] is None
    assert found["runs"] == 4 + 124


def test_exit_codes_of_failure_and_interruption(command, capsys):
    assert command(*PAIR, "--seeds", 2, "--explain", engine=fake_claims.engine(fake_claims.fails_on_2)) == 1
    err = capsys.readouterr().err
    assert "failed: agreement-" in err
    assert "32 of 128 runs failed" in err


def test_interruption_gives_exit_code_130(command, capsys):
    assert command(*PAIR, "--seeds", 2, "--explain", engine=interrupted_after(4 + 70)) == 130
    out, err = capsys.readouterr()
    assert "interrupted: 70 of 124 runs with mechanisms off" in err
    assert "over 1 pair" in out[out.index("What the effect") :]


def test_three_worlds_are_refused_in_one_line(command, capsys, tmp_path):
    assert command(*PAIR, "no-sharing-ever", "--explain") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []
