"""Whether two implementations of the workload give the same answers: means over seeds, within their noise."""

import numpy as np

from .workload import ENFORCEMENT, MEASURES, Prepare, make_people

RESIDENTS, DAYS, SEEDS = 2000, 100, 24
OFTEN = 25 * ENFORCEMENT
"""So much enforcement that undocumented residents report half as often, so that a fault in fear would show."""


def answers(prepare: Prepare, residents: int = RESIDENTS, days: int = DAYS, seeds: int = SEEDS) -> np.ndarray:
    """Return what runs of an implementation come to.

    Parameters
    ----------
    prepare : Prepare
        The implementation.
    residents, days : int
        Size and length of each run.
    seeds : int
        Runs, on the same people.

    Returns
    -------
    float64, shape (seeds, 15)
        Totals of crimes, reports and clearances, fear on average over the days, and trust in the end; each by status.
    """
    people = make_people(residents)
    runs = np.stack([prepare(people, days, seed, OFTEN)() for seed in range(1, seeds + 1)])
    of = dict(zip(MEASURES, runs.transpose(2, 0, 1, 3)))
    totals = [of[name].sum(axis=1) for name in ("crimes", "reports", "cleared")]
    return np.concatenate([*totals, of["fear"].mean(axis=1), of["trust"][:, -1]], axis=1)


def largest_difference(one, other) -> float:
    """Return by how many standard errors the means of two implementations differ, at most.

    Parameters
    ----------
    one, other : array of float, shape (seeds, 15)
        From `answers`.

    Returns
    -------
    float
        Over all 15 numbers; among so many, 3 is common and 4 rare if both are the same in truth.
    """
    one, other = np.asarray(one), np.asarray(other)
    errors = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    return float(np.abs((one.mean(axis=0) - other.mean(axis=0)) / errors).max())
