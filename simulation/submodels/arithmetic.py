"""The few functions of numbers that several rules share (ODD 3)."""

import numpy as np

from ..compilation import rule


@rule
def expit(x):
    """Return the probability with given log-odds.

    `expit(x) = 1 / (1 + exp(-x))` (MODEL.md 5).

    Parameters
    ----------
    x : float
        Log-odds.

    Returns
    -------
    float
        0 to 1.
    """
    return 1.0 / (1.0 + np.exp(-x))


@rule
def relaxed(value, rate, days):
    """Return what is left of a change that relaxes toward zero.

    `value * 0.5 ** ((t - changed) / half-life)`, computed as `value * exp(-rate * days)`
    (MODEL.md 4, ODD 2).

    Parameters
    ----------
    value : float
        The change on its day, in its own unit.
    rate : float
        Daily rate of decay, `log(2) / half-life`, above 0.
    days : int
        Days since then, 0 or more.

    Returns
    -------
    float
        In the unit of `value`; between it and 0.
    """
    if value == 0.0:
        return 0.0
    return value * np.exp(-rate * days)


@rule
def pick(u, n):
    """Return one of n positions, all equally likely.

    `pick(u, n) = int(u * n)` (ODD 3).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1).
    n : int
        Number of positions, at least 1.

    Returns
    -------
    int
        0 to n - 1.
    """
    return int(u * n)


@rule
def delay(u, mean):
    """Return a geometric delay of at least one whole day.

    `1 + floor(log(1 - u) / log(1 - 1 / mean))`, and 1 if the mean is at most 1 (ODD 3).

    Parameters
    ----------
    u : float
        Uniform number in [0, 1).
    mean : float
        Mean delay in days.

    Returns
    -------
    int
        Days, at least 1.
    """
    if mean <= 1.0:
        return 1
    return 1 + int(min(np.log(1.0 - u) / np.log(1.0 - 1.0 / mean), 1e8))
