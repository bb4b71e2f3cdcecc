"""Experience spreads: trust and fear of persons, belief and salience of communities (MODEL.md 5.6, ODD 4.7)."""

import numpy as np

from ..compilation import kernel, rule
from ..today import BOOKINGS_TODAY, BYSTANDER_1, CRIMES_TODAY, ICE_ARRESTS_TODAY, PARTIES, VISITS_TODAY
from ..vocabulary import CrimeType, Role
from .arithmetic import relaxed
from .booking import shows_role
from .presence import kill

_HOMICIDE = np.int64(CrimeType.HOMICIDE)
_ARRESTEE = np.int64(Role.ARRESTEE)


@kernel
def add_trust(residents, communities, row, day, change, decay):
    """Change a resident's trust by so many standard deviations, after the old change has relaxed to today.

    Changes `trust` and `trust_day` of the resident, and the community's sum (ODD 4.7).
    """
    state = residents[row]
    state.trust = relaxed(state.trust, decay, day - state.trust_day) + change
    state.trust_day = day
    communities[state.community].trust_change += change


@kernel
def add_fear(residents, communities, row, day, change, decay):
    """Add to a resident's fear, after the old fear has relaxed to today.

    Changes `fear` and `fear_day` of the resident, and the community's sum (ODD 4.7).
    """
    state = residents[row]
    state.fear = relaxed(state.fear, decay, day - state.fear_day) + change
    state.fear_day = day
    communities[state.community].fear += change


@rule
def surge_tomorrow(surge, arrests, expected, gain, habituation, kept):
    """Return enforcement in a community's mind after today.

    `surge = surge * 0.5 ** (1 / salience_half_life) + salience_gain * (a - habituation * expected)`: it decays, and
    grows with arrests beyond what the community is used to. Salience is its positive part (MODEL.md 5.6, ODD 4.7, step
    5).

    Parameters
    ----------
    surge : float
        Before today; negative after less enforcement than expected.
    arrests : float
        Today's immigration arrests per 1,000 residents of the community, 0 or more.
    expected : float
        Immigration arrests per 1,000 residents per day that the community expects, 0 or more.
    gain : float
        Salience per arrest per 1,000, 0 or more; 0 switches the mechanism off.
    habituation : float
        Share of expected enforcement that no longer adds to salience, 0 to 1.
    kept : float
        Share of the surge left after a day, 0 to 1.

    Returns
    -------
    float
        In units of salience.
    """
    return surge * kept + gain * (arrests - habituation * expected)


@rule
def toward(value, target, kept):
    """Return a value moved toward a target, as a moving average does.

    `value + (target - value) * (1 - kept)` with `kept = 0.5 ** (1 / half-life)`; for belief and for expected
    enforcement (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    value, target : float
        In the same unit.
    kept : float
        Share of the gap that is left after a day, 0 to 1.

    Returns
    -------
    float
        Between value and target.
    """
    return value + (target - value) * (1.0 - kept)


@rule
def belief_target(floor, awareness, actual):
    """Return the perceived sharing that a community comes to in the end.

    `belief_floor + (1 - belief_floor) * awareness * actual[c]` (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    floor : float
        Perceived sharing where nothing is shared, 0 to 1.
    awareness : float
        How far perceived sharing follows actual sharing, 0 to 1.
    actual : float
        Actual sharing of the community, 0 to 1 (`actual_sharing`).

    Returns
    -------
    float
        0 to 1.
    """
    return floor + (1.0 - floor) * awareness * actual


@rule
def belief_after_arrests(belief, gain, arrests):
    """Return perceived sharing raised by immigration arrests that came from police data.

    `belief + belief_gain * g * (1 - belief)`, at most 1 (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    belief : float
        Perceived sharing, 0 to 1.
    gain : float
        Per arrest per 1,000 residents, 0 or more; 0 switches the mechanism off.
    arrests : float
        Today's immigration arrests from police data per 1,000 residents of the community, g, 0 or more.

    Returns
    -------
    float
        0 to 1.
    """
    return min(1.0, belief + gain * arrests * (1.0 - belief))


