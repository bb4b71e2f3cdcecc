"""Measures of sensitivity against functions whose answers are known, with luck planted or without."""

import warnings

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from experiments.sensitivity import columns as names
from experiments.sensitivity.advice import needed
from experiments.sensitivity.columns import MATTERS, NO_EFFECT, NOISE, UNKNOWN_LUCK, Studied
from experiments.sensitivity.luck import change_by_seed, shares, without_luck
from experiments.sensitivity.morris import morris_measures
from experiments.sensitivity.oat import curve_rows, make_curves, oat_rows
from experiments.sensitivity.sobol import sobol_indices

LINEAR = np.array([4.0, 2.0, 1.0, 0.0, 0.0])
STUDIED = [Studied(f"x{i}", "parameter") for i in range(9)]


@pytest.fixture(autouse=True)
def no_warnings():
    """Nothing is divided by zero, whatever the data."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def problem(factors):
    return {"num_vars": factors, "names": [s.name for s in STUDIED[:factors]], "bounds": [[0, 1]] * factors}


def sobol_points(factors, blocks, second=False, seed=1):
    return sobol_sample.sample(problem(factors), blocks, calc_second_order=second, seed=seed)


def sobol_of(x, y, factors, blocks):
    """Return the indices of values at points, with a seed for each column."""
    y = y.reshape(len(x), -1)
    return sobol_indices(y.reshape(blocks, -1, y.shape[1]), STUDIED[:factors])


def by_factor(rows, measure):
    """Return the rows of a measure about single factors, by factor."""
    return {
        row.factor: row for row in rows if row.measure == measure and row.kind == "parameter" and not row.with_factor
    }


def estimates(rows, measure):
    return np.array([row.estimate for row in by_factor(rows, measure).values()])


def ishigami(x):
    x = (2 * x - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_answers():
    of_1, of_2, joint = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = of_1 + of_2 + joint
    return np.array([of_1, of_2, 0]) / whole, np.array([of_1 + joint, of_2, joint]) / whole


A = np.array([0.0, 1.0, 4.5, 9.0])


def g_function(x):
    return np.prod((np.abs(4 * x - 2) + A) / (1 + A), axis=1)


def g_answers():
    parts = 1 / (3 * (1 + A) ** 2)
    whole = np.prod(1 + parts) - 1
    return parts / whole, parts * np.array([np.prod(np.delete(1 + parts, i)) for i in range(len(A))]) / whole


NOISES = {
    "alone": lambda rng, x, seeds: rng.normal(0, 0.6, (len(x), seeds)),
    "common": lambda rng, x, seeds: rng.normal(0, 3, seeds) + rng.normal(0, 0.6, (len(x), seeds)),
    "slopes": lambda rng, x, seeds: x @ rng.normal(0, 1.0, (x.shape[1], seeds)),
    "both": lambda rng, x, seeds: x @ rng.normal(0, 0.7, (x.shape[1], seeds)) + rng.normal(0, 0.4, (len(x), seeds)),
    "uneven": lambda rng, x, seeds: rng.normal(0, 1, (len(x), seeds)) * x[:, :1] ** 2,
    "counts": lambda rng, x, seeds: rng.poisson(2.0, (len(x), seeds)) * 0.5,
}
"""Kinds of luck: at every point alone, common to all points, on the slopes, larger at some points, of small counts."""


# ------------------------------------------------------------------ Sobol


def test_without_luck_the_indices_are_salibs():
    x = sobol_points(3, 128, second=True)
    y = ishigami(x)
    wanted = salib_sobol.analyze(problem(3), y, seed=1)
    rows = sobol_of(x, y, 3, 128).rows
    np.testing.assert_allclose(estimates(rows, names.FIRST), wanted["S1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(estimates(rows, names.TOTAL), wanted["ST"], rtol=1e-9)
    pairs = {(row.factor, row.with_factor): row for row in rows if row.measure == names.SECOND}
    assert pairs["x0", "x2"].estimate == pytest.approx(wanted["S2"][0, 2])
    half = [row.half_width for row in by_factor(rows, names.TOTAL).values()]
    np.testing.assert_allclose(half, wanted["ST_conf"], rtol=0.25)
    # The same values under every seed change nothing either, and there is no luck.
    again = sobol_of(x, np.repeat(y[:, None], 4, axis=1), 3, 128)
    np.testing.assert_allclose(estimates(again.rows, names.TOTAL), wanted["ST"], rtol=1e-9)
    luck = [row for row in again.rows if row.kind == names.LUCK]
    assert [row.estimate for row in luck] == pytest.approx([0, 0], abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_linear_factors_explain_their_shares_of_the_variance(seed):
    x = sobol_points(5, 256, seed=seed)
    rows = sobol_of(x, x @ LINEAR, 5, 256).rows
    shares_of_variance = LINEAR**2 / (LINEAR**2).sum()
    for measure in (names.FIRST, names.TOTAL):
        found = by_factor(rows, measure)
        np.testing.assert_allclose([row.estimate for row in found.values()], shares_of_variance, atol=0.03)
        assert all(
            row.lower <= share + 1e-12 and share - 1e-12 <= row.upper
            for row, share in zip(found.values(), shares_of_variance)
        )
    total = next(row for row in rows if row.kind == names.SUM)
    assert total.lower < 1 < total.upper
    assert [row.verdict for row in by_factor(rows, names.TOTAL).values()] == [UNKNOWN_LUCK] * 3 + [NO_EFFECT] * 2


@pytest.mark.parametrize(
    ("function", "answers", "factors"), [(ishigami, ishigami_answers, 3), (g_function, g_answers, 4)]
)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("luck", [None, "both"])
def test_known_indices_lie_in_the_intervals(function, answers, factors, seed, luck):
    x = sobol_points(factors, 512, seed=seed)
    y = function(x)[:, None]
    if luck:
        y = y / y.std() + 0.5 * NOISES[luck](np.random.default_rng(seed), x, 5)
    rows = sobol_of(x, y, factors, 512).rows
    inside = []
    for measure, wanted in zip((names.FIRST, names.TOTAL), answers()):
        for row, truth in zip(by_factor(rows, measure).values(), wanted):
            inside.append(row.lower <= truth <= row.upper)
            assert abs(row.estimate - truth) < (0.15 if luck else 0.06), (measure, row, truth)
            assert row.half_width < (0.25 if luck else 0.14)
    assert sum(inside) >= len(inside) - 1  # 95% intervals


def test_second_order_is_found_with_luck_too():
    x = sobol_points(3, 256, second=True)
    y = ishigami(x)[:, None] + 2 * NOISES["alone"](np.random.default_rng(3), x, 4)
    rows = [row for row in sobol_of(x, y, 3, 256).rows if row.measure == names.SECOND]
    found = {(row.factor, row.with_factor): row for row in rows}
    first, total = ishigami_answers()
    assert found["x0", "x2"].lower <= total[2] - first[2] <= found["x0", "x2"].upper
    assert found["x0", "x2"].verdict == MATTERS
    assert {found[pair].verdict for pair in (("x0", "x1"), ("x1", "x2"))} == {NOISE}


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_makes_no_null_factor_important(kind, seed):
    x = sobol_points(5, 64, seed=seed)
    y = (x @ LINEAR)[:, None] + NOISES[kind](np.random.default_rng(seed), x, 5)
    rows = sobol_of(x, y, 5, 64).rows
    total = by_factor(rows, names.TOTAL)
    for factor in ("x3", "x4"):
        assert total[factor].lower <= 0 <= total[factor].upper
        assert total[factor].verdict == NOISE
        first = by_factor(rows, names.FIRST)[factor]
        assert first.lower <= 0 <= first.upper
    assert total["x0"].verdict == MATTERS
    if kind != "slopes":
        assert total["x3"].uncorrected > 0.01  # what a reader would have seen
        assert total["x3"].noise_floor == pytest.approx(total["x3"].uncorrected, abs=0.05)


def test_indices_are_right_on_average_over_luck():
    x = sobol_points(3, 64)
    noise_free = estimates(sobol_of(x, x @ [2.0, 1.0, 0.0], 3, 64).rows, names.TOTAL)
    found = []
    for seed in range(12):
        y = (x @ [2.0, 1.0, 0.0])[:, None] + np.random.default_rng(seed).normal(0, 0.8, (len(x), 4))
        rows = by_factor(sobol_of(x, y, 3, 64).rows, names.TOTAL).values()
        found.append([(row.estimate, row.uncorrected) for row in rows])
    mean = np.mean(found, axis=0)
    error = np.std(found, axis=0, ddof=1)[:, 0] / np.sqrt(len(found))
    assert (np.abs(mean[:, 0] - noise_free) < 4 * error).all()
    assert mean[2, 1] > 0.15  # uncorrected, the null factor looks important


def test_the_variance_by_seeds_is_recovered():
    rng = np.random.default_rng(7)
    x = sobol_points(2, 256)
    common = rng.normal(0, 0.5, 40)
    y = (x @ [3.0, 2.0])[:, None] + common + rng.normal(0, 0.8, (len(x), 40))  # variance 13/12 by the factors
    luck = {row.measure: row for row in sobol_of(x, y, 2, 256).rows if row.kind == names.LUCK}
    drawn, whole = common.var(ddof=1), 13 / 12 + 0.25 + 0.64
    assert luck[names.TOTAL].estimate == pytest.approx((drawn + 0.64) / (13 / 12 + drawn + 0.64), abs=0.02)
    assert luck[names.FIRST].estimate == pytest.approx(drawn / (13 / 12 + drawn + 0.64), abs=0.02)
    assert luck[names.TOTAL].lower < 0.89 / whole < luck[names.TOTAL].upper
    assert luck[names.FIRST].lower < 0.25 / whole < luck[names.FIRST].upper
    assert luck[names.TOTAL].half_width < 0.1


def test_what_varies_by_luck_only_has_no_indices():
    x = sobol_points(3, 64)
    y = np.random.default_rng(1).normal(0, 1, (len(x), 5))
    found = sobol_of(x, y, 3, 64)
    assert not found.beyond_luck
    assert np.isnan(estimates(found.rows, names.TOTAL)).all()
    assert {row.verdict for row in by_factor(found.rows, names.TOTAL).values()} == {NOISE}
    only_seeds = sobol_of(x, np.ones((len(x), 1)) * [1.0, 2.0, 3.0], 3, 64)
    assert {row.verdict for row in by_factor(only_seeds.rows, names.TOTAL).values()} == {NO_EFFECT}


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_indices_do_not_depend_on_the_unit(scale):
    x = sobol_points(3, 32)
    y = (x @ [2.0, 1.0, 0.0])[:, None] + np.random.default_rng(2).normal(0, 0.2, (len(x), 3))
    a, b = (estimates(sobol_of(x, values, 3, 32).rows, names.TOTAL) for values in (y, scale * (y + 7)))
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)


# ------------------------------------------------------------------ Morris


def morris_of(y, sample, factors, levels=4, studied=STUDIED):
    y = y.reshape(len(sample), -1)
    blocks = sample.reshape(-1, factors + 1, factors)
    return morris_measures(y.reshape(len(blocks), factors + 1, -1), blocks, levels, studied[:factors]).rows


def trajectories(factors, count, levels=4, seed=1):
    return morris_sample.sample(problem(factors), count, num_levels=levels, seed=seed)


def test_mu_of_linear_factors_is_their_coefficient():
    x = trajectories(5, 6)
    coefficients = np.array([4.0, -2.0, 1.0, 0.5, 0.0])
    rows = morris_of(x @ coefficients, x, 5)
    np.testing.assert_allclose(estimates(rows, names.MU), coefficients, atol=1e-9)
    np.testing.assert_allclose(estimates(rows, names.MU_STAR), np.abs(coefficients), atol=1e-9)
    np.testing.assert_allclose(estimates(rows, names.SIGMA), 0, atol=1e-9)
    assert by_factor(rows, names.MU_STAR)["x4"].verdict == NO_EFFECT


def test_morris_measures_are_salibs():
    x = trajectories(3, 20, levels=6)
    y = ishigami(x)
    wanted = salib_morris.analyze(problem(3), x, y, num_levels=6, seed=1)
    rows = morris_of(y, x, 3, levels=6)
    for measure, key in ((names.MU, "mu"), (names.MU_STAR, "mu_star"), (names.SIGMA, "sigma")):
        np.testing.assert_allclose(estimates(rows, measure), np.asarray(wanted[key], float), rtol=1e-9)
    half = [row.half_width for row in by_factor(rows, names.MU_STAR).values()]
    np.testing.assert_allclose(half, np.asarray(wanted["mu_star_conf"], float), rtol=0.3)


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_moves_no_null_factor_in_a_screening(kind, seed):
    x = trajectories(5, 10, seed=seed)
    y = (x @ LINEAR)[:, None] + 0.5 * NOISES[kind](np.random.default_rng(seed), x, 5)
    rows = morris_of(y, x, 5)
    found = by_factor(rows, names.MU_STAR)
    assert {found[factor].verdict for factor in ("x3", "x4")} == {NOISE}
    assert found["x0"].verdict == MATTERS
    assert found["x0"].direction == names.RAISES
    mu = by_factor(rows, names.MU)
    assert all(mu[f].lower <= c <= mu[f].upper for f, c in zip(("x0", "x3", "x4"), LINEAR[[0, 3, 4]]))


def test_luck_is_taken_out_of_sigma_and_known_for_mu_star():
    x = trajectories(3, 60)
    y = (x @ [4.0, 2.0, 0.0])[:, None] + np.random.default_rng(1).normal(0, 1, (len(x), 8))
    rows = morris_of(y, x, 3)
    sigma, mu_star = by_factor(rows, names.SIGMA), by_factor(rows, names.MU_STAR)
    of_luck = np.sqrt(2 / 8) / (2 / 3)  # standard deviation of an effect by luck
    assert sigma["x0"].uncorrected == pytest.approx(of_luck, rel=0.25)
    assert sigma["x0"].estimate < 0.6 * of_luck
    assert 1 < mu_star["x2"].noise_floor / (of_luck * np.sqrt(2 / np.pi)) < 1.15
    assert mu_star["x2"].estimate == pytest.approx(mu_star["x2"].noise_floor, rel=0.25)


def test_opposite_effects_are_both_ways():
    x = trajectories(2, 40)
    rows = morris_of(np.repeat(((x[:, 0] - 0.5) * (x[:, 1] - 0.5))[:, None], 3, axis=1), x, 2)
    assert {row.direction for row in by_factor(rows, names.MU_STAR).values()} == {names.BOTH}


def test_switching_counts_once():
    x = trajectories(2, 8)
    switched = np.where(x[:, 0] > 0.5, 3.0, 0.0)
    studied = [Studied("x0", "lever", True, (False, True)), STUDIED[1]]
    rows = morris_of(np.repeat((switched + x[:, 1])[:, None], 2, axis=1), x, 2, studied=studied)
    assert next(row for row in rows if row.measure == names.MU).estimate == pytest.approx(3.0)


# ------------------------------------------------------------------ one at a time


def one_curve(values, levels=(1.0, 2.0, 3.0), base=1, ordered=True):
    """Return a curve of one factor whose base is the level at a position."""
    studied = Studied("x", "parameter", ordered, levels)
    order = [base, *(i for i in range(len(levels)) if i != base)]
    points = {"x": [order.index(i) + 1 for i in range(len(levels))]}
    return make_curves(np.asarray(values)[order], range(len(levels)), points, [studied])[0]


def test_a_curve_has_its_means_and_paired_differences():
    seeds = np.array([0.0, 10.0, 20.0, 30.0])
    alone = np.array([[0, 0, 0, 0], [1, 1, 1, 1], [2, 3, 2, 3]])
    curve = one_curve(seeds + alone)
    rows = curve_rows(curve)
    assert [row["mean"] for row in rows] == [15, 16, 17.5]
    assert [row["is_base"] for row in rows] == [False, True, False]
    assert [row["difference"] for row in rows] == [-1, 0, 1.5]
    # Common seeds cancel in differences: the interval of the difference is far narrower than that of the mean.
    assert rows[0]["difference_upper"] == -1
    assert rows[0]["upper"] - rows[0]["mean"] > 20
    spread, swing = oat_rows(curve)
    assert spread.estimate == swing.estimate == 2.5
    assert spread.verdict == MATTERS
    assert spread.direction == names.RAISES


@pytest.mark.parametrize("seed", range(1, 9))
def test_noise_gives_no_null_factor_a_range(seed):
    rng = np.random.default_rng(seed)
    null = rng.normal(0, 1, (5, 8)) + rng.normal(0, 3, 8)
    spread, _ = oat_rows(one_curve(null, levels=(1.0, 2.0, 3.0, 4.0, 5.0)))
    assert spread.verdict == NOISE
    assert spread.estimate > 0  # a range always is
    strong, swing = oat_rows(one_curve(null + 4 * np.arange(5)[::-1, None], levels=(1.0, 2.0, 3.0, 4.0, 5.0)))
    assert strong.verdict == MATTERS
    assert strong.direction == names.LOWERS
    assert swing.lower < -16 < swing.upper


def test_the_range_of_luck_is_known():
    rng = np.random.default_rng(4)
    floors, ranges = [], []
    for _ in range(200):
        spread, _ = oat_rows(one_curve(rng.normal(0, 1, (5, 6)), levels=(1.0, 2.0, 3.0, 4.0, 5.0)))
        floors.append(spread.noise_floor)
        ranges.append(spread.estimate)
    assert np.mean(floors) == pytest.approx(np.mean(ranges), rel=0.08)


def test_names_have_no_low_end():
    curve = one_curve([[1, 1, 1], [5, 5, 6], [2, 2, 2]], levels=("never", "judicial_warrant", "honor"), ordered=False)
    spread, swing = oat_rows(curve)
    assert spread.verdict == MATTERS
    assert spread.direction == ""
    assert np.isnan(swing.estimate)
    assert [row["level"] for row in curve_rows(curve)] == ["never", "judicial warrant", "honor"]


# ------------------------------------------------------------------ luck, and how many more


def test_luck_is_taken_out_of_what_is_quadratic():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(4000):
        values = 2.0 + rng.normal(0, 3, 4)
        found.append(without_luck(values.mean() ** 2, values**2))
    assert np.mean(found) == pytest.approx(4.0, abs=4 * np.std(found) / np.sqrt(4000))
    assert without_luck(5.0, [5.0]) == 5.0


def test_shares_and_changes_of_luck():
    rng = np.random.default_rng(1)
    expected = rng.normal(0, 2, (400, 1, 1))
    values = expected + rng.normal(0, 1, (400, 1, 30))
    share, common = shares(values)
    assert share == pytest.approx(1 / (1 + expected.var(ddof=1)), abs=0.01)
    assert common == pytest.approx(0, abs=0.01)
    assert change_by_seed(values)[0] == pytest.approx(2 / np.sqrt(np.pi), rel=0.03)
    pair = np.array([[[1.0, 4.0]], [[2.0, 2.0]]])
    assert change_by_seed(pair)[0] == 1.5


def test_half_widths_shrink_as_one_over_the_root():
    assert needed(64, 5, by_points=0.2, by_seeds=0.0, half_width=0.1) == (256, 5)
    # With 5 seeds Student's t is 2.78, with many 1.96.
    points, seeds = needed(64, 5, by_points=0.0, by_seeds=0.3, half_width=0.1)
    assert points == 64
    assert 45 * (1.96 / 2.78) ** 2 < seeds < 45
    points, seeds = needed(64, 5, by_points=0.2, by_seeds=0.3, half_width=0.1)
    assert (0.2 * np.sqrt(64 / points)) ** 2 + (0.3 * 1.96 / 2.78 * np.sqrt(5 / seeds)) ** 2 <= 0.1**2 * 1.0001
    assert needed(64, 5, by_points=0.05, by_seeds=0.05, half_width=0.1) == (64, 5)
