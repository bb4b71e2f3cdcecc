"""Paired effects against values computed by hand."""

import math

import numpy as np
import pytest

from experiments import statistics
from experiments.statistics import interval_over_rows, paired_effect, summarize

NAN = float("nan")


def test_effect_is_a_minus_b_with_the_t_interval_of_the_table():
    effect = paired_effect([3.0, 4.0, 8.0], [2.0, 2.0, 5.0])
    # differences 1, 2, 3: mean 2, standard deviation 1, error 1/sqrt(3), t(0.975, 2) = 4.30265
    assert effect.effect == 2.0
    assert effect.sd == pytest.approx(1.0)
    assert effect.standard_error == pytest.approx(1 / math.sqrt(3))
    assert effect.lower == pytest.approx(2 - 4.302653 / math.sqrt(3), abs=1e-6)
    assert effect.upper == pytest.approx(2 + 4.302653 / math.sqrt(3), abs=1e-6)
    assert (effect.mean_a, effect.mean_b, effect.pairs) == (5.0, 3.0, 3)
    assert effect.verdict == statistics.TOO_FEW
    assert effect.half_width == pytest.approx(4.302653 / math.sqrt(3), abs=1e-6)


def test_smallest_effect_adds_the_quantiles_of_interval_and_power():
    effect = paired_effect([3.0, 4.0, 8.0], [2.0, 2.0, 5.0])
    # t(0.8, 2) = 1.060660
    assert effect.smallest_effect == pytest.approx((4.302653 + 1.060660) / math.sqrt(3), abs=1e-5)


def test_variance_ratio_sets_paired_against_independent_differences():
    effect = paired_effect([1.0, 2.0, 3.0], [0.0, 2.0, 4.0])
    # differences 1, 0, -1: variance 1; variances of the worlds 1 and 4
    assert effect.variance_ratio == pytest.approx(1 / 5)
    assert math.isnan(paired_effect([1.0, 1.0], [2.0, 2.0]).variance_ratio)


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ([10.0, 10.1, 10.2, 10.0, 10.1], [1.0] * 5, statistics.HIGHER),
        ([1.0] * 5, [10.0, 10.1, 10.2, 10.0, 10.1], statistics.LOWER),
        ([1.0, 5.0, 3.0, 2.0, 2.0], [2.0, 3.0, 4.0, 1.0, 2.0], statistics.NO_DIFFERENCE),
        (
            [1.0, 2.0, 2.0, 2.0, 2.0],
            [2.0, 1.0, 2.0, 2.0, 2.0],
            statistics.NO_DIFFERENCE,
        ),  # effect exactly 0, but not identical
        ([1.0, 2.0], [1.0, 2.0], statistics.IDENTICAL),
        ([1.0], [1.0], statistics.IDENTICAL),
        ([1.0], [2.0], statistics.TOO_FEW),
        ([5.0, 5.0], [1.0, 1.0], statistics.TOO_FEW),  # two counts may differ alike by chance
        ([1.0, 2.0, 3.0, 4.0], [0.0] * 4, statistics.TOO_FEW),
        ([NAN, 1.0], [1.0, NAN], statistics.UNDEFINED),
        ([], [], statistics.UNDEFINED),
        ([2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0, 5.0], statistics.HIGHER),  # every pair the same difference
    ],
)
def test_verdict_in_words(a, b, verdict):
    assert paired_effect(a, b).verdict == verdict


def test_undefined_pairs_are_left_out_and_counted():
    effect = paired_effect([1.0, NAN, 3.0, 5.0], [0.0, 1.0, NAN, 2.0])
    assert (effect.pairs, effect.undefined_pairs) == (2, 2)
    assert effect.effect == 2.0
    assert effect.mean_a == 3.0  # over the pairs used only
    assert paired_effect([math.inf, 1.0], [0.0, 1.0]).undefined_pairs == 1


def test_one_pair_has_an_effect_and_no_interval():
    effect = paired_effect([3.0], [1.0])
    assert effect.effect == 2.0
    assert all(math.isnan(x) for x in (effect.sd, effect.standard_error, effect.lower, effect.upper))
    assert effect.half_width == math.inf


def test_no_effect_is_never_minus_zero():
    assert math.copysign(1, paired_effect([0.0, 0.0], [0.0, 0.0]).effect) == 1


def test_worlds_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same replicates"):
        paired_effect([1.0, 2.0], [1.0])


def test_the_interval_covers_the_true_effect_as_often_as_it_says():
    from scipy.stats import norm

    from simulation.randomness import uniform

    draws = norm.ppf([[uniform(1, 1, i, j) for j in range(5)] for i in range(2000)])
    covered = np.mean([e.lower <= 0 <= e.upper for e in (paired_effect(row, np.zeros(5)) for row in draws)])
    assert covered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_summary_of_replicates_by_hand():
    summary = summarize([2.0, 4.0, 6.0, NAN])
    assert (summary.runs, summary.undefined_runs, summary.mean, summary.sd) == (3, 1, 4.0, 2.0)
    assert summary.lower == pytest.approx(4 - 4.302653 * 2 / math.sqrt(3), abs=1e-5)
    assert math.isnan(summarize([1.0]).lower)
    assert math.isnan(summarize([]).mean)


def test_interval_by_month_leaves_undefined_pairs_out():
    mean, lower, upper = interval_over_rows([[1.0, NAN, NAN], [3.0, 2.0, NAN], [5.0, NAN, NAN]])
    assert mean[0] == 3.0
    assert mean[1] == 2.0
    assert lower[0] < 3.0 < upper[0]
    assert np.isnan([lower[1], mean[2], upper[2]]).all()
