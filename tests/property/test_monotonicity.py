"""What only ever works in one direction: rules for any input, and one day of a town from the same morning.

Over longer times nothing is monotone: a crime reported today can prevent, move or cause one tomorrow.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.levers import Policy
from simulation.parameters import PARAMETERS
from simulation.population import synthesize
from simulation.state import make_policy
from simulation.submodels.arithmetic import delay, expit, relaxed
from simulation.submodels.booking import meets_priority, shows_person
from simulation.submodels.candidates import candidate_count
from simulation.submodels.enforcement import database_capacity, other_capacity
from simulation.submodels.experience import belief_after_arrests, belief_target, surge_tomorrow, visibility
from simulation.submodels.investigation import caseload, solve_probability
from simulation.submodels.offending import crime_probability, deterrence, opportunity
from simulation.submodels.reporting import dread, leaning
from tests.random_worlds import many, policies
from tests.worlds import ALL_SHOWN, BUSY, HOT, NOTHING_SHOWN, make_engine

unit = st.floats(0, 1)
positive = st.floats(0, 50)
log_odds = st.floats(-10, 10)


def two(values):
    """Draw two values, the smaller first."""
    return st.tuples(values, values).map(sorted)


@many
@given(unit, unit, two(positive), positive)
def test_dread_grows_with_fear_and_salience_and_stays_between_zero_and_one(vulnerability, belief, fear, salience):
    """More fear, no less dread; the same for salience, which enters alike."""
    low, high = (dread(vulnerability, belief, f, salience) for f in fear)
    assert 0 <= low <= high <= 1
    assert dread(vulnerability, belief, salience, fear[0]) == low


@many
@given(two(unit), two(unit), positive, positive)
def test_dread_grows_with_vulnerability_and_belief(vulnerability, belief, fear, salience):
    """More at risk, or a stronger perceived link: no less dread."""
    assert dread(vulnerability[0], belief[0], fear, salience) <= dread(vulnerability[1], belief[1], fear, salience)


@many
@given(unit, st.floats(-3, 3), unit, st.floats(0, 2), st.floats(0, 10), log_odds)
def test_dread_only_ever_silences(u, trust, felt, trust_effect, fear_effect, intercept):
    """Whoever calls while dreading the call also calls without dread."""
    with_dread = u < expit(intercept + leaning(trust, felt, trust_effect, fear_effect))
    without = u < expit(intercept + leaning(trust, 0.0, trust_effect, fear_effect))
    assert with_dread <= without


@many
@given(st.floats(-5, 5), st.floats(1e-4, 1), two(st.integers(0, 5000)))
def test_experience_only_fades(value, rate, days):
    """What is left shrinks toward zero and never changes its sign."""
    early, late = (relaxed(value, rate, d) for d in days)
    assert abs(late) <= abs(early) <= abs(value)
    assert early * value >= 0


@many
@given(log_odds, st.floats(0, 4), two(st.integers(0, 3)), st.floats(0, 3), two(st.floats(-3, 3)))
def test_cooperation_solves_and_load_hinders(intercept, effect, cooperating, expected, load):
    """More people cooperating: no less probable; a heavier load: no more."""
    few, many = (solve_probability(intercept, effect, c, expected, load[0]) for c in cooperating)
    assert few <= many
    assert solve_probability(intercept, effect, cooperating[0], expected, load[1]) <= few


@many
@given(two(st.floats(0, 1e5)), st.floats(0, 1e5), st.floats(0, 3))
def test_load_grows_with_open_cases(open_cases, baseline, effect):
    """More open cases, no lighter load; the baseline is no load at all."""
    light, heavy = (caseload(cases, baseline, effect) for cases in open_cases)
    assert light <= heavy
    assert caseload(baseline, baseline, effect) == 0


@many
@given(two(st.floats(0, 1 - 1e-12)), two(st.floats(0, 500)))
def test_delays_grow_with_the_draw_and_the_mean(u, mean):
    """And last at least one day."""
    assert 1 <= delay(u[0], mean[0]) <= delay(u[1], mean[0])
    assert delay(u[0], mean[0]) <= delay(u[0], mean[1])


@many
@given(two(st.floats(0, 1 - 1e-12)), two(st.floats(0, 30)))
def test_candidates_grow_with_the_draw_and_the_rate(u, mean):
    """A higher rate keeps every candidate that there was: thinning needs no more."""
    assert 0 <= candidate_count(u[0], mean[0]) <= candidate_count(u[1], mean[0]) <= 63
    assert candidate_count(u[0], mean[0]) <= candidate_count(u[0], mean[1])


@many
@given(two(st.floats(1e-6, 10)), st.floats(1e-6, 10), st.floats(0, 2), st.floats(1, 5))
def test_crime_falls_as_the_risk_that_offenders_see_rises(risk, base, response, headroom):
    """A higher ratio of learned risk: no more probable."""
    low, high = (crime_probability(opportunity(r, base, response), 1.0, headroom) for r in risk)
    assert high <= low


@many
@given(two(unit), st.floats(0, 0.5), st.integers(0, 3))
def test_deterrence_holds_back_more_the_more_is_believed(belief, strength, status):
    """With a strength above zero; below zero it pushes."""
    assert deterrence(status, belief[1], strength) <= deterrence(status, belief[0], strength) <= 1
    assert deterrence(status, belief[1], -strength) >= 1


@many
@given(two(st.floats(0, 20)), positive, st.floats(0, 2), unit, unit, two(st.integers(0, 40)))
def test_more_capacity_never_means_fewer_visits(capacity, per_million, millions, substitution, u, unused):
    """Neither on police data nor on other leads, for the same draw."""
    assert database_capacity(capacity[0], per_million, millions, u) <= database_capacity(
        capacity[1], per_million, millions, u
    )
    few, many = (other_capacity(c, per_million, millions, substitution, n, u) for c, n in zip(capacity, unused))
    assert 0 <= few <= many


@many
@given(st.integers(0, 7))
def test_narrower_priorities_cover_fewer(record):
    """Whoever is covered by a narrower rule is covered by a wider one."""
    covered = [meets_priority(record, priorities) for priorities in range(4)]
    assert all(wide >= narrow for wide, narrow in pairwise(covered))


@many
@given(policies, st.sampled_from(Policy._fields[:6]), st.integers(0, 2), unit, unit, unit, unit)
def test_showing_more_never_makes_contacts_less_visible(policy, term, role, batch, match, unhonored, handed_over):
    """Another role, another field or real time: no less visible, for every status."""
    less, more = (make_policy(policy._replace(**{term: shown})) for shown in (False, True))
    arguments = (batch, match, unhonored, handed_over)
    assert visibility(role, less, *arguments) <= visibility(role, more, *arguments)
    assert all(shows_person(role, status, less) <= shows_person(role, status, more) for status in range(4))


@many
@given(unit, unit, two(unit), st.floats(0, 20), two(positive))
def test_belief_follows_sharing_and_arrests(floor, awareness, actual, gain, arrests):
    """More actual sharing, no lower a target; arrests from police data only raise belief, and never above 1."""
    low, high = (belief_target(floor, awareness, a) for a in actual)
    assert floor - 1e-12 <= low <= high <= 1 + 1e-12
    assert actual[0] <= belief_after_arrests(actual[0], gain, arrests[0]) <= 1
    assert belief_after_arrests(actual[0], gain, arrests[0]) <= belief_after_arrests(actual[0], gain, arrests[1])


@many
@given(st.floats(-5, 5), two(positive), two(positive), st.floats(0, 100), unit, unit)
def test_surge_grows_with_arrests_and_shrinks_with_what_is_expected(surge, arrests, expected, gain, habituation, kept):
    """Arrests bring enforcement to mind; what a community has come to expect does not."""
    low, high = (surge_tomorrow(surge, a, expected[0], gain, habituation, kept) for a in arrests)
    assert low <= high
    assert surge_tomorrow(surge, arrests[0], expected[1], gain, habituation, kept) <= low


# One day of a town

MORNING = 200


@pytest.fixture(scope="module")
def people():
    return synthesize(BUSY, 0.3, 1)


def one_day(people, evening_policy=ALL_SHOWN, change=None, **parameters):
    """Return what happened on day 200, after the same 200 days, with something changed that morning."""
    policies = [(0, ALL_SHOWN), (MORNING, evening_policy)]
    engine = make_engine(policies, HOT | parameters, days=MORNING + 2, people=people, place=BUSY)
    engine.advance_to(MORNING)
    if change:
        change(engine)
    engine.advance_to(MORNING + 1)
    return {
        kind: getattr(engine.today, kind)[: engine.today.size[size]].copy() for kind, size in engine.log.KINDS.items()
    }


def test_dread_silences_victims_and_witnesses_of_a_town(people):
    """On one day with and without belief in sharing: the same crimes; who calls, cooperates or is solved shrinks."""

    def nobody_believes(engine):
        engine.communities["belief"] = 0.0

    def everybody_fears(engine):
        engine.residents["fear"] = 5.0
        engine.residents["fear_day"] = MORNING

    dreading = one_day(people, change=everybody_fears)["crimes"]
    without = one_day(people, change=nobody_believes)["crimes"]
    assert np.array_equal(dreading["victim"], without["victim"])
    assert np.array_equal(dreading["bystander"], without["bystander"])
    assert (dreading["p_call"] <= without["p_call"]).all()
    for measure in ("calls", "reported", "cooperates", "cooperating", "solved"):
        assert (dreading[measure] <= without[measure]).all(), measure
    assert dreading["reported"].sum() < without["reported"].sum()


def test_capacity_adds_visits_and_takes_none_away(people):
    """On one day without arrests: visits on police data, and other visits, are the first of those of more capacity."""
    nobody = {
        "lead_success": 0.0,
        "other_lead_success": 0.0,
        "collateral_arrest": 0.0,
        "detainer_compliance.honor": 0.0,
    }
    found = []
    for capacity in (0.5, 1.0, 4.0):
        visits = one_day(people, ALL_SHOWN._replace(capacity=capacity), **nobody)["visits"]
        others = visits["channel"] == 4
        found.append((visits["row"][~others].tolist(), visits["row"][others].tolist()))
    for fewer, more in pairwise(found):
        for a, b in zip(fewer, more):
            assert b[: len(a)] == a
    assert sum(map(len, found[0])) < sum(map(len, found[-1]))


def test_showing_nothing_gives_no_new_leads(people):
    """On one day without fingerprints or an agreement nobody booked is visited that day on police data."""
    shown, hidden = one_day(people, ALL_SHOWN), one_day(people, NOTHING_SHOWN)
    assert len(shown["bookings"]) > 5
    assert np.array_equal(shown["bookings"]["row"], hidden["bookings"]["row"])
    visited = set(hidden["visits"]["row"][hidden["visits"]["channel"] < 2].tolist())
    assert not visited & set(hidden["bookings"]["row"].tolist())


def test_offenders_learn_nothing_where_nothing_is_feared(people):
    """Without dread, changes in trust or load, learned risk is exactly 1 on every day, in every community."""
    strengths = [name for name in PARAMETERS if name.startswith(("vulnerability", "mixed_status", "trust_solved"))]
    strengths += ["trust_unsolved", "trust_arrest", "trust_ice", "load_effect"]
    still = dict.fromkeys(strengths, 0.0)
    engine = make_engine(ALL_SHOWN, HOT | still, days=MORNING, people=people, place=BUSY)
    engine.advance_to(MORNING)
    assert (engine.counts["community"][:-1, :, 2] == 1.0).all()
    assert engine.counts["arrests"].sum() > 50
