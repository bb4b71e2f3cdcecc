"""The columns: everything that changes during a run, and the tables the rules read.

Each piece of state has one home here. The tuples are groups of arrays that compiled code can read; numbers of
residents N, days T, communities C, crime types K, divisions V, districts D.
"""

from typing import NamedTuple

import numpy as np

from .compilation import record
from .constants import Constants
from .levers import Policy
from .parameters import table
from .population import Population
from .vocabulary import Channel, ChargeGrade, Community, CrimeType, Criminality, Detainers, LegalStatus, Role

COMMUNITIES, CRIMES = len(Community), len(CrimeType)
VULNERABILITY_CLASSES = 1 + 2 * len(LegalStatus)


_FIXED = ("household", "victim_weight", "trust_baseline", "district", "offending_weight", "community", "status")
RESIDENT = record(
    {
        "names": [
            "trust", "fear", "trust_day", "fear_day", "until", "household", "victim_weight", "trust_baseline",
            "district", "offending_weight", "community", "status", "vulnerability_class", "absence", "generation",
            "record", "household_lost",
        ],
        "formats": [
            np.float64, np.float64, np.int32, np.int32, np.int32, np.int32, np.float32, np.float32,
            np.int16, np.int16, np.int8, np.int8, np.int8, np.int8, np.uint8,
            np.uint8, np.bool_,
        ],
        "itemsize": 64,
    },
)  # fmt: skip
"""All about a resident, side by side on one cache line of 64 bytes.

Fixed, as `Population` describes them: `household`, `victim_weight`, `trust_baseline`, `district`, `offending_weight`,
`community`, `status`, and `vulnerability_class`, which is 0 outside immigrant communities, else 1 + status + 4 if the
resident lives with an undocumented person. Changing: `trust` (standard deviations from the baseline) and `fear` are
values on the day in `trust_day`, `fear_day` and relax from there. `until` is the first day the person is back;
`absence` is why they are away, meaningful while `until` lies ahead. `generation` counts the newcomers that have taken
the row, `record` holds the bits of the criminal record. `household_lost`, kept by the first member, says that the
household has lost somebody to removal.
"""


class People(NamedTuple):
    """Who lives together, who offends where and who knows whom, as `Population` describes it.

    `immigrant_rows` (int64, shape (n, 2)) are the first row and the end of every stretch of residents of immigrant
    communities, `class_size` (int64, shape (C, 9)) counts residents by community and vulnerability class.
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
        ("belief", float), ("surge", float), ("expected", float), ("risk_now", float), ("risk_base", float),
        ("trust_change", float), ("fear", float),
    ]
)  # fmt: skip
"""State of a community: perceived sharing; enforcement beyond what is expected, whose positive part is salience;
expected arrests per 1,000 residents per day; the two sums whose ratio is learned risk; and the sums over all its
residents of the change in trust and of fear, as they stand this morning."""


class Districts(NamedTuple):
    """Solved numbers of districts and divisions (see `Constants`), and what changes: open cases and today's load."""

    cumulative_rate: np.ndarray
    total_rate: np.ndarray
    division: np.ndarray
    baseline_cases: np.ndarray
    open_cases: np.ndarray
    load: np.ndarray


_K, _C, _S, _G = len(CrimeType), len(Community), len(LegalStatus), len(ChargeGrade)
_TABLES = {
    "handled": _K, "call_intercept": _K, "solve_intercept": _K, "expected_cooperating": _K, "bystander_slot": _K,
    "community_size": _C, "contact_share": (_C, len(Role)), "vulnerability": VULNERABILITY_CLASSES,
    "bystander_household": _K, "bystander_neighbor": _K, "on_view": _K, "other_arrest_ratio": _S,
    "conviction": _G, "jail": _G, "jail_term": _G, "detainer_compliance": len(Detainers),
}  # fmt: skip
_WHOLE = ("disposition_delay", "batch_delay")
_NUMBERS = [
    "other_arrest_rate",
    "mean_offending_weight",
    "millions",
    "headroom",
    "local_offender_share",
    "offender_response",
    "replacement",
    "deportation_deterrence",
    "trust_effect",
    "fear_effect",
    "bystander_call",
    "bystander_cooperation",
    "victim_cooperation",
    "cooperation_effect",
    "load_effect",
    "case_decay",
    "arrest_delay",
    "wrongful_arrest",
    "offender_arrest_ratio",
    "other_charge_felony",
    "other_charge_misdemeanor",
    "state_prison_share",
    "fingerprint_match",
    "unhonored_visibility",
    "prison_transfer",
    "database_visits",
    "other_visits",
    "lead_success",
    "other_lead_success",
    "workplace_share",
    "collateral_arrest",
    "lead_shelf_life",
    "batch_visibility",
    "unsuccessful_visit_weight",
    "detention_term",
    "removal",
    "return_delay",
    "newcomer_delay",
    "trust_solved",
    "trust_unsolved",
    "trust_arrest",
    "trust_ice",
    "trust_decay",
    "fear_household",
    "fear_tie",
    "fear_decay",
    "salience_gain",
    "salience_kept",
    "habituation",
    "expectation_kept",
    "belief_floor",
    "awareness",
    "belief_kept",
    "belief_gain",
    "learning_kept",
]
RULES = record(
    [(name, np.float64) for name in _NUMBERS]
    + [(name, np.int64) for name in _WHOLE]
    + [(name, np.float64, size) for name, size in _TABLES.items()],
)
"""Every number that a rule reads: solved constants and parameters, in the units of the rules.

Names are those of the parameter or constant; `*_decay` is a daily rate, `*_kept` the share left after a day,
`*_delay` a number of days, and bystander and victim probabilities are log-odds.
"""

