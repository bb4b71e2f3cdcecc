"""Reporting (MODEL.md 5.2, ODD 4.3): each rule beside its equation, with numbers worked out by hand."""

from math import exp, log

import numpy as np
import pytest

from simulation.rules import RULES
from simulation.state import COMMUNITY, RESIDENT, People
from simulation.submodels.arithmetic import expit, relaxed
from simulation.submodels.reporting import (
    choose_bystander,
    court_deterrence,
    dread,
    dread_of,
    fear_of,
    is_protected_crime,
    leaning,
    trust_of,
    victim_relief,
)
from simulation.vocabulary import Community, CrimeType


def record(dtype, **fields):
    """Return one record with some fields set and the others zero."""
    made = np.zeros(1, dtype).view(np.recarray)[0]
    for name, value in fields.items():
        made[name] = value
    return made


@pytest.mark.parametrize(("odds", "probability"), [(1, 0.5), (3, 0.75), (1 / 3, 0.25), (9, 0.9), (1 / 99, 0.01)])
def test_expit_turns_odds_into_probability(odds, probability):
    """expit(log o) = o / (1 + o)."""
    assert expit(log(odds)) == pytest.approx(probability, rel=1e-14)


def test_a_value_relaxes_to_half_in_its_half_life():
    """With half-life 90: 0.8 is 0.4 after 90 days and 0.1 after 270."""
    rate = log(2) / 90
    assert relaxed(0.8, rate, 0) == 0.8
    assert relaxed(0.8, rate, 90) == pytest.approx(0.4, rel=1e-14)
    assert relaxed(0.8, rate, 270) == pytest.approx(0.1, rel=1e-14)
    assert relaxed(0.0, rate, 10_000) == 0.0


@pytest.mark.parametrize(
    ("vulnerability", "belief", "fear", "salience", "felt"),
    [
        (1.0, 1.0, log(2), 0.0, 0.5),
        (0.4, 0.5, log(2), log(2), 0.15),  # 0.4 * 0.5 * (1 - 1/4)
        (0.0, 1.0, 5.0, 5.0, 0.0),  # outside immigrant communities
        (1.0, 0.0, 5.0, 5.0, 0.0),  # no perceived link
        (1.0, 1.0, 0.0, 0.0, 0.0),  # no enforcement in mind
        (0.5, 0.8, 0.0, log(4), 0.3),
    ],
)
def test_dread_needs_risk_belief_and_enforcement_in_mind(vulnerability, belief, fear, salience, felt):
    """Dread = vulnerability * belief * (1 - exp(-(fear + salience)))."""
    assert dread(vulnerability, belief, fear, salience) == pytest.approx(felt, abs=1e-15)


def test_leaning_adds_trust_and_takes_dread():
    """Leaning = trust_effect * trust - fear_effect * dread: 0.1 * 1.5 - 4 * 0.15 = -0.45."""
    assert leaning(1.5, 0.15, 0.1, 4.0) == pytest.approx(-0.45, rel=1e-14)
    assert leaning(-2.0, 0.0, 0.1, 4.0) == pytest.approx(-0.2, rel=1e-14)


@pytest.mark.parametrize(
    ("is_accompanied", "relief", "protection", "factor"),
    [
        (False, 0.5, 0.0, 1.0),
        (True, 0.5, 0.0, 0.5),
        (False, 0.5, 0.2, 0.8),
        (True, 0.5, 0.2, 0.4),  # each helps on top of the other
        (True, 0.0, 0.0, 1.0),
        (True, 1.0, 0.0, 0.0),
        (False, 0.5, 1.0, 0.0),
    ],
)
def test_help_lowers_a_victims_dread(is_accompanied, relief, protection, factor):
    """(1 - relief if accompanied, else 1) * (1 - protection); exactly 1 without help."""
    assert victim_relief(is_accompanied, relief, protection) == pytest.approx(factor, abs=1e-15)
    assert victim_relief(False, relief, 0.0) == 1.0


PROTECTED = ("rape", "robbery", "aggravated_assault", "simple_assault", "domestic_violence")


@pytest.mark.parametrize("kind", CrimeType)
def test_victims_of_violence_who_live_can_be_protected(kind):
    """Every violent crime but homicide, and no property crime."""
    assert is_protected_crime(int(kind)) == (kind.label in PROTECTED)


