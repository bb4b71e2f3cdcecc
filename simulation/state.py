"""The columns: everything that changes during a run.

Each piece of state has one home here. The tuples are groups of arrays that compiled code can read; numbers of
residents N, days T, communities C, crime types K, divisions V, districts D.
"""

from typing import NamedTuple

import numpy as np

from .compilation import record
from .population import Population
from .rules import VULNERABILITY_CLASSES
from .vocabulary import Channel, ChargeGrade, Community, CrimeType, Criminality, LegalStatus

COMMUNITIES, CRIMES = len(Community), len(CrimeType)

_FIXED = ("household", "victim_weight", "trust_baseline", "district", "offending_weight", "community")
RESIDENT = record(
    {
        "names": [
            "trust", "fear", "trust_day", "fear_day", "until", "household", "victim_weight", "trust_baseline",
            "district", "offending_weight", "community", "status", "vulnerability_class", "absence", "generation",
            "record", "household_lost", "status_at_start",
        ],
        "formats": [
            np.float64, np.float64, np.int32, np.int32, np.int32, np.int32, np.float32, np.float32,
            np.int16, np.int16, np.int8, np.int8, np.int8, np.int8, np.uint8,
            np.uint8, np.bool_, np.int8,
        ],
        "itemsize": 64,
    },
)  # fmt: skip
"""All about a resident, side by side on one cache line of 64 bytes.

Fixed, as `Population` describes them: `household`, `victim_weight`, `trust_baseline`, `district`, `offending_weight`,
`community`, and `status_at_start`. Changing: `status`, the legal status, and with it `vulnerability_class`, which is 0
outside immigrant communities, else 1 + status + 4 if the resident lives with an undocumented person; `trust` (standard
deviations from the baseline) and `fear` are values on the day in `trust_day`, `fear_day` and relax from there. `until`
is the first day the person is back; `absence` is why they are away, meaningful while `until` lies ahead. `generation`
counts the newcomers that have taken the row, `record` holds the bits of the criminal record. `household_lost`, kept by
the first member, says that the household has lost somebody to removal.
"""


class People(NamedTuple):
    """Who lives together, who offends where and who knows whom, as `Population` describes it.

    Only `class_size`, the residents by community and vulnerability class, changes during a run.
    """

    household_start: np.ndarray
    district_start: np.ndarray
    roster: np.ndarray
    roster_start: np.ndarray
    neighbors: np.ndarray
    coworkers: np.ndarray
    undocumented_rows: np.ndarray
    immigrant_rows: np.ndarray
    class_size: np.ndarray


COMMUNITY = record(
    [
        ("belief", float), ("known", float), ("surge", float), ("expected", float), ("risk_now", float),
        ("risk_base", float), ("news", float), ("reassured_news", float), ("trust_shift", float),
        ("trust_change", float), ("fear", float),
    ]
)  # fmt: skip
"""State of a community: perceived sharing, and the sharing that is public knowledge; enforcement beyond what is
expected, whose positive part adds to salience; expected arrests per 1,000 residents per day; the two sums whose ratio
is learned risk; news of enforcement, of which some was followed by reassurance; a change in trust that all share; and
the sums over all its residents of their own changes in trust and of fear, as they stand this morning."""


class Districts(NamedTuple):
    """Solved numbers of districts and divisions (see `Constants`), and what changes: open cases and today's load."""

    cumulative_rate: np.ndarray
    total_rate: np.ndarray
    division: np.ndarray
    baseline_cases: np.ndarray
    open_cases: np.ndarray
    load: np.ndarray


GRADE_OF_CRIME = np.array(
    [
        ChargeGrade.MISDEMEANOR if k in (CrimeType.SIMPLE_ASSAULT, CrimeType.DOMESTIC_VIOLENCE, CrimeType.THEFT)
        else ChargeGrade.FELONY
        for k in CrimeType
    ],
    np.int64,
)  # fmt: skip
"""Charge grade of an arrest for each crime type."""

