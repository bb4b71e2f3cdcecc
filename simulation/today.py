"""Scratch columns of one day: what happened so far today, for the stages that follow.

Everything here is overwritten the next day; rows are in the order of the events' identities.
"""

from typing import NamedTuple

import numpy as np

from .compilation import record

VICTIM, BYSTANDER_1, BYSTANDER_2 = range(3)
"""Positions of the people at a crime in the last axis of `trust`, `fear`, `p_call`, `calls`, `cooperates`."""
PARTIES = 3

CRIME = record(
    [
        ("trust", np.float64, PARTIES), ("fear", np.float64, PARTIES), ("leaning", np.float64, PARTIES),
        ("court", np.float64, PARTIES), ("p_call", np.float64, PARTIES), ("p_cooperate", np.float64, PARTIES),
        ("p_solve", np.float64), ("relief", np.float64),
        ("victim", np.int32), ("occasion", np.int32), ("offender", np.int32),
        ("bystander", np.int32, PARTIES - 1), ("calls", np.uint8, PARTIES), ("cooperates", np.uint8, PARTIES),
        ("crime_type", np.int8), ("cooperating", np.int8), ("generation", np.uint8),
        ("offender_generation", np.uint8), ("handled", np.bool_), ("reported", np.bool_), ("solved", np.bool_),
        ("on_view", np.bool_),
    ],
)  # fmt: skip
"""A crime that happened. `victim`, `offender` (-1: an outsider) and `bystander` (-1: nobody) are rows; `trust` and
`fear` are what victim and bystanders felt this morning, `leaning`, `p_call` and `p_cooperate` what follows from it;
`court` is how far operations at courthouses keep them from cooperating, `relief` a factor on the victim's dread;
`p_solve` is the probability of solving the crime if reported."""

CANDIDATE_TODAY = record([("row", np.int32), ("occasion", np.int32)])
"""A candidate of today, or an other arrest."""

BOOKING = record(
    [
        ("who", np.int64), ("row", np.int32), ("occasion", np.int32), ("code", np.int8), ("grade", np.int8),
        ("generation", np.uint8),
    ],
)  # fmt: skip
"""A booking: the arrestee (`row`, `generation`), the crime or other arrest that keys it, its type and charge grade."""

ICE_ARREST = record(
    [
        ("row", np.int32),
        ("generation", np.uint8),
        ("channel", np.int8),
        ("criminality", np.int8),
        ("from_data", np.bool_),
        ("in_raid", np.bool_),
    ],
)
"""An immigration arrest, and whether it began with police data, or was made in a raid."""

VISIT = record([("row", np.int32), ("channel", np.int8), ("at_work", np.bool_), ("success", np.bool_)])
"""A visit to a person, and whether that person was arrested."""

DAY_SUMS = record(
    [
        ("opportunity", np.float64),
        ("actual_sharing", np.float64),
        ("risk_now", np.float64),
        ("risk_base", np.float64),
        ("arrests", np.int64),
        ("raid_arrests", np.int64),
        ("from_data", np.int64),
    ],
)
"""The day in one community: how much crime its learned risk draws, actual sharing, and sums of the risk that offenders
see, of immigration arrests outside raids and in them, and of those from police data."""

# Positions in `Today.size`.
SIZES = 5
CRIMES_TODAY, OTHER_ARRESTS_TODAY, BOOKINGS_TODAY, ICE_ARRESTS_TODAY, VISITS_TODAY = range(SIZES)


class Today(NamedTuple):
    """Today's events by kind, how many there are (`size`), sums by community and division, and scratch to sort."""

    size: np.ndarray
    candidates: np.ndarray
    crimes: np.ndarray
    other_arrests: np.ndarray
    bookings: np.ndarray
    ice_arrests: np.ndarray
    visits: np.ndarray
    communities: np.ndarray
    reported_in_division: np.ndarray
    slots: np.ndarray
    keys: np.ndarray


def make_today(room: int, communities: int, divisions: int) -> Today:
    """Return scratch with room for so many events of each kind in a day."""
    return Today(
        size=np.zeros(SIZES, np.int64),
        candidates=np.zeros(room, CANDIDATE_TODAY),
        crimes=np.zeros(room, CRIME),
        other_arrests=np.zeros(room, CANDIDATE_TODAY),
        bookings=np.zeros(room, BOOKING),
        ice_arrests=np.zeros(room, ICE_ARREST),
        visits=np.zeros(room, VISIT),
        communities=np.zeros(communities, DAY_SUMS),
        reported_in_division=np.zeros(divisions, np.int64),
        slots=np.zeros(room, np.int32),
        keys=np.zeros(room, np.int64),
    )
