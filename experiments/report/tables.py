"""Tables of exhibits as texts in a language."""

import math

from simulation.outcomes import OUTCOMES

from .. import exhibits
from ..exhibits.exhibit import Exhibit
from ..exhibits.pair import Pair
from ..exhibits.spreadsheet import spreadsheet
from ..exhibits.words import capitalized, caption
from ..language import Language
from ..storage import columns
from .blocks import Table

NOTHING = "\N{EN DASH}"
"""Stands for a number that there is none of."""
_DIGITS, _MOST_DECIMALS = 4, 6


def data_table(exhibit: Exhibit, language: Language) -> Table:
    """Return everything that an exhibit draws, written out.

    Numbers of a column that share a unit have as many decimals as give their largest four digits; dates are written
    as in files.
    """
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    unit, texts, numeric = language.t("exhibits.column.unit"), [], []
    units = exhibit.table[unit] if unit in exhibit.table else [""] * len(exhibit.table)
    for name in exhibit.table.columns:
        values = exhibit.table[name]
        numeric.append(is_numeric_dtype(values) and not is_bool_dtype(values))
        if numeric[-1]:
            decimals = values.groupby(units).transform(column_decimals)
            texts.append(
                [language.n(value, int(n)) if math.isfinite(value) else NOTHING for value, n in zip(values, decimals)]
            )
        elif is_datetime64_any_dtype(values):
            texts.append([value.date().isoformat() for value in values])
        else:
            texts.append([str(value) for value in values])
    return Table(exhibit.title, [str(name) for name in exhibit.table.columns], list(zip(*texts)), tuple(numeric))


def results_csv(pair: Pair, language: Language) -> bytes:
    """Return every outcome by group as CSV: both means, the difference and its interval in all their digits."""
    import pandas as pd

    t = language.t
    rows = []
    for key in columns.outcome_keys(OUTCOMES):
        effect = pair.effect(key)
        words = language.outcome(key)
        numbers = (effect.mean_a, effect.mean_b, effect.effect, effect.lower, effect.upper, effect.pairs)
        rows.append((capitalized(words.label), words.unit, *numbers, language.verdict(effect.verdict), key))
    difference = t("report.answer.difference")
    headers = [
        *(t(f"report.answer.{name}") for name in ("outcome", "unit", "a", "b", "difference")),
        *(t(f"exhibits.column.{end}", of=difference) for end in ("lower", "upper")),
        *(t(name) for name in ("report.origin.pairs", "report.answer.reading", "report.answer.key")),
    ]
    differ = exhibits.caution(pair, language) or ""
    return spreadsheet(pd.DataFrame(rows, columns=headers), language, caption(pair, language, differ))


def column_decimals(values) -> int:
    """Return how many decimals a column of numbers has: none if all are whole, else four digits of the largest."""
    known = [abs(float(value)) for value in values if math.isfinite(value)]
    if not any(value % 1 for value in known):
        return 0
    return max(0, min(_MOST_DECIMALS, _DIGITS - 1 - math.floor(math.log10(max(known)))))
