"""Investigation: which reported crimes are solved, and when the arrest is made (MODEL.md 5.3, ODD 4.4)."""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import ARREST_DELAY, ON_VIEW, SOLVED, WRONG_PERSON, WRONGFUL_ARREST, identity, uniform
from ..state import ARREST_DUE, CLEARED, RECORDED, STATUS_CLEARED, STATUS_HAPPENED, STATUS_REPORTED
from ..today import CRIMES_TODAY
from .arithmetic import delay, expit, pick
from .due import put_due
from .offending import OUTSIDER


@rule
def staffing(detectives, police_budget, elasticity):
    """Return the number of detectives, as a multiple of the usual.

    `staff = detectives * police_budget ** detective_elasticity` (MODEL.md 5.3, ODD 4.4).

    Parameters
    ----------
    detectives : float
        Detectives at the usual budget, as a multiple of the usual number; above 0.
    police_budget : float
        Multiple of the usual budget, above 0.
    elasticity : float
        How strongly detectives follow the budget, 0 or more; 0 switches the mechanism off.

    Returns
    -------
    float
        Above 0; exactly 1 as usual.
    """
    return detectives * police_budget**elasticity


@rule
def caseload(open_cases, baseline_cases, load_effect, staff):
    """Return how much the open cases per detective of a division lower the log-odds of solving a crime.

    `load[d] = load_effect * log((open_cases[d] + 1) / (staff * (baseline_cases[d] + 1)))`; 0 at the baseline, negative
    below it (MODEL.md 5.3, ODD 4.4).

    Parameters
    ----------
    open_cases : float
        Open cases of the division this morning, 0 or more.
    baseline_cases : float
        Open cases of the division at the reference, 0 or more.
    load_effect : float
        Log-odds per log of the ratio, 0 or more; 0 switches the mechanism off.
    staff : float
        Detectives as a multiple of the usual number, above 0 (`staffing`).

    Returns
    -------
    float
        Log-odds.
    """
    return load_effect * np.log((open_cases + 1.0) / (staff * (baseline_cases + 1.0)))


@rule
def solve_probability(intercept, cooperation_effect, cooperating, expected, load):
    """Return the probability that a reported crime is solved.

    `expit(s[k] + cooperation_effect * (cooperating - expected[k]) - load)` (MODEL.md 5.3, ODD 4.4).

    Parameters
    ----------
    intercept : float
        Log-odds of the crime type at the reference, s[k].
    cooperation_effect : float
        Log-odds per person who cooperates, 0 or more; 0 switches the mechanism off.
    cooperating : float
        People who cooperate, 0 to 3; also an expected number.
    expected : float
        Mean number of people cooperating in a reported crime of the type at the reference, 0 to 3.
    load : float
        Effect of the caseload, log-odds (`caseload`).

    Returns
    -------
    float
        Probability.
    """
    return expit(intercept + cooperation_effect * (cooperating - expected) - load)


@kernel
def weigh_caseloads(policy, rules, districts):
    """Find out how heavy every division's caseload is this morning; changes `districts.load` (ODD 4.4)."""
    staff = staffing(policy.detectives, policy.police_budget, rules.detective_elasticity)
    for division in range(districts.load.shape[0]):
        districts.load[division] = caseload(
            districts.open_cases[division], districts.baseline_cases[division], rules.load_effect, staff
        )


@kernel
def investigate(day, seed, policy, rules, districts, people, residents, due, today, counts):
    """Solve today's reported crimes or not, and put the arrests on the calendar.

    Reads who cooperates and the caseloads of this morning; changes `today.crimes` (solved, on view) and `due`, sums
    today's reports by division, and counts what is recorded and cleared (MODEL.md 5.3, ODD 4.4).
    """
    weigh_caseloads(policy, rules, districts)
    today.reported_in_division[:] = 0
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        kind, victim = crime.crime_type, residents[crime.victim]
        who, occasion = identity(crime.victim, crime.generation), crime.occasion
        division = districts.division[victim.district]
        crime.p_solve = solve_probability(
            rules.solve_intercept[kind],
            rules.cooperation_effect,
            crime.cooperating,
            rules.expected_cooperating[kind],
            districts.load[division],
        )
        crime.solved = crime.reported and uniform(seed, SOLVED, who, occasion) < crime.p_solve
        crime.on_view = not crime.reported and uniform(seed, ON_VIEW, who, occasion) < rules.on_view[kind]
        today.reported_in_division[division] += crime.reported
        count_investigation(day, crime, kind, victim, counts)
        if crime.solved or crime.on_view:
            schedule_arrest(day, seed, who, crime, victim.district, rules, people, residents, due)


@kernel
def count_investigation(day, crime, kind, victim, counts):
    """Count a crime as recorded and cleared, and by the victim's status at the start; changes `counts` (ODD 4.4)."""
    cleared = crime.solved or crime.on_view
    counts[day].crimes[victim.community, kind, RECORDED] += crime.reported or crime.on_view
    counts[day].crimes[victim.community, kind, CLEARED] += cleared
    counts[day].status[victim.status_at_start, STATUS_HAPPENED] += 1
    counts[day].status[victim.status_at_start, STATUS_REPORTED] += crime.reported
    counts[day].status[victim.status_at_start, STATUS_CLEARED] += cleared


@kernel
def schedule_arrest(day, seed, who, crime, district, rules, people, residents, due):
    """Put the arrest for a solved crime on the calendar: of the offender, or of the wrong person.

    Changes `due`. An arrest on view falls due today and is never of the wrong person; that of an outsider books nobody
    (ODD 4.4).
    """
    occasion = crime.occasion
    arrestee, generation, arrest_day, is_wrong = crime.offender, crime.offender_generation, day, False
    if crime.solved:
        arrest_day = day + delay(uniform(seed, ARREST_DELAY, who, occasion), rules.arrest_delay)
        is_wrong = uniform(seed, WRONGFUL_ARREST, who, occasion) < rules.wrongful_arrest
    if is_wrong:
        first, end = people.district_start[district], people.district_start[district + 1]
        arrestee = first + pick(uniform(seed, WRONG_PERSON, who, occasion), end - first)
        generation = residents[arrestee].generation
    if arrestee != OUTSIDER:
        put_due(due, ARREST_DUE, arrest_day, arrestee, generation, who, occasion, crime.crime_type, is_wrong)


@kernel
def update_caseload(districts, reported, case_decay):
    """Close old cases at a constant rate and open today's.

    `open_cases = open_cases * exp(-1 / case_duration) + reported`, by division; changes `districts.open_cases` (ODD
    4.4).
    """
    for division in range(districts.open_cases.shape[0]):
        districts.open_cases[division] = districts.open_cases[division] * case_decay + reported[division]
