"""What people expect before they see a result, what a room expects together, and how that compares with the result.

Pure functions of predictions and a result. A prediction holds no personal data but a name that somebody may choose.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from experiments import statistics
from simulation.errors import InputError

HIGHER, NONE, LOWER = "higher", "none", "lower"
DIRECTIONS = (HIGHER, NONE, LOWER)
"""What world A may be relative to world B."""
CONFIDENCES = (35, 50, 65, 80, 95)
"""How sure somebody may be of the direction, in percent; a third is a guess, as there are three."""
LARGEST_SIZE = 1e9
LONGEST_NAME = 30
QUANTILES = (0.25, 0.5, 0.75)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run as a formula, at the beginning of a cell."""


@dataclass(frozen=True)
class Prediction:
    """What one person expects; make it with `read_prediction`.

    Attributes
    ----------
    direction : str
        One of `DIRECTIONS`.
    size : float
        How large the difference is, in its unit; 0 where there is none.
    confidence : int
        One of `CONFIDENCES`.
    name, table : str
        As chosen, or empty.
    """

    direction: str
    size: float
    confidence: int
    name: str = ""
    table: str = ""

    @property
    def difference(self) -> float:
        """World A minus world B, as predicted."""
        return -self.size if self.direction == LOWER else self.size


def direction_of(effect: statistics.PairedEffect) -> str | None:
    """Return the direction that came true; None where the pairs do not say."""
    return _DIRECTION_OF.get(effect.verdict)


_DIRECTION_OF = {
    statistics.HIGHER: HIGHER, statistics.LOWER: LOWER, statistics.NO_DIFFERENCE: NONE, statistics.IDENTICAL: NONE,
}  # fmt: skip


class Tally(NamedTuple):
    """What a room expects.

    Attributes
    ----------
    counts : dict of str to int
        How many expect each of `DIRECTIONS`.
    quantiles : tuple of float
        Quartiles and median of the predicted differences; NaN where nobody predicted.
    """

    counts: dict[str, int]
    quantiles: tuple[float, float, float]

    @property
    def people(self) -> int:
        """How many predicted."""
        return sum(self.counts.values())

    def share(self, direction: str) -> float:
        """Return which percentage expects a direction."""
        return 100 * self.counts[direction] / self.people if self.people else math.nan


class Step(NamedTuple):
    """Of those who were as sure of the direction as this, how many were right."""

    confidence: int
    people: int
    right: int


def read_prediction(direction: Any, size: Any, confidence: Any, name: Any = "", table: Any = "") -> Prediction:
    """Return a prediction from what a browser sent, checked.

    Raises
    ------
    InputError
        If a value is none that the form offers.
    """
    if direction not in DIRECTIONS:
        raise InputError("direction: must be one of those offered")
    if confidence not in CONFIDENCES or isinstance(confidence, bool):
        raise InputError("confidence: must be one of those offered")
    if direction == NONE:
        size = 0.0
    is_number = isinstance(size, int | float) and not isinstance(size, bool)
    if not (is_number and math.isfinite(size) and 0 <= size <= LARGEST_SIZE):
        raise InputError("size: must be a number of 0 or more")
    if direction != NONE and size == 0:
        raise InputError("size: a difference of 0 is no difference")
    return Prediction(direction, float(size), int(confidence), clean(name), clean(table))


def clean(name: Any) -> str:
    """Return a name on one line, without control characters, and not longer than allowed."""
    text = name if isinstance(name, str) else ""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 10 * LONGEST_NAME])
    return re.sub(r"\s+", " ", printable).strip()[:LONGEST_NAME].strip()


def tally(predictions: Sequence[Prediction]) -> Tally:
    """Return what a room expects."""
    counts = {direction: sum(each.direction == direction for each in predictions) for direction in DIRECTIONS}
    if not predictions:
        return Tally(counts, (math.nan,) * 3)
    found = np.quantile([each.difference for each in predictions], QUANTILES)
    return Tally(counts, tuple(found.tolist()))


def calibration(predictions: Iterable[Prediction], effect: statistics.PairedEffect) -> list[Step]:
    """Return for each confidence how many had it and how many of them were right; nothing where nobody can be."""
    direction = direction_of(effect)
    if direction is None:
        return []
    predictions = list(predictions)
    found = []
    for confidence in CONFIDENCES:
        alike = [each for each in predictions if each.confidence == confidence]
        if alike:
            found.append(Step(confidence, len(alike), sum(each.direction == direction for each in alike)))
    return found


def within(predictions: Iterable[Prediction], effect: statistics.PairedEffect) -> int:
    """Return how many predicted a difference inside the interval of the effect."""
    return sum(effect.lower <= each.difference <= effect.upper for each in predictions)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV that spreadsheets read, in which no text is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_json(rounds: Sequence[dict[str, Any]]) -> bytes:
    """Return rounds of predictions as JSON; what is undefined is null."""
    return (json.dumps(_plain(rounds), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