POLICY = record([(name, {bool: np.bool_, int: np.int64, float: np.float64}[kind])
                   for name, kind in Policy.__annotations__.items()])  # fmt: skip
"""The rules in force on one day (see `Policy`)."""

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
                  "prevented_by_jail", "prevented_by_enforcement")  # fmt: skip
HAPPENED, HANDLED, REPORTED, RECORDED, CLEARED, PREVENTED_JAIL, PREVENTED_ENFORCEMENT = range(7)
# Columns of the daily counts by legal status of the victim (last axis of `Counts.status`).
STATUS_MEASURES = ("happened", "reported", "cleared")
STATUS_HAPPENED, STATUS_REPORTED, STATUS_CLEARED = range(3)
# Columns of the daily counts of the whole city (last axis of `Counts.city`).
CITY_MEASURES = ("visits", "wasted_visits", "clipped_rates")
VISITS, WASTED_VISITS, CLIPPED = range(3)
# Columns of the daily state of communities (last axis of `Counts.community`).
COMMUNITY_MEASURES = ("belief", "salience", "learned_risk")


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
the number of offenders away (jailed; detained or removed); `community`, belief, salience and learned risk at the end.
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


def make_people(population: Population) -> People:
    """Return the population's ties as compiled code reads them."""
    fixed = {name: getattr(population, name) for name in People._fields if hasattr(population, name)}
    immigrant = np.concatenate(([False], population.community != Community.NO_IMMIGRANT_TIES, [False]))
    turns = np.flatnonzero(immigrant[1:] != immigrant[:-1]).reshape(-1, 2)
    cell = population.community.astype(np.int64) * VULNERABILITY_CLASSES + vulnerability_class(population)
    size = np.bincount(cell, minlength=COMMUNITIES * VULNERABILITY_CLASSES)
    return People(**fixed, immigrant_rows=turns, class_size=size.reshape(COMMUNITIES, VULNERABILITY_CLASSES))


def make_residents(population: Population) -> np.ndarray:
    """Return the residents at day 0: everybody present, nothing experienced; `RESIDENT` records, shape (N,)."""
    residents = np.zeros(len(population), RESIDENT)
    for name in (*_FIXED, "record"):
        residents[name] = getattr(population, name)
    residents["vulnerability_class"] = vulnerability_class(population)
    return residents


def vulnerability_class(population: Population) -> np.ndarray:
    """Return the vulnerability class of every resident (see `RESIDENT`); int8, shape (N,)."""
    immigrant = population.community != Community.NO_IMMIGRANT_TIES
    with_undocumented = len(LegalStatus) * population.lives_with_undocumented.astype(np.int8)
    return (immigrant * (1 + population.status + with_undocumented)).astype(np.int8)


def vulnerability_by_class(values: dict[str, float]) -> np.ndarray:
    """Return the vulnerability of each of the nine classes (MODEL.md 5.2)."""
    alone = np.array(table(values, "vulnerability"))
    with_undocumented = alone + values["mixed_status_vulnerability"] * (1.0 - alone)
    return np.concatenate(([0.0], alone, with_undocumented))


def kept(half_life: float) -> float:
    """Return the share of a quantity that is left after one day."""
    return 0.5 ** (1.0 / half_life)


def _mean_delay(rate: float) -> float:
    """Return the mean delay in days at a yearly rate; 0 stands for never."""
    return 365.0 / rate if rate > 0 else 0.0


def make_rules(values: dict[str, float], constants: Constants, expected_size: float) -> np.void:
    """Collect solved constants and parameter values in the form that the rules read (a `RULES` record)."""
    derived = {
        "millions": expected_size / 1e6,
        "vulnerability": vulnerability_by_class(values),
        "bystander_call": logit(values["bystander_call"]),
        "bystander_cooperation": logit(values["bystander_cooperation"]),
        "victim_cooperation": logit(values["victim_cooperation"]),
        "case_decay": np.exp(-1.0 / values["case_duration"]),
        "disposition_delay": round(values["disposition_delay"]),
        "batch_delay": round(values["batch_delay"]),
        "return_delay": _mean_delay(values["return_rate"]),
        "newcomer_delay": _mean_delay(values["replacement_migration"]),
        "trust_unsolved": values["trust_unsolved"] * values["asymmetry"],
        "trust_arrest": values["trust_arrest"] * values["asymmetry"],
        "trust_ice": values["trust_ice"] * values["asymmetry"],
        "trust_decay": np.log(2.0) / values["trust_half_life"],
        "fear_decay": np.log(2.0) / values["fear_half_life"],
        "salience_kept": kept(values["salience_half_life"]),
        "expectation_kept": kept(values["expectation_half_life"]),
        "belief_kept": kept(values["belief_half_life"]),
        "learning_kept": kept(values["learning_half_life"]),
    }
    rules = np.zeros((), RULES)
    for name in RULES.names:
        if name in derived:
            rules[name] = derived[name]
        elif name in Constants._fields:
            rules[name] = getattr(constants, name)
        else:
            rules[name] = values[name] if name in values else table(values, name)
    return rules[()]


def make_policy(policy: Policy) -> np.void:
    """Return a policy in the form that the rules read (a `POLICY` record)."""
    return np.array(tuple(policy), POLICY)[()]


def logit(probability: float) -> float:
    """Return the log-odds of a probability."""
    return float(np.log(probability / (1.0 - probability)))


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
