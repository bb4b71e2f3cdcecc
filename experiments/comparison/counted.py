"""The three counts of crime in the worlds of a comparison: as a table, and as warnings (docs/counting-crime.md)."""

from collections.abc import Iterator

import pandas as pd

from .. import language
from ..counting import HAPPENED, KINDS, RECORDED, SURVEYED, Counts
from ..exhibits.counted import counts_of, stories, warning
from ..storage import columns

_OUTCOMES = dict(zip(KINDS, (HAPPENED, RECORDED, SURVEYED)))
_OF_THE_EFFECT = ("pairs", "undefined_pairs", "effect", "lower", "upper", "verdict")


def counts_against(comparison, other: str) -> list[Counts]:
    """Return the three counts of world A and one world B, for everybody and for every community."""
    return counts_of(lambda key: comparison.paired_values(other, key))


def cautions(comparison) -> dict[str, str | None]:
    """Say for each world B where the counts tell different stories of it and of world A; None where they do not."""
    english = language.load("en")
    return {other: warning(found, found[0].happened.pairs, english) for other, found in comparison.crime_counts.items()}


def counting_table(comparison) -> pd.DataFrame:
    """Return one row for each world B, group and count; the columns are `columns.COUNTING`."""
    rows = [
        (comparison.names[0], other, *row)
        for other, found in comparison.crime_counts.items()
        for counts in found
        for row in _rows(counts)
    ]
    return pd.DataFrame(rows, columns=columns.names(columns.COUNTING))


def _rows(counts: Counts) -> Iterator[tuple]:
    """Yield a row for each count of one group: what it is, the effect, and what it tells that the truth does not."""
    told = stories(counts, language.load("en"))
    for kind in KINDS:
        effect = getattr(counts, kind)
        found = (getattr(effect, name) for name in _OF_THE_EFFECT)
        yield counts.group, kind, _OUTCOMES[kind], *found, bool(told[kind]), " ".join(told[kind])
