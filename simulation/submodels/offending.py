"""Crime: which of today's candidates happen, and who commits them (MODEL.md 5.1, ODD 4.2)."""

import numpy as np

from ..compilation import kernel, rule
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
from ..state import CLIPPED, HAPPENED, PREVENTED_ENFORCEMENT, PREVENTED_JAIL, REPLACED_ENFORCEMENT
from ..today import CRIMES_TODAY, OTHER_ARRESTS_TODAY
from ..vocabulary import OTHER_ARREST, Absence, CrimeType, LegalStatus
from .arithmetic import pick
from .candidates import candidate_kind, candidate_rates, todays_candidates
from .presence import is_present, offends

OUTSIDER = np.int64(-1)
"""Row of an offender who is not a resident of the model."""
NOTHING_HAPPENS = np.int64(-2)
"""Answer of `settle_offender` when the candidate does not happen."""

_CITIZENS_BELOW = np.int64(LegalStatus.LAWFUL_NONCITIZEN)
_DOMESTIC = np.int64(CrimeType.DOMESTIC_VIOLENCE)
_UNDOCUMENTED = np.int64(LegalStatus.UNDOCUMENTED)
_NONE, _JAILED, _DETAINED, _REMOVED, _KILLED = (np.int64(a) for a in Absence)


@rule
def opportunity(risk_now, risk_base, offender_response):
    """Return how much more crime a community draws when offenders learn that they run less risk there.

    `factor[c] = (risk_now[c] / risk_base[c]) ** (-offender_response)`; exactly 1 where the two are equal (MODEL.md 5.1
    and 5.7, ODD 4.2).

    Parameters
    ----------
    risk_now, risk_base : float
        What offenders have learned of the community: sums of the probability that a crime is reported and solved, as
        things stand and with nothing feared; above 0.
    offender_response : float
        Elasticity of offending to that risk, 0 or more; 0 switches the mechanism off.

    Returns
    -------
    float
        Factor on the crime rate, 0 or more; above 1 where the risk has fallen.
    """
    if risk_now == risk_base:
        return 1.0
    return (risk_now / risk_base) ** (-offender_response)


@rule
def deterrence(status, belief, deportation_deterrence):
    """Return how far perceived sharing holds back an offender whom the immigration agency could remove.

    `deterrence[c] = exp(-deportation_deterrence * belief[c])` for noncitizens, c the offender's community, and 1 for
    everybody else (MODEL.md 5.1, ODD 4.2).

    Parameters
    ----------
    status : int
        Code of the offender's `LegalStatus`.
    belief : float
        Perceived sharing in the offender's community, 0 to 1.
    deportation_deterrence : float
        Log of offending per unit of belief; a negative value pushes, 0 switches the mechanism off.

    Returns
    -------
    float
        Factor on the crime rate, above 0.
    """
    if status < _CITIZENS_BELOW:
        return 1.0
    return np.exp(-deportation_deterrence * belief)


@rule
def is_at_home(kind, household_size):
    """Whether a crime's offender is another member of the victim's household.

    Domestic violence comes from the household, or from outside it if the victim lives alone (MODEL.md 5.1, ODD 4.2).

    Parameters
    ----------
    kind : int
        Code of `CrimeType`.
    household_size : int
        Members of the victim's household, the victim included, 1 or more.

    Returns
    -------
    bool
    """
    return kind == _DOMESTIC and household_size > 1


@rule
def choose_other_member(u, victim, first, end):
    """Return one of the other members of the victim's household, in row order.

    The member at `pick(u, size - 1)` among the others (MODEL.md 5.1, ODD 4.2); bystanders of the household are chosen
    in the same way (ODD 4.3).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `OFFENDER` (or `BYSTANDER_PERSON`).
    victim : int
        Row of the victim.
    first, end : int
        First row of the household and the row after its last; at least two members.

    Returns
    -------
    int
        Row of the person chosen, never the victim's.
    """
    row = np.int64(first) + pick(u, end - first - 1)
    return row + 1 if row >= victim else row


@rule
def choose_pool(u, district, local_offender_share, roster_start):
    """Return where the offender comes from: units of the district's offending weight, or of the city's.

    The victim's district if `u < local_offender_share` and anybody there has offending weight, else the city (MODEL.md
    5.1, ODD 4.2).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `OFFENDER_POOL`.
    district : int
        District of the victim.
    local_offender_share : float
        Probability that the offender is of the victim's district.
    roster_start : int array, shape (D + 1,)
        First unit of each district in the roster.

    Returns
    -------
    first, end : int
        First unit of the pool and the unit after its last; equal if the city has no offending weight.
    """
    first, end = np.int64(roster_start[district]), np.int64(roster_start[district + 1])
    if u < local_offender_share and end > first:
        return first, end
    return np.int64(0), np.int64(roster_start[-1])


