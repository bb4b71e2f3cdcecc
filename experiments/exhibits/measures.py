"""What can be shown month by month: outcomes, by their names, as rates and counts of each month or states on a date."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..storage.monthly import percentage
from .pair import STATES, Pair


class Over(NamedTuple):
    """One measure over time, in both worlds of every pair.

    Attributes
    ----------
    when : datetime64[D], shape (T,)
        First day of each month, or the date of each state.
    middle : datetime64[D], shape (T,)
        Where it is drawn: in the middle of the month.
    a, b : float, shape (n, T)
        NaN where undefined, and where a month is not covered whole.
    """

    when: np.ndarray
    middle: np.ndarray
    a: np.ndarray
    b: np.ndarray


def _share(part: str, whole: str) -> Callable:
    def values(pair: Pair, groups):
        parts, wholes = pair.counts(part, groups), pair.counts(whole, groups)
        return tuple(percentage(*world) for world in zip(parts, wholes))

    return values


def _cleared_of_reported(pair: Pair, groups):
    """Return crimes solved after a report; those met on patrol are recorded and not reported."""
    cleared, recorded, reported = (pair.counts(name, groups) for name in ("cleared", "recorded", "reported"))
    return tuple(percentage(c - (r - n), n) for c, r, n in zip(cleared, recorded, reported))


def _count(*signed: tuple[int, str]) -> Callable:
    def values(pair: Pair, groups):
        worlds = zip(*(pair.counts(name, groups) for _, name in signed))
        return tuple(sum(sign * counts for (sign, _), counts in zip(signed, world)) for world in worlds)

    return values


COUNTED: Mapping[str, Callable] = MappingProxyType({
    "crimes_happened": _count((1, "happened")),
    "crimes_reported": _count((1, "reported")),
    "crimes_recorded": _count((1, "recorded")),
    "crimes_cleared": _count((1, "cleared")),
    "dark_figure": _count((1, "happened"), (-1, "reported")),
    "handled_otherwise": _count((1, "handled_otherwise")),
    "crimes_prevented_by_jail": _count((1, "prevented_by_jail")),
    "crimes_prevented_by_removal": _count((1, "prevented_by_enforcement")),
    "crimes_of_removed": _count((1, "prevented_by_enforcement"), (1, "replaced_for_enforcement")),
    "bookings": _count((1, "bookings")),
    "immigration_arrests": _count((1, "immigration_arrests")),
    "households_losing_member": _count((1, "households_losing_member")),
})  # fmt: skip
"""Numbers of a month."""
SHARES: Mapping[str, Callable] = MappingProxyType({
    "reporting_rate": _share("reported", "happened"),
    "clearance_rate": _cleared_of_reported,
    "solve_rate": _share("cleared", "happened"),
})  # fmt: skip
"""Rates of a month, in percent."""
MEASURES = (*SHARES, *STATES, *COUNTED)
"""Every outcome that can be shown over time."""


def over_time_of(pair: Pair, measure: str, groups) -> Over:
    """Return one of `MEASURES` over time, of some communities together (all by None).

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    if measure in STATES:
        return Over(pair.dates, pair.dates, *pair.state(measure, groups))
    if measure not in MEASURES:
        raise ValueError(f"{measure!r} is not shown over time; what is: {', '.join(MEASURES)}")
    values = {**SHARES, **COUNTED}[measure](pair, groups)
    a, b = (np.where(pair.whole_months, world, np.nan) for world in values)
    return Over(pair.months, pair.months + np.timedelta64(14, "D"), a, b)
