"""Comparison: pairs, effects, what is refused, and how `auto` ends."""

import fake_world
import numpy as np
import pytest

from experiments import replicate
from experiments.comparison.comparison import check_comparable, compare, default_precision
from experiments.statistics import IDENTICAL, LOWER
from simulation.errors import InputError
from simulation.randomness import replicate_seed

PAIR = ("agreement-renewed", "agreement-ended")


def quick(*scenarios, **options):
    """Compare without progress, in this process."""
    options = {"workers": 1, "progress": False, "engine": fake_world.engine(), **options}
    return compare(*(scenarios or PAIR), **options)


def effect_of(comparison, outcome, group="all"):
    """Return one row of the effects."""
    table = comparison.effects
    return table[(table["outcome"] == outcome) & (table["group"] == group)].iloc[0]


def test_effect_is_that_of_the_first_scenario_relative_to_the_second(comparison):
    row = effect_of(comparison, "reporting_rate", "latino")
    # The fake model takes 4 points from the first world, and adds noise below 0.02.
    assert row["effect"] == pytest.approx(-4.0, abs=0.02)
    assert (row["scenario"], row["relative_to"], row["verdict"], row["pairs"]) == (*PAIR, LOWER, 6)
    assert effect_of(quick(*PAIR[::-1], seeds=3), "reporting_rate", "latino")["effect"] == pytest.approx(4.0, abs=0.02)


def test_effects_follow_from_the_runs_file_joined_by_replicate(comparison):
    runs = comparison.runs.sample(frac=1, random_state=3)  # the order of rows carries no meaning
    wide = runs.pivot(index="replicate", columns="scenario", values="solve_rate.asian")
    difference = wide[PAIR[0]] - wide[PAIR[1]]
    row = effect_of(comparison, "solve_rate", "asian")
    assert row["effect"] == pytest.approx(difference.mean(), rel=1e-12)
    assert row["standard_error"] == pytest.approx(difference.sem(), rel=1e-12)


def test_worlds_of_a_replicate_share_their_seed_and_replicates_do_not(comparison):
    seeds = comparison.runs.groupby("replicate")["seed"].agg(set)
    assert all(found == {replicate_seed(1, number)} for number, found in seeds.items())
    assert len(set.union(*seeds)) == 6


def test_replicates_of_one_root_seed_differ_and_repeat():
    options = {"seeds": 10, "workers": 1, "progress": False, "engine": fake_world.engine()}
    first = replicate("agreement-ended", **options).runs["solve_rate"]
    assert first.nunique() == 10
    assert first.equals(replicate("agreement-ended", **options).runs["solve_rate"])
    assert not np.isin(replicate("agreement-ended", root_seed=2, **options).runs["solve_rate"], first).any()


def test_what_is_the_same_in_both_worlds_is_called_identical(comparison):
    row = effect_of(comparison, "immigration_arrests", "custody")
    assert (row["verdict"], row["effect"], row["lower"], row["upper"]) == (IDENTICAL, 0.0, 0.0, 0.0)


def test_undefined_outcome_is_counted_and_harms_no_other(comparison):
    row = effect_of(comparison, "undefined")
    assert (row["pairs"], row["undefined_pairs"]) == (0, 6)
    assert comparison.effects["effect"].notna().sum() == len(comparison.effects) - 1


def test_more_scenarios_are_each_set_against_the_first():
    comparison = quick(*PAIR, "no-sharing-ever", seeds=2)
    assert list(comparison.effects["relative_to"].unique()) == ["agreement-ended", "no-sharing-ever"]
    assert set(comparison.effects["scenario"]) == {"agreement-renewed"}
    assert len(comparison.runs) == 6


