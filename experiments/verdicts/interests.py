"""Smallest effects of interest: one size for each measure, the same in both directions and for claims of both sides."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulation.errors import InputError
from simulation.outcomes import OUTCOMES
from simulation.validation import unknown

from ..claims.claims import CLAIMS, check_thresholds, threshold_of
from ..storage.columns import split_key

SHIPPED = Path(__file__).with_name("interests.toml")
COUNTS = ("arrests", "crimes", "days", "households")
"""Units of outcomes that grow with the share of residents that is simulated; effects on them are of the whole city."""
_KEYS = {"value", "unit", "reason"}


@dataclass(frozen=True)
class Interest:
    """The smallest effect on an outcome that anybody need care about.

    Attributes
    ----------
    outcome : str
        Name of the outcome; it counts for all its groups.
    value : float
        Above 0, in the outcome's unit; of counts, in the whole city over the measured period.
    unit, reason : str
    """

    outcome: str
    value: float
    unit: str
    reason: str


@lru_cache(maxsize=4)
def read_interests(path: Path = SHIPPED) -> Mapping[str, Interest]:
    """Return the smallest effects of interest by outcome.

    Raises
    ------
    InputError
        One line with file, outcome and key: if an outcome that claims are judged by is missing or another is there, or
        if a value, unit or reason is not what it must be.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    wanted = dict.fromkeys(split_key(measure.outcome)[0] for claim in CLAIMS for measure in claim.measures)
    for name in table:
        if name not in wanted:
            raise InputError(f"{path}: {unknown('outcome that a claim is judged by', name, wanted)}")
    for name in wanted:
        if name not in table:
            raise InputError(f"{path}: {name}: is missing; every outcome that a claim is judged by needs one")
    return {name: _interest(name, table[name], f"{path}: {name}") for name in wanted}


def _interest(name: str, given: Any, where: str) -> Interest:
    if not isinstance(given, dict) or set(given) != _KEYS:
        raise InputError(f"{where}: must have value, unit and reason, and nothing else")
    value, unit, reason = given["value"], given["unit"], given["reason"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and math.isfinite(value) and value > 0):
        raise InputError(f"{where}.value = {value!r}: must be a number above 0")
    if unit != OUTCOMES[name].unit:
        raise InputError(f"{where}.unit = {unit!r}: must be the outcome's, {OUTCOMES[name].unit!r}")
    if not isinstance(reason, str) or not reason.strip():
        raise InputError(f"{where}.reason: must say why")
    return Interest(name, float(value), unit, " ".join(reason.split()))


def thresholds(given: Mapping[str, float], claims=CLAIMS, path: Path = SHIPPED) -> dict[tuple[str, str], float]:
    """Return the smallest effect of interest of every claim and measure, those given in place of those that ship.

    Parameters
    ----------
    given : mapping of str to float
        By claim (`M2`) or by claim and outcome (`M1.trust.immigrant_communities`).
    claims : sequence of Claim
    path : Path
        Of the file.

    Raises
    ------
    InputError
        For a claim or outcome that does not exist, or a value that is no number of 0 or more.
    """
    given, shipped = check_thresholds(given), read_interests(path)
    found = {}
    for claim in claims:
        for measure in claim.measures:
            own = shipped[split_key(measure.outcome)[0]].value
            chosen = f"{claim.id}.{measure.outcome}" in given or claim.id in given
            found[claim.id, measure.outcome] = threshold_of(claim, measure, given) if chosen else own
    return found


def whole_city(outcome: str, scale: float) -> float:
    """Return by what an effect in the simulated share of the residents is multiplied to be of the whole city."""
    return 1 / scale if OUTCOMES[split_key(outcome)[0]].unit in COUNTS else 1.0
