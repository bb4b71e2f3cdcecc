"""Governance (MODEL.md 5.8, ODD 4.1): each rule beside its equation, with numbers worked out by hand."""

from itertools import product
from math import inf, isnan, nan

import pytest

from simulation.submodels.governance import (
    budget_left,
    is_blocked,
    is_ended,
    reporting_gap,
    victimization_rise,
    votes_to_end,
)


@pytest.mark.parametrize(
    ("happened", "reported", "happened_immigrant", "reported_immigrant", "gap"),
    [
        (200, 100, 50, 20, 10.0),  # 50 percent and 40
        (50, 20, 200, 100, -10.0),
        (1000, 333, 3, 1, -1 / 30),  # 33.3 percent and a third
        (7, 7, 9, 0, 100.0),
        (7, 0, 9, 9, -100.0),
        (8, 2, 4, 1, 0.0),
    ],
)
def test_the_reporting_gap_is_a_difference_of_percentages(
    happened, reported, happened_immigrant, reported_immigrant, gap
):
    """100 * (reported / happened - reported_immigrant / happened_immigrant), in percentage points."""
    found = reporting_gap(happened, reported, happened_immigrant, reported_immigrant)
    assert found == pytest.approx(gap, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("crimes", [(0, 0, 10, 5), (10, 5, 0, 0), (0, 0, 0, 0)])
def test_the_reporting_gap_is_undefined_without_crime(crimes):
    """Nothing to divide by on either side."""
    assert isnan(reporting_gap(*crimes))


@pytest.mark.parametrize(
    ("crimes", "before", "rise"), [(110, 100, 10.0), (90, 100, -10.0), (70, 70, 0.0), (0, 70, -100.0), (3, 1, 200.0)]
)
def test_the_victimization_rise_is_a_percent_change(crimes, before, rise):
    """100 * (crimes / crimes_before - 1)."""
    assert victimization_rise(crimes, before) == pytest.approx(rise, rel=1e-14, abs=1e-13)


def test_the_victimization_rise_is_undefined_after_a_year_without_crime():
    """Nothing to divide by, whether there was crime since or not."""
    assert isnan(victimization_rise(5, 0))
    assert isnan(victimization_rise(0, 0))


@pytest.mark.parametrize(
    ("budget", "share", "injunction", "left"),
    [
        (100.0, 0.05, 0.0, 95.0),
        (100.0, 0.05, 0.8, 99.0),  # four chances in five that nothing is cut
        (100.0, 0.05, 1.0, 100.0),
        (80.0, 0.25, 0.5, 70.0),  # what a threat before left: 80 * (1 - 0.125)
        (100.0, 0.0, 0.0, 100.0),
    ],
)
def test_a_threat_takes_its_share_unless_it_is_blocked(budget, share, injunction, left):
    """budget * (1 - share * (1 - injunction))."""
    assert budget_left(budget, share, injunction) == pytest.approx(left, rel=1e-14)


@pytest.mark.parametrize(
    ("value", "threshold", "to_end"),
    [
        (5.1, 5.0, True),
        (5.0, 5.0, False),  # above, not at the threshold
        (4.9, 5.0, False),
        (-1.0, -2.0, True),
        (nan, 5.0, False),  # undefined: a vote to keep
        (nan, -100.0, False),
        (nan, -inf, False),
    ],
)
def test_an_owner_votes_to_end_above_the_threshold(value, threshold, to_end):
    """An undefined yardstick is a vote to keep, whatever the threshold."""
    assert bool(votes_to_end(value, threshold)) is to_end


@pytest.mark.parametrize("votes", list(product([False, True], repeat=3)), ids=str)
def test_two_votes_of_three_end_the_agreement(votes):
    """All eight combinations: every pair suffices, nobody decides alone, and nobody's vote weighs more."""
    ending = {
        (True, True, False),
        (True, False, True),
        (False, True, True),
        (True, True, True),
    }
    assert bool(is_ended(*votes)) is (votes in ending)


@pytest.mark.parametrize(
    ("u", "injunction", "blocked"),
    [(0.0, 0.0, False), (0.0, 0.1, True), (0.79, 0.8, True), (0.8, 0.8, False), (1 - 2**-53, 1.0, True)],
)
def test_a_court_blocks_a_cut_with_the_chance_of_an_injunction(u, injunction, blocked):
    """u < injunction: never at 0, always at 1."""
    assert bool(is_blocked(u, injunction)) is blocked