@rule
def visibility(role, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over):
    """Return the probability that a foreign-born person's contact with police in this role becomes visible.

    Visible to the immigration agency: `visible[role] = data[role]`, and for an arrestee `1 - (1 - data) * (1 - print)`.
    `data` is 1 if the agreement shows the role and any field, times `batch_visibility` if not in real time; `print` is,
    with fingerprint checks on, `fingerprint_match * (unhonored_visibility + (1 - unhonored_visibility) * handed_over)`
    (MODEL.md 5.6, ODD 4.7).

    Parameters
    ----------
    role : int
        Code of `Role`.
    policy : POLICY record
        The agreement and fingerprint checks are read.
    batch_visibility : float
        How far a record counts as visible that arrives only in batches, 0 to 1.
    fingerprint_match : float
        Probability that the fingerprints of a removable person are known to the agency.
    unhonored_visibility : float
        How far a match counts as visible when the city does not hand the person over, 0 to 1.
    handed_over : float
        Probability that the city's detainer rule lets it hand the person over, `detainer_compliance[detainers]`.

    Returns
    -------
    float
        Probability.
    """
    by_data = 0.0
    if shows_role(role, policy) and (policy.shows_country_of_birth or policy.shows_immigration_status):
        by_data = 1.0 if policy.real_time else batch_visibility
    if role != _ARRESTEE or not policy.fingerprint_checks:
        return by_data
    by_print = fingerprint_match * (unhonored_visibility + (1.0 - unhonored_visibility) * handed_over)
    return 1.0 - (1.0 - by_data) * (1.0 - by_print)


@rule
def actual_sharing(contact_share, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over):
    """Return the probability that a contact with police becomes visible to the agency, over a community's contacts.

    `actual[c] = sum_role w[c, role] * visible[role]`: computed, never set (MODEL.md 5.6, ODD 4.7).

    Parameters
    ----------
    contact_share : float64, shape (3,)
        Share of the community's contacts with police by role; sums to 1.
    policy : POLICY record
        The agreement and fingerprint checks are read.
    batch_visibility, fingerprint_match, unhonored_visibility, handed_over : float
        As in `visibility`, 0 to 1.

    Returns
    -------
    float
        Probability.
    """
    total = 0.0
    for role in range(contact_share.shape[0]):
        total += contact_share[role] * visibility(
            role, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over
        )
    return total


@kernel
def spread_crimes(day, rules, residents, communities, today):
    """Let victims and witnesses learn whether police solved their crime, and homicide victims die.

    Reads `today.crimes`; changes trust of the victim and of each bystander who called or cooperates, if the crime was
    reported, and absence of homicide victims (MODEL.md 5.6, ODD 4.7, step 1).
    """
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        is_homicide = crime.crime_type == _HOMICIDE
        if is_homicide:
            kill(residents, crime.victim)
        if not crime.reported:
            continue
        change = rules.trust_solved if crime.solved else -rules.trust_unsolved
        if not is_homicide:
            add_trust(residents, communities, crime.victim, day, change, rules.trust_decay)
        for party in range(BYSTANDER_1, PARTIES):
            if crime.calls[party] or crime.cooperates[party]:
                add_trust(residents, communities, crime.bystander[party - BYSTANDER_1], day, change, rules.trust_decay)


@kernel
def spread_bookings(day, rules, people, residents, communities, today):
    """Let the households of people whom police arrested lose trust.

    Reads `today.bookings`; changes trust of the other household members (MODEL.md 5.6, ODD 4.7, step 2).
    """
    for q in range(today.size[BOOKINGS_TODAY]):
        row = today.bookings[q].row
        household = residents[row].household
        for other in range(people.household_start[household], people.household_start[household + 1]):
            if other != row:
                add_trust(residents, communities, other, day, -rules.trust_arrest, rules.trust_decay)


