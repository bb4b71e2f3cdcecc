"""What a story refuses to be told on: a number rebuilt from events that is not the one that the run recorded."""

import numpy as np

TOLERANCE = 1e-9
"""Largest difference between a rebuilt number and the recorded one."""


def require(holds, what: str) -> None:
    """Refuse to go on unless the events of a run explain what it recorded."""
    if not np.all(holds):
        raise RuntimeError(f"{what}: the events of the run do not add up to what it recorded, so no story is exact")


def require_equal(rebuilt, recorded, what: str) -> None:
    """Refuse to go on unless numbers that were rebuilt are those recorded, to nine decimals."""
    require(np.abs(rebuilt - recorded) <= TOLERANCE, what)