def test_a_failed_run_takes_only_its_pair_away():
    comparison = quick(seeds=4, engine=fake_world.engine(fake_world.fails_on_2))
    assert effect_of(comparison, "solve_rate")["pairs"] == 3
    assert comparison.failures["reason"].tolist() == ["ArithmeticError: planted failure"]
    failed = comparison.runs.set_index("run_id").loc["agreement-ended-0002"]
    assert failed["status"] == "failed"
    assert np.isnan(failed["solve_rate"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scale", 0.5),
        ("years", 3),
        ("start", "2015-06-01"),
        ("outcomes_from", "2018-09-01"),
        ("place", "philadelphia"),
    ],
)
def test_scenarios_that_differ_in_more_than_policy_are_refused_in_one_line(key, value):
    from datetime import date

    value = date.fromisoformat(value) if key in ("start", "outcomes_from") else value
    a, b = fake_world.load(PAIR[0], {}), fake_world.load(PAIR[1], {key: value})
    with pytest.raises(InputError, match=f"cannot be compared: {key} = ") as refusal:
        check_comparable([a, b])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seeds": 0}, "seeds = 0: must be a whole number at least 1"),
        ({"seeds": 2.5}, "seeds = 2.5"),
        ({"seeds": True}, "seeds = True"),
        ({"root_seed": -1}, "seed = -1: must be a whole number from 0"),
        ({"workers": 0}, "workers = 0"),
        ({"headline": "solve_rat"}, "did you mean 'solve_rate'"),
        ({"precision": 0.0}, "precision = 0.0: must be above 0"),
        ({"seeds": "auto", "cap": 1}, "cap = 1"),
    ],
)
def test_bad_values_are_refused_before_anything_runs(options, message, tmp_path):
    with pytest.raises(InputError, match=message):
        quick(out=tmp_path / "result", engine=fake_world.engine(run=None), **options)
    assert list(tmp_path.iterdir()) == []


def test_one_scenario_or_one_name_twice_is_refused():
    with pytest.raises(InputError, match="at least two"):
        quick("agreement-ended")
    with pytest.raises(InputError, match="two scenarios are called 'agreement-ended'"):
        quick("agreement-ended", "agreement-ended")


def test_overrides_reach_every_scenario_and_loaded_scenarios_take_none():
    comparison = quick(seeds=1, overrides={"fear_effect": 2.5})
    assert set(comparison.runs["parameter.fear_effect"]) == {2.5}
    loaded = [fake_world.load(name, {}) for name in PAIR]
    assert len(quick(*loaded, seeds=1).runs) == 2
    with pytest.raises(InputError, match="loaded already"):
        quick(*loaded, seeds=1, overrides={"fear_effect": 2.5})


def test_auto_stops_when_the_headline_is_known_well_enough():
    comparison = quick(seeds="auto")  # noise below 0.02 points: ten pairs are plenty for 0.2 points
    assert len(comparison.runs) == 20
    assert "10 replicates" in comparison.notes[0]
    assert "0.2" in comparison.notes[0]


def test_auto_adds_pairs_until_the_interval_is_as_narrow_as_asked():
    wanted = 0.0016
    comparison = quick(seeds="auto", precision=wanted, headline="reporting_rate")
    table = comparison.effects.set_index(["outcome", "group"]).loc[("reporting_rate", "all")]
    assert (table["upper"] - table["lower"]) / 2 <= wanted
    assert table["pairs"] > 10
    assert table["pairs"] % 10 == 0


def test_auto_warns_when_its_cap_ends_it():
    comparison = quick(seeds="auto", precision=1e-9, cap=15)
    assert comparison.runs["replicate"].max() == 15
    assert "warning: auto stopped at its cap of 15" in comparison.notes[0]


def test_auto_never_stops_on_an_outcome_that_is_undefined():
    assert "known only to within inf" in quick(seeds="auto", headline="undefined", cap=12).notes[0].replace(
        "only to", "only to"
    )


@pytest.mark.parametrize(("unit", "precision"), [("percent", 0.2), ("per 100 crimes", 0.2), ("arrests", 0.1)])
def test_default_precision_depends_on_the_unit(unit, precision):
    assert default_precision(unit) == precision


def test_the_same_pairs_whether_auto_or_a_number_asked_for_them():
    auto, fixed = quick(seeds="auto"), quick(seeds=10)
    outcomes = [name for name in auto.runs if name != "seconds"]
    assert auto.runs[outcomes].equals(fixed.runs[outcomes])


def test_an_outcome_that_nobody_declared_is_a_fault_of_the_model():
    outcomes = {name: o for name, o in fake_world.OUTCOMES.items() if name != "constant"}
    with pytest.raises(ValueError, match=r"does not declare: \['constant'\]"):
        quick(seeds=1, engine=fake_world.engine(outcomes=outcomes))
