"""Candidate events (MODEL.md 4, ODD 4.1): each rule with numbers worked out by hand."""

from math import log

import numpy as np
import pytest

from simulation.randomness import CANDIDATE_DAY, uniform
from simulation.submodels.candidates import (
    candidate_count,
    candidate_crime_rate,
    candidate_day,
    candidate_kind,
    other_arrest_rate,
)
from simulation.vocabulary import OTHER_ARREST


def test_candidate_crimes_come_at_headroom_times_the_base_rate():
    """l_c = headroom * weight * total rate: 2 * 1.5 * 0.1."""
    assert candidate_crime_rate(2.0, 1.5, 0.1) == pytest.approx(0.3, rel=1e-15)


def test_other_arrests_follow_status_and_offending_weight():
    """l_a = rate * ratio[status] * (1 + offender_ratio * weight): 0.02 * 0.6 * (1 + 5 * 3) = 0.192."""
    assert other_arrest_rate(0.02, 0.6, 5.0, 3) == pytest.approx(0.192, rel=1e-14)
    assert other_arrest_rate(0.02, 0.6, 5.0, 0) == pytest.approx(0.012, rel=1e-14)


@pytest.mark.parametrize(
    ("u", "n"), [(0.0, 0), (0.2, 0), (0.499, 0), (0.501, 1), (0.846, 1), (0.847, 2), (0.966, 2), (0.967, 3)]
)
def test_counts_invert_the_poisson_distribution(u, n):
    """Mean log 2: P(0) = 1/2, P(1) = log 2 / 2 = 0.3466, P(2) = log(2)^2 / 4 = 0.1201; sums 0.5, 0.8466, 0.9667."""
    assert candidate_count(u, log(2)) == n


def test_counts_stop_at_63():
    """An occasion holds at most 64 ordinals."""
    assert candidate_count(0.5, 200.0) == 63


def test_nobody_with_rate_zero_has_candidates():
    """Mean 0 gives 0 for every u below 1."""
    assert candidate_count(1 - 2**-53, 0.0) == 0


CUMULATIVE = np.array([1.0, 1.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0, 5.0])
"""Rates 1, 0, 2, 1, 0, 0, 0, 0, 1 by crime type."""


@pytest.mark.parametrize(
    ("u", "kind"),
    [
        (0.0, OTHER_ARREST),
        (0.19, OTHER_ARREST),  # other arrests are 2 of 10
        (0.21, 0),  # (2.1 - 2) / 8 * 5 = 0.06
        (0.35, 0),  # 0.94
        (0.37, 2),  # 1.06: type 1 has rate 0
        (0.67, 2),  # 2.94
        (0.69, 3),  # 3.06
        (0.83, 3),  # 3.94
        (0.85, 8),  # 4.06: types 4 to 7 have rate 0
        (1 - 2**-53, 8),
    ],
)
def test_kinds_are_drawn_in_proportion_to_rates(u, kind):
    """v = u * (l_c + l_a) with l_c = 8 and l_a = 2: an other arrest if v < 2, else by the district's rates."""
    assert candidate_kind(u, 8.0, 2.0, CUMULATIVE) == kind


def test_days_are_uniform_in_the_year_block():
    """Day = int(365 * u(CANDIDATE_DAY, who, occasion))."""
    days = [candidate_day(5, who, 64) for who in range(200)]
    assert days == [int(365 * uniform(5, CANDIDATE_DAY, who, 64)) for who in range(200)]
    assert 0 <= min(days) < 20
    assert 345 < max(days) <= 364
