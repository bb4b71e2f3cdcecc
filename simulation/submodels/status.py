"""Legal status: legalization, and protection of victims who cooperate (MODEL.md 5.2 and 5.8, ODD 4.1 and 4.7)."""

import numpy as np

from ..compilation import kernel, loop
from ..randomness import LEGALIZATION, VICTIM_PROTECTION, identity, uniform
from ..rules import class_of
from ..today import CRIMES_TODAY, VICTIM
from ..vocabulary import Community, LegalStatus
from .presence import is_beyond_reach
from .reporting import is_protected_crime

_LAWFUL, _UNDOCUMENTED = np.int64(LegalStatus.LAWFUL_NONCITIZEN), np.int64(LegalStatus.UNDOCUMENTED)
_NO_TIES = np.int64(Community.NO_IMMIGRANT_TIES)


@kernel
def _reclassify(row, first, end, people, residents):
    """Find a resident's vulnerability class anew; changes the resident and the counts by class (ODD 2)."""
    resident = residents[row]
    with_undocumented = False
    for other in range(first, end):
        if other != row and residents[other].status == _UNDOCUMENTED:
            with_undocumented = True
    people.class_size[resident.community, resident.vulnerability_class] -= 1
    resident.vulnerability_class = class_of(resident.community != _NO_TIES, resident.status, with_undocumented)
    people.class_size[resident.community, resident.vulnerability_class] += 1


@kernel
def grant_status(row, people, residents):
    """Make an undocumented resident a lawful noncitizen; the household then lives with one fewer undocumented.

    Changes status and vulnerability class of the resident and vulnerability class of the household (ODD 4.1, 4.7).
    """
    residents[row].status = _LAWFUL
    household = residents[row].household
    first, end = people.household_start[household], people.household_start[household + 1]
    for member in range(first, end):
        _reclassify(member, first, end, people, residents)


@loop
def legalize(day, seed, share, people, residents):
    """Give lawful status to a share of the undocumented residents who are at large or in jail.

    Changes what `grant_status` changes (ODD 4.1).

    Parameters
    ----------
    day, seed : int
        The day, and the root of the keyed draws.
    share : float
        0 to 1.
    people : People
        The undocumented at the start are gone through.
    residents : RESIDENT records, shape (N,)
    """
    for at in range(people.undocumented_rows.shape[0]):
        row = people.undocumented_rows[at]
        resident = residents[row]
        if resident.status != _UNDOCUMENTED or is_beyond_reach(resident.absence, resident.until, day):
            continue
        if uniform(seed, LEGALIZATION, identity(row, resident.generation), day) < share:
            grant_status(row, people, residents)


@kernel
def protect_victims(seed, policy, people, residents, today):
    """Give lawful status to undocumented victims of violent crime who cooperate, and to their household.

    Reads `today.crimes`; changes what `grant_status` changes (MODEL.md 5.2, ODD 4.7, step 1).
    """
    if policy.victim_protection == 0.0:
        return
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        victim = residents[crime.victim]
        if not crime.cooperates[VICTIM] or victim.status != _UNDOCUMENTED or not is_protected_crime(crime.crime_type):
            continue
        who = identity(crime.victim, crime.generation)
        if uniform(seed, VICTIM_PROTECTION, who, crime.occasion) >= policy.victim_protection:
            continue
        for member in range(people.household_start[victim.household], people.household_start[victim.household + 1]):
            if residents[member].status == _UNDOCUMENTED:
                grant_status(member, people, residents)
