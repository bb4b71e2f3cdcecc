"""Where each side is right: the share of draws by verdict, over the two parameters that decide most."""

import numpy as np
import pandas as pd

from ..claims.claims import CONTRADICTED, SUPPORTED
from ..validation.draws import uncertain

SIDE = 6
"""Cells along each parameter, equal shares of its prior."""
AROUND = 0.5
"""Cells around a cell whose draws count for it too, so that it does not hang on few."""
FEWEST = 5
"""Draws without which a cell says nothing."""


def local_shares(x: pd.DataFrame, verdicts: pd.Series, across: str, up: str) -> pd.DataFrame:
    """Return the share of draws by verdict in every cell of a map over two parameters.

    Parameters
    ----------
    x : pandas.DataFrame
        One row per draw, one column per parameter.
    verdicts : pandas.Series
        The verdict at every draw, in the order of the rows.
    across, up : str
        Parameters.
    """
    factors = {factor.name: factor for factor in uncertain()}
    from_left, from_below = (SIDE * factors[name].shares(x[name]) for name in (across, up))
    return pd.DataFrame([
        {"across": across, "up": up, "column": column, "row": row,
         **_cell(from_left, from_below, column, row, verdicts)}
        for row in range(SIDE) for column in range(SIDE)
    ])  # fmt: skip


def _cell(across: np.ndarray, up: np.ndarray, column: int, row: int, verdicts: pd.Series) -> dict:
    inside = _near(across, column) & _near(up, row)
    draws = int(inside.sum())
    shares = {name: (verdicts[inside] == name).mean() if draws >= FEWEST else np.nan
              for name in (SUPPORTED, CONTRADICTED)}  # fmt: skip
    return {"draws": draws, **shares}


def _near(place: np.ndarray, cell: int) -> np.ndarray:
    return np.abs(place - (cell + 0.5)) <= 0.5 + AROUND
