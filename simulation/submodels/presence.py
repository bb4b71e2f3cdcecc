"""Who is in the city today, and who takes a removed person's row (ODD 2, 4.1)."""

import numpy as np
from numba import from_dtype, int64, types, void

from ..compilation import kernel, rule
from ..randomness import NEWCOMER_OFFENDING, identity, uniform
from ..state import COUNTS, NEWCOMER_DUE, REMOVAL_DUE
from ..vocabulary import FOREVER, Absence
from .arithmetic import relaxed
from .due import free_slot, put_due, take_due

NONE, JAILED, DETAINED, REMOVED, KILLED = (np.int64(a) for a in Absence)
_JAIL, _ENFORCEMENT = 0, 1


@rule
def is_present(until, day):
    """Return whether a resident is at large in the city.

    A resident is present on day t if `until <= t` (ODD 2).

    Parameters
    ----------
    until : int
        First day on which the resident is back.
    day : int
        Today.

    Returns
    -------
    bool
    """
    return until <= day


@rule
def is_beyond_reach(absence, until, day):
    """Return whether a resident is detained, removed or killed, so that police cannot book them.

    A person in jail, unlike these, can be booked for an earlier crime (ODD 4.5).

    Parameters
    ----------
    absence : int
        Code of `Absence`: why the resident is or was away.
    until : int
        First day on which the resident is back.
    day : int
        Today.

    Returns
    -------
    bool
    """
    return until > day and absence >= DETAINED


@rule
def offends(seed, row, generation, weight, mean_weight):
    """Return whether the present holder of a row has the row's offending weight.

    The first holder has it. A newcomer has it if `u(NEWCOMER_OFFENDING, who, 0) < mean offending weight / row's
    weight`, else 0, so that newcomers offend like the average resident (ODD 4.1).

    Parameters
    ----------
    seed, row : int
        Seed of the run and row of the resident.
    generation : int
        Newcomers that have taken the row so far, 0 or more.
    weight : int
        Offending weight of the row in whole units, 0 or more.
    mean_weight : float
        Mean offending weight of the population, 0 or more.

    Returns
    -------
    bool
        False where the row's weight is 0.
    """
    if generation == 0 or weight == 0:
        return weight > 0
    return uniform(seed, NEWCOMER_OFFENDING, identity(row, generation), 0) < mean_weight / weight


@kernel(void(types.Array(from_dtype(COUNTS), 1, "C"), int64, int64, int64))
def _count_absence(counts, kind, change, day):
    """Count so many offenders more or less among those away from a day on (ODD 4.8).

    Changes `counts[day].absent_change`, in jail or by immigration enforcement; the killed are not counted.
    """
    if kind != KILLED and day < counts.shape[0]:
        counts[day].absent_change[_JAIL if kind == JAILED else _ENFORCEMENT] += change


@kernel
def send_away(residents, counts, is_offender, row, kind, day, until):
    """Take a resident out of the city until a day.

    Changes `absence` and `until` of the resident and, for somebody with offending weight, the count of offenders away
    by reason: an earlier absence is cut short in favor of the new one (ODD 4.5, 4.6, 4.8).
    """
    resident = residents[row]
    if is_offender:
        if resident.until > day:
            _count_absence(counts, resident.absence, -1, day)
            _count_absence(counts, resident.absence, 1, resident.until)
        _count_absence(counts, kind, 1, day)
        _count_absence(counts, kind, -1, until)
    resident.absence = kind
    resident.until = until


@kernel
def move_people(day, seed, rules, people, residents, communities, due, today, counts):
    """Carry out the removals and arrivals that fall due today; return how many newcomers arrived.

    Reads the removals and newcomers due; changes absence, generation and record of residents, and counts the households
    that lose their first member. A person killed since the arrest is not removed. The rows of the newcomers are left in
    `today.slots` for the caller (ODD 4.1).
    """
    for q in range(take_due(due, REMOVAL_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        row, back, is_newcomer = item.row, item.occasion, item.flag
        free_slot(due, slot)
        if residents[row].absence == KILLED:
            continue
        generation = residents[row].generation
        is_offender = offends(seed, row, generation, residents[row].offending_weight, rules.mean_offending_weight)
        send_away(residents, counts, is_offender, row, REMOVED, day, back)
        first = residents[people.household_start[residents[row].household]]
        if not first.household_lost:
            first.household_lost = True
            counts[day].households_lost[residents[row].community] += 1
        if is_newcomer:
            put_due(due, NEWCOMER_DUE, back, row, generation, 0, 0, 0, False)
    n = take_due(due, NEWCOMER_DUE, day, False, today.slots, today.keys)
    for q in range(n):
        slot = today.slots[q]
        row = due.slot[slot].row
        free_slot(due, slot)
        _settle(day, seed, rules, residents, communities, counts, row)
        today.slots[q] = row
    return n


@kernel
def _settle(day, seed, rules, residents, communities, counts, row):
    """Let a newcomer take a removed person's row (ODD 4.1).

    Changes the resident: one generation more, nothing on record, no personal change in trust or fear, present from
    today. Status, household, ties and victimization weight stay the row's.
    """
    weight = residents[row].offending_weight
    did_offend = offends(seed, row, residents[row].generation, weight, rules.mean_offending_weight)
    newcomer = residents[row]
    newcomer.generation += 1
    newcomer.record = 0
    community = communities[newcomer.community]
    community.trust_change -= relaxed(newcomer.trust, rules.trust_decay, day - newcomer.trust_day)
    community.fear -= relaxed(newcomer.fear, rules.fear_decay, day - newcomer.fear_day)
    newcomer.trust = 0.0
    newcomer.fear = 0.0
    newcomer.absence = NONE
    newcomer.until = day
    does_offend = offends(seed, row, newcomer.generation, weight, rules.mean_offending_weight)
    if did_offend != does_offend:
        # An offender who stays removed while the newcomer does not offend goes on being counted as away.
        _count_absence(counts, REMOVED, 1 if did_offend else -1, day)


@kernel
def kill(residents, row):
    """Record the death of a homicide victim: away for good from today (ODD 4.7, step 1)."""
    residents[row].absence = KILLED
    residents[row].until = FOREVER
