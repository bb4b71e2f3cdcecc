"""Claims: every verdict by hand, the same for both orders of the worlds, thresholds, and what a pair cannot test."""

import datetime
import json
from pathlib import Path
from types import SimpleNamespace

import fake_claims
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import compare, statistics
from experiments.claims import claims
from experiments.claims.claims import DOWN, UP, check_thresholds, judge
from experiments.claims.table import claims_table
from experiments.cli import main
from experiments.statistics import paired_effect
from experiments.storage import columns, store
from simulation.errors import InputError

PAIR = ("agreement-renewed", "agreement-ended")
OUTCOMES = fake_claims.OUTCOMES
WOBBLE = np.array([-0.02, 0.01, 0.0, 0.02, -0.01, 0.0])


def scenario(name, **settings):
    """Return what the table needs of a scenario."""
    return SimpleNamespace(name=name, events=(), settings=lambda: settings)


def runs_of(a=None, b=None, pairs=6):
    """Return the runs of two worlds: A shares more unless told otherwise, and everything else is alike in both."""
    frames = []
    usual = ({claims.SHARING: 0.6}, {claims.SHARING: 0.1})
    for name, shared, values in zip("AB", usual, (a or {}, b or {})):
        data = {key: 10.0 + np.arange(pairs, dtype=float) for key in fake_claims.NEEDED}
        data |= {claims.BUDGET: np.full(pairs, 100.0)}
        data |= {key: np.broadcast_to(value, pairs).astype(float) for key, value in {**shared, **values}.items()}
        frames.append(pd.DataFrame({"status": "finished", "scenario": name, "replicate": range(1, pairs + 1), **data}))
    return pd.concat(frames, ignore_index=True)


def table_of(runs, thresholds=None, names=("A", "B"), settings=({}, {})):
    """Judge the claims by runs."""
    scenarios = [scenario(name, **given) for name, given in zip(names, settings)]
    return claims_table(runs, scenarios, OUTCOMES, check_thresholds(thresholds or {})).set_index(
        ["claim", "outcome", "group"]
    )


def base(pairs=6):
    return 10.0 + np.arange(pairs, dtype=float)


def test_every_claim_of_the_model_is_declared_once_with_known_outcomes():
    assert [claim.id for claim in claims.CLAIMS] == ["M1", "M2", "M3", "D1", "D2", "S1", "J1", "F1"]
    assert sum(len(claim.measures) for claim in claims.CLAIMS) == 15
    for claim in claims.CLAIMS:
        assert claim.text.endswith(".")
        assert all(measure.claimed in (UP, DOWN) and measure.threshold == 0 for measure in claim.measures)


@pytest.mark.parametrize(
    ("difference", "claimed", "threshold", "verdict"),
    [
        (1.0 + WOBBLE, UP, 0, claims.SUPPORTED),
        (1.0 + WOBBLE, DOWN, 0, claims.CONTRADICTED),
        (-1.0 + WOBBLE, UP, 0, claims.CONTRADICTED),
        (-1.0 + WOBBLE, DOWN, 0, claims.SUPPORTED),
        (WOBBLE, UP, 0, statistics.NO_DIFFERENCE),
        (0 * WOBBLE, DOWN, 0, claims.NO_DIFFERENCE),
        (1.0 + WOBBLE, UP, 0.9, claims.SUPPORTED),
        (1.0 + WOBBLE, UP, 1.0, claims.BELOW_THRESHOLD),
        (1.0 + WOBBLE, DOWN, 2.0, claims.BELOW_THRESHOLD),
        (1.0 + WOBBLE, DOWN, 0.9, claims.CONTRADICTED),
        (1.0 + WOBBLE[:4], UP, 0, statistics.TOO_FEW),
        (np.full(6, np.nan), UP, 0, statistics.UNDEFINED),
    ],
)
def test_every_verdict_by_a_hand_made_pair(difference, claimed, threshold, verdict):
    assert judge(paired_effect(difference, np.zeros(len(difference))), claimed, threshold) == verdict


@given(st.lists(st.floats(-2, 2), min_size=5, max_size=9), st.floats(0, 1))
def test_what_contradicts_a_claim_is_the_mirror_image_of_what_supports_it(differences, threshold):
    zeros = np.zeros(len(differences))
    effect, mirrored = paired_effect(differences, zeros), paired_effect(-np.array(differences), zeros)
    verdicts = {judge(effect, UP, threshold), judge(mirrored, DOWN, threshold)}
    assert len(verdicts) == 1
    mirror = {claims.SUPPORTED: claims.CONTRADICTED, claims.CONTRADICTED: claims.SUPPORTED}
    verdict = verdicts.pop()
    assert judge(effect, DOWN, threshold) == mirror.get(verdict, verdict)


