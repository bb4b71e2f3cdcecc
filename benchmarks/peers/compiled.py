"""The workload by this project's technique: the engine's way of doing things and its helpers, not the engine itself.

As in the engine, all that a rule reads of a resident is one record; fear is kept as a value and the day it was
written, and worked out when somebody asks; who is victimized on which day is drawn once for the whole run; every
random number is a function of its name; and the days are one compiled loop. A day costs what happens in it.
"""

from functools import partial

import numpy as np

from simulation.compilation import kernel, record, rule
from simulation.randomness import uniform
from simulation.submodels.arithmetic import expit, pick, relaxed
from simulation.submodels.candidates import candidate_count

from .workload import (
    CLEARED,
    FEAR_EFFECT,
    FEAR_HALF_LIFE,
    FEAR_KEPT,
    FEAR_LEVEL,
    MEASURES,
    REPORTING,
    SEVERITY_EFFECT,
    SHOCK_HOUSEHOLD,
    SHOCK_TARGET,
    SHOCK_TIE,
    STATUSES,
    TRUST_EFFECT,
    TRUST_GAIN,
    TRUST_LOSS,
    UNDOCUMENTED,
)

CRIME_COUNT, CRIME_DAY, SEVERITY, REPORT, CLEARANCE, EVENT_COUNT, TARGET = map(np.int64, range(1, 8))
CRIMES, REPORTS, CLEARANCES, FEAR, TRUST = range(len(MEASURES))
FEAR_RATE = np.log(2.0) / FEAR_HALF_LIFE

RESIDENT = record(
    [("trust", np.float64), ("fear", np.float64), ("fear_day", np.int32), ("household", np.int32), ("status", np.int8)]
)
"""`fear` is what exceeded the resident's own level on the day in `fear_day`."""


@rule
def draw_crimes(seed, days, rates):
    """Draw who is victimized on which day.

    A Poisson number of candidates on independent days, of which those of one resident and day are one crime: so each
    day has its own chance of `1 - exp(-rate)`.

    Parameters
    ----------
    seed, days : int
        Seed and length of the run.
    rates : float64, shape (N,)
        Candidates per resident and day.

    Returns
    -------
    start : int64, shape (days + 1,)
        Where each day starts among the victims, and their number.
    victims : int32
        Residents in the order of (day, resident).
    """
    counts, number = np.zeros(len(rates), np.uint8), 0
    for row in range(len(rates)):
        u, mean = uniform(seed, CRIME_COUNT, row, 0), days * rates[row]
        if u >= 1.0 - mean:  # below exp(-mean), which is dear
            counts[row] = candidate_count(u, mean)
            number += counts[row]
    owner, day = np.empty(number, np.int32), np.empty(number, np.int32)
    start = np.zeros(days + 1, np.int64)
    n = 0
    for row in range(len(rates)):
        for ordinal in range(counts[row]):
            owner[n], day[n] = row, pick(uniform(seed, CRIME_DAY, row, ordinal), days)
            start[day[n] + 1] += 1
            n += 1
    for d in range(days):
        start[d + 1] += start[d]
    position, victims = start.copy(), np.empty(number, np.int32)
    for e in range(number):
        victims[position[day[e]]] = owner[e]
        position[day[e]] += 1
    return start, victims


@kernel
def suffer_crimes(seed, day, victims, residents, sums, counts):
    """Let today's victims report or keep silent, and learn what became of it."""
    for e in range(len(victims)):
        row = victims[e]
        if e > 0 and victims[e - 1] == row:
            continue
        resident = residents[row]
        status, trust = resident.status, resident.trust
        fear = FEAR_LEVEL[status] + relaxed(resident.fear, FEAR_RATE, day - resident.fear_day)
        severity = uniform(seed, SEVERITY, row, day)
        odds = REPORTING + TRUST_EFFECT * trust - FEAR_EFFECT * fear + SEVERITY_EFFECT * severity
        counts[CRIMES, status] += 1
        if uniform(seed, REPORT, row, day) >= expit(odds):
            continue
        counts[REPORTS, status] += 1
        if uniform(seed, CLEARANCE, row, day) < CLEARED:
            counts[CLEARANCES, status] += 1
            change = TRUST_GAIN * (1.0 - trust)
        else:
            change = -TRUST_LOSS * trust
        resident.trust = trust + change
        sums[TRUST, status] += change


