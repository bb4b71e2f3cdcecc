"""Pairs of worlds: values by hand, the same from runs, tables and folders, and small enough to send."""

import pickle
from dataclasses import replace
from datetime import date
from shutil import copytree

import numpy as np
import pytest
from exhibited import BASE, OTHER, SMALL, luck, pair, run, scenario, undefined

from experiments import compare, statistics
from experiments.claims.claims import NO_DIFFERENCE, NOT_TESTED, SUPPORTED
from experiments.claims.table import claims_table
from experiments.exhibits.pair import COMMUNITIES, COUNTS, STATES, Pair, summarize
from experiments.exhibits.tables import read_pair
from experiments.storage.result import Result
from simulation import run as simulate
from simulation.errors import InputError
from simulation.outcomes import OUTCOMES
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario

NAN = float("nan")


@pytest.fixture(scope="module")
def worlds():
    """Return three real pairs of runs, the result folder of the same pairs, and the comparison."""
    overrides = {**SMALL, "years": 3.0, "scale": 0.2}
    a, b = (Scenario.load(name, overrides) for name in (BASE, OTHER))
    results = {r: tuple(simulate(s, replicate_seed(5, r)) for s in (a, b)) for r in (1, 2, 3)}
    return a, b, results


@pytest.fixture(scope="module")
def compared(worlds, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exhibits") / "pair"
    return compare(*worlds[:2], seeds=3, root_seed=5, out=folder, workers=1, progress=False)


@pytest.fixture(scope="module")
def from_runs(worlds):
    a, b, results = worlds
    return Pair.from_runs(a, b, 5, {r: tuple(map(summarize, both)) for r, both in results.items()})


def test_effects_are_those_worked_out_by_hand():
    made = pair([1.0, 3.0, 5.0])
    a, b = made.values("solve_rate")
    assert a.tolist() == [42.0, 45.0, 48.0]
    assert b.tolist() == [41.0, 42.0, 43.0]
    effect = made.effect("solve_rate")
    # Mean 3, standard deviation 2, and Student's t with 2 degrees of freedom: 4.302653 * 2 / sqrt(3).
    assert (effect.effect, effect.sd) == (3.0, 2.0)
    assert effect.upper - effect.effect == pytest.approx(4.968276, abs=1e-5)
    assert effect.verdict == statistics.TOO_FEW


def test_undefined_values_are_left_out_and_counted():
    made = pair([1.0] * 6, solve_rate=[1.0, 1.0, NAN, 1.0, 1.0, 1.0])
    effect = made.effect("solve_rate")
    assert (effect.pairs, effect.undefined_pairs) == (5, 1)
    assert undefined(made).effect("solve_rate").verdict == statistics.UNDEFINED
    assert np.isnan(made.values("no_such_outcome")[0]).all()


def test_counts_are_added_over_communities():
    made = pair([5.0, 7.0])
    latino, everybody = made.counts("happened", ["latino"]), made.counts("happened")
    assert latino[0].shape == (2, len(made.months))
    assert (latino[0][:, 0].tolist(), latino[1][:, 0].tolist()) == ([105.0, 107.0], [100.0, 100.0])
    assert everybody[0][1, 0] == 5 * 107.0
    assert (made.counts("happened", ["immigrant_communities"])[0] == 4 * latino[0]).all()
    with pytest.raises(InputError, match="no community 'latin'"):
        made.counts("happened", ["latin"])


def test_states_are_weighted_by_residents():
    made = pair([0.0])
    first = made.runs[0][0]
    first.states[STATES.index("fear"), :, COMMUNITIES.index("latino")] = 1.0
    first.states[STATES.index("fear"), :, COMMUNITIES.index("asian")] = 4.0
    for name, residents in (("latino", 3000), ("asian", 1000)):
        first.outcomes[f"victimization_rate.{name}"] = 50 * 1000 / residents  # 50 crimes in a year
    assert made.state("fear", ["latino"])[0][0, 0] == 1.0
    assert made.state("fear", ["latino", "asian"])[0][0, 0] == pytest.approx((3000 * 1 + 1000 * 4) / 4000)
    # Nobody was a victim in one community of this run, so that its size is not known from it.
    first.outcomes["victimization_rate.asian"] = first.outcomes["crimes_happened.asian"] = 0.0
    made = replace(made)
    assert made.state("fear", ["latino", "asian"])[0][0, 0] == 1.0


def test_months_that_a_run_does_not_cover_whole_are_known():
    a = scenario(BASE, start=date(2016, 1, 15), years=3.0)
    made = Pair.from_runs(a, a, 1, {1: (run(a), run(a))})
    assert made.months[0] == np.datetime64("2016-01-01")
    assert made.whole_months.tolist() == [False, *[True] * 35, False]
    assert made.dates[0] == np.datetime64("2016-01-15")
    assert made.dates[-1] == np.datetime64("2019-01-15")
    assert len(made.months) == made.counts("happened")[0].shape[1]


def test_replicates_are_in_order_and_there_is_one_at_least():
    a, b = scenario(BASE), scenario(OTHER)
    made = Pair.from_runs(a, b, 1, {9: (run(a, 9), run(b, 9)), 2: (run(a, 2), run(b, 2))})
    assert made.replicates == (2, 9)
    assert made.values("solve_rate")[0].tolist() == [2.0, 9.0]
    with pytest.raises(ValueError, match="at least one"):
        Pair.from_runs(a, b, 1, {})


def test_a_summary_has_what_the_run_counted(worlds):
    result = worlds[2][1][0]
    found = summarize(result)
    series = result.series.groupby(["metric", "date", "group"], observed=True)["value"].sum()
    for metric in COUNTS:
        expected = series.loc[metric].unstack("group")[list(COMMUNITIES)].to_numpy()
        np.testing.assert_array_equal(found.counts[COUNTS.index(metric)], expected, metric)
    for name in ("fear", "belief"):
        expected = result.snapshots.pivot(index="date", columns="community", values=name)[list(COMMUNITIES)]
        np.testing.assert_allclose(found.states[STATES.index(name)], expected.to_numpy(), rtol=1e-6)
    assert found.outcomes == pytest.approx(result.outcomes, nan_ok=True)
    assert len(pickle.dumps(found)) < 50_000


def test_a_state_at_the_end_is_near_the_outcome_of_its_name(from_runs):
    for name in ("trust", "belief"):
        counted = from_runs.dates > np.datetime64(from_runs.a.outcomes_from)
        for world, values in zip(from_runs.state(name), from_runs.values(name)):
            np.testing.assert_allclose(world[:, counted].mean(axis=1), values, rtol=2e-3)


def test_runs_tables_and_folders_give_the_same_pair(from_runs, compared):
    tables = Pair.from_tables(*compared.scenarios, compared.runs, compared.series)
    folder = Pair.from_result(Result.open(compared.folder))
    for other in (tables, folder):
        assert (other.replicates, other.root_seed, other.failed) == ((1, 2, 3), 5, 0)
        assert (other.a.fingerprint, other.b.fingerprint) == (from_runs.a.fingerprint, from_runs.b.fingerprint)
        for key in from_runs.runs[0][0].outcomes:
            np.testing.assert_array_equal(from_runs.values(key), other.values(key), key)
        for metric in COUNTS:
            np.testing.assert_array_equal(from_runs.counts(metric), other.counts(metric), metric)
        for metric in STATES:
            np.testing.assert_allclose(from_runs.state(metric), other.state(metric), rtol=1e-6)
    assert folder.version


def test_verdicts_are_those_of_the_claims_table(from_runs, compared):
    table = claims_table(compared.runs, compared.scenarios, OUTCOMES, {"M2": 0.2})
    found = from_runs.verdicts({"M2": 0.2})
    assert [each.verdict for each in found] == table["verdict"].tolist()
    np.testing.assert_allclose([each.effect.lower for each in found], table["lower"])


def test_claims_are_judged_with_minus_without_whichever_comes_first():
    more = {"actual_sharing__immigrant_communities": [0.2] * 8}
    less = {"actual_sharing__immigrant_communities": [-0.2] * 8}
    up, down = luck(8, 0.1) + 1, luck(8, 0.1) - 1
    with_first, with_second = pair(up, **more), pair(down, **less)
    named = ("M1", "fear.immigrant_communities")
    for made in (with_first, with_second):
        judged = {(each.claim.id, each.measure.outcome): each for each in made.verdicts()}
        assert judged[named].verdict == SUPPORTED
        assert judged[named].effect.effect == pytest.approx(1, abs=0.1)
    assert {each.verdict for each in pair([0.0] * 8).verdicts()} == {NOT_TESTED}
    same = pair([0.0] * 8, **more)
    assert {each.verdict for each in same.verdicts() if each.claim.contrast.startswith("actual")} == {NO_DIFFERENCE}


def test_a_folder_without_a_single_pair_is_refused_in_one_line(compared):
    result = Result.open(compared.folder)
    with pytest.raises(InputError, match="did you mean"):
        read_pair(result, "agreement-renewedd", None)
    result.runs = result.runs[result.runs["scenario"] == OTHER]
    with pytest.raises(InputError, match="no replicate was finished by both"):
        read_pair(result, None, None)
    varied = type("Varied", (Result,), {"factors": ("fear_effect",)})(result.folder, result.manifest)
    with pytest.raises(InputError, match="varies 1 factors"):
        read_pair(varied, None, None)


def test_months_that_a_result_did_not_keep_are_undefined(compared, tmp_path):
    copytree(compared.folder, tmp_path / "kept")
    (tmp_path / "kept" / "series.parquet").unlink()
    found = Pair.from_result(Result.open(tmp_path / "kept"))
    assert np.isfinite(found.values("solve_rate")).all()
    assert np.isnan(found.counts("happened")).all()
    assert np.isnan(found.state("trust", ["latino"])).all()


def test_failed_pairs_are_counted(compared):
    runs = compared.runs.copy()
    runs.loc[runs["run_id"] == f"{OTHER}-0002", "status"] = "failed"
    found = Pair.from_tables(*compared.scenarios, runs, compared.series, failed=1)
    assert (found.replicates, found.failed) == ((1, 3), 1)
    assert Pair.from_tables(*compared.scenarios, runs[runs["scenario"] == BASE], compared.series) is None


def test_pairs_in_order_for_the_motion_view():
    from experiments.exhibits import pairs

    made = pair([1.0, NAN, 3.0])
    assert pairs(made, "solve_rate") == [(42.0, 41.0), (46.0, 43.0)]
    assert replace(made, failed=2).failed == 2