def test_operations_at_courthouses_keep_those_at_risk_away():
    """Court = courthouse_effect * operations * vulnerability: 2 * 0.5 * 0.4; 0 if any of the three is missing."""
    assert court_deterrence(2.0, 0.5, 0.4) == pytest.approx(0.4, rel=1e-15)
    assert court_deterrence(0.0, 0.5, 0.4) == court_deterrence(2.0, 0.0, 0.4) == court_deterrence(2.0, 0.5, 0.0) == 0


def test_trust_and_fear_of_a_resident_relax_from_the_day_of_the_last_change():
    """Trust: baseline 0.5 and a change of -0.8 a half-life ago give 0.1; fear 1.2 two half-lives ago gives 0.3."""
    communities = np.zeros(len(Community), COMMUNITY).view(np.recarray)
    resident = record(RESIDENT, trust_baseline=0.5, trust=-0.8, trust_day=100, fear=1.2, fear_day=285)
    assert trust_of.py_func(resident, 465, log(2) / 365, communities) == pytest.approx(0.1, rel=1e-6)
    assert fear_of.py_func(resident, 465, log(2) / 90) == pytest.approx(0.3, rel=1e-14)


def test_trust_of_a_resident_shifts_with_their_community():
    """A scandal that took 0.3 from Latino trust and 0.7 from Asian takes 0.3 from a Latino resident: 0.5 - 0.3."""
    communities = np.zeros(len(Community), COMMUNITY).view(np.recarray)
    communities.trust_shift[[Community.LATINO, Community.ASIAN]] = -0.3, -0.7
    resident = record(RESIDENT, trust_baseline=0.5, community=int(Community.LATINO))
    assert trust_of.py_func(resident, 10, log(2) / 365, communities) == pytest.approx(0.2, rel=1e-6)


def test_dread_of_a_resident_takes_vulnerability_belief_and_salience_from_their_group():
    """0.4 * 0.5 * (1 - exp(-(0.1 + 0.2))); a negative surge counts as no salience."""
    communities = np.zeros(len(Community), COMMUNITY).view(np.recarray)
    communities.belief[Community.LATINO], communities.surge[Community.LATINO] = 0.5, 0.2
    vulnerability = np.zeros(9)
    vulnerability[3] = 0.4
    rules = record(RULES, vulnerability=vulnerability)
    resident = record(RESIDENT, community=int(Community.LATINO), vulnerability_class=3)
    assert dread_of.py_func(resident, 0.1, rules, communities) == pytest.approx(0.2 * (1 - exp(-0.3)), rel=1e-14)
    communities.surge[Community.LATINO] = -0.2
    assert dread_of.py_func(resident, 0.1, rules, communities) == pytest.approx(0.2 * (1 - exp(-0.1)), rel=1e-14)
    communities.news[Community.LATINO], communities.reassured_news[Community.LATINO] = 0.3, 0.4
    assert dread_of.py_func(resident, 0.1, rules, communities) == pytest.approx(0.2 * (1 - exp(-0.8)), rel=1e-14)


PEOPLE = People(
    household_start=np.array([0, 3, 4, 10], np.int32),
    district_start=np.array([0, 10], np.int32),
    roster=np.array([], np.int32),
    roster_start=np.array([0, 0], np.int32),
    neighbors=np.array([[5, 6, 7, -1, -1], *[[-1] * 5] * 9], np.int32),
    coworkers=np.full((10, 4), -1, np.int32),
    undocumented_rows=np.array([], np.int32),
    immigrant_rows=np.zeros((0, 2), np.int64),
    class_size=np.zeros((5, 9), np.int64),
)


@pytest.mark.parametrize(
    ("source_u", "person_u", "victim", "household", "chosen"),
    [
        (0.19, 0.0, 0, 0, 1),  # the household: rows 1 and 2
        (0.19, 0.5, 0, 0, 2),
        (0.20, 0.0, 0, 0, 5),  # neighbors: rows 5, 6 and 7
        (0.49, 0.7, 0, 0, 7),
        (0.50, 0.95, 0, 0, 9),  # anybody in the district: rows 0 to 9
        (0.10, 0.35, 3, 1, 3),  # alone and without neighbors: the district
        (0.30, 0.0, 1, 0, 0),  # no neighbors: the district
    ],
)
def test_bystanders_are_of_the_household_then_neighbors_then_the_district(
    source_u, person_u, victim, household, chosen
):
    """With household share 0.2 and neighbor share 0.3; a source without people passes to the next that fits."""
    resident = record(RESIDENT, household=household)
    assert choose_bystander.py_func(source_u, person_u, victim, resident, 0.2, 0.3, PEOPLE) == chosen
