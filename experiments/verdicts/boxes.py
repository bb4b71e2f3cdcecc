"""In which part of what is believed is a claim supported, or contradicted? A box over the few parameters that decide.

The search is that of `discovery` (PRIM), and so is the rule by which a box is chosen and tried on draws that were kept
out. Among a hundred parameters PRIM takes long and loses its way, so that it is given those of which knowing tells
most about the verdict; they are chosen anew without the draws that are kept out.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..claims.claims import CONTRADICTED, SUPPORTED
from ..discovery import discovery, prim
from . import decisive
from .judging import scores

MOST_PARAMETERS = 3
"""Parameters that a box may restrict."""
SIDES = {SUPPORTED: 1.0, CONTRADICTED: -1.0}
"""Verdicts that a box is searched for, and their score; the search is the same for both."""


class Found(NamedTuple):
    """What a search for a verdict found.

    Attributes
    ----------
    cases, draws : int
        Draws with the verdict, and all.
    step : prim.Step or None
        The box; None where no search was made, because too few draws have the verdict or have it not.
    held_out : prim.HeldOut or None
        How the rule did on draws that were kept out.
    """

    cases: int
    draws: int
    step: prim.Step | None = None
    held_out: prim.HeldOut | None = None

    @property
    def stands_out(self) -> bool:
        """Whether there is a box, and draws that were kept out bear it out."""
        if self.step is None or self.held_out is None:
            return False
        return bool(self.step.limits) and self.held_out.p < discovery.LUCK


def find_box(x: pd.DataFrame, verdicts: pd.Series, labels: np.ndarray, verdict: str) -> Found:
    """Search for the box in which a claim mostly has a verdict.

    Parameters
    ----------
    x : pandas.DataFrame
        One row per draw, one column per parameter.
    verdicts : pandas.Series
        The verdict at every draw, in the order of the rows.
    labels : ndarray of int
        The block of every draw; draws of one block are kept out together.
    verdict : str
        `supported` or `contradicted`.
    """
    # One search for both: the score of the verdict that is looked for is 1, that of its opposite -1.
    y = SIDES[verdict] * scores(verdicts)
    holds = y > 0
    found = Found(int(holds.sum()), len(holds))
    if min(found.cases, len(holds) - found.cases) < discovery.FEWEST:
        return found
    density = max(discovery.DENSITY, (1 + found.cases / len(holds)) / 2)
    step = prim.search(x[_chosen(x, y)], holds, density)[0].box
    return found._replace(step=step, held_out=_held_out(x, y, holds, labels, density))


def _chosen(x: pd.DataFrame, y: np.ndarray) -> list[str]:
    """Return the parameters of which knowing tells most about the verdict."""
    return decisive.ranked(x.columns, decisive.shares(y, decisive.grouped(x)))[:MOST_PARAMETERS]


def _held_out(x: pd.DataFrame, y: np.ndarray, holds: np.ndarray, labels: np.ndarray, density: float) -> prim.HeldOut:
    """Search anew, parameters included, without each fifth of the draws, and count how the box does on that part."""
    total, parts = np.zeros(4, int), _folds(holds, labels)
    for part in range(discovery.FOLDS):
        out = parts == part
        box = prim.search(x.loc[~out, _chosen(x[~out], y[~out])], holds[~out], density)[0].box
        inside = out & box.contains(x)
        total += (inside.sum(), holds[inside].sum(), out.sum(), holds[out].sum())
    return prim.held_out_of(*map(int, total))


def _folds(holds: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the part of the draws that each belongs to: shuffled, cases spread evenly, blocks together."""
    cases = pd.Series(holds).groupby(labels).mean()
    keys = {label: hashlib.sha256(str(label).encode()).digest() for label in cases.index}
    order = sorted(cases.index, key=lambda label: (cases[label], keys[label]))
    part = {label: rank % discovery.FOLDS for rank, label in enumerate(order)}
    return np.array([part[label] for label in labels])


def box_rows(found: Found, names: Sequence[str]) -> list[dict]:
    """Return one row for each restricted parameter; one without a parameter where nothing stands out."""
    about: dict[str, Any] = {"cases": found.cases, "draws": found.draws, "stands_out": found.stands_out}
    if found.step is None or found.held_out is None:
        return [about]
    step, held = found.step, found.held_out
    about |= {
        "inside": step.points, "inside_cases": step.cases, "coverage": step.coverage, "density": step.density,
        "held_out": held.points, "held_out_cases": held.cases, "held_out_p": held.p,
    }  # fmt: skip
    limits = [(name, step.limits[name]) for name in names if name in step.limits]
    return [{**about, "parameter": name, "lower": limit.low, "upper": limit.high} for name, limit in limits] or [about]