@kernel
def _touch_household(day, fear, trust, row, rules, people, residents, communities):
    """Add fear to the other members of a resident's household, and change their trust (ODD 4.7)."""
    household = residents[row].household
    for other in range(people.household_start[household], people.household_start[household + 1]):
        if other != row:
            add_fear(residents, communities, other, day, fear, rules.fear_decay)
            if trust != 0.0:
                add_trust(residents, communities, other, day, trust, rules.trust_decay)


@kernel
def _touch_ties(day, fear, trust, row, ties, rules, residents, communities):
    """Add fear to a resident's neighbors or co-workers, and change their trust (ODD 4.7)."""
    for z in range(ties.shape[1]):
        other = ties[row, z]
        if other >= 0:
            add_fear(residents, communities, other, day, fear, rules.fear_decay)
            if trust != 0.0:
                add_trust(residents, communities, other, day, trust, rules.trust_decay)


@kernel
def spread_ice_arrests(day, rules, people, residents, communities, today):
    """Bring fear to the household, neighbors and co-workers of everybody arrested by the immigration agency today.

    Reads `today.ice_arrests`; changes fear of all these and, where the arrest came from police data, also their trust
    (MODEL.md 5.6, ODD 4.7, step 3).
    """
    for q in range(today.size[ICE_ARRESTS_TODAY]):
        row = today.ice_arrests[q].row
        trust = -rules.trust_ice if today.ice_arrests[q].from_data else 0.0
        _touch_household(day, rules.fear_household, trust, row, rules, people, residents, communities)
        _touch_ties(day, rules.fear_tie, trust, row, people.neighbors, rules, residents, communities)
        _touch_ties(day, rules.fear_tie, trust, row, people.coworkers, rules, residents, communities)


@kernel
def spread_visits(day, rules, people, residents, communities, today):
    """Bring some fear to those who saw a visit that missed its target.

    Reads `today.visits`; changes fear of those who could have been met at that place (ODD 4.7, step 4).
    """
    weight = rules.unsuccessful_visit_weight
    for q in range(today.size[VISITS_TODAY]):
        made = today.visits[q]
        row = made.row
        if made.success:
            continue
        if made.at_work:
            _touch_ties(day, weight * rules.fear_tie, 0.0, row, people.coworkers, rules, residents, communities)
        else:
            _touch_household(day, weight * rules.fear_household, 0.0, row, rules, people, residents, communities)
            _touch_ties(day, weight * rules.fear_tie, 0.0, row, people.neighbors, rules, residents, communities)


@kernel
def update_communities(policy, rules, communities, today):
    """Let every community take in today's enforcement and move its perceived sharing.

    Reads the policy and the sums of `today.communities`; changes surge, expected enforcement and belief (MODEL.md 5.6,
    ODD 4.7, step 5).
    """
    for c in range(communities.shape[0]):
        community = communities[c]
        per_thousand = 1000.0 / max(1.0, rules.community_size[c])
        arrests = today.communities[c].arrests * per_thousand
        community.surge = surge_tomorrow(
            community.surge,
            arrests,
            community.expected,
            rules.salience_gain,
            rules.habituation,
            rules.salience_kept,
        )
        community.expected = toward(community.expected, arrests, rules.expectation_kept)
        actual = actual_sharing(
            rules.contact_share[c],
            policy,
            rules.batch_visibility,
            rules.fingerprint_match,
            rules.unhonored_visibility,
            rules.detainer_compliance[policy.detainers],
        )
        target = belief_target(rules.belief_floor, rules.awareness, actual)
        belief = toward(community.belief, target, rules.belief_kept)
        community.belief = belief_after_arrests(
            belief, rules.belief_gain, today.communities[c].from_data * per_thousand
        )
        community.trust_change = relaxed(community.trust_change, rules.trust_decay, 1)
        community.fear = relaxed(community.fear, rules.fear_decay, 1)
