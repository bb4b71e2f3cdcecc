"""Tables of exhibits as texts in a language."""

import math

from ..exhibits.exhibit import Exhibit
from ..language import Language
from .blocks import Table

NOTHING = "\N{EN DASH}"
"""Stands for a number that there is none of."""
_DIGITS, _MOST_DECIMALS = 4, 6


def data_table(exhibit: Exhibit, language: Language) -> Table:
    """Return everything that an exhibit draws, written out.

    Numbers of a column have as many decimals as give its largest four digits; dates are written as in files.
    """
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    columns, numeric = [], []
    for name in exhibit.table.columns:
        values = exhibit.table[name]
        numeric.append(is_numeric_dtype(values) and not is_bool_dtype(values))
        if numeric[-1]:
            decimals = column_decimals(values)
            columns.append([language.n(value, decimals) if math.isfinite(value) else NOTHING for value in values])
        elif is_datetime64_any_dtype(values):
            columns.append([value.date().isoformat() for value in values])
        else:
            columns.append([str(value) for value in values])
    return Table(exhibit.title, [str(name) for name in exhibit.table.columns], list(zip(*columns)), tuple(numeric))


def column_decimals(values) -> int:
    """Return how many decimals a column of numbers has: none if all are whole, else four digits of the largest."""
    known = [abs(float(value)) for value in values if math.isfinite(value)]
    if not any(value % 1 for value in known):
        return 0
    return max(0, min(_MOST_DECIMALS, _DIGITS - 1 - math.floor(math.log10(max(known)))))
