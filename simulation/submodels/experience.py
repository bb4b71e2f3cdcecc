"""Experience spreads: trust and fear of persons (MODEL.md 5.6, ODD 4.7)."""

import numpy as np

from ..compilation import kernel
from ..today import BOOKINGS_TODAY, BYSTANDER_1, CRIMES_TODAY, ICE_ARRESTS_TODAY, PARTIES, VISITS_TODAY
from ..vocabulary import CrimeType
from .arithmetic import relaxed
from .presence import kill

_HOMICIDE = np.int64(CrimeType.HOMICIDE)


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