# Columns of the daily counts of crimes (last axis of `Counts.crimes`).
CRIME_MEASURES = ("happened", "handled_otherwise", "reported", "recorded", "cleared",
                  "prevented_by_jail", "prevented_by_enforcement", "replaced_for_enforcement")  # fmt: skip
HAPPENED, HANDLED, REPORTED, RECORDED, CLEARED, PREVENTED_JAIL, PREVENTED_ENFORCEMENT, REPLACED_ENFORCEMENT = range(8)
# Columns of the daily counts by legal status of the victim (last axis of `Counts.status`).
STATUS_MEASURES = ("happened", "reported", "cleared")
STATUS_HAPPENED, STATUS_REPORTED, STATUS_CLEARED = range(3)
# Columns of the daily counts of the whole city (last axis of `Counts.city`).
CITY_MEASURES = ("visits", "wasted_visits", "clipped_rates")
VISITS, WASTED_VISITS, CLIPPED = range(3)
# Columns of the daily state of communities (last axis of `Counts.community`).
COMMUNITY_MEASURES = ("belief", "salience", "learned_risk", "actual_sharing")
BELIEF, SALIENCE, LEARNED_RISK, ACTUAL_SHARING = range(4)


COUNTS = record(
    [
        ("crimes", np.int32, (COMMUNITIES, CRIMES, len(CRIME_MEASURES))),
        ("status", np.int32, (len(LegalStatus), len(STATUS_MEASURES))),
        ("bookings", np.int32, COMMUNITIES),
        ("households_lost", np.int32, COMMUNITIES),
        ("arrests", np.int32, (COMMUNITIES, len(Channel), len(Criminality))),
        ("city", np.int32, len(CITY_MEASURES)),
        ("absent_change", np.int32, 2),
        ("community", np.float64, (COMMUNITIES, len(COMMUNITY_MEASURES))),
    ],
)
"""What happened on one day.

`crimes` by community of the victim, crime type and measure; `status` by legal status of the victim and measure;
`bookings`; `households_lost`, the households that lost their first member to removal; `arrests`, immigration arrests
by community, channel and criminality; `city`, visits, wasted visits and clipped rates; `absent_change`, the change in
the number of offenders away (jailed; detained or removed); `community`, belief, salience and learned risk at the end,
and actual sharing.
"""

# Kinds of things that fall due on a later day (first axis of `Due.head`).
DUE_KINDS = 7
REMOVAL_DUE, NEWCOMER_DUE, CONVICTION_DUE, ARREST_DUE, TRANSFER_DUE, LEAD_DUE, RECORD_DUE = range(DUE_KINDS)


DUE = record(
    [
        ("who", np.int64), ("occasion", np.int32), ("row", np.int32), ("next", np.int32), ("code", np.int8),
        ("generation", np.uint8), ("flag", np.bool_),
    ],
)  # fmt: skip
"""One thing that falls due: whom it concerns (`row`, `generation`), the crime or booking that keys its draws (`who`,
`occasion`; for a removal `occasion` is the day of return or replacement), a crime type, channel or role (`code`), and
whether it is a wrong person, a serious conviction or a newcomer (`flag`). `next` is the next slot of its list."""


class Due(NamedTuple):
    """Things that fall due: linked lists by kind and day over a pool of slots.

    `head` (int32, shape (7, T)) is the first slot of a list or -1. `free` holds the unused slots of `slot`,
    `n_free[0]` how many.
    """

    head: np.ndarray
    slot: np.ndarray
    free: np.ndarray
    n_free: np.ndarray


LEAD = record([("row", np.int32), ("day", np.int32), ("generation", np.uint8), ("channel", np.int8)])
"""One lead of the immigration agency, and the day it became workable."""


class Leads(NamedTuple):
    """The agency's stack of leads, newest last; `size[0]` of them."""

    lead: np.ndarray
    size: np.ndarray


CANDIDATE = record([("row", np.int32), ("next", np.int32), ("generation", np.uint8), ("ordinal", np.uint8)])
"""One candidate event; `next` links those of newcomers."""


