"""Candidate events: every crime and other arrest that could happen to a resident in a year (MODEL.md 4, ODD 4.1).

A candidate is drawn at a bound above the base rate, from the resident's own stream; whether it happens is decided
on its day (thinning). So all scenarios with one seed share every candidate.
"""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import CANDIDATE_COUNT, CANDIDATE_DAY, ORDINALS_PER_YEAR, identity, uniform
from ..state import CANDIDATE, Candidates
from ..vocabulary import DAYS_PER_YEAR, OTHER_ARREST
from .presence import offends

_ROWS_AT_A_TIME = 4096
"""Residents that are gone through twice before the next: so few are still in the processor's cache."""


@rule
def candidate_crime_rate(headroom, victim_weight, district_rate):
    """Return a resident's rate of candidate crimes.

    `l_c = headroom * weight_i * sum_k rate[district, k]` (MODEL.md 4, ODD 4.1).

    Parameters
    ----------
    headroom : float
        Multiple of the base rate at which candidates are drawn, at least 1.
    victim_weight : float
        Victimization weight, 0 or more; mean 1 in each district.
    district_rate : float
        Crimes of all types per resident and year in the district, 0 or more.

    Returns
    -------
    float
        Candidate crimes per year, 0 or more.
    """
    return headroom * victim_weight * district_rate


@rule
def other_arrest_rate(base, status_ratio, offender_ratio, offending_weight):
    """Return a resident's rate of arrests for drugs, driving, traffic and public order.

    `l_a = other_arrest_rate * other_arrest_ratio[status at the start] * (1 + offender_arrest_ratio * offending weight)`
    (MODEL.md 5.4, ODD 4.1).

    Parameters
    ----------
    base : float
        Other arrests per year of a U.S.-born citizen without offending weight, 0 or more (solved, ODD 4.9).
    status_ratio : float
        Ratio of the resident's legal status to U.S.-born citizens, 0 or more.
    offender_ratio : float
        What each unit of offending weight adds, 0 or more.
    offending_weight : int
        Offending weight in whole units, 0 or more.

    Returns
    -------
    float
        Other arrests per year, 0 or more.
    """
    return base * status_ratio * (1.0 + offender_ratio * offending_weight)


@rule
def candidate_count(u, mean):
    """Return how many candidates a resident has in a year block.

    The Poisson distribution is inverted: the smallest n with `u < P(Poisson(mean) <= n)`, found by summing terms
    upward, at most 63 (ODD 4.1).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `CANDIDATE_COUNT`.
    mean : float
        Expected candidates per year, crimes and other arrests, 0 or more.

    Returns
    -------
    int
        0 to 63.
    """
    term = np.exp(-mean)
    cumulative = term
    n = 0
    while u >= cumulative and n < ORDINALS_PER_YEAR - 1:
        n += 1
        term *= mean / n
        cumulative += term
    return n


@rule
def candidate_kind(u, crime_rate, arrest_rate, cumulative_rate):
    """Return what a candidate is: a crime of some type, or an other arrest.

    With `v = u * (l_c + l_a)`: an other arrest if `v < l_a`; else the first type k with `(v - l_a) / l_c * R` below the
    district's cumulative rate, R its total rate, and the last type if rounding leaves none. So crime types come in
    proportion to the district's rates (ODD 4.1).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `CANDIDATE_TYPE`.
    crime_rate, arrest_rate : float
        The resident's candidate crimes and other arrests per year, `l_c` and `l_a`, 0 or more.
    cumulative_rate : float64, shape (9,)
        Crimes per resident and year in the district, summed over the types up to each.

    Returns
    -------
    int
        Code of `CrimeType`, or `OTHER_ARREST`.
    """
    v = u * (crime_rate + arrest_rate)
    if v < arrest_rate:
        return OTHER_ARREST
    x = (v - arrest_rate) / crime_rate * cumulative_rate[-1]
    kind = 0
    while kind < OTHER_ARREST - 1 and x >= cumulative_rate[kind]:
        kind += 1
    return kind


