"""Three ways to count crime, and where they tell different stories of two worlds.

The truth is every crime that happened, the record what police figures hold, the survey what residents tell an
interviewer (docs/counting-crime.md). An effect is world A minus world B, in percent of the mean of B, so that the three
can be compared. Two counts tell different stories if they go different ways and their own difference, pair by pair, is
beyond noise too: that one effect is beyond noise and another is not, is no difference between them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from . import statistics
from .statistics import PairedEffect, paired_effect

EVERYBODY = "all"

HAPPENED, RECORDED, SURVEYED = "crimes_happened", "crimes_recorded", "surveyed_victimization_rate"
REPORTED, ANSWERED = "reporting_rate", "survey_response_rate"
KINDS = ("happened", "recorded", "surveyed")
"""The truth, the record and the survey."""
OF_THE_TRUTH = {"recorded": (RECORDED, HAPPENED), "surveyed": (SURVEYED, "victimization_rate")}
"""What the record and the survey hold, and what they would hold if they missed nothing, in the same unit."""

LOWER, SAME, HIGHER = "lower", "same", "higher"
_DIRECTIONS = {
    statistics.LOWER: LOWER, statistics.HIGHER: HIGHER, statistics.NO_DIFFERENCE: SAME, statistics.IDENTICAL: SAME,
}  # fmt: skip
"""Where an effect goes; nowhere to be said if there are too few pairs, or nothing is defined."""

Values = Callable[[str], tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray]]
"""Gives one outcome in world A and in world B, by its flat key; position r of both is the same replicate."""


class Story(NamedTuple):
    """What three counts of crime tell of two worlds, each as a direction (`lower`, `same`, `higher`) or None.

    Attributes
    ----------
    happened, recorded, surveyed : str or None
        The truth, the record and the survey.
    record_gap, survey_gap : str or None
        The change in the record, or in the survey, less the change in the truth.
    reported, answered : str or None
        Share of crimes that were reported, and of the residents asked that answered.
    """

    happened: str | None
    recorded: str | None
    surveyed: str | None
    record_gap: str | None
    survey_gap: str | None
    reported: str | None
    answered: str | None

    @property
    def record_differs(self) -> bool:
        """Whether the record tells another story than the truth."""
        return _differ(self.happened, self.recorded, self.record_gap)

    @property
    def survey_differs(self) -> bool:
        """Whether the survey tells another story than the truth."""
        return _differ(self.happened, self.surveyed, self.survey_gap)

    @property
    def record_because(self) -> str | None:
        """Which way the share reported went, if that is why the record differs."""
        return self.reported if self.reported == self.record_gap else None

    @property
    def survey_because(self) -> str | None:
        """Which way the share went that answered, if it moved: those who do not answer are not like the others."""
        return self.answered if self.answered in (LOWER, HIGHER) else None

    @property
    def survey_word(self) -> str | None:
        """What to say of the survey where the record differs: `agrees`, `blind` (it moves no way that can be seen)."""
        if self.survey_differs or self.surveyed is None or self.happened is None:
            return None
        if self.surveyed == self.happened:
            return "agrees"
        return "blind" if self.surveyed == SAME else None


class Counts(NamedTuple):
    """The three counts of one group of victims in two worlds, in percent of B, and what they tell."""

    group: str
    happened: PairedEffect
    recorded: PairedEffect
    surveyed: PairedEffect
    story: Story

    @property
    def disagree(self) -> bool:
        """Whether the record or the survey tells another story than the truth."""
        return self.story.record_differs or self.story.survey_differs


def count(values: Values, group: str = EVERYBODY) -> Counts:
    """Return the three counts of one group.

    Parameters
    ----------
    values : callable
    group : str
        `all`, or a group of communities by which all these outcomes are split.
    """
    suffix = "" if group == EVERYBODY else f".{group}"
    happened, recorded, surveyed = (_percent(*values(key + suffix)) for key in (HAPPENED, RECORDED, SURVEYED))
    effects = [paired_effect(*each) for each in (happened, recorded, surveyed)]
    gaps = [paired_effect(_change(each), _change(happened)) for each in (recorded, surveyed)]
    shares = [paired_effect(*values(key + suffix)) for key in (REPORTED, ANSWERED)]
    story = Story(*(_DIRECTIONS.get(each.verdict) for each in (*effects, *gaps, *shares)))
    return Counts._make((group, *effects, story))


def against_truth(values: Callable[[str], Sequence[float]]) -> dict[str, PairedEffect]:
    """Return how far the record and the survey of one scenario are from the crimes that happened, in percent of these.

    Parameters
    ----------
    values : callable
        Gives one outcome in every replicate, by its flat key.
    """
    return {kind: paired_effect(*_percent(*map(values, keys))) for kind, keys in OF_THE_TRUTH.items()}


def _differ(truth: str | None, other: str | None, gap: str | None) -> bool:
    return None not in (truth, other) and truth != other and gap in (LOWER, HIGHER)


def _percent(a, b) -> tuple[np.ndarray, np.ndarray]:
    """Return both in percent of the mean of `b` over the pairs that both define; NaN where that is 0."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    defined = np.isfinite(a) & np.isfinite(b)
    mean = b[defined].mean() if defined.any() else 0.0
    factor = 100.0 / mean if mean > 0 else np.nan
    return factor * a, factor * b


def _change(worlds: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return worlds[0] - worlds[1]
