"""Districts month by month: sums are the run's, worlds are alike until they differ, few cases are said to be few."""

from datetime import date

import numpy as np
import pytest
from told import HOT

from experiments.city.history import COUNTS, GROUPS, CityHistory, DistrictRun, city_history, month_ends, run_districts
from experiments.city.measures import MEASURES, WINDOWS, Certainty, Verdict, view
from experiments.storage.monthly import first_difference
from simulation import Scenario, run
from simulation.outcomes import IMMIGRANT
from simulation.randomness import replicate_seed
from simulation.state import CLEARED, HAPPENED, REPORTED

PAIR = ("agreement-renewed", "agreement-ended")
FEW = {"place": "riverton", "scale": 0.25, "years": 1.25, "outcomes_from": date(2016, 3, 1)}


def load(*names, **overrides):
    return [Scenario.load(name, overrides={**HOT, **overrides}) for name in names]


@pytest.fixture(scope="module")
def history():
    """Return six pairs of worlds of a small town."""
    return city_history(*load(*PAIR), replicates=range(1, 7))


def test_districts_add_up_to_the_run():
    scenario, seed = load(PAIR[0])[0], replicate_seed(1, 1)
    districts, result = run_districts(scenario, seed), run(scenario, seed)
    daily = result.engine.counts[:-1]
    ends = month_ends(scenario)
    starts = np.append(0, ends[:-1])
    crimes = np.add.reduceat(daily["crimes"], starts, axis=0).sum(axis=2)  # month, community, measure
    arrests = np.add.reduceat(daily["arrests"], starts, axis=0).sum(axis=(2, 3))
    for kind, counted in zip(COUNTS, (*(crimes[..., m] for m in (HAPPENED, REPORTED, CLEARED)), arrests)):
        told = districts.counts[COUNTS.index(kind)].sum(axis=2)
        np.testing.assert_array_equal(told[:, 0], counted.sum(axis=1))
        np.testing.assert_array_equal(told[:, 1], counted[:, 1:].sum(axis=1))
        assert counted.sum() > 20
    population = result.engine.population
    assert districts.residents[0].sum() == len(population)
    assert districts.residents[1].sum() == (population.community != 0).sum()
    np.testing.assert_array_equal(districts.residents[0], np.bincount(population.district, minlength=6))


def test_trust_and_dread_are_those_of_the_run():
    """A run that takes snapshots every day shows the same means on the days on which months end."""
    scenario, seed = load(PAIR[0], collection_days=1)[0], replicate_seed(1, 2)
    districts, result = run_districts(scenario, seed), run(scenario, seed)
    size = np.asarray(result.engine.constants.community_size)
    means = result.snapshot_means[month_ends(scenario)]
    for state, (measure, center, factor) in enumerate(((0, 50, 10), (2, 0, 1))):
        of_communities = center + factor * means[:, :, measure]
        expected = (of_communities * size).sum(axis=1), (of_communities * size)[:, 1:].sum(axis=1)
        for group in range(len(GROUPS)):
            np.testing.assert_allclose(
                districts.sums[state, :, group].sum(axis=1), expected[group], rtol=1e-9, atol=1e-6
            )
    assert districts.sums[1].max() > 1


def test_months_end_with_calendar_months():
    for start, years, expected in (
        (date(2016, 1, 1), 0.25, [31, 60, 91]),
        (date(2016, 1, 20), 0.1, [12, 36]),
        (date(2016, 1, 1), 1 / 12, [30]),
    ):
        overrides = {**FEW, "start": start, "years": years, "outcomes_from": start}
        assert month_ends(Scenario.load("no-sharing-ever", overrides)).tolist() == expected


def test_worlds_are_identical_until_they_differ(history):
    apart = (first_difference(history.a, history.b) - history.a.start).days
    before = history.ends <= apart
    assert 5 < before.sum() < len(before)
    for name in MEASURES:
        for group in GROUPS:
            shown = view(history, name, group, 3)
            assert (shown.difference.verdict[before] == Verdict.IDENTICAL).all()
            np.testing.assert_array_equal(shown.a.value[before], shown.b.value[before])
            assert (shown.difference.verdict[-1] != Verdict.IDENTICAL).any()


def test_a_history_of_one_scenario_twice_is_identical():
    (scenario,) = load(PAIR[0], years=1.0)
    twice = city_history(scenario, scenario, replicates=(1, 2))
    assert all((view(twice, name, "all", 1).difference.verdict == Verdict.IDENTICAL).all() for name in MEASURES)


def made(counts_a, counts_b, residents=1000, months=2):
    """Return a history of one district from counts by replicate, the same in every month."""

    def world(counts):
        happened, reported, solved, arrests = counts
        table = np.array([happened, reported, solved, arrests])[:, None, None, None]
        return DistrictRun(
            np.full((2, 1), residents),
            np.full((2, months, 2, 1), 50.0 * residents),
            np.broadcast_to(table, (4, months, 2, 1)).astype(int),
        )

    scenario = Scenario.load("no-sharing-ever", {**FEW, "years": months / 12.5, "outcomes_from": date(2016, 1, 2)})
    assert len(month_ends(scenario)) == months
    runs = tuple((world(a), world(b)) for a, b in zip(counts_a, counts_b))
    return CityHistory(scenario, scenario, 1, tuple(range(1, len(runs) + 1)), runs)