def test_effects_are_sharing_minus_no_sharing_whichever_world_comes_first():
    runs = runs_of({"solve_rate": base() - 1 + WOBBLE})
    forward, backward = table_of(runs), table_of(runs, names=("B", "A"))
    row = forward.loc[("M2", "solve_rate", "all")]
    assert (row["world_with"], row["world_without"], row["verdict"]) == ("A", "B", claims.SUPPORTED)
    assert row["effect"] == pytest.approx(-1)
    of_worlds = ["scenario", "relative_to"]
    tested = [claim.id for claim in claims.CLAIMS if claim.contrast == claims.SHARING]
    pd.testing.assert_frame_equal(
        forward.drop(columns=of_worlds).loc[tested], backward.drop(columns=of_worlds).loc[tested]
    )


def test_worlds_that_share_alike_test_no_claim_about_sharing_and_still_show_effects():
    alike = {claims.SHARING: 0.3}
    runs = runs_of({"solve_rate": base() - 1 + WOBBLE, **alike}, alike)
    row = table_of(runs).loc[("M2", "solve_rate", "all")]
    assert (row["verdict"], row["world_with"]) == (claims.NOT_TESTED, "A")
    assert row["effect"] == pytest.approx(-1)
    assert row["lower"] < -1 < row["upper"]
    assert row["note"] == "The worlds are alike in sharing: effects are A minus B."
    assert table_of(runs, names=("B", "A")).loc[("M2", "solve_rate", "all"), "effect"] == pytest.approx(1)


def test_worlds_whose_sharing_differs_only_within_noise_test_no_claim_about_sharing():
    runs = runs_of({claims.SHARING: 0.3 + WOBBLE}, {claims.SHARING: 0.3})
    row = table_of(runs).loc[("J1", "households_losing_member", "all")]
    assert row["verdict"] == claims.NOT_TESTED
    assert "do not differ beyond noise in sharing" in row["note"]


def test_the_claim_about_money_is_tested_by_worlds_that_differ_in_the_police_budget():
    poorer = {claims.BUDGET: 80.0, "crimes_cleared": base() - 3 + WOBBLE, claims.SHARING: 0.3}
    runs = runs_of(poorer, {claims.SHARING: 0.3})
    for names in (("A", "B"), ("B", "A")):
        table = table_of(runs, names=names)
        row = table.loc[("F1", "crimes_cleared", "all")]
        assert (row["world_with"], row["world_without"], row["verdict"]) == ("A", "B", claims.SUPPORTED)
        assert row["effect"] == pytest.approx(-3)
        assert row["note"] == ""
        assert set(table.drop("F1", level="claim")["verdict"]) == {claims.NOT_TESTED}
    richer = runs_of({**poorer, "crimes_cleared": base() + 3 + WOBBLE}, {claims.SHARING: 0.3})
    assert table_of(richer).loc[("F1", "crimes_cleared", "all"), "verdict"] == claims.CONTRADICTED


def test_no_cut_does_not_test_the_claim_about_money():
    row = table_of(runs_of()).loc[("F1", "crimes_cleared", "all")]
    assert row["verdict"] == claims.NOT_TESTED
    assert row["note"] == "The worlds are alike in the police budget: effects are A minus B."


def test_a_pair_that_differs_in_both_says_so_in_both():
    table = table_of(runs_of(b={claims.BUDGET: 70.0}))
    together = "the effect is of all differences together."
    assert table.loc[("F1", "crimes_cleared", "all"), "note"] == f"The worlds also differ in sharing: {together}"
    assert table.loc[("M2", "solve_rate", "all"), "note"] == f"The worlds also differ in the police budget: {together}"
    assert table.loc[("F1", "crimes_cleared", "all"), "world_with"] == "B"


def test_other_differences_between_the_scenarios_are_named():
    a = {"levers.capacity": 1, "parameters.fear_effect": 2, "years": 4, "agreement.roles": ()}
    b = {"levers.capacity": 2, "parameters.fear_effect": 3, "years": 4, "agreement.roles": ("victim",)}
    note = table_of(runs_of(), settings=(a, b)).loc[("M2", "solve_rate", "all"), "note"]
    assert note.startswith("The worlds also differ in levers.capacity, parameters.fear_effect: ")