@kernel
def candidate_rates(seed, rules, resident, row, generation, district_rate):
    """Return a resident's yearly rates of candidate crimes and of other arrests.

    Reads the resident, whose offending weight counts only if the present holder of the row has it (ODD 4.1).
    """
    weight = resident.offending_weight
    if weight > 0 and not offends(seed, row, generation, weight, rules.mean_offending_weight):
        weight = 0
    crimes = candidate_crime_rate(rules.headroom, resident.victim_weight, district_rate)
    arrests = other_arrest_rate(
        rules.other_arrest_rate, rules.other_arrest_ratio[resident.status_at_start], rules.offender_arrest_ratio, weight
    )
    return crimes, arrests


@rule
def candidate_day(seed, who, occasion):
    """Return the day of its year block on which a candidate falls.

    `int(365 * u(CANDIDATE_DAY, who, o))` (ODD 4.1).

    Parameters
    ----------
    seed : int
        Seed of the run.
    who : int
        Identity of the resident.
    occasion : int
        Occasion of the candidate, year block * 64 + ordinal.

    Returns
    -------
    int
        0 to 364.
    """
    return int(DAYS_PER_YEAR * uniform(seed, CANDIDATE_DAY, who, occasion))


@kernel
def expected_candidates(seed, rules, districts, residents, row):
    """Return how many candidates a resident has in a year on average; changes nothing (ODD 4.1)."""
    resident = residents[row]
    crimes, arrests = candidate_rates(
        seed, rules, resident, row, resident.generation, districts.total_rate[resident.district]
    )
    return crimes + arrests


@kernel
def find_owners(seed, block, first, rules, districts, residents, rows):
    """Find who may have candidates in a year block, among as many residents from `first` on as `rows` has room for.

    Fills `rows`; returns how many. `exp(-mean) >= 1 - mean`, so nobody with candidates is left out. Nobody can guess
    who has some, a processor neither: so it is not asked to, and every row is written down, over those that have none
    (ODD 4.1).
    """
    n = 0
    for row in range(first, min(first + rows.shape[0], residents.shape[0])):
        u = uniform(seed, CANDIDATE_COUNT, identity(row, residents[row].generation), block)
        rows[n] = row
        n += u >= 1.0 - expected_candidates(seed, rules, districts, residents, row)
    return n