def test_rates_by_hand():
    history = made([(100, 40, 10, 3)], [(100, 50, 20, 3)])
    shown = view(history, "reporting_rate", "all", 1)
    assert shown.a.value[0, 0] == 40
    assert shown.b.value[0, 0] == 50
    assert shown.difference.value[0, 0] == -10
    assert shown.difference.verdict[0, 0] == Verdict.NO_INTERVAL
    # Wilson's interval of 40 of 100, from his formula by hand.
    np.testing.assert_allclose([shown.a.lower[0, 0], shown.a.upper[0, 0]], [30.940, 49.800], atol=0.001)
    assert view(history, "solve_rate", "all", 2).b.value[1, 0] == 20
    assert view(history, "solve_rate", "all", 2).b.cases[:, 0].tolist() == [100, 200]
    arrests = view(history, "arrest_rate", IMMIGRANT, 1)
    assert arrests.a.value[0, 0] == pytest.approx(3 / (1000 * history.ends[0] / 365.25) * 10_000)
    assert arrests.a.certainty[0, 0] == Certainty.UNCERTAIN
    # Garwood's exact interval of 3 events: 0.6187 to 8.7673.
    np.testing.assert_allclose(arrests.a.lower[0, 0] / arrests.a.value[0, 0], 0.6187 / 3, rtol=1e-3)
    np.testing.assert_allclose(arrests.a.upper[0, 0] / arrests.a.value[0, 0], 8.7673 / 3, rtol=1e-3)
    assert view(history, "trust", "all", 1).a.value[0, 0] == 50


@pytest.mark.parametrize(
    ("crimes", "certainty"),
    [
        (0, Certainty.TOO_FEW),
        (9, Certainty.TOO_FEW),
        (10, Certainty.UNCERTAIN),
        (49, Certainty.UNCERTAIN),
        (50, Certainty.TOLD),
    ],
)
def test_rates_over_few_crimes_say_so(crimes, certainty):
    history = made([(crimes, crimes // 2, 0, 0)], [(200, 100, 0, 0)])
    shown = view(history, "reporting_rate", "all", 1)
    assert shown.a.certainty[0, 0] == shown.difference.certainty[0, 0] == certainty
    assert np.isnan(shown.a.value[0, 0]) == np.isnan(shown.difference.value[0, 0]) == (certainty == Certainty.TOO_FEW)
    assert shown.a.cases[0, 0] == shown.difference.cases[0, 0] == crimes
    assert shown.b.certainty[0, 0] == Certainty.TOLD


def test_few_residents_have_no_mean_and_no_arrest_is_not_certainty():
    assert np.isnan(view(made([(0, 0, 0, 0)], [(0, 0, 0, 0)], residents=19), "trust", "all", 1).a.value).all()
    none = view(made([(0, 0, 0, 0)] * 6, [(0, 0, 0, 0)] * 6), "arrest_rate", "all", 1).a
    assert none.value[0, 0] == none.lower[0, 0] == 0
    assert none.upper[0, 0] > 0
    assert none.certainty[0, 0] == Certainty.UNCERTAIN
    nobody = view(made([(0, 0, 0, 0)], [(0, 0, 0, 0)], residents=0), "arrest_rate", "all", 1).a
    assert np.isnan(nobody.value).all()


@pytest.mark.parametrize(
    ("fewer", "verdict"),
    [([5, 6, 4, 5, 6], Verdict.LOWER), ([-5, -6, -4, -5, -6], Verdict.HIGHER), ([9, -9, 8, -7, 1], Verdict.NOISE),
     ([0] * 5, Verdict.IDENTICAL), ([5, 6, 4, 5], Verdict.NO_INTERVAL)],
)  # fmt: skip
def test_a_difference_smaller_than_its_noise_is_none(fewer, verdict):
    history = made([(100, 40 - n, 10, 0) for n in fewer], [(100, 40, 10, 0)] * len(fewer))
    shown = view(history, "reporting_rate", "all", 1)
    assert shown.difference.verdict[0, 0] == verdict
    assert shown.difference.value[0, 0] == pytest.approx(-np.mean(fewer))
    if verdict in (Verdict.LOWER, Verdict.HIGHER, Verdict.NOISE):
        from scipy import stats

        low, high = stats.t.interval(0.95, 4, -np.mean(fewer), np.std(fewer, ddof=1) / 5**0.5)
        np.testing.assert_allclose([shown.difference.lower[0, 0], shown.difference.upper[0, 0]], [low, high])


def test_windows_reach_back_as_far_as_there_is_time(history):
    happened = history.counts[0, :, 0, :, 0].sum(axis=0)
    for window in WINDOWS:
        cases = view(history, "reporting_rate", "all", window).a.cases
        expected = [happened[max(0, month + 1 - window) : month + 1].sum(axis=0) for month in range(len(happened))]
        np.testing.assert_array_equal(cases, expected)
