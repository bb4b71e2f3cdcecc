"""Points of the parameters at which the studies are run: the defaults, the priors, and a fitted sample."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import FIXED, PARAMETERS
from simulation.validation import unknown

from ..calibration import sample as calibration
from ..designs.factors import LEVER, PARAMETER, Factor

DEFAULTS, PRIOR, POSTERIOR = "defaults", "prior", "posterior"
SOURCES = (DEFAULTS, PRIOR, POSTERIOR)
REFERENCE = calibration.REFERENCE.parent / calibration.SAMPLE
"""The calibrated sample that is committed, if there is one."""
UNCERTAIN_LEVERS = ("substitution",)
"""What the agency does with capacity that it no longer needs: nobody has measured it either."""


@lru_cache(maxsize=1)
def uncertain() -> tuple[Factor, ...]:
    """Return everything that nobody knows: all parameters with a prior, and the levers above."""
    parameters = [Factor(p.name, PARAMETER, p.prior) for p in PARAMETERS.values() if p.prior != FIXED]
    return (*parameters, *(Factor(name, LEVER, LEVERS[name].prior) for name in UNCERTAIN_LEVERS))


def prior_draws(count: int, root_seed: int) -> list[dict[str, float]]:
    """Return points spread evenly over all priors (Latin hypercube)."""
    from scipy.stats import qmc

    if count == 0:
        return []
    sample = qmc.LatinHypercube(len(uncertain()), rng=root_seed).random(count)
    columns = {factor.name: factor.values(sample[:, n]) for n, factor in enumerate(uncertain())}
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def read_draws(path: str | Path, most: int | None = None) -> list[dict[str, Any]]:
    """Read a sample of points from a CSV file: a column for each parameter, a row for each draw.

    Parameters
    ----------
    path : str or Path
    most : int, optional
        Use so many rows, evenly spaced over the file.

    Raises
    ------
    InputError
        If the file cannot be read, or has a column that is no parameter and no lever.
    """
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as CSV: {error}") from None
    for name in table.columns:
        if name not in PARAMETERS and name not in LEVERS:
            raise InputError(f"{path}: {unknown('parameter', name, PARAMETERS)}")
    if table.empty or table.isna().any().any():
        raise InputError(f"{path}: must have at least one row, and a number in every column")
    if most is not None and most < len(table):
        table = table.iloc[[n * len(table) // most for n in range(most)]]
    return table.to_dict("records")


def described(draws: Mapping[str, list]) -> dict[str, int]:
    """Return how many draws there are of each source, for the manifest."""
    return {source: len(rows) for source, rows in draws.items()}