@kernel
def frighten(day, row, shock, residents, sums):
    """Add to a resident's fear, up to 1 in all."""
    resident = residents[row]
    status = resident.status
    before = relaxed(resident.fear, FEAR_RATE, day - resident.fear_day)
    after = min(before + shock, 1.0 - FEAR_LEVEL[status])
    resident.fear, resident.fear_day = after, day
    sums[FEAR, status] += after - before


@kernel
def meet_enforcement(day, target, people, residents, sums):
    """Frighten the target of an enforcement event, the household and the ties."""
    home = residents[target].household
    for row in range(people.household_start[home], people.household_start[home + 1]):
        frighten(day, row, SHOCK_TARGET if row == target else SHOCK_HOUSEHOLD, residents, sums)
    for k in range(people.ties_start[target], people.ties_start[target + 1]):
        frighten(day, people.ties[k], SHOCK_TIE, residents, sums)


@rule
def run_days(seed, days, rates, events, undocumented, people, residents, size, measures):
    """Run all days; changes `residents` and fills `measures`.

    Parameters
    ----------
    seed, days : int
        Seed and length of the run.
    rates : float64, shape (N,)
        Candidate crimes per resident and day.
    events : float
        Enforcement events per day.
    undocumented : int32
        The residents among whom they find their targets.
    people : People
        Who lives together and who knows whom.
    residents : RESIDENT records, shape (N,)
        Their state.
    size : int64, shape (3,)
        Residents by status.
    measures : float64, shape (days, 5, 3)
        Zero.
    """
    start, victims = draw_crimes(seed, days, rates)
    sums = np.zeros((len(MEASURES), len(STATUSES)))  # of fear above the level and of trust, over residents
    for row in range(len(residents)):
        sums[TRUST, residents[row].status] += residents[row].trust
    for day in range(days):
        for status in range(len(STATUSES)):
            sums[FEAR, status] *= FEAR_KEPT
        suffer_crimes(seed, day, victims[start[day] : start[day + 1]], residents, sums, measures[day])
        for e in range(candidate_count(uniform(seed, EVENT_COUNT, 0, day), events)):
            target = undocumented[pick(uniform(seed, TARGET, e, day), len(undocumented))]
            meet_enforcement(day, target, people, residents, sums)
        for status in range(len(STATUSES)):
            measures[day, FEAR, status] = FEAR_LEVEL[status] + sums[FEAR, status] / size[status]
            measures[day, TRUST, status] = sums[TRUST, status] / size[status]


class City:
    """The records of the residents, and what does not change."""

    def __init__(self, people, seed, enforcement):
        self.people, self.seed = people, np.int64(seed)
        self.residents = np.zeros(len(people.status), RESIDENT)
        for name in ("trust", "household", "status"):
            self.residents[name] = getattr(people, name)
        self.rates, self.events = -np.log1p(-people.hazard), enforcement * len(self.residents)
        self.undocumented = np.flatnonzero(people.status == UNDOCUMENTED).astype(np.int32)
        self.size = np.bincount(people.status, minlength=len(STATUSES))

    def run(self, days):
        """Run all days and return the measures."""
        measures = np.zeros((days, len(MEASURES), len(STATUSES)))
        run_days(
            self.seed, days, self.rates, self.events, self.undocumented, self.people, self.residents, self.size,
            measures,
        )  # fmt: skip
        return measures


def prepare(people, days, seed, enforcement):
    """Fill the records (see `workload.Prepare`)."""
    return partial(City(people, seed, enforcement).run, days)