class Candidates(NamedTuple):
    """Candidate crimes and other arrests of one year block, by day.

    `start` (int64, shape (366,)) delimits the days in `candidate`. Candidates of newcomers are kept apart as linked
    lists in `late` (`late_head` by day of the block, shape (365,)), `late_size[0]` of them.
    """

    start: np.ndarray
    candidate: np.ndarray
    late_head: np.ndarray
    late: np.ndarray
    late_size: np.ndarray


class Snapshots(NamedTuple):
    """State of the communities at the start of some days, the first and the day after the last among them.

    S snapshots. `of_day` (int32, shape (T + 1,)) is the position of a day's snapshot or -1, `communities` (`COMMUNITY`
    records, shape (S, C)) their state, `dread` (float64, shape (S, C)) the sum over their residents; `calm` (float64,
    shape (C, 9)) is scratch.
    """

    of_day: np.ndarray
    communities: np.ndarray
    dread: np.ndarray
    calm: np.ndarray


MEMORY = record([("crimes", np.int32), ("reported", np.int32), ("generation", np.uint8)])
"""What one member of the survey's sample would tell: crimes suffered since the wave before, how many of them somebody
reported, and which holder of the row suffered them."""

ANSWERS = record([("asked", np.int32), ("answered", np.int32), ("crimes", np.int32), ("reported", np.int32)])
"""What one wave of the survey found in a community: residents asked, and those who answered; the crimes that these told
of, and how many of them somebody had reported to the police."""


class Survey(NamedTuple):
    """The victimization survey: an observer, which nothing in the process reads.

    W waves, each `recall` days long, of which the first begins on day `first` and the last ends with the run. `memory`
    (`MEMORY` records, one for each member of the sample) is of the wave that is under way; `answers` (`ANSWERS`
    records, shape (W, C)) is what waves have found so far.
    """

    first: int
    recall: int
    memory: np.ndarray
    answers: np.ndarray


def make_people(population: Population) -> People:
    """Return the population's ties as compiled code reads them, and counts of its own of those of each class."""
    columns = {name: getattr(population, name) for name in People._fields}
    return People(**columns | {"class_size": population.class_size.copy()})


def make_residents(population: Population) -> np.ndarray:
    """Return the residents at day 0: everybody present, nothing experienced; `RESIDENT` records, shape (N,)."""
    residents = np.zeros(len(population), RESIDENT)
    for name in (*_FIXED, "status", "vulnerability_class", "record"):
        residents[name] = getattr(population, name)
    residents["status_at_start"] = population.status
    return residents


def make_counts(days: int) -> np.ndarray:
    """Return the counts of a run of so many days, all zero; one `COUNTS` more, for changes after the last day."""
    return np.zeros(days + 1, COUNTS)


def make_due(days: int, slots: int) -> Due:
    """Return an empty calendar of due things with room for so many at a time."""
    return Due(
        head=np.full((DUE_KINDS, days), -1, np.int32),
        slot=np.zeros(slots, DUE),
        free=np.arange(slots - 1, -1, -1, dtype=np.int32),
        n_free=np.array([slots]),
    )


def make_leads(slots: int) -> Leads:
    """Return an empty stack of leads with room for so many."""
    return Leads(lead=np.zeros(slots, LEAD), size=np.zeros(1, np.int64))


def make_snapshots(days: int, interval: int) -> Snapshots:
    """Return room for snapshots of a run of so many days: at its start, at every interval and at its end."""
    due = np.append(np.arange(0, days, interval), days)
    of_day = np.full(days + 1, -1, np.int32)
    of_day[due] = np.arange(len(due))
    return Snapshots(
        of_day=of_day,
        communities=np.zeros((len(due), COMMUNITIES), COMMUNITY),
        dread=np.zeros((len(due), COMMUNITIES)),
        calm=np.zeros((COMMUNITIES, VULNERABILITY_CLASSES)),
    )


def make_survey(days: int, recall: int, size: int) -> Survey:
    """Return a survey of so many residents, with all the waves that a run of so many days has room for."""
    waves = days // recall
    return Survey(
        first=days - waves * recall,
        recall=recall,
        memory=np.zeros(size, MEMORY),
        answers=np.zeros((waves, COMMUNITIES), ANSWERS),
    )