@rule
def choose_unit(u, first, end, roster):
    """Return the owner of one unit of offending weight in a pool.

    The unit at `pick(u, pool units)`: residents are chosen in proportion to their offending weight (MODEL.md 5.1,
    ODD 4.2).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `OFFENDER` or `SUBSTITUTE`.
    first, end : int
        First unit of the pool and the unit after its last.
    roster : int array
        Row of the owner of every unit.

    Returns
    -------
    int
        Row of a resident, or `OUTSIDER` if the pool is empty.
    """
    return np.int64(roster[first + pick(u, end - first)]) if end > first else OUTSIDER


@kernel
def why_away(seed, day, row, rules, residents):
    """Return the reason why an owner of offending weight cannot offend today (an `Absence`), or none.

    Reads the resident. A row whose newcomer does not offend counts as removed, before any other reason: its offender is
    still away (ODD 4.2).
    """
    weight = residents[row].offending_weight
    if not offends(seed, row, residents[row].generation, weight, rules.mean_offending_weight):
        return _REMOVED
    return _NONE if is_present(residents[row].until, day) else np.int64(residents[row].absence)


@rule
def crime_probability(opportunity_factor, deterrence_factor, headroom):
    """Return the probability that a candidate crime happens, as far as its community and offender go.

    `p = factor[c] * deterrence / headroom` (MODEL.md 5.1, ODD 4.2).

    Parameters
    ----------
    opportunity_factor : float
        Factor by which the community's learned risk changes crime, 0 or more (`opportunity`).
    deterrence_factor : float
        Factor by which deportation deters the offender, above 0 (`deterrence`).
    headroom : float
        Multiple of the base rate at which candidates are drawn, at least 1.

    Returns
    -------
    float
        0 or more. Above 1 the rate has passed its bound: it is clipped, and counted.
    """
    return opportunity_factor * deterrence_factor / headroom


@kernel
def commit_crimes(day, seed, rules, districts, people, residents, communities, candidates, today, counts):
    """Find out which of today's candidates happen, and who commits them; keep other arrests for later.

    Reads `candidates`, presence, belief and learned risk; fills `today.crimes` and `today.other_arrests`, both in
    candidate order, and counts what happened, what was prevented and clipped rates (MODEL.md 5.1, ODD 4.2).
    """
    largest_deterrence = weigh_opportunities(rules, communities, today)
    attempts = gather_attempts(day, seed, largest_deterrence, rules, districts, people, residents, candidates, today)
    meet_offenders(attempts, residents, today)
    n = 0
    for q in range(attempts):
        attempt = today.crimes[q]
        offender = settle_offender(day, seed, attempt, rules, people, residents, communities, today, counts)
        if offender == NOTHING_HAPPENS:
            continue
        if offender != attempt.offender:
            attempt.offender = offender
            attempt.offender_generation = residents[offender].generation if offender >= 0 else 0
        counts[day].crimes[residents[attempt.victim].community, attempt.crime_type, HAPPENED] += 1
        today.crimes[n] = attempt
        n += 1
    today.size[CRIMES_TODAY] = n


@kernel
def weigh_opportunities(rules, communities, today):
    """Find how much crime each community draws today; return the largest factor of deterrence.

    Reads belief and learned risk; fills `today.communities` with the factors of ODD 4.2.
    """
    largest_deterrence = 1.0
    for c in range(communities.shape[0]):
        today.communities[c].opportunity = opportunity(
            communities[c].risk_now, communities[c].risk_base, rules.offender_response
        )
        deterrence_factor = deterrence(_UNDOCUMENTED, communities[c].belief, rules.deportation_deterrence)
        largest_deterrence = max(largest_deterrence, deterrence_factor)
    return largest_deterrence


