"""Governance: how the owners of the database vote, and when a funding cut is in force (MODEL.md 5.8, ODD 4.1)."""

import numpy as np

from ..compilation import rule


@rule
def reporting_gap(happened, reported, happened_immigrant, reported_immigrant):
    """Return how much less often crimes against immigrant communities are reported than others, in percentage points.

    `100 * (reported / happened - reported_immigrant / happened_immigrant)` (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    happened, reported : int
        Crimes against residents without immigrant ties, and those of them that were reported.
    happened_immigrant, reported_immigrant : int
        The same for all other communities together.

    Returns
    -------
    float
        -100 to 100; NaN, undefined, if either had no crime.
    """
    if happened == 0 or happened_immigrant == 0:
        return np.nan
    return 100.0 * (reported / happened - reported_immigrant / happened_immigrant)


@rule
def victimization_rise(crimes, crimes_before):
    """Return how much crime rose from one year to the next, in percent.

    `100 * (crimes / crimes_before - 1)` (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    crimes, crimes_before : int
        Crimes that happened in the last 365 days, and in the 365 days before.

    Returns
    -------
    float
        -100 or more; NaN, undefined, if none happened before.
    """
    return 100.0 * (crimes / crimes_before - 1.0) if crimes_before > 0 else np.nan


@rule
def budget_left(budget, share, injunction):
    """Return the police budget that is expected to be left after a threatened cut.

    `budget * (1 - share * (1 - injunction))` (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    budget : float
        Before this cut, in percent of the usual.
    share : float
        Share that would be cut, 0 to 1.
    injunction : float
        Probability that a court blocks the cut.

    Returns
    -------
    float
        Percent.
    """
    return budget * (1.0 - share * (1.0 - injunction))


@rule
def votes_to_end(value, threshold):
    """Return whether an owner of the database votes to end the agreement.

    If the yardstick is above the threshold; an undefined value (NaN) is a vote to keep it (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    value, threshold : float
        In the unit of the yardstick.

    Returns
    -------
    bool
    """
    return value > threshold


@rule
def is_ended(city, district_attorney, courts):
    """Return whether a vote ends the agreement: two of three suffice (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    city, district_attorney, courts : bool
        Whether each votes to end it.

    Returns
    -------
    bool
    """
    return int(city) + int(district_attorney) + int(courts) >= 2


@rule
def is_blocked(u, injunction):
    """Return whether a court blocks a funding cut: `u(INJUNCTION, 0, t) < injunction` (MODEL.md 5.8, ODD 4.1).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1), stream `INJUNCTION`.
    injunction : float
        Probability.

    Returns
    -------
    bool
    """
    return u < injunction
