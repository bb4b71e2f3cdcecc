"""What only ever works in one direction: rules, for any input. For a town see `test_monotonicity_of_a_day.py`."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.levers import Policy
from simulation.rules import make_policy
from simulation.submodels.arithmetic import delay, expit, relaxed
from simulation.submodels.booking import is_removable, meets_priority, shows_person
from simulation.submodels.candidates import candidate_count
from simulation.submodels.enforcement import database_capacity, newcomer_delay, other_capacity
from simulation.submodels.investigation import caseload, solve_probability, staffing
from simulation.submodels.offending import crime_probability, deterrence, opportunity
from simulation.submodels.perception import (
    belief_after_arrests,
    belief_target,
    convinced_in_a_day,
    known_tomorrow,
    news_tomorrow,
    outreach_message,
    surge_tomorrow,
    told,
    visibility,
)
from simulation.submodels.reporting import court_deterrence, dread, leaning, victim_relief
from simulation.vocabulary import Role
from tests.random_worlds import many, policies

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
@given(two(st.floats(0, 1e5)), st.floats(0, 1e5), st.floats(0, 3), st.floats(0.01, 10))
def test_load_grows_with_open_cases(open_cases, baseline, effect, staff):
    """More open cases, no lighter load; the baseline with the usual number of detectives is no load at all."""
    light, heavy = (caseload(cases, baseline, effect, staff) for cases in open_cases)
    assert light <= heavy
    assert caseload(baseline, baseline, effect, 1.0) == 0


@many
@given(two(st.floats(0.1, 5)), two(st.floats(0.01, 3)), st.floats(0, 3), st.floats(0, 1e5), st.floats(0, 1e5), log_odds)
def test_more_detectives_or_money_never_lower_the_chance_to_solve(
    detectives, budget, elasticity, open_cases, baseline, intercept
):
    """More staff, no heavier a load, so no less probable."""
    fewest, more, most = (
        staffing(*numbers, elasticity)
        for numbers in ((detectives[0], budget[0]), (detectives[1], budget[0]), (detectives[1], budget[1]))
    )
    assert 0 < fewest <= more <= most
    chances = [
        solve_probability(intercept, 0.5, 1.0, 1.0, caseload(open_cases, baseline, 0.5, staff))
        for staff in (fewest, more, most)
    ]
    assert chances == sorted(chances)


@many
@given(st.booleans(), two(unit), two(unit), unit, unit, positive)
def test_help_never_raises_dread(is_accompanied, relief, protection, vulnerability, belief, fear):
    """An advocate, more relief by one, or a better chance of protection: no more dread."""
    felt = dread(vulnerability, belief, fear, 0.0)
    alone = felt * victim_relief(False, relief[0], protection[0])
    helped = felt * victim_relief(is_accompanied, relief[0], protection[0])
    assert 0 <= helped <= alone <= felt
    assert felt * victim_relief(is_accompanied, relief[1], protection[0]) <= helped
    assert felt * victim_relief(is_accompanied, relief[0], protection[1]) <= helped


@many
@given(st.floats(0, 10), two(unit), two(unit), log_odds, st.floats(-5, 5))
def test_operations_at_courthouses_never_raise_cooperation(effect, operations, vulnerability, intercept, lean):
    """More operations, or more at risk: no more probable to cooperate; nobody's chance rises above the usual."""
    few, many = (court_deterrence(effect, each, vulnerability[0]) for each in operations)
    assert 0 <= few <= many <= court_deterrence(effect, operations[1], vulnerability[1])
    assert expit(intercept + lean - many) <= expit(intercept + lean - few) <= expit(intercept + lean)


@many
@given(positive, unit, positive, two(positive), two(positive))
def test_news_grows_with_raids_and_alerts_and_fades_without(news, kept, gain, arrests, alerts):
    """More arrested in a raid, or more alerts: no less news; without a raid no more than before."""
    low, high = (news_tomorrow(news, kept, gain, each, alerts[0]) for each in arrests)
    assert 0 <= low <= high <= news_tomorrow(news, kept, gain, arrests[1], alerts[1])
    assert news_tomorrow(news, kept, gain, 0.0, alerts[1]) <= news


@many
@given(unit, unit, two(unit), unit, unit)
def test_what_is_told_lies_between_belief_and_message(belief, actual, heard, accuracy, slant):
    """The more hear it, the nearer to what is said, which lies between the truth and the slant."""
    message = outreach_message(accuracy, actual, slant)
    assert min(actual, slant) - 1e-12 <= message <= max(actual, slant) + 1e-12
    less, more = (told(belief, message, each) for each in heard)
    assert abs(message - more) <= abs(message - less) + 1e-12 <= abs(message - belief) + 2e-12
    assert 0 <= convinced_in_a_day(heard[0], accuracy) <= convinced_in_a_day(heard[1], accuracy) <= 1


@many
@given(unit, unit, two(unit))
def test_the_more_publicity_the_sooner_the_rules_are_known(known, actual, publicity):
    """Always between what was known and what is true."""
    slow, fast = (known_tomorrow(known, actual, each) for each in publicity)
    assert abs(actual - fast) <= abs(actual - slow) + 1e-12 <= abs(actual - known) + 2e-12


@many
@given(two(st.floats(0, 10)), st.floats(1e-3, 1e6))
def test_more_migration_never_slows_newcomers(migration, usual):
    """No later on average; 0 stands for never."""
    slow, fast = (newcomer_delay(usual, each) or np.inf for each in migration)
    assert fast <= slow


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
    """Another role, another field or real time; and nobody removable is hidden by it, whatever the record."""
    less, more = (make_policy(policy._replace(**{term: shown})) for shown in (False, True))
    arguments = (batch, match, unhonored, handed_over)
    assert visibility(role, less, *arguments) <= visibility(role, more, *arguments)
    people = [(status, record) for status in range(4) for record in range(8)]
    if term == "shows_immigration_status":
        people = [person for person in people if is_removable(*person)]
    assert all(shows_person(role, *person, less) <= shows_person(role, *person, more) for person in people)


@many
@given(policies, st.integers(0, 2), st.integers(0, 3), st.integers(0, 7))
def test_showing_immigration_status_spares_those_who_are_not_removable(policy, role, status, record):
    """With it nobody else is pointed at, whatever else is shown; without it everybody born abroad is or nobody."""
    shown = make_policy(policy._replace(shows_immigration_status=True))
    assert shows_person(role, status, record, shown) <= is_removable(status, record)
    hidden = make_policy(policy._replace(shows_immigration_status=False))
    assert shows_person(role, status, record, hidden) == shows_person(role, max(1, status), 0, hidden) * (status > 0)


@many
@given(policies, st.integers(0, 2), unit, unit, unit, unit)
def test_waiting_for_disposition_never_makes_contacts_more_visible(policy, role, batch, match, unhonored, handed_over):
    """Of arrestees; of victims and witnesses it changes nothing."""
    late, at_once = (make_policy(policy._replace(after_disposition=each)) for each in (True, False))
    found = [visibility(role, each, batch, match, unhonored, handed_over) for each in (late, at_once)]
    assert found[0] <= found[1]
    assert role == Role.ARRESTEE or found[0] == found[1]


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
