"""Crime (MODEL.md 5.1, ODD 4.2): each rule beside its equation, with numbers worked out by hand."""

from math import exp

import numpy as np
import pytest

from simulation.submodels.arithmetic import pick
from simulation.submodels.offending import (
    OUTSIDER,
    choose_other_member,
    choose_pool,
    choose_unit,
    crime_probability,
    deterrence,
    is_at_home,
    opportunity,
)
from simulation.vocabulary import CrimeType, LegalStatus

ROSTER = np.array([4, 4, 4, 7, 11], dtype=np.int32)
ROSTER_START = np.array([0, 4, 4, 5], dtype=np.int32)
"""Three districts: two offenders with three units and one, nobody, and one with one unit."""


@pytest.mark.parametrize(
    ("risk_now", "risk_base", "response", "factor"),
    [
        (1.0, 4.0, 0.5, 2.0),  # (1/4) ** -0.5
        (9.0, 1.0, 0.5, 1 / 3),
        (1.0, 4.0, 0.0, 1.0),  # offenders who do not respond
        (0.02, 0.02, 0.8, 1.0),
        (1.0, 2.0, 1.0, 2.0),
    ],
)
def test_opportunity_is_the_risk_ratio_to_the_minus_response(risk_now, risk_base, response, factor):
    """Factor[c] = (risk_now / risk_base) ** (-offender_response)."""
    assert opportunity(risk_now, risk_base, response) == pytest.approx(factor, rel=1e-15)


def test_opportunity_is_exactly_one_where_nothing_was_learned():
    """Equal sums give 1 to the bit, so that worlds without an effect are identical."""
    assert opportunity(0.1 + 0.2, 0.1 + 0.2, 0.37) == 1.0


@pytest.mark.parametrize(
    ("status", "held_back"),
    [
        (LegalStatus.US_BORN_CITIZEN, 1.0),
        (LegalStatus.NATURALIZED_CITIZEN, 1.0),
        (LegalStatus.LAWFUL_NONCITIZEN, exp(-0.1)),
        (LegalStatus.UNDOCUMENTED, exp(-0.1)),
    ],
)
def test_deterrence_holds_back_noncitizens_only(status, held_back):
    """Deterrence = exp(-deportation_deterrence * belief) for lawful and undocumented noncitizens: exp(-0.2 * 0.5)."""
    assert deterrence(int(status), 0.5, 0.2) == pytest.approx(held_back, rel=1e-15)


def test_negative_deterrence_pushes():
    """The parameter can be negative: exp(0.5 * 0.8)."""
    assert deterrence(int(LegalStatus.UNDOCUMENTED), 0.8, -0.5) == pytest.approx(exp(0.4), rel=1e-15)


def test_a_candidate_happens_with_factor_times_deterrence_over_headroom():
    """P = factor * deterrence / headroom: 1.5 * 0.8 / 2 = 0.6."""
    assert crime_probability(1.5, 0.8, 2.0) == pytest.approx(0.6, rel=1e-15)
    assert crime_probability(1.0, 1.0, 1.0) == 1.0


@pytest.mark.parametrize(
    ("u", "n", "chosen"), [(0.0, 3, 0), (0.3, 3, 0), (0.34, 3, 1), (0.67, 3, 2), (0.999, 3, 2), (0.5, 1, 0)]
)
def test_pick_cuts_the_unit_interval_in_equal_parts(u, n, chosen):
    """pick(u, n) = int(u * n): thirds begin at 0, 1/3 and 2/3."""
    assert pick(u, n) == chosen


@pytest.mark.parametrize(
    ("u", "victim", "chosen"),
    [(0.0, 20, 21), (0.4, 20, 22), (0.9, 20, 23), (0.0, 21, 20), (0.4, 21, 22), (0.9, 21, 23), (0.9, 23, 22)],
)
def test_household_offenders_are_the_others_in_row_order(u, victim, chosen):
    """A household in rows 20 to 23: the three others of the victim, in thirds of u."""
    assert choose_other_member(u, victim, 20, 24) == chosen


@pytest.mark.parametrize(
    ("u", "district", "pool"),
    [
        (0.69, 0, (0, 4)),
        (0.70, 0, (0, 5)),  # not below the local share: the whole city
        (0.69, 1, (0, 5)),  # nobody in this district has units: the whole city
        (0.0, 2, (4, 5)),
    ],
)
def test_pool_is_the_district_or_the_city(u, district, pool):
    """With local_offender_share 0.7, the victim's district if u < 0.7 and it has any offending weight."""
    assert choose_pool(u, district, 0.7, ROSTER_START) == pool


@pytest.mark.parametrize(
    ("u", "first", "end", "owner"),
    [(0.0, 0, 5, 4), (0.59, 0, 5, 4), (0.6, 0, 5, 7), (0.8, 0, 5, 11), (0.74, 0, 4, 4), (0.75, 0, 4, 7)],
)
def test_offenders_are_drawn_by_units(u, first, end, owner):
    """Row 4 owns three of five units of the city, so u below 3/5; three of four in the district, so u below 3/4."""
    assert choose_unit(u, first, end, ROSTER) == owner


def test_a_city_without_offending_weight_has_outsiders():
    """No units: the offender is nobody in the model."""
    assert choose_unit(0.5, 0, 0, ROSTER) == OUTSIDER


def test_domestic_violence_is_at_home_unless_the_victim_lives_alone():
    """At home: domestic violence in a household of two or more, and nothing else."""
    assert is_at_home(int(CrimeType.DOMESTIC_VIOLENCE), 2)
    assert not is_at_home(int(CrimeType.DOMESTIC_VIOLENCE), 1)
    assert not is_at_home(int(CrimeType.THEFT), 5)