@rule
def draw_candidates(seed, block, rules, districts, residents):
    """Draw every resident's candidates of a year block, present or not (ODD 4.1).

    Parameters
    ----------
    seed : int
        Seed of the run.
    block : int
        Year block, day // 365.
    rules : RULES record
        Headroom, other arrests and mean offending weight are read.
    districts : Districts
        Total rates are read.
    residents : RESIDENT records, shape (N,)
        All residents.

    Returns
    -------
    start : int64, shape (366,)
        Where each day of the block starts among the candidates, and their number.
    by_day : CANDIDATE records
        The candidates in the order of (day, row, ordinal).
    """
    drawn = np.empty(residents.shape[0] // 2 + 1024, CANDIDATE)
    day = np.empty(drawn.shape[0], np.int16)
    start = np.zeros(DAYS_PER_YEAR + 1, np.int64)
    rows = np.empty(_ROWS_AT_A_TIME, np.int64)
    n = 0
    for first in range(0, residents.shape[0], _ROWS_AT_A_TIME):
        for q in range(find_owners(seed, block, first, rules, districts, residents, rows)):
            row = rows[q]
            generation = residents[row].generation
            mean = expected_candidates(seed, rules, districts, residents, row)
            who = identity(row, generation)
            count = candidate_count(uniform(seed, CANDIDATE_COUNT, who, block), mean)
            if n + count > drawn.shape[0]:
                drawn, day = _grow(drawn), _grow(day)
            for ordinal in range(count):
                candidate = drawn[n]
                candidate.row = row
                candidate.next = -1
                candidate.generation = generation
                candidate.ordinal = ordinal
                day[n] = candidate_day(seed, who, block * ORDINALS_PER_YEAR + ordinal)
                start[day[n] + 1] += 1
                n += 1
    for d in range(DAYS_PER_YEAR):
        start[d + 1] += start[d]
    position = start.copy()
    by_day = np.empty(n, CANDIDATE)
    for e in range(n):
        by_day[position[day[e]]] = drawn[e]
        position[day[e]] += 1
    return start, by_day


@rule
def _grow(array):
    """Return a copy of an array with twice the room, and more.

    Parameters
    ----------
    array : array, shape (n,)
        What is full.

    Returns
    -------
    array, shape (2 n + 64,)
        The same, then space that is not set.
    """
    bigger = np.empty(2 * array.shape[0] + ORDINALS_PER_YEAR, array.dtype)
    for i in range(array.shape[0]):
        bigger[i] = array[i]
    return bigger


def make_candidates(start: np.ndarray, candidate: np.ndarray, room_for_newcomers: int) -> Candidates:
    """Wrap what `draw_candidates` returned, with room for the candidates of people who arrive during the year.

    Parameters
    ----------
    start : int64, shape (366,)
        Where each day starts.
    candidate : CANDIDATE records
        The candidates by day.
    room_for_newcomers : int
        Candidates of newcomers that fit; the engine enlarges it when needed.

    Returns
    -------
    Candidates
        With no candidates of newcomers yet.
    """
    return Candidates(
        start=start,
        candidate=candidate,
        late_head=np.full(DAYS_PER_YEAR, -1, np.int32),
        late=np.zeros(room_for_newcomers, CANDIDATE),
        late_size=np.zeros(1, np.int64),
    )


@kernel
def add_newcomer(seed, day, rules, districts, residents, candidates, row):
    """Draw the candidates of a newcomer for the rest of the year block.

    Reads the resident's rates and adds to the lists of late candidates in `candidates`, on days after today only
    (ODD 4.1).
    """
    block = day // DAYS_PER_YEAR
    generation = residents[row].generation
    who = identity(row, generation)
    mean = expected_candidates(seed, rules, districts, residents, row)
    for ordinal in range(candidate_count(uniform(seed, CANDIDATE_COUNT, who, block), mean)):
        at = candidate_day(seed, who, block * ORDINALS_PER_YEAR + ordinal)
        if at <= day % DAYS_PER_YEAR:
            continue
        e = candidates.late_size[0]
        candidates.late_size[0] += 1
        late = candidates.late[e]
        late.row = row
        late.generation = generation
        late.ordinal = ordinal
        late.next = candidates.late_head[at]
        candidates.late_head[at] = e


@kernel
def todays_candidates(day, residents, candidates, found):
    """Collect today's candidates of people who still hold their row; return how many.

    Reads `candidates`, those of newcomers too, and drops those of former holders; fills `found` in the order of
    (row, ordinal) (ODD 4.1).
    """
    at, first_occasion = day % DAYS_PER_YEAR, day // DAYS_PER_YEAR * ORDINALS_PER_YEAR
    n = 0
    for e in range(candidates.start[at], candidates.start[at + 1]):
        candidate = candidates.candidate[e]
        if candidate.generation == residents[candidate.row].generation:
            found[n].row = candidate.row
            found[n].occasion = first_occasion + candidate.ordinal
            n += 1
    e = candidates.late_head[at]
    while e >= 0:
        late = candidates.late[e]
        if late.generation == residents[late.row].generation:
            occasion = first_occasion + late.ordinal
            position = n
            while position > 0 and (
                found[position - 1].row > late.row
                or (found[position - 1].row == late.row and found[position - 1].occasion > occasion)
            ):
                found[position] = found[position - 1]
                position -= 1
            found[position].row = late.row
            found[position].occasion = occasion
            n += 1
        e = late.next
    return n
