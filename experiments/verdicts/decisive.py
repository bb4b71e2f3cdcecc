"""On which parameter does a claim hang? What knowing one of them would tell, held against luck.

What knowing a parameter tells is the share of the variance over the draws that lies between values of it (the first-
order index of Sobol, estimated from the sample that is there by the correlation ratio over equal groups of its values,
with the bias taken out). With it goes the expected value of partial perfect information: how much more often one would
name the verdict right. Among a hundred parameters something always looks decisive, so that the same is done with draws
shuffled: only what luck among all of them hardly ever gives stands out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

GROUPS = 5
"""Equal groups of a parameter's values."""
SHUFFLES = 1000
LUCK = 0.01
"""A parameter stands out if the largest share of all would be as large by luck in fewer than this share of shuffles."""
SEED = 2018
_FEWEST = 20
"""Draws without which nothing is estimated."""


class Told(NamedTuple):
    """What knowing each parameter tells about one target, in the order of the columns; arrays.

    Attributes
    ----------
    share : ndarray
        Share of the variance, bias taken out; below 0 by luck.
    by_luck : ndarray
        What the largest share among the parameters of the same kind exceeds in `LUCK` of the shuffles.
    gain : ndarray
        How much more often the verdict would be named right, less what luck gives on average, which errs on the safe
        side where much is told; NaN for a target that is no verdict.
    """

    share: np.ndarray
    by_luck: np.ndarray
    gain: np.ndarray

    @property
    def stands_out(self) -> np.ndarray:
        """Which parameters tell more than luck does."""
        return self.share > self.by_luck


def grouped(x: pd.DataFrame) -> np.ndarray:
    """Return the group of every value of every parameter, from 0: a fifth of the draws each, equal values together.

    Parameters
    ----------
    x : pandas.DataFrame
        One row per draw, one column per parameter.

    Returns
    -------
    ndarray of int, shape (draws, parameters)
    """
    shares = x.rank(method="average").to_numpy() - 0.5
    return np.minimum((GROUPS * shares / len(x)).astype(int), GROUPS - 1)


def told(y: np.ndarray, groups: np.ndarray, labels: np.ndarray, fitted: np.ndarray, verdict: bool = False,
         shuffles: int = SHUFFLES) -> Told:  # fmt: skip
    """Return what knowing each parameter tells about a target.

    Parameters
    ----------
    y : ndarray, shape (draws,)
        The target: a score (1, 0, -1) or an effect.
    groups : ndarray of int, shape (draws, parameters)
        As `grouped` returns them.
    labels : ndarray of int, shape (draws,)
        The block of every draw. Parameters that were fitted are shuffled by blocks, because draws of one block have
        them in common; all others draw by draw.
    fitted : ndarray of bool, shape (parameters,)
    verdict : bool
        Whether the target is a verdict, so that there is something to name right.
    shuffles : int
    """
    count = groups.shape[1]
    nothing = np.full(count, np.nan)
    if len(y) < _FEWEST or np.ptp(y) == 0:
        return Told(np.zeros(count), nothing, np.zeros(count) if verdict else nothing)
    member = _members(groups)
    share, right = (each[0] for each in _share_and_right(y, *_sums(y, member)))
    by_luck, by_luck_right = np.zeros(count), np.zeros(count)
    kinds = [(fitted, labels), (~fitted, np.arange(len(y)))]
    kinds = [(which, blocks) for which, blocks in kinds if which.any()]
    for which, blocks in kinds:
        shares_by_luck, rights = _share_and_right(y, *_shuffled_sums(y, member[:, which], blocks, shuffles))
        by_luck[which] = np.quantile(shares_by_luck.max(axis=1), 1 - LUCK / len(kinds))
        by_luck_right[which] = rights.mean()
    return Told(share, by_luck, np.maximum(0.0, right - by_luck_right) if verdict else nothing)


def ranked(names: Sequence[str], share: np.ndarray) -> list[str]:
    """Return parameters, that of which knowing tells most first."""
    return [names[position] for position in np.argsort(-share, kind="stable")]


def shares(y: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the share of a target's variance that each parameter tells, bias taken out."""
    if np.ptp(y) == 0:
        return np.zeros(groups.shape[1])
    return _share_and_right(y, *_sums(y, _members(groups)))[0][0]


def _members(groups: np.ndarray) -> np.ndarray:
    """Return whether each draw is in each group of each parameter, shape (draws, parameters, groups)."""
    return (groups[:, :, None] == np.arange(GROUPS)).astype(float)


def _rows(y: np.ndarray) -> np.ndarray:
    """Return what is summed by group, shape (4, draws): deviations from the mean, and where y is 1, -1 and 0."""
    return np.stack([y - y.mean(), y > 0, y < 0, y == 0])


def _sums(y: np.ndarray, member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sums by group, shape (4, 1, parameters, groups), and draws by group, shape (1, parameters, groups)."""
    return np.einsum("kn,npg->kpg", _rows(y), member)[:, None], member.sum(axis=0)[None]


def _shuffled_sums(
    y: np.ndarray, member: np.ndarray, blocks: np.ndarray, shuffles: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for every shuffle, in place of the one.

    A draw gets the parameters of another one; draws of a block get those of one other block.
    """
    from scipy.stats import qmc

    kinds, first = np.unique(blocks, return_index=True)
    # Every dimension of a Latin hypercube is in a random order of its own.
    orders = qmc.LatinHypercube(shuffles, rng=SEED).random(len(kinds)).argsort(axis=0).T
    if len(kinds) == len(blocks):  # then the target may as well be shuffled, which is one product of matrices
        flat = member.reshape(len(y), -1)
        return (_rows(y)[:, orders] @ flat).reshape(4, shuffles, *member.shape[1:]), member.sum(axis=0)[None]
    position = np.searchsorted(kinds, blocks)
    parts = [_sums(y, member[first[order][position]]) for order in orders]
    return np.concatenate([sums for sums, _ in parts], axis=1), np.concatenate([counts for _, counts in parts])


def _share_and_right(y: np.ndarray, sums: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of the variance that each parameter tells, and how much more often it lets name a verdict right.

    The share is epsilon squared (Kelley 1935): the correlation ratio less what it is expected to be by luck. From the
    other number no bias is taken out.

    Parameters
    ----------
    sums : ndarray, shape (4, shuffles, parameters, groups)
    counts : ndarray, shape (shuffles or 1, parameters, groups)

    Returns
    -------
    share, right : ndarray, shape (shuffles, parameters)
    """
    total = float(((y - y.mean()) ** 2).sum())
    between = (sums[0] ** 2 / np.maximum(counts, 1)).sum(axis=-1)
    used = (counts > 0).sum(axis=-1)
    within = (total - between) / np.maximum(len(y) - used, 1)
    usual = max((y > 0).mean(), (y < 0).mean(), (y == 0).mean())
    right = sums[1:].max(axis=0).sum(axis=-1) / len(y) - usual
    return (between - (used - 1) * within) / total, right
