"""What researchers see of a world: counts by period and group of victims, before and after an event."""

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from simulation.state import CLEARED, HAPPENED, RECORDED, REPORTED
from simulation.vocabulary import Community, CrimeType

LATINO, OTHERS = "latino", "others"
GROUPS = (LATINO, OTHERS)
MEASURES = {"happened": HAPPENED, "reported": REPORTED, "recorded": RECORDED, "cleared": CLEARED}


def period_edges(result, dates: Sequence[datetime.date]) -> np.ndarray:
    """Return the days of a run on which periods begin, and the end of the last; all within the run."""
    days = np.array([(date - result.scenario.start).days for date in dates])
    if days[0] < 0 or days[-1] > result.scenario.days or (np.diff(days) <= 0).any():
        raise ValueError("periods must follow one another within the run")
    return days


def sums(daily: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return sums of daily counts over periods; shape (periods, ...)."""
    return np.add.reduceat(daily[: edges[-1]], edges[:-1], axis=0)


def by_group(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return values of Latino residents and of all others, from values by community (axis 1)."""
    latino = values[:, Community.LATINO]
    return {LATINO: latino, OTHERS: values.sum(axis=1) - latino}


def crimes(result, dates: Sequence[datetime.date]) -> pd.DataFrame:
    """Return crimes by period and group of the victim.

    Homicides are left out: no survey can ask their victims.

    Parameters
    ----------
    result : RunResult
    dates : sequence of date
        First days of the periods, and the day after the last.

    Returns
    -------
    pandas.DataFrame
        Columns period (number), group (`latino`, `others`), happened, reported, recorded, cleared, people.
    """
    edges = period_edges(result, dates)
    counts = sums(result.engine.counts["crimes"][:-1], edges).astype(float)
    counts = np.delete(counts, CrimeType.HOMICIDE, axis=2).sum(axis=2)
    people = by_group(result.engine.constants.community_size[None, :])
    groups = {name: by_group(counts[..., column]) for name, column in MEASURES.items()}
    periods = len(edges) - 1
    return pd.DataFrame(
        {
            "period": np.tile(np.arange(periods), len(GROUPS)),
            "group": np.repeat(GROUPS, periods),
            **{name: np.concatenate([values[group] for group in GROUPS]) for name, values in groups.items()},
            "people": np.repeat([people[group][0] for group in GROUPS], periods),
        }
    )


def labeled(frames) -> pd.DataFrame:
    """Return one panel of (world, frame): the frames below one another, with the labels of their worlds."""
    return pd.concat([frame.assign(**world.labels) for world, frame in frames], ignore_index=True)
