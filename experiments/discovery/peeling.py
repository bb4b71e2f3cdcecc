"""One search by PRIM (patient rule induction method), as the library ema_workbench implements it.

PRIM peels a twentieth of the points at a time from one end of one factor, or one name of a lever, so that cases become
denser among the points that are left, and afterwards pastes back what was cut off in excess (Friedman and Fisher 1999;
Bryant and Lempert 2010 for scenario discovery). Every step is a box.
"""

import math
import warnings
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import InputError

LIBRARY = "ema_workbench"
MISSING = f"discover needs the library {LIBRARY}, which is not installed: python3 -m pip install {LIBRARY}"


class Limit(NamedTuple):
    """What a box says about one factor.

    Attributes
    ----------
    low, high : float or None
        Ends of a numerical factor; None where that end is not restricted.
    levels : tuple of int or None
        Positions of the levels inside, for a categorical factor; None for a numerical one.
    p_low, p_high : float or None
        Quasi-p value of the restriction of each end; that of a categorical factor is `p_low`.
    """

    low: float | None = None
    high: float | None = None
    levels: tuple[int, ...] | None = None
    p_low: float | None = None
    p_high: float | None = None

    def contains(self, values: np.ndarray) -> np.ndarray:
        """Whether each value lies inside."""
        if self.levels is not None:
            return np.isin(values.astype(int), self.levels)
        low, high = (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)
        return (values >= low) & (values <= high)


def peel(x: pd.DataFrame, holds: np.ndarray, smallest_mass: float, patient: bool) -> list[dict[str, Limit]]:
    """Return the restrictions of every step, from all points to the smallest box.

    Parameters
    ----------
    x : pandas.DataFrame
        One column per factor; a categorical one (dtype object) holds positions of levels.
    holds : ndarray of bool
        Which points are cases; some, and not all.
    smallest_mass : float
        Share of the points that a box holds at least.
    patient : bool
        Whether to go on where no step makes cases denser, by the density of what is left; else to stop there, and to
        go by the gain in density for each point given up, which is fairer between numbers and names.

    Raises
    ------
    InputError
        If the library is missing.
    """
    library, searcher = _library()
    objective = library.PRIMObjectiveFunctions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prim = searcher(
            x, holds.astype(int), threshold=1e-9, mass_min=smallest_mass,
            obj_function=objective.ORIGINAL if patient else objective.LENIENT1,
        )  # fmt: skip
        return [_limits(prim.box_init, each) for each in prim.trajectory()]


@cache
def _library():
    """Return the library and a searcher of its kind that remembers limits only.

    The library's own box works out statistics and quasi-p values at every step, which takes nearly all of its time;
    here they are worked out for the few steps that need them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import ema_workbench.analysis.prim as library
        except ImportError as error:
            missing = (error.name or "").startswith(LIBRARY)
            raise InputError(MISSING if missing else f"discover cannot use {LIBRARY}: {error}") from None

    class Box:
        def __init__(self, limits, indices):
            self.box_lims, self.yi = [limits], indices

        def update(self, limits, indices):
            self.box_lims.append(limits)
            self.yi = indices

    class Searcher(library.Prim):
        def trajectory(self):
            return self._paste(self._peel(Box(self.box_init, self.yi_remaining[:]))).box_lims

    return library, Searcher


def _limits(whole: pd.DataFrame, box: pd.DataFrame) -> dict[str, Limit]:
    """Return the limits of the factors that a box restricts."""
    found = {}
    for name in whole.columns:
        before, now = whole[name].tolist(), box[name].tolist()
        if now == before:
            continue
        if isinstance(before[0], set):
            found[name] = Limit(levels=tuple(sorted(int(each) for each in now[0])))
        else:
            low, high = (None if a == b else float(a) for a, b in zip(now, before))
            found[name] = Limit(low, high)
    return found
