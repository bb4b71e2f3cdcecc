"""How numbers are written for people: with as many digits as their uncertainty deserves."""

import math
from pathlib import Path

MOST_DECIMALS = 6


def decimals_for(row, digits: int = 2) -> int:
    """Return how many decimals a row deserves: so many digits of its interval, or four of its mean."""
    size = (row.upper - row.lower) / 2
    if not size > 0:
        size = 0.01 * abs(next((x for x in _sizes(row) if x), 1.0))
    if not math.isfinite(size):
        return 2
    enough = max(0, min(MOST_DECIMALS, digits - 1 - math.floor(math.log10(size))))
    while enough < MOST_DECIMALS and ends_at_zero(row.lower, row.upper, enough):
        enough += 1
    return enough


def ends_at_zero(lower: float, upper: float, decimals: int) -> bool:
    """Whether an interval that excludes 0 would be written, with so many decimals, as one that ends there."""
    return (lower > 0 or upper < 0) and min(abs(round(lower, decimals)), abs(round(upper, decimals))) == 0


def _sizes(row) -> tuple[float, ...]:
    return (row.effect, getattr(row, "mean_a", 0.0)) if hasattr(row, "effect") else (row.mean,)


def number(value: float, decimals: int, plus: bool = False) -> str:
    """Return a number with so many decimals, `-` for one that is undefined; zero never has a sign.

    >>> number(1234.56, 1, plus=True)
    '+1,234.6'
    >>> number(-0.004, 2)
    '0.00'
    """
    if not math.isfinite(value):
        return "-"
    text = f"{value:{'+' if plus else ''},.{decimals}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text


def interval(lower: float, upper: float, decimals: int, plus: bool) -> str:
    """Return both ends of an interval, `-` where there is none.

    >>> interval(-0.25, 0.5, 2, plus=True)
    '-0.25 to +0.50'
    """
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return "-"
    return f"{number(lower, decimals, plus)} to {number(upper, decimals, plus)}"


def number_in_range(value: float, low: float, high: float, digits: int = 3) -> str:
    """Return a number with the decimals that give the length of its range so many digits."""
    return number(value, max(0, digits - 1 - math.floor(math.log10(high - low))))


def short_unit(unit: str) -> str:
    """Return a unit without what it is a share of; the outcome's name says it.

    >>> short_unit("percent of crimes")
    'percent'
    """
    return unit.split(" of ")[0]


def spaced(name: str) -> str:
    """Return a name as words."""
    return name.replace("_", " ")


def place_title(place) -> str:
    """Return a place, given by name or file, as a caption has it: `Philadelphia`."""
    return Path(place).stem.replace("-", " ").title()