def test_events_that_are_not_about_sharing_are_named():
    from experiments.claims.table import differing_settings

    def event(kind):
        return SimpleNamespace(date=datetime.date(2018, 9, 1), kind=kind)

    a, b = scenario("A"), scenario("B")
    a.events, b.events = (event("agreement_ends"), event("raid"), event("funding_cut")), (event("vote"),)
    assert differing_settings(a, b) == ["event raid"]


def test_few_pairs_give_no_verdict_and_undefined_pairs_are_counted():
    runs = runs_of({"solve_rate": base(4) - 1 + WOBBLE[:4]}, pairs=4)
    row = table_of(runs).loc[("M2", "solve_rate", "all")]
    assert (row["verdict"], row["world_with"]) == (statistics.TOO_FEW, "A")
    undefined = base() - 1 + WOBBLE
    undefined[0] = np.nan
    row = table_of(runs_of({"solve_rate": undefined})).loc[("M2", "solve_rate", "all")]
    assert (row["pairs"], row["undefined_pairs"], row["verdict"]) == (5, 1, claims.SUPPORTED)


def test_thresholds_by_claim_and_by_measure():
    runs = runs_of({"solve_rate": base() - 1 + WOBBLE, "fear.immigrant_communities": base() + 1 + WOBBLE})
    verdicts = table_of(runs, {"M2": 1.5})["verdict"]
    assert verdicts["M2", "solve_rate", "all"] == claims.BELOW_THRESHOLD
    assert verdicts["M1", "fear", "immigrant_communities"] == claims.SUPPORTED
    table = table_of(runs, {"M1": 5, "M1.fear.immigrant_communities": 0.5})
    assert table["threshold"]["M1"].to_dict() == {
        ("fear", "immigrant_communities"): 0.5,
        ("trust", "immigrant_communities"): 5,
    }
    assert table["verdict"]["M1", "fear", "immigrant_communities"] == claims.SUPPORTED


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"M9": 1}, "no such claim; the claims are M1, M2, M3, D1, D2, S1, J1, F1"),
        ({"m2": 1}, "no such claim"),
        ({"M1.fear": 1}, "those of M1 are M1.fear.immigrant_communities, M1.trust.immigrant_communities"),
        ({"M2": -0.1}, "must be a number of 0 or more"),
        ({"M2": float("nan")}, "must be a number of 0 or more"),
        ({"M2": "much"}, "must be a number of 0 or more"),
        ({"M2": True}, "must be a number of 0 or more"),
    ],
)
def test_bad_thresholds_are_refused_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as refusal:
        check_thresholds(given)
    assert "\n" not in str(refusal.value)


def quick(*names, **options):
    options = {"workers": 1, "progress": False, "engine": fake_claims.engine(), **options}
    return compare(*(names or PAIR), **options)


def test_a_comparison_judges_claims_and_writes_them(tmp_path):
    comparison = quick(seeds=6, claims=True, thresholds={"M2": 0.1}, out=tmp_path / "r", csv=True)
    table = comparison.claims.set_index(["claim", "outcome"])
    assert list(comparison.claims.columns) == columns.names(columns.CLAIMS)
    assert table.loc[("M1", "fear"), "verdict"] == claims.SUPPORTED
    assert table.loc[("M1", "trust"), "verdict"] == claims.CONTRADICTED
    assert table.loc[("M2", "solve_rate"), ["verdict", "threshold"]].tolist() == [claims.SUPPORTED, 0.1]
    assert table.loc[("D1", "victimization_rate"), "verdict"] == statistics.NO_DIFFERENCE
    assert table.loc[("J1", "households_losing_member"), "verdict"] == claims.NO_DIFFERENCE
    assert table.loc[("F1", "crimes_cleared"), "verdict"] == claims.NOT_TESTED
    stored = store.read_table(tmp_path / "r", "claims")
    pd.testing.assert_frame_equal(stored, comparison.claims)
    package = json.loads((tmp_path / "r" / "datapackage.json").read_text())
    (resource,) = [each for each in package["resources"] if each["name"] == "claims"]
    assert [each["name"] for each in resource["schema"]["fields"]] == list(stored.columns)


def test_claims_of_the_pair_in_the_other_order_are_the_same():
    of_worlds = ["scenario", "relative_to"]
    forward, backward = (quick(*pair, seeds=5).claims.drop(columns=of_worlds) for pair in (PAIR, PAIR[::-1]))
    tested = forward["verdict"] != claims.NOT_TESTED
    assert tested.sum() == 14
    pd.testing.assert_frame_equal(forward[tested], backward[tested])


