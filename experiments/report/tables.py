"""Tables of exhibits as texts in a language."""

import math
from collections.abc import Callable
from typing import Any

from ..exhibits.exhibit import Exhibit
from ..language import Language
from .blocks import Table

_DIGITS, _MOST_DECIMALS = 4, 6


def data_table(exhibit: Exhibit, language: Language) -> Table:
    """Return everything that an exhibit draws, written out.

    Numbers of a column have as many decimals as give its largest four digits.
    """
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    columns, numeric = [], []
    for name in exhibit.table.columns:
        values = exhibit.table[name]
        is_number = is_numeric_dtype(values) and not is_bool_dtype(values)
        if is_datetime64_any_dtype(values):
            write: Callable[[Any], str] = lambda value: language.date(value.date())  # noqa: E731
        elif is_number:
            decimals = column_decimals(values)
            write = lambda value, decimals=decimals: language.n(float(value), decimals)  # noqa: E731
        else:
            write = str
        columns.append([write(value) for value in values])
        numeric.append(is_number)
    return Table(exhibit.title, [str(name) for name in exhibit.table.columns], list(zip(*columns)), tuple(numeric))


def column_decimals(values) -> int:
    """Return how many decimals a column of numbers has: none if all are whole, else four digits of the largest."""
    known = [abs(float(value)) for value in values if math.isfinite(value)]
    if not any(value % 1 for value in known):
        return 0
    return max(0, min(_MOST_DECIMALS, _DIGITS - 1 - math.floor(math.log10(max(known)))))
