"""Draws of everything that nobody knows: the calibrated sample with the rest from its priors, and the priors alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simulation.errors import InputError

from ..calibration.sample import read_sample
from ..claims.batches import NEEDED
from ..designs.design import Design
from ..designs.factors import Factor
from ..validation.draws import POSTERIOR, PRIOR, REFERENCE, prior_draws, uncertain

SOURCES = (POSTERIOR, PRIOR)
"""What draws are taken from: the calibrated sample comes first."""
FEWEST_DRAWS = 10


def make_draws(source: str, count: int, seed: int, sample: Path | str = REFERENCE) -> list[dict[str, float]]:
    """Return draws of all uncertain parameters and levers.

    Parameters
    ----------
    source : str
        `prior`: a Latin hypercube over all priors. `posterior`: rows of the calibrated sample, evenly spaced over it
        and each as it is, so that what was fitted together stays together; all that was not fitted keeps its prior, as
        a Latin hypercube over the rest.
    count : int
    seed : int
        Of the Latin hypercube.
    sample : Path or str
        The calibrated sample.

    Raises
    ------
    InputError
        If the calibrated sample cannot be read.
    """
    draws = prior_draws(count, seed)
    if source == PRIOR:
        return draws
    rows = read_sample(sample)
    return [{**draw, **rows[n * len(rows) // count]} for n, draw in enumerate(draws)]


def fitted_names(sample: Path | str = REFERENCE) -> tuple[str, ...]:
    """Return the parameters that the calibrated sample fits together."""
    return tuple(read_sample(sample)[0])


def make_design(source: str, draws: Sequence[Mapping[str, Any]], scenarios: Sequence[str], seeds: int, root_seed: int,
                scale: float) -> Design:  # fmt: skip
    """Return the design that runs all scenarios at all draws, every draw with the same seeds.

    Raises
    ------
    InputError
        If two draws are the same.
    """
    factors = uncertain()
    rows = [tuple(draw[factor.name] for factor in factors) for draw in draws]
    if len(set(rows)) < len(rows):
        raise InputError(f"{source}: two draws are the same")
    levels = [tuple(sorted(set(column))) for column in zip(*rows)]
    return Design(
        name=source,
        title=f"The claims over the {source}",
        scenarios=tuple(scenarios),
        method="list",
        seeds=seeds,
        root_seed=root_seed,
        scale=scale,
        factors=tuple(Factor(f.name, f.kind, levels=each) for f, each in zip(factors, levels)),
        combinations=tuple(rows),
        outcomes=NEEDED,
    )


def blocks(table, fitted: Sequence[str]) -> np.ndarray:
    """Return a number for each draw; draws that share a calibrated row, or all else, have the same.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per draw, one column per parameter.
    fitted : sequence of str
        Parameters that were fitted; none: every draw is of its own.
    """
    if not fitted:
        return np.arange(len(table))
    return table.groupby(list(fitted), sort=False).ngroup().to_numpy()


def worth(labels: np.ndarray) -> float:
    """Return how many independent draws these are worth: fewer than there are where some share a calibrated row.

    Kish's effective size: as if draws with one row were one, which is on the safe side, because what was not fitted
    differs between them.
    """
    counts = np.array(list(Counter(labels.tolist()).values()), float)
    return float(counts.sum() ** 2 / (counts**2).sum())