def test_each_further_world_is_a_pair_of_its_own():
    table = quick(*PAIR, "no-sharing-ever", seeds=2, claims=True).claims
    assert table.groupby("relative_to", sort=False).size().to_dict() == {"agreement-ended": 15, "no-sharing-ever": 15}


def test_claims_need_a_model_with_their_outcomes_and_thresholds_need_claims(tmp_path):
    import fake_world

    with pytest.raises(InputError, match="this model has no outcome actual_sharing"):
        quick(claims=True, engine=fake_world.engine(run=None), out=tmp_path / "r")
    with pytest.raises(InputError, match="ask for the claims too"):
        quick(thresholds={"M2": 1}, engine=fake_claims.engine(run=None))
    assert list(tmp_path.iterdir()) == []


def test_the_page_about_claims_says_what_is_declared():
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].strip("| "): line for line in page.splitlines() if line.startswith("| ")}
    for claim in claims.CLAIMS:
        assert claim.text in rows[claim.id]
        assert claim.made_by in rows[claim.id]
        for measure in claim.measures:
            name, group = columns.split_key(measure.outcome)
            assert f"`{measure.outcome}`" in rows[claim.id] or (f"`{name}`" in rows[claim.id] and f"`{group}`" in page)
    for verdict in claims.VERDICTS:
        assert verdict in rows


def test_no_claims_table_unless_asked_for(tmp_path):
    comparison = quick(seeds=1, out=tmp_path / "r")
    assert "claims" not in comparison.tables()
    assert not (tmp_path / "r" / "claims.parquet").exists()


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Call the command line with the fake model in an empty folder; return its exit code."""
    from experiments.runs import execution

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(execution, "simulation_engine", fake_claims.engine)

    def twoclaims(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["compare", *map(str, arguments), "--workers", "1", "--out", "r"])
        return left.value.code or 0

    return twoclaims


def test_the_command_prints_claims_with_intervals_verdicts_and_cautions(command, capsys):
    assert command(*PAIR, "--seeds", 6, "--claims", "--threshold", "M2=0.5", "-q") == 0
    out = capsys.readouterr().out
    text = out[out.index("The claims of both sides") :]
    assert max(map(len, text.splitlines())) <= 100
    joined = " ".join(text.split())
    assert "the effect is agreement-renewed (more sharing) minus agreement-ended." in joined
    assert "Actual sharing in immigrant communities (probability): 0.6 and 0.1." in joined
    assert "F1: not tested by this pair. The worlds are alike in the police budget" in joined
    for claim in claims.CLAIMS:
        assert f"{claim.id} {claim.text} ({claim.made_by})" in joined
    row = next(line for line in text.splitlines() if "solve rate" in line)
    assert row.split()[:3] == ["lower", "solve", "rate"]
    assert " to " in row
    assert row.endswith("supported")
    assert "counts from 0.5)" in joined
    assert "not adjusted for looking at 15 measures" in joined
    assert "A verdict is about this model under these parameters" in joined


def test_json_has_the_claims(command, capsys):
    assert command(*PAIR, "--seeds", 5, "--claims", "--json", "-q") == 0
    rows = json.loads(capsys.readouterr().out)["claims"]
    assert len(rows) == 15
    assert {row["verdict"] for row in rows if row["claim"] == "M2"} == {claims.SUPPORTED}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--claims", "--threshold", "M9=1"), "the claims are M1, M2"),
        (("--claims", "--threshold", "M2=-1"), "must be a number of 0 or more"),
        (("--claims", "--threshold", "M2=much"), "'much' is not a number"),
        (("--claims", "--threshold", "M2"), "write CLAIM=NUMBER"),
        (("--claims", "--threshold", "M2=1", "--threshold", "M2=2"), "given twice"),
        (("--threshold", "M2=1"), "ask for the claims too"),
    ],
)
def test_bad_options_are_one_line(command, arguments, message, capsys, tmp_path):
    assert command(*PAIR, *arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_no_complete_pair_is_said_without_a_fault(command, capsys, monkeypatch):
    from experiments.runs import execution

    def broken(scenario, seed):
        raise RuntimeError("never")

    monkeypatch.setattr(execution, "simulation_engine", lambda: fake_claims.engine(broken))
    assert command(*PAIR, "--seeds", 2, "--claims", "-q") == 1
    assert "no claim can be judged" in capsys.readouterr().out
