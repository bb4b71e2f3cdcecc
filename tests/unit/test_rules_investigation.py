"""Investigation and learning (MODEL.md 5.3 and 5.7, ODD 4.4): rules beside their equations, worked out by hand."""

from math import log

import numpy as np
import pytest

from simulation.rules import RULES
from simulation.submodels.arithmetic import delay
from simulation.submodels.investigation import caseload, solve_probability, staffing
from simulation.submodels.learning import risk
from simulation.submodels.reporting import call_and_cooperation
from simulation.today import BYSTANDER_1, VICTIM
from simulation.vocabulary import CrimeType


@pytest.mark.parametrize(
    ("detectives", "budget", "elasticity", "staff"),
    [
        (1.0, 1.0, 1.0, 1.0),
        (1.0, 0.5, 1.0, 0.5),
        (1.0, 0.25, 0.5, 0.5),
        (1.5, 0.64, 0.5, 1.2),  # 1.5 * 0.8
        (2.0, 0.1, 0.0, 2.0),  # detectives do not follow the budget
        (0.5, 3.0, 2.0, 4.5),
    ],
)
def test_detectives_follow_the_budget(detectives, budget, elasticity, staff):
    """Staff = detectives * police_budget ** detective_elasticity; exactly 1 as usual."""
    assert staffing(detectives, budget, elasticity) == pytest.approx(staff, rel=1e-14)
    assert staffing(1.0, 1.0, elasticity) == 1.0


@pytest.mark.parametrize(
    ("open_cases", "baseline", "effect", "staff", "load"),
    [
        (99, 99, 0.2, 1.0, 0.0),
        (199, 99, 0.2, 1.0, 0.2 * log(2)),
        (24, 99, 0.5, 1.0, -0.5 * log(4)),
        (0, 0, 0.3, 1.0, 0.0),
        (500, 20, 0.0, 0.2, 0.0),
        (199, 99, 0.2, 2.0, 0.0),  # twice the cases for twice the detectives
        (99, 99, 0.5, 0.5, 0.5 * log(2)),
        (199, 99, 0.5, 0.5, 0.5 * log(4)),
    ],
)
def test_load_is_the_log_of_the_relative_caseload_of_a_detective(open_cases, baseline, effect, staff, load):
    """Load = load_effect * log((open_cases + 1) / (staff * (baseline_cases + 1)))."""
    assert caseload(open_cases, baseline, effect, staff) == pytest.approx(load, rel=1e-14)


def test_solving_follows_cooperation_and_load():
    """expit(s + effect * (cooperating - expected) - load): odds 1/3, times 2 per person more, over 2 for the load."""
    assert solve_probability(log(1 / 3), log(2), 1, 1.0, 0.0) == pytest.approx(0.25, rel=1e-14)
    assert solve_probability(log(1 / 3), log(2), 3, 1.0, 0.0) == pytest.approx(4 / 7, rel=1e-14)  # odds 4/3
    assert solve_probability(log(1 / 3), log(2), 0, 1.0, 0.0) == pytest.approx(1 / 7, rel=1e-14)  # odds 1/6
    assert solve_probability(log(1 / 3), log(2), 3, 1.0, log(2)) == pytest.approx(0.4, rel=1e-14)  # odds 2/3


@pytest.mark.parametrize(
    ("u", "mean", "days"),
    [
        (0.0, 4.0, 1),
        (0.24, 4.0, 1),  # P(1 day) = 1/4
        (0.26, 4.0, 2),
        (0.43, 4.0, 2),  # P(at most 2) = 1 - 9/16 = 0.4375
        (0.44, 4.0, 3),
        (0.76, 2.0, 3),  # P(at most 2) = 3/4
        (0.999, 2.0, 10),  # 1 - 2 ** -9 = 0.998 is passed, 1 - 2 ** -10 is not
        (0.9, 1.0, 1),  # a mean of at most one day is one day
        (0.9, 0.3, 1),
    ],
)
def test_delays_are_geometric(u, mean, days):
    """1 + floor(log(1 - u) / log(1 - 1 / mean)): the day on which the cumulative probability passes u."""
    assert delay(u, mean) == days


def rules_with(**tables):
    """Return a record of rules with some numbers set and the others zero."""
    made = np.zeros(1, RULES).view(np.recarray)[0]
    for name, value in tables.items():
        made[name] = value
    return made


def test_the_base_risk_of_a_witness_and_a_victim_uses_their_own_intercepts():
    """Calling and cooperating are expit(intercept + leaning); a homicide victim neither leans nor cooperates."""
    rules = rules_with(
        bystander_call=log(1 / 3),
        bystander_cooperation=0.0,
        victim_cooperation=log(4),
        call_intercept=np.full(9, log(9)),
    )
    lean = -log(2)  # halves every odds
    theft, homicide = int(CrimeType.THEFT), int(CrimeType.HOMICIDE)
    chances = call_and_cooperation.py_func
    assert chances(theft, VICTIM, lean, 0.0, rules) == pytest.approx((4.5 / 5.5, 2 / 3))
    assert chances(theft, BYSTANDER_1, lean, 0.0, rules) == pytest.approx((1 / 7, 1 / 3))
    assert chances(homicide, VICTIM, lean, 0.0, rules) == pytest.approx((0.9, 0.0))
    assert chances(homicide, BYSTANDER_1, lean, 0.0, rules) == pytest.approx((1 / 7, 1 / 3))
    court = log(4)  # keeps people from court, not from the telephone: a fourth of the odds of cooperating
    assert chances(theft, VICTIM, lean, court, rules) == pytest.approx((4.5 / 5.5, 1 / 3))
    assert chances(theft, BYSTANDER_1, lean, court, rules) == pytest.approx((1 / 7, 1 / 9))
    assert chances(homicide, VICTIM, lean, court, rules) == pytest.approx((0.9, 0.0))


def test_risk_is_the_chance_of_being_reported_and_solved():
    """(1 - silent) * expit(s + effect * (cooperating - expected) - load): 0.6 * odds 1 * 2 / 2 = 0.6 * 0.5."""
    rules = rules_with(solve_intercept=np.zeros(9), cooperation_effect=log(2), expected_cooperating=np.full(9, 1.0))
    assert risk.py_func(3, 0.4, 2.0, log(2), rules) == pytest.approx(0.3, rel=1e-14)
    assert risk.py_func(3, 1.0, 2.0, 0.0, rules) == 0.0