@kernel
def gather_attempts(day, seed, largest_deterrence, rules, districts, people, residents, candidates, today):
    """Sort today's candidates into other arrests and attempts; return how many attempts, kept in `today.crimes`.

    An attempt has an offender and happens unless that offender is held back or away. What does not pass acceptance
    whoever the offender is goes no further. Reads `candidates` and presence of victims (ODD 4.1, 4.2).
    """
    attempts = others = 0
    for q in range(todays_candidates(day, residents, candidates, today.candidates)):
        row, occasion = today.candidates[q].row, today.candidates[q].occasion
        resident = residents[row]
        if not is_present(resident.until, day):
            continue
        who = identity(row, resident.generation)
        district_rate = districts.total_rate[resident.district]
        crime_rate, arrest_rate = candidate_rates(seed, rules, resident, row, resident.generation, district_rate)
        u = uniform(seed, CANDIDATE_TYPE, who, occasion)
        kind = candidate_kind(u, crime_rate, arrest_rate, districts.cumulative_rate[resident.district])
        if kind == OTHER_ARREST:
            today.other_arrests[others] = today.candidates[q]
            others += 1
            continue
        factor = today.communities[resident.community].opportunity
        if uniform(seed, ACCEPTANCE, who, occasion) >= crime_probability(factor, largest_deterrence, rules.headroom):
            continue
        attempt = today.crimes[attempts]
        attempt.victim = row
        attempt.generation = resident.generation
        attempt.occasion = occasion
        attempt.crime_type = kind
        attempt.offender = choose_offender(seed, who, occasion, row, kind, resident, rules, people)
        attempts += 1
    today.size[OTHER_ARRESTS_TODAY] = others
    return attempts


@kernel
def choose_offender(seed, who, occasion, victim, kind, resident, rules, people):
    """Choose who attempts a crime: of the household, or of the victim's district or the city by offending weight.

    Changes nothing. An offender who is the victim is replaced by an outsider (MODEL.md 5.1, ODD 4.2).
    """
    first, end = people.household_start[resident.household], people.household_start[resident.household + 1]
    u = uniform(seed, OFFENDER, who, occasion)
    if is_at_home(kind, end - first):
        return choose_other_member(u, victim, first, end)
    first, end = choose_pool(
        uniform(seed, OFFENDER_POOL, who, occasion), resident.district, rules.local_offender_share, people.roster_start
    )
    offender = choose_unit(u, first, end, people.roster)
    return OUTSIDER if offender == victim else offender


@kernel
def meet_offenders(attempts, residents, today):
    """Note which generation the offenders are of; a loop of its own, so that many are read from memory at once.

    Changes `today.crimes`.
    """
    for q in range(attempts):
        offender = today.crimes[q].offender
        today.crimes[q].offender_generation = residents[offender].generation if offender >= 0 else 0


@kernel
def settle_offender(day, seed, attempt, rules, people, residents, communities, today, counts):
    """Decide whether an attempt happens and who commits it (a row, an outsider, or nothing happens).

    Reads presence and belief; counts clipped rates, crimes prevented by an absence, and those that somebody commits in
    place of a person detained or removed (MODEL.md 5.1, ODD 4.2).
    """
    victim, offender, kind = residents[attempt.victim], np.int64(attempt.offender), attempt.crime_type
    who, occasion = identity(attempt.victim, attempt.generation), attempt.occasion
    deterrence_factor = 1.0
    if offender >= 0:
        chosen = residents[offender]
        deterrence_factor = deterrence(
            chosen.status, communities[chosen.community].belief, rules.deportation_deterrence
        )
    p = crime_probability(today.communities[victim.community].opportunity, deterrence_factor, rules.headroom)
    if p > 1.0:
        counts[day].city[CLIPPED] += 1
    if uniform(seed, ACCEPTANCE, who, occasion) >= p:
        return NOTHING_HAPPENS
    if offender < 0:
        return offender
    first, end = people.household_start[victim.household], people.household_start[victim.household + 1]
    at_home = is_at_home(kind, end - first)
    if at_home:
        reason = _NONE if is_present(residents[offender].until, day) else np.int64(residents[offender].absence)
    else:
        reason = why_away(seed, day, offender, rules, residents)
    if reason == _NONE:
        return offender
    chance = rules.domestic_replacement if at_home else rules.replacement
    by_enforcement = reason in (_DETAINED, _REMOVED)
    if uniform(seed, REPLACEMENT, who, occasion) >= chance:
        if reason != _KILLED:
            measure = PREVENTED_ENFORCEMENT if by_enforcement else PREVENTED_JAIL
            counts[day].crimes[victim.community, kind, measure] += 1
        return NOTHING_HAPPENS
    counts[day].crimes[victim.community, kind, REPLACED_ENFORCEMENT] += by_enforcement
    if at_home:
        return OUTSIDER
    first, end = choose_pool(
        uniform(seed, OFFENDER_POOL, who, occasion), victim.district, rules.local_offender_share, people.roster_start
    )
    substitute = choose_unit(uniform(seed, SUBSTITUTE, who, occasion), first, end, people.roster)
    if substitute < 0 or substitute == attempt.victim:
        return OUTSIDER
    if why_away(seed, day, substitute, rules, residents) != _NONE:
        return OUTSIDER
    return substitute
