"""Crime: which of today's candidates happen, and who commits them (MODEL.md 5.1, ODD 4.2)."""

import numpy as np
from numba import njit

from ..randomness import (
    ACCEPTANCE,
    CANDIDATE_TYPE,
    OFFENDER,
    OFFENDER_POOL,
    REPLACEMENT,
    SUBSTITUTE,
    identity,
    uniform,
)
from ..state import CLIPPED, HAPPENED, PREVENTED_ENFORCEMENT, PREVENTED_JAIL
from ..today import CRIMES_TODAY, OTHER_ARRESTS_TODAY
from ..vocabulary import OTHER_ARREST, Absence, CrimeType, LegalStatus
from .candidates import candidate_kind, candidate_rates, todays_candidates
from .presence import is_present, offends

OUTSIDER = -1
"""Row of an offender who is not a resident of the model."""
NOTHING_HAPPENS = -2
"""Answer of `find_offender` when the candidate does not happen."""

_CITIZENS_BELOW = int(LegalStatus.LAWFUL_NONCITIZEN)
_DOMESTIC = int(CrimeType.DOMESTIC_VIOLENCE)
_NONE, _JAILED, _REMOVED, _KILLED = int(Absence.NONE), int(Absence.JAILED), int(Absence.REMOVED), int(Absence.KILLED)


@njit(cache=True)
def opportunity(risk_now, risk_base, offender_response):
    """Return how much more crime a community draws when offenders learn that they run less risk there."""
    if risk_now == risk_base:
        return 1.0
    return (risk_now / risk_base) ** (-offender_response)


@njit(cache=True)
def deterrence(status, belief, deportation_deterrence):
    """Return how far perceived sharing holds back an offender whom the immigration agency could remove."""
    if status < _CITIZENS_BELOW:
        return 1.0
    return np.exp(-deportation_deterrence * belief)


@njit(cache=True)
def pick(u, n):
    """Choose one of n with equal chances."""
    return int(u * n)


@njit(cache=True)
def choose_household_offender(u, victim, first, end):
    """Choose an offender among the other members of the victim's household."""
    row = first + pick(u, end - first - 1)
    return row + 1 if row >= victim else row


@njit(cache=True)
def choose_pool(u, district, local_offender_share, roster_start):
    """Choose where the offender comes from: the first and last unit of the district's roster, or of the city's."""
    first, end = roster_start[district], roster_start[district + 1]
    if u < local_offender_share and end > first:
        return first, end
    return 0, roster_start[-1]


@njit(cache=True)
def choose_unit(u, first, end, roster):
    """Choose an offender in proportion to offending weight."""
    return roster[first + pick(u, end - first)] if end > first else OUTSIDER


@njit(cache=True)
def why_away(seed, day, row, rules, people, residents):
    """Return the reason why a row of the roster cannot offend today (an `Absence`), or none.

    A row whose newcomer does not offend counts as removed: its offender is still away.
    """
    weight = people.resident[row].offending_weight
    if not offends(seed, row, residents[row].generation, weight, rules.mean_offending_weight):
        return _REMOVED
    return _NONE if is_present(residents[row].until, day) else residents[row].absence


@njit(cache=True)
def _count_prevented(counts, day, community, kind, reason):
    if reason != _KILLED:
        measure = PREVENTED_JAIL if reason == _JAILED else PREVENTED_ENFORCEMENT
        counts.crimes[day, community, kind, measure] += 1


@njit(cache=True)
def commit_crimes(day, seed, rules, districts, people, residents, communities, candidates, today, counts):
    """Sort today's candidates into crimes that happen, crimes that do not, and other arrests to be made."""
    factor = np.empty(communities.shape[0])
    for c in range(factor.shape[0]):
        factor[c] = opportunity(communities[c].risk_now, communities[c].risk_base, rules.offender_response)
    crimes = others = 0
    for q in range(todays_candidates(day, residents, candidates, today.candidates)):
        row, occasion = today.candidates[q].row, today.candidates[q].occasion
        if not is_present(residents[row].until, day):
            continue
        generation = residents[row].generation
        who = identity(row, generation)
        crime_rate, arrest_rate = candidate_rates(seed, rules, districts, people, row, generation)
        kind = candidate_kind(
            uniform(seed, CANDIDATE_TYPE, who, occasion),
            crime_rate,
            arrest_rate,
            districts.cumulative_rate[people.resident[row].district],
        )
        if kind == OTHER_ARREST:
            today.other_arrests[others] = today.candidates[q]
            others += 1
            continue
        offender = find_offender(
            day, seed, who, occasion, row, kind, factor, rules, people, residents, communities, counts
        )
        if offender == NOTHING_HAPPENS:
            continue
        crime = today.crimes[crimes]
        crime.victim = row
        crime.generation = generation
        crime.occasion = occasion
        crime.crime_type = kind
        crime.offender = offender
        crime.offender_generation = residents[offender].generation if offender >= 0 else 0
        counts.crimes[day, people.resident[row].community, kind, HAPPENED] += 1
        crimes += 1
    today.size[CRIMES_TODAY] = crimes
    today.size[OTHER_ARRESTS_TODAY] = others


@njit(cache=True)
def find_offender(day, seed, who, occasion, victim, kind, factor, rules, people, residents, communities, counts):
    """Decide whether a candidate crime happens and return its offender (a row, an outsider, or nothing)."""
    community = people.resident[victim].community
    household = people.resident[victim].household
    first, end = people.household_start[household], people.household_start[household + 1]
    u = uniform(seed, OFFENDER, who, occasion)
    at_home = kind == _DOMESTIC and end - first > 1
    pool_first = pool_end = 0
    if at_home:
        offender = choose_household_offender(u, victim, first, end)
    else:
        pool_first, pool_end = choose_pool(
            uniform(seed, OFFENDER_POOL, who, occasion),
            people.resident[victim].district,
            rules.local_offender_share,
            people.roster_start,
        )
        offender = choose_unit(u, pool_first, pool_end, people.roster)
        if offender == victim:
            offender = OUTSIDER
    held_back = 1.0
    if offender >= 0:
        held_back = deterrence(
            people.resident[offender].status, communities[people.resident[offender].community].belief, rules.deportation_deterrence
        )
    p = factor[community] * held_back / rules.headroom
    if p > 1.0:
        counts.city[day, CLIPPED] += 1
    if uniform(seed, ACCEPTANCE, who, occasion) >= p:
        return NOTHING_HAPPENS
    if offender < 0:
        return offender
    if at_home:
        reason = _NONE if is_present(residents[offender].until, day) else residents[offender].absence
    else:
        reason = why_away(seed, day, offender, rules, people, residents)
    if reason == _NONE:
        return offender
    if at_home or uniform(seed, REPLACEMENT, who, occasion) >= rules.replacement:
        _count_prevented(counts, day, community, kind, reason)
        return NOTHING_HAPPENS
    substitute = choose_unit(uniform(seed, SUBSTITUTE, who, occasion), pool_first, pool_end, people.roster)
    if substitute == victim or substitute < 0:
        return OUTSIDER
    if why_away(seed, day, substitute, rules, people, residents) != _NONE:
        return OUTSIDER
    return substitute
