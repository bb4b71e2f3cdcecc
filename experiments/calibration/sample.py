"""The files of a calibration, and the calibrated sample as others use it; nothing here needs what fitting needs."""

import csv
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from simulation.errors import InputError
from simulation.parameters import PARAMETERS

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "calibration"
"""The committed calibration. Its sample is also in the folder above, where everything that uses it looks for it."""
MANIFEST = "manifest.json"
SAMPLE, PREDICTIVE, LEARNED, STEPS = "posterior.csv", "targets.csv", "parameters.csv", "generations.csv"
MET, NEAR, MISSED = "met", "near", "missed"
"""Whether the median is within one tolerance of a target, within two, or farther."""
LEARNT, KEPT = "learned", "keeps its prior"
"""Whether the data moved a parameter."""


@lru_cache(maxsize=4)
def read_sample(path: Path | str = REFERENCE.parent / SAMPLE) -> tuple[Mapping[str, float], ...]:
    """Return the draws of a calibrated sample: mappings of parameter names to values, each as likely as any other.

    Raises
    ------
    InputError
        If the file is missing, or has a column that is no parameter or a value that is not allowed.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError:
        raise InputError(f"{path}: there is no calibrated sample; run twoclaims calibrate") from None
    if not rows:
        raise InputError(f"{path}: holds no draws")
    found = []
    for number, row in enumerate(rows, start=1):
        found.append({name: _value(name, text, f"{path}: draw {number}: {name}") for name, text in row.items()})
    return tuple(found)


def calibrated_values(path: Path | str = REFERENCE.parent / SAMPLE) -> dict[str, tuple[float, ...]]:
    """Return the calibrated values of every fitted parameter by its name; none where there is no calibrated sample.

    Raises
    ------
    InputError
        If there is one that cannot be read.
    """
    if not Path(path).is_file():
        return {}
    rows = read_sample(path)
    return {name: tuple(row[name] for row in rows) for name in rows[0]}


def _value(name: str, text: str, where: str) -> float:
    if name not in PARAMETERS:
        raise InputError(f"{where}: no such parameter")
    low, high = PARAMETERS[name].bounds
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = math.nan
    if not low <= value <= high:
        raise InputError(f"{where} = {text}: must be a number from {low:g} to {high:g}")
    return value
